//! The laws that every reading keeps.

#![allow(clippy::expect_used, reason = "a law that does not hold fails the test")]

use tallywire_figures::Reading;
use tallywire_proto::Entity;

/// Checks that figures count from `f1` and stand in the order of the text, apart; that figures and times hold what their
/// spans cut out; that sources stand beside their figures; that bounds are finite and in order; that references lead to
/// what there is.
///
/// # Panics
/// Where they do not.
pub(crate) fn assert_laws(text: &str, entities: &[Entity], reading: &Reading) {
    let points: Vec<char> = text.chars().collect();
    let slice = |start: usize, end: usize| -> String {
        points.get(start..end).expect("a span is within the text").iter().collect()
    };
    let is_known = |id: &String| entities.iter().any(|entity| entity.id == *id);
    let mut last = 0;
    for (number, figure) in (1_usize..).zip(&reading.figures) {
        assert_eq!(figure.id, format!("f{number}"));
        assert!(last <= figure.start && figure.start < figure.end, "{}..{} after {last}", figure.start, figure.end);
        assert_eq!(slice(figure.start, figure.end), figure.text);
        last = figure.end;
        let bounds = [figure.value.low, figure.value.high];
        assert!(bounds.iter().flatten().all(|bound| bound.0.is_finite()) && bounds != [None, None], "{figure:?}");
        assert!(!matches!(bounds, [Some(low), Some(high)] if low > high), "{figure:?}");
        assert!(figure.si.as_ref().is_none_or(|si| si.value.0.is_finite()), "{figure:?}");
        assert!((0.0..=1.0).contains(&figure.confidence), "{figure:?}");
        assert!(figure.time.is_none_or(|time| time < reading.times.len()), "{figure:?}");
        assert!(figure.place.as_ref().is_none_or(is_known), "{figure:?}");
        if let Some(source) = &figure.source {
            assert!(source.entity.as_ref().is_none_or(is_known), "{figure:?}");
            assert!(source.end <= figure.start || figure.end <= source.start, "{figure:?}");
            // What a quotation's speaker is called, and where, is taken from the quotation.
            if source.entity.is_none() {
                assert!(!slice(source.start, source.end).is_empty() && !source.name.is_empty(), "{figure:?}");
            }
        }
        if let Some(relation) = &figure.relation {
            let other = relation.figure.strip_prefix('f').and_then(|other| other.parse::<usize>().ok());
            assert!(other.is_some_and(|other| other != number && (1..=reading.figures.len()).contains(&other)));
        }
    }
    for time in &reading.times {
        assert!(time.start < time.end, "{time:?}");
        assert_eq!(slice(time.start, time.end), time.text);
    }
}
