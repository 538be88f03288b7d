//! What operators see: logs, metrics, traces.

mod export;
mod logs;
mod metrics;
mod span;
mod trace;

pub use logs::{CLEAR_LINE, LogError, Screen, init as init_logs};
pub use metrics::{
    Articles, Exposition, Feeds, Files, Filling, Held, InFlight, Lag, Metrics, PageOutcome, Publishing, Queues, Reason,
    SpanOutcome, Spans,
};
pub use span::{Ended, Kind, Span, Traces, TracesError};
pub use trace::TraceParent;
