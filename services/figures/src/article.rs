//! From the sentences' readings to the article's: offsets, times, places and sources.

use std::ops::Range;

use tallywire_proto::{Figure, Relation, RelationKind, TimeExpression, TimeKind};
use tallywire_text::CodePoints;

use crate::{
    mentions::Mentions,
    money::dollar_of,
    quantity::Quantity,
    reader::{Input, Reading},
    record,
    sentence::Sentence,
    sources::{Carried, Cues, Namer, Quotes},
    times::Time,
};

/// What one sentence states.
pub(crate) struct SentenceReading<'s> {
    pub(crate) sentence: Sentence<'s>,
    pub(crate) quantities: Vec<Quantity<'s>>,
    pub(crate) times: Vec<Time>,
}

/// The article's reading in the making.
pub(crate) struct ArticleReading<'i, 's> {
    points: &'i CodePoints,
    has_entities: bool,
    sentences: Vec<SentenceReading<'s>>,
    mentions: Mentions<'i>,
    quotes: Quotes<'i>,
    dollar: Option<&'static str>,
}

impl<'i, 's> ArticleReading<'i, 's> {
    pub(crate) fn new(input: &'i Input<'i>, points: &'i CodePoints, sentences: Vec<SentenceReading<'s>>) -> Self {
        let mentions = Mentions::new(input.entities);
        Self {
            points,
            sentences,
            mentions,
            quotes: Quotes::new(input.quotes, input.entities),
            dollar: dollar_of(input.entities),
            has_entities: !input.entities.is_empty(),
        }
    }

    /// Writes the records.
    pub(crate) fn finish(&self, cues: &Cues) -> Reading {
        let mut reading = Reading::default();
        let namer = Namer::new(self.points, &self.mentions, cues);
        let carried = Carried::read(cues, namer, self.sentences.iter().map(|one| &one.sentence));
        for (number, reading_of) in self.sentences.iter().enumerate() {
            let first_time = reading.times.len();
            let sentence = &reading_of.sentence;
            for time in &reading_of.times {
                let (start, end, text) = self.span(sentence, &time.tokens);
                reading.times.push(TimeExpression { start, end, text, kind: time.kind, value: time.value.clone() });
            }
            let place = self.place(sentence, !reading_of.quantities.is_empty());
            for (index, quantity) in reading_of.quantities.iter().enumerate() {
                let mut figure = self.figure(reading_of, quantity, reading.figures.len() + 1);
                figure.time = nearest_time(&reading_of.times, quantity).map(|index| first_time + index);
                figure.place.clone_from(&place);
                figure.relation = relation(&reading_of.quantities, index, reading.figures.len() + 1);
                figure.source = self
                    .quotes
                    .complete(carried.source(number, &quantity.tokens), figure.start, figure.end)
                    // "Two said" is no source of "two".
                    .filter(|source| source.end <= figure.start || figure.end <= source.start);
                reading.figures.push(figure);
            }
        }
        reading
    }

    /// Code points and text of some tokens.
    fn span(&self, sentence: &Sentence<'_>, tokens: &Range<usize>) -> (usize, usize, String) {
        let bytes = sentence.bytes(tokens);
        (self.points.at(bytes.start), self.points.at(bytes.end), sentence.slice(tokens).to_owned())
    }

    fn figure(&self, reading: &SentenceReading<'_>, quantity: &Quantity<'_>, number: usize) -> Figure {
        let (start, end, text) = self.span(&reading.sentence, &quantity.tokens);
        Figure {
            id: format!("f{number}"),
            kind: record::kind(quantity),
            start,
            end,
            text,
            value: record::value(quantity),
            modifier: quantity.modifier,
            direction: quantity.direction,
            unit: record::unit(quantity, self.dollar),
            si: record::si(quantity),
            counted: quantity.noun.as_ref().map(|noun| noun.counted.clone()),
            event: quantity.event.clone(),
            place: None,
            time: None,
            source: None,
            relation: None,
            confidence: record::confidence(quantity),
        }
    }

    fn place(&self, sentence: &Sentence<'_>, is_needed: bool) -> Option<String> {
        if !is_needed || !self.has_entities {
            return None;
        }
        let (start, end, _) = self.span(sentence, &(0..sentence.len()));
        self.mentions.place(&(start..end), |mention| {
            let at = sentence.first_at(|byte| self.points.at(byte) >= mention);
            let at = if sentence.word_before(at, 1) == "the" { at - 1 } else { at };
            matches!(sentence.word_before(at, 1), "in" | "at" | "near" | "across" | "throughout" | "outside")
        })
    }
}

/// The nearest date or time of day in the sentence that is not in the figure itself.
fn nearest_time(times: &[Time], quantity: &Quantity<'_>) -> Option<usize> {
    let distance = |time: &Time| {
        if time.tokens.start >= quantity.tokens.end {
            time.tokens.start - quantity.tokens.end
        } else {
            quantity.tokens.start.saturating_sub(time.tokens.end)
        }
    };
    let apart = |time: &Time| time.tokens.start >= quantity.tokens.end || time.tokens.end <= quantity.tokens.start;
    times
        .iter()
        .enumerate()
        .filter(|(_, time)| matches!(time.kind, TimeKind::Date | TimeKind::Time) && apart(time))
        .min_by_key(|(_, time)| distance(time))
        .map(|(index, _)| index)
}

/// "from 5 to 7": each points to the other. `number` is the figure's own.
fn relation(quantities: &[Quantity<'_>], index: usize, number: usize) -> Option<Relation> {
    let is_start = quantities.get(index)?.is_start?;
    let (other, figure, kind) = if is_start {
        (index + 1, number + 1, RelationKind::From)
    } else {
        (index.checked_sub(1)?, number.checked_sub(1)?, RelationKind::To)
    };
    let linked = quantities.get(other)?.is_start == Some(!is_start);
    linked.then(|| Relation { kind, figure: format!("f{figure}") })
}
