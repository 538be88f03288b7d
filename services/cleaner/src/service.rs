//! The cleaner as a stage of the pipeline.

use tallywire_proto::{Cleaned, Fetched};
use tallywire_runtime::{Context, Failure, Stage, broker::BrokerError};

use crate::clean;

/// The stage's name.
pub const NAME: &str = "cleaner";

/// [`clean`] as a stage.
#[derive(Clone, Copy, Debug)]
pub struct Cleaner;

impl Stage for Cleaner {
    const NAME: &'static str = NAME;
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    type In = Fetched;
    type Out = Cleaned;

    fn process(&self, fetched: Fetched) -> Result<Cleaned, Failure> {
        // What is wrong with a page today is wrong with it tomorrow.
        clean(fetched).map_err(|error| Failure::Reject(error.to_string()))
    }
}

/// Runs the stage until the service stops.
///
/// # Errors
/// When the broker refuses something.
pub async fn run(context: Context) -> Result<(), BrokerError> {
    context.run_stage(Cleaner).await
}
