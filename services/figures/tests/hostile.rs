//! Texts made to hurt: each is read in little time and memory, without a panic or an overflow of the stack.

#![allow(clippy::expect_used, reason = "a test that cannot go on has failed")]

mod support;

use support::{
    alone::failures,
    cost::Cost,
    hostile::{Hostile, STORY, TEXTS, VALUE, of_name},
    laws::assert_laws,
    marked::marked,
};
use tallywire_figures::{Input, MOST_FIGURES, Reader};

/// Tells the test `one_text` which text to read.
const VARIABLE: &str = "TALLYWIRE_HOSTILE_TEXT";
/// How large the texts are, in bytes; others with this variable in the environment.
const SIZE: usize = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };
const SIZE_VARIABLE: &str = "TALLYWIRE_HOSTILE_BYTES";
/// The most processor time for a megabyte, in seconds: what takes quadratic time takes far more.
const SECONDS: f64 = if cfg!(debug_assertions) { 40.0 } else { 4.0 };
/// The most memory beside a megabyte of text, in megabytes: half of it may be figures, each a record of its own.
const MEMORY: f64 = 600.0;

#[test]
fn hostile_texts_are_read_in_little_time_and_memory() {
    let names: Vec<&str> = TEXTS.iter().map(|text| text.name).collect();
    let failed = failures(&names, "one_text", VARIABLE);
    assert!(failed.is_empty(), "{} of {} texts:\n\n{}", failed.len(), names.len(), failed.join("\n\n"));
}

/// Does nothing, unless the test above runs it.
#[test]
fn one_text() {
    if let Ok(name) = std::env::var(VARIABLE) {
        read(of_name(&name));
    }
}

fn read(hostile: &Hostile) {
    let size = std::env::var(SIZE_VARIABLE).map_or(SIZE, |size| size.parse().expect("a number of bytes"));
    let megabytes = size as f64 / 1e6;
    let text = (hostile.text)(size) + STORY;
    let reader = Reader::new();
    let published_at = "2026-03-12".parse().ok();
    let (entities, quotes) = marked(&text);
    let input = Input {
        text: &text,
        language: hostile.language,
        country: None,
        published_at,
        entities: &entities,
        quotes: &quotes,
    };
    let (reading, cost) = Cost::of(|| reader.read(&input));
    let (seconds, memory) = (cost.cpu.as_secs_f64(), cost.grown as f64 / 1e6);
    println!("{seconds:.3} s, {memory:.0} MB, {} figures: {}", reading.figures.len(), hostile.name);
    assert_laws(&text, &entities, &reading);
    let behind = text.chars().count() - STORY.chars().count();
    let found = reading.figures.iter().any(|figure| figure.start >= behind && figure.value.any() == Some(VALUE));
    assert!(found || reading.figures.len() >= MOST_FIGURES, "{VALUE} behind it is not found");
    assert!(seconds < SECONDS * megabytes, "it took {seconds} s");
    // What the process needs for any text comes on top.
    assert!(memory < MEMORY * megabytes + 20.0, "it needed {memory} MB");
}
