//! A point in time as precisely as a publisher states it, and no more.

use std::{borrow::Cow, fmt, str::FromStr};

use jiff::{Timestamp, civil, fmt::temporal::Pieces};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A day, a time of an unknown zone, or an instant with the offset that the publisher wrote.
///
/// It is written as in ISO 8601: `2026-03-09`, `2026-03-09T14:05:00`, `2026-03-09T14:05:00+01:00`. A day stays a
/// day: no midnight is made up, and the publisher's offset is kept, since it tells which day it was there.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Moment {
    /// Only the day is known.
    Day(civil::Date),
    /// Day and time are known, the zone is not.
    Local(civil::DateTime),
    /// An instant, and the offset from UTC in which it was stated.
    Instant(Timestamp, jiff::tz::Offset),
}

/// The text is not a date or date and time as in ISO 8601.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{text:?} is no date: write 2026-03-09, 2026-03-09T14:05:00 or 2026-03-09T14:05:00+01:00")]
pub struct ParseMomentError {
    text: String,
}

impl Moment {
    /// The day, where it was stated.
    pub fn day(self) -> civil::Date {
        match self {
            Self::Day(day) => day,
            Self::Local(time) => time.date(),
            Self::Instant(time, offset) => offset.to_datetime(time).date(),
        }
    }
}

impl From<Timestamp> for Moment {
    fn from(time: Timestamp) -> Self {
        Self::Instant(time, jiff::tz::Offset::UTC)
    }
}

impl FromStr for Moment {
    type Err = ParseMomentError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseMomentError { text: text.chars().take(80).collect() };
        let pieces = Pieces::parse(text.trim()).map_err(|_| error())?;
        let Some(time) = pieces.time() else {
            return Ok(Self::Day(pieces.date()));
        };
        let local = pieces.date().to_datetime(time);
        match pieces.to_numeric_offset() {
            None => Ok(Self::Local(local)),
            Some(offset) => {
                let instant = offset.to_timestamp(local).map_err(|_| error())?;
                Ok(Self::Instant(instant, offset))
            }
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(formatter, "{day}"),
            Self::Local(time) => write!(formatter, "{time}"),
            Self::Instant(time, offset) if offset.is_zero() => write!(formatter, "{time}"),
            Self::Instant(time, offset) => {
                write!(formatter, "{}", time.display_with_offset(*offset))
            }
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Moment {
    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "ISO 8601: a day, a day and time of an unknown zone, or an instant with its offset",
            "type": "string",
            "pattern": r"^-?\d{4,6}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?)?$"
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keeps_what_was_stated_and_no_more() {
        for text in ["2026-03-09", "2026-03-09T14:05:00", "2026-03-09T14:05:00+01:00", "2026-03-09T14:05:00Z"] {
            assert_eq!(text.parse::<Moment>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn the_day_is_the_publishers() {
        let late: Moment = "2026-03-09T23:30:00-08:00".parse().unwrap();
        assert_eq!(late.day().to_string(), "2026-03-09");
    }

    #[test]
    fn refuses_what_is_no_date() {
        for text in ["", "yesterday", "2026-13-01", "09/03/2026", "2026-03-09T25:00:00"] {
            assert!(text.parse::<Moment>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn reads_what_it_writes(seconds in -60_000_000_000i64..250_000_000_000, minutes in -840i32..=840) {
            let offset = jiff::tz::Offset::from_seconds(minutes * 60).unwrap();
            let moment = Moment::Instant(Timestamp::from_second(seconds).unwrap(), offset);
            prop_assert_eq!(moment.to_string().parse::<Moment>().unwrap(), moment);
        }
    }
}
