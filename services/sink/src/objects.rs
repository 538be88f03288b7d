//! Names of objects, and what is in one: `enriched/<date>/<time>-<process>-<term>-<number>.jsonl`, and its figures in
//! `figures/<date>/<time>-<process>-<term>-<number>.parquet`.
//!
//! A writer numbers its objects without a gap. So whoever knows one of its names knows the next one, can take that away
//! from it, and can be sure then that it writes no more.

use std::{
    fmt,
    io::{self, BufRead, BufReader, Read},
};

use bytes::Bytes;
use jiff::Timestamp;
use tallywire_proto::ArticleId;
use tallywire_runtime::config::SinkCompression;

use crate::{
    compress::LEVEL,
    files::{COMPRESSED, FIGURES, FOLDER, PLAIN, day_of},
    output::Key,
    recover::Revision,
};

/// The most objects of a term: the digits of a number, which keep names in their order.
pub(crate) const MOST: u64 = 999_999;

/// The name of an object.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct ObjectName {
    /// `2026-11-23/095139-0123456789abcdef-1`: what all objects of a term have in common.
    term: String,
    number: u64,
    ending: &'static str,
}

impl fmt::Display for ObjectName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{:06}.{}", self.term, self.number, self.ending)
    }
}

const ENDINGS: [&str; 2] = ["jsonl", "jsonl.zst"];

impl ObjectName {
    /// The first name of a term of a process.
    pub(crate) fn first(process: &str, term: u64, now: Timestamp, compression: SinkCompression) -> Self {
        let ending = match compression {
            SinkCompression::None => ENDINGS[0],
            SinkCompression::Zstd => ENDINGS[1],
        };
        Self { term: format!("{}/{}-{process}-{term}", day_of(now), now.strftime("%H%M%S")), number: 1, ending }
    }

    /// Reads a name as it is displayed.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (stem, ending) = text.split_once('.')?;
        let ending = ENDINGS.into_iter().find(|known| *known == ending)?;
        let (term, number) = stem.rsplit_once('-')?;
        // Of a date, a time, a process and a term.
        (term.split('/').count() == 2).then_some(())?;
        Some(Self { term: term.to_owned(), number: number.parse().ok()?, ending })
    }

    pub(crate) fn next(&self) -> Self {
        Self { number: self.number + 1, ..self.clone() }
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// What it has in common with all objects of its term.
    pub(crate) fn term(&self) -> &str {
        &self.term
    }

    pub(crate) fn is_of_process(&self, process: &str) -> bool {
        self.term.split('-').rev().nth(1) == Some(process)
    }

    pub(crate) fn day(&self) -> &str {
        self.term.split('/').next().unwrap_or_default()
    }

    /// Where it lies.
    pub(crate) fn path(&self) -> String {
        format!("{FOLDER}/{self}")
    }

    /// The folder that it lies in.
    pub(crate) fn folder(&self) -> String {
        format!("{FOLDER}/{}", self.day())
    }

    /// What stands before it, and behind the object before it, in the order of names.
    pub(crate) fn before(&self) -> String {
        format!("{FOLDER}/{}-{:06}", self.term, self.number)
    }

    /// Where the figures of its articles lie.
    pub(crate) fn figures(&self) -> String {
        format!("{FIGURES}/{}-{:06}.parquet", self.term, self.number)
    }

    /// The object that lies at a path.
    pub(crate) fn at(path: &str) -> Option<Self> {
        Self::parse(path.strip_prefix(FOLDER)?.strip_prefix('/')?)
    }

    /// What an object of this name holds that has these lines.
    pub(crate) fn encode(&self, lines: Vec<u8>) -> io::Result<Bytes> {
        if self.ending.ends_with(COMPRESSED) {
            return zstd::bulk::compress(&lines, LEVEL).map(Bytes::from);
        }
        Ok(lines.into())
    }

    /// The lines of an object of this name.
    pub(crate) fn lines(&self, object: Bytes) -> io::Result<Box<dyn BufRead>> {
        let object = io::Cursor::new(object);
        if self.ending.ends_with(COMPRESSED) {
            return Ok(Box::new(BufReader::new(zstd::stream::read::Decoder::new(object)?)));
        }
        debug_assert!(self.ending.ends_with(PLAIN));
        Ok(Box::new(BufReader::new(object)))
    }

    /// The revisions in an object of this name.
    pub(crate) fn keys(&self, object: Bytes) -> io::Result<Vec<Key>> {
        let mut text = Vec::new();
        self.lines(object)?.read_to_end(&mut text)?;
        let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let key = |line: &[u8]| {
            let found: Revision = serde_json::from_slice(line)?;
            let id: ArticleId = found.id.parse().map_err(io::Error::other)?;
            Ok((id, found.revision))
        };
        lines.map(key).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_it_is_written_and_names_are_in_order() {
        let now = "2026-11-23T09:51:39Z".parse().unwrap();
        for compression in [SinkCompression::None, SinkCompression::Zstd] {
            let first = ObjectName::first("0123456789abcdef", 3, now, compression);
            assert!(first.to_string().starts_with("2026-11-23/095139-0123456789abcdef-3-000001.jsonl"), "{first}");
            assert!(first.is_of_process("0123456789abcdef") && !first.is_of_process("3"));
            let next = first.next();
            assert_eq!(ObjectName::parse(&next.to_string()), Some(next.clone()));
            assert_eq!(ObjectName::at(&next.path()), Some(next.clone()));
            assert!(first.before() < first.path() && first.path() < next.before() && next.before() < next.path());
            assert_eq!(first.figures(), "figures/2026-11-23/095139-0123456789abcdef-3-000001.parquet");
        }
        for other in ["0123456789abcdef", "a/b", "a/b-1.parquet", "a/b-c.jsonl", "a-1.jsonl", "a/b/c-1.jsonl"] {
            assert_eq!(ObjectName::parse(other), None, "{other}");
        }
    }

    #[test]
    fn tells_which_revisions_an_object_holds() {
        let id = ArticleId::of_key("an article");
        let lines = format!("{{\"id\":\"{id}\",\"revision\":1,\"text\":\"x\"}}\n{{\"id\":\"{id}\",\"revision\":2}}\n");
        for compression in [SinkCompression::None, SinkCompression::Zstd] {
            let name = ObjectName::first("0", 1, Timestamp::UNIX_EPOCH, compression);
            let object = name.encode(lines.clone().into_bytes()).unwrap();
            assert_eq!(name.keys(object).unwrap(), [(id, 1), (id, 2)]);
            assert_eq!(name.keys(name.encode(Vec::new()).unwrap()).unwrap(), []);
            assert!(name.keys("no line".into()).is_err());
        }
    }
}
