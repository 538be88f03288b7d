//! A program that reads texts, in a process that waits between rounds: this one again, or `baseline.py`.

use std::{path::Path, process::Command};

use serde::Deserialize;

use crate::waiting::Waiting;

/// What reading a list of texts took and gave.
#[derive(Deserialize)]
pub(crate) struct Round {
    /// Processor time.
    pub(crate) seconds: f64,
    /// How many figures there are.
    pub(crate) found: usize,
}

pub(crate) struct Peer(Waiting);

/// The argument that makes this program read texts.
const READ: &str = "--read-texts";

/// Whether this process was started to read texts.
pub(crate) fn is_asked_to_read() -> bool {
    std::env::args_os().nth(1).is_some_and(|argument| argument == READ)
}

impl Peer {
    /// Ours: this program again.
    pub(crate) fn ours() -> Self {
        Self::start(Command::new(std::env::current_exe().unwrap()).arg(READ))
    }

    /// quantulum3, by an interpreter that has it.
    pub(crate) fn theirs(python: &Path) -> Self {
        Self::start(
            Command::new(python).arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/quantities/baseline.py")),
        )
    }

    fn start(command: &mut Command) -> Self {
        Self(Waiting::start(command))
    }

    /// Has it read texts.
    pub(crate) fn read(&mut self, texts: &[String]) -> Round {
        self.0.ask(texts)
    }

    /// The most memory that it has had, in bytes.
    pub(crate) fn peak(&self) -> f64 {
        self.0.peak()
    }
}
