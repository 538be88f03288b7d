//! What is wrong with a feed, since when, what comes next, and what to do about it, in a sentence.

use std::time::Duration;

use jiff::Timestamp;
use tallywire_fetcher::FeedState;
use tallywire_proto::{Condition, ErrorKind};

/// A feed that was due so long ago is in no fetcher's list.
const UNPOLLED: Duration = Duration::from_hours(24);

/// A feed that is not as it should be, in words; nothing of one that is.
pub(crate) fn describe(state: &FeedState, now: Timestamp) -> Option<String> {
    let mut parts = Vec::new();
    if let Some(error) = &state.error {
        let since = span(error.since, now);
        let polls = if error.polls == 1 { "poll".to_owned() } else { format!("{} polls", error.polls) };
        let told = match state.condition {
            Condition::Stopped => format!("stopped {since} ago: {}", error.message),
            _ => format!("fails since {since} ({polls}): {}", error.message),
        };
        parts.push(told);
        parts.push(advice(error.kind).to_owned());
        parts.extend(state.next_poll.map(|next| {
            if next + UNPOLLED < now {
                "no fetcher polls it any more: tallywire feeds reset ID forgets it".to_owned()
            } else {
                format!("next poll in {}", span(now, next))
            }
        }));
    } else if state.condition == Condition::Quiet {
        let since = state.last_news.map_or_else(|| "long".to_owned(), |last| span(last, now));
        parts.push(format!("quiet: it is read, and has brought nothing for {since}"));
    }
    if let Some(moved) = state.moved.as_ref().filter(|moved| moved.is_adopted()) {
        parts.push(format!("moved for good: it is polled at {}; put that into feeds.toml", moved.to));
    }
    if let Some(salvaged) = &state.salvaged {
        parts.push(format!("broken, and read all the same: {salvaged}"));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// What to do about it.
pub(crate) const fn advice(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Address => "correct its address, or allow private networks",
        ErrorKind::Name => "check the spelling of its address",
        ErrorKind::Connection | ErrorKind::Timeout | ErrorKind::Server => "nothing to do: it is likely to pass",
        ErrorKind::Tls => "the site's certificate is not in order; tell the publisher",
        ErrorKind::Redirect => "open its address in a browser and see where it leads",
        ErrorKind::RateLimited => "give it a longer interval",
        ErrorKind::Refused => "the publisher refuses it; it may need headers, or not want programs",
        ErrorKind::NotFound => "look for its new address: tallywire feeds discover SITE",
        ErrorKind::Gone => "remove it, or look for its new address: tallywire feeds discover SITE",
        ErrorKind::TooLarge => "raise fetcher.max_feed_bytes if you trust it",
        ErrorKind::NotAFeed => "look for the feed: tallywire feeds discover ADDRESS",
    }
}

/// A span of time in its two largest units: "3h 20m".
pub(crate) fn span(from: Timestamp, to: Timestamp) -> String {
    let seconds = to.as_second().saturating_sub(from.as_second()).max(0).cast_unsigned();
    let text = humantime::format_duration(Duration::from_secs(seconds)).to_string();
    text.split(' ').take(2).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn state(json: serde_json::Value) -> FeedState {
        serde_json::from_value(json).unwrap()
    }

    fn told(json: serde_json::Value) -> String {
        describe(&state(json), "2026-03-09T12:00:00Z".parse().unwrap()).unwrap_or_default()
    }

    fn error(kind: &str, message: &str, since: &str, polls: u32) -> serde_json::Value {
        json!({ "kind": kind, "message": format!("https://news.example/rss {message}"), "since": since, "polls": polls })
    }

    #[test]
    fn says_what_since_when_what_next_and_what_to_do() {
        let absent = error("not_found", "answers 404 Not Found", "2026-03-08T09:30:00Z", 14);
        let gone = error("gone", "answers 410 Gone", "2026-03-09T11:59:30Z", 1);
        let lines = [
            told(json!({ "condition": "failing", "next_poll": "2026-03-09T12:45:10Z", "error": absent })),
            told(json!({ "condition": "stopped", "error": gone })),
            told(json!({ "condition": "quiet", "last_news": "2026-03-01T12:00:00Z" })),
            told(json!({ "moved": { "to": "https://b.example/rss", "polls": 3 }, "salvaged": "it is cut off" })),
            told(json!({ "moved": { "to": "https://b.example/rss", "polls": 2 } })),
        ];
        insta::assert_snapshot!(lines.join("\n"));
    }
}
