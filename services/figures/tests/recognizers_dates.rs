//! How far the times agree with the English specs of Microsoft's Recognizers-Text (MIT), which read dates for an assistant.
//!
//! `cargo test --package tallywire-figures --test recognizers_dates -- --nocapture` prints how many cases are as they have
//! it, and every one that is not. The specs are not part of this repository; without them the test is skipped. Cases that
//! we read otherwise on purpose are listed with the reason in `data/recognizers/differences.tsv`.

use std::{
    collections::BTreeMap,
    error::Error,
    fmt::Write as _,
    path::{Path, PathBuf},
};

use serde_json::Value;
use tallywire_figures::{Input, Reader};
use tallywire_proto::{TimeExpression, TimeKind};

const DIFFERENCES: &str = include_str!("data/recognizers/differences.tsv");

/// The specs that fit a reader of news, and the types of TIMEX3 that they are about.
const SPECS: [(&str, &[TimeKind]); 12] = [
    ("DateExtractor", &[TimeKind::Date]),
    ("DateParser", &[TimeKind::Date]),
    ("DatePeriodExtractor", &[TimeKind::Date, TimeKind::Duration]),
    ("DatePeriodParser", &[TimeKind::Date, TimeKind::Duration]),
    ("DateTimeExtractor", &[TimeKind::Date, TimeKind::Time]),
    ("DurationExtractor", &[TimeKind::Duration]),
    ("DurationParser", &[TimeKind::Duration]),
    ("HolidayExtractor", &[TimeKind::Date]),
    ("HolidayParser", &[TimeKind::Date]),
    ("SetExtractor", &[TimeKind::Set]),
    ("SetParser", &[TimeKind::Set]),
    ("TimeExtractor", &[TimeKind::Time]),
];

/// What must at least be as they have it, of all cases that are not read otherwise on purpose.
const FLOOR: f64 = 0.90;

/// One expected time: where it stands, and its value.
struct Expected {
    start: usize,
    end: usize,
    value: Value,
}

/// How many cases agree, differ on purpose, and differ.
#[derive(Clone, Copy, Default)]
struct Tally {
    agree: usize,
    on_purpose: usize,
    differ: usize,
}

#[test]
fn times_are_as_the_specs_have_them() -> Result<(), Box<dyn Error>> {
    let folder =
        PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/figures/recognizers-specs/DateTime"));
    if !folder.is_dir() {
        println!("skipped: there is no {}", folder.display());
        return Ok(());
    }
    let reader = Reader::new();
    let mut on_purpose = differences()?;
    let mut total = Tally::default();
    let mut stale = String::new();
    for (spec, kinds) in SPECS {
        let mut tally = Tally::default();
        for (index, case) in cases(&folder, spec)?.iter().enumerate() {
            if !is_supported(case) {
                continue;
            }
            let reading = Case::read(&reader, case)?;
            let (agrees, said) = (reading.agrees(kinds), reading.said());
            match (agrees, on_purpose.remove(&(spec.to_owned(), index))) {
                (true, None) => tally.agree += 1,
                (false, Some(reason)) if reading.differs_by(&reason) => tally.on_purpose += 1,
                (_, Some(reason)) => writeln!(stale, "{spec} {index} does not differ by its {reason}: {said}")?,
                (false, None) => {
                    tally.differ += 1;
                    println!("{spec}\t{index}\t{said}");
                }
            }
        }
        println!("{spec:<20} {}", tally.line());
        total.add(tally);
    }
    println!("{:<20} {}", "all", total.line());
    for (spec, index) in on_purpose.keys() {
        writeln!(stale, "{spec} {index} is no case")?;
    }
    assert!(stale.is_empty(), "data/recognizers/differences.tsv:\n{stale}");
    assert!(total.share() >= FLOOR, "{:.3}", total.share());
    Ok(())
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.agree += other.agree;
        self.on_purpose += other.on_purpose;
        self.differ += other.differ;
    }

    /// The share that agrees, of the cases that are not read otherwise on purpose.
    fn share(self) -> f64 {
        self.agree as f64 / (self.agree + self.differ).max(1) as f64
    }

    fn line(self) -> String {
        let cases = self.agree + self.on_purpose + self.differ;
        format!(
            "{} of {cases} cases as they have it ({:.1} %), {} otherwise on purpose, {} of the others ({:.1} %)",
            self.agree,
            100.0 * self.agree as f64 / cases.max(1) as f64,
            self.on_purpose,
            self.agree,
            100.0 * self.share()
        )
    }
}

/// The cases that are read otherwise on purpose: spec and index, and the reason's class.
fn differences() -> Result<BTreeMap<(String, usize), String>, Box<dyn Error>> {
    let mut found = BTreeMap::new();
    for line in DIFFERENCES.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut fields = line.split('\t');
        let (Some(reason), Some(spec), Some(indices)) = (fields.next(), fields.next(), fields.next()) else {
            return Err(format!("differences.tsv: {line}").into());
        };
        for index in indices.split(' ') {
            found.insert((spec.to_owned(), index.parse()?), reason.to_owned());
        }
    }
    Ok(found)
}

fn cases(folder: &Path, spec: &str) -> Result<Vec<Value>, Box<dyn Error>> {
    let text = std::fs::read_to_string(folder.join(spec).with_extension("json"))?;
    Ok(serde_json::from_str(text.trim_start_matches('\u{feff}'))?)
}

/// Whether their own builds for .NET and Python read the case.
fn is_supported(case: &Value) -> bool {
    ["NotSupported", "NotSupportedByDesign"].iter().all(|key| {
        let platforms = case[key].as_str().unwrap_or_default().to_ascii_lowercase();
        !platforms.contains("dotnet") && !platforms.contains("python")
    })
}

/// A case with what is expected and what is found.
struct Case<'c> {
    text: &'c str,
    expected: Vec<Expected>,
    found: Vec<TimeExpression>,
}

impl<'c> Case<'c> {
    fn read(reader: &Reader, case: &'c Value) -> Result<Self, Box<dyn Error>> {
        let text = case["Input"].as_str().ok_or("a case without an input")?;
        let today = case["Context"]["ReferenceDateTime"].as_str().unwrap_or("2016-11-07T00:00:00");
        let published_at = Some(today.get(..10).unwrap_or(today).parse()?);
        let input = Input { text, language: Some("en"), published_at, entities: &[], quotes: &[], country: Some("US") };
        let expected = case["Results"].as_array().into_iter().flatten().map(expected).collect();
        Ok(Self { text, expected, found: reader.read(&input).times })
    }

    /// Whether all is found as expected, and nothing else of the kinds that the spec is about.
    fn agrees(&self, kinds: &[TimeKind]) -> bool {
        let is_expected = |time: &TimeExpression| {
            self.expected.iter().any(|expected| {
                (time.start, time.end) == (expected.start, expected.end)
                    && is_value(time.value.as_deref(), &expected.value)
            })
        };
        let found = self.found.iter().filter(|time| is_expected(time)).count();
        let others = self.found.iter().filter(|time| !is_expected(time) && kinds.contains(&time.kind)).count();
        found == self.expected.len() && others == 0
    }

    /// Whether a reason holds, as far as that can be seen.
    fn differs_by(&self, reason: &str) -> bool {
        let [expected] = &self.expected[..] else { return true };
        let inside: Vec<_> =
            self.found.iter().filter(|time| expected.start <= time.start && time.end <= expected.end).collect();
        let span = |start: usize, end: usize| self.text.chars().skip(start).take(end - start).collect::<String>();
        match (reason, &inside[..]) {
            ("ends", [one, two]) => {
                let is_end = |time: &TimeExpression, key: &str| {
                    let is_now = time.value.as_deref() == Some("PRESENT_REF");
                    let dates = ["PastResolution", "FutureResolution"].map(|tense| expected.value[tense][key].as_str());
                    is_now || expected.value["Timex"].is_null() || dates.contains(&time.value.as_deref())
                };
                let before = span(expected.start, one.start);
                matches!(before.trim(), "" | "from" | "between")
                    && two.end == expected.end
                    && is_end(one, "startDate")
                    && is_end(two, "endDate")
            }
            ("preposition", [time]) => {
                let before = span(expected.start, time.start);
                time.end == expected.end && matches!(before.trim(), "in" | "on" | "at" | "from" | "between")
            }
            ("ends" | "preposition", _) => false,
            _ => true,
        }
    }

    fn said(&self) -> String {
        let mut said = format!("{} =>", self.text);
        for expected in &self.expected {
            let span: String = self.text.chars().skip(expected.start).take(expected.end - expected.start).collect();
            said.extend([" [", span.as_str(), "] ", expected.value["Timex"].as_str().unwrap_or_default()]);
        }
        said.push_str(" <>");
        for time in &self.found {
            said.extend([" [", time.text.as_str(), "] ", time.value.as_deref().unwrap_or("none")]);
        }
        said
    }
}

fn expected(result: &Value) -> Expected {
    let number = |key: &str| result[key].as_u64().and_then(|number| usize::try_from(number).ok()).unwrap_or_default();
    let start = number("Start");
    Expected { start, end: start + number("Length"), value: result["Value"].clone() }
}

/// Whether a value is what they have, as far as theirs says the same thing as one of TIMEX3.
fn is_value(ours: Option<&str>, theirs: &Value) -> bool {
    let Some(timex) = theirs["Timex"].as_str() else { return true };
    let dates: Vec<&str> = ["PastResolution", "FutureResolution"]
        .iter()
        .flat_map(|tense| ["date", "startDate"].map(|key| theirs[tense][key].as_str()))
        .flatten()
        .filter(|date| *date != "0001-01-01")
        .collect();
    let starts = |part: &str| dates.iter().any(|date| date.starts_with(part));
    if let Some(range) = timex.strip_prefix('(') {
        let length = range.trim_end_matches(')').rsplit(',').next();
        return match ours {
            Some(ours) if ours.starts_with('P') => Some(ours) == length,
            Some(ours) => starts(&first_day(ours)),
            None => false,
        };
    }
    let is_open = timex.starts_with("XXXX-") && !timex.starts_with("XXXX-W") || timex.contains("WXX");
    match ours {
        // Their days that are none: "2016-11-31"; and what TIMEX3 has no value for: the day of a set.
        None => dates.is_empty() && timex.starts_with(|first: char| first.is_ascii_digit() || first == 'X'),
        // They leave out the minutes of a full hour.
        Some(ours) if ours.trim_start_matches("XXXX-XX-XX").trim_end_matches(":00") == timex => true,
        Some(ours) if is_open => starts(ours),
        // A part or time of the day, and a season, with the year or day that they leave open.
        Some(ours) if timex.starts_with(['T', 'S']) => ours.ends_with(timex) || timex.starts_with('T'),
        Some(_) => false,
    }
}

/// The first day of a quarter or half, as they write a range.
fn first_day(value: &str) -> String {
    let month = match value.get(4..) {
        Some("-Q1" | "-H1") => "01",
        Some("-Q2") => "04",
        Some("-Q3" | "-H2") => "07",
        Some("-Q4") => "10",
        _ => return value.to_owned(),
    };
    format!("{}-{month}-01", value.get(..4).unwrap_or_default())
}
