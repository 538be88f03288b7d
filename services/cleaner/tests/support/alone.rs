//! Runs a test over many inputs, each in a process of its own: that its memory is its own, and that an overflow of the
//! stack ends no other test.

#![allow(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::{
    num::NonZero,
    process::Command,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

/// What the processes said that failed. Each runs the test `test` with an input's name in the variable `variable`.
pub(crate) fn failures(names: &[&str], test: &str, variable: &str) -> Vec<String> {
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(|| {
                while let Some(name) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
                    failed.lock().expect("no thread panics").extend(failure(name, test, variable));
                }
            });
        }
    });
    failed.into_inner().expect("no thread panics")
}

/// What the process of one input said, where it failed.
fn failure(name: &str, test: &str, variable: &str) -> Option<String> {
    let mut process = Command::new("/proc/self/exe");
    process.args(["--exact", test, "--nocapture"]).envs([(variable, name), ("RUST_BACKTRACE", "0")]);
    match process.output() {
        Ok(output) if output.status.success() => None,
        Ok(output) => Some(format!("{name}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr).trim())),
        Err(error) => Some(format!("{name}: {error}")),
    }
}
