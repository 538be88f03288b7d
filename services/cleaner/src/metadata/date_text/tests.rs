use proptest::prelude::*;

use super::*;

fn read(text: &str) -> String {
    moment(text, None).map_or("none".to_owned(), |moment| moment.to_string())
}

#[test]
fn reads_days() {
    for text in [
        "2026-03-09",
        "2026/3/9",
        "20260309",
        "9 March 2026",
        "March 9, 2026",
        "Mar. 9th, 2026",
        "09-Mar-2026",
        "9. März 2026",
        "9 de marzo de 2026",
        "Published: Monday, 9 Mar 2026 | News",
        "09.03.2026",
        "2026年3月9日",
        "le 9 mars 2026",
        "2026. március 9.",
        "9 March 2026 updated 14:05",
    ] {
        assert_eq!(read(text), "2026-03-09", "{text}");
    }
    assert_eq!(read("12/31/2026"), "2026-12-31");
    assert_eq!(read("31/12/2026"), "2026-12-31");
}

#[test]
fn reads_times_and_keeps_offsets() {
    for (text, expected) in [
        ("2026-03-09T14:05:00+0100", "2026-03-09T14:05:00+01:00"),
        ("2026-03-09 14:05", "2026-03-09T14:05:00"),
        ("2026-03-09T14:05:00.000Z", "2026-03-09T14:05:00Z"),
        ("Mon, 09 Mar 2026 14:05:30 GMT", "2026-03-09T14:05:30Z"),
        ("March 9, 2026 at 2:05 p.m. EDT", "2026-03-09T14:05:00-04:00"),
        ("12 am, 9 March 2026", "2026-03-09T00:00:00"),
        ("Mon Mar 09 2026 14:05:00 GMT+0100 (CET)", "2026-03-09T14:05:00+01:00"),
        ("1773065100", "2026-03-09T14:05:00Z"),
        ("9 March 2026, 14:05 - 3 min read", "2026-03-09T14:05:00"),
        ("9 March 2026, 14:05 GMT+1", "2026-03-09T14:05:00+01:00"),
        ("9 March 2026, 14:05 -03:00", "2026-03-09T14:05:00-03:00"),
        ("Published 9 March 2026, updated 10 March 2026 at 14:05", "2026-03-09"),
        ("9 March 2026 12:30, 10 March 2026 14:05", "2026-03-09T12:30:00"),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn what_is_unclear_is_not_read() {
    for text in [
        "",
        "yesterday",
        "03/04/2026",
        "March 2026",
        "31 April 2026",
        "0001-01-01",
        "1970-01-01T00:00:00Z",
        "12:30",
        "March 2026 5 min read",
    ] {
        assert_eq!(read(text), "none", "{text}");
    }
}

#[test]
fn every_part_speaks_for_itself() {
    let said = |text: &str| -> Vec<(String, bool)> {
        let found = stated(text, |part| moment(part, None)).into_iter();
        found.filter_map(|stated| Some((stated.moment?.to_string(), stated.is_updated))).collect()
    };
    let [first, second] = [("2026-03-09".to_owned(), false), ("2026-03-10".to_owned(), true)];
    for separator in ["|", "·", "–", "-"] {
        let [one, two] = ["Published: 9 March 2026", "Updated: 10 March 2026"];
        assert_eq!(said(&format!("{one} {separator} {two}")), [first.clone(), second.clone()]);
        assert_eq!(said(&format!("{two} {separator} {one}")), [second.clone(), first.clone()]);
    }
    assert_eq!(said("9 March 2026 · Updated 10 March 2026"), [first, second]);
    assert!(stated(&"1 ".repeat(1_000), |part| moment(part, None)).is_empty());
}

proptest! {
    #[test]
    fn any_text_is_read(text in "(\\PC|İ){0,60}|[0-9 :./+a-z-]{0,60}") {
        let _ = (moment(&text, None), stated(&text, |part| moment(part, None)));
    }
}
