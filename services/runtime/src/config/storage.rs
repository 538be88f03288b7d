//! The keys of what is kept: files of articles, and the archive of pages.

use std::{path::PathBuf, time::Duration};

use bytesize::ByteSize;
use serde::{Deserialize, Serialize};

use super::duration;

const HOUR: Duration = Duration::from_hours(1);

/// Files of enriched articles.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sink {
    /// The folder, or `s3://bucket/prefix`: articles go to `<out>/enriched/<date>/`.
    pub out: PathBuf,
    /// A file that has grown to this size is ended, and the next one begun.
    pub rotate_bytes: ByteSize,
    /// A file that is this old is ended.
    #[serde(with = "duration")]
    pub rotate_after: Duration,
    /// How files that are ended are compressed.
    pub compression: SinkCompression,
    /// In a bucket: an object is stored when so much is gathered.
    pub object_bytes: ByteSize,
    /// In a bucket: how long after its first article an object is stored at the latest.
    #[serde(with = "duration")]
    pub object_after: Duration,
    /// Whether the figures of each file that is ended are also written as Parquet, to `<out>/figures/<date>/`.
    pub parquet: bool,
    /// Write articles to standard output instead of files.
    pub stdout: bool,
}

impl Default for Sink {
    fn default() -> Self {
        Self {
            out: PathBuf::from("out"),
            rotate_bytes: ByteSize::mib(128),
            rotate_after: HOUR,
            compression: SinkCompression::None,
            object_bytes: ByteSize::mib(8),
            object_after: Duration::from_secs(10),
            parquet: false,
            stdout: false,
        }
    }
}

/// How files that are ended are compressed.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SinkCompression {
    /// Not at all: `.jsonl`
    #[default]
    None,
    /// Zstandard: `.jsonl.zst`
    Zstd,
}

/// An archive of what is fetched, as WARC files.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Archive {
    /// Whether the fetcher writes one.
    pub write: bool,
    /// The folder, or `s3://bucket/prefix`; empty for `archive` below `sink.out`.
    pub out: PathBuf,
    /// A file that has grown to this size is ended, and the next one begun.
    pub rotate_bytes: ByteSize,
    /// A file that is this old is ended.
    #[serde(with = "duration")]
    pub rotate_after: Duration,
    /// In a bucket: an object is stored when so much is gathered.
    pub object_bytes: ByteSize,
    /// In a bucket: how long after its first article an object is stored at the latest.
    #[serde(with = "duration")]
    pub object_after: Duration,
}

impl Default for Archive {
    fn default() -> Self {
        Self {
            write: false,
            out: PathBuf::new(),
            rotate_bytes: ByteSize::mib(256),
            rotate_after: HOUR,
            object_bytes: ByteSize::mib(8),
            object_after: Duration::from_secs(2),
        }
    }
}
