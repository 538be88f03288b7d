//! Which of many days or months is meant where nothing more is said: the tense of the clause tells.

use jiff::{ToSpan, civil::Date};

use super::{
    TimeContext,
    calendar::{self, Reach},
};

/// How far back the verb is looked for.
const LOOK_BACK: usize = 12;

/// How many days ahead a date without a year may be where no verb tells otherwise: "payable Jan. 2".
const NEAR: i32 = 120;

/// What the clause before a time tells.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Tense {
    Past,
    Future,
    /// "announced", "payable": a participle may stand for either.
    Participle,
    Unknown,
}

/// The weekday or holiday that is meant is past or to come; news is about the past where no word tells.
pub(crate) fn reach(context: &TimeContext<'_, '_>, at: usize) -> Reach {
    match tense(context, at, false) {
        Tense::Future => Reach::Future,
        _ => Reach::Past,
    }
}

/// The year of a month, or of a day in it, that the text leaves out.
pub(crate) fn year_of(context: &TimeContext<'_, '_>, at: usize, month: i8, day: Option<i8>) -> Option<i64> {
    let published = context.published?;
    let sentence = &context.sentence;
    // "the Oct. 23 fire", "the Jan. 14 deadline": the nearest, whatever the verb.
    let is_attribute = sentence.word_before(at, 1) == "the" && day.is_some();
    let tense = if is_attribute { Tense::Unknown } else { tense(context, at, true) };
    let is_limit = matches!(sentence.word_before(at, 1), "by" | "through") && tense != Tense::Past;
    let reach = match (tense, day) {
        _ if is_limit && day.is_none() => Reach::Future,
        (Tense::Future, _) => Reach::Future,
        (Tense::Past, _) => Reach::Past,
        (_, Some(day)) if is_near(published, month, day) => Reach::Future,
        // "in March" in February is the next one, "in January" in October the last.
        (Tense::Unknown, None) if published.month() % 12 + 1 == month => Reach::Future,
        _ => Reach::Past,
    };
    let mut year = i64::from(calendar::month_of(published, month, reach)?.year());
    if let Some(day) = day.filter(|_| month == published.month()) {
        // The same month: its days before or after today.
        match reach {
            Reach::Future if day < published.day() => year += 1,
            Reach::Past if day > published.day() => year -= 1,
            _ => {}
        }
    }
    Some(year)
}

/// Whether a day is the next one by that name within some months.
fn is_near(published: Date, month: i8, day: i8) -> bool {
    let limit = published.checked_add(NEAR.days()).unwrap_or(published);
    (0..=1).any(|later| {
        let year = i64::from(published.year()) + later;
        calendar::date(year, month, day).is_some_and(|day| published < day && day <= limit)
    })
}

/// The nearest word before the time that tells.
///
/// A weekday is mostly that of the sentence's verb; a date may be any.
fn tense(context: &TimeContext<'_, '_>, at: usize, is_date: bool) -> Tense {
    let sentence = &context.sentence;
    let before = |back: usize| sentence.word_before(at, back);
    // "Wednesday’s ruling" has been made.
    if matches!(sentence.word(at + 1), "'s" | "’s") && sentence.is_word(at + 2) {
        return Tense::Past;
    }
    for back in 1..=LOOK_BACK.min(at) {
        let is_over = |words: usize| {
            (1..=words).any(|more| matches!(before(back + more), "had" | "been" | "previously" | "originally" | "was"))
        };
        let next = if back > 1 { before(back - 1) } else { "" };
        match before(back) {
            "will" | "shall" | "'ll" | "’ll" | "won't" | "won’t" | "would" | "must" | "may" | "might" | "upcoming" =>
            {
                return Tense::Future;
            }
            // "as early as Tuesday", "as soon as Friday"
            "early" | "soon" if before(back + 1) == "as" && back <= 2 => return Tense::Future,
            // "between now and Feb. 10"
            "now" if back <= 3 && matches!(next, "and" | "to" | "until" | "through") => return Tense::Future,
            // "had been due to expire Friday"
            "due" | "scheduled" | "expected" | "planned" | "slated" | "supposed" => {
                return if is_over(3) { Tense::Past } else { Tense::Future };
            }
            "set" if matches!(next, "to" | "for") => return Tense::Future,
            "plan" | "plans" | "expects" | "intends" | "hopes" | "planning" | "ready" | "wants" if next == "to" => {
                return Tense::Future;
            }
            // "not until Tuesday", "up until Thursday"
            "until" | "till" if back <= 4 => {
                let is_over = matches!(before(back + 1), "not" | "up" | "n't") || back == at;
                return if is_over { Tense::Past } else { Tense::Future };
            }
            // "are to meet Monday", "to be published in November"
            "to" if matches!(before(back + 1), "is" | "are") || next == "be" => return Tense::Future,
            _ if sentence.is_capitalized(at - back) && at > back => {}
            // "The company said it redeems the stock Dec. 7" tells nothing of that day.
            "said" | "told" => return if is_date { Tense::Unknown } else { Tense::Past },
            word if is_past(word) => return if is_date && back > 4 { Tense::Participle } else { Tense::Past },
            word if word.len() > 4 && word.ends_with("ed") => {
                return match before(back + 1) {
                    "be" => Tense::Future,
                    "was" | "were" if !is_date => Tense::Past,
                    _ => Tense::Participle,
                };
            }
            "." | ";" => return Tense::Unknown,
            _ => {}
        }
    }
    Tense::Unknown
}

/// A verb that has a form for the past alone.
fn is_past(word: &str) -> bool {
    matches!(
        word,
        "ended"
            | "was"
            | "were"
            | "had"
            | "did"
            | "went"
            | "came"
            | "took"
            | "made"
            | "began"
            | "fell"
            | "rose"
            | "won"
            | "lost"
            | "met"
            | "held"
            | "left"
            | "sent"
            | "gave"
            | "got"
            | "found"
            | "saw"
            | "became"
            | "kept"
            | "broke"
            | "brought"
            | "thought"
            | "sold"
            | "spent"
            | "struck"
            | "shot"
            | "led"
            | "ran"
            | "wrote"
            | "spoke"
            | "flew"
            | "drew"
            | "grew"
            | "since"
    )
}

#[cfg(test)]
mod tests {
    use crate::times::tests::one;

    #[test]
    fn the_nearest_verb_tells() {
        one("It rained on Friday.", "Friday", "2024-03-01");
        one("It will rain on Friday.", "Friday", "2024-03-08");
        one("The ferry will be built, he said Tuesday.", "Tuesday", "2024-03-05");
        one("The choir could sing as early as Friday.", "Friday", "2024-03-08");
        one("The bridge is to open on Friday.", "Friday", "2024-03-08");
        one("The permit had been due to lapse Friday.", "Friday", "2024-03-01");
        one("It was not until Friday that the pump failed.", "Friday", "2024-03-01");
        one("They would try to undo Friday’s ruling.", "Friday", "2024-03-01");
    }

    #[test]
    fn years_left_out() {
        one("The hall opened in October.", "October", "2023-10");
        one("The hall is to open in October.", "October", "2024-10");
        one("The fee is payable April 2.", "April 2", "2024-04-02");
        one("It said the dues fall due on March 9.", "March 9", "2024-03-09");
        one("They met before the March 4 fire.", "March 4", "2024-03-04");
        one("The roof is to be mended by June.", "June", "2024-06");
        one("He paid the fee on March 9.", "March 9", "2024-03-09");
        one("The dam broke on March 9.", "March 9", "2023-03-09");
    }
}
