//! What can go wrong around the pipeline, done to it on purpose under load. After each: every article exactly once, or
//! among the dead letters with its reason.
//!
//! `make faults` runs these one by one and shows what they did; `make test` runs a short version. Servers that hang or
//! misbehave are in `e2e/hostile`, containers that run out of memory in `containers/memory.rs`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod clock;
mod disk;
mod kills;
mod slow_consumer;
mod versions;

/// What the end-to-end tests have for this already.
#[allow(dead_code, unused_imports, unreachable_pub, reason = "faults need less of it than the stories do")]
#[path = "../e2e/support/mod.rs"]
mod support;
