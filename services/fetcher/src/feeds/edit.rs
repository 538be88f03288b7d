//! Changing `feeds.toml` for the user, with their comments and order left as they are.

use std::{
    collections::{HashMap, HashSet},
    io,
    path::{Path, PathBuf},
};

use tallywire_runtime::config::ConfigError;
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, Value, value};
use url::Url;

use super::{Feed, FullText, locked::Locked, read};

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

/// Adds feeds to the end of the file, which is created where it does not exist. What the file has stays as it is. Who
/// else changes it here at the same time is waited for.
///
/// # Errors
/// When one of them has an id or address that is there already, or the file will not do.
pub fn add(path: &Path, feeds: &[Feed]) -> Result<(), EditError> {
    let file = Locked::take(path).map_err(|error| file_error(path, error))?;
    let (mut text, present) = read_locked(path, &file)?;
    let mut ids: HashSet<&str> = present.iter().map(|feed| feed.id.as_str()).collect();
    let mut addresses: HashMap<&Url, &str> = present.iter().map(|feed| (&feed.url, feed.id.as_str())).collect();
    for feed in feeds {
        if !ids.insert(&feed.id) {
            return Err(EditError::Exists { id: feed.id.clone(), what: "id" });
        }
        if let Some(id) = addresses.insert(&feed.url, &feed.id) {
            return Err(EditError::Exists { id: id.to_owned(), what: "address" });
        }
    }
    for feed in feeds {
        if !text.is_empty() {
            text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
        }
        text.push_str("[[feed]]\n");
        text.push_str(&table(feed).to_string());
    }
    write(path, &file, &text)
}

/// Removes the feed with an id from the file. Who else changes it here at the same time is waited for.
///
/// # Errors
/// When there is none, or the file will not do.
pub fn remove(path: &Path, id: &str) -> Result<(), EditError> {
    let file = Locked::take(path).map_err(|error| file_error(path, error))?;
    let (text, present) = read_locked(path, &file)?;
    let index = present.iter().position(|feed| feed.id == id).ok_or_else(|| EditError::Absent(id.to_owned()))?;
    // What could be read is TOML.
    let mut document: DocumentMut = text.parse().map_err(|error| file_error(path, io::Error::other(error)))?;
    match document.get_mut("feed") {
        Some(Item::ArrayOfTables(tables)) => {
            tables.remove(index);
        }
        Some(Item::Value(Value::Array(tables))) => {
            tables.remove(index);
        }
        _ => {}
    }
    write(path, &file, &document.to_string())
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
    if !feed.headers.is_empty() {
        table["headers"] = value(feed.headers.iter().collect::<InlineTable>());
    }
    if !feed.tags.is_empty() {
        table["tags"] = value(feed.tags.iter().collect::<Array>());
    }
    table
}

/// The text and the feeds of the file; none of either where it does not exist.
fn read_locked(path: &Path, file: &Locked) -> Result<(String, Vec<Feed>), EditError> {
    let text = file.read().map_err(|error| file_error(path, error))?;
    let feeds = read(path, &text)?;
    Ok((text, feeds))
}

/// Writes the file, if what it would then have can be read.
fn write(path: &Path, file: &Locked, text: &str) -> Result<(), EditError> {
    read(path, text)?;
    file.replace(text, rand::random()).map_err(|error| file_error(path, error))
}

fn file_error(path: &Path, source: io::Error) -> EditError {
    EditError::File { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use std::{fs, thread};

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
    fn what_is_added_is_what_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("feeds.toml");
        let text = "[[feed]]\nid = \"a\"\nurl = \"http://a.example/\"\ninterval = \"1h\"\nfull_text = \"page\"\n\
                    enabled = false\ntags = [\"a \\\"b\\\"\", \"c\"]\nheaders = { \"X-A\" = \"b\" }\n";
        let feeds = read(&path, text).unwrap();
        add(&path, &feeds).unwrap();
        add(&path, &[feed("b", "http://b.example/")]).unwrap();
        let all = super::super::load(&path).unwrap();
        assert_eq!((&all[..1], all[1].id.as_str()), (&feeds[..], "b"));
    }

    #[test]
    fn what_many_add_at_the_same_time_is_all_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("feeds.toml");
        thread::scope(|scope| {
            for adder in 0..8 {
                let path = &path;
                scope.spawn(move || {
                    for number in 0..10 {
                        let id = format!("feed-{adder}-{number}");
                        add(path, &[feed(&id, &format!("http://a.example/{id}"))]).unwrap();
                    }
                });
            }
        });
        assert_eq!(super::super::load(&path).unwrap().len(), 80);
    }

    #[test]
    fn a_file_that_would_not_do_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("feeds.toml");
        let inline =
            "feed = [{ id = \"a\", url = \"http://a.example/\" }, { id = \"b\", url = \"http://b.example/\" }]";
        fs::write(&path, inline).unwrap();
        assert!(matches!(add(&path, &[feed("c", "http://c.example/")]), Err(EditError::Config(_))));
        assert_eq!(fs::read_to_string(&path).unwrap(), inline);
        remove(&path, "a").unwrap();
        assert_eq!(super::super::load(&path).unwrap()[0].id, "b");
    }
}
