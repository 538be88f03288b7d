//! Whether `03/04/2026` on a page is a day in April or in March.

use super::{
    date_text::{DayOrder, day_order},
    headline_area::HeadlineArea,
    marks::Marks,
    sources::Sources,
};
use crate::plain;

/// Elements that are asked how they write dates.
const MAX_ELEMENTS: usize = 50;
/// A longer text is no date.
const MAX_TEXT: usize = 60;
/// Countries where English is written and the day comes first, by the end of their hosts.
const DAY_FIRST: [&str; 14] = ["uk", "ie", "au", "nz", "in", "za", "sg", "my", "ng", "ke", "gh", "pk", "hk", "eu"];

/// How a page writes dates in numbers; `None` where it does not say.
///
/// Its other dates count first, then the country of its address, then the country of the language that it declares.
/// English alone says nothing.
pub(super) fn of(sources: &Sources<'_, '_>, area: &HeadlineArea<'_, '_>) -> Option<DayOrder> {
    let marks = Marks::DATE.with(Marks::TIME).with(Marks::PUBLISHED).with(Marks::MODIFIED);
    let dated = sources.all_marked().filter(|marked| marked.marks.has(marks)).take(MAX_ELEMENTS);
    let shown = dated.filter_map(|marked| day_order(&plain::text_of(marked.node, MAX_TEXT)?));
    let beside = area.pieces().iter().filter_map(|piece| day_order(&piece.text));
    shown.chain(beside).next().or_else(|| of_host(sources)).or_else(|| of_language(&sources.language()?))
}

fn of_host(sources: &Sources<'_, '_>) -> Option<DayOrder> {
    match sources.url?.host_str()?.rsplit('.').next()? {
        "us" | "gov" | "mil" => Some(DayOrder::MonthFirst),
        country if DAY_FIRST.contains(&country) => Some(DayOrder::DayFirst),
        _ => None,
    }
}

/// What a tag such as `en-GB` says: only the United States and the Philippines write the month first, Canada does both.
fn of_language(tag: &str) -> Option<DayOrder> {
    let tag = tag.to_ascii_lowercase();
    let mut parts = tag.split(['-', '_']);
    let language = parts.next()?;
    match (language, parts.find(|part| part.len() == 2)) {
        (_, Some("us" | "ph")) => Some(DayOrder::MonthFirst),
        (_, Some("ca")) | ("en", None) => None,
        ("en", Some(_)) => Some(DayOrder::DayFirst),
        _ if matches!(language.len(), 2 | 3) => Some(DayOrder::DayFirst),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_differ() {
        for (tag, expected) in [
            ("en-US", Some(DayOrder::MonthFirst)),
            ("en_GB", Some(DayOrder::DayFirst)),
            ("de", Some(DayOrder::DayFirst)),
            ("zh-Hant-TW", Some(DayOrder::DayFirst)),
            ("en", None),
            ("fr-CA", None),
            ("", None),
        ] {
            assert_eq!(of_language(tag), expected, "{tag}");
        }
    }
}
