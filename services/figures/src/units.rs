//! Units of measure and of money, before and behind a number.

use std::collections::{HashMap, HashSet};

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
    /// A value of this unit in SI units.
    pub(crate) fn si(&self, value: f64) -> Option<Si> {
        let (factor, offset, unit) = self.si?;
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
            self.symbols.add(symbol, index);
            // "p" and "¢" stand behind only.
            if !matches!(symbol, "p" | "¢") {
                self.prefixes.add_backward(symbol, index);
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
    pub(crate) fn before(&self, sentence: &Sentence<'_>, first: usize) -> Option<(usize, &UnitEntry)> {
        let (length, index) = self.prefixes.longest(|back| sentence.raw_before(first, back + 1))?;
        Some((first - length, &self.entries[*index]))
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
        let symbol = self.symbols.longest(|ahead| sentence.raw(at + ahead));
        let best = match (word, symbol) {
            (Some(word), Some(symbol)) => Some(if symbol.0 >= word.0 { symbol } else { word }),
            (word, symbol) => word.or(symbol),
        };
        if let Some((length, index)) = best {
            // "32m2" ends in the token "2", "24703m212" does not name a unit.
            let is_whole = !(sentence.touches_next(at + length - 1) && sentence.is_digits(at + length));
            return is_whole.then(|| (at + length, &self.entries[*index]));
        }
        let glued = is_glued_allowed && (sentence.touches_previous(end) || at > end);
        let index = self.glued.get(sentence.raw(at)).filter(|_| glued)?;
        let is_whole = !sentence.touches_next(at) || !(sentence.is_digits(at + 1) || sentence.is_word(at + 1));
        is_whole.then(|| (at + 1, &self.entries[*index]))
    }

    /// What a figure that ends at `end` is a rate of: "per 100,000 people", "a barrel", "/tonne".
    pub(crate) fn rate(&self, sentence: &Sentence<'_>, end: usize) -> Option<(usize, String)> {
        let mut at = if sentence.is_hyphen(end) { end + 1 } else { end };
        match sentence.word(at) {
            "per" if sentence.word(at + 1) != "cent" => {
                at = if sentence.is_hyphen(at + 1) { at + 2 } else { at + 1 };
                let first = at;
                while sentence.is_digits(at) || matches!(sentence.word(at), "million" | "thousand" | "hundred") {
                    at += 1;
                }
                let number = sentence.slice(&(first..at));
                let (behind, name) = match self.words.longest(|ahead| sentence.word(at + ahead)) {
                    Some((length, index)) => (at + length, self.entries[*index].name),
                    None => match self.symbols.longest(|ahead| sentence.raw(at + ahead)) {
                        Some((length, index)) => (at + length, self.entries[*index].name),
                        None if sentence.is_word(at) => (at + 1, sentence.word(at)),
                        None => return None,
                    },
                };
                Some((behind, if number.is_empty() { name.to_owned() } else { format!("{number} {name}") }))
            }
            "a" | "an" => {
                let at = if sentence.is_hyphen(at + 1) { at + 2 } else { at + 1 };
                // "$9 a year earlier" is no rate.
                let is_time = matches!(sentence.word(at + 1), "ago" | "earlier" | "later" | "before");
                self.rate_nouns.get(sentence.word(at)).filter(|_| !is_time).map(|noun| (at + 1, self.canonical(noun)))
            }
            "/" if sentence.touches_previous(at) && sentence.touches_next(at) => {
                let symbol = self.symbols.longest(|ahead| sentence.raw(at + 1 + ahead));
                let word = self.words.longest(|ahead| sentence.word(at + 1 + ahead));
                let (length, index) = symbol.or(word)?;
                Some((at + 1 + length, self.entries[*index].name.to_owned()))
            }
            _ => None,
        }
    }

    fn canonical(&self, noun: &str) -> String {
        let index = self.words.longest(|ahead| if ahead == 0 { noun } else { "" }).map(|(_, index)| *index);
        index.map_or(noun, |index| self.entries[index].name).to_owned()
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
        Some((unit.name, units.rate(&sentence, end).map(|(_, per)| per)))
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
        assert_eq!(units.named("mile").unwrap().si(2.0).unwrap().unit, "m");
        assert!(units.named("percentage").unwrap().si(2.0).is_none());
    }
}
