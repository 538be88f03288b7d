//! The feeds that the user wants: `feeds.toml`.

mod edit;
mod ids;
mod locked;
mod outline;
mod tags;

use std::{
    collections::{BTreeMap, HashSet},
    path::Path,
    time::Duration,
};

use reqwest::header::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tallywire_proto::subject::is_feed_id;
use tallywire_runtime::config::{ConfigError, Origin, duration, parse_strict};
use url::Url;

use crate::fingerprint::fingerprint;

pub use edit::{EditError, add, remove};
pub use ids::Ids;
pub use outline::{Imported, OutlineError, export, import};
pub use tags::{LONGEST_TAG, MOST_TAGS};

/// A feed as `feeds.toml` has it, in a table `[[feed]]`.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// Names it in subjects, files and commands: 1 to 64 of `a-z`, `0-9`, `-` and `_`.
    pub id: String,
    /// Where it is.
    pub url: Url,
    /// How often it is polled; `fetcher.interval` where it is not given.
    #[serde(default, with = "duration::option", skip_serializing_if = "Option::is_none")]
    pub interval: Option<Duration>,
    /// Where the article's text is taken from.
    #[serde(default)]
    pub full_text: FullText,
    /// Whether it is polled at all.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Headers sent with each request to the feed's own origin: for the feed, and for pages that lie there too.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// What it is about, in the user's own words: at most [`MOST_TAGS`], each of 1 to [`LONGEST_TAG`] characters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

/// Where an article's text is taken from.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FullText {
    /// From the feed where it carries the whole text, else from the page.
    #[default]
    Auto,
    /// Always from the feed.
    Feed,
    /// Always from the page.
    Page,
}

impl Feed {
    /// A feed with nothing said about it but its id and address.
    pub fn new(id: String, url: Url) -> Self {
        Self {
            id,
            url,
            interval: None,
            full_text: FullText::default(),
            enabled: yes(),
            headers: BTreeMap::new(),
            tags: Vec::new(),
        }
    }

    /// Tells address and headers from others without naming them.
    pub(crate) fn source(&self) -> String {
        let headers = self.headers.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]);
        fingerprint(std::iter::once(self.url.as_str()).chain(headers))
    }
}

const fn yes() -> bool {
    true
}

/// The shortest interval: a second, for feeds of one's own.
pub(crate) const SHORTEST: Duration = Duration::from_secs(1);
/// The longest wait that can be set.
pub(crate) const LONGEST: Duration = Duration::from_hours(365 * 24);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    feed: Vec<Feed>,
}

/// The keys that a feed may have.
fn known() -> Value {
    let feed =
        json!({ "id": "", "url": "", "interval": "", "full_text": "", "enabled": true, "headers": {}, "tags": [""] });
    json!({ "feed": [feed] })
}

/// Reads `feeds.toml`.
///
/// # Errors
/// Names the line and key that will not do, and what is allowed.
pub fn load(path: &Path) -> Result<Vec<Feed>, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
    read(path, &text)
}

/// Reads the text of a `feeds.toml`; the path is for error messages.
///
/// # Errors
/// As [`load`].
pub fn read(path: &Path, text: &str) -> Result<Vec<Feed>, ConfigError> {
    // The strict reader knows where each key stands, which for a hundred thousand feeds takes seconds: it is asked only
    // where something is wrong, so that it can say where.
    let file: File = toml::from_str(text).or_else(|_| parse_strict(path, text, &known()))?;
    let mut ids = HashSet::new();
    for (index, feed) in file.feed.iter().enumerate() {
        let invalid = |key: &str, message: String| ConfigError::Invalid {
            origin: Origin::File { path: path.to_owned(), line: line_of_feed(text, index) },
            key: format!("feed {:?}: {key}", feed.id),
            message,
        };
        if !is_feed_id(&feed.id) {
            return Err(invalid("id", "1 to 64 of a-z, 0-9, - and _ are allowed".to_owned()));
        }
        if !ids.insert(feed.id.as_str()) {
            return Err(invalid("id", "another feed has it already; give each an id of its own".to_owned()));
        }
        if !matches!(feed.url.scheme(), "http" | "https") {
            return Err(invalid("url", format!("{} is neither http nor https", feed.url)));
        }
        for (name, value) in &feed.headers {
            if name.parse::<HeaderName>().is_err() || HeaderValue::from_str(value).is_err() {
                return Err(invalid("headers", format!("{name:?} and its value make no HTTP header")));
            }
        }
        if feed.interval.is_some_and(|interval| !(SHORTEST..=LONGEST).contains(&interval)) {
            return Err(invalid("interval", "between 1s and 365days is allowed".to_owned()));
        }
        if let Some(fault) = tags::fault(&feed.tags) {
            return Err(invalid("tags", fault));
        }
    }
    Ok(file.feed)
}

/// The line on which the table of the feed with this index begins.
fn line_of_feed(text: &str, index: usize) -> usize {
    let tables = text.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with("[[feed]]"));
    tables.map(|(line, _)| line + 1).nth(index).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        read(Path::new("feeds.toml"), text).unwrap_err().to_string()
    }

    #[test]
    fn reads_every_key() {
        let text = "[[feed]]\nid = \"a\"\nurl = \"https://a.example/rss\"\ninterval = \"5m\"\nfull_text = \"page\"\n\
                    enabled = false\nheaders = { Authorization = \"Bearer x\" }\ntags = [\"world\", \"crisis\"]\n\n[[feed]]\nid = \"b\"\n\
                    url = \"http://b.example/\"\n";
        let feeds = read(Path::new("feeds.toml"), text).unwrap();
        assert_eq!(feeds[0].interval, Some(Duration::from_mins(5)));
        assert_eq!(feeds[0].full_text, FullText::Page);
        assert!(!feeds[0].enabled && feeds[1].enabled);
        assert_eq!(feeds[0].headers["Authorization"], "Bearer x");
        assert_eq!(feeds[0].tags, ["world", "crisis"]);
        assert_eq!(feeds[1], Feed::new("b".to_owned(), Url::parse("http://b.example/").unwrap()));
    }

    #[test]
    fn says_what_will_not_do_and_where() {
        let two =
            "[[feed]]\nid = \"a\"\nurl = \"http://a.example\"\n\n[[feed]]\nid = \"a\"\nurl = \"http://b.example\"\n";
        assert!(error(two).contains("line 5") && error(two).contains("another feed"), "{}", error(two));
        let bad = error("[[feed]]\nid = \"A B\"\nurl = \"http://a.example\"\n");
        assert!(bad.contains("a-z"), "{bad}");
        let key = error("[[feed]]\nid = \"a\"\nurl = \"http://a.example\"\nintervall = \"5m\"\n");
        assert!(key.contains("line 4") && key.contains("did you mean feed[0].interval?"), "{key}");
        let url = error("[[feed]]\nid = \"a\"\nurl = \"nowhere\"\n");
        assert!(url.contains("line 3") && url.contains("url"), "{url}");
        let missing = error("[[feed]]\nid = \"a\"\n");
        assert!(missing.contains("line 1") && missing.contains("url"), "{missing}");
        let header = error("[[feed]]\nid = \"a\"\nurl = \"http://a.example\"\nheaders = { \"a b\" = \"x\" }\n");
        assert!(header.contains("no HTTP header"), "{header}");
        let tag = error("[[feed]]\nid = \"a\"\nurl = \"http://a.example\"\ntags = [\"a, b\"]\n");
        assert!(tag.contains("line 1") && tag.contains("tags: \"a, b\" is no tag"), "{tag}");
        let tags = error("[[feed]]\nid = \"a\"\nurl = \"http://a.example\"\n\ntags = \"a\"\n");
        assert!(tags.contains("line 5") && tags.contains("tags"), "{tags}");
        let scheme = error("[[feed]]\nid = \"a\"\nurl = \"ftp://a.example\"\n");
        assert!(scheme.contains("neither http nor https"), "{scheme}");
    }

    #[test]
    fn the_shipped_feeds_load_and_are_polled_politely() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/feeds.toml");
        let feeds = load(&path).unwrap();
        assert!(feeds.len() >= 10);
        assert!(feeds.iter().all(|feed| feed.interval.is_none_or(|interval| interval >= Duration::from_mins(10))));
    }

    #[test]
    fn an_interval_may_be_a_number_of_seconds() {
        let text = "[[feed]]\nid = \"a\"\nurl = \"http://a.example\"\ninterval = 90\n";
        assert_eq!(read(Path::new("feeds.toml"), text).unwrap()[0].interval, Some(Duration::from_secs(90)));
    }

    #[test]
    fn an_empty_file_has_no_feeds() {
        assert_eq!(read(Path::new("feeds.toml"), "").unwrap(), []);
    }
}
