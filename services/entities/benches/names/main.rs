//! A bench of the tagger: how fast and how well it finds names, beside spaCy's small English model.
//!
//! `make bench-entities` runs it. Environment variables: `ENTITIES`, a folder with files `*_dev.docs.jsonl`, an article a
//! line with its text and names (without it there is nothing to do); `PYTHON`, an interpreter that has spaCy (without it
//! there is no comparison); `ONNXRUNTIME`, its library, which runs the accurate model (without it, only the fast one is
//! measured); `ROUNDS` (5).
//!
//! How it measures:
//!
//! - Speed: both read the same articles, in a process each, texts in memory, one thread. Rounds of ours and of theirs
//!   take turns, after one of each that does not count. Processor time is the process's, user's and system's, by the
//!   same clock for both; what is told is the median of the rounds. Ours finds entities, links, roles and quotes as
//!   well; of theirs, only what finds names is loaded.
//! - Quality: exact span and kind, articles ("the") and possessive endings aside.
//! - Memory: the most that was ever resident in the process, the articles included.
//! - Start-up: from the start of the process to the names of one short text, by the clock on the wall; the median.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a bench that cannot go on has failed")]

mod corpus;
mod ours;
mod peer;
mod waiting;

use std::path::{Path, PathBuf};

use corpus::Article;
use peer::{Model, Peer, asked_to_read};

const MEGABYTE: f64 = 1e6;

/// What was measured of a reader.
struct Measured {
    peer: Peer,
    /// Processor time of each round.
    seconds: Vec<f64>,
    f1: f64,
}

fn main() {
    if let Some(model) = asked_to_read() {
        return ours::answer(&model);
    }
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let rounds = variable("ROUNDS").map_or(5, |rounds| rounds.to_str().unwrap().parse::<usize>().unwrap().max(1));
    let python = variable("PYTHON").map(PathBuf::from).filter(|python| python.exists());
    let library = variable("ONNXRUNTIME").map(PathBuf::from).filter(|library| library.exists());
    let accurate = library.map(Model::Accurate);
    let files = variable("ENTITIES").map(|folder| files(Path::new(&folder))).unwrap_or_default();
    if files.is_empty() {
        return println!("skipped: ENTITIES names no folder with *_dev.docs.jsonl");
    }
    start_up("tallywire", rounds, || Peer::ours(&Model::Fast));
    if let Some(accurate) = &accurate {
        start_up("accurate", rounds, || Peer::ours(accurate));
    }
    if let Some(python) = &python {
        start_up("spaCy sm", rounds, || Peer::theirs(python));
    }
    for file in files {
        println!();
        compare(&file, accurate.as_ref(), python.as_deref(), rounds);
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = folder.read_dir() else { return vec![] };
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.to_str().is_some_and(|path| path.ends_with("_dev.docs.jsonl")));
    files.sort();
    files
}

fn start_up(name: &str, rounds: usize, start: impl Fn() -> Peer) {
    let mut seconds: Vec<_> = (0..rounds).map(|_| Peer::start_up(&start).as_secs_f64()).collect();
    row(name, "start-up, median", 1e3 * median(&mut seconds), "ms");
}

/// Has both read the articles of a file by turns, and tells the ratio last.
fn compare(file: &Path, accurate: Option<&Model>, python: Option<&Path>, rounds: usize) {
    let articles = corpus::load(file);
    let words = corpus::words(&articles);
    let mut ours = Measured::new(Peer::ours(&Model::Fast), &articles);
    let mut accurate = accurate.map(|accurate| Measured::new(Peer::ours(accurate), &articles));
    let mut theirs = python.map(|python| Measured::new(Peer::theirs(python), &articles));
    for _ in 0..rounds {
        ours.round(&articles);
        if let Some(accurate) = &mut accurate {
            accurate.round(&articles);
        }
        if let Some(theirs) = &mut theirs {
            theirs.round(&articles);
        }
    }
    println!("{}", file.file_name().unwrap().display());
    row("articles", "articles", articles.len() as f64, "");
    row("", "words", words as f64, "");
    row("", "rounds", rounds as f64, "");
    let ours = ours.told("tallywire", words);
    if let Some(accurate) = accurate {
        accurate.told("accurate", words);
    }
    if let Some(theirs) = theirs {
        let theirs = theirs.told("spaCy sm", words);
        println!("ratio: {:.2} times spaCy's words per CPU-second", ours / theirs);
    } else {
        println!("no ratio: PYTHON names no interpreter that has spaCy");
    }
}

impl Measured {
    fn new(mut peer: Peer, articles: &[Article]) -> Self {
        let round = peer.read(&texts(articles));
        Self { peer, seconds: vec![], f1: corpus::f1(articles, &round.names) }
    }

    fn round(&mut self, articles: &[Article]) {
        self.seconds.push(self.peer.read(&texts(articles)).seconds);
    }

    /// Tells what was measured; the words per CPU-second.
    fn told(mut self, name: &str, words: usize) -> f64 {
        let middle = median(&mut self.seconds);
        let speed = words as f64 / middle;
        row(name, "F1, exact span and kind", 100.0 * self.f1, "%");
        row("", "CPU time a round, median", middle, "s");
        row("", "fastest", self.seconds.first().copied().unwrap_or_default(), "s");
        row("", "slowest", self.seconds.last().copied().unwrap_or_default(), "s");
        row("", "words per CPU-second", speed.round(), "");
        row("", "memory, most", self.peer.peak() / MEGABYTE, "MB");
        speed
    }
}

fn texts(articles: &[Article]) -> Vec<&str> {
    articles.iter().map(|article| article.text.as_str()).collect()
}

/// The middle one; the upper of two. Sorts them.
fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn row(phase: &str, what: &str, value: f64, unit: &str) {
    let digits = if value.fract() == 0.0 { 0 } else { 3 };
    println!("{phase:<14}{what:<30}{value:>12.digits$} {unit}");
}
