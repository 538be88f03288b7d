//! The tagger as a stage of the pipeline.

use tallywire_proto::{Cleaned, Tagged};
use tallywire_runtime::{Context, Failure, Stage, broker::BrokerError};

use crate::Tagger;

/// The stage's name.
pub const NAME: &str = "entities";

impl Stage for Tagger {
    const NAME: &'static str = NAME;
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    type In = Cleaned;
    type Out = Tagged;

    fn process(&self, cleaned: Cleaned) -> Result<Tagged, Failure> {
        Ok(self.tag(cleaned))
    }
}

/// Runs the stage until the service stops.
///
/// # Errors
/// When the broker refuses something.
pub async fn run(context: Context) -> Result<(), BrokerError> {
    context.run_stage(Tagger::new()).await
}
