//! The cleaner as a stage of the pipeline.

use std::sync::{Arc, Mutex};

use tallywire_proto::{Cleaned, DocumentKind, Fetched};
use tallywire_runtime::{Context, Delivery, Failure, Handler, Stage, Work, broker::BrokerError};

use crate::{
    clean,
    sites::{self, Site, Sites},
    stage::address,
};

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

/// [`Cleaner`], and then what is known of the page's site.
struct CleanerOfSite {
    site: Option<Arc<Mutex<Site>>>,
}

impl Stage for CleanerOfSite {
    const NAME: &'static str = NAME;
    const VERSION: &'static str = Cleaner::VERSION;
    type In = Fetched;
    type Out = Cleaned;

    fn process(&self, fetched: Fetched) -> Result<Cleaned, Failure> {
        let mut cleaned = Cleaner.process(fetched)?;
        if let Some(site) = &self.site {
            Site::clean(site, &mut cleaned.article);
        }
        Ok(cleaned)
    }
}

/// Has the memory of each page's site at hand before the page is cleaned.
struct WithMemory {
    context: Context,
    sites: Arc<Sites>,
}

impl Handler for WithMemory {
    const NAME: &'static str = NAME;
    type In = Fetched;

    async fn handle(&self, delivery: Delivery<Fetched>) -> Result<(), Failure> {
        let site = match host(&delivery.message) {
            Some(host) => Some(self.sites.site(&host).await),
            None => None,
        };
        self.context.work(Arc::new(CleanerOfSite { site }), delivery).await.map(drop)
    }
}

/// The host of a page. Feed content and plain texts come without what the site puts around them.
fn host(fetched: &Fetched) -> Option<String> {
    let is_page = matches!(fetched.document.kind, DocumentKind::Page | DocumentKind::PageText);
    if is_page { sites::key(&address(fetched)?) } else { None }
}

/// Runs the stage until the service stops.
///
/// # Errors
/// When the broker refuses something.
pub fn run(context: Context) -> Work<BrokerError> {
    Box::pin(work(context))
}

async fn work(context: Context) -> Result<(), BrokerError> {
    if !context.config.cleaner.site_memory {
        return context.run_stage(Cleaner).await;
    }
    let sites = Arc::new(Sites::open(context.broker.jetstream()).await?);
    let handler = WithMemory { context: context.clone(), sites: sites.clone() };
    let result = tokio::select! {
        result = context.run_handler(handler, context.stage_in_flight()) => result,
        () = sites.keep() => Ok(()),
    };
    sites.close().await;
    result
}
