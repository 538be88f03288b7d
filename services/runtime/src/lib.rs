//! What all services of Tallywire share, once: configuration, the connection to NATS, the stage loop with its
//! retries and dead letters, logs, metrics, health and shutdown.
//!
//! A stage is a pure function from one message to the next ([`Stage`]); the runtime does everything around it:
//!
//! ```text
//!  pull -> open (claim check, zstd) -> decode -> Stage::process on the bounded pool -> publish with message id
//!       -> wait for the server's acknowledgement -> acknowledge
//!                          Retry   -> back-off, then dead letter
//!                          Reject, panic, undecodable -> dead letter
//! ```
//!
//! A service is that stage and a `main.rs` of a few lines around [`service::main`].

pub mod access;
pub mod broker;
pub mod config;
mod health;
mod lag;
mod pool;
pub mod service;
mod stage;
pub mod telemetry;
mod worker;

pub use broker::Broker;
pub use config::Config;
pub use health::Health;
pub use service::{Context, Lifecycle, Work};
pub use stage::{Failure, Stage};
pub use telemetry::{Metrics, TraceParent, Traces};
pub use tokio_util::sync::CancellationToken;
pub use worker::{Delivery, Handler};
