//! Python's trafilatura on the same pages, in a process that waits between rounds.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::Value;

use crate::corpus::Corpus;

/// The process of `baseline.py`; ends with what is dropped here, since its input ends.
pub(crate) struct Baseline {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

/// A round over all pages.
pub(crate) struct Round {
    /// Processor time.
    pub(crate) seconds: f64,
    /// How many pages had a text.
    pub(crate) read: usize,
}

impl Baseline {
    /// Loads the pages, and sees that they are the same.
    pub(crate) fn start(python: &Path, folder: &Path, corpus: &Corpus) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/pages/baseline.py");
        let mut command = Command::new(python);
        command.arg(script).arg(folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", python.display()));
        let (input, output) = (process.stdin.take(), BufReader::new(process.stdout.take().unwrap()));
        let mut baseline = Self { process, input, output };
        let loaded = baseline.line();
        let characters: usize = corpus.pages.iter().map(|page| page.html.chars().count()).sum();
        assert_eq!(loaded["pages"], corpus.pages.len(), "both read the same pages");
        assert_eq!(loaded["characters"], characters, "both read the same pages");
        baseline
    }

    /// Has it read all pages.
    pub(crate) fn round(&mut self) -> Round {
        self.input.as_mut().unwrap().write_all(b"\n").unwrap();
        let told = self.line();
        Round { seconds: told["seconds"].as_f64().unwrap(), read: told["read"].as_u64().unwrap() as usize }
    }

    fn line(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("baseline.py ended, or said {line:?}"))
    }
}

impl Drop for Baseline {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.process.wait();
    }
}
