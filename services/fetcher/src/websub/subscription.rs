//! A subscription at a hub: what to ask of it and when, and what to answer it.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::{Url, form_urlencoded};

use super::{intent::Intent, links::Offer, secret::Secret};

/// The lease asked for. A hub that grants more is asked again as if it had granted this: then one that has lost its
/// subscriptions is noticed.
const LEASE: Duration = Duration::from_hours(10 * 24);
/// The wait before a hub is asked again that has not come back to verify; it doubles each time.
const FIRST_WAIT: Duration = Duration::from_mins(10);
/// The longest such wait, and the one after the hub has refused.
const LONGEST_WAIT: Duration = Duration::from_hours(24);

/// A feed's subscription, as it is remembered.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Subscription {
    hub: Url,
    topic: Url,
    /// What relative addresses within the feed start from, as the last poll that read it found.
    base: Url,
    /// Names the subscription in the callback's address, which must not be guessed (`WebSub`, section 5.1).
    token: Secret,
    /// What the hub signs with; none for a hub without TLS, where others could read it.
    secret: Option<Secret>,
    state: State,
    /// Whether the hub has delivered what polls would else have found. Many a feed names a hub that nobody tells of
    /// news.
    proven: bool,
    /// How often the hub was asked since it last answered.
    attempts: u32,
    /// When the hub is to be asked.
    next: Timestamp,
}

/// Where a subscription stands.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// The hub has not verified it yet.
    Pending,
    /// The hub delivers.
    Active { until: Timestamp },
    /// The hub has refused.
    Denied,
}

/// What to send to a hub: a POST of `application/x-www-form-urlencoded`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Request {
    /// The hub.
    pub(crate) hub: Url,
    /// The body. It holds the secret.
    pub(crate) form: String,
}

impl Subscription {
    /// A subscription that is wanted; the hub is to be asked at once. The random bits must come from a cryptographic
    /// source.
    pub(super) fn new(offer: &Offer<'_>, random: [u128; 3], now: Timestamp) -> Self {
        let [token, secret @ ..] = random;
        // "SHOULD only be specified when the request was made over HTTPS" (section 5.1).
        let secret = (offer.hub.scheme() == "https").then(|| Secret::long(secret));
        Self {
            hub: offer.hub.clone(),
            topic: offer.topic.clone(),
            base: offer.base.clone(),
            token: Secret::short(token),
            secret,
            state: State::Pending,
            proven: false,
            attempts: 0,
            next: now,
        }
    }

    /// Whether it is for this topic, at this hub.
    pub(super) fn is_for(&self, offer: &Offer<'_>) -> bool {
        self.hub == *offer.hub && self.topic == *offer.topic
    }

    /// The same subscription, where the last poll has found another base.
    pub(super) fn at(self, base: &Url) -> Self {
        Self { base: base.clone(), ..self }
    }

    /// Whether the lease runs.
    fn is_active(&self, now: Timestamp) -> bool {
        matches!(self.state, State::Active { until } if until > now)
    }

    /// Whether polling may rest: the lease runs, and the hub keeps its word.
    pub(crate) fn is_reliable(&self, now: Timestamp) -> bool {
        self.proven && self.is_active(now)
    }

    /// Notes that the hub has delivered something that could be read, or else that a poll has found what it had not
    /// delivered.
    pub(super) fn note_delivery(&mut self, came: bool) {
        self.proven = came;
    }

    /// Whether a callback with this token is for this subscription.
    pub(super) fn has_token(&self, token: &str) -> bool {
        self.token.is(token)
    }

    /// What a delivery is to be read and judged by: the base that polls have too, so that the same entry is the same
    /// article, and the secret where there is one. None once the hub has refused. The end of the lease does not matter:
    /// the hub's clock may be behind.
    pub(super) fn delivers(&self) -> Option<(Url, Option<Secret>)> {
        (self.state != State::Denied).then(|| (self.base.clone(), self.secret.clone()))
    }

    /// What to ask of the hub, where that is due. An attempt counts as failed until the hub verifies it; so nothing is
    /// lost where nobody is left to note that it failed.
    ///
    /// A renewal keeps the callback's address, though section 5.1 would rather have a new one: the hub would take that
    /// for another subscription, and deliver everything twice until the old one runs out.
    pub(super) fn request(&mut self, callback: &str, feed: &str, now: Timestamp) -> Option<Request> {
        if self.next > now {
            return None;
        }
        if !self.is_active(now) {
            self.state = State::Pending;
        }
        // Eight doublings are more than a day.
        let wait = FIRST_WAIT * 2_u32.pow(self.attempts.min(8));
        self.next = now + wait.min(LONGEST_WAIT);
        self.attempts = self.attempts.saturating_add(1);
        let callback = format!("{}/websub/{feed}/{}", callback.trim_end_matches('/'), self.token.reveal());
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("hub.mode", "subscribe")
            .append_pair("hub.topic", self.topic.as_str())
            .append_pair("hub.callback", &callback)
            .append_pair("hub.lease_seconds", &LEASE.as_secs().to_string());
        if let Some(secret) = &self.secret {
            form.append_pair("hub.secret", secret.reveal());
        }
        Some(Request { hub: self.hub.clone(), form: form.finish() })
    }

    /// Takes in what a hub asks or says; returns the body of the answer, or none where the answer is 404 Not Found.
    ///
    /// An active subscription is confirmed as well as a pending one: hubs may ask from time to time (section 5).
    pub(super) fn hear(&mut self, intent: &Intent, now: Timestamp) -> Option<String> {
        match intent {
            Intent::Subscribe { topic, challenge, lease } if *topic == self.topic && self.state != State::Denied => {
                let lease = lease.unwrap_or(LEASE).min(LEASE);
                self.state = State::Active { until: now + lease };
                self.attempts = 0;
                self.next = now + (lease * 2 / 3).max(FIRST_WAIT);
                Some(challenge.clone())
            }
            Intent::Denied { topic, .. } if *topic == self.topic => {
                self.state = State::Denied;
                self.attempts = 0;
                self.next = now + LONGEST_WAIT;
                Some(String::new())
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CALLBACK: &str = "https://me.example/hooks/";
    const BASE: &str = "https://cdn.example/";

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn subscription(hub: &str) -> Subscription {
        let offer = Offer { hub: &url(hub), topic: &url(TOPIC), base: &url(BASE) };
        Subscription::new(&offer, [1, 2, 3], at(0))
    }

    fn ask(subscription: &mut Subscription, now: i64) -> Option<Vec<(String, String)>> {
        let request = subscription.request(CALLBACK, "news", at(now))?;
        Some(form_urlencoded::parse(request.form.as_bytes()).into_owned().collect())
    }

    fn subscribe(topic: &str, lease: Option<u64>) -> Intent {
        let lease = lease.map(Duration::from_secs);
        Intent::Subscribe { topic: url(topic), challenge: "c".to_owned(), lease }
    }

    const TOPIC: &str = "https://news.example/rss?a=b&c";
    const DAY: i64 = 24 * 3600;

    #[test]
    fn asks_for_what_it_wants() {
        let form = ask(&mut subscription("https://hub.example/"), 0).unwrap();
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let secret = format!("{:032x}{:032x}", 2, 3);
        let callback = "https://me.example/hooks/websub/news/00000000000000000000000000000001";
        assert_eq!(
            form,
            [
                ("hub.mode", "subscribe"),
                ("hub.topic", TOPIC),
                ("hub.callback", callback),
                ("hub.lease_seconds", "864000"),
                ("hub.secret", secret.as_str()),
            ]
        );
    }

    #[test]
    fn tells_its_secret_to_no_hub_without_tls_and_to_no_log() {
        let mut subscription = subscription("http://hub.example/");
        assert!(ask(&mut subscription, 0).unwrap().iter().all(|(name, _)| name != "hub.secret"));
        assert!(!format!("{subscription:?}").contains("0001"));
        assert_eq!(subscription.delivers(), Some((url(BASE), None)));
    }

    #[test]
    fn a_hub_that_does_not_come_back_is_asked_less_and_less_often() {
        let mut subscription = subscription("https://hub.example/");
        let mut asked = Vec::new();
        for minute in 0..6 * 1440 {
            if ask(&mut subscription, minute * 60).is_some() {
                asked.push(minute);
            }
        }
        assert_eq!(asked, [0, 10, 30, 70, 150, 310, 630, 1270, 2550, 3990, 5430, 6870, 8310]);
        assert!(!subscription.is_active(at(0)));
    }

    #[test]
    fn what_was_asked_for_is_confirmed_and_nothing_else() {
        let mut asked = subscription("https://hub.example/");
        ask(&mut asked, 0).unwrap();
        let before = asked.clone();
        assert_eq!(asked.hear(&subscribe("https://news.example/other", Some(60)), at(1)), None);
        let elsewhere = Intent::Denied { topic: url("https://news.example/other"), reason: None };
        assert_eq!(asked.hear(&elsewhere, at(1)), None);
        assert_eq!(asked, before);
        assert_eq!(asked.hear(&subscribe(TOPIC, Some(3000)), at(100)), Some("c".to_owned()));
        assert!(asked.is_active(at(3099)) && !asked.is_active(at(3100)));
    }

    #[test]
    fn a_lease_is_renewed_when_two_thirds_of_it_are_gone() {
        let mut renewed = subscription("https://hub.example/");
        ask(&mut renewed, 0).unwrap();
        renewed.hear(&subscribe(TOPIC, Some(3 * 3600)), at(0)).unwrap();
        assert_eq!(ask(&mut renewed, 2 * 3600 - 1), None);
        assert!(ask(&mut renewed, 2 * 3600).is_some());
        assert!(renewed.is_active(at(2 * 3600)), "it goes on while it is being renewed");
        assert!(ask(&mut renewed, 2 * 3600 + 600).is_some(), "the hub has not come back");
        renewed.hear(&subscribe(TOPIC, Some(3 * 3600)), at(2 * 3600 + 700)).unwrap();
        assert!(renewed.is_active(at(5 * 3600)));
        for lease in [None, Some(u64::MAX)] {
            renewed.hear(&subscribe(TOPIC, lease), at(0)).unwrap();
            assert!(renewed.is_active(at(10 * DAY - 1)) && !renewed.is_active(at(10 * DAY)), "as asked for");
        }
        renewed.hear(&subscribe(TOPIC, Some(0)), at(0)).unwrap();
        assert_eq!((renewed.is_active(at(0)), ask(&mut renewed, 599)), (false, None), "no lease, no hurry");
    }

    #[test]
    fn a_hub_that_refuses_is_left_alone_for_a_day() {
        let mut denied = subscription("https://hub.example/");
        ask(&mut denied, 0).unwrap();
        denied.hear(&subscribe(TOPIC, None), at(0)).unwrap();
        let intent = Intent::Denied { topic: url(TOPIC), reason: Some("full".to_owned()) };
        assert_eq!(denied.hear(&intent, at(10)), Some(String::new()));
        assert_eq!((denied.is_active(at(11)), denied.delivers()), (false, None));
        assert_eq!(denied.hear(&subscribe(TOPIC, None), at(11)), None, "nothing is asked for now");
        assert_eq!(ask(&mut denied, 9 + DAY), None);
        assert!(ask(&mut denied, 10 + DAY).is_some());
        assert_eq!(denied.hear(&subscribe(TOPIC, None), at(11 + DAY)), Some("c".to_owned()));
    }

    #[test]
    fn polling_rests_only_while_the_hub_keeps_its_word() {
        let mut kept = subscription("https://hub.example/");
        ask(&mut kept, 0).unwrap();
        kept.note_delivery(true);
        assert!(!kept.is_reliable(at(0)), "it was not verified");
        kept.note_delivery(false);
        kept.hear(&subscribe(TOPIC, Some(60)), at(0)).unwrap();
        assert!(!kept.is_reliable(at(1)), "nothing has come yet");
        kept.note_delivery(true);
        assert!(kept.is_reliable(at(59)) && !kept.is_reliable(at(60)));
        kept.note_delivery(false);
        assert!(!kept.is_reliable(at(59)), "a poll was first");
    }

    #[test]
    fn is_remembered_whole() {
        let mut kept = subscription("https://hub.example/");
        for step in 0..3 {
            if step == 1 {
                kept.hear(&subscribe(TOPIC, Some(60)), at(5)).unwrap();
            } else if step == 2 {
                kept.hear(&Intent::Denied { topic: url(TOPIC), reason: None }, at(6)).unwrap();
            }
            let text = serde_json::to_string(&kept).unwrap();
            assert_eq!(serde_json::from_str::<Subscription>(&text).unwrap(), kept, "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_a_hub_says_it_is_asked_at_most_every_ten_minutes_and_at_least_every_ten_days(
            events in prop::collection::vec((0_u8..4, 0_i64..100_000, prop::option::of(any::<u64>())), 0..60),
        ) {
            let mut subscription = subscription("https://hub.example/");
            let (mut now, mut last) = (0, None::<i64>);
            for (event, wait, lease) in events {
                now += wait;
                match event {
                    0 => drop(subscription.hear(&subscribe(TOPIC, lease), at(now))),
                    1 => drop(subscription.hear(&Intent::Denied { topic: url(TOPIC), reason: None }, at(now))),
                    _ => if ask(&mut subscription, now).is_some() {
                        prop_assert!(last.is_none_or(|last| now - last >= 600));
                        last = Some(now);
                    },
                }
                prop_assert!(subscription.next <= at(now) + LEASE);
                prop_assert!(!subscription.is_active(at(now + 10 * DAY)));
                prop_assert!(subscription.state != State::Denied || !subscription.is_active(at(now)));
            }
        }
    }
}
