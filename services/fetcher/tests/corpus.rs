//! Measures the reading of feeds on the test corpus of feedparser, where it is at hand: each document says in a comment
//! what is in it, and what HTTP said when it was fetched.
//!
//! The documents are the work of others and no part of this repository; `data/expected-failures.tsv` names those parts
//! of them that are read otherwise here, and why.

#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a test that cannot go on has failed; counts are small"
)]

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use tallywire_fetcher::{ParsedFeed, parse_feed};
use url::Url;

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/feeds");
const EXPECTED: &str = include_str!("data/expected-failures.tsv");
/// Where the corpus is taken to be served from.
const SERVER: &str = "http://127.0.0.1:8097/";
/// The least share of documents read, and of statements about them that are right.
const READ: f64 = 0.995;
const RIGHT: f64 = 0.96;

/// A statement about a document.
#[derive(Debug)]
struct Statement {
    of_feed: bool,
    key: String,
    wanted: String,
}

#[test]
fn the_corpus_is_read() {
    let Some(root) = corpus() else { return };
    let (mut files, mut read, mut total) = (0usize, 0usize, 0usize);
    let mut failures = BTreeMap::new();
    for path in documents(&root) {
        let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        let bytes = std::fs::read(&path).unwrap();
        let comment = comment(&bytes);
        let parsed = parse_feed(&bytes, header(&comment, "Content-type").as_deref(), Some(&base(&comment, &name)));
        files += 1;
        read += usize::from(parsed.is_ok());
        for statement in statements(&comment) {
            total += 1;
            let found = parsed.as_ref().ok().and_then(|parsed| value(parsed, &statement));
            if found.as_deref().map(str::trim) != Some(statement.wanted.trim()) {
                let scope = if statement.of_feed { "feed" } else { "entry" };
                failures.insert((name.clone(), format!("{scope}.{}", statement.key)), (statement.wanted, found));
            }
        }
    }
    let right = total - failures.len();
    eprintln!("{read} of {files} documents read, {right} of {total} statements right");
    let expected: Vec<(&str, &str)> = EXPECTED
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let mut columns = line.split('\t');
            let row = (columns.next().unwrap(), columns.next().unwrap());
            assert!(columns.next().is_some_and(|reason| !reason.is_empty()), "{line}: a reason is missing");
            row
        })
        .collect();
    let unexpected: Vec<String> = failures
        .iter()
        .filter(|((name, field), _)| !expected.contains(&(name.as_str(), field.as_str())))
        .map(|((name, field), (wanted, found))| format!("{name}\t{field}\twanted {wanted:?}, found {found:?}"))
        .collect();
    assert!(unexpected.is_empty(), "not in expected-failures.tsv:\n{}", unexpected.join("\n"));
    for (name, field) in expected {
        let is_there = root.join(name).exists();
        let failed = failures.contains_key(&(name.to_owned(), field.to_owned()));
        assert!(failed || !is_there, "{name}: {field} is right by now; take it out of expected-failures.tsv");
    }
    assert!(read as f64 >= READ * files as f64, "{read} of {files} documents read");
    assert!(right as f64 >= RIGHT * total as f64, "{right} of {total} statements right");
}

#[test]
fn a_document_cut_off_yields_the_first_entries_of_the_whole() {
    let Some(root) = corpus() else { return };
    for path in documents(&root) {
        let bytes = std::fs::read(&path).unwrap();
        // Where the encoding has to be guessed, the end of a document may change what its start means.
        let Some(text) = std::str::from_utf8(&bytes).ok().filter(|text| !text.contains('\0')) else { continue };
        let Ok(whole) = parse_feed(text.as_bytes(), None, None) else { continue };
        for cut in (0..text.len()).step_by(7) {
            if let Ok(part) = parse_feed(&text.as_bytes()[..cut], None, None) {
                assert!(part.entries.len() <= whole.entries.len(), "{}: {cut}", path.display());
                assert_eq!(part.entries, whole.entries[..part.entries.len()], "{}: {cut}", path.display());
            }
        }
    }
}

/// The folder of the corpus, where there is one.
fn corpus() -> Option<PathBuf> {
    let root = std::env::var_os("TALLYWIRE_FEEDS").map_or_else(|| PathBuf::from(CORPUS), PathBuf::from);
    if !root.is_dir() {
        eprintln!("skipped: no feeds at {}; TALLYWIRE_FEEDS names another folder", root.display());
        return None;
    }
    Some(root)
}

fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "xml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The first comment; in wide encodings its letters are ASCII all the same.
fn comment(bytes: &[u8]) -> String {
    let is_wide = bytes.iter().take(40).filter(|byte| **byte == 0).count() > 5;
    let kept: Vec<u8> = bytes.iter().copied().filter(|byte| !is_wide || *byte != 0).collect();
    let text = String::from_utf8_lossy(&kept).into_owned();
    let behind = text.split_once("<!--").map_or("", |(_, behind)| behind);
    behind.split_once("-->").map_or(behind, |(inside, _)| inside).to_owned()
}

fn header(comment: &str, name: &str) -> Option<String> {
    let headers = comment.lines().filter_map(|line| line.trim().strip_prefix("Header:")?.split_once(':'));
    let mut found = headers.filter(|(header, _)| header.trim().eq_ignore_ascii_case(name));
    found.next().map(|(_, value)| value.trim().to_owned())
}

fn base(comment: &str, name: &str) -> Url {
    let address = Url::parse(SERVER).unwrap().join(name).unwrap();
    let location = header(comment, "Content-Location").and_then(|location| address.join(&location).ok());
    location.unwrap_or(address)
}

/// The statements of the form `feed['title'] == 'News'`, on keys that are read here.
fn statements(comment: &str) -> Vec<Statement> {
    let Some((_, stated)) = comment.split_once("Expect:") else { return Vec::new() };
    let mut found = Vec::new();
    for (scope, of_feed) in [("feed[", true), ("entries[0][", false)] {
        for (at, _) in stated.match_indices(scope) {
            let behind = &stated[at + scope.len() - 1..];
            let is_part = stated[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || "_].".contains(c));
            let Some((path, value)) = behind.split_once("==").filter(|_| !is_part) else { continue };
            let key = path.trim().replace("']['", ".").replace("'][", ".").replace("]['", ".");
            let key = key.replace("['", "").replace("']", "");
            if let (Some(key), Some(wanted)) = (key_of(&key, of_feed), literal(value.trim_start())) {
                found.push(Statement { of_feed, key: key.to_owned(), wanted });
            }
        }
    }
    found
}

fn key_of(key: &str, of_feed: bool) -> Option<&'static str> {
    Some(match key {
        "title" | "title_detail.value" => "title",
        "link" => "link",
        "id" | "guid" => "id",
        "description" | "subtitle" | "tagline" if of_feed => "description",
        "description" | "subtitle" | "tagline" | "summary" => "summary",
        "content.0.value" => "content",
        "language" => "language",
        "author" => "author",
        _ => return None,
    })
}

/// A string of Python that nothing but `and` or the end follows.
fn literal(text: &str) -> Option<String> {
    let text = text.strip_prefix('u').unwrap_or(text);
    let quote = text.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    let mut characters = text[1..].chars();
    let mut out = String::new();
    loop {
        match characters.next()? {
            '\\' => match characters.next()? {
                'n' => out.push('\n'),
                kind @ ('x' | 'u' | 'U') => {
                    let length = if kind == 'x' {
                        2
                    } else if kind == 'u' {
                        4
                    } else {
                        8
                    };
                    let digits: String = characters.by_ref().take(length).collect();
                    out.push(char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?);
                }
                other => out.push(other),
            },
            end if end == quote => break,
            other => out.push(other),
        }
    }
    let rest = characters.as_str();
    let is_end =
        rest.trim_start().is_empty() || rest.trim_start().starts_with(')') || rest.trim_start().starts_with("and");
    is_end.then_some(out)
}

fn value(parsed: &ParsedFeed, statement: &Statement) -> Option<String> {
    let feed = &parsed.feed;
    if statement.of_feed {
        let values = [
            ("title", &feed.title),
            ("link", &feed.link),
            ("id", &feed.id),
            ("description", &feed.description),
            ("language", &feed.language),
            ("author", &feed.author),
        ];
        return values.into_iter().find(|(key, _)| *key == statement.key).and_then(|(_, value)| value.clone());
    }
    let (entry, detail) = (parsed.entries.first()?, parsed.details.first()?);
    match statement.key.as_str() {
        "title" => entry.title.clone(),
        "link" => entry.link.clone(),
        "id" => entry.id.clone(),
        "summary" => entry.summary.clone(),
        "content" => entry.content.clone(),
        "language" => detail.language.clone(),
        "author" => detail.authors.first().map(ToString::to_string),
        _ => None,
    }
}
