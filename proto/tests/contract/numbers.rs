//! What is written in JSON is what is read again.

use jiff::{Timestamp, civil, tz::Offset};
use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use tallywire_proto::{Enriched, Moment, Number, Value};

use crate::schema;

fn round_trip<T: Serialize + DeserializeOwned>(value: &T) -> T {
    serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()
}

/// A number as an article can state it: up to 15 digits, with up to nine of them behind the point.
fn stated_number() -> impl Strategy<Value = f64> {
    (-999_999_999_999_999_i64..=999_999_999_999_999, 0..=9).prop_map(|(digits, places)| {
        let digits = digits as f64;
        digits / 10_f64.powi(places)
    })
}

fn moment() -> impl Strategy<Value = Moment> {
    let day = (-9999_i16..=9999, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| civil::date(year, month, day));
    let time = (0_i8..24, 0_i8..60, 0_i8..60, 0_i32..1000)
        .prop_map(|(hour, minute, second, milli)| civil::time(hour, minute, second, milli * 1_000_000));
    let instant = (-60_000_000_000_000_i64..250_000_000_000_000, -840_i32..=840).prop_map(|(milli, minutes)| {
        let offset = Offset::from_seconds(minutes * 60).unwrap();
        Moment::Instant(Timestamp::from_millisecond(milli).unwrap(), offset)
    });
    prop_oneof![
        day.clone().prop_map(Moment::Day),
        (day, time).prop_map(|(day, time)| Moment::Local(day.to_datetime(time))),
        instant,
    ]
}

#[test]
fn a_number_has_a_fraction_only_where_it_needs_one() {
    for (number, json) in [
        (7.0, "7"),
        (-7.0, "-7"),
        (-0.0, "0"),
        (0.2, "0.2"),
        (1_200_000.0, "1200000"),
        (9_007_199_254_740_991.0, "9007199254740991"),
    ] {
        assert_eq!(serde_json::to_string(&Number(number)).unwrap(), json);
    }
}

#[test]
fn an_open_bound_is_null() {
    let at_least_seven = Value { low: Some(Number(7.0)), high: None };
    assert_eq!(serde_json::to_string(&at_least_seven).unwrap(), r#"{"low":7,"high":null}"#);
}

proptest! {
    #[test]
    fn whole_numbers_are_written_as_such(whole in -9_007_199_254_740_991_i64..=9_007_199_254_740_991) {
        prop_assert_eq!(serde_json::to_string(&Number(whole as f64)).unwrap(), whole.to_string());
    }

    #[test]
    fn numbers_are_read_as_written(number in stated_number()) {
        prop_assert_eq!(round_trip(&Number(number)), Number(number));
    }

    #[test]
    fn values_are_read_as_written(one in stated_number(), other in stated_number(), open in 0..3) {
        let mut value = Value::range(one, other);
        prop_assert!(value.low <= value.high);
        match open {
            0 => value.low = None,
            1 => value.high = None,
            _ => {}
        }
        prop_assert_eq!(round_trip(&value), value);
    }

    #[test]
    fn moments_are_read_as_written(moment in moment()) {
        prop_assert_eq!(round_trip(&moment), moment);
        prop_assert_eq!(round_trip(&moment).day(), moment.day());
    }
}

#[test]
fn moments_fit_their_schema() {
    let moments = jsonschema::validator_for(&schema::<Enriched>()["$defs"]["Moment"]).unwrap();
    proptest!(|(moment in moment())| prop_assert!(moments.is_valid(&serde_json::to_value(moment).unwrap()), "{moment}"));
}
