//! The reader as a stage of the pipeline.

use std::sync::Arc;

use jiff::Timestamp;
use tallywire_proto::{Enriched, StatedFigure, Tagged};
use tallywire_runtime::{Context, Delivery, Failure, Handler, Stage, Work, broker::BrokerError};

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

/// [`Reader`], and then the article's figures, a message each.
struct WithFigures {
    context: Context,
    reader: Arc<Reader>,
}

impl Handler for WithFigures {
    const NAME: &'static str = NAME;
    type In = Tagged;

    async fn handle(&self, delivery: Delivery<Tagged>) -> Result<(), Failure> {
        let trace = delivery.trace;
        let enriched = self.context.work(self.reader.clone(), delivery).await?;
        let figures = self.context.compute(move || StatedFigure::all_of(&enriched)).await?;
        Ok(self.context.broker.publish_all(NAME, &figures, &trace, &self.context.abort).await?)
    }
}

/// Runs the stage until the service stops.
///
/// # Errors
/// When the broker refuses something.
pub fn run(context: Context) -> Work<BrokerError> {
    Box::pin(work(context))
}

async fn work(context: Context) -> Result<(), BrokerError> {
    if !context.config.figures.publish {
        return context.run_stage(Reader::new()).await;
    }
    let handler = WithFigures { context: context.clone(), reader: Arc::new(Reader::new()) };
    context.run_handler(handler, context.stage_in_flight()).await
}
