//! What came of a bench: a table for people, a line of JSON for programs, and the laws that hold on every machine.

use std::time::Duration;

use serde_json::{Map, Value};

/// What was measured.
#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
    laws: Vec<(&'static str, bool)>,
}

struct Row {
    phase: &'static str,
    what: &'static str,
    unit: &'static str,
    value: f64,
}

impl Report {
    /// Notes a number; the unit is empty where it is a count.
    pub(crate) fn number(&mut self, phase: &'static str, what: &'static str, unit: &'static str, value: f64) {
        self.rows.push(Row { phase, what, unit, value });
    }

    /// Notes a time, in seconds.
    pub(crate) fn time(&mut self, phase: &'static str, what: &'static str, time: Duration) {
        self.number(phase, what, "s", time.as_secs_f64());
    }

    /// Notes whether a law holds.
    pub(crate) fn law(&mut self, law: &'static str, holds: bool) {
        self.laws.push((law, holds));
    }

    /// Prints table, laws and JSON.
    pub(crate) fn print(&self) {
        let mut last = "";
        for Row { phase, what, unit, value } in &self.rows {
            let shown = if *phase == last { "" } else { phase };
            last = phase;
            println!("{shown:<12}{what:<28}{:>12} {unit}", readable(*value));
        }
        for (law, holds) in &self.laws {
            println!("{:<8}{law}", if *holds { "holds" } else { "BROKEN" });
        }
        println!("{}", self.json());
    }

    /// Fails where a law is broken.
    pub(crate) fn assert_laws(&self) {
        let broken: Vec<_> = self.laws.iter().filter(|(_, holds)| !holds).map(|(law, _)| law).collect();
        assert!(broken.is_empty(), "broken: {broken:?}");
    }

    /// An object with a key `<phase>.<what>_<unit>` a row.
    fn json(&self) -> Value {
        let key = |row: &Row| {
            let unit = row.unit.replace('/', "_per_");
            format!("{}.{}_{unit}", row.phase, row.what).trim_end_matches('_').replace(' ', "_").to_lowercase()
        };
        Value::Object(self.rows.iter().map(|row| (key(row), Value::from(row.value))).collect::<Map<_, _>>())
    }
}

/// A number with as many digits as it is good to.
fn readable(value: f64) -> String {
    let digits = match value {
        _ if value.fract() == 0.0 => 0,
        100.0.. => 0,
        10.0.. => 1,
        _ => 3,
    };
    format!("{value:.digits$}")
}
