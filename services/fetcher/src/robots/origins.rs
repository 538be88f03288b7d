//! The table of sites, bounded.

use std::{collections::HashMap, sync::Arc};

use tokio::{sync::Mutex, time::Instant};
use url::Url;

use crate::robots::policy::Known;

/// Held while a robots.txt is asked for, which makes others wait.
pub(crate) type Slot = Arc<Mutex<Option<Known>>>;

/// How much is remembered; past this, the sites that were asked about longest ago are forgotten.
#[derive(Clone, Copy)]
pub(crate) struct Capacity {
    /// How many sites.
    pub(crate) origins: usize,
    /// How much memory, roughly, in bytes.
    pub(crate) bytes: usize,
}

/// What each site takes beside its rules, in bytes.
const OVERHEAD: usize = size_of::<(Url, Origin, Known)>();

/// The sites, by the address of their robots.txt.
pub(crate) struct Origins {
    capacity: Capacity,
    bytes: usize,
    by_url: HashMap<Url, Origin>,
}

struct Origin {
    slot: Slot,
    used: Instant,
    bytes: usize,
}

impl Origins {
    /// An empty table.
    pub(crate) fn new(capacity: Capacity) -> Self {
        Self { capacity, bytes: 0, by_url: HashMap::new() }
    }

    /// The place of a site, which counts as used now.
    pub(crate) fn slot(&mut self, url: &Url, now: Instant) -> Slot {
        if let Some(origin) = self.by_url.get_mut(url) {
            origin.used = now;
            return origin.slot.clone();
        }
        let slot = Slot::default();
        let bytes = OVERHEAD + url.as_str().len();
        self.bytes += bytes;
        self.by_url.insert(url.clone(), Origin { slot: slot.clone(), used: now, bytes });
        self.trim();
        slot
    }

    /// Notes how many bytes the rules of a site take now.
    pub(crate) fn weigh(&mut self, url: &Url, rules: usize) {
        let Some(origin) = self.by_url.get_mut(url) else { return };
        let bytes = OVERHEAD + url.as_str().len() + rules;
        self.bytes = self.bytes - origin.bytes + bytes;
        origin.bytes = bytes;
        self.trim();
    }

    /// How much memory the table takes, roughly, in bytes.
    #[cfg(test)]
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Once it is too full, forgets the tenth that was used longest ago, so that the sort is seldom.
    fn trim(&mut self) {
        let Capacity { origins, bytes } = self.capacity;
        if self.by_url.len() <= origins && self.bytes <= bytes {
            return;
        }
        let mut by_use: Vec<_> = self.by_url.iter().map(|(url, origin)| (origin.used, url.clone())).collect();
        by_use.sort_unstable();
        for (_, url) in by_use {
            if self.by_url.len() <= origins - origins / 10 && self.bytes <= bytes - bytes / 10 {
                break;
            }
            self.bytes -= self.by_url.remove(&url).map_or(0, |origin| origin.bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn url(number: u32) -> Url {
        Url::parse(&format!("https://n{number}.example/robots.txt")).unwrap()
    }

    /// Asks for sites, a second apart.
    fn ask(origins: &mut Origins, numbers: impl IntoIterator<Item = u32>) {
        let now = Instant::now();
        for (number, second) in numbers.into_iter().zip(0..) {
            origins.slot(&url(number), now + Duration::from_secs(second));
        }
    }

    #[test]
    fn a_site_has_one_place() {
        let mut origins = Origins::new(Capacity { origins: 10, bytes: 1 << 20 });
        let now = Instant::now();
        let slot = origins.slot(&url(1), now);
        assert!(Arc::ptr_eq(&slot, &origins.slot(&url(1), now)));
        assert!(!Arc::ptr_eq(&slot, &origins.slot(&url(2), now)));
    }

    #[test]
    fn past_so_many_sites_the_least_recently_used_are_forgotten() {
        let mut origins = Origins::new(Capacity { origins: 10, bytes: 1 << 20 });
        ask(&mut origins, (0..10).chain([0, 10]));
        assert_eq!(origins.by_url.len(), 9);
        assert!(origins.by_url.contains_key(&url(0)) && origins.by_url.contains_key(&url(10)));
        assert!(!origins.by_url.contains_key(&url(1)) && !origins.by_url.contains_key(&url(2)));
    }

    #[test]
    fn past_so_many_bytes_the_least_recently_used_are_forgotten() {
        let mut origins = Origins::new(Capacity { origins: 10_000, bytes: 100_000 });
        ask(&mut origins, 0..50);
        for rules in [100, 20_000] {
            for number in 0..50 {
                origins.weigh(&url(number), rules);
                assert!(origins.bytes <= 100_000);
                assert_eq!(origins.bytes, origins.by_url.values().map(|origin| origin.bytes).sum::<usize>());
            }
        }
        let mut kept: Vec<_> = origins.by_url.keys().cloned().collect();
        kept.sort();
        assert_eq!(kept, [46, 47, 48, 49].map(url));
    }
}
