//! The three stages that work on text in one process, without a queue: `tallywire enrich` on the same pages.

use std::{
    io::Write,
    process::{Command, Stdio},
    time::Duration,
};

use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

use crate::{measure::usage::cpu_of, pages::Pages, support::program};

/// The processor time that so many articles take.
pub(crate) fn run(pages: &Pages, articles: usize) -> Duration {
    let mut child = Command::new(program("tallywire"))
        .args(["enrich", "--ndjson", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = std::io::BufWriter::new(child.stdin.take().unwrap());
    for (number, page) in (0..articles).zip(pages.iter().cycle()) {
        let url = format!("http://127.0.0.1/{}/page/{number}", number / pages.len());
        let line = serde_json::json!({ "id": number.to_string(), "url": url, "html": String::from_utf8_lossy(page) });
        writeln!(input, "{line}").unwrap();
    }
    drop(input);
    // Ended, and not yet forgotten: what it has used can still be read.
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT).unwrap();
    let cpu = cpu_of(child.id());
    assert!(child.wait().unwrap().success());
    cpu
}
