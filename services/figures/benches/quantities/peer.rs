//! A program that reads texts, in a process that waits between rounds: this one again, or `baseline.py`.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde::Deserialize;

/// What reading a list of texts took and gave.
#[derive(Deserialize)]
pub(crate) struct Round {
    /// Processor time.
    pub(crate) seconds: f64,
    /// How many figures there are.
    pub(crate) found: usize,
}

/// The process; ends with what is dropped here, since its input ends.
pub(crate) struct Peer {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

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
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (input, output) = (process.stdin.take(), BufReader::new(process.stdout.take().unwrap()));
        Self { process, input, output }
    }

    /// Has it read texts.
    pub(crate) fn read(&mut self, texts: &[String]) -> Round {
        let line = serde_json::to_string(texts).unwrap() + "\n";
        self.input.as_mut().unwrap().write_all(line.as_bytes()).unwrap();
        let mut answer = String::new();
        self.output.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).unwrap_or_else(|error| panic!("a reader ended, or said {answer:.60?}: {error}"))
    }

    /// The most memory that it has had, in bytes.
    pub(crate) fn peak(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        1024.0 * line.trim().trim_end_matches(" kB").parse::<f64>().unwrap()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.process.wait();
    }
}
