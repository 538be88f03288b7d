//! Articles that are published while something fails, a few a second.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use tokio::task::JoinHandle;

use super::{Site, article};

/// A site that goes on publishing until it is told to end.
pub struct Load {
    published: Arc<AtomicUsize>,
    ends: Arc<AtomicBool>,
    task: JoinHandle<()>,
}

impl Load {
    /// Publishes so many made-up articles a second, shared out over the site's feeds.
    pub fn begin(site: Arc<Site>, feeds: usize, rate: u32) -> Self {
        let (published, ends) = (Arc::<AtomicUsize>::default(), Arc::<AtomicBool>::default());
        let task = tokio::spawn({
            let (published, ends) = (published.clone(), ends.clone());
            async move {
                let mut ticks = tokio::time::interval(Duration::from_secs(1) / rate);
                while !ends.load(SeqCst) {
                    ticks.tick().await;
                    site.publish([article(published.load(SeqCst), feeds)].into()).await;
                    published.fetch_add(1, SeqCst);
                }
            }
        });
        Self { published, ends, task }
    }

    /// How many have been published so far.
    pub fn published(&self) -> usize {
        self.published.load(SeqCst)
    }

    /// Publishes no more, and says how many there were.
    pub async fn end(self) -> usize {
        self.ends.store(true, SeqCst);
        self.task.await.unwrap();
        self.published.load(SeqCst)
    }
}
