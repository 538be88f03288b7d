//! Resolving times to TIMEX3 values (`TimeML` 1.2.1), from the day of publication.

use jiff::{
    Span, ToSpan,
    civil::{Date, Weekday},
};

/// As many units away a time may lie; no calendar of the news goes further.
const FARTHEST: u64 = 4_000;

/// A unit of time; the shorter is less, but for the weekend.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum TimeUnit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Fortnight,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
    Weekend,
}

/// Which one of many is meant: the last Friday, the next, the nearest.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Reach {
    Past,
    Future,
    Nearest,
}

impl TimeUnit {
    /// From its letters in the data file.
    pub(crate) fn parse(letters: &str) -> Option<Self> {
        Some(match letters {
            "TS" => Self::Second,
            "TM" => Self::Minute,
            "TH" => Self::Hour,
            "D" => Self::Day,
            "W" => Self::Week,
            "F" => Self::Fortnight,
            "M" => Self::Month,
            "Q" => Self::Quarter,
            "Y" => Self::Year,
            "E" => Self::Decade,
            "C" => Self::Century,
            "K" => Self::Weekend,
            _ => return None,
        })
    }

    /// A duration of so many of the unit; `None` is an unknown number: "PXY".
    pub(crate) fn duration(self, count: Option<f64>) -> String {
        let (prefix, factor, letter) = match self {
            Self::Second => ("PT", 1.0, 'S'),
            Self::Minute => ("PT", 1.0, 'M'),
            Self::Hour => ("PT", 1.0, 'H'),
            Self::Day => ("P", 1.0, 'D'),
            Self::Week => ("P", 1.0, 'W'),
            Self::Fortnight => ("P", 2.0, 'W'),
            Self::Month => ("P", 1.0, 'M'),
            Self::Quarter => ("P", 1.0, 'Q'),
            Self::Year => ("P", 1.0, 'Y'),
            Self::Decade => ("P", 10.0, 'Y'),
            Self::Century => ("P", 100.0, 'Y'),
            Self::Weekend => ("P", 2.0, 'D'),
        };
        match count {
            Some(count) => format!("{prefix}{}{letter}", count * factor),
            None if self == Self::Decade => "PXE".to_owned(),
            None if self == Self::Century => "PXC".to_owned(),
            None => format!("{prefix}X{letter}"),
        }
    }
}

/// The day so many units from another, as precise as the unit.
pub(crate) fn shifted(day: Date, unit: TimeUnit, count: i64) -> Option<String> {
    if count.unsigned_abs() > FARTHEST {
        return None;
    }
    let there = || moved(day, unit, count);
    Some(match unit {
        TimeUnit::Second | TimeUnit::Minute | TimeUnit::Hour => return None,
        TimeUnit::Day => there()?.to_string(),
        TimeUnit::Week | TimeUnit::Fortnight => week(there()?),
        TimeUnit::Weekend => format!("{}-WE", week(there()?)),
        TimeUnit::Month => month(there()?),
        TimeUnit::Quarter => quarter(there()?),
        TimeUnit::Year => year(i64::from(day.year()) + count)?,
        TimeUnit::Decade => {
            let decade = i64::from(day.year()).div_euclid(10) + count;
            (100..1000).contains(&decade).then(|| format!("{decade}X"))?
        }
        TimeUnit::Century => {
            let century = i64::from(day.year()).div_euclid(100) + count;
            (10..100).contains(&century).then(|| format!("{century}XX"))?
        }
    })
}

/// The day so many units from another; none for what is less than a day.
pub(crate) fn moved(day: Date, unit: TimeUnit, count: i64) -> Option<Date> {
    if count.unsigned_abs() > FARTHEST {
        return None;
    }
    let span = match unit {
        TimeUnit::Day => count.days(),
        TimeUnit::Week | TimeUnit::Weekend => count.weeks(),
        TimeUnit::Fortnight => (2 * count).weeks(),
        TimeUnit::Month => count.months(),
        TimeUnit::Quarter => (3 * count).months(),
        TimeUnit::Year => count.years(),
        TimeUnit::Decade => Span::new().try_years(10 * count).ok()?,
        TimeUnit::Century => Span::new().try_years(100 * count).ok()?,
        TimeUnit::Second | TimeUnit::Minute | TimeUnit::Hour => return None,
    };
    day.checked_add(span).ok()
}

/// `1998`
pub(crate) fn year(year: i64) -> Option<String> {
    (1..=9999).contains(&year).then(|| format!("{year:04}"))
}

/// A day of the calendar, if there is such a day.
pub(crate) fn date(year: i64, month: i8, day: i8) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, month, day).ok()
}

/// The first day of "2024-03-07T10:35", "2024-03" or "2024".
pub(crate) fn first_day(value: &str) -> Option<Date> {
    let mut parts = value.split('T').next()?.split('-');
    let year: i64 = parts.next()?.parse().ok()?;
    let month = parts.next().map_or(Some(1), |month| month.parse().ok())?;
    let day = parts.next().map_or(Some(1), |day| day.parse().ok())?;
    date(year, month, day)
}

/// `1998-09`
pub(crate) fn month(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

fn quarter(day: Date) -> String {
    format!("{:04}-Q{}", day.year(), (day.month() - 1) / 3 + 1)
}

/// The week of a day as in ISO 8601: `1998-W07`.
pub(crate) fn week(day: Date) -> String {
    let week = day.iso_week_date();
    format!("{:04}-W{:02}", week.year(), week.week())
}

/// The nearest such weekday; the day itself is the past's and the nearest.
pub(crate) fn weekday(day: Date, weekday: i8, reach: Reach) -> Option<Date> {
    let weekday = Weekday::from_monday_one_offset(weekday).ok()?;
    if day.weekday() == weekday && reach != Reach::Future {
        return Some(day);
    }
    day.nth_weekday(if reach == Reach::Future { 1 } else { -1 }, weekday).ok()
}

/// That weekday in the week of a day, or so many weeks away; weeks begin on Monday as in ISO 8601.
pub(crate) fn weekday_of_week(day: Date, weekday: i8, weeks: i64) -> Option<Date> {
    let apart = i64::from(weekday) - i64::from(day.weekday().to_monday_one_offset());
    day.checked_add((7 * weeks + apart).days()).ok()
}

/// The first day of the month that is meant: the last such month, the next, or the nearest.
pub(crate) fn month_of(day: Date, wanted: i8, reach: Reach) -> Option<Date> {
    let apart = i32::from(wanted) - i32::from(day.month());
    let years = match reach {
        Reach::Past if apart > 0 => -1,
        Reach::Future if apart < 0 => 1,
        Reach::Nearest if apart > 6 => -1,
        Reach::Nearest if apart < -6 => 1,
        _ => 0,
    };
    Date::new(day.year().checked_add(years)?, wanted, 1).ok()
}

/// The last quarter that has ended.
pub(crate) fn last_quarter(day: Date) -> Option<String> {
    shifted(day, TimeUnit::Quarter, -1)
}

/// The quarter of that number that is meant: the last one that has begun, unless the future's.
pub(crate) fn quarter_of(day: Date, wanted: i8) -> String {
    let begun = (day.month() - 1) / 3 + 1;
    let own = i64::from(day.year()) - i64::from(wanted > begun);
    format!("{own:04}-Q{wanted}")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn shifts_as_precisely_as_the_unit() {
        let day = date(2024, 3, 7);
        assert_eq!(shifted(day, TimeUnit::Day, -1).unwrap(), "2024-03-06");
        assert_eq!(shifted(day, TimeUnit::Week, -1).unwrap(), "2024-W09");
        assert_eq!(shifted(day, TimeUnit::Month, -3).unwrap(), "2023-12");
        assert_eq!(shifted(day, TimeUnit::Quarter, -1).unwrap(), "2023-Q4");
        assert_eq!(shifted(day, TimeUnit::Decade, -1).unwrap(), "201X");
        assert_eq!(shifted(day, TimeUnit::Year, i64::MAX), None);
        assert_eq!(shifted(day, TimeUnit::Hour, 1), None);
        assert_eq!(moved(day, TimeUnit::Century, -4_000), None);
        assert_eq!(moved(day, TimeUnit::Fortnight, 1), Some(date(2024, 3, 21)));
    }

    #[test]
    fn finds_the_weekday_and_month_that_are_meant() {
        let thursday = date(2024, 3, 7);
        assert_eq!(weekday(thursday, 4, Reach::Past).unwrap(), thursday);
        assert_eq!(weekday(thursday, 5, Reach::Past).unwrap(), date(2024, 3, 1));
        assert_eq!(weekday(thursday, 5, Reach::Future).unwrap(), date(2024, 3, 8));
        assert_eq!(month_of(thursday, 12, Reach::Nearest).unwrap(), date(2023, 12, 1));
        assert_eq!(month_of(thursday, 2, Reach::Future).unwrap(), date(2025, 2, 1));
        assert_eq!(quarter_of(thursday, 3), "2023-Q3");
    }

    #[test]
    fn durations() {
        assert_eq!(TimeUnit::Year.duration(Some(2.5)), "P2.5Y");
        assert_eq!(TimeUnit::Hour.duration(Some(6.0)), "PT6H");
        assert_eq!(TimeUnit::Month.duration(None), "PXM");
    }
}
