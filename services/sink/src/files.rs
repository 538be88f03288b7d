//! Names and folders of the files: articles in `<out>/enriched/<date>/<time>-<writer>-<number>.jsonl`, and their figures
//! in `<out>/figures/<date>/<time>-<writer>-<number>.parquet`.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// The folder below the sink's.
pub(crate) const FOLDER: &str = "enriched";
/// The ending of a file that is, or was, written to.
pub(crate) const PLAIN: &str = "jsonl";
/// The ending of a compressed file, behind the other.
pub(crate) const COMPRESSED: &str = "zst";
/// The folder of figures below the sink's.
pub(crate) const FIGURES: &str = "figures";

/// Names one run of one sink; no two share it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WriterId(String);

impl WriterId {
    /// A new one.
    pub fn random() -> Self {
        Self(format!("{:016x}", rand::random::<u64>()))
    }

    /// One that was written down before.
    pub fn known(id: &str) -> Self {
        Self(id.to_owned())
    }
}

impl fmt::Display for WriterId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A file's name, from which its writer can be told.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FileName {
    /// Where it lies.
    pub path: PathBuf,
    day: Date,
}

/// The day that a time belongs to, in UTC.
pub(crate) fn day_of(time: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(time).date()
}

impl FileName {
    /// The name of a file begun at a time. The number tells files apart that were begun in the same second.
    pub fn new(out: &Path, writer: &WriterId, now: Timestamp, number: u64) -> Self {
        let day = day_of(now);
        let name = format!("{}-{writer}-{number}.{PLAIN}", now.strftime("%H%M%S"));
        Self { path: out.join(FOLDER).join(day.to_string()).join(name), day }
    }

    /// The day of its folder.
    pub(crate) fn day(&self) -> Date {
        self.day
    }
}

/// The name of the file of figures that belongs to a file of articles, compressed or not.
pub(crate) fn figures_name(articles: &Path) -> Option<PathBuf> {
    let name = articles.file_name()?.to_str()?;
    let (stem, _) = name.split_once('.')?;
    let day = articles.parent()?;
    let out = day.parent()?.parent()?;
    Some(out.join(FIGURES).join(day.file_name()?).join(format!("{stem}.parquet")))
}

/// All files of the sink's folder, and those of one writer only where one is given.
pub(crate) fn files(out: &Path, writer: Option<&WriterId>) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let days = match fs::read_dir(out.join(FOLDER)) {
        Ok(days) => days,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(error),
    };
    for day in days {
        let day = day?.path();
        if !day.is_dir() {
            continue;
        }
        for file in fs::read_dir(day)? {
            let path = file?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if writer.is_none_or(|writer| name.contains(&format!("-{writer}-"))) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
