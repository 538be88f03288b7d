//! A number with its sign, its unit and its rate: what the later steps enlarge.

use std::ops::Range;

use tallywire_proto::{Direction, Event, Modifier};

use crate::{
    noun::Noun,
    numbers::{Form, Number},
    relations::Link,
    sentence::Sentence,
    units::{Rate, UnitEntry, UnitKind, Units},
};

/// A figure in the making.
#[derive(Clone, Debug)]
pub(crate) struct Quantity<'r> {
    /// The whole phrase, as far as it is read.
    pub(crate) tokens: Range<usize>,
    /// The number's own tokens.
    pub(crate) number: Range<usize>,
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) scale: f64,
    pub(crate) form: Form,
    pub(crate) unit: Option<&'r UnitEntry>,
    pub(crate) per: Option<Rate>,
    pub(crate) is_age: bool,
    pub(crate) noun: Option<Noun>,
    pub(crate) modifier: Modifier,
    pub(crate) direction: Option<Direction>,
    pub(crate) event: Option<Event>,
    pub(crate) link: Option<Link>,
}

impl Quantity<'_> {
    /// Whether it is one number, and that number is 1.
    pub(crate) fn is_one(&self) -> bool {
        (self.low - 1.0).abs() < f64::EPSILON && (self.high - 1.0).abs() < f64::EPSILON
    }

    /// Whether it is a number of something, and no rank, score or ratio.
    pub(crate) fn is_number(&self) -> bool {
        matches!(self.form, Form::Digits | Form::Words | Form::Vague)
    }

    /// Whether it is a small whole number, as ages are.
    pub(crate) fn is_plain(&self) -> bool {
        self.is_number() && self.low.fract() == 0.0 && self.scale.total_cmp(&1.0).is_eq() && self.high < 120.0
    }

    fn multiply(&mut self, scale: f64) {
        (self.low, self.high, self.scale) = (self.low * scale, self.high * scale, self.scale * scale);
    }

    pub(crate) fn kind(&self) -> Option<UnitKind> {
        self.unit.map(|unit| unit.kind)
    }
}

impl Units {
    /// Reads what stands directly before and behind a number.
    pub(crate) fn measured<'r>(&'r self, sentence: &Sentence<'_>, number: &Number) -> Quantity<'r> {
        let mut quantity = Quantity {
            tokens: number.tokens.clone(),
            number: number.tokens.clone(),
            low: number.low,
            high: number.high,
            scale: number.scale,
            form: number.form,
            unit: None,
            per: None,
            is_age: false,
            noun: None,
            modifier: if number.form == Form::Vague { Modifier::Vague } else { Modifier::Exact },
            direction: None,
            event: None,
            link: None,
        };
        if number.form == Form::Rank {
            return quantity;
        }
        read_sign(sentence, &mut quantity);
        let first = quantity.tokens.start;
        let is_amount = number.scale > 1.0 || sentence.raw(first).contains(',');
        let before =
            self.before(sentence, first, is_amount).filter(|(symbol, _)| self.is_own(sentence, *symbol, first));
        if let Some((first, unit)) = before {
            quantity.tokens.start = first;
            quantity.unit = Some(unit);
            read_sign(sentence, &mut quantity);
            if let Some(certain) = self.country_behind(sentence, quantity.tokens.end) {
                quantity.unit = Some(certain);
                quantity.tokens.end += 1;
            }
        } else {
            self.read_unit_behind(sentence, &mut quantity);
        }
        if quantity.unit.is_some() && !quantity.is_age {
            self.read_rate(sentence, &mut quantity);
        }
        quantity
    }

    /// Whether the symbol between two numbers is of the one behind it: it touches that, or the one before has its own.
    fn is_own(&self, sentence: &Sentence<'_>, symbol: usize, first: usize) -> bool {
        let Some(other) = symbol.checked_sub(1).filter(|other| sentence.is_digits(*other)) else { return true };
        sentence.touches_previous(first) || self.before(sentence, other, false).is_some()
    }

    fn read_unit_behind<'r>(&'r self, sentence: &Sentence<'_>, quantity: &mut Quantity<'r>) {
        let end = quantity.tokens.end;
        let code = self.scaled_code(sentence, end).map(|found| (found, end + 1));
        let before = quantity.tokens.start.checked_sub(1);
        let code_before = || before.and_then(|before| Some((self.scaled_code(sentence, before)?, end)));
        if let Some(((scale, unit), behind)) = code.or_else(code_before) {
            quantity.multiply(scale);
            quantity.unit = Some(unit);
            quantity.tokens.start -= usize::from(behind == end);
            quantity.tokens.end = behind;
            return;
        }
        // "a magnitude 6.1 quake", "of magnitude-7"
        let hyphen = usize::from(quantity.tokens.start > 0 && sentence.is_hyphen(quantity.tokens.start - 1));
        if sentence.word_before(quantity.tokens.start - hyphen, 1) == "magnitude" {
            quantity.unit = self.named("magnitude");
            quantity.tokens.start -= 1 + hyphen;
            return;
        }
        // "a magnitude of 6.1"; as in "a depth of 10 km" the words before are no part of the phrase.
        if (sentence.word_before(quantity.tokens.start, 2), sentence.word_before(quantity.tokens.start, 1))
            == ("magnitude", "of")
        {
            quantity.unit = self.named("magnitude");
            return;
        }
        let Some((mut behind, mut unit)) = self.behind_or_near(sentence, quantity) else { return };
        // "won three cups"
        let is_won = matches!(
            sentence.word_before(quantity.tokens.start, 1),
            "won" | "win" | "wins" | "winning" | "lifted" | "lift"
        );
        if unit.name == "cup" && is_won {
            return;
        }
        if unit.name == "pound-mass" && quantity.scale >= 1e6 {
            // Millions of pounds are money.
            unit = self.named("pound sterling").unwrap_or(unit);
        }
        // "75 USD million"
        let scale = match sentence.word(behind) {
            "thousand" => 1e3,
            "million" => 1e6,
            "billion" => 1e9,
            "trillion" => 1e12,
            _ => 1.0,
        };
        if unit.kind == UnitKind::Money && quantity.scale.total_cmp(&1.0).is_eq() && scale > 1.0 {
            quantity.multiply(scale);
            behind += 1;
        }
        if unit.kind == UnitKind::Time
            && let Some(end) = age_end(sentence, behind)
        {
            quantity.is_age = true;
            behind = end;
        }
        quantity.unit = Some(unit);
        quantity.tokens.end = behind;
    }

    /// The unit right behind a quantity, or behind "of" or an adjective: "hundreds of miles", "a third of a mile",
    /// "40+ km", "5 long years".
    fn behind_or_near(&self, sentence: &Sentence<'_>, quantity: &Quantity<'_>) -> Option<(usize, &UnitEntry)> {
        let end = quantity.tokens.end;
        let is_digits = sentence.is_digits(end - 1);
        let at = match (quantity.form, sentence.word(end), sentence.word(end + 1)) {
            (Form::Fraction, "of", "a" | "an") => end + 2,
            (Form::Vague, "of", _) => end + 1,
            _ => end,
        };
        if let Some(found) = self.behind(sentence, at, is_digits) {
            return Some(found);
        }
        let skips = matches!(
            sentence.word(end),
            "+" | "more"
                | "full"
                | "straight"
                | "consecutive"
                | "additional"
                | "long"
                | "whole"
                | "extra"
                | "further"
                | "other"
                | "previous"
                | "successive"
                | "short"
        );
        // "20 (kg)"
        let is_bracketed = matches!(sentence.raw(end), "(" | "[");
        if skips {
            self.behind(sentence, end + 1, false)
        } else if is_bracketed {
            let (behind, unit) = self.behind(sentence, end + 1, false)?;
            matches!(sentence.raw(behind), ")" | "]").then_some((behind + 1, unit))
        } else {
            None
        }
    }

    fn read_rate<'r>(&'r self, sentence: &Sentence<'_>, quantity: &mut Quantity<'r>) {
        let Some((end, per)) = self.rate(sentence, quantity.tokens.end) else { return };
        // "two years a prisoner": a time is no rate of a time.
        if quantity.kind() == Some(UnitKind::Time) {
            return;
        }
        quantity.tokens.end = end;
        let compound = quantity.unit.and_then(|unit| self.named(&format!("{} per {}", unit.name, per.name)));
        match compound {
            Some(unit) => quantity.unit = Some(unit),
            None => quantity.per = Some(per),
        }
    }
}

/// "-5", "minus 5", "$-5", "+5".
fn read_sign(sentence: &Sentence<'_>, quantity: &mut Quantity<'_>) {
    let Some(before) = quantity.tokens.start.checked_sub(1) else { return };
    // "plus or minus 3 points"
    if (sentence.word_before(before, 2), sentence.word_before(before, 1)) == ("plus", "or") {
        return;
    }
    let hyphenated = sentence.is_hyphen(before) && matches!(sentence.word_before(before, 1), "minus" | "negative");
    if hyphenated || matches!(sentence.word(before), "minus" | "negative") {
        quantity.tokens.start = if hyphenated { before - 1 } else { before };
    } else if matches!(sentence.raw(before), "-" | "−" | "–")
        && sentence.touches_next(before)
        && (!sentence.touches_previous(before) || matches!(sentence.raw_before(before, 1), "$" | "£" | "€" | "("))
    {
        quantity.tokens.start = before;
    } else {
        if sentence.raw(before) == "+" && sentence.touches_next(before) {
            quantity.tokens.start = before;
            quantity.direction = Some(Direction::Up);
        }
        return;
    }
    (quantity.low, quantity.high) = (-quantity.high, -quantity.low);
}

/// One past "old", "-old" or "of age" behind a unit of time.
fn age_end(sentence: &Sentence<'_>, at: usize) -> Option<usize> {
    if sentence.word(at) == "of" && sentence.word(at + 1) == "age" {
        return Some(at + 2);
    }
    let at = if sentence.is_hyphen(at) { at + 1 } else { at };
    matches!(sentence.word(at), "old" | "olds").then_some(at + 1)
}

#[cfg(test)]
mod tests {
    use tallywire_text::tokens;

    use super::*;
    use crate::{digits::Separators, number_words::NumberWords};

    /// The phrase, lower bound and unit of the first number of a text.
    fn measured(text: &str) -> (String, f64, Option<&'static str>, bool) {
        let lower = text.to_ascii_lowercase();
        let tokens = tokens(text);
        let sentence = Sentence::new(text, &lower, &tokens);
        let numbers = NumberWords::load().find(&sentence, Separators::CommaThousands);
        let units = Units::load();
        let quantity = units.measured(&sentence, &numbers[0]);
        let phrase = sentence.slice(&quantity.tokens).to_owned();
        (phrase, quantity.low, quantity.unit.map(|unit| unit.name), quantity.is_age)
    }

    #[test]
    fn signs() {
        assert_eq!(measured("a low of -5°C"), ("-5°C".into(), -5.0, Some("celsius"), false));
        assert_eq!(measured("near minus 40 degrees"), ("minus 40 degrees".into(), -40.0, Some("degree"), false));
        assert_eq!(measured("plus or minus 3 km"), ("3 km".into(), 3.0, Some("kilometre"), false));
        assert_eq!(measured("a gap of $-2bn"), ("$-2bn".into(), -2e9, Some("dollar"), false));
    }

    #[test]
    fn money() {
        assert_eq!(measured("for £3m"), ("£3m".into(), 3e6, Some("pound sterling"), false));
        assert_eq!(measured("for US$4.7 billion"), ("US$4.7 billion".into(), 4.7e9, Some("dollar"), false));
        assert_eq!(measured("for 2 million pounds"), ("2 million pounds".into(), 2e6, Some("pound sterling"), false));
        assert_eq!(measured("at $40 a barrel"), ("$40 a barrel".into(), 40.0, Some("dollar"), false));
        assert_eq!(measured("for millions of euros"), ("millions of euros".into(), 1e6, Some("euro"), false));
    }

    #[test]
    fn ages() {
        assert_eq!(measured("a 34-year-old man"), ("34-year-old".into(), 34.0, Some("year"), true));
        assert_eq!(measured("three weeks of age"), ("three weeks of age".into(), 3.0, Some("week"), true));
        assert_eq!(measured("two cups of rice").2, Some("cup"));
        assert_eq!(measured("1/2 cup olive oil").2, Some("cup"));
        assert_eq!(measured("won three cups").2, None);
        assert_eq!(measured("in three weeks"), ("three weeks".into(), 3.0, Some("week"), false));
    }

    #[test]
    fn the_magnitude_of_a_quake() {
        assert_eq!(measured("a magnitude 6.1 quake"), ("magnitude 6.1".into(), 6.1, Some("magnitude"), false));
        assert_eq!(measured("with a magnitude of 6.1"), ("6.1".into(), 6.1, Some("magnitude"), false));
    }

    #[test]
    fn rates_that_are_units() {
        assert_eq!(measured("at 30 miles per hour").2, Some("mile per hour"));
    }
}
