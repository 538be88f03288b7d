//! Units of measure and of money, before and behind a number.

use foldhash::{HashMap, HashMapExt, HashSet};

use tallywire_proto::{Number, Si};

use crate::{
    phrases::{Phrases, rows, words},
    sentence::Sentence,
};

/// What a unit measures.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum UnitKind {
    Measure,
    Time,
    Percent,
    /// Percentage points and basis points.
    Points,
    Money,
}

/// A unit of the tables.
#[derive(Debug)]
pub(crate) struct UnitEntry {
    pub(crate) name: &'static str,
    pub(crate) kind: UnitKind,
    pub(crate) ucum: Option<&'static str>,
    pub(crate) currency: Option<&'static str>,
    /// Factor, offset and unit.
    si: Option<(f64, f64, &'static str)>,
}

impl UnitEntry {
    /// What a unit of the same dimension is in this one: an inch is a twelfth of a foot, a cent a hundredth of a dollar.
    pub(crate) fn part(&self, smaller: &Self) -> Option<f64> {
        if self.kind == UnitKind::Money {
            let is_hundredth = matches!(
                (self.name, smaller.name),
                (name, "cent") if name.ends_with("dollar") || matches!(name, "euro" | "rand")
            ) || matches!((self.name, smaller.name), ("pound sterling", "penny"));
            return is_hundredth.then_some(0.01);
        }
        let ((factor, offset, unit), (other, _, of)) = (self.si?, smaller.si?);
        let part = other / factor;
        (unit == of && offset.total_cmp(&0.0).is_eq() && part < 1.0).then_some(part)
    }

    /// A value of this unit in SI units.
    pub(crate) fn si(&self, value: f64) -> Option<Si> {
        let offset = self.si?.1;
        self.si_from(value, offset)
    }

    /// A difference of so much in SI units: a rise by one degree Celsius is one by a kelvin.
    pub(crate) fn si_difference(&self, value: f64) -> Option<Si> {
        self.si_from(value, 0.0)
    }

    fn si_from(&self, value: f64, offset: f64) -> Option<Si> {
        let (factor, _, unit) = self.si?;
        let value = value * factor + offset;
        value.is_finite().then(|| Si { value: Number(value), unit: unit.to_owned() })
    }
}

/// All units, and the words and symbols that name them.
pub(crate) struct Units {
    entries: Vec<UnitEntry>,
    by_name: HashMap<&'static str, usize>,
    words: Phrases<usize>,
    symbols: Phrases<usize>,
    /// Symbols that are too short to be read anywhere but right behind the digits.
    glued: HashMap<&'static str, usize>,
    /// Symbols of currencies before an amount, read backwards.
    prefixes: Phrases<usize>,
    /// Those of them that are read only where they touch an amount that no name has: "R850m".
    shy_prefixes: Phrases<usize>,
    /// By ISO 4217 code.
    by_code: HashMap<&'static str, usize>,
    /// "$76 US": what makes the currency before the amount a certain one.
    country_behind: HashMap<&'static str, usize>,
    rate_nouns: HashSet<&'static str>,
}

impl Units {
    pub(crate) fn load() -> Self {
        let mut units = Self {
            entries: Vec::new(),
            by_name: HashMap::new(),
            words: Phrases::new(),
            symbols: Phrases::new(),
            glued: HashMap::new(),
            prefixes: Phrases::new(),
            shy_prefixes: Phrases::new(),
            by_code: HashMap::new(),
            country_behind: HashMap::new(),
            rate_nouns: words(include_str!("../data/rate_nouns.txt")).collect(),
        };
        for row in rows(include_str!("../data/units.tsv"), '\t') {
            units.add_measure(&row);
        }
        for row in rows(include_str!("../data/currencies.psv"), '|') {
            units.add_currency(&row);
        }
        units
    }

    fn add_measure(&mut self, row: &[&'static str]) {
        let [name, kind, ucum, factor, offset, si_unit, words, symbols, glued] = row else { return };
        let kind = match *kind {
            "percent" => UnitKind::Percent,
            "points" => UnitKind::Points,
            "time" => UnitKind::Time,
            _ => UnitKind::Measure,
        };
        let si = factor.parse().ok().map(|factor| (factor, offset.parse().unwrap_or(0.0), *si_unit));
        let index = self.add_entry(UnitEntry { name, kind, ucum: non_empty(ucum), currency: None, si });
        self.add_words(words, index);
        for symbol in symbols.split(',') {
            self.symbols.add(symbol, index);
        }
        for symbol in glued.split(',').filter(|symbol| !symbol.is_empty()) {
            self.glued.entry(symbol).or_insert(index);
        }
    }

    fn add_currency(&mut self, row: &[&'static str]) {
        let [name, code, words, symbols, behind] = row else { return };
        let entry = UnitEntry { name, kind: UnitKind::Money, ucum: None, currency: non_empty(code), si: None };
        let index = self.add_entry(entry);
        self.add_words(words, index);
        for symbol in symbols.split(',') {
            if let Some(symbol) = symbol.strip_suffix('+') {
                self.shy_prefixes.add_backward(symbol, index);
                continue;
            }
            self.symbols.add(symbol, index);
            // "p" and "¢" stand behind only.
            if !matches!(symbol, "p" | "¢") {
                self.prefixes.add_backward(symbol, index);
            }
        }
        if !code.is_empty() {
            self.by_code.insert(code, index);
            // "AUD$15"
            if name.ends_with("dollar") || name.ends_with("peso") {
                self.prefixes.add_backward(&format!("{code}$"), index);
                self.prefixes.add_backward(&format!("{}$", code.to_ascii_lowercase()), index);
            }
        }
        for country in behind.split(',').filter(|country| !country.is_empty()) {
            self.country_behind.insert(country, index);
        }
    }

    fn add_entry(&mut self, entry: UnitEntry) -> usize {
        let index = self.entries.len();
        self.by_name.entry(entry.name).or_insert(index);
        self.entries.push(entry);
        index
    }

    fn add_words(&mut self, words: &'static str, index: usize) {
        for word in words.split(',').filter(|word| !word.is_empty()) {
            self.words.add(&word.to_ascii_lowercase(), index);
            self.words.add(&format!("{}s", word.to_ascii_lowercase()), index);
        }
    }

    /// The unit of a name.
    pub(crate) fn named(&self, name: &str) -> Option<&UnitEntry> {
        self.by_name.get(name).map(|index| &self.entries[*index])
    }

    /// The currency whose symbol stands before the token: the symbol's first token, and the currency.
    ///
    /// `is_amount` says whether the number is written as amounts of money are, and models are not.
    pub(crate) fn before(&self, sentence: &Sentence<'_>, first: usize, is_amount: bool) -> Option<(usize, &UnitEntry)> {
        let back = |back| sentence.raw_before(first, back + 1);
        let shy = || self.shy_prefixes.longest(back).filter(|_| is_amount && sentence.touches_previous(first));
        let (length, index) = self.prefixes.longest(back).or_else(shy)?;
        Some((first - length, &self.entries[*index]))
    }

    /// "120 MEUR", "MAUD 60": the currency of a code behind a letter for millions or billions, and what it multiplies by.
    pub(crate) fn scaled_code(&self, sentence: &Sentence<'_>, at: usize) -> Option<(f64, &UnitEntry)> {
        let (letter, code) = sentence.raw(at).split_at_checked(1)?;
        let scale = match letter {
            "K" => 1e3,
            "M" => 1e6,
            "B" => 1e9,
            _ => return None,
        };
        self.by_code.get(code).map(|index| (scale, &self.entries[*index]))
    }

    /// What follows an amount and tells whose dollar it is: "$76 US".
    pub(crate) fn country_behind(&self, sentence: &Sentence<'_>, at: usize) -> Option<&UnitEntry> {
        self.country_behind.get(sentence.raw(at)).map(|index| &self.entries[*index])
    }

    /// The unit behind a number that ends at `end`: one past its last token, and the unit.
    ///
    /// `is_glued_allowed` says whether the number ends in digits, so that "5h" can be hours.
    pub(crate) fn behind(
        &self,
        sentence: &Sentence<'_>,
        end: usize,
        is_glued_allowed: bool,
    ) -> Option<(usize, &UnitEntry)> {
        let at = if sentence.is_hyphen(end) { end + 1 } else { end };
        let word = self.words.longest(|ahead| sentence.word(at + ahead));
        // "32m2", but not "12 m 2 dm"
        let written = |ahead: usize| {
            let is_apart = ahead > 0 && sentence.is_digits(at + ahead) && !sentence.touches_previous(at + ahead);
            if is_apart { "" } else { sentence.raw(at + ahead) }
        };
        let symbol = self.symbols.longest(written);
        // "a 50-basis-point rise"
        let hyphenated = |ahead: usize| {
            let is_joined = ahead == 0 || sentence.is_hyphen(at + 2 * ahead - 1);
            if is_joined { sentence.word(at + 2 * ahead) } else { "" }
        };
        let joined = if at > end { self.words.longest(hyphenated) } else { None };
        if let Some((length, index)) = joined.filter(|(length, _)| *length > 1) {
            return Some((at + 2 * length - 1, &self.entries[*index]));
        }
        let best = match (word, symbol) {
            (Some(word), Some(symbol)) => Some(if symbol.0 >= word.0 { symbol } else { word }),
            (word, symbol) => word.or(symbol),
        };
        if let Some((length, index)) = best {
            // "32m2" ends in the token "2", "24703m212" does not name a unit.
            let last = at + length - 1;
            let is_whole = !(sentence.touches_next(last) && sentence.is_digits(last + 1));
            return is_whole.then(|| (at + length, &self.entries[*index]));
        }
        let glued = is_glued_allowed && (sentence.touches_previous(end) || at > end);
        let index = self.glued.get(sentence.raw(at)).filter(|_| glued)?;
        let is_whole = !sentence.touches_next(at)
            || !(sentence.is_digits(at + 1) || sentence.is_word(at + 1) || sentence.raw(at + 1) == "/");
        // "Boeing 777F"
        let is_name = end >= 2 && sentence.is_capitalized(end - 2) && !sentence.raw(end - 1).contains('.') && end > 2;
        // "9.58s", but "747s"
        let is_plural = sentence.raw(at) == "s" && !sentence.raw(end - 1).contains('.');
        (is_whole && !is_name && !is_plural).then(|| (at + 1, &self.entries[*index]))
    }

    /// What a figure that ends at `end` is a rate of: "per 100,000 people", "a barrel", "/tonne".
    pub(crate) fn rate(&self, sentence: &Sentence<'_>, end: usize) -> Option<(usize, Rate)> {
        let mut at = if sentence.is_hyphen(end) { end + 1 } else { end };
        match sentence.word(at) {
            "per" if sentence.word(at + 1) != "cent" => {
                at = if sentence.is_hyphen(at + 1) { at + 2 } else { at + 1 };
                let first = at;
                while sentence.is_digits(at) || matches!(sentence.word(at), "million" | "thousand" | "hundred") {
                    at += 1;
                }
                let number = sentence.slice(&(first..at));
                let (behind, rate) = match self.of(sentence, at) {
                    Some((length, unit)) => (at + length, Rate::of(unit)),
                    None if sentence.is_word(at) => (at + 1, self.rate_of(sentence.word(at))),
                    None if !number.is_empty() => (at, Rate { name: String::new(), ucum: None }),
                    None => return None,
                };
                let name = [number, &rate.name].join(" ").trim().to_owned();
                Some((behind, Rate { ucum: rate.ucum.filter(|_| number.is_empty()), name }))
            }
            "a" | "an" | "each" | "every" => {
                let at = if sentence.is_hyphen(at + 1) { at + 2 } else { at + 1 };
                // "$9 a year earlier" is no rate.
                let is_time = matches!(sentence.word(at + 1), "ago" | "earlier" | "later" | "before" | "after");
                self.rate_nouns.get(sentence.word(at)).filter(|_| !is_time).map(|noun| (at + 1, self.rate_of(noun)))
            }
            "/" if sentence.touches_previous(at) && sentence.touches_next(at) => {
                let (length, unit) = self.of(sentence, at + 1)?;
                Some((at + 1 + length, Rate::of(unit)))
            }
            _ => None,
        }
    }

    /// The unit at a token, by symbol or word: its length in tokens, and the unit.
    fn of(&self, sentence: &Sentence<'_>, at: usize) -> Option<(usize, &UnitEntry)> {
        let symbol = self.symbols.longest(|ahead| sentence.raw(at + ahead));
        let word = self.words.longest(|ahead| sentence.word(at + ahead));
        word.or(symbol).map(|(length, index)| (length, &self.entries[*index]))
    }

    fn rate_of(&self, noun: &str) -> Rate {
        let index = self.words.longest(|ahead| if ahead == 0 { noun } else { "" }).map(|(_, index)| *index);
        index.map_or_else(|| Rate { name: noun.to_owned(), ucum: None }, |index| Rate::of(&self.entries[index]))
    }
}

/// What a figure is a rate of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rate {
    pub(crate) name: String,
    pub(crate) ucum: Option<&'static str>,
}

impl Rate {
    fn of(unit: &UnitEntry) -> Self {
        Self { name: unit.name.to_owned(), ucum: unit.ucum }
    }
}

fn non_empty(text: &'static str) -> Option<&'static str> {
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use tallywire_text::tokens;

    use super::*;

    /// The unit behind the first token of a text, and its rate.
    fn behind(text: &str) -> Option<(&'static str, Option<String>)> {
        let lower = text.to_ascii_lowercase();
        let tokens = tokens(text);
        let sentence = Sentence::new(text, &lower, &tokens);
        let units = Units::load();
        let (end, unit) = units.behind(&sentence, 1, true)?;
        Some((unit.name, units.rate(&sentence, end).map(|(_, per)| per.name)))
    }

    #[test]
    fn reads_units_in_words_and_symbols() {
        assert_eq!(behind("12 square metres"), Some(("square metre", None)));
        assert_eq!(behind("12km"), Some(("kilometre", None)));
        assert_eq!(behind("3-inch"), Some(("inch", None)));
        assert_eq!(behind("40 per cent"), Some(("percentage", None)));
        assert_eq!(behind("3 percentage points"), Some(("percentage point", None)));
        assert_eq!(behind("21 degrees Celsius"), Some(("celsius", None)));
        assert_eq!(behind("32m2"), Some(("square metre", None)));
        assert_eq!(behind("24m212"), None);
        assert_eq!(behind("5 h"), None);
        assert_eq!(behind("5h"), Some(("hour", None)));
        assert_eq!(behind("9.58s"), Some(("second", None)));
        assert_eq!(behind("747s"), None);
        assert_eq!(behind("9 Danish crowns"), Some(("danish krone", None)));
    }

    #[test]
    fn reads_rates() {
        assert_eq!(behind("12 dollars a barrel"), Some(("dollar", Some("barrel".to_owned()))));
        assert_eq!(behind("12 tonnes per 100,000 people"), Some(("metric ton", Some("100,000 people".to_owned()))));
        assert_eq!(behind("12 dollars a year earlier"), Some(("dollar", None)));
        assert_eq!(behind("12 km a way"), Some(("kilometre", None)));
    }

    #[test]
    fn converts_to_si() {
        let units = Units::load();
        assert!((units.named("celsius").unwrap().si(0.0).unwrap().value.0 - 273.15).abs() < 1e-9);
        let freezing = units.named("fahrenheit").unwrap().si(32.0).unwrap().value.0;
        assert!((freezing - 273.15).abs() < 1e-6);
        let risen = units.named("fahrenheit").unwrap().si_difference(9.0).unwrap();
        assert!((risen.value.0 - 5.0).abs() < 1e-9);
        assert_eq!(units.named("mile").unwrap().si(2.0).unwrap().unit, "m");
        assert!(units.named("percentage").unwrap().si(2.0).is_none());
    }
}
