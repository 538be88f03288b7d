//! The usual glue of Python libraries on the same pages (`peer.py`), a process a core.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::{
    pages::Pages,
    publishers::{News, Publishers},
};

/// What the glue did.
pub(crate) struct Peer {
    pub(crate) articles: f64,
    /// From the moment at which all its processes had loaded their models to the end of the last.
    pub(crate) seconds: f64,
}

/// Runs it on each page once; nothing where the interpreter in `PYTHON` is not there.
pub(crate) async fn run(pages: &Pages) -> Option<Peer> {
    let python = std::env::var("PYTHON").ok().filter(|path| std::path::Path::new(path).exists());
    let Some(python) = python else {
        println!("the peer is left out: PYTHON names no interpreter with its libraries");
        return None;
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let per_host = pages.len().div_ceil(cores);
    let publishers = Publishers::start(pages.clone(), News::AllAtOnce { per_host }, cores).await;
    let mut command = Command::new(python);
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/benches/pipeline/peer.py")).args(publishers.feeds());
    // It asks the publishers, who are in this process.
    let output = tokio::task::spawn_blocking(move || command.stdin(Stdio::null()).stderr(Stdio::inherit()).output());
    let output = output.await.unwrap().unwrap();
    assert!(output.status.success(), "peer.py ended with {}", output.status);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    Some(Peer { articles: answer["articles"].as_f64().unwrap(), seconds: answer["seconds"].as_f64().unwrap() })
}
