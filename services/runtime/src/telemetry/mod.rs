//! What operators see: logs, metrics, traces.

mod logs;
mod metrics;
mod trace;

pub use logs::{CLEAR_LINE, LogError, Screen, init as init_logs};
pub use metrics::{Metrics, Outcome};
pub use trace::TraceParent;
