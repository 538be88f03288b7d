//! Joining quantities: ranges, ratios, scores of games, and lists that share a unit.

use std::ops::Range;

use crate::{
    directions::Directions, noun::Noun, numbers::Form, quantity::Quantity, sentence::Sentence, units::UnitKind,
};

/// How long the object of a word of change may be, in tokens: "raised its forecast for growth this year from".
const OBJECT: usize = 8;

/// Joins what belongs together; what stays apart stays in order.
pub(crate) fn combine<'r>(
    sentence: &Sentence<'_>,
    quantities: Vec<Quantity<'r>>,
    directions: &Directions,
) -> Vec<Quantity<'r>> {
    let mut joined: Vec<Quantity<'r>> = Vec::with_capacity(quantities.len());
    for mut right in quantities {
        if let Some(left) = joined.last_mut()
            && let Some(pair) = join(sentence, left, &mut right, directions)
        {
            *left = pair;
            continue;
        }
        joined.push(right);
    }
    share_units(sentence, &mut joined);
    joined
}

fn join<'r>(
    sentence: &Sentence<'_>,
    left: &mut Quantity<'r>,
    right: &mut Quantity<'r>,
    directions: &Directions,
) -> Option<Quantity<'r>> {
    let gap = left.tokens.end..right.tokens.start;
    // "from 14-18 mpg to 24"
    if is_range(left)
        && gap.len() == 1
        && sentence.word(gap.start) == "to"
        && right.unit.is_none()
        && right.noun.is_none()
    {
        right.unit = left.unit;
    }
    if gap.len() > 2 || is_range(left) {
        return None;
    }
    if left.is_age {
        return age_range(sentence, left, right);
    }
    if gap.len() == 2 {
        let is_ratio =
            matches!((sentence.word(gap.start), sentence.word(gap.start + 1)), ("out", "of") | ("in", "every"));
        return if is_ratio { ratio(left, right) } else { None };
    }
    let between = sentence.word(gap.start);
    let is_dash = sentence.is_dash(gap.start);
    if between == "in" {
        return ratio(left, right);
    }
    let before = before_rounding(sentence, left.tokens.start);
    let is_linked = match between {
        "to" => true,
        "and" => before == "between",
        "or" => left.form == right.form && left.unit.is_none() && left.noun.is_none() && right.high <= left.low * 10.0,
        _ => is_dash && gap.len() == 1,
    };
    if !is_linked {
        return None;
    }
    // "voted 218 to 210": of a range the first is the smaller.
    let is_result = between == "to" && left.low > right.high;
    if (is_dash || is_result) && is_score(sentence, left, right, is_result) {
        return Some(Quantity { form: Form::Score, ..range(sentence, left, right) });
    }
    // "outnumbered by two to one"
    if between == "to" && left.form == Form::Words && right.is_one() && left.low > 1.0 && left.unit.is_none() {
        return Some(Quantity { form: Form::Ratio, low: left.low, high: left.low, ..range(sentence, left, right) });
    }
    let leaves_scale = left.scale < right.scale;
    // "lent $5m to 14 countries", "fell by a third to 20,000 cars": what is of different sorts is no range.
    let is_other =
        |one: &Quantity<'_>, other: &Quantity<'_>| one.unit.is_some() && other.unit.is_none() && other.noun.is_some();
    let is_part = |one: &Quantity<'_>| matches!(one.form, Form::Fraction | Form::Ratio | Form::Rank);
    if is_other(left, right) || is_other(right, left) || is_part(left) != is_part(right) {
        return None;
    }
    let is_bare = |one: &Quantity<'_>| one.unit.is_none() && one.noun.is_none();
    let both_named = left.unit.is_some() && right.unit.is_some();
    if !share(left, right, before == "from") {
        return None;
    }
    let changes = between == "to" && before == "from";
    // "rose by $2 to $9": what it rose by, and what it rose to.
    // So is "rose by 12 to 57", where neither is a number of anything.
    // In "$89 to $93 billion" the scale that the first leaves out makes it one range.
    if between == "to"
        && !changes
        && ((both_named && !leaves_scale) || (before == "by" && is_bare(left) && is_bare(right)))
        && directions.changes_before(sentence, left.tokens.start)
    {
        return None;
    }
    let from = left.tokens.start - usize::from(changes);
    // "from 5 to 7 per cent to 3 to 5": the first two are where it came from.
    let end = right.tokens.end;
    let goes_on = sentence.word(end) == "to" && (sentence.is_digits(end + 1) || sentence.is_digits(end + 2));
    if changes && !goes_on && (directions.changes_in_clause(sentence, from) || is_revised(sentence, from)) {
        return None;
    }
    (left.low < right.high).then(|| range(sentence, left, right))
}

/// "raised its forecast from": a word of change that has a thing for its object, and tells no direction of money.
fn is_revised(sentence: &Sentence<'_>, from: usize) -> bool {
    let clause = (1..=OBJECT).map(|back| sentence.word_before(from, back));
    clause.take_while(|word| !matches!(*word, "," | ";" | "." | ":")).any(|word| {
        matches!(
            word,
            "raised" | "raises" | "raise" | "raising" | "lifted" | "revised" | "upgraded" | "downgraded" | "changed"
        )
    })
}

/// "aged 18 to 45", "aged 12-18 months".
fn age_range<'r>(sentence: &Sentence<'_>, left: &Quantity<'r>, right: &Quantity<'r>) -> Option<Quantity<'r>> {
    let gap = left.tokens.end..right.tokens.start;
    let is_linked = gap.len() == 1 && (sentence.word(gap.start) == "to" || sentence.is_hyphen(gap.start));
    let is_years = right.unit.is_none() || right.kind() == Some(UnitKind::Time);
    let is_range = left.unit.is_none() && is_years && right.noun.is_none() && right.is_plain() && left.low < right.low;
    (is_linked && is_range).then(|| Quantity { is_age: true, ..range(sentence, left, right) })
}

/// The word before a number, behind which it may be rounded: "from about 14".
fn before_rounding<'s>(sentence: &Sentence<'s>, first: usize) -> &'s str {
    match sentence.word_before(first, 1) {
        "about" | "around" | "roughly" | "nearly" | "some" | "almost" | "just" => sentence.word_before(first, 2),
        word => word,
    }
}

fn is_range(quantity: &Quantity<'_>) -> bool {
    quantity.low < quantity.high && quantity.form != Form::Vague
}

/// "one in five": both plain, the first the smaller.
fn ratio<'r>(left: &Quantity<'r>, right: &Quantity<'r>) -> Option<Quantity<'r>> {
    let is_plain = |one: &Quantity<'_>| one.unit.is_none() && one.low.fract() == 0.0 && one.form != Form::Vague;
    let fits = is_plain(left) && is_plain(right) && left.low < right.low && left.low > 0.0;
    let value = left.low / right.low;
    fits.then(|| Quantity {
        tokens: left.tokens.start..right.tokens.end,
        number: left.number.start..right.number.end,
        low: value,
        high: value,
        form: Form::Ratio,
        noun: right.noun.clone(),
        ..left.clone()
    })
}

/// Gives each of two linked numbers the unit and the scale of the other; false where they differ.
///
/// The unit of the first is the second's only if it stands before the amount, or in "from 21 km to 23".
fn share<'r>(left: &mut Quantity<'r>, right: &mut Quantity<'r>, is_from: bool) -> bool {
    match (left.unit, right.unit) {
        (Some(one), Some(other)) if one.name != other.name => return false,
        (None, Some(unit)) => left.unit = Some(unit),
        (Some(unit), None) if is_from || left.tokens.start < left.number.start => right.unit = Some(unit),
        (Some(_), None) => return false,
        (Some(_), Some(_)) | (None, None) => {}
    }
    if right.is_age {
        left.is_age = true;
    }
    if left.scale < right.scale && left.low <= right.high / right.scale && left.low < 1000.0 {
        let factor = right.scale / left.scale;
        left.low *= factor;
        left.high *= factor;
        left.scale = right.scale;
    }
    true
}

fn range<'r>(sentence: &Sentence<'_>, left: &Quantity<'r>, right: &Quantity<'r>) -> Quantity<'r> {
    let opens = matches!(sentence.word_before(left.tokens.start, 1), "between" | "from");
    let start = if opens { left.tokens.start - 1 } else { left.tokens.start };
    // "aged between 19 and 34"
    let is_age = right.is_age || (opens && sentence.word_before(start, 1) == "aged");
    Quantity {
        tokens: start..right.tokens.end,
        number: left.number.start..right.number.end,
        low: left.low.min(right.low),
        high: left.high.max(right.high),
        per: right.per.clone().or_else(|| left.per.clone()),
        is_age,
        ..right.clone()
    }
}

/// "3-1": small whole numbers of which the first is not the smaller, or with a word of games nearby.
fn is_score(sentence: &Sentence<'_>, left: &Quantity<'_>, right: &Quantity<'_>, needs_game: bool) -> bool {
    let is_plain = |one: &Quantity<'_>| {
        one.unit.is_none() && one.form == Form::Digits && one.low.fract() == 0.0 && one.low < 250.0
    };
    if !is_plain(left) || !is_plain(right) || left.number.len() > 1 || right.number.len() > 1 {
        return false;
    }
    (left.low >= right.low && !needs_game) || is_game(sentence, left.tokens.start..right.tokens.end)
}

/// Whether a word of games or of votes stands near some tokens.
pub(crate) fn is_game(sentence: &Sentence<'_>, numbers: Range<usize>) -> bool {
    let around = numbers.start.saturating_sub(5)..(numbers.end + 5).min(sentence.len());
    around.into_iter().any(|at| {
        matches!(
            sentence.word(at),
            "won"
                | "win"
                | "beat"
                | "beating"
                | "lost"
                | "loss"
                | "lead"
                | "led"
                | "victory"
                | "defeat"
                | "draw"
                | "drew"
                | "tied"
                | "tie"
                | "score"
                | "scored"
                | "down"
                | "game"
                | "voted"
                | "vote"
                | "ruled"
        )
    })
}

/// "5, 10 and 15 per cent", "4 of the 12 hostages": the unit of the last is that of all.
fn share_units(sentence: &Sentence<'_>, quantities: &mut [Quantity<'_>]) {
    for at in (1..quantities.len()).rev() {
        let (left, right) = quantities.split_at_mut(at);
        let (Some(left), Some(right)) = (left.last_mut(), right.first_mut()) else { continue };
        // "from 24.2 to 33-35 billion euros"
        let is_from = sentence.word(left.tokens.end) == "to"
            && left.tokens.end + 1 == right.tokens.start
            && before_rounding(sentence, left.tokens.start) == "from";
        if is_from && left.unit.is_none() && left.noun.is_none() && left.scale < right.scale && left.high < 1000.0 {
            let factor = right.scale / left.scale;
            (left.low, left.high, left.scale) = (left.low * factor, left.high * factor, right.scale);
        }
        let is_percent = left.kind() == Some(UnitKind::Percent) && left.noun.is_none();
        if is_percent && right.unit.is_none() && is_part_of(sentence, left, right) {
            let end = left.tokens.end;
            left.noun = right.noun.clone().map(|noun| Noun { end, ..noun });
        }
        // "aged 19 and 23"
        if left.is_age
            && right.unit.is_none()
            && right.noun.is_none()
            && right.is_plain()
            && is_list(sentence, left, right)
        {
            right.is_age = true;
        }
        if left.unit.is_some() || left.noun.is_some() || matches!(left.form, Form::Score | Form::Rank | Form::Ratio) {
            continue;
        }
        // "employs 3,000, half of them women": no 3,000 women.
        if right.form == Form::Fraction && left.form != Form::Fraction {
            continue;
        }
        // "fell by a third to 20,000 cars": no third of the cars.
        let is_level = left.form == Form::Fraction && sentence.word(left.tokens.end) == "to";
        let lists = is_list(sentence, left, right) && !is_level;
        let is_part = is_part_of(sentence, left, right);
        let is_amount = right.unit.is_some() && left.scale.total_cmp(&1.0).is_eq();
        if lists || (is_part && !is_amount) {
            if right.unit.is_some() && !right.is_age {
                left.unit = right.unit;
                left.per.clone_from(&right.per);
            } else if right.unit.is_none() {
                let end = left.tokens.end;
                left.noun = right.noun.clone().map(|noun| Noun { end, ..noun });
            }
        }
    }
}

/// Whether only commas, "and" and the like stand between two quantities.
fn is_list(sentence: &Sentence<'_>, left: &Quantity<'_>, right: &Quantity<'_>) -> bool {
    let gap = left.tokens.end..right.tokens.start;
    let lists = |at: usize| matches!(sentence.word(at), "," | "and" | "or" | "-" | "–" | "&" | "to");
    !gap.is_empty() && gap.len() <= 3 && gap.clone().all(lists)
}

/// "four of the nine", "three of the province's nine".
fn is_part_of(sentence: &Sentence<'_>, left: &Quantity<'_>, right: &Quantity<'_>) -> bool {
    let gap = left.tokens.end..right.tokens.start;
    let is_owned = || sentence.is_possessive(gap.end - 1);
    let is_of_the = || matches!((sentence.word(gap.start + 1), gap.len()), ("the" | "its" | "their", 3));
    let is_of = !gap.is_empty() && sentence.word(gap.start) == "of";
    is_of && (gap.len() <= 2 || is_of_the() || (gap.len() <= 5 && is_owned()))
}

#[cfg(test)]
mod tests {
    use tallywire_text::tokens;

    use super::*;
    use crate::{digits::Separators, number_words::NumberWords, units::Units};

    fn read(text: &str) -> Vec<(f64, f64, Option<&'static str>, Form)> {
        let lower = text.to_ascii_lowercase();
        let tokens = tokens(text);
        let sentence = Sentence::new(text, &lower, &tokens);
        let (units, numbers) = (Units::load(), NumberWords::load().find(&sentence, Separators::CommaThousands));
        let quantities = numbers.iter().map(|number| units.measured(&sentence, number)).collect();
        combine(&sentence, quantities, &Directions::load())
            .into_iter()
            .map(|one| (one.low, one.high, one.unit.map(|unit| unit.name), one.form))
            .collect()
    }

    #[test]
    fn ranges_share_unit_and_scale() {
        assert_eq!(read("between 5 and 10 km"), [(5.0, 10.0, Some("kilometre"), Form::Digits)]);
        assert_eq!(read("from 3 to 7 per cent"), [(3.0, 7.0, Some("percentage"), Form::Digits)]);
        assert_eq!(read("$89 to $93 billion"), [(89e9, 93e9, Some("dollar"), Form::Digits)]);
        assert_eq!(read("5-10 litres"), [(5.0, 10.0, Some("litre"), Form::Digits)]);
        assert_eq!(read("three or four weeks"), [(3.0, 4.0, Some("week"), Form::Words)]);
    }

    #[test]
    fn a_change_is_two_figures() {
        assert_eq!(read("rose from 3 to 7 per cent").len(), 2);
        assert_eq!(read("raised its forecast from 3 to 7 per cent").len(), 2);
        let percentage = Some("percentage");
        assert_eq!(
            read("rose from 3 to 7 per cent to 8 to 9 per cent"),
            [(3.0, 7.0, percentage, Form::Digits), (8.0, 9.0, percentage, Form::Digits)]
        );
        assert_eq!(read("rose from 24.2 to 33-35 billion euros")[0], (24.2e9, 24.2e9, Some("euro"), Form::Digits));
        assert_eq!(read("12 km and 3 kg").len(), 2);
        assert_eq!(read("rose by $2 to $9").len(), 2);
        assert_eq!(read("rose by 12 to 57").len(), 2);
        assert_eq!(read("rose by 3 to 5 per cent").len(), 1);
        assert_eq!(read("rose 8% to 9.5")[1].2, None);
    }

    #[test]
    fn ratios_scores_and_lists() {
        assert_eq!(read("one in five"), [(0.2, 0.2, None, Form::Ratio)]);
        assert_eq!(read("three out of four"), [(0.75, 0.75, None, Form::Ratio)]);
        assert_eq!(read("they voted 218 to 210"), [(210.0, 218.0, None, Form::Score)]);
        assert_eq!(read("from 218 to 210 of them").len(), 2);
        assert_eq!(read("they won 3-1"), [(1.0, 3.0, None, Form::Score)]);
        assert_eq!(read("5, 10 and 15 per cent").iter().filter(|one| one.2 == Some("percentage")).count(), 3);
    }
}
