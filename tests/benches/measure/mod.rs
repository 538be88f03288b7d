//! What the benches share: what a process has used, and the report.

pub(crate) mod report;
pub(crate) mod usage;
