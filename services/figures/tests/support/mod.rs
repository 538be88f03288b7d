//! What the tests and the fuzz target share: texts made to hurt, what reading one costs, laws.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

/// Runs a test over many inputs, a process each, as the cleaner's tests do.
#[path = "../../../cleaner/tests/support/alone.rs"]
pub(crate) mod alone;
/// As the cleaner's tests measure it.
#[allow(dead_code, reason = "the cleaner's bench needs more of it")]
#[path = "../../../cleaner/tests/support/cost.rs"]
pub(crate) mod cost;
pub(crate) mod hostile;
pub(crate) mod laws;
pub(crate) mod marked;
