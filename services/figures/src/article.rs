//! From the sentences' readings to the article's: offsets, times, places and sources.

use std::{collections::HashMap, ops::Range};

use tallywire_proto::{Entity, Figure, Quote, Relation, RelationKind, Source, TimeExpression, TimeKind};
use tallywire_text::CodePoints;

use crate::{
    mentions::Mentions,
    money::dollar_of,
    quantity::Quantity,
    reader::{Input, Reading},
    record,
    sentence::Sentence,
    sources::{Attribution, Speech, governing},
    times::Time,
};

/// What one sentence states.
pub(crate) struct SentenceReading<'s> {
    pub(crate) sentence: Sentence<'s>,
    pub(crate) quantities: Vec<Quantity<'s>>,
    pub(crate) times: Vec<Time>,
    pub(crate) attributions: Vec<Attribution>,
}

/// The article's reading in the making.
pub(crate) struct ArticleReading<'i, 's> {
    points: &'i CodePoints,
    has_entities: bool,
    sentences: Vec<SentenceReading<'s>>,
    mentions: Mentions<'i>,
    /// Quotes whose speaker is one of the entities, by where they begin.
    quotes: Vec<(&'i Quote, Source)>,
    dollar: Option<&'static str>,
}

impl<'i, 's> ArticleReading<'i, 's> {
    pub(crate) fn new(input: &'i Input<'i>, points: &'i CodePoints, sentences: Vec<SentenceReading<'s>>) -> Self {
        let mentions = Mentions::new(input.entities);
        let by_id: HashMap<&str, &Entity> = input.entities.iter().map(|entity| (entity.id.as_str(), entity)).collect();
        let mut quotes: Vec<_> =
            input.quotes.iter().filter_map(|quote| Some((quote, speaker(quote, &by_id)?))).collect();
        quotes.sort_by_key(|(quote, _)| quote.start);
        Self {
            points,
            sentences,
            mentions,
            quotes,
            dollar: dollar_of(input.entities),
            has_entities: !input.entities.is_empty(),
        }
    }

    /// Writes the records.
    pub(crate) fn finish(&self) -> Reading {
        let mut reading = Reading::default();
        let spoken = self.speakers();
        for (reading_of, carried) in self.sentences.iter().zip(&spoken) {
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
                    .quoted(&figure)
                    .or_else(|| self.attributed(reading_of, &quantity.tokens))
                    .or_else(|| carried.clone())
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

    /// The speaker of the quote that a figure stands in, where the entities' stage knows who it is.
    fn quoted(&self, figure: &Figure) -> Option<Source> {
        let behind = self.quotes.partition_point(|(quote, _)| quote.start <= figure.start);
        let (quote, source) = self.quotes.get(behind.checked_sub(1)?)?;
        (figure.end <= quote.end).then(|| source.clone())
    }

    fn attributed(&self, reading: &SentenceReading<'_>, figure: &Range<usize>) -> Option<Source> {
        governing(&reading.attributions, figure).map(|found| self.source(&reading.sentence, found))
    }

    fn source(&self, sentence: &Sentence<'_>, found: &Attribution) -> Source {
        let (start, end, name) = self.span(sentence, &found.source);
        let entity = self.mentions.within(&(start..end)).next().map(|named| named.entity.id.clone());
        Source { start, end, name, entity, cue: sentence.slice(&found.cue).to_owned() }
    }

    /// For each sentence the speaker of the speech that it begins in: of the sentence before, or of the one in which
    /// the speech ends.
    fn speakers(&self) -> Vec<Option<Source>> {
        let mut speech = Speech::default();
        let mut speakers: Vec<Option<Source>> = Vec::with_capacity(self.sentences.len());
        let mut last: Option<Source> = None;
        let mut waiting = 0;
        for (index, reading) in self.sentences.iter().enumerate() {
            let is_speech = speech.read(&reading.sentence);
            let own = reading.attributions.first().map(|found| self.source(&reading.sentence, found));
            if own.is_some() {
                // Speech that was opened and not attributed until now.
                for speaker in speakers.iter_mut().skip(index - waiting) {
                    speaker.clone_from(&own);
                }
                last = own;
                waiting = 0;
            } else if is_speech && last.is_none() && speech.is_open {
                waiting += 1;
            } else if !is_speech {
                last = None;
                waiting = 0;
            }
            speakers.push(if is_speech { last.clone() } else { None });
        }
        speakers
    }
}

/// A quote's speaker as a source: at the nearest mention of the entity.
fn speaker(quote: &Quote, by_id: &HashMap<&str, &Entity>) -> Option<Source> {
    let entity = by_id.get(quote.speaker.as_ref()?.entity.as_deref()?)?;
    let mention = Mentions::nearest(entity, &(quote.start..quote.end))?;
    Some(Source {
        start: mention.start,
        end: mention.end,
        name: mention.text.clone(),
        entity: Some(entity.id.clone()),
        cue: quote.cue.clone().unwrap_or_default(),
    })
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
