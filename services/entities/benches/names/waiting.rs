//! A process that reads texts when it is asked to, and waits between: a list of texts a line in, what they gave a line out.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde::{Serialize, de::DeserializeOwned};

/// The process; ends with what is dropped here, since its input ends.
pub(crate) struct Waiting {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Waiting {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (input, output) = (process.stdin.take(), BufReader::new(process.stdout.take().unwrap()));
        Self { process, input, output }
    }

    /// Has it read texts.
    pub(crate) fn ask<Round: DeserializeOwned>(&mut self, texts: &[impl Serialize]) -> Round {
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

impl Drop for Waiting {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.process.wait();
    }
}
