//! Weeks, seasons and quarters by their names: "the third quarter of 1998", "the week of March 6", "fiscal 1989".

use super::{
    Grain, Time, TimeContext,
    calendar::{self, TimeUnit},
    dates,
    words::TimeWord,
    years::{self, year_at},
};
use crate::sentence::Sentence;

/// A period that is named.
pub(crate) fn period(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    quarter(context, first)
        .or_else(|| quarter_sign(context, first))
        .or_else(|| fiscal(context, first))
        .or_else(|| season(context, first))
        .or_else(|| around_date(context, first))
        .or_else(|| reference(context, first))
}

/// "the third quarter of 1998", "fourth-quarter", "the fiscal first quarter".
pub(crate) fn quarter(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let mut at = if sentence.word(first) == "the" { first + 1 } else { first };
    if sentence.word(at) == "fiscal" {
        at = if sentence.is_hyphen(at + 1) { at + 2 } else { at + 1 };
    }
    let which = match sentence.word(at) {
        "first" => 1,
        "second" => 2,
        "third" => 3,
        "fourth" | "final" => 4,
        _ => return None,
    };
    at += 1;
    let is_hyphened = sentence.is_dash(at);
    if is_hyphened || sentence.word(at) == "fiscal" {
        at += 1;
    }
    if sentence.word(at) != "quarter" {
        return None;
    }
    let (year, end) = year_behind(sentence, at + 1);
    // "the third-quarter loss": the article is the loss's.
    let start =
        if is_hyphened && sentence.is_word(end) && year.is_none() && first + 1 < at && sentence.word(first) == "the" {
            first + 1
        } else {
            first
        };
    Some(Time::date(start..end, Grain::Quarter, quarter_value(context, which, year)).open(year.is_none()))
}

fn year_behind(sentence: &Sentence<'_>, end: usize) -> (Option<i64>, usize) {
    let of = match (sentence.word(end), sentence.word(end + 1)) {
        ("of" | "in", "fiscal") => end + 2,
        ("of" | "in" | "fiscal", _) => end + 1,
        _ => end,
    };
    year_at(sentence, of).map_or((None, end), |(year, end)| (Some(year), end))
}

fn quarter_value(context: &TimeContext<'_, '_>, which: i8, year: Option<i64>) -> Option<String> {
    match (context.published, year) {
        (_, Some(year)) => Some(format!("{year:04}-Q{which}")),
        (Some(day), None) => Some(calendar::quarter_of(day, which)),
        (None, None) => None,
    }
}

/// "Q3", "Q3 2016", "2016 Q3", "H1 2016".
fn quarter_sign(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let year = years::year_in(sentence, first).or_else(|| {
        // "2016H2"
        let year = sentence.raw(first).parse().ok().filter(|year| (1900..2100).contains(year))?;
        (sentence.touches_next(first) && matches!(sentence.raw(first + 1), "Q" | "H")).then_some(year)
    });
    let at = if year.is_some() { first + 1 } else { first };
    let letter = sentence.raw(at);
    let number: i8 = sentence.raw(at + 1).parse().ok()?;
    let is_sign = sentence.touches_next(at)
        && (letter == "Q" && (1..=4).contains(&number) || letter == "H" && (1..=2).contains(&number));
    let is_whole = !(sentence.touches_next(at + 1) && (sentence.is_word(at + 2) || sentence.is_hyphen(at + 2)));
    if !is_sign || !is_whole {
        return None;
    }
    let (behind, end) = year_behind(sentence, at + 2);
    let year = year.or(behind);
    let value = match year {
        None if letter == "H" => return None,
        Some(year) => Some(format!("{year:04}-{letter}{number}")),
        None => quarter_value(context, number, None),
    };
    Some(Time::date(first..end, Grain::Quarter, value).open(year.is_none()))
}

/// "fiscal 1988", "fiscal year 1989"
fn fiscal(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    if sentence.word(first) != "fiscal" {
        return None;
    }
    let at = if sentence.word(first + 1) == "year" { first + 2 } else { first + 1 };
    let (year, end) = year_at(sentence, at)?;
    Some(Time::date(first..end, Grain::Year, calendar::year(year)))
}

/// "summer 2016", "the winter of 1994", "the summer".
fn season(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let at = if sentence.word(first) == "the" { first + 1 } else { first };
    let TimeWord::Season(season) = context.words.get(sentence, at)? else { return None };
    let of = if sentence.word(at + 1) == "of" { at + 2 } else { at + 1 };
    if let Some((year, end)) = year_at(sentence, of) {
        return Some(Time::date(first..end, Grain::Season, Some(format!("{year:04}-{season}"))));
    }
    // "the fall of the wall", "a spring in the bed": alone only summer, winter and autumn are times.
    let is_ambiguous = matches!(sentence.word(at), "fall" | "spring");
    let leads = matches!(
        sentence.word_before(first, 1),
        "in" | "over"
            | "during"
            | "of"
            | "for"
            | "this"
            | "by"
            | "into"
            | "until"
            | "since"
            | "throughout"
            | "early"
            | "late"
            | "mid"
    );
    let is_noun_behind =
        sentence.is_word(at + 1) && !matches!(sentence.word(at + 1), "and" | "or" | "when" | "as" | "with");
    let stands_alone = at > first && !sentence.is_word(at + 1);
    if is_ambiguous || !leads && !stands_alone || is_noun_behind && at == first {
        return None;
    }
    let value = context.published.map(|day| format!("{:04}-{season}", day.year()));
    Some(Time::date(first..at + 1, Grain::Season, value))
}

/// "the week of March 6", "the week starting March 6", "the month of May".
fn around_date(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let at = if sentence.word(first) == "the" { first + 1 } else { first };
    let unit = context.words.unit(sentence, at)?;
    let of = match (sentence.word(at + 1), sentence.word(at + 2)) {
        ("beginning" | "starting" | "commencing", "on") => at + 3,
        ("of" | "beginning" | "starting" | "commencing", _) => at + 2,
        _ => return None,
    };
    let inner = dates::date(context, of)?;
    match unit {
        TimeUnit::Week if inner.grain == Grain::Day => {
            let value = inner.value.as_deref().and_then(|value| value.parse().ok()).map(calendar::week);
            Some(Time::date(first..inner.tokens.end, Grain::Week, value))
        }
        TimeUnit::Month if inner.grain == Grain::Month => Some(inner.from(first)),
        _ => None,
    }
}

/// "the future", "the near term"
fn reference(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    if sentence.word(first) != "the" {
        return None;
    }
    let at = if matches!(sentence.word(first + 1), "near" | "foreseeable" | "distant" | "short") {
        first + 2
    } else {
        first + 1
    };
    // "in the future", but not "the future of the mill"
    let leads = matches!(sentence.word_before(first, 1), "in" | "into") && sentence.word(at + 1) != "of";
    let is_future = leads && (sentence.word(at) == "future" || at > first + 1 && sentence.word(at) == "term");
    let value = is_future.then(|| "FUTURE_REF".to_owned())?;
    Some(Time::date(first..at + 1, Grain::Other, Some(value)))
}

/// A unit behind "the end of the", "later in the": the one that the publication falls in.
pub(crate) fn unit_of_today(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let at = if matches!(sentence.word(first), "the" | "my" | "our") { first + 1 } else { first };
    let at = if sentence.word(at) == "fiscal" { at + 1 } else { at };
    let unit = context.words.unit(sentence, at).filter(|unit| *unit >= TimeUnit::Day)?;
    if sentence.word(at).ends_with('s') {
        return None;
    }
    let grain = match unit {
        TimeUnit::Day => Grain::Day,
        TimeUnit::Month => Grain::Month,
        TimeUnit::Year => Grain::Year,
        TimeUnit::Quarter => Grain::Quarter,
        _ => Grain::Week,
    };
    // "later in the day" follows what happened that day.
    let day = context.focus.day().filter(|_| unit == TimeUnit::Day).map(|day| day.to_string());
    Some(Time::date(first..at + 1, grain, day.or_else(|| context.shifted(unit, 0))))
}

#[cfg(test)]
mod tests {
    use crate::times::tests::{one, read};

    #[test]
    fn quarters() {
        one("Sales fell in the third quarter of 2019.", "the third quarter of 2019", "2019-Q3");
        one("The third-quarter loss grew.", "third-quarter", "2023-Q3");
        one("Sales fell in Q3.", "Q3", "2023-Q3");
        one("Sales fell in H1 2016.", "H1 2016", "2016-H1");
    }

    #[test]
    fn weeks_and_years() {
        one("The court meets in the week of March 25.", "the week of March 25", "2024-W13");
        one("It cost a lot in fiscal 2019.", "fiscal 2019", "2019");
        one("It may rain in the near future.", "the near future", "FUTURE_REF");
        one("It snowed in the winter of 1994.", "the winter of 1994", "1994-WI");
        assert_eq!(read("It led to the fall of the house."), []);
    }
}
