//! The most probable names that the scores of a sentence allow (A. Viterbi, "Error bounds for convolutional codes",
//! 1967).

use super::{Found, KINDS, Scores, TAGS};

/// A part of a name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Part {
    None,
    First,
    Inner,
    Last,
    Only,
}

/// The part and the number of the kind that a tag means.
fn meaning(tag: usize) -> (Part, usize) {
    const PARTS: [Part; 4] = [Part::First, Part::Inner, Part::Last, Part::Only];
    match tag.checked_sub(1) {
        None => (Part::None, 0),
        Some(number) => (PARTS[number % PARTS.len()], number / PARTS.len()),
    }
}

/// Whether a tag leaves a name open that the next word goes on with.
fn opens(tag: usize) -> bool {
    matches!(meaning(tag).0, Part::First | Part::Inner)
}

/// Whether `next` may stand behind `tag`: a name that has begun goes on with its own kind until it ends.
fn may_follow(tag: usize, next: usize) -> bool {
    let (part, kind) = meaning(next);
    let goes_on = matches!(part, Part::Inner | Part::Last);
    if opens(tag) { goes_on && kind == meaning(tag).1 } else { !goes_on }
}

/// For each tag, those that may stand before it.
pub(super) struct Transitions {
    before: [Vec<usize>; TAGS],
}

impl Transitions {
    pub(super) fn new() -> Self {
        let before = |next| (0..TAGS).filter(|tag| may_follow(*tag, next)).collect();
        Self { before: std::array::from_fn(before) }
    }

    /// Adds the names of a sentence, whose first word has the number `base`.
    pub(super) fn names(&self, scores: &[Scores], base: usize, found: &mut Vec<Found>) {
        let mut first = 0;
        let path = self.best_path(scores);
        for (at, tag) in path.iter().enumerate() {
            let (part, kind) = meaning(*tag);
            if matches!(part, Part::First | Part::Only) {
                first = at;
            }
            if matches!(part, Part::Last | Part::Only) {
                let words = base + first..base + at + 1;
                found.push(Found {
                    words,
                    kind: KINDS[kind],
                    confidence: confidence(&scores[first..=at], &path[first..=at]),
                });
            }
        }
    }

    /// The tags of the allowed path with the greatest sum of scores.
    fn best_path(&self, scores: &[Scores]) -> Vec<usize> {
        let mut back: Vec<[usize; TAGS]> = Vec::with_capacity(scores.len());
        // Before the first word, no name is open.
        let mut sums = [f32::NEG_INFINITY; TAGS];
        sums[0] = 0.0;
        for word in scores {
            let mut next = [f32::NEG_INFINITY; TAGS];
            let mut from = [0; TAGS];
            for (tag, (sum, origin)) in next.iter_mut().zip(&mut from).enumerate() {
                for before in &self.before[tag] {
                    if sums[*before] > *sum {
                        (*sum, *origin) = (sums[*before], *before);
                    }
                }
                *sum += word[tag];
            }
            sums = next;
            back.push(from);
        }
        let closed = (0..TAGS).filter(|tag| !opens(*tag));
        let mut tag = closed.max_by(|left, right| sums[*left].total_cmp(&sums[*right])).unwrap_or(0);
        let mut path = vec![0; scores.len()];
        for (slot, from) in path.iter_mut().zip(&back).rev() {
            *slot = tag;
            tag = from[tag];
        }
        path
    }
}

/// The geometric mean of the probabilities that the scores of words give their tags.
fn confidence(scores: &[Scores], tags: &[usize]) -> f64 {
    let logarithm = |scores: &Scores, tag: usize| {
        let greatest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let sum: f32 = scores.iter().map(|score| (score - greatest).exp()).sum();
        scores[tag] - greatest - sum.ln()
    };
    let sum: f32 = scores.iter().zip(tags).map(|(scores, tag)| logarithm(scores, *tag)).sum();
    f64::from(sum / tags.len() as f32).exp()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tallywire_proto::EntityKind;

    use super::*;

    #[test]
    fn a_name_that_begins_ends_as_the_same_kind() {
        // First of a person; then last of an organization is best by a little, last of a person next.
        let mut scores = [[-9.0; TAGS]; 2];
        scores[0][1] = -0.1;
        scores[1][7] = -0.2;
        scores[1][3] = -0.5;
        let mut found = Vec::new();
        Transitions::new().names(&scores, 5, &mut found);
        assert_eq!(found.len(), 1);
        assert_eq!((&found[0].words, found[0].kind), (&(5..7), EntityKind::Person));
    }

    #[test]
    fn confidence_is_the_mean_probability() {
        let mut scores = [[2.0_f32.ln(); TAGS]; 2];
        // Of the tag, four times and nine times as probable as each of the twelve others.
        scores[0][3] = 8.0_f32.ln();
        scores[1][4] = 18.0_f32.ln();
        let expected = (4.0 / 16.0 * 9.0 / 21.0_f64).sqrt();
        assert!((confidence(&scores, &[3, 4]) - expected).abs() < 1e-6);
    }

    proptest! {
        #[test]
        fn names_are_in_order_and_inside(
            scores in proptest::collection::vec(proptest::array::uniform13(-9.0_f32..0.0), 0..30)
        ) {
            let mut found = Vec::new();
            Transitions::new().names(&scores, 0, &mut found);
            let mut end = 0;
            for name in found {
                prop_assert!(name.words.start >= end && name.words.end > name.words.start);
                prop_assert!(name.confidence > 0.0 && name.confidence <= 1.0 + 1e-6, "{}", name.confidence);
                end = name.words.end;
            }
            prop_assert!(end <= scores.len());
        }

        #[test]
        fn no_allowed_path_is_better(scores in proptest::collection::vec(proptest::array::uniform13(-9.0_f32..0.0), 3)) {
            let sum = |path: &[usize]| -> f32 { path.iter().zip(&scores).map(|(tag, word)| word[*tag]).sum() };
            let best = sum(&Transitions::new().best_path(&scores));
            for first in 0..TAGS {
                for second in 0..TAGS {
                    for third in 0..TAGS {
                        let allowed = may_follow(0, first)
                            && may_follow(first, second)
                            && may_follow(second, third)
                            && !opens(third);
                        prop_assert!(!allowed || sum(&[first, second, third]) <= best + 1e-4);
                    }
                }
            }
        }
    }
}
