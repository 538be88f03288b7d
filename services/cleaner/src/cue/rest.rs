//! What may follow a phrase for a line to be what the phrase says.

use crate::metadata::is_month;

/// Nothing, or a mark that ends a label: "Tags: sea", "Read more »".
pub(super) fn is_labelled(rest: &str) -> bool {
    !rest.contains(char::is_alphanumeric)
        || rest.trim_start().starts_with([':', '：', '|', '»', '›', '→', '▶', '►', '>', '▸', '】', '丨'])
}

/// A few words that begin with a capital and end no sentence: "More from The Gull".
pub(super) fn is_head(rest: &str) -> bool {
    const MAX_WORDS: usize = 4;
    let rest = rest.trim();
    !rest.starts_with(char::is_lowercase)
        && !rest.ends_with(['.', '!', '?', ',', ';'])
        && rest.split(' ').nth(MAX_WORDS).is_none()
}

/// Nothing, or a date or time and little else: "on 9 March 2026 at 12:30 by Ada Ono", "3 hours ago".
pub(super) fn is_dated(rest: &str) -> bool {
    const MAX_BYTES: usize = 90;
    const MAX_OTHERS: usize = 3;
    if !rest.contains(char::is_alphanumeric) {
        return true;
    }
    if rest.len() > MAX_BYTES || !rest.contains(|character: char| character.is_numeric()) {
        return false;
    }
    let date = Date::read(rest, MAX_OTHERS);
    (date.years > 0 || date.months > 0 || date.clocks > 0 || date.units > 0) && date.others <= MAX_OTHERS
}

/// A day of a year, and nothing else but a time of day. A month alone or a year alone may head a part of an article.
pub(super) fn is_date(line: &str) -> bool {
    const MAX_BYTES: usize = 60;
    if line.len() > MAX_BYTES || line.ends_with(':') || !line.contains(|character: char| character.is_ascii_digit()) {
        return false;
    }
    let date = Date::read(line, 0);
    let is_written = date.months == 1 && date.days == 1 && date.years == 1;
    date.others == 0 && date.units == 0 && (is_written || date.numeric == 1)
}

/// How many words of each sort a text has.
#[derive(Default)]
struct Date {
    years: usize,
    months: usize,
    days: usize,
    /// All of a date in one word: 2026-03-09, 9/3/2026.
    numeric: usize,
    /// Times of day.
    clocks: usize,
    /// "hours", "ago".
    units: usize,
    /// Long words that are none of these.
    others: usize,
}

impl Date {
    /// Reads until there are more than so many other words.
    fn read(text: &str, most_others: usize) -> Self {
        /// Words of three letters and fewer are "at", "on", "pm", "UTC" and the like.
        const LONGEST_SMALL: usize = 3;
        let mut date = Self::default();
        for word in text.split([' ', ',', '|', '(', ')', '\u{a0}', '·', '•', '\t']) {
            let word = word.trim_matches(|character: char| !character.is_alphanumeric());
            let digits = word.bytes().filter(u8::is_ascii_digit).count();
            if date.others > most_others {
                break;
            }
            if word.is_empty() {
                continue;
            }
            if digits == 0 {
                let is_long = word.chars().nth(LONGEST_SMALL).is_some();
                if is_month(word) {
                    date.months += 1;
                } else if UNITS.contains(&word.to_lowercase().as_str()) {
                    date.units += 1;
                } else if is_long && !is_weekday(word) {
                    date.others += 1;
                }
            } else if word.bytes().all(|byte| byte.is_ascii_digit()) {
                match word.parse() {
                    Ok(1990..=2100) => date.years += 1,
                    Ok(1..=31) => date.days += 1,
                    _ => date.others += 1,
                }
            } else if word.contains(':') {
                date.clocks += 1;
            } else if is_numeric(word) {
                date.numeric += 1;
                date.years += 1;
            } else if !is_ordinal(word) {
                date.others += 1;
            } else {
                date.days += 1;
            }
        }
        date
    }
}

/// 2026-03-09, 9/3/2026, 09.03.26, 2026年3月9日.
fn is_numeric(word: &str) -> bool {
    let word = word.split_once('T').map_or(word, |(day, _)| day);
    let mut parts = 0;
    for part in word.split(['/', '-', '.', '年', '月', '日']).filter(|part| !part.is_empty()) {
        parts += 1;
        if !matches!(part.len(), 1 | 2 | 4) || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return false;
        }
    }
    parts == 3
}

/// 1st, 22nd, 9th, 5pm.
fn is_ordinal(word: &str) -> bool {
    let suffix = word.trim_start_matches(|character: char| character.is_ascii_digit());
    suffix.len() <= 2 && suffix.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_weekday(word: &str) -> bool {
    const ENDS: [&str; 6] = ["day", "di", "dì", "tag", "feira", "dag"];
    ENDS.iter().any(|end| word.ends_with(end)) || ["miércoles", "sábado", "domingo"].contains(&word)
}

/// What follows a count of hours or days that are gone.
const UNITS: [&str; 40] = [
    "ago",
    "hour",
    "hours",
    "hr",
    "hrs",
    "min",
    "mins",
    "minute",
    "minutes",
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "hace",
    "horas",
    "heures",
    "vor",
    "stunden",
    "minuten",
    "há",
    "fa",
    "ore",
    "uur",
    "geleden",
    "назад",
    "часов",
    "часа",
    "минут",
    "тому",
    "temu",
    "önce",
    "saat",
    "dakika",
    "منذ",
    "lalu",
    "jam",
    "menit",
    "timer",
];

/// Words between names.
const PARTICLES: [&str; 36] = [
    "and", "for", "via", "of", "from", "by", "the", "und", "et", "y", "e", "en", "i", "och", "og", "ve", "dan", "with",
    "de", "del", "della", "di", "da", "dos", "das", "la", "le", "van", "von", "der", "den", "ter", "bin", "al", "el",
    "staff",
];
/// Words that a phrase in title case has and the name of a person has not: "By The Numbers".
const NO_NAMES: [&str; 24] = [
    "the", "a", "an", "of", "for", "from", "by", "with", "in", "on", "to", "all", "any", "its", "his", "her", "their",
    "our", "your", "this", "that", "no", "not", "qué",
];

/// Nothing, or names. `people`: of people, who have two words each at least; else of companies as well.
/// `marked`: a mark must come first, since the word before may be part of the name, as in "Credit Suisse".
pub(super) fn is_named(rest: &str, people: bool, marked: bool) -> bool {
    const MAX_BYTES: usize = 120;
    const MAX_WORDS: usize = 9;
    let Some(start) = rest.find(char::is_alphanumeric) else {
        return true;
    };
    let (mark, names) = rest.split_at(start);
    if names.len() > MAX_BYTES || names.ends_with(['!', '?', ':']) || marked && !people && mark.trim().is_empty() {
        return false;
    }
    let words = || names.split([' ', '/', '\u{a0}']).filter(|word| word.contains(char::is_alphanumeric));
    let is_particle = |word: &str| PARTICLES.contains(&word.trim_matches(|c: char| !c.is_alphanumeric()));
    let is_name =
        |word: &str| word.trim_start_matches(['@', '(', '©', '"', '“']).starts_with(|c: char| !c.is_lowercase());
    let is_first_name = words().next().is_some_and(is_name);
    if !is_first_name || words().count() > MAX_WORDS || !words().all(|word| is_name(word) || is_particle(word)) {
        return false;
    }
    !people || is_people(words())
}

/// Two to four capitalized words, or twice that with an "and" or comma.
fn is_people<'t>(words: impl Iterator<Item = &'t str>) -> bool {
    let mut names = 0;
    let mut latest = 0;
    for word in words {
        let bare = word.trim_matches(|character: char| !character.is_alphanumeric());
        let lower = bare.to_lowercase();
        if NO_NAMES.contains(&lower.as_str())
            || is_month(bare)
            || is_weekday(bare)
            || bare.starts_with(|c: char| c.is_numeric())
        {
            return false;
        }
        if ["and", "und", "et", "y", "e", "en", "och", "og", "i", "ve", "dan"].contains(&bare) {
            if latest == 0 {
                return false;
            }
            latest = 0;
        } else {
            latest += 1;
            names += 1;
        }
        if word.ends_with([',', ';']) {
            latest = 0;
        }
    }
    (2..=9).contains(&names)
}
