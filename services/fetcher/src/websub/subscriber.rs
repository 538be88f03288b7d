//! What is done about a feed's subscription after a poll.

use std::fmt;

use jiff::Timestamp;
use tracing::{info, warn};
use url::Url;

use super::{
    links::Links,
    store::Subscriptions,
    subscription::{Request, Subscription},
};
use crate::shown::ShownUrl;

/// Subscribes to feeds whose publishers name a hub.
pub(crate) struct Subscriber<S> {
    /// The subscriptions.
    pub(crate) subscriptions: S,
    /// The address under which hubs reach the listener: `fetcher.websub_callback`.
    pub(crate) callback: String,
}

impl<S: Subscriptions> Subscriber<S> {
    /// Takes over what a poll that read the feed found. Another hub or topic is another subscription, a publisher that
    /// names none any more ends the one there is: its deliveries are then answered 410 Gone.
    pub(crate) async fn note(
        &self,
        feed: &str,
        links: &Links,
        random: [u128; 3],
        now: Timestamp,
    ) -> Result<(), S::Error> {
        let take_over = |held: &mut Option<Subscription>| {
            *held = links.choose().map(|offer| match held.take() {
                Some(held) if held.is_for(&offer) => held.at(offer.base),
                _ => Subscription::new(&offer, random, now),
            });
        };
        self.subscriptions.update(feed, take_over).await
    }

    /// Notes that a delivery could be read.
    pub(crate) async fn delivered(&self, feed: &str) -> Result<(), S::Error> {
        let note = |held: &mut Option<Subscription>| held.iter_mut().for_each(|held| held.note_delivery(true));
        self.subscriptions.update(feed, note).await
    }

    /// Asks the hub to subscribe or renew, where that is due; says whether polling may rest. `found_news` says whether
    /// the poll has published something, which the hub then has not delivered. `ask` sends the POST.
    pub(crate) async fn keep_up<E: fmt::Display>(
        &self,
        feed: &str,
        found_news: bool,
        now: Timestamp,
        ask: impl AsyncFnOnce(&Url, String) -> Result<(), E>,
    ) -> Result<bool, S::Error> {
        let look = |held: &mut Option<Subscription>| {
            let Some(held) = held else { return (false, None) };
            if found_news {
                held.note_delivery(false);
            }
            (held.is_reliable(now), held.request(&self.callback, feed, now))
        };
        // Stored before it is sent: some hubs verify before they answer.
        let (reliable, request) = self.subscriptions.update(feed, look).await?;
        if let Some(Request { hub, form }) = request {
            match ask(&hub, form).await {
                Ok(()) => info!(feed, hub = %ShownUrl::new(&hub), "asked the hub to deliver"),
                Err(error) => {
                    warn!(feed, hub = %ShownUrl::new(&hub), %error, "the hub cannot be asked, polling goes on");
                }
            }
        }
        Ok(reliable)
    }
}
