//! Logs: readable on a terminal, JSON elsewhere, on standard error.

use std::io::{self, IsTerminal};

use tracing_subscriber::{EnvFilter, Layer, Registry, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::{Log, LogFormat};

/// The log cannot be set up.
#[derive(Debug, thiserror::Error)]
#[error("log.level {level:?}: {reason}; use error, warn, info, debug, trace or a filter such as info,hyper=warn")]
pub struct LogError {
    level: String,
    reason: String,
}

/// What the log is written over.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Screen {
    /// Nothing: lines follow each other.
    Plain,
    /// A status line at the bottom of a terminal, which a log line takes the place of until it is drawn again.
    StatusLine,
}

/// Clears the line that the cursor is on (ECMA-48: carriage return, erase in line).
pub const CLEAR_LINE: &str = "\r\x1b[2K";

/// Standard error, the status line cleared before each log line.
struct Lines(Screen);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut stderr = io::stderr().lock();
        if self.0 == Screen::StatusLine {
            stderr.write_all(CLEAR_LINE.as_bytes())?;
        }
        stderr.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// Sets up the log of this process.
///
/// # Errors
/// When the level is no filter.
pub fn init(log: &Log, screen: Screen) -> Result<(), LogError> {
    let error = |reason: String| LogError { level: log.level.clone(), reason };
    // The client logs each reconnection attempt; our own event callback says it once.
    let filter = EnvFilter::builder()
        .parse(format!("async_nats=off,{}", log.level))
        .map_err(|cause| error(cause.to_string()))?;
    let text = match log.format {
        LogFormat::Auto => io::stderr().is_terminal(),
        LogFormat::Text => true,
        LogFormat::Json => false,
    };
    let layer: Box<dyn Layer<Registry> + Send + Sync> = if text {
        fmt::layer().with_writer(move || Lines(screen)).with_ansi(io::stderr().is_terminal()).with_target(false).boxed()
    } else {
        fmt::layer().json().flatten_event(true).with_writer(move || Lines(screen)).boxed()
    };
    tracing_subscriber::registry().with(layer.with_filter(filter)).try_init().map_err(|cause| error(cause.to_string()))
}
