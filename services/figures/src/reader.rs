//! Reading a text from its first sentence to its last.

use jiff::{Timestamp, civil::Date};
use tallywire_proto::{Counted, Enriched, Entity, Figure, Moment, Quote, Tagged, TimeExpression};
use tallywire_text::{CodePoints, sentences, tokens};

use crate::{
    age,
    article::{ArticleReading, SentenceReading},
    combine::combine,
    digits::Separators,
    directions::Directions,
    events::Events,
    exclusion::{self, Exclusions},
    modifiers::Modifiers,
    noun::{Noun, Nouns},
    number_words::NumberWords,
    numbers::{Form, Number},
    quantity::Quantity,
    sentence::Sentence,
    sources::Cues,
    time_words::TimeWords,
    times::{self, Time},
    units::{UnitKind, Units},
};

/// A longer sentence, in tokens, is a table or no language; it is cut, so that no step takes long over it.
const LONGEST_SENTENCE: usize = 400;

/// What is read, and what is known about it.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The article's text.
    pub text: &'a str,
    /// ISO 639 code of its language; it tells how thousands and decimals are written. English if none.
    pub language: Option<&'a str>,
    /// When it was published: what "yesterday" is counted from. Without it such times have no value.
    pub published_at: Option<Moment>,
    /// The people, organizations and places in it, with offsets in code points.
    pub entities: &'a [Entity],
    /// The direct speech in it, with offsets in code points.
    pub quotes: &'a [Quote],
}

/// What a text states and names, in the order of the text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The figures that it states.
    pub figures: Vec<Figure>,
    /// The times that it names.
    pub times: Vec<TimeExpression>,
}

/// Reads figures and times. Loading its tables takes milliseconds, reading is by `&self`: make one and share it.
pub struct Reader {
    number_words: NumberWords,
    time_words: TimeWords,
    units: Units,
    nouns: Nouns,
    exclusions: Exclusions,
    modifiers: Modifiers,
    directions: Directions,
    events: Events,
    cues: Cues,
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}

impl Reader {
    /// A reader with the tables that come with this library.
    pub fn new() -> Self {
        Self {
            number_words: NumberWords::load(),
            time_words: TimeWords::load(),
            units: Units::load(),
            nouns: Nouns::load(),
            exclusions: Exclusions::load(),
            modifiers: Modifiers::load(),
            directions: Directions::load(),
            events: Events::load(),
            cues: Cues::load(),
        }
    }

    /// The stage: a tagged article in, the whole record out. `now` is when the record was complete.
    pub fn enrich(&self, tagged: Tagged, now: Timestamp) -> Enriched {
        let reading = self.read(&Input {
            text: &tagged.article.text,
            language: tagged.article.language.as_deref(),
            published_at: tagged.article.published_at,
            entities: &tagged.entities,
            quotes: &tagged.quotes,
        });
        Enriched {
            schema: Enriched::SCHEMA.to_owned(),
            article: tagged.article,
            enriched_at: now,
            entities: tagged.entities,
            quotes: tagged.quotes,
            figures: reading.figures,
            times: reading.times,
            provenance: tagged.provenance,
        }
    }

    /// The figures and times of a text.
    pub fn read(&self, input: &Input<'_>) -> Reading {
        let tokens = tokens(input.text);
        let lower = input.text.to_ascii_lowercase();
        let separators = Separators::of(input.language);
        let published = input.published_at.map(Moment::day);
        let readings = sentences(input.text, &tokens)
            .into_iter()
            .filter_map(|range| tokens.get(range))
            .flat_map(|sentence| sentence.chunks(LONGEST_SENTENCE))
            .map(|tokens| self.sentence(Sentence::new(input.text, &lower, tokens), separators, published))
            .collect();
        ArticleReading::new(input, &CodePoints::new(input.text), readings).finish(&self.cues)
    }

    /// One sentence, step by step.
    fn sentence<'s>(
        &'s self,
        sentence: Sentence<'s>,
        separators: Separators,
        published: Option<Date>,
    ) -> SentenceReading<'s> {
        let numbers = self.number_words.find(&sentence, separators);
        let mut times = times::find(sentence, &self.time_words, &numbers, published);
        let mut quantities = Vec::with_capacity(numbers.len());
        for (index, number) in numbers.iter().enumerate() {
            quantities.extend(self.quantity(&sentence, number, numbers.get(index + 1), &mut times));
        }
        let mut quantities = combine(&sentence, quantities, &self.directions);
        for quantity in &mut quantities {
            self.complete(&sentence, quantity);
        }
        drop_overlaps(&mut quantities);
        for index in 0..quantities.len() {
            let event = self.event(&sentence, &quantities, index);
            let quantity = &mut quantities[index];
            quantity.event = event;
            if has_elided_head(&sentence, quantity) {
                quantity.noun = Some(people(quantity.number.end));
            }
        }
        SentenceReading { sentence, quantities, times }
    }

    /// A number with its unit or what it counts; none if it is no figure.
    fn quantity<'r>(
        &'r self,
        sentence: &Sentence<'_>,
        number: &Number,
        next: Option<&Number>,
        times: &mut Vec<Time>,
    ) -> Option<Quantity<'r>> {
        let mut quantity = self.units.measured(sentence, number);
        if quantity.unit.is_some() {
            // What looked like a year has a unit: "2019 km".
            times.retain(|time| time.counts || time.tokens != number.tokens);
        }
        let in_date = times.iter().any(|time| {
            !time.counts && time.tokens.start <= number.tokens.start && number.tokens.start < time.tokens.end
        });
        if in_date {
            return None;
        }
        let has_prefix = quantity.tokens.start < number.tokens.start;
        if !has_prefix && exclusion::is_inside_word(sentence, number.tokens.start) {
            return None;
        }
        if quantity.unit.is_some() {
            return Some(quantity);
        }
        if let Some(start) = age::phrase_start(sentence, &quantity, &self.time_words) {
            quantity.is_age = true;
            quantity.tokens.start = start;
            return Some(quantity);
        }
        if !opens_ratio(sentence, number, next) && self.exclusions.is_excluded(sentence, number, &self.nouns) {
            return None;
        }
        if !matches!(quantity.form, Form::Rank) {
            // "two of the three boats": the phrase is the other number's.
            let is_own =
                |noun: &Noun| next.is_none_or(|next| next.tokens.start >= noun.end || next.form != Form::Words);
            quantity.noun = self.nouns.counted(sentence, quantity.tokens.end, quantity.is_one()).filter(is_own);
        }
        Some(quantity)
    }

    /// The steps after numbers that belong together are joined.
    fn complete(&self, sentence: &Sentence<'_>, quantity: &mut Quantity<'_>) {
        if let Some(noun) = &quantity.noun {
            quantity.tokens.end = quantity.tokens.end.max(noun.end);
            if sentence.word(quantity.tokens.end) == "per"
                && let Some((end, per)) = self.units.rate(sentence, quantity.tokens.end)
            {
                quantity.tokens.end = end;
                quantity.per = Some(per);
            }
        }
        let is_share = quantity.kind() == Some(UnitKind::Percent) && sentence.word(quantity.tokens.end) == "of";
        if is_share {
            quantity.noun = self.nouns.counted(sentence, quantity.tokens.end, false);
        }
        self.modifiers.read(sentence, quantity);
        if quantity.direction.is_none() {
            quantity.direction = self.directions.of(sentence, quantity);
        }
    }

    fn event(
        &self,
        sentence: &Sentence<'_>,
        quantities: &[Quantity<'_>],
        index: usize,
    ) -> Option<tallywire_proto::Event> {
        let quantity = quantities.get(index)?;
        let can_happen = match quantity.kind() {
            None | Some(UnitKind::Money) => !quantity.is_age && !matches!(quantity.form, Form::Score | Form::Rank),
            Some(_) => false,
        };
        if can_happen { self.events.of(sentence, quantities, index) } else { None }
    }
}

/// "one in five", "one out of five": here "one" is no pronoun.
fn opens_ratio(sentence: &Sentence<'_>, number: &Number, next: Option<&Number>) -> bool {
    let (end, next) = (number.tokens.end, next.map_or(0, |next| next.tokens.start));
    number.form == Form::Words
        && ((sentence.word(end) == "in" && next == end + 1)
            || (sentence.word(end) == "out" && sentence.word(end + 1) == "of" && next == end + 2))
}

/// A number inside the phrase of the one before it is part of a name: "two new 737 jets".
fn drop_overlaps(quantities: &mut Vec<Quantity<'_>>) {
    let mut end = 0;
    quantities.retain_mut(|quantity| {
        if quantity.number.start < end {
            return false;
        }
        quantity.tokens.start = quantity.tokens.start.max(end);
        end = quantity.tokens.end;
        true
    });
}

/// "seven killed": people are counted, and not named.
fn has_elided_head(sentence: &Sentence<'_>, quantity: &Quantity<'_>) -> bool {
    let is_bare = quantity.noun.is_none() && quantity.unit.is_none() && !quantity.is_age;
    let happens_to_people = quantity.event.as_ref().is_some_and(|event| {
        matches!(event.class.as_str(), "killed" | "died" | "injured" | "missing" | "arrested" | "displaced")
            && event.trigger.to_ascii_lowercase() == sentence.word(quantity.number.end)
    });
    is_bare && happens_to_people && matches!(quantity.form, Form::Digits | Form::Words | Form::Vague)
}

fn people(end: usize) -> Noun {
    let word = || "people".to_owned();
    Noun { end, counted: Counted { head: word(), phrase: word(), lemma: word() } }
}
