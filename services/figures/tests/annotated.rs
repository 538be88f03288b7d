//! How well whole records are read: sentences of our own, each figure in them annotated with all fields.
//!
//! `cargo test --package tallywire-figures --test annotated -- --nocapture` prints precision and recall a field. A figure
//! is found where its span overlaps an annotated one; a field is right where it says the same. The half for development may
//! be read, the half for testing is only scored.

use std::{collections::BTreeMap, error::Error};

use serde_json::{Value, json};
use tallywire_figures::{Input, Reader, Reading};
use tallywire_proto::{Entity, EntityKind, Figure, Links, Mention};

const SENTENCES: &str = include_str!("data/sentences/sentences.jsonl");

/// What must at least be right of the half for development: precision and recall, a little below what was measured.
const FLOORS: [(&str, f64, f64); 20] = [
    ("counted", 0.87, 0.87),
    ("counted: head", 0.90, 0.90),
    ("direction", 0.95, 0.95),
    ("event", 0.90, 0.93),
    ("event: status", 0.88, 0.91),
    ("found", 0.97, 0.97),
    ("kind", 0.97, 0.97),
    ("modifier", 0.99, 0.99),
    ("place", 0.92, 0.96),
    ("relation", 0.95, 0.95),
    ("relation: to", 0.95, 0.95),
    ("source", 0.88, 0.88),
    ("source: cue", 0.98, 0.98),
    ("source: name", 0.98, 0.98),
    ("span", 0.97, 0.97),
    ("time", 0.77, 0.88),
    ("unit", 0.98, 0.98),
    ("unit: currency", 0.98, 0.98),
    ("unit: ucum", 0.94, 0.98),
    ("value", 0.94, 0.94),
];

/// How often a field is said, is stated, and is said as it is stated.
#[derive(Clone, Copy, Default)]
struct Tally {
    said: usize,
    stated: usize,
    right: usize,
}

type Tallies = BTreeMap<&'static str, Tally>;

#[test]
fn records_say_what_sentences_state() -> Result<(), Box<dyn Error>> {
    let reader = Reader::new();
    let mut halves: BTreeMap<String, Tallies> = BTreeMap::new();
    for line in SENTENCES.lines() {
        let sentence: Value = serde_json::from_str(line)?;
        let half = sentence["half"].as_str().ok_or("a sentence of no half")?;
        let tallies = halves.entry(half.to_owned()).or_default();
        count(&sentence, &read(&reader, &sentence)?, tallies);
    }
    for (half, tallies) in &halves {
        println!("{half:<12} precision recall");
        for (field, tally) in tallies {
            let (precision, recall) = tally.rates();
            println!("{field:<14}{precision:>7.2}{recall:>7.2}   {} of {}", tally.right, tally.stated);
        }
    }
    for (field, precision, recall) in FLOORS {
        let measured = halves["dev"][field].rates();
        assert!(measured.0 >= precision && measured.1 >= recall, "{field}: {measured:?}");
    }
    Ok(())
}

impl Tally {
    fn rates(self) -> (f64, f64) {
        let rate = |of: usize| self.right as f64 / of.max(1) as f64;
        (rate(self.said), rate(self.stated))
    }
}

fn read(reader: &Reader, sentence: &Value) -> Result<Reading, Box<dyn Error>> {
    let text = sentence["text"].as_str().ok_or("a sentence without text")?;
    let published_at = sentence["published_at"].as_str().ok_or("a sentence without a day")?.parse()?;
    let places = sentence["places"].as_array().into_iter().flatten().enumerate();
    let entities: Vec<_> = places.map(|(number, place)| entity(number, place)).collect();
    Ok(reader.read(&Input {
        text,
        language: Some("en"),
        country: sentence["country"].as_str(),
        published_at: Some(published_at),
        entities: &entities,
        quotes: &[],
    }))
}

fn entity(number: usize, place: &Value) -> Entity {
    let (start, end) = span(place);
    let text = place["text"].as_str().unwrap_or_default().to_owned();
    Entity {
        id: number.to_string(),
        kind: EntityKind::Place,
        name: text.clone(),
        roles: vec![],
        mentions: vec![Mention { start, end, text, metonym: false }],
        links: Links::default(),
        location: None,
        salience: 0.0,
        confidence: 1.0,
    }
}

/// Adds what a reading says of a sentence.
fn count(sentence: &Value, reading: &Reading, tallies: &mut Tallies) {
    let stated = sentence["figures"].as_array().map_or(&[][..], Vec::as_slice);
    let overlaps = |figure: &Figure, stated: &Value| figure.start < span(stated).1 && span(stated).0 < figure.end;
    let mut left: Vec<&Figure> = reading.figures.iter().collect();
    let of: Vec<Option<&Figure>> = stated
        .iter()
        .map(|stated| Some(left.remove(left.iter().position(|figure| overlaps(figure, stated))?)))
        .collect();
    let number = |figure: &str| of.iter().position(|found| found.is_some_and(|found| found.id == figure));
    let mut add = |field: &'static str, said: &Value, stated: &Value, right: bool| {
        let tally = tallies.entry(field).or_default();
        tally.said += usize::from(!said.is_null());
        tally.stated += usize::from(!stated.is_null());
        tally.right += usize::from(!said.is_null() && !stated.is_null() && right);
    };
    for _ in &left {
        add("found", &json!(1), &Value::Null, false);
    }
    for (stated, found) in stated.iter().zip(&of) {
        add("found", &found.map_or(Value::Null, |_| json!(1)), &json!(1), true);
        let Some(found) = found else { continue };
        let said = serde_json::to_value(found).unwrap_or_default();
        let mut same = |field, said: &Value, stated: &Value| add(field, said, stated, said == stated);
        same("span", &json!([found.start, found.end]), &json!([stated["start"], stated["end"]]));
        for field in ["kind", "modifier", "direction"] {
            same(field, &said[field], &stated[field]);
        }
        let is_money = !stated["unit"]["currency"].is_null();
        same("unit", &unit(&said["unit"]["name"], is_money), &unit(&stated["unit"]["name"], is_money));
        for (field, key) in [("unit: currency", "currency"), ("unit: ucum", "ucum"), ("unit: per", "per")] {
            same(field, &said["unit"][key], &stated["unit"][key]);
        }
        for (field, key) in [("counted", "lemma"), ("counted: head", "head")] {
            same(field, &said["counted"][key], &stated["counted"][key]);
        }
        for (field, key) in [("event", "class"), ("event: status", "status"), ("event: word", "trigger")] {
            same(field, &said["event"][key], &stated["event"][key]);
        }
        let place = found.place.as_ref().and_then(|place| place.parse::<usize>().ok());
        same("place", &json!(place), &stated["place"]);
        same("relation", &said["relation"]["type"], &stated["relation"]["type"]);
        let other = found.relation.as_ref().and_then(|relation| number(&relation.figure));
        same("relation: to", &json!(other), &stated["relation"]["figure"]);
        for (field, key) in [("source: cue", "cue"), ("source: name", "name")] {
            same(field, &said["source"][key], &stated["source"][key]);
        }
        add("value", &said["value"], &stated["value"], is_near(&said["value"], &stated["value"]));
        let (source, named) = (&said["source"], &stated["source"]);
        // Where a pronoun stands at the cue, it is the record's span; the annotated one is the name's.
        let touches = span(source).0 < span(named).1 && span(named).0 < span(source).1;
        add("source", source, named, touches);
        let time = found.time.and_then(|time| reading.times.get(time)).and_then(|time| time.value.clone());
        let named = stated["time"].as_u64().map_or(&Value::Null, |time| &sentence["times"][time as usize]["value"]);
        add("time", &json!(time), named, json!(time) == *named);
    }
}

/// A unit without what is added to its name: "year of age" is a year, "pound sterling" a pound, "hungarian forint" a
/// forint, "kilometre per hour" a kilometre with a rate, "degree Celsius" is celsius.
fn unit(name: &Value, is_money: bool) -> Value {
    let Some(name) = name.as_str() else { return Value::Null };
    let name = name.to_lowercase();
    let name = name.trim_end_matches(" of age").trim_end_matches(" sterling").trim_start_matches("degree ");
    let name = name.split_once(" per ").map_or(name, |(above, _)| above);
    let last = name.rsplit_once(' ').map_or(name, |(_, last)| last);
    json!(if is_money { last } else { name })
}

/// Whether two values have like bounds: a third is 0.333.
fn is_near(one: &Value, other: &Value) -> bool {
    ["low", "high"].iter().all(|bound| match (one[bound].as_f64(), other[bound].as_f64()) {
        (Some(one), Some(other)) => (one - other).abs() <= 0.001 * one.abs().max(1.0),
        (one, other) => one.is_none() && other.is_none(),
    })
}

fn span(of: &Value) -> (usize, usize) {
    let point = |key: &str| of[key].as_u64().unwrap_or_default() as usize;
    (point("start"), point("end"))
}
