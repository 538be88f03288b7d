//! One amount in two units: "5 feet 2 inches", "three dollars and fifty cents", "2 hours 15 minutes", "6-foot-2".

use crate::{
    quantity::Quantity,
    sentence::Sentence,
    units::{UnitKind, Units},
};

impl Units {
    /// Adds each smaller part to the amount right before it, in the larger unit.
    pub(crate) fn join_parts<'r>(
        &'r self,
        sentence: &Sentence<'_>,
        quantities: Vec<Quantity<'r>>,
    ) -> Vec<Quantity<'r>> {
        let mut joined: Vec<Quantity<'r>> = Vec::with_capacity(quantities.len());
        for right in quantities {
            if let Some(left) = joined.last_mut()
                && let Some((part, end)) = self.part(sentence, left, &right)
            {
                let sign = if left.low < 0.0 { -1.0 } else { 1.0 };
                let part = part * sign;
                (left.low, left.high) = (left.low + part, left.high + part);
                left.tokens.end = end;
                left.number.end = right.number.end;
                left.is_age |= right.is_age;
                continue;
            }
            joined.push(right);
        }
        joined
    }

    /// What the second quantity adds to the first, in the first one's unit, and where the two end.
    fn part(&self, sentence: &Sentence<'_>, left: &Quantity<'_>, right: &Quantity<'_>) -> Option<(f64, usize)> {
        let is_point = left.low.total_cmp(&left.high).is_eq() && right.low.total_cmp(&right.high).is_eq();
        if !is_point || left.is_age || left.per.is_some() || left.scale > 1.0 || right.low < 0.0 {
            return None;
        }
        let gap = left.tokens.end..right.tokens.start;
        let larger = left.unit?;
        let is_adjacent = gap.is_empty() || (gap.len() == 1 && matches!(sentence.word(gap.start), "and" | ","));
        // "15 dollars 50"
        let is_change = gap.is_empty()
            && larger.kind == UnitKind::Money
            && left.tokens.start == left.number.start
            && right.is_plain()
            && right.tokens == right.number
            && right.low < 100.0
            && !sentence.is_word(right.tokens.end);
        if is_change && right.unit.is_none() {
            return Some((right.low / 100.0, right.tokens.end));
        }
        if let Some(smaller) = right.unit {
            let part = right.low * larger.part(smaller)?;
            return (is_adjacent && part < 1.0).then_some((part, right.tokens.end));
        }
        // "6-foot-2", "6ft 2in": inches are left unsaid, or too short to be read alone.
        let inches = self.named("inch").and_then(|inch| larger.part(inch)).filter(|_| larger.name == "foot")?;
        let is_said = gap.is_empty() && sentence.word(right.tokens.end) == "in";
        let is_joined = gap.len() == 1 && sentence.is_hyphen(gap.start);
        let end = right.number.end + usize::from(is_said);
        ((is_said || is_joined) && right.low < 12.0).then_some((right.low * inches, end))
    }
}

#[cfg(test)]
mod tests {
    use tallywire_text::tokens;

    use super::*;
    use crate::{digits::Separators, number_words::NumberWords};

    /// The phrases and lower bounds of a text.
    fn read(text: &str) -> Vec<(String, f64)> {
        let lower = text.to_ascii_lowercase();
        let tokens = tokens(text);
        let sentence = Sentence::new(text, &lower, &tokens);
        let (units, numbers) = (Units::load(), NumberWords::load().find(&sentence, Separators::CommaThousands));
        let quantities = numbers.iter().map(|number| units.measured(&sentence, number)).collect();
        let joined = units.join_parts(&sentence, quantities);
        joined.iter().map(|one| (sentence.slice(&one.tokens).to_owned(), one.low)).collect()
    }

    #[test]
    fn adds_the_smaller_unit() {
        assert_eq!(read("it cost three dollars and fifty cents"), [("three dollars and fifty cents".to_owned(), 3.5)]);
        assert_eq!(read("he ran for 2 hours 15 minutes"), [("2 hours 15 minutes".to_owned(), 2.25)]);
        assert_eq!(read("2 hours, 6 minutes and 36 seconds"), [("2 hours, 6 minutes and 36 seconds".to_owned(), 2.11)]);
        assert_eq!(read("it cost 15 dollars 50."), [("15 dollars 50".to_owned(), 15.5)]);
        assert_eq!(read("the 6-foot-3 guard"), [("6-foot-3".to_owned(), 6.25)]);
        assert_eq!(read("a plank of 12 ft 3 in"), [("12 ft 3 in".to_owned(), 12.25)]);
    }

    #[test]
    fn keeps_apart_what_is_no_part() {
        for text in ["12 miles and 40 minutes", "3 feet and 14 inches", "9 dollars and 3 euros", "9 dollars 3 times"] {
            assert_eq!(read(text).len(), 2, "{text}");
        }
    }
}
