//! Where the subscriptions are kept, as this module sees it.

use std::fmt;

use super::subscription::Subscription;

/// The subscriptions of all feeds, for all fetchers.
pub(crate) trait Subscriptions: Send + Sync + 'static {
    /// Why they cannot be read or changed at the moment.
    type Error: fmt::Display + Send;

    /// Shows a feed's subscription to `change`, none where there is none, and returns what that returns. What has
    /// changed is written by compare-and-set, what has not is not; where another writer was faster, `change` is called
    /// again with what that one wrote.
    fn update<T: Send>(
        &self,
        feed: &str,
        change: impl FnMut(&mut Option<Subscription>) -> T + Send,
    ) -> impl Future<Output = Result<T, Self::Error>> + Send;
}
