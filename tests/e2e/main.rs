//! End-to-end tests: the real programs, a real nats-server, a real HTTP server, real files; all on loopback.
//!
//! A module a story. What they share is in `support`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![allow(unreachable_pub, reason = "what a story may use of `support` is public there")]

mod bad_input;
mod commands;
mod dead_letters;
mod drain;
mod feed_to_file;
mod figures;
mod full_queue;
mod hostile;
mod kills;
mod manners;
mod provisioning;
mod real_pages;
mod replicas;
mod security;
mod site_memory;
mod subscribers;
#[allow(dead_code, unused_imports, reason = "shared with the tests of faults, of containers, and with benches")]
mod support;
mod telemetry;
mod up;
mod websub;
