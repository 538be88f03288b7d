//! This program again, for one page: so that its memory is that page's alone, and a crash ends nothing else.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use serde_json::{Value, json};
use tallywire_cleaner::{CleanError, extract};

use crate::{
    corpus,
    support::{
        cost::Cost,
        hostile::{STORY, of_name},
    },
};

/// What a process of its own does.
pub(crate) enum Task<'a> {
    /// Reads the page in a file.
    Page(&'a Path),
    /// Reads the hostile page of this name.
    Hostile(&'a str),
}

/// What came of it.
pub(crate) struct Told {
    /// "read", "story lost", or why it was refused.
    pub(crate) outcome: String,
    /// Processor time.
    pub(crate) seconds: f64,
    /// The most memory of the process, in bytes.
    pub(crate) peak: f64,
    /// How much of that came while the page was read.
    pub(crate) grown: f64,
}

const PAGE: &str = "--page";
const HOSTILE: &str = "--hostile-page";

impl Task<'static> {
    /// The task that this process was started for, if for one.
    pub(crate) fn of_arguments() -> Option<Self> {
        let mut arguments = std::env::args().skip(1);
        let (kind, name) = (arguments.next()?, arguments.next()?);
        let name: &'static str = name.leak();
        match kind.as_str() {
            PAGE => Some(Self::Page(Path::new(name))),
            HOSTILE => Some(Self::Hostile(name)),
            _ => None,
        }
    }
}

impl Task<'_> {
    /// Has a process do it. `None` where that crashed.
    pub(crate) fn told(&self) -> Option<Told> {
        let mut command = Command::new(std::env::current_exe().unwrap());
        match self {
            Self::Page(path) => command.arg(PAGE).arg(path),
            Self::Hostile(name) => command.args([HOSTILE, name]),
        };
        let output = command.stderr(Stdio::inherit()).output().unwrap();
        let told: Value = output.status.success().then(|| serde_json::from_slice(&output.stdout).unwrap())?;
        let number = |key: &str| told[key].as_f64().unwrap();
        Some(Told {
            outcome: told["outcome"].as_str().unwrap().to_owned(),
            seconds: number("seconds"),
            peak: number("peak"),
            grown: number("grown"),
        })
    }

    /// Does it, and prints what came of it.
    pub(crate) fn do_it(&self) {
        let (html, due) = match self {
            Self::Page(path) => (corpus::load(path), ""),
            Self::Hostile(name) => ((of_name(name).html)(), STORY),
        };
        // What is read into memory once for all pages is no page's.
        extract(&format!("<p>{STORY}</p>"), None).unwrap();
        let (result, cost) = Cost::of(|| extract(&html, None));
        let outcome = match result {
            Ok(article) if article.text.contains(due) => "read".to_owned(),
            Ok(_) => "story lost".to_owned(),
            Err(CleanError::NoText { .. }) => "no text".to_owned(),
            Err(error) => format!("refused: {error}"),
        };
        let seconds = cost.cpu.as_secs_f64();
        println!("{}", json!({"outcome": outcome, "seconds": seconds, "peak": cost.peak, "grown": cost.grown}));
    }
}
