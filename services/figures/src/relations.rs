//! How the figures of a sentence relate: what changed from one to the other, what is part of, on top of, or the same as
//! another.

use tallywire_proto::RelationKind;

use crate::{quantity::Quantity, sentence::Sentence, units::UnitKind};

/// How many tokens may stand between the two ends of a change.
const LONGEST_CHANGE: usize = 12;
/// How far two measures of the same thing may differ by rounding: "25 miles (40 km)".
const ROUNDING: f64 = 0.12;

/// What a figure says of another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Link {
    pub(crate) kind: RelationKind,
    /// The other one's place in the sentence; none where it stands in a sentence before.
    pub(crate) other: Option<usize>,
}

/// The relations of a sentence's figures, in their order.
pub(crate) fn find(sentence: &Sentence<'_>, quantities: &[Quantity<'_>]) -> Vec<Option<Link>> {
    let mut links = vec![None; quantities.len()];
    for index in 0..quantities.len() {
        if let Some(previous) = index.checked_sub(1) {
            let (left, right) = (&quantities[previous], &quantities[index]);
            let linked = |kind, other| Some(Link { kind, other: Some(other) });
            if is_conversion(sentence, left, right) {
                links[index] = linked(RelationKind::SameAs, previous);
                continue;
            }
            match change(sentence, left, right) {
                Some(Change::Forward) => {
                    links[previous] = linked(RelationKind::From, index);
                    links[index] = linked(RelationKind::To, previous);
                    continue;
                }
                Some(Change::Backward) => {
                    links[previous] = linked(RelationKind::To, index);
                    links[index] = linked(RelationKind::From, previous);
                    continue;
                }
                None => {}
            }
            if is_share_of(sentence, left, right) {
                links[previous] = linked(RelationKind::PartOf, index);
                continue;
            }
            // "Of the $90m raised, $32m went to farms."
            if previous == 0 && sentence.word(0) == "of" && left.tokens.start <= 2 && is_alike(left, right) {
                links[index] = linked(RelationKind::PartOf, previous);
                continue;
            }
        }
        let Some(kind) = open_link(sentence, quantities, index) else { continue };
        // A part is no larger than its whole, and what comes on top comes on top of the whole.
        let fits = |other: usize| {
            let is_part = links[other].is_some_and(|link: Link| link.kind == RelationKind::PartOf);
            let is_larger = kind != RelationKind::PartOf || quantities[other].high >= quantities[index].low;
            is_alike(&quantities[other], &quantities[index]) && !is_part && is_larger
        };
        let other = (0..index).rev().find(|other| fits(*other));
        links[index] = Some(Link { kind, other });
    }
    link_breakdown(sentence, quantities, &mut links);
    links
}

/// "18 people: seven students, five teachers and six parents": what follows a colon and adds up to an earlier count.
fn link_breakdown(sentence: &Sentence<'_>, quantities: &[Quantity<'_>], links: &mut [Option<Link>]) {
    let Some(first) = quantities.iter().position(|one| sentence.word_before(one.tokens.start, 1) == ":") else {
        return;
    };
    let (whole, parts) = quantities.split_at(first);
    let sum: f64 = parts.iter().map(|part| part.low).sum();
    let adds_up =
        |whole: &Quantity<'_>| whole.low.total_cmp(&sum).is_eq() && parts.iter().all(|part| is_alike(whole, part));
    let Some(whole) = whole.iter().position(adds_up).filter(|_| parts.len() > 1) else { return };
    for link in &mut links[first..] {
        *link = Some(Link { kind: RelationKind::PartOf, other: Some(whole) });
    }
}

/// Whether two figures can be one another's part or addition: both count, or both are amounts of one kind.
pub(crate) fn is_alike(one: &Quantity<'_>, other: &Quantity<'_>) -> bool {
    one.kind() == other.kind() && !one.is_age && !other.is_age && one.is_number() && other.is_number()
}

#[derive(Clone, Copy)]
enum Change {
    /// "from 5 to 7"
    Forward,
    /// "to 7 from 5", "7, up from 5"
    Backward,
}

fn change(sentence: &Sentence<'_>, left: &Quantity<'_>, right: &Quantity<'_>) -> Option<Change> {
    let gap = left.tokens.end..right.tokens.start;
    let breaks = |at: usize| matches!(sentence.word(at), ";" | "." | "while" | "but");
    let comparable = left.kind() == right.kind() && !left.is_age && left.is_number() && right.is_number();
    if !comparable || gap.len() > LONGEST_CHANGE || gap.clone().any(breaks) {
        return None;
    }
    let (before_left, before_right) = (opening(sentence, left), opening(sentence, right));
    match (before_left, before_right) {
        ("from", "to") => Some(Change::Forward),
        ("to" | "at", "from") => Some(Change::Backward),
        (_, "from") => {
            let word = sentence.word_before(right.tokens.start, 2);
            matches!(word, "up" | "down" | "increase" | "rise" | "drop" | "fall" | "decline")
                .then_some(Change::Backward)
        }
        _ => None,
    }
}

/// The word right before a figure, its article left out.
fn opening<'s>(sentence: &Sentence<'s>, quantity: &Quantity<'_>) -> &'s str {
    let first = quantity.tokens.start;
    match sentence.word_before(first, 1) {
        "a" | "an" | "the" => sentence.word_before(first, 2),
        word => word,
    }
}

/// "25 miles (40 km)", "£3m ($4m)", "20 feet, or 6 metres".
fn is_conversion(sentence: &Sentence<'_>, left: &Quantity<'_>, right: &Quantity<'_>) -> bool {
    let (Some(one), Some(other)) = (left.unit, right.unit) else { return false };
    let gap = left.tokens.end..right.tokens.start;
    let is_bracketed = gap.len() <= 2 && gap.clone().any(|at| sentence.raw(at) == "(");
    let is_or = sentence.word(right.tokens.start.wrapping_sub(1)) == "or" && gap.len() <= 2;
    if one.name == other.name || !(is_bracketed || is_or) {
        return false;
    }
    match (one.kind, other.kind) {
        // "£2.3m, or 12p a share"
        (UnitKind::Money, UnitKind::Money) => is_bracketed || left.per == right.per,
        (UnitKind::Measure, UnitKind::Measure) => {
            let (Some(one), Some(other)) = (one.si(left.low), other.si(right.low)) else { return false };
            one.unit == other.unit && (one.value.0 - other.value.0).abs() <= ROUNDING * one.value.0.abs()
        }
        _ => false,
    }
}

/// "three of the nine dams", "40% of the 200 houses".
fn is_share_of(sentence: &Sentence<'_>, left: &Quantity<'_>, right: &Quantity<'_>) -> bool {
    let of = left.number.end.max(left.tokens.end.min(right.tokens.start));
    let gap = of..right.tokens.start;
    let fills =
        |at: usize| matches!(sentence.word(at), "of" | "the" | "its" | "their" | "his" | "her" | "these" | "those");
    let is_owned = || sentence.is_possessive(gap.end - 1) && gap.len() <= 5;
    let counts = right.unit.is_none() && right.is_number();
    let is_of = !gap.is_empty() && sentence.word(gap.start) == "of";
    counts && is_of && (gap.clone().all(fills) || is_owned())
}

/// What the words around a figure say of one before it: "another 12", "including 12", "12 of them", "12 more".
fn open_link(sentence: &Sentence<'_>, quantities: &[Quantity<'_>], index: usize) -> Option<RelationKind> {
    let quantity = &quantities[index];
    let (first, end) = (quantity.tokens.start, quantity.number.end);
    if quantity.is_age || !quantity.is_number() || quantity.direction.is_some() {
        return None;
    }
    let opens = |back: usize| sentence.word_before(quantity.number.start, back);
    let is_added = matches!(opens(1), "another" | "further" | "additional" | "extra")
        || matches!(sentence.word(end), "more" | "others" | "other" | "further" | "additional")
            && !matches!(sentence.word(end + 1), "than" | "times");
    if is_added {
        return Some(RelationKind::AdditionalTo);
    }
    let before = [1, 2, 3].map(|back| sentence.word_before(first, back));
    let is_included = before[0] == "including"
        || before[0] == "include"
        || before[0] == "included"
        || matches!((before[1], before[0]), ("of" | "among", "whom" | "them" | "which" | "these" | "those"))
        || matches!((before[2], before[1], before[0]), ("of" | "among", "whom" | "them" | "these" | "those", ","))
        || matches!((before[2], before[1], before[0]), ("among", "them", "were" | "are"));
    let is_part = sentence.word(end) == "of" && matches!(sentence.word(end + 1), "them" | "whom" | "those" | "these");
    (is_included || is_part).then_some(RelationKind::PartOf)
}

#[cfg(test)]
mod tests {
    use tallywire_text::tokens;

    use super::*;
    use crate::{
        combine::combine, digits::Separators, directions::Directions, number_words::NumberWords, units::Units,
    };

    fn links(text: &str) -> Vec<Option<(RelationKind, Option<usize>)>> {
        let lower = text.to_ascii_lowercase();
        let tokens = tokens(text);
        let sentence = Sentence::new(text, &lower, &tokens);
        let (units, numbers) = (Units::load(), NumberWords::load().find(&sentence, Separators::CommaThousands));
        let quantities = numbers.iter().map(|number| units.measured(&sentence, number)).collect();
        let quantities = combine(&sentence, quantities, &Directions::load());
        find(&sentence, &quantities).into_iter().map(|link| link.map(|link| (link.kind, link.other))).collect()
    }

    #[test]
    fn changes_in_either_order() {
        use RelationKind::{From, To};
        assert_eq!(links("rose from 5% to 7%"), [Some((From, Some(1))), Some((To, Some(0)))]);
        assert_eq!(links("fell to 7% from 9%"), [Some((To, Some(1))), Some((From, Some(0)))]);
        assert_eq!(links("stood at 7%, up from 5%"), [Some((To, Some(1))), Some((From, Some(0)))]);
        assert_eq!(links("from 5% and 7 km"), [None, None]);
    }

    #[test]
    fn the_same_in_another_unit() {
        assert_eq!(links("some 25 miles (40 km) away")[1], Some((RelationKind::SameAs, Some(0))));
        assert_eq!(links("for £3m ($4m)")[1], Some((RelationKind::SameAs, Some(0))));
        assert_eq!(links("25 miles (4 km)")[1], None);
        assert_eq!(links("£2.3m, or 12p a share")[1], None);
    }

    #[test]
    fn parts_and_additions() {
        use RelationKind::{AdditionalTo, PartOf};
        assert_eq!(links("three of the nine dams")[0], Some((PartOf, Some(1))));
        assert_eq!(links("12 died, including 3 of the crew")[1], Some((PartOf, Some(0))));
        assert_eq!(links("12 died and another 30 were hurt")[1], Some((AdditionalTo, Some(0))));
        assert_eq!(links("Of them, 30 were hurt"), [Some((PartOf, None))]);
        assert_eq!(links("30 more than last year"), [None]);
        assert_eq!(links("12 men came: 7 cooks and 5 tailors")[1..], [Some((PartOf, Some(0))); 2]);
        assert_eq!(links("12 men came: 7 cooks and 4 tailors")[1..], [None; 2]);
    }
}
