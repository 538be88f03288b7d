//! A bench of the reader of figures: how fast it is, beside Python's quantulum3.
//!
//! `make bench-figures` runs it. Environment variables: `TEXTS`, a folder with files `*_dev.docs.jsonl`, an article a line
//! with its text (without it, the sentences of the tests are read); `PYTHON`, an interpreter that has quantulum3 (without
//! it there is no comparison); `ROUNDS` (3).
//!
//! How it measures: both read the same articles, in a process each, texts in memory, one thread. Rounds of ours and of
//! theirs take turns, after one of each that does not count. Processor time is the process's, user's and system's, by
//! the same clock for both; what is told is the median of the rounds. Ours reads times, events, places and sources as
//! well. Memory is the most that was ever resident in the process, the articles included.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a bench that cannot go on has failed")]

mod peer;
/// As the bench of names has its readers wait.
#[path = "../../../entities/benches/names/waiting.rs"]
mod waiting;

use std::{
    fs,
    io::{BufRead, stdin},
    path::{Path, PathBuf},
};

use peer::{Peer, is_asked_to_read};
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};
use tallywire_figures::{Input, Reader};

const MEGABYTE: f64 = 1e6;

fn main() {
    if is_asked_to_read() {
        return answer();
    }
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let rounds = variable("ROUNDS").map_or(3, |rounds| rounds.to_str().unwrap().parse::<usize>().unwrap().max(1));
    let python = variable("PYTHON").map(PathBuf::from).filter(|python| python.exists());
    let mut files = variable("TEXTS").map(|folder| files(Path::new(&folder))).unwrap_or_default();
    if files.is_empty() {
        files = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/sentences/sentences.jsonl")];
    }
    for file in files {
        compare(&file, python.as_deref(), rounds);
    }
}

/// Ours, in a process of its own: a line of texts in, a line with what it took out, as `baseline.py`.
fn answer() {
    let reader = Reader::new();
    for line in stdin().lock().lines() {
        let texts: Vec<String> = serde_json::from_str(&line.unwrap()).unwrap();
        let begun = cpu_seconds();
        let published_at = "2026-03-12".parse().ok();
        let read = |text| {
            reader.read(&Input { text, language: Some("en"), country: None, published_at, entities: &[], quotes: &[] })
        };
        let found: usize = texts.iter().map(|text| read(text).figures.len()).sum();
        println!("{}", json!({"seconds": cpu_seconds() - begun, "found": found}));
    }
}

/// Processor time of this process until now: the clock that Python's `time.process_time` reads.
fn cpu_seconds() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = folder.read_dir() else { return vec![] };
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.to_str().is_some_and(|path| path.ends_with("_dev.docs.jsonl")));
    files.sort();
    files
}

fn texts(file: &Path) -> Vec<String> {
    let text = |line: &str| serde_json::from_str::<Value>(line).unwrap()["text"].as_str().unwrap().to_owned();
    fs::read_to_string(file).unwrap().lines().map(text).collect()
}

/// Has both read the texts of a file by turns, and tells the ratio last.
fn compare(file: &Path, python: Option<&Path>, rounds: usize) {
    let texts = texts(file);
    let words: usize = texts.iter().map(|text| text.split_whitespace().count()).sum();
    let mut ours = Measured::new(Peer::ours(), &texts);
    let mut theirs = python.map(|python| Measured::new(Peer::theirs(python), &texts));
    for _ in 0..rounds {
        ours.round(&texts);
        if let Some(theirs) = &mut theirs {
            theirs.round(&texts);
        }
    }
    println!("{}", file.file_name().unwrap().display());
    row("texts", "texts", texts.len() as f64, "");
    row("", "words", words as f64, "");
    row("", "rounds", rounds as f64, "");
    let ours = ours.told("tallywire", words);
    if let Some(theirs) = theirs {
        let theirs = theirs.told("quantulum3", words);
        println!("ratio: {:.1} times quantulum3's words per CPU-second\n", ours / theirs);
    } else {
        println!("no ratio: PYTHON names no interpreter that has quantulum3\n");
    }
}

/// What was measured of a reader.
struct Measured {
    peer: Peer,
    /// Processor time of each round.
    seconds: Vec<f64>,
    found: usize,
}

impl Measured {
    fn new(mut peer: Peer, texts: &[String]) -> Self {
        let found = peer.read(texts).found;
        Self { peer, seconds: vec![], found }
    }

    fn round(&mut self, texts: &[String]) {
        self.seconds.push(self.peer.read(texts).seconds);
    }

    /// Tells what was measured; the words per CPU-second.
    fn told(mut self, name: &str, words: usize) -> f64 {
        self.seconds.sort_by(f64::total_cmp);
        let middle = self.seconds[self.seconds.len() / 2];
        let speed = words as f64 / middle;
        row(name, "figures found", self.found as f64, "");
        row("", "CPU time a round, median", middle, "s");
        row("", "words per CPU-second", speed.round(), "");
        row("", "memory, most", self.peer.peak() / MEGABYTE, "MB");
        speed
    }
}

fn row(phase: &str, what: &str, value: f64, unit: &str) {
    let digits = if value.fract() == 0.0 { 0 } else { 3 };
    println!("{phase:<14}{what:<30}{value:>12.digits$} {unit}");
}
