//! Lets feeds have their turns when they are due, and rereads `feeds.toml`.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::Arc,
    time::{Duration, SystemTime},
};

use jiff::Timestamp;
use tallywire_proto::Condition;
use tallywire_runtime::{Metrics, config::ConfigError};
use tokio::{
    task::{self, JoinSet},
    time::Instant,
};
use tracing::{error, info, warn};

use crate::{
    feeds,
    plan::{Plan, Turn},
    turn::Turns,
};

/// How often `feeds.toml` is looked at for a change.
const LOOK: Duration = Duration::from_secs(2);
/// The wait after a poll that broke off.
const AFTER_DEFECT: Duration = Duration::from_mins(15);

/// Polls feeds when they are due.
pub(crate) struct Scheduler {
    pub(crate) turns: Turns,
    pub(crate) file: PathBuf,
    pub(crate) metrics: Metrics,
}

impl Scheduler {
    /// Polls feeds until the service stops, then lets the polls under way end.
    pub(crate) async fn run(self) -> Result<(), ConfigError> {
        let scheduler = Arc::new(self);
        let stop = scheduler.turns.poller.stop.clone();
        let mut plan = Plan::default();
        let mut version = version(&scheduler.file);
        plan.replace(feeds::load(&scheduler.file)?, Timestamp::now());
        info!(feeds = plan.feeds.len(), file = %scheduler.file.display(), "polling");
        let mut polls: JoinSet<Turn> = JoinSet::new();
        let mut polled: HashMap<task::Id, String> = HashMap::new();
        let mut look = tokio::time::interval(LOOK);
        loop {
            let room = polls.len() < scheduler.turns.poller.settings.concurrency.max(1);
            if room && let Some(feed) = plan.take_due(Timestamp::now()) {
                let (scheduler, id) = (scheduler.clone(), feed.id.clone());
                let poll = polls.spawn(async move { scheduler.turns.take(&feed).await });
                polled.insert(poll.id(), id);
                continue;
            }
            let wake = if room { until(plan.next_due()) } else { Instant::now() + LOOK };
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep_until(wake) => {}
                Some(ended) = polls.join_next_with_id() => {
                    let id = ended.as_ref().map_or_else(task::JoinError::id, |(id, _)| *id);
                    let feed = polled.remove(&id).unwrap_or_default();
                    let turn = ended.map_or_else(|error| broke_off(feed, &error), |(_, turn)| turn);
                    plan.polled(turn, Timestamp::now());
                },
                _ = look.tick() => {
                    scheduler.reread(&mut plan, &mut version);
                    scheduler.count(&plan);
                }
            }
        }
        tokio::select! {
            () = async { while polls.join_next().await.is_some() {} } => {}
            () = scheduler.turns.poller.abort.cancelled() => warn!("stopped before all polls were done"),
        }
        Ok(())
    }

    fn count(&self, plan: &Plan) {
        for condition in Condition::ALL {
            self.metrics.set_feeds(condition.name(), plan.count(condition));
        }
    }

    /// Rereads `feeds.toml` if it has changed; keeps the old list where the new one will not do.
    fn reread(&self, plan: &mut Plan, known: &mut Option<(SystemTime, u64)>) {
        let now = version(&self.file);
        if now == *known {
            return;
        }
        *known = now;
        match feeds::load(&self.file) {
            Ok(feeds) => {
                plan.replace(feeds, Timestamp::now());
                info!(feeds = plan.feeds.len(), file = %self.file.display(), "feeds reread");
            }
            Err(error) => error!(%error, "the feeds stay as they were"),
        }
    }
}

/// A poll that panicked is a defect; its feed is polled on.
fn broke_off(feed: String, error: &task::JoinError) -> Turn {
    error!(feed, %error, "a poll broke off");
    Turn { feed, next: Timestamp::now() + AFTER_DEFECT, condition: None }
}

fn until(due: Option<Timestamp>) -> Instant {
    let wait = due.map_or(LOOK, |due| Duration::try_from(due.duration_since(Timestamp::now())).unwrap_or_default());
    Instant::now() + wait.min(LOOK)
}

/// Tells whether the file has changed.
fn version(file: &std::path::Path) -> Option<(SystemTime, u64)> {
    let about = std::fs::metadata(file).ok()?;
    Some((about.modified().ok()?, about.len()))
}
