//! Tests of the containers as they ship: the images that `make images` built, `deploy/compose.yaml`, a real engine.
//!
//! `make e2e-containers` runs them, one after the other. They make networks of their own; the site that is read listens
//! on the host's address in such a network.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stderr, reason = "the stories tell what they did")]

mod accurate;
mod cluster;
mod compose;
mod hardening;
mod memory;
mod monitoring;
mod pages;
mod secure;

/// What the end-to-end tests have for this already.
#[allow(dead_code, unused_imports, unreachable_pub, reason = "containers need less of it than processes do")]
#[path = "../e2e/support/mod.rs"]
mod support;
