//! Being a good guest: so many requests for a host's pages at a time, and a pause between two.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep_until},
};

/// Hosts that are remembered; past this, those that nobody waits for are forgotten.
const REMEMBERED: usize = 10_000;

/// The gates of all hosts.
pub(crate) struct Hosts {
    concurrency: usize,
    delay: Duration,
    gates: Mutex<HashMap<String, Arc<Gate>>>,
}

struct Gate {
    places: Arc<Semaphore>,
    next: Mutex<Instant>,
}

impl Hosts {
    pub(crate) fn new(concurrency: usize, delay: Duration) -> Self {
        Self { concurrency: concurrency.max(1), delay, gates: Mutex::default() }
    }

    /// Waits for a turn at a host, which lasts until the permit is dropped.
    pub(crate) async fn turn(&self, host: &str) -> Option<OwnedSemaphorePermit> {
        let gate = self.gate(host);
        // The semaphore is never closed.
        let place = gate.places.clone().acquire_owned().await.ok();
        let mine = {
            let mut next = gate.next.lock().unwrap_or_else(PoisonError::into_inner);
            let mine = (*next).max(Instant::now());
            *next = mine + self.delay;
            mine
        };
        sleep_until(mine).await;
        place
    }

    fn gate(&self, host: &str) -> Arc<Gate> {
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        if gates.len() >= REMEMBERED {
            let now = Instant::now();
            gates.retain(|_, gate| {
                let waiting = *gate.next.lock().unwrap_or_else(PoisonError::into_inner) > now;
                waiting || Arc::strong_count(gate) > 1
            });
        }
        let new = || Arc::new(Gate { places: Arc::new(Semaphore::new(self.concurrency)), next: Instant::now().into() });
        gates.entry(host.to_owned()).or_insert_with(new).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_host_has_its_pause_and_others_do_not_wait() {
        let hosts = Hosts::new(1, Duration::from_secs(2));
        let begun = Instant::now();
        drop(hosts.turn("a.example").await);
        drop(hosts.turn("b.example").await);
        assert_eq!(begun.elapsed(), Duration::ZERO);
        drop(hosts.turn("a.example").await);
        assert_eq!(begun.elapsed(), Duration::from_secs(2));
    }
}
