//! From the sentences' readings to the article's: offsets, times, places and sources.

use std::ops::Range;

use foldhash::{HashMap, HashMapExt};

use tallywire_proto::{Figure, FigureKind, Relation, RelationKind, TimeExpression, TimeKind};
use tallywire_text::CodePoints;

use crate::{
    mentions::{Mentions, Named},
    money::{Countries, SharedCurrencies},
    numbers::is_superlative,
    places::Places,
    quantity::Quantity,
    reader::{Input, Reading},
    record,
    sentence::Sentence,
    sources::{Carried, Cues, Namer, Quotes},
    times::Time,
};

/// How many figures back "another 12" may point to.
const NEAR: usize = 5;

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
    currencies: &'i SharedCurrencies,
    countries: Countries<'i>,
}

impl<'i, 's> ArticleReading<'i, 's> {
    pub(crate) fn new(
        input: &'i Input<'i>,
        points: &'i CodePoints,
        sentences: Vec<SentenceReading<'s>>,
        currencies: &'i SharedCurrencies,
    ) -> Self {
        let mentions = Mentions::new(input.entities);
        Self {
            points,
            sentences,
            mentions,
            quotes: Quotes::new(input.quotes, input.entities),
            currencies,
            countries: Countries::new(input.country, input.entities),
            has_entities: !input.entities.is_empty(),
        }
    }

    /// Writes the records.
    pub(crate) fn finish(&self, cues: &Cues) -> Reading {
        let mut reading = Reading::default();
        let namer = Namer::new(self.points, &self.mentions, cues);
        let carried = Carried::read(cues, namer, self.sentences.iter().map(|one| &one.sentence));
        // What was stated first, and in the sentence of which number.
        let mut stated: HashMap<String, (usize, usize)> = HashMap::new();
        for (number, reading_of) in self.sentences.iter().enumerate() {
            let first_time = reading.times.len();
            let sentence = &reading_of.sentence;
            for time in &reading_of.times {
                let (start, end, text) = self.span(sentence, &time.tokens);
                reading.times.push(TimeExpression { start, end, text, kind: time.kind, value: time.value.clone() });
            }
            let places = self.places(number);
            for (index, quantity) in reading_of.quantities.iter().enumerate() {
                let mut figure = self.figure(reading_of, quantity, reading.figures.len() + 1);
                figure.time = nearest_time(sentence, reading_of, index).map(|index| first_time + index);
                figure.place =
                    places.as_ref().and_then(|places| places.of(&reading_of.quantities, index)).map(str::to_owned);
                figure.relation = relation(quantity, index, &reading.figures);
                figure.source = self
                    .quotes
                    .complete(carried.source(number, &quantity.tokens), figure.start, figure.end)
                    // "Two said" is no source of "two".
                    .filter(|source| source.end <= figure.start || figure.end <= source.start);
                if let Some(statement) = statement(&figure) {
                    let (sentence, first) = *stated.entry(statement).or_insert((number, reading.figures.len()));
                    let first = reading.figures.get(first).filter(|_| sentence < number);
                    let is_again = |first: &&Figure| figure.relation.is_none() && !is_elsewhere(first, &figure);
                    if let Some(first) = first.filter(is_again) {
                        figure.relation = Some(Relation { kind: RelationKind::SameAs, figure: first.id.clone() });
                    }
                }
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
            unit: record::unit(quantity, |name| self.currencies.infer(name, &self.countries)),
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

    /// The places that the sentence of that number names; none where they are not needed.
    fn places(&self, number: usize) -> Option<Places<'i>> {
        let reading =
            self.sentences.get(number).filter(|reading| self.has_entities && !reading.quantities.is_empty())?;
        let sentence = &reading.sentence;
        let (start, end, _) = self.span(sentence, &(0..sentence.len()));
        let token = |point: usize| sentence.first_at(|byte| self.points.at(byte) >= point);
        let tokens = |named: &Named<'_>| (token(named.span.start), token(named.span.end));
        Some(Places::new(sentence, number == 0, self.mentions.within(&(start..end)), tokens))
    }
}

/// How the sentence's figure of that index relates to another: to one of its sentence, or to the last like it in a
/// sentence before. `before` are the article's figures before it, those of its own sentence last.
fn relation(quantity: &Quantity<'_>, index: usize, before: &[Figure]) -> Option<Relation> {
    let link = quantity.link?;
    let figure = if let Some(other) = link.other {
        format!("f{}", before.len() + 1 + other - index)
    } else {
        let kind = record::kind(quantity);
        let sentences_before = before[..before.len() - index].iter().rev().take(NEAR);
        sentences_before
            .into_iter()
            .find(|figure| figure.kind == kind && !is_part(figure) && can_hold(figure, quantity, link.kind))?
            .id
            .clone()
    };
    Some(Relation { kind: link.kind, figure })
}

/// A part is no larger than its whole.
fn can_hold(whole: &Figure, part: &Quantity<'_>, kind: RelationKind) -> bool {
    kind != RelationKind::PartOf || whole.value.any().is_some_and(|whole| whole >= part.low)
}

fn is_part(figure: &Figure) -> bool {
    figure.relation.as_ref().is_some_and(|relation| relation.kind == RelationKind::PartOf)
}

/// What a figure states, where another that states it can be called the same: the same number of the same things, or
/// the same amount of money, to which the same happened.
fn statement(figure: &Figure) -> Option<String> {
    let (Figure { value, unit, .. }, event) = (figure, figure.event.as_ref()?);
    let of = match figure.kind {
        FigureKind::Count => figure.counted.as_ref()?.lemma.to_lowercase(),
        FigureKind::Money => format!("{unit:?}"),
        _ => return None,
    };
    Some(format!("{value:?} {} {:?} {of}", event.class, event.status))
}

/// Whether two figures are known to belong to two places.
fn is_elsewhere(one: &Figure, other: &Figure) -> bool {
    matches!((&one.place, &other.place), (Some(one), Some(other)) if one != other)
}

/// The nearest date or time of day in the sentence that is not in the figure itself, nor only what it is set against:
/// "the best since 2018".
///
/// A figure that another is set against keeps the time right behind it to itself: "5%, down from 6% a year earlier".
fn nearest_time(sentence: &Sentence<'_>, reading: &SentenceReading<'_>, index: usize) -> Option<usize> {
    let quantity = reading.quantities.get(index)?;
    let is_against = |against: &Quantity<'_>| {
        against.link.is_some_and(|link| link.kind == RelationKind::From)
            || matches!(sentence.word_before(against.tokens.start, 1), "from" | "with" | "against" | "versus" | "than")
    };
    let is_claimed = |time: &Time| {
        // The figures stand in order, apart.
        let before_time = reading.quantities.partition_point(|other| other.tokens.end <= time.tokens.start);
        let others = reading.quantities.get(index + 1..before_time).unwrap_or_default();
        others.iter().rev().take_while(|other| time.tokens.start - other.tokens.end <= 2).any(is_against)
    };
    let distance = |time: &Time| {
        if time.tokens.start >= quantity.tokens.end {
            time.tokens.start - quantity.tokens.end
        } else {
            quantity.tokens.start.saturating_sub(time.tokens.end)
        }
    };
    let is_compared = |time: &Time| {
        let before = |back| sentence.word_before(time.tokens.start, back);
        // "the best result since 2018"
        let is_superlative = |word: &str| is_superlative(word) || matches!(word, "best" | "worst" | "first");
        let is_best = before(1) == "since" && (2..8).any(|back| is_superlative(before(back)));
        is_best
            || before(1) == "than"
            || matches!((before(2), before(1)), ("than", "in" | "on" | "the"))
            || (before(3), before(2)) == ("than", "in")
    };
    let apart = |time: &Time| time.tokens.start >= quantity.tokens.end || time.tokens.end <= quantity.tokens.start;
    let is_before = |time: &Time| time.tokens.start < quantity.tokens.start;
    let can_be = |time: &Time| {
        matches!(time.kind, TimeKind::Date | TimeKind::Time) && apart(time) && !is_compared(time) && !is_claimed(time)
    };
    let times = reading.times.iter().enumerate().filter(|(_, time)| can_be(time));
    times.min_by_key(|(_, time)| (distance(time), is_before(time))).map(|(index, _)| index)
}
