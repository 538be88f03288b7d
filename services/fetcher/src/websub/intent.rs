//! What a hub asks at the callback, from the query of its GET.

use std::time::Duration;

use url::{Url, form_urlencoded};

/// What a hub wants to know or to say.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Intent {
    /// Whether we mean to subscribe (`WebSub`, section 5.3).
    Subscribe {
        /// To what.
        topic: Url,
        /// What to answer with if so.
        challenge: String,
        /// For how long it would deliver; older hubs do not say.
        lease: Option<Duration>,
    },
    /// That it does not deliver, or no more (section 5.2).
    Denied {
        /// What.
        topic: Url,
        /// Why, in the hub's words.
        reason: Option<String>,
    },
}

impl Intent {
    /// Reads a query. None for what is no request of a hub, and for `unsubscribe`, which is never asked for here: a
    /// subscription that is not wanted any more is left to run out.
    pub(super) fn parse(query: &str) -> Option<Self> {
        let [mut mode, mut topic, mut challenge, mut lease, mut reason] = [const { None }; 5];
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let slot = match name.as_ref() {
                "hub.mode" => &mut mode,
                "hub.topic" => &mut topic,
                "hub.challenge" => &mut challenge,
                "hub.lease_seconds" => &mut lease,
                "hub.reason" => &mut reason,
                _ => continue,
            };
            // The hub appends its own to the callback's query, so a later one counts.
            *slot = Some(value.into_owned());
        }
        let topic = Url::parse(&topic?).ok()?;
        match mode?.as_str() {
            "subscribe" => {
                let lease = lease.and_then(|seconds| seconds.trim().parse().ok()).map(Duration::from_secs);
                Some(Self::Subscribe { topic, challenge: challenge?, lease })
            }
            "denied" => Some(Self::Denied { topic, reason }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_what_a_hub_asks() {
        let topic = Url::parse("https://news.example/rss?a=1&b=2").unwrap();
        let of = "hub.topic=https%3A%2F%2Fnews.example%2Frss%3Fa%3D1%26b%3D2";
        let subscribe = |challenge: &str, lease| {
            let lease = Option::map(lease, Duration::from_secs);
            Some(Intent::Subscribe { topic: topic.clone(), challenge: challenge.to_owned(), lease })
        };
        let parse = |rest: &str| Intent::parse(&format!("{of}&{rest}"));
        let full = "hub.mode=subscribe&hub.challenge=a%2Bb+c&hub.lease_seconds=60&x=y";
        assert_eq!(parse(full), subscribe("a+b c", Some(60)));
        assert_eq!(parse("hub.mode=subscribe&hub.challenge=c"), subscribe("c", None));
        assert_eq!(parse("hub.mode=subscribe&hub.challenge=c&hub.lease_seconds=-1"), subscribe("c", None));
        let denied = |reason| Some(Intent::Denied { topic: topic.clone(), reason });
        assert_eq!(parse("hub.mode=denied&hub.reason=no+room"), denied(Some("no room".to_owned())));
        assert_eq!(parse("hub.mode=denied"), denied(None));
    }

    #[test]
    fn what_was_not_asked_for_is_nothing() {
        for query in [
            "",
            "hub.mode=subscribe&hub.topic=https://news.example/",
            "hub.mode=subscribe&hub.challenge=c",
            "hub.mode=subscribe&hub.challenge=c&hub.topic=news",
            "hub.topic=https://news.example/&hub.challenge=c",
            "hub.mode=unsubscribe&hub.topic=https://news.example/&hub.challenge=c",
        ] {
            assert_eq!(Intent::parse(query), None, "{query}");
        }
    }

    proptest! {
        #[test]
        fn any_query_is_read(query in "(hub\\.(mode|topic|challenge|lease_seconds)?=?(subscribe|\\PC)*&?){0,6}") {
            if let Some(Intent::Subscribe { challenge, .. }) = Intent::parse(&query) {
                prop_assert!(challenge.len() <= 3 * query.len());
            }
        }
    }
}
