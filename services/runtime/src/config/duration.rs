//! Durations as users write them: `"15m"`, `"1h 30m"`, or a number of seconds.

use std::{fmt, time::Duration};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Writes a duration as a text.
///
/// # Errors
/// As the serializer's own.
pub fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&humantime::format_duration(*duration))
}

/// Reads a duration from a text or a number of seconds.
///
/// # Errors
/// When it is neither, or less than nothing.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    deserializer.deserialize_any(DurationVisitor)
}

struct DurationVisitor;

impl de::Visitor<'_> for DurationVisitor {
    type Value = Duration;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a duration such as \"30s\", \"15m\" or \"7d\", or a number of seconds")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Duration, E> {
        if let Ok(seconds) = text.trim().parse() {
            return self.visit_f64(seconds);
        }
        humantime::parse_duration(text).map_err(|error| {
            E::custom(format!(
                "{text:?} is no duration ({error}): write \"30s\", \"15m\", \"7d\" or a number of seconds"
            ))
        })
    }

    fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<Duration, E> {
        Ok(Duration::from_secs(seconds))
    }

    fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<Duration, E> {
        u64::try_from(seconds).map(Duration::from_secs).map_err(|_| E::custom("a duration is not less than nothing"))
    }

    fn visit_f64<E: de::Error>(self, seconds: f64) -> Result<Duration, E> {
        Duration::try_from_secs_f64(seconds).map_err(E::custom)
    }
}

/// A duration within something else.
#[derive(Deserialize, Serialize)]
struct Given(#[serde(with = "self")] Duration);

/// A duration that may be left out.
pub mod option {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    use super::Given;

    /// Writes a duration as a text.
    ///
    /// # Errors
    /// As the serializer's own.
    pub fn serialize<S: Serializer>(duration: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
        match duration {
            Some(duration) => super::serialize(duration, serializer),
            None => serializer.serialize_none(),
        }
    }

    /// Reads a duration from a text or a number of seconds.
    ///
    /// # Errors
    /// When it is neither, or less than nothing.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
        Ok(Option::<Given>::deserialize(deserializer)?.map(|given| given.0))
    }
}

/// A list of durations.
pub mod list {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    use super::Given;

    /// Writes durations as texts.
    ///
    /// # Errors
    /// As the serializer's own.
    pub fn serialize<S: Serializer>(durations: &[Duration], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(durations.iter().copied().map(Given))
    }

    /// Reads durations, each from a text or a number of seconds.
    ///
    /// # Errors
    /// When one is neither, or less than nothing.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Duration>, D::Error> {
        Ok(Vec::<Given>::deserialize(deserializer)?.into_iter().map(|given| given.0).collect())
    }
}
