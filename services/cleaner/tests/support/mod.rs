//! What the tests, the bench and the fuzz targets share: pages made to hurt, what reading one costs, a law.

#![allow(clippy::expect_used, clippy::panic, reason = "a test or bench that cannot go on has failed")]

pub(crate) mod cost;
pub(crate) mod hostile;
pub(crate) mod paragraphs;
