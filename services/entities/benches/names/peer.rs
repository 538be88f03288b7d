//! A program that reads texts, in a process that waits between rounds: this one again, or `baseline.py`.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use serde::Deserialize;
use tallywire_proto::EntityKind;

use crate::waiting::Waiting;

/// A name: its first code point, one past its last, and its kind.
pub(crate) type Name = (usize, usize, EntityKind);

/// What reading a list of texts took and gave.
#[derive(Deserialize)]
pub(crate) struct Round {
    /// Processor time.
    pub(crate) seconds: f64,
    /// For each text, its names.
    pub(crate) names: Vec<Vec<Name>>,
}

pub(crate) struct Peer(Waiting);

/// The argument that makes this program read texts.
const READ: &str = "--read-texts";

/// Which of our models reads.
pub(crate) enum Model {
    Fast,
    /// With the library of ONNX Runtime that runs it.
    Accurate(PathBuf),
}

/// The model to read texts with, if this process was started to do so.
pub(crate) fn asked_to_read() -> Option<Model> {
    let mut arguments = std::env::args_os().skip(1);
    let model = |library: Option<OsString>| library.map_or(Model::Fast, |library| Model::Accurate(library.into()));
    (arguments.next()? == READ).then(|| model(arguments.next()))
}

impl Peer {
    /// Ours: this program again.
    pub(crate) fn ours(model: &Model) -> Self {
        let library = match model {
            Model::Fast => None,
            Model::Accurate(library) => Some(library),
        };
        Self::start(Command::new(std::env::current_exe().unwrap()).arg(READ).args(library))
    }

    /// spaCy, by an interpreter that has it.
    pub(crate) fn theirs(python: &Path) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/names/baseline.py");
        // Libraries for matrices may start threads: one each is what is compared.
        Self::start(Command::new(python).arg(script).envs([("OMP_NUM_THREADS", "1"), ("OPENBLAS_NUM_THREADS", "1")]))
    }

    fn start(command: &mut Command) -> Self {
        Self(Waiting::start(command))
    }

    /// How long it takes from the start to the names of one short text.
    pub(crate) fn start_up(start: impl FnOnce() -> Self) -> Duration {
        let begun = Instant::now();
        start().read(&["Ann Lee left Nairobi on Monday."]);
        begun.elapsed()
    }

    /// Has it read texts.
    pub(crate) fn read(&mut self, texts: &[&str]) -> Round {
        self.0.ask(texts)
    }

    /// The most memory that it has had, in bytes.
    pub(crate) fn peak(&self) -> f64 {
        self.0.peak()
    }
}
