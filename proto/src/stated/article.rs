//! The figures of an article as messages that stand on their own.

use std::{collections::HashMap, ops::Range};

use tallywire_text::{CodePoints, sentences, tokens};

use super::{Citation, Named, Passage, StatedFigure};
use crate::{Enriched, Figure};

/// Of a sentence that is longer, in bytes, no more than this is shown: it is a table or no language.
const LONGEST_PASSAGE: usize = 1_000;

impl StatedFigure {
    /// The figures of an article in their order, each with its sentence and all that it refers to in the article.
    pub fn all_of(enriched: &Enriched) -> Vec<Self> {
        if enriched.figures.is_empty() {
            return Vec::new();
        }
        let sentences = Sentences::of(&enriched.article.text);
        let entities: HashMap<&str, Named> =
            enriched.entities.iter().map(|entity| (entity.id.as_str(), Named::from(entity))).collect();
        let figures: HashMap<&str, &Figure> =
            enriched.figures.iter().map(|figure| (figure.id.as_str(), figure)).collect();
        let named = |id: Option<&str>| entities.get(id?).cloned();
        let state = |figure: &Figure| Self {
            schema: Self::SCHEMA.to_owned(),
            article: Citation::from(&enriched.article),
            sentence: sentences.around(figure.start..figure.end),
            place: named(figure.place.as_deref()),
            time: figure.time.and_then(|index| enriched.times.get(index)).cloned(),
            source: named(figure.source.as_ref().and_then(|source| source.entity.as_deref())),
            related: figure
                .relation
                .as_ref()
                .and_then(|relation| figures.get(relation.figure.as_str()).copied())
                .cloned(),
            figure: figure.clone(),
        };
        enriched.figures.iter().map(state).collect()
    }
}

/// The sentences of a text, to look up.
struct Sentences<'t> {
    text: &'t str,
    points: CodePoints,
    /// In bytes, in their order.
    all: Vec<Range<usize>>,
}

impl<'t> Sentences<'t> {
    fn of(text: &'t str) -> Self {
        let tokens = tokens(text);
        let bytes = |sentence: Range<usize>| match tokens.get(sentence) {
            Some([first, .., last]) => Some(first.start..last.end),
            Some([only]) => Some(only.start..only.end),
            _ => None,
        };
        let all = sentences(text, &tokens).into_iter().filter_map(bytes).collect();
        Self { text, points: CodePoints::new(text), all }
    }

    /// The sentence around a span of code points; of a long one what stands nearest to the span.
    fn around(&self, span: Range<usize>) -> Passage {
        let span = self.points.byte(span.start)..self.points.byte(span.end);
        let behind = self.all.partition_point(|sentence| sentence.start <= span.start);
        let sentence = behind.checked_sub(1).and_then(|at| self.all.get(at)).cloned().unwrap_or(span.clone());
        let (mut start, mut end) = (sentence.start.min(span.start), sentence.end.max(span.end));
        let spare = LONGEST_PASSAGE.saturating_sub(span.len()) / 2;
        if end - start > LONGEST_PASSAGE {
            start = start.max(self.text.ceil_char_boundary(span.start.saturating_sub(spare)));
            end = end.min(self.text.floor_char_boundary(span.end + spare));
        }
        Passage {
            start: self.points.at(start),
            end: self.points.at(end),
            text: self.text.get(start..end).unwrap_or_default().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Message;

    fn sample<M: Message>(json: &[u8]) -> M {
        M::decode(json).unwrap()
    }

    #[test]
    fn the_samples_figure_is_stated_as_the_contract_shows_it() {
        let enriched: Enriched = sample(include_bytes!("../../samples/enriched.json"));
        let expected: StatedFigure = sample(include_bytes!("../../samples/figure.json"));
        let all = StatedFigure::all_of(&enriched);
        assert_eq!(all.len(), enriched.figures.len());
        assert_eq!(all[0], expected);
        let subject = |id: &str| all.iter().find(|stated| stated.figure.id == id).unwrap().subject();
        assert_eq!(subject("f1"), "figures.count.killed._", "a lake that three countries share");
        assert_eq!(subject("f6"), "figures.measure._.TZ");
        assert_eq!(subject("f12"), "figures.count.missing-denied._");
        let part = all.iter().find(|stated| stated.figure.id == "f4").unwrap();
        assert_eq!(part.related.as_ref().unwrap().id, "f3");
        assert_eq!(part.sentence.text, "Fishermen rescued 164 survivors, among them 29 small children.");
    }
}
