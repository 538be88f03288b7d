//! Times that come again: "every Friday", "twice a week", "Mondays", "daily".

use super::{Time, TimeContext, calendar::TimeUnit, words::TimeWord};

/// A recurring time; its value is what recurs, or how long it is from one to the next.
pub(crate) fn set(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    match sentence.word(first) {
        "every" | "each" => every(context, first),
        "once" | "twice" => so_often(context, first, first + 1),
        "weekends" => Some(Time::set(first..first + 1, "XXXX-WXX-WE".to_owned())),
        _ if sentence.word(first + 1) == "times" && context.number_at(first).is_some() => {
            so_often(context, first, first + 2).map(|time| time.counting(true))
        }
        word => match context.words.get(sentence, first)? {
            // "a quarterly dividend": an attribute of what comes again, but for "daily".
            TimeWord::Set(value) => {
                // "Asia Weekly"
                if first > 0 && sentence.is_capitalized(first) && sentence.is_capitalized(first - 1) {
                    return None;
                }
                let is_attribute = !matches!(word, "daily" | "weekly" | "monthly")
                    && word.ends_with('y')
                    && !word.ends_with("ally")
                    && sentence.is_word(first + 1);
                (!is_attribute).then(|| Time::set(first..first + 1, value.to_owned()))
            }
            // "two Sundays ago" are counted.
            TimeWord::Weekday(number)
                if word.ends_with('s') && word.len() > 5 && !matches!(sentence.word(first + 1), "ago") =>
            {
                Some(Time::set(first..first + 1, format!("XXXX-WXX-{number}")))
            }
            // "mornings at 9"
            TimeWord::Part(part) if word.ends_with('s') && sentence.word(first + 1) == "at" => {
                Some(Time::set(first..first + 1, format!("XXXX-XX-XXT{part}")))
            }
            TimeWord::Weekday(number) => {
                // "Tuesday nights"
                let TimeWord::Part(part) = context.words.get(sentence, first + 1)? else { return None };
                let is_plural = sentence.word(first + 1).ends_with('s');
                is_plural.then(|| Time::set(first..first + 2, format!("XXXX-WXX-{number}T{part}")))
            }
            _ => None,
        },
    }
}

/// "every day", "each two days", "every other Friday", "every Tuesday night"
fn every(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let is_other = sentence.word(first + 1) == "other";
    let number = context.number_at(first + 1).filter(|number| number.low > 0.0);
    let at = number.map_or(if is_other { first + 2 } else { first + 1 }, |number| number.tokens.end);
    let count = number.map_or(if is_other { 2.0 } else { 1.0 }, |number| number.low);
    let (value, end) = match context.words.get(sentence, at)? {
        TimeWord::Unit(TimeUnit::Weekend) => ("XXXX-WXX-WE".to_owned(), at + 1),
        // "every second counts"
        TimeWord::Unit(TimeUnit::Second) if number.is_none() => return None,
        TimeWord::Unit(unit) => (unit.duration(Some(count)), at + 1),
        TimeWord::Weekday(weekday) => match context.words.get(sentence, at + 1) {
            Some(TimeWord::Part(part)) => (format!("XXXX-WXX-{weekday}T{part}"), at + 2),
            _ => (format!("XXXX-WXX-{weekday}"), at + 1),
        },
        TimeWord::Month(month) if context.words.month(sentence, at).is_some() => (format!("XXXX-{month:02}"), at + 1),
        TimeWord::Season(season) => (format!("XXXX-{season}"), at + 1),
        TimeWord::Part(part) => (format!("XXXX-XX-XXT{part}"), at + 1),
        _ => return None,
    };
    Some(Time::set(first..end, value).counting(number.is_some()))
}

/// "once a week", "three times a day"
fn so_often(context: &TimeContext<'_, '_>, first: usize, at: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let is_rate = matches!(sentence.word(at), "a" | "an" | "per" | "every" | "each");
    let unit = context.words.unit(sentence, at + 1).filter(|_| is_rate)?;
    Some(Time::set(first..at + 2, unit.duration(Some(1.0))))
}

#[cfg(test)]
mod tests {
    use crate::times::tests::{one, read};

    #[test]
    fn sets() {
        one("It rains every day.", "every day", "P1D");
        one("It rains every two weeks.", "every two weeks", "P2W");
        one("It rains every other Friday.", "every other Friday", "XXXX-WXX-5");
        one("It rains each July.", "each July", "XXXX-07");
        one("It rains on Mondays.", "Mondays", "XXXX-WXX-1");
        one("It rains on Tuesday nights.", "Tuesday nights", "XXXX-WXX-2TNI");
        one("It rains twice a week.", "twice a week", "P1W");
        one("It rains three times a year.", "three times a year", "P1Y");
        one("It rains daily.", "daily", "P1D");
        assert_eq!(read("every second counts, once a king"), []);
    }
}
