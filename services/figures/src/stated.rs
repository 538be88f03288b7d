//! Each figure of an article as a message that stands on its own.

use std::ops::Range;

use foldhash::HashMap;

use tallywire_proto::{Citation, Enriched, Figure, Named, Passage, StatedFigure};
use tallywire_text::{CodePoints, sentences, tokens};

/// Of a sentence that is longer, in bytes, no more than this is shown: it is a table or no language.
const LONGEST_PASSAGE: usize = 1_000;

/// The figures of an article in their order, each with its sentence and all that it refers to in the article.
pub fn stated(enriched: &Enriched) -> Vec<StatedFigure> {
    if enriched.figures.is_empty() {
        return Vec::new();
    }
    let sentences = Sentences::of(&enriched.article.text);
    let entities: HashMap<&str, Named> =
        enriched.entities.iter().map(|entity| (entity.id.as_str(), Named::from(entity))).collect();
    let figures: HashMap<&str, &Figure> = enriched.figures.iter().map(|figure| (figure.id.as_str(), figure)).collect();
    let named = |id: Option<&str>| entities.get(id?).cloned();
    let state = |figure: &Figure| StatedFigure {
        schema: StatedFigure::SCHEMA.to_owned(),
        article: Citation::from(&enriched.article),
        sentence: sentences.around(figure.start..figure.end),
        place: named(figure.place.as_deref()),
        time: figure.time.and_then(|index| enriched.times.get(index)).cloned(),
        source: named(figure.source.as_ref().and_then(|source| source.entity.as_deref())),
        related: figure.relation.as_ref().and_then(|relation| figures.get(relation.figure.as_str()).copied()).cloned(),
        figure: figure.clone(),
    };
    enriched.figures.iter().map(state).collect()
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
    use proptest::prelude::*;
    use tallywire_proto::{Message, Tagged};

    use super::*;
    use crate::Reader;

    fn sample<M: Message>(json: &[u8]) -> M {
        M::decode(json).unwrap()
    }

    #[test]
    fn the_samples_figure_is_stated_as_the_contract_shows_it() {
        let enriched: Enriched = sample(include_bytes!("../../../proto/samples/enriched.json"));
        let expected: StatedFigure = sample(include_bytes!("../../../proto/samples/figure.json"));
        let all = stated(&enriched);
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

    fn check(text: &str) -> Result<(), TestCaseError> {
        let mut tagged: Tagged = sample(include_bytes!("../../../proto/samples/tagged.json"));
        text.clone_into(&mut tagged.article.text);
        let enriched = Reader::new().enrich(tagged, "2026-03-12T06:16:02Z".parse().unwrap());
        let points: Vec<char> = text.chars().collect();
        for StatedFigure { figure, sentence, .. } in stated(&enriched) {
            prop_assert_eq!(points[sentence.start..sentence.end].iter().collect::<String>(), sentence.text.as_str());
            prop_assert!(sentence.start <= figure.start && figure.end <= sentence.end);
            prop_assert!(sentence.text.len() <= LONGEST_PASSAGE.max(figure.text.len()));
        }
        Ok(())
    }

    #[test]
    fn of_a_sentence_without_end_a_piece_is_shown() {
        check(&"é 12 boats and ".repeat(2_000)).unwrap();
        check(&"7".repeat(5_000)).unwrap();
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_figure_stands_in_its_sentence(text in "([0-9]{1,3}|boats|é|killed|in|Lima|,|\\.|\n\n| ){0,60}") {
            check(&text)?;
        }
    }
}
