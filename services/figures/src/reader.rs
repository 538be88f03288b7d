//! Reading a text from its first sentence to its last.

use jiff::Timestamp;
use tallywire_proto::{Enriched, Entity, Figure, Moment, Quote, Tagged, TimeExpression};
use tallywire_text::{CodePoints, sentences, tokens};

use crate::{
    age,
    article::{ArticleReading, SentenceReading},
    combine::combine,
    directions::Directions,
    events::Events,
    exclusion::{self, Exclusions, is_year},
    language::{ForeignScales, Language},
    modifiers::Modifiers,
    money::{SharedCurrencies, country_of},
    noun::{Noun, Nouns},
    number_words::NumberWords,
    numbers::{Form, Number},
    quantity::Quantity,
    sentence::Sentence,
    sources::Cues,
    times::{self, Focus, Publication, Time, TimeWords},
    units::Units,
};

/// A longer sentence, in tokens, is a table or no language; it is cut, so that no step takes long over it.
const LONGEST_SENTENCE: usize = 400;

/// The most figures that are read of a text, but for those of the last sentence: a text with more is a table of data, and
/// its record would not fit into a message.
pub const MOST_FIGURES: usize = 100_000;

/// What is read, and what is known about it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Input<'a> {
    /// The article's text.
    pub text: &'a str,
    /// ISO 639 code of its language; it tells how thousands and decimals are written. English if none. In other languages
    /// only digits and units are read.
    pub language: Option<&'a str>,
    /// ISO 3166-1 alpha-2 code of the country of whoever published it: whose "$" is meant, and whether 6/7 is in June.
    pub country: Option<&'a str>,
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
    pub(crate) number_words: NumberWords,
    pub(crate) time_words: TimeWords,
    pub(crate) units: Units,
    pub(crate) nouns: Nouns,
    pub(crate) exclusions: Exclusions,
    pub(crate) modifiers: Modifiers,
    pub(crate) directions: Directions,
    pub(crate) events: Events,
    foreign_scales: ForeignScales,
    currencies: SharedCurrencies,
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
            foreign_scales: ForeignScales::load(),
            currencies: SharedCurrencies::load(),
            cues: Cues::load(),
        }
    }

    /// The stage: a tagged article in, the whole record out. `now` is when the record was complete.
    pub fn enrich(&self, tagged: Tagged, now: Timestamp) -> Enriched {
        let address = tagged.article.canonical_url.as_deref().or(tagged.article.url.as_deref());
        let country = address.and_then(country_of);
        let reading = self.read(&Input {
            text: &tagged.article.text,
            country: country.as_deref(),
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

    /// The figures and times of a text, up to the sentence with figure number [`MOST_FIGURES`].
    pub fn read(&self, input: &Input<'_>) -> Reading {
        let tokens = tokens(input.text);
        let lower = input.text.to_ascii_lowercase();
        let language = Language::of(input.language);
        let publication = Publication::new(input.published_at.map(Moment::day), input.country);
        let mut focus = Focus::default();
        let mut figures = 0;
        let readings = sentences(input.text, &tokens)
            .into_iter()
            .filter_map(|range| tokens.get(range))
            .flat_map(|sentence| sentence.chunks(LONGEST_SENTENCE))
            .map_while(|tokens| {
                let sentence = Sentence::new(input.text, &lower, tokens);
                let reading =
                    (figures < MOST_FIGURES).then(|| self.sentence(sentence, language, publication, &mut focus));
                figures += reading.as_ref().map_or(0, |reading| reading.quantities.len());
                reading
            })
            .collect();
        ArticleReading::new(input, &CodePoints::new(input.text), readings, &self.currencies).finish(&self.cues)
    }

    /// One sentence, step by step.
    fn sentence<'s>(
        &'s self,
        sentence: Sentence<'s>,
        language: Language<'_>,
        publication: Publication,
        focus: &mut Focus,
    ) -> SentenceReading<'s> {
        let mut numbers = self.number_words.find(&sentence, language.separators);
        if !language.is_english {
            self.foreign_scales.rescale(&sentence, language, &mut numbers);
        }
        let mut times = times::find(sentence, &self.time_words, &numbers, publication, focus);
        let mut quantities = Vec::with_capacity(numbers.len());
        // Where the last number ends that is no figure: "Sections 406 and 420", "0800 555 0147".
        let mut left_out = None;
        for (index, number) in numbers.iter().enumerate() {
            let goes_on = left_out.is_some_and(|end| exclusion::goes_on(&sentence, end, number.tokens.start));
            let read = self.quantity(&sentence, number, numbers.get(index + 1), &mut times);
            let read = read.filter(|quantity| !goes_on || quantity.unit.is_some() || quantity.noun.is_some());
            left_out = if read.is_none() && !is_time(&times, number) && !is_year(&sentence, number) {
                Some(number.tokens.end)
            } else {
                None
            };
            quantities.extend(read);
        }
        let quantities = self.units.join_parts(&sentence, quantities);
        let mut quantities = combine(&sentence, quantities, &self.directions);
        if !language.is_english {
            for quantity in &mut quantities {
                quantity.noun = None;
            }
            drop_overlaps(&mut quantities);
            return SentenceReading { sentence, quantities, times };
        }
        for quantity in &mut quantities {
            self.complete_phrase(&sentence, quantity);
        }
        drop_overlaps(&mut quantities);
        self.tell(&sentence, &mut quantities);
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
        if is_time(times, number) {
            return None;
        }
        let has_prefix = quantity.tokens.start < number.tokens.start && quantity.unit.is_some();
        if !has_prefix && exclusion::is_inside_word(sentence, number.tokens.start) {
            return None;
        }
        if quantity.unit.is_some() {
            return Some(quantity);
        }
        if let Some(start) = age::phrase_start(sentence, &quantity, &self.time_words, &self.nouns) {
            quantity.is_age = true;
            quantity.tokens.start = start;
            return Some(quantity);
        }
        let is_ratio = opens_ratio(sentence, number, next) || self.closes_ratio(sentence, number);
        if !is_ratio && self.exclusions.is_excluded(sentence, number, &self.nouns) {
            return None;
        }
        if !matches!(quantity.form, Form::Rank) {
            // "two of the three boats": the phrase is the other number's.
            let is_own =
                |noun: &Noun| next.is_none_or(|next| next.tokens.start >= noun.end || next.form != Form::Words);
            let end = quantity.tokens.end;
            // "12,000-plus staff", "a quarter point"
            let is_plus = sentence.is_hyphen(end) && sentence.word(end + 1) == "plus";
            let is_part = quantity.form == Form::Fraction && sentence.word(end) == "point";
            let at = if is_plus { end + 2 } else { end };
            quantity.noun = self.nouns.counted(sentence, at, quantity.is_one() || is_part).filter(is_own);
        }
        Some(quantity)
    }

    /// "two to one": here "one" is no pronoun.
    fn closes_ratio(&self, sentence: &Sentence<'_>, number: &Number) -> bool {
        let first = number.tokens.start;
        number.form == Form::Words
            && sentence.word_before(first, 1) == "to"
            && self.number_words.role(sentence.word_before(first, 2)).is_some()
    }
}

/// Whether a number is part of a date.
fn is_time(times: &[Time], number: &Number) -> bool {
    let holds = |time: &Time| time.tokens.start <= number.tokens.start && number.tokens.start < time.tokens.end;
    times.iter().any(|time| !time.counts && holds(time))
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
