//! Lets feeds have their turns when they are due, and rereads `feeds.toml`.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use jiff::Timestamp;
use tallywire_proto::Condition;
use tallywire_runtime::config::ConfigError;
use tokio::{
    sync::mpsc,
    task::{self, JoinSet, spawn_blocking},
    time::Instant,
};
use tracing::{error, info, warn};

use crate::{
    clock::Watch,
    feeds,
    plan::{Plan, Turn},
    turn::Turns,
    websub::Delivery,
};

/// How often `feeds.toml` is looked at for a change.
const LOOK: Duration = Duration::from_secs(2);
/// Turns under way for each feed that may be asked at the same time: the others publish, at the pace of their sites.
const TURNS_A_PLACE: usize = 8;
/// Deliveries of hubs that are worked on at the same time.
const MOST_DELIVERIES: usize = 16;
/// The wait after a poll that broke off.
const AFTER_DEFECT: Duration = Duration::from_mins(15);

/// Polls feeds when they are due.
pub(crate) struct Scheduler {
    pub(crate) turns: Turns,
    /// What hubs deliver.
    pub(crate) deliveries: mpsc::Receiver<Delivery>,
    pub(crate) file: PathBuf,
}

impl Scheduler {
    /// Polls feeds until the service stops, then lets the polls under way end.
    pub(crate) async fn run(mut self) -> Result<(), ConfigError> {
        let turns = Arc::new(self.turns);
        let publisher = &turns.poller.publisher;
        let mut plan = Plan::default();
        let mut version = version(&self.file);
        plan.replace(feeds::load(&self.file)?, Timestamp::now());
        info!(feeds = plan.feeds.len(), file = %self.file.display(), "polling");
        let mut polls: JoinSet<Turn> = JoinSet::new();
        let mut deliveries: JoinSet<()> = JoinSet::new();
        let mut polled: HashMap<task::Id, String> = HashMap::new();
        let mut look = tokio::time::interval(LOOK);
        let mut watch = Watch::new(Instant::now(), Timestamp::now());
        loop {
            if watch.went_back(Instant::now(), Timestamp::now()) {
                warn!("the clock went back: all feeds are looked at now");
                plan.forget_times(Timestamp::now());
            }
            let room = polls.len() < turns.settings.concurrency.max(1) * TURNS_A_PLACE;
            if room && let Some(feed) = plan.take_due(Timestamp::now()) {
                let (turns, id) = (turns.clone(), feed.id.clone());
                let poll = polls.spawn(async move { turns.take(&feed).await });
                polled.insert(poll.id(), id);
                continue;
            }
            let wake = if room { until(plan.next_due()) } else { Instant::now() + LOOK };
            tokio::select! {
                () = publisher.stop.cancelled() => break,
                () = tokio::time::sleep_until(wake) => {}
                Some(ended) = polls.join_next_with_id() => {
                    let id = ended.as_ref().map_or_else(task::JoinError::id, |(id, _)| *id);
                    let feed = polled.remove(&id).unwrap_or_default();
                    let turn = ended.map_or_else(|error| broke_off(feed, &error), |(_, turn)| turn);
                    plan.polled(turn, Timestamp::now());
                },
                Some(delivery) = self.deliveries.recv(), if deliveries.len() < MOST_DELIVERIES => {
                    if let Some(feed) = plan.feeds.get(&delivery.feed).cloned() {
                        let turns = turns.clone();
                        deliveries.spawn(async move { turns.take_delivery(&feed, delivery).await });
                    }
                }
                Some(_) = deliveries.join_next() => {}
                _ = look.tick() => {
                    reread(&self.file, &mut plan, &mut version).await;
                    for condition in Condition::ALL {
                        turns.metrics.set(condition.name(), plan.count(condition));
                    }
                }
            }
        }
        tokio::select! {
            () = async {
                while polls.join_next().await.is_some() {}
                while deliveries.join_next().await.is_some() {}
            } => {}
            () = publisher.abort.cancelled() => warn!("stopped before all polls were done"),
        }
        Ok(())
    }
}

/// Rereads `feeds.toml` if it has changed; keeps the old list where the new one will not do.
async fn reread(file: &Path, plan: &mut Plan, known: &mut Option<(SystemTime, u64)>) {
    let now = version(file);
    if now == *known {
        return;
    }
    *known = now;
    let path = file.to_owned();
    // A long list takes its time, in which polls go on.
    match spawn_blocking(move || feeds::load(&path)).await {
        Ok(Ok(feeds)) => {
            plan.replace(feeds, Timestamp::now());
            info!(feeds = plan.feeds.len(), file = %file.display(), "feeds reread");
        }
        Ok(Err(error)) => error!(%error, "the feeds stay as they were"),
        Err(error) => error!(%error, "the feeds could not be read, and stay as they were"),
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
fn version(file: &Path) -> Option<(SystemTime, u64)> {
    let about = std::fs::metadata(file).ok()?;
    Some((about.modified().ok()?, about.len()))
}
