//! A bench of the cleaner: real pages, how fast and in how much memory, beside Python's trafilatura; and pages made to
//! hurt, against their limits.
//!
//! `make bench-pages` runs it. Environment variables: `PAGES`, a folder of `*.html`, `*.html.gz` (without it only the
//! hostile pages are read); `PYTHON`, an interpreter that has trafilatura (without it there is no comparison); `ROUNDS`
//! (5).
//!
//! How it measures:
//!
//! - Speed: one thread, pages decoded and in memory. A round reads all, metadata included, without their addresses;
//!   rounds of ours and of theirs take turns, after one of each that does not count. Processor time is the process's,
//!   user's and system's, by the same clock for both; what is told is the median of the rounds. Theirs keeps its caches
//!   from round to round.
//! - Memory: a process a page, which has read a small page before, so that code and tables are there. The most that is
//!   resident while it reads the page, less what was resident before with the page loaded, against the page's bytes.
//!   Linux is good to a few hundred kilobytes there, so only the largest pages are measured.
//! - Hostile pages: a process each; the peak is all of its memory, the page included.
//!
//! It fails where a hostile page breaks a limit.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a bench that cannot go on has failed")]

mod baseline;
mod child;
mod corpus;
/// What the tests have for this already.
#[allow(dead_code, reason = "a bench needs less of it than the tests do")]
#[path = "../../tests/support/mod.rs"]
mod support;

use std::path::{Path, PathBuf};

use baseline::Baseline;
use child::Task;
use corpus::Corpus;
use support::{
    cost::Cost,
    hostile::{MEMORY, Outcome, PAGES, SECONDS},
};
use tallywire_cleaner::extract;

/// How many of the largest pages are measured for memory.
const LARGEST: usize = 20;
const MEGABYTE: f64 = 1e6;

fn main() {
    if let Some(task) = Task::of_arguments() {
        return task.do_it();
    }
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let rounds = variable("ROUNDS").map_or(5, |rounds| rounds.to_str().unwrap().parse::<usize>().unwrap().max(1));
    let (folder, python) = (variable("PAGES").map(PathBuf::from), variable("PYTHON").map(PathBuf::from));
    let broken = hostile();
    match folder {
        Some(folder) if folder.is_dir() => {
            let corpus = Corpus::load(&folder);
            memory(&corpus);
            speed(&folder, python.as_deref(), &corpus, rounds);
        }
        Some(folder) => println!("\nskipped the real pages: there is no {}", folder.display()),
        None => println!("\nskipped the real pages: PAGES names no folder"),
    }
    assert!(broken.is_empty(), "over their limits: {broken:?}");
}

/// What each hostile page costs; which of them break a limit.
fn hostile() -> Vec<&'static str> {
    println!("{:<44}{:>10}{:>10}   outcome", "hostile page", "CPU s", "peak MB");
    let mut broken = Vec::new();
    for page in PAGES {
        let Some(told) = Task::Hostile(page.name).told() else {
            println!("{:<44}{:>10}{:>10}   CRASHED", page.name, "", "");
            broken.push(page.name);
            continue;
        };
        let as_due = match page.outcome {
            Outcome::Read => told.outcome == "read",
            Outcome::Refused => told.outcome != "read",
            Outcome::Any => true,
        };
        let holds = told.seconds < SECONDS && told.peak < MEMORY as f64 && as_due;
        if !holds {
            broken.push(page.name);
        }
        let (megabytes, mark) = (told.peak / MEGABYTE, if holds { "" } else { "   BROKEN" });
        println!("{:<44}{:>10.3}{:>10.1}   {}{mark}", page.name, told.seconds, megabytes, told.outcome);
    }
    broken
}

/// The most memory that the largest pages take, in multiples of their size.
fn memory(corpus: &Corpus) {
    let mut largest: Vec<_> = corpus.pages.iter().collect();
    largest.sort_by_key(|page| std::cmp::Reverse(page.html.len()));
    largest.truncate(LARGEST);
    let (mut multiples, mut peaks) = (Vec::new(), Vec::new());
    for page in &largest {
        let told = Task::Page(&page.path).told().unwrap_or_else(|| panic!("{} is not read", page.path.display()));
        multiples.push(told.grown / page.html.len() as f64);
        peaks.push(told.peak);
    }
    println!();
    row("memory", "pages, the largest", largest.len() as f64, "");
    row("", "the smallest of these", largest.last().map_or(0.0, |page| page.html.len() as f64 / MEGABYTE), "MB");
    row("", "beside the page, median", median(&mut multiples), "times the page");
    row("", "beside the page, most", multiples.last().copied().unwrap_or_default(), "times the page");
    row("", "process, most", peaks.into_iter().fold(0.0, f64::max) / MEGABYTE, "MB");
}

/// Reads all pages in rounds, by turns with the baseline, and tells the ratio last.
fn speed(folder: &Path, python: Option<&Path>, corpus: &Corpus, rounds: usize) {
    let read_all = || corpus.pages.iter().filter(|page| extract(&page.html, None).is_ok()).count();
    let mut baseline = python.map(|python| Baseline::start(python, folder, corpus));
    let mut theirs_read = baseline.as_mut().map(|baseline| baseline.round().read);
    let mut ours_read = read_all();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let (read, cost) = Cost::of(read_all);
        ours_read = read;
        ours.push(cost.cpu.as_secs_f64());
        if let Some(baseline) = &mut baseline {
            let round = baseline.round();
            theirs_read = Some(round.read);
            theirs.push(round.seconds);
        }
    }
    println!();
    row("pages", "pages", corpus.pages.len() as f64, "");
    row("", "size", corpus.bytes() as f64 / MEGABYTE, "MB");
    row("", "rounds", rounds as f64, "");
    let ours = told_speed("cleaner", corpus.pages.len(), ours_read, &mut ours);
    if let Some(read) = theirs_read {
        let theirs = told_speed("trafilatura", corpus.pages.len(), read, &mut theirs);
        println!("\nratio: {:.2} times trafilatura's pages per CPU-second", ours / theirs);
    } else {
        println!("\nno ratio: PYTHON names no interpreter that has trafilatura");
    }
}

/// Tells what one of the two took; its pages per CPU-second.
fn told_speed(name: &str, pages: usize, read: usize, seconds: &mut [f64]) -> f64 {
    let middle = median(seconds);
    let speed = pages as f64 / middle;
    row(name, "pages read", read as f64, "");
    row("", "CPU time a round, median", middle, "s");
    row("", "fastest", seconds.first().copied().unwrap_or_default(), "s");
    row("", "slowest", seconds.last().copied().unwrap_or_default(), "s");
    row("", "pages per CPU-second", speed, "");
    speed
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
