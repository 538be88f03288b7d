//! Reading a text from its first sentence to its last.

use jiff::{Timestamp, civil::Date};
use tallywire_proto::{Counted, Enriched, Entity, Figure, Moment, Quote, RelationKind, Tagged, TimeExpression};
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
    money::{SharedCurrencies, country_of},
    noun::{Noun, Nouns},
    number_words::NumberWords,
    numbers::{Form, Number, is_superlative},
    quantity::Quantity,
    relations,
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
    /// ISO 3166-1 alpha-2 code of the country of whoever published it: whose "$" is meant.
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
    number_words: NumberWords,
    time_words: TimeWords,
    units: Units,
    nouns: Nouns,
    exclusions: Exclusions,
    modifiers: Modifiers,
    directions: Directions,
    events: Events,
    currencies: SharedCurrencies,
    pub(crate) cues: Cues,
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
        ArticleReading::new(input, &CodePoints::new(input.text), readings, &self.currencies).finish()
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
        // Where the last number ends that is no figure: "Sections 406 and 420", "0800 555 0147".
        let mut left_out = None;
        for (index, number) in numbers.iter().enumerate() {
            let goes_on = left_out.is_some_and(|end| exclusion::goes_on(&sentence, end, number.tokens.start));
            let read = self.quantity(&sentence, number, numbers.get(index + 1), &mut times);
            let read = read.filter(|quantity| !goes_on || quantity.unit.is_some() || quantity.noun.is_some());
            left_out = if read.is_none() { Some(number.tokens.end) } else { None };
            quantities.extend(read);
        }
        let quantities = self.units.join_parts(&sentence, quantities);
        let mut quantities = combine(&sentence, quantities, &self.directions);
        for quantity in &mut quantities {
            self.complete(&sentence, quantity);
        }
        drop_overlaps(&mut quantities);
        let links = relations::find(&sentence, &quantities);
        for (quantity, link) in quantities.iter_mut().zip(links) {
            quantity.link = link;
        }
        for index in 0..quantities.len() {
            quantities[index].event = self.event(&sentence, &quantities, index);
            if has_elided_head(&sentence, &quantities[index]) {
                // "four workers dead, 11 hurt"
                let named = quantities[..index].iter().rev().find_map(|other| other.noun.clone());
                let end = quantities[index].number.end;
                quantities[index].noun = Some(named.map_or_else(|| people(end), |noun| Noun { end, ..noun }));
            }
        }
        inherit_events(&mut quantities);
        self.name_elided(&sentence, &mut quantities);
        SentenceReading { sentence, quantities, times, attributions: self.cues.find(&sentence) }
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
            // "12 per 100,000 people", "40 patients a day"
            let is_per = sentence.word(quantity.tokens.end) == "per";
            if let Some((end, per)) = self.units.rate(sentence, quantity.tokens.end)
                && (is_per || per.ucum.is_some())
            {
                quantity.tokens.end = end;
                quantity.per = Some(per);
            }
        }
        self.read_whole(sentence, quantity);
        if quantity.form == Form::Rank {
            self.read_ranked(sentence, quantity);
        }
        self.modifiers.read(sentence, quantity);
        // "scores more"
        let is_bare = quantity.noun.is_none() && quantity.unit.is_none() && quantity.is_number();
        if is_bare
            && matches!(sentence.word(quantity.tokens.end), "more" | "others")
            && sentence.word(quantity.tokens.end + 1) != "than"
        {
            quantity.tokens.end += 1;
        }
        let before = |back| sentence.word_before(quantity.tokens.start, back);
        quantity.tokens.start -= match (before(2), before(1)) {
            (_, "another") => 1,
            ("a" | "an", "further" | "additional" | "extra") => 2,
            _ => 0,
        };
        if quantity.direction.is_none() {
            quantity.direction = self.directions.of(sentence, quantity);
        }
    }

    /// What is counted where the words stand elsewhere: "31 houses burned and 200 were damaged", "exports fell by 8%".
    fn name_elided(&self, sentence: &Sentence<'_>, quantities: &mut [Quantity<'_>]) {
        for index in 0..quantities.len() {
            let quantity = &quantities[index];
            let (first, end) = (quantity.tokens.start, quantity.tokens.end);
            if quantity.noun.is_some() || quantity.is_age {
                continue;
            }
            let is_bare = quantity.unit.is_none() && quantity.is_number();
            let changes = quantity.direction.is_some()
                || quantity.link.is_some_and(|link| matches!(link.kind, RelationKind::From | RelationKind::To));
            let noun = if is_bare && (quantity.event.is_some() || is_verb_of_state(sentence.word(end))) {
                let counted = |other: &&Quantity<'_>| other.unit.is_none() && other.is_number();
                let before = quantities[..index].iter().rev().find(counted);
                before.and_then(|other| other.noun.clone()).map(|noun| Noun { end, ..noun })
            } else if changes && quantity.unit.is_some() {
                let other = quantity.link.and_then(|link| link.other).and_then(|other| quantities.get(other));
                let of_other = other.filter(|other| other.link.is_some()).and_then(|other| other.noun.clone());
                let verb = self.directions.governor(sentence, first);
                of_other.or_else(|| self.nouns.subject(sentence, verb?, end)).map(|noun| Noun { end, ..noun })
            } else {
                None
            };
            quantities[index].noun = noun;
        }
    }

    /// What a measure or a share is of: "25 kg of flour", "half of the crop", "60 per cent of voters"; and its rate, if
    /// that comes after: "900 gallons of fuel a year".
    fn read_whole(&self, sentence: &Sentence<'_>, quantity: &mut Quantity<'_>) {
        let is_fraction = quantity.form == Form::Fraction && quantity.unit.is_none();
        let is_measure = matches!(quantity.kind(), Some(UnitKind::Percent | UnitKind::Measure)) && !quantity.is_age;
        let end = quantity.tokens.end;
        if quantity.noun.is_some() || !(is_fraction || is_measure) {
            return;
        }
        if sentence.word(end) != "of" {
            // "winds of up to 120 km/h" blow as fast, and "rain of 30 mm" fell.
            let before = self.modifiers.start(sentence, quantity);
            if quantity.kind() == Some(UnitKind::Measure) && sentence.word_before(before, 1) == "of" {
                quantity.noun = self.nouns.before(sentence, before - 1, end);
            }
            return;
        }
        let Some(noun) = self.nouns.whole(sentence, end) else { return };
        if is_fraction {
            quantity.tokens.end = noun.end;
        } else if quantity.per.is_none()
            && quantity.kind() == Some(UnitKind::Measure)
            && let Some((end, per)) = self.units.rate(sentence, noun.end)
            && per.ucum.is_some()
        {
            quantity.tokens.end = end;
            quantity.per = Some(per);
        }
        quantity.noun = Some(noun);
    }

    /// "second-largest producer", "third most expensive city".
    fn read_ranked(&self, sentence: &Sentence<'_>, quantity: &mut Quantity<'_>) {
        let end = quantity.tokens.end;
        let first = if sentence.is_hyphen(end) { end + 1 } else { end };
        if !is_superlative(sentence.word(first)) {
            return;
        }
        let is_most = sentence.word(first) == "most";
        quantity.tokens.end = first + 1 + usize::from(is_most);
        if let Some(noun) = self.nouns.counted(sentence, quantity.tokens.end, true) {
            quantity.tokens.end = noun.end;
            quantity.noun = Some(noun);
        }
    }

    fn event(
        &self,
        sentence: &Sentence<'_>,
        quantities: &[Quantity<'_>],
        index: usize,
    ) -> Option<tallywire_proto::Event> {
        let quantity = quantities.get(index)?;
        let can_happen =
            !quantity.is_age && quantity.direction.is_none() && !matches!(quantity.form, Form::Score | Form::Rank);
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

fn is_verb_of_state(word: &str) -> bool {
    matches!(word, "are" | "were" | "is" | "was" | "have" | "had" | "remain" | "remained")
}

/// What happened to the whole happened to its parts, and what is said again in other units happened all the same.
fn inherit_events(quantities: &mut [Quantity<'_>]) {
    for index in 0..quantities.len() {
        let whole = quantities[index].link.filter(|link| {
            quantities[index].event.is_none() && matches!(link.kind, RelationKind::PartOf | RelationKind::SameAs)
        });
        // "gave $4m and €2m"
        if let Some(before) = index.checked_sub(1)
            && quantities[index].event.is_none()
            && quantities[before].kind() == quantities[index].kind()
            && quantities[index].kind() == Some(UnitKind::Money)
            && quantities[before].tokens.end + 1 == quantities[index].tokens.start
        {
            let event = quantities[before].event.clone();
            quantities[index].event = event;
        }
        if let Some(other) = whole.and_then(|link| link.other).filter(|other| *other < index) {
            let event = quantities[other].event.clone();
            quantities[index].event = event;
        }
    }
}

/// "seven killed": people are counted, and not named.
fn has_elided_head(sentence: &Sentence<'_>, quantity: &Quantity<'_>) -> bool {
    let is_bare = quantity.noun.is_none() && quantity.unit.is_none() && !quantity.is_age;
    let happens_to_people = quantity.event.as_ref().is_some_and(|event| {
        let class = event.class.as_str();
        let at = quantity.number.end + usize::from(matches!(sentence.word(quantity.number.end), "more" | "others"));
        matches!(
            class,
            "killed" | "injured" | "missing" | "arrested" | "detained" | "displaced" | "rescued" | "evacuated"
        ) && event.trigger.to_ascii_lowercase().starts_with(sentence.word(at))
    });
    is_bare && happens_to_people && matches!(quantity.form, Form::Digits | Form::Words | Form::Vague)
}

fn people(end: usize) -> Noun {
    let word = || "people".to_owned();
    Noun { end, counted: Counted { head: word(), phrase: word(), lemma: word() } }
}
