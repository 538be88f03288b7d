//! Whether what is told of happened, is to happen, may have happened, did not, or is denied.

use tallywire_proto::EventStatus;

use crate::sentence::Sentence;

/// How many tokens before a word may say that it is denied or planned.
const REACH: usize = 8;

/// How far before "and" a verb with the same subject may stand, in tokens.
const LONGEST_CLAUSE: usize = 12;

/// The status of the event that the word at `trigger` tells of, which happened to the figure at `figure`.
pub(crate) fn status(sentence: &Sentence<'_>, trigger: usize, figure: usize) -> EventStatus {
    let mut at = trigger;
    let mut is_perfect = false;
    // Back over "have been badly", or the article of a noun, to what governs them; and on from "managed to".
    while at > 0 {
        if is_implicative(sentence.word_before(at, 2)) && sentence.word_before(at, 1) == "to" {
            at -= 2;
        } else if is_auxiliary(sentence.word(at - 1)) {
            at -= 1;
            is_perfect |= matches!(sentence.word(at), "have" | "has" | "had");
        } else {
            break;
        }
    }
    let negates = (at..trigger).any(|token| is_negation(sentence.word(token)));
    let governor = sentence.word_before(at, 1);
    // "guilty to stealing", "swung to a loss": no infinitive.
    let leads_to_noun = matches!(sentence.word(at), "a" | "an") || sentence.word(at).ends_with("ing");
    let leads = if governor == "to" { sentence.word_before(at, 2) } else { "" };
    if negates
        || is_negation(governor)
        || matches!(leads, "failed" | "fails" | "refused" | "refuses" | "unable")
        || has_no_one(sentence, trigger.min(figure))
    {
        return EventStatus::Negated;
    }
    let start = trigger.min(figure);
    let before =
        || (1..=REACH).map(|back| sentence.word_before(start, back)).take_while(|word| !matches!(*word, ";" | "."));
    if before().any(|word| matches!(word, "denied" | "denies" | "deny" | "denying")) {
        return EventStatus::Denied;
    }
    match governor {
        "may" | "might" | "could" | "feared" | "presumed" | "believed" | "thought" | "suspected" => {
            EventStatus::Possible
        }
        "would" if is_perfect => EventStatus::Possible,
        "expected" | "expects" | "forecast" | "forecasts" | "projected" => EventStatus::Possible,
        // "is believed to have killed"
        "to" if matches!(leads, "feared" | "presumed" | "believed" | "thought" | "suspected") => EventStatus::Possible,
        "to" if is_perfect || (leads_to_noun && sentence.word(at) != "being") => EventStatus::Actual,
        "will" | "would" | "to" | "shall" | "should" | "’ll" | "'ll" => EventStatus::Planned,
        "and" | "or" if trigger < figure && is_still_governed(sentence, at, trigger) => EventStatus::Planned,
        _ => {
            let plans = before().take_while(|word| *word != ",").any(|word| {
                matches!(
                    word,
                    "plans"
                        | "plan"
                        | "planned"
                        | "planning"
                        | "proposes"
                        | "proposed"
                        | "intends"
                        | "aims"
                        | "will"
                        | "expects"
                        | "hopes"
                        | "threatened"
                        | "threatens"
                )
            });
            if plans && trigger > figure { EventStatus::Planned } else { EventStatus::Actual }
        }
    }
}

/// "will hire 30 men and spend $5m": whether what governs the first verb governs a second one behind "and" too, which
/// stands in the infinitive.
fn is_still_governed(sentence: &Sentence<'_>, at: usize, trigger: usize) -> bool {
    let verb = sentence.word(trigger);
    let is_infinitive = at == trigger
        && !["ed", "s", "ing"].iter().any(|ending| verb.ends_with(ending))
        && !matches!(
            verb,
            "sold" | "bought" | "spent" | "built" | "paid" | "gave" | "lent" | "lost" | "sank" | "slain"
        );
    // "cut" and "shut" may as well be of the past.
    let is_certain = !matches!(verb, "cut" | "shut" | "quit" | "shed" | "hurt");
    let governor = (1..=LONGEST_CLAUSE)
        .map(|back| sentence.word_before(at, back))
        .take_while(|word| !matches!(*word, ";" | "," | "." | "that" | "which" | "who"))
        .find(|word| matches!(*word, "will" | "would" | "to" | "shall" | "should"));
    is_infinitive && governor.is_some_and(|governor| is_certain || governor != "to")
}

/// Words that happen as what "to" leads to behind them does: "managed to rescue", "may be forced to shut".
fn is_implicative(word: &str) -> bool {
    matches!(
        word,
        "managed" | "helped" | "forced" | "continued" | "began" | "started" | "went" | "had" | "used" | "able"
    )
}

fn is_auxiliary(word: &str) -> bool {
    matches!(
        word,
        "a" | "an"
            | "be"
            | "been"
            | "being"
            | "have"
            | "has"
            | "had"
            | "is"
            | "are"
            | "was"
            | "were"
            | "also"
            | "yet"
            | "reportedly"
    ) || is_negation(word)
        || (word.len() > 4 && word.ends_with("ly"))
}

fn is_negation(word: &str) -> bool {
    matches!(word, "not" | "never" | "cannot" | "without" | "no") || word.ends_with("n't") || word.ends_with("n’t")
}

/// "None of the 212 passengers", "no one": before the figure or the word, whichever comes first.
fn has_no_one(sentence: &Sentence<'_>, start: usize) -> bool {
    (1..=3).any(|back| matches!(sentence.word_before(start, back), "none" | "neither" | "nobody"))
}
