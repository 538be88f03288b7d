//! How often a feed asks to be read.

use std::{collections::BTreeSet, time::Duration};

use jiff::civil::Weekday;

use super::vocabulary::Field;

/// What a feed says about when to read it again.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PollHints {
    /// For how many minutes it may be kept (RSS 2.0, `ttl`).
    pub ttl_minutes: Option<u32>,
    /// How often it changes (RSS 1.0 Syndication, `updatePeriod` and `updateFrequency`).
    pub update_every: Option<Duration>,
    /// Hours of the day, 0 to 23 in UTC, in which it does not change (RSS 2.0, `skipHours`).
    pub skip_hours: BTreeSet<u8>,
    /// Days, in UTC, on which it does not change (RSS 2.0, `skipDays`).
    pub skip_days: Vec<Weekday>,
}

/// The hints of a feed as they are gathered.
#[derive(Debug, Default)]
pub(super) struct HintsDraft {
    hints: PollHints,
    period: Option<Duration>,
    frequency: Option<u32>,
}

impl HintsDraft {
    /// Takes the text of a field, where it is a hint.
    pub(super) fn take(&mut self, field: Field, text: &str) {
        match field {
            Field::Ttl => self.hints.ttl_minutes = text.parse().ok(),
            Field::UpdatePeriod => self.period = period(text),
            Field::UpdateFrequency => self.frequency = text.parse().ok().filter(|times| *times > 0),
            Field::SkipHour => {
                // RSS 0.92 counts from 1 to 24, RSS 2.0 from 0 to 23.
                let hour = text.parse::<u8>().ok().filter(|hour| *hour <= 24);
                self.hints.skip_hours.extend(hour.map(|hour| hour % 24));
            }
            Field::SkipDay => {
                let day = weekday(text).filter(|day| !self.hints.skip_days.contains(day));
                self.hints.skip_days.extend(day);
            }
            _ => {}
        }
    }

    pub(super) fn finish(self) -> PollHints {
        // The frequency counts within the period, and is one where it is not given; so is the period a day.
        let period = self.period.or_else(|| self.frequency.map(|_| DAY));
        let update_every = period.map(|period| period / self.frequency.unwrap_or(1));
        PollHints { update_every, ..self.hints }
    }
}

const DAY: Duration = Duration::from_hours(24);

fn period(text: &str) -> Option<Duration> {
    Some(match text.to_ascii_lowercase().as_str() {
        "hourly" => DAY / 24,
        "daily" => DAY,
        "weekly" => DAY * 7,
        "monthly" => DAY * 30,
        "yearly" => DAY * 365,
        _ => return None,
    })
}

fn weekday(text: &str) -> Option<Weekday> {
    Some(match text.to_ascii_lowercase().as_str() {
        "monday" => Weekday::Monday,
        "tuesday" => Weekday::Tuesday,
        "wednesday" => Weekday::Wednesday,
        "thursday" => Weekday::Thursday,
        "friday" => Weekday::Friday,
        "saturday" => Weekday::Saturday,
        "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &[(Field, &str)]) -> PollHints {
        let mut draft = HintsDraft::default();
        for (field, text) in fields {
            draft.take(*field, text);
        }
        draft.finish()
    }

    #[test]
    fn a_period_is_divided_by_its_frequency() {
        let every = |fields: &[(Field, &str)]| read(fields).update_every.map(|every| every.as_secs());
        assert_eq!(every(&[(Field::UpdatePeriod, "hourly"), (Field::UpdateFrequency, "2")]), Some(1800));
        assert_eq!(every(&[(Field::UpdatePeriod, "daily")]), Some(86_400));
        assert_eq!(every(&[(Field::UpdateFrequency, "0")]), None);
        assert_eq!(every(&[(Field::UpdatePeriod, "often")]), None);
    }

    #[test]
    fn hours_and_days_are_sets() {
        let fields = ["0", "24", "23", "25", "x"].map(|hour| (Field::SkipHour, hour));
        assert_eq!(read(&fields).skip_hours, BTreeSet::from([0, 23]));
        let fields = ["Sunday", "sunday", "Funday"].map(|day| (Field::SkipDay, day));
        assert_eq!(read(&fields).skip_days, [Weekday::Sunday]);
    }
}
