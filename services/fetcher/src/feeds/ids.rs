//! Ids for feeds that have none yet.

use std::collections::{HashMap, HashSet};

use tallywire_proto::subject::FEED_ID_MAX;
use url::Url;

use super::Feed;

/// Makes ids that no feed has yet. Many at once take time proportional to their number.
#[derive(Debug)]
pub struct Ids {
    taken: HashSet<String>,
    /// The number that the next id with the same beginning gets.
    next: HashMap<String, usize>,
}

impl Ids {
    /// Ids that none of these feeds has.
    pub fn new(present: &[Feed]) -> Self {
        Self { taken: present.iter().map(|feed| feed.id.clone()).collect(), next: HashMap::new() }
    }

    /// An id for a feed from its title or else its host, which is then taken: `harbour-news`, `harbour-news-2`.
    pub fn make(&mut self, title: Option<&str>, url: &Url) -> String {
        let host = url.host_str().unwrap_or("feed").trim_start_matches("www.");
        let base = title.map(slug).filter(|slug| !slug.is_empty()).unwrap_or_else(|| slug(host));
        let base = if base.is_empty() { "feed".to_owned() } else { base };
        let next = self.next.entry(base.clone()).or_insert(1);
        loop {
            let id = if *next == 1 { base.clone() } else { format!("{base}-{next}") };
            *next += 1;
            if self.taken.insert(id.clone()) {
                return id;
            }
        }
    }
}

fn slug(text: &str) -> String {
    // Room for a number behind it.
    const LONGEST: usize = FEED_ID_MAX - 8;
    let mut slug = String::new();
    for character in text.chars().flat_map(char::to_lowercase) {
        if slug.len() == LONGEST {
            break;
        }
        if character.is_ascii_alphanumeric() {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use tallywire_proto::subject::is_feed_id;

    use super::*;

    #[test]
    fn makes_ids_from_titles_and_hosts() {
        let url = Url::parse("https://www.news.example/rss").unwrap();
        let text = "[[feed]]\nid = \"harbour-2\"\nurl = \"http://x.example/\"\n";
        let mut ids = Ids::new(&super::super::read(Path::new("feeds.toml"), text).unwrap());
        assert_eq!(ids.make(Some("The Harbour: World!"), &url), "the-harbour-world");
        assert_eq!(ids.make(None, &url), "news-example");
        assert_eq!(ids.make(Some("新闻"), &url), "news-example-2");
        assert_eq!(ids.make(Some("Harbour"), &url), "harbour");
        assert_eq!(ids.make(Some("Harbour"), &url), "harbour-3", "the second is taken");
        let long = ids.make(Some(&"é-a".repeat(1000)), &url);
        assert!(is_feed_id(&long), "{long}");
    }

    #[test]
    fn a_hundred_thousand_of_a_name_take_no_time_to_speak_of() {
        let url = Url::parse("https://news.example/rss").unwrap();
        let mut ids = Ids::new(&[]);
        let last = (0..100_000).map(|_| ids.make(Some("News"), &url)).last();
        assert_eq!(last.as_deref(), Some("news-100000"));
    }
}
