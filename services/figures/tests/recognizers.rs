//! How Recognizers-Text reads its own English examples of numbers, and how we do.
//!
//! Their specs (MIT licence) lie beside the checkout and are no part of it; without them the test is skipped. A case is
//! one input: it agrees where each of their results has a figure of ours of the same value and unit, and where we state
//! no other of that sort. `data/recognizers.tsv` lists the cases that we read otherwise on purpose, and why.
//! `cargo test --package tallywire-figures --test recognizers -- --nocapture` prints every other that differs.

use std::{error::Error, fs, path::Path};

use serde_json::Value;
use tallywire_figures::{Input, Reader};
use tallywire_proto::{Figure, FigureKind};

const SPECS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/figures/recognizers-specs");
const OTHERWISE: &str = include_str!("data/recognizers.tsv");
const UNITS: &str = include_str!("data/recognizers-units.tsv");

/// What must at least be read as they read it, of all cases that are not listed.
const FLOOR: f64 = 0.9;

#[test]
fn reads_numbers_as_recognizers_does() -> Result<(), Box<dyn Error>> {
    if !Path::new(SPECS).exists() {
        println!("skipped: the specs of Recognizers-Text are not at {SPECS}");
        return Ok(());
    }
    let reader = Reader::new();
    let (mut all, mut same, mut listed) = (0, 0, 0);
    for file in ["Number/NumberModel", "Number/PercentModel", "NumberWithUnit/AgeModel"].into_iter().chain([
        "NumberWithUnit/CurrencyModel",
        "NumberWithUnit/DimensionModel",
        "NumberWithUnit/TemperatureModel",
    ]) {
        let cases: Vec<Value> = serde_json::from_str(&fs::read_to_string(format!("{SPECS}/{file}.json"))?)?;
        let (mut of_file, mut same_of_file, mut listed_of_file) = (0, 0, 0);
        for (number, case) in cases.iter().enumerate() {
            let figures = read(&reader, case["Input"].as_str().unwrap_or_default());
            let agrees = agrees(file, case, &figures);
            let is_listed = rows(OTHERWISE).any(|row| row[0] == file && row.get(1) == Some(&&*number.to_string()));
            of_file += 1;
            same_of_file += usize::from(agrees);
            listed_of_file += usize::from(is_listed && !agrees);
            if !agrees && !is_listed {
                show(file, number, case, &figures);
            }
            assert!(!(agrees && is_listed), "{file} {number} is read as they read it: take it off the list");
        }
        println!("{file}: {same_of_file} of {of_file} the same, {listed_of_file} otherwise on purpose");
        (all, same, listed) = (all + of_file, same + same_of_file, listed + listed_of_file);
    }
    let share = same as f64 / (all - listed) as f64;
    println!("{same} of {all} the same; {share:.3} of the {} that are not otherwise on purpose", all - listed);
    assert!(share >= FLOOR, "{share:.3} are read as Recognizers-Text reads them");
    Ok(())
}

fn rows(data: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    data.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect())
}

fn read(reader: &Reader, text: &str) -> Vec<Figure> {
    let input = Input { text, language: Some("en"), country: None, published_at: None, entities: &[], quotes: &[] };
    reader.read(&input).figures
}

fn agrees(file: &str, case: &Value, figures: &[Figure]) -> bool {
    // A unit without a number states no figure.
    let has_value = |result: &&Value| result["Resolution"]["value"].as_str().is_some_and(|value| value != "null");
    let mut theirs = case["Results"].as_array().into_iter().flatten().filter(has_value);
    let mut ours: Vec<&Figure> = figures.iter().filter(|figure| is_of(file, figure)).collect();
    theirs.all(|result| {
        let found = ours.iter().position(|figure| overlaps(figure, result) && is_same(figure, result));
        found.map(|found| ours.remove(found)).is_some()
    }) && ours.iter().all(|figure| figure.unit.name.as_deref() == Some("degree"))
}

/// Whether a figure is of the sort that a spec is about.
fn is_of(file: &str, figure: &Figure) -> bool {
    let unit = figure.unit.name.as_deref();
    let is_temperature = unit.is_some_and(|unit| matches!(unit, "celsius" | "fahrenheit" | "kelvin" | "degree"));
    match file {
        "Number/PercentModel" => unit == Some("percentage"),
        "NumberWithUnit/AgeModel" => figure.kind == FigureKind::Age,
        "NumberWithUnit/CurrencyModel" => {
            let is_money = figure.kind == FigureKind::Money || figure.unit.currency.is_some();
            is_money || matches!(unit, Some("cent" | "penny" | "spanish peseta"))
        }
        "NumberWithUnit/DimensionModel" => {
            let is_time = |unit: &str| matches!(unit, "year" | "month" | "week" | "day" | "hour" | "minute" | "second");
            figure.kind != FigureKind::Age
                && figure.unit.ucum.is_some()
                && (unit == Some("degree")
                    || !unit.is_some_and(|unit| is_temperature || is_time(unit) || unit == "percentage"))
        }
        "NumberWithUnit/TemperatureModel" => is_temperature,
        _ => true,
    }
}

fn overlaps(figure: &Figure, result: &Value) -> bool {
    let point = |key: &str| result[key].as_u64().and_then(|point| usize::try_from(point).ok()).unwrap_or_default();
    figure.start <= point("End") && point("Start") < figure.end
}

fn is_same(figure: &Figure, result: &Value) -> bool {
    let resolution = &result["Resolution"];
    let text = |key: &str| resolution[key].as_str().unwrap_or_default();
    let Some(value) = text("value").trim_end_matches('%').parse::<f64>().ok() else { return false };
    // Of a range they read the last number, which has the unit.
    let is_near = [figure.value.low, figure.value.high]
        .into_iter()
        .flatten()
        .any(|ours| (ours.0 - value).abs() <= 1e-6 * value.abs().max(1e-9));
    let unit = text("unit").to_lowercase();
    let ours = figure.unit.name.as_deref().unwrap_or_default();
    // Money and volume have no rate with them.
    let rate = figure.unit.per.as_ref().filter(|_| unit.contains(" per "));
    let ours = rate.map_or_else(|| ours.to_owned(), |per| format!("{ours} per {per}"));
    let is_called = || rows(UNITS).any(|row| row[..] == [unit.as_str(), ours.as_str()]);
    let same_unit = match text("isoCurrency") {
        "" => unit.is_empty() || ours == unit || is_called(),
        // "$" alone is no certain currency to us, and the United States' to them.
        code => figure.unit.currency.as_deref().map_or(ours == "dollar" && code == "USD", |ours| ours == code),
    };
    is_near && same_unit
}

fn show(file: &str, number: usize, case: &Value, figures: &[Figure]) {
    let theirs: Vec<String> = case["Results"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|result| format!("{}={}", result["Text"], result["Resolution"]))
        .collect();
    let ours: Vec<String> = figures
        .iter()
        .map(|one| format!("{:?}={:?} {:?} {:?}", one.text, one.value.low, one.unit.name, one.unit.currency))
        .collect();
    println!("{file} {number}: {}\n    they: {theirs:?}\n    we:   {ours:?}", case["Input"]);
}
