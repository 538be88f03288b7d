//! Changing `feeds.toml` for the user, with their comments and order left as they are.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use tallywire_proto::subject::FEED_ID_MAX;
use tallywire_runtime::config::ConfigError;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};
use url::Url;

use super::{Feed, FullText, read};

/// `feeds.toml` cannot be changed as asked. It is as it was.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// It cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is in no good order before or after the change.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// There is such a feed already.
    #[error("feed {id} has the {what} already; remove it first, or choose another id")]
    Exists {
        /// The feed that is there.
        id: String,
        /// What it shares.
        what: &'static str,
    },
    /// There is no such feed.
    #[error("there is no feed {0}; `tallywire feeds list` shows all")]
    Absent(String),
}

/// Adds feeds to the file, which is created where it does not exist.
///
/// # Errors
/// When one of them has an id or address that is there already, or the file will not do.
pub fn add(path: &Path, feeds: &[Feed]) -> Result<(), EditError> {
    change(path, |document, present| {
        let mut present = present;
        for feed in feeds {
            if let Some(same) = present.iter().find(|other| other.id == feed.id) {
                return Err(EditError::Exists { id: same.id.clone(), what: "id" });
            }
            if let Some(same) = present.iter().find(|other| other.url == feed.url) {
                return Err(EditError::Exists { id: same.id.clone(), what: "address" });
            }
            let tables = document.entry("feed").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
            if let Some(tables) = tables.as_array_of_tables_mut() {
                tables.push(table(feed));
            }
            present.push(feed.clone());
        }
        Ok(())
    })
}

/// Removes the feed with an id from the file.
///
/// # Errors
/// When there is none, or the file will not do.
pub fn remove(path: &Path, id: &str) -> Result<(), EditError> {
    change(path, |document, present| {
        let index = present.iter().position(|feed| feed.id == id).ok_or_else(|| EditError::Absent(id.to_owned()))?;
        if let Some(tables) = document.get_mut("feed").and_then(Item::as_array_of_tables_mut) {
            tables.remove(index);
        }
        Ok(())
    })
}

/// An id for a feed, from its title or host, that none of the given feeds has.
pub fn id_for(title: Option<&str>, url: &Url, taken: &[Feed]) -> String {
    let host = url.host_str().unwrap_or("feed").trim_start_matches("www.");
    let base = title.map(slug).filter(|slug| !slug.is_empty()).unwrap_or_else(|| slug(host));
    let base = if base.is_empty() { "feed".to_owned() } else { base };
    let is_free = |id: &String| !taken.iter().any(|feed| feed.id == *id);
    // One of so many numbers is free.
    let numbered = (2..=taken.len() + 2).map(|number| format!("{base}-{number}"));
    std::iter::once(base.clone()).chain(numbered).find(is_free).unwrap_or(base)
}

fn slug(text: &str) -> String {
    let mut slug = String::new();
    for character in text.chars().flat_map(char::to_lowercase) {
        if character.is_ascii_alphanumeric() {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    // Room for a number behind it.
    slug.truncate(FEED_ID_MAX - 8);
    slug.trim_end_matches('-').to_owned()
}

fn table(feed: &Feed) -> Table {
    let mut table = Table::new();
    table["id"] = value(feed.id.as_str());
    table["url"] = value(feed.url.as_str());
    if let Some(interval) = feed.interval {
        table["interval"] = value(format!("{}s", interval.as_secs()));
    }
    match feed.full_text {
        FullText::Auto => {}
        FullText::Feed => table["full_text"] = value("feed"),
        FullText::Page => table["full_text"] = value("page"),
    }
    if !feed.enabled {
        table["enabled"] = value(false);
    }
    table
}

fn change(
    path: &Path,
    edit: impl FnOnce(&mut DocumentMut, Vec<Feed>) -> Result<(), EditError>,
) -> Result<(), EditError> {
    let file = |source| EditError::File { path: path.to_owned(), source };
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(file(error)),
    };
    let present = read(path, &text)?;
    // What `read` takes is TOML.
    let mut document: DocumentMut = text.parse().map_err(|error| file(io::Error::other(error)))?;
    edit(&mut document, present)?;
    let changed = document.to_string();
    read(path, &changed)?;
    // A reader finds the old file or the new one, whole.
    let unfinished = path.with_extension("toml.part");
    fs::write(&unfinished, changed).map_err(file)?;
    fs::rename(&unfinished, path).map_err(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(id: &str, url: &str) -> Feed {
        let text = format!("[[feed]]\nid = \"{id}\"\nurl = \"{url}\"\n");
        read(Path::new("feeds.toml"), &text).unwrap().remove(0)
    }

    #[test]
    fn adds_and_removes_and_keeps_comments() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("feeds.toml");
        fs::write(&path, "# mine\n[[feed]]\nid = \"a\" # first\nurl = \"http://a.example/\"\n").unwrap();
        add(&path, &[feed("b", "http://b.example/")]).unwrap();
        assert!(matches!(add(&path, &[feed("b", "http://c.example/")]), Err(EditError::Exists { what: "id", .. })));
        assert!(matches!(add(&path, &[feed("c", "http://b.example/")]), Err(EditError::Exists { .. })));
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains("# mine") && text.contains("# first"), "{text}");
        assert_eq!(read(&path, &text).unwrap().len(), 2);
        remove(&path, "a").unwrap();
        assert!(matches!(remove(&path, "a"), Err(EditError::Absent(_))));
        let left = super::super::load(&path).unwrap();
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].id, "b");
    }

    #[test]
    fn makes_ids_from_titles_and_hosts() {
        let url = Url::parse("https://www.news.example/rss").unwrap();
        assert_eq!(id_for(Some("The Harbour: World!"), &url, &[]), "the-harbour-world");
        assert_eq!(id_for(None, &url, &[]), "news-example");
        assert_eq!(id_for(None, &url, &[feed("news-example", "http://x.example/")]), "news-example-2");
        assert_eq!(id_for(Some("新闻"), &url, &[]), "news-example");
    }
}
