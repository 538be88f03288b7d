//! What the text has spoken of so far: "the following day" follows a day that was named.

use jiff::civil::Date;

use super::{Grain, Time, calendar};

/// For so many sentences "a year earlier" still compares with the quarter that was named.
const QUARTER_LASTS: u8 = 6;

/// The times that the text named last.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Focus {
    /// The last date, as its first day, and how precise it is.
    date: Option<(Date, Grain)>,
    /// The last quarter: its year, its number, and how many sentences ago it was named.
    quarter: Option<(i64, i8, u8)>,
}

impl Focus {
    pub(crate) fn next_sentence(&mut self) {
        self.quarter = self
            .quarter
            .filter(|(_, _, age)| *age < QUARTER_LASTS)
            .map(|(year, quarter, age)| (year, quarter, age + 1));
    }

    /// Takes a time into the focus.
    pub(crate) fn see(&mut self, time: &Time, published: Option<Date>) {
        let Some(value) = time.value.as_deref() else { return };
        match time.grain {
            Grain::Quarter => self.see_quarter(value, published),
            Grain::Day | Grain::Clock | Grain::Part | Grain::Month | Grain::Year => {
                if let Some(date) = calendar::first_day(value) {
                    let grain = if value.len() >= 10 { Grain::Day } else { time.grain };
                    self.date = Some((date, grain));
                }
            }
            _ => {}
        }
    }

    /// A report is about the latest quarter; the one it is compared with does not take its place.
    fn see_quarter(&mut self, value: &str, published: Option<Date>) {
        let Some((year, quarter)) = value.split_once("-Q") else { return };
        let (Ok(year), Ok(quarter)) = (year.parse::<i64>(), quarter.parse()) else { return };
        // A quarter of the report has ended, and not long ago.
        let quarters = |day: Date| 4 * i64::from(day.year()) + i64::from((day.month() - 1) / 3 + 1);
        let age = published.map_or(1, |day| quarters(day) - (4 * year + i64::from(quarter)));
        match self.quarter {
            Some((known, latest, _)) if (known, latest) > (year, quarter) => self.quarter = Some((known, latest, 0)),
            _ if (1..=5).contains(&age) => self.quarter = Some((year, quarter, 0)),
            _ => {}
        }
    }

    /// The quarter that is spoken of, so many years away.
    pub(crate) fn quarter(&self, years: i64) -> Option<String> {
        self.quarter.map(|(year, quarter, _)| format!("{:04}-Q{quarter}", year + years))
    }

    /// The quarter that is spoken of, in another year.
    pub(crate) fn quarter_of(&self, year: i64) -> Option<String> {
        self.quarter.map(|(_, quarter, _)| format!("{year:04}-Q{quarter}"))
    }

    /// The day that was named last.
    pub(crate) fn day(&self) -> Option<Date> {
        self.date.filter(|(_, grain)| *grain == Grain::Day).map(|(day, _)| day)
    }

    /// The month that was named last, or that of the day.
    pub(crate) fn month(&self) -> Option<Date> {
        self.date.filter(|(_, grain)| matches!(grain, Grain::Day | Grain::Month)).map(|(day, _)| day)
    }

    /// The year of the date that was named last.
    pub(crate) fn year(&self) -> Option<Date> {
        self.date.map(|(day, _)| day)
    }
}
