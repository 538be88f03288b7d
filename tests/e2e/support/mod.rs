//! What the stories share: a broker, services as processes, a site with feeds, and a look at what came out.

mod collector;
mod credentials;
mod load;
mod nats;
mod output;
pub mod parquet;
mod pipeline;
mod process;
mod prometheus;
mod proxy;
pub mod real_pages;
pub mod scorekeeper;
mod site;
pub mod stated;
pub mod store;
pub mod told;

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

pub use collector::{Collector, Received};
pub use credentials::Credentials;
pub use load::Load;
pub use nats::Nats;
pub use output::Output;
pub use pipeline::{Pipeline, STAGES, admin_address, get, http_get, metrics, ready};
pub use process::{Process, program, run};
pub use prometheus::{Prometheus, Sample, prometheus_tool};
pub use proxy::proxy_that_hangs_up_first;
pub use scorekeeper::Scorekeeper;
pub use site::{Page, Site, article, made_up};
pub use store::Store;

/// How long anything may take before a test gives up: far more than it takes on a slow machine.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// The root of the checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Waits until a look brings something.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, look: impl FnMut() -> F) -> T {
    within(PATIENCE, what, look).await
}

/// Waits until a look brings something, and gives up after so long.
pub async fn within<T, F: Future<Output = Option<T>>>(
    patience: Duration,
    what: &str,
    mut look: impl FnMut() -> F,
) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(begun.elapsed() < patience, "waited {} s in vain: {what}", patience.as_secs());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Says something that is seen though the test passes: what is printed by macros is kept from view.
pub fn say(story: &str, text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{story}: {text}");
}
