//! What is read of any text can be stated figure by figure, each within its sentence.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use proptest::prelude::*;
use tallywire_figures::Reader;
use tallywire_proto::{Message, StatedFigure, Tagged};

/// The longest passage, in bytes, that a figure is shown with.
const LONGEST: usize = 1_000;

fn check(text: &str) -> Result<(), TestCaseError> {
    let mut tagged = Tagged::decode(include_bytes!("../../../proto/samples/tagged.json")).unwrap();
    text.clone_into(&mut tagged.article.text);
    let enriched = Reader::new().enrich(tagged, "2026-03-12T06:16:02Z".parse().unwrap());
    let points: Vec<char> = text.chars().collect();
    for StatedFigure { figure, sentence, .. } in StatedFigure::all_of(&enriched) {
        prop_assert_eq!(points[sentence.start..sentence.end].iter().collect::<String>(), sentence.text.as_str());
        prop_assert!(sentence.start <= figure.start && figure.end <= sentence.end);
        prop_assert!(sentence.text.len() <= LONGEST.max(figure.text.len()));
    }
    Ok(())
}

#[test]
fn of_a_sentence_without_end_a_piece_is_shown() {
    check(&"é 12 boats and ".repeat(2_000)).unwrap();
    check(&"7".repeat(5_000)).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_figure_stands_in_its_sentence(text in "([0-9]{1,3}|boats|é|killed|in|Lima|,|\\.|\n\n| ){0,60}") {
        check(&text)?;
    }
}
