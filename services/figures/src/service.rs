//! The reader as a stage of the pipeline.

use jiff::Timestamp;
use tallywire_proto::{Enriched, Tagged};
use tallywire_runtime::{Context, Failure, Stage, broker::BrokerError};

use crate::Reader;

/// The stage's name.
pub const NAME: &str = "figures";

impl Stage for Reader {
    const NAME: &'static str = NAME;
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    type In = Tagged;
    type Out = Enriched;

    fn process(&self, tagged: Tagged) -> Result<Enriched, Failure> {
        Ok(self.enrich(tagged, Timestamp::now()))
    }
}

/// Runs the stage until the service stops.
///
/// # Errors
/// When the broker refuses something.
pub async fn run(context: Context) -> Result<(), BrokerError> {
    context.run_stage(Reader::new()).await
}
