//! A `WebSub` subscriber: a hub delivers a feed as soon as it changes (W3C Recommendation of 23 January 2018).
//!
//! ```text
//!  links         which hub and which topic a publisher names
//!  subscriber    after a poll: takes over what was found, asks the hub when that is due
//!  subscription  what to ask of the hub and when, what to answer it; no clock, no network
//!  callback      GET: the hub asks whether we meant it; POST: it delivers
//!  reading       one delivery of each feed is read at a time
//!  signature     whether a delivery is the hub's
//!  store         where subscriptions are kept, and bucket: the key-value bucket `hubs`
//!  listener      the HTTP server under the callback, within limits
//! ```

mod bucket;
mod callback;
mod intent;
mod links;
mod listener;
mod reading;
mod secret;
mod signature;
mod store;
mod subscriber;
mod subscription;
#[cfg(test)]
mod tests;

pub(crate) use bucket::Hubs;
pub(crate) use callback::{Callback, Delivery};
pub(crate) use links::Links;
pub(crate) use listener::{Grants, serve};
pub(crate) use subscriber::Subscriber;
