//! The archive in a folder: `<out>/<date>/<time>-<writer>-<number>.warc.gz`, and `.open` behind that while it is written.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, BufReader},
    path::{Path, PathBuf},
    time::Instant,
};

use jiff::Timestamp;
use tallywire_runtime::config::Archive as Settings;
use tallywire_store::LockedFile;
use tallywire_warc::{Archived, Record, whole_length};
use tracing::{info, warn};

use super::{ArchiveError, SOFTWARE};

/// The ending of a file that is, or was, written to.
const OPEN: &str = "open";

/// Writes files of its own.
pub(super) struct Files {
    folder: PathBuf,
    settings: Settings,
    writer: String,
    count: u64,
    open: Option<OpenFile>,
}

struct OpenFile {
    path: PathBuf,
    file: LockedFile,
    info: Record,
    day: String,
    begun: Instant,
}

/// `2026-11-23/095139-<writer>-1.warc.gz`
pub(super) fn name(writer: &str, number: u64, now: Timestamp) -> String {
    format!("{}-{writer}-{number}.warc.gz", now.strftime("%Y-%m-%d/%H%M%S"))
}

/// The record at the beginning of a file.
pub(super) fn info(name: &str, now: Timestamp) -> Record {
    Record::info(name.rsplit('/').next().unwrap_or_default(), SOFTWARE, now)
}

/// Writes an article's records behind others.
pub(super) fn write(article: &Archived, info: &Record, to: &mut Vec<u8>) -> Result<(), String> {
    let records = article.records(info).map_err(|error| error.to_string())?;
    records.iter().try_for_each(|record| record.write_gzip(to)).map_err(|error| error.to_string())
}

impl Files {
    /// Brings in order what others left behind, and makes sure that a file can be written.
    pub(super) fn open(folder: PathBuf, settings: Settings) -> Result<Self, ArchiveError> {
        let failed = |source: io::Error| ArchiveError::Write(format!("{}: {source}", folder.display()));
        fs::create_dir_all(&folder).map_err(failed)?;
        recover(&folder).map_err(failed)?;
        let writer = format!("{:016x}", rand::random::<u64>());
        Ok(Self { folder, settings, writer, count: 0, open: None })
    }

    /// Appends articles, all or none.
    pub(super) fn append(&mut self, articles: &[Archived]) -> Result<(), String> {
        self.end_if_due();
        if self.open.is_none() {
            self.open = Some(self.begin()?);
        }
        // It was opened just above if it was not before.
        let Some(open) = &mut self.open else { return Ok(()) };
        let mut bytes = Vec::new();
        for article in articles {
            write(article, &open.info, &mut bytes)?;
        }
        open.file.append(&bytes).map_err(|error| format!("{}: {error}", open.path.display()))
    }

    fn begin(&mut self) -> Result<OpenFile, String> {
        self.count += 1;
        let now = Timestamp::now();
        let name = name(&self.writer, self.count, now);
        let path = with_ending(&self.folder.join(&name));
        let failed = |error: io::Error| format!("{}: {error}", path.display());
        let mut file = LockedFile::create(&path).map_err(failed)?;
        let info = info(&name, now);
        let mut bytes = Vec::new();
        info.write_gzip(&mut bytes).and_then(|()| file.append(&bytes)).map_err(failed)?;
        info!(path = %path.display(), "a new file of the archive");
        Ok(OpenFile { path, file, info, day: day(now), begun: Instant::now() })
    }

    /// Ends the file if it is large or old.
    pub(super) fn end_if_due(&mut self) {
        let due = self.open.as_ref().is_some_and(|open| {
            let due = open.file.length() >= self.settings.rotate_bytes.as_u64()
                || open.begun.elapsed() >= self.settings.rotate_after
                || open.day != day(Timestamp::now());
            // What a failed write left behind has to go before the file may end.
            due && !open.file.is_torn()
        });
        if due {
            self.end();
        }
    }

    /// Ends the file, which then has its name.
    pub(super) fn end(&mut self) {
        let Some(open) = self.open.take() else { return };
        if let Err(error) = fs::rename(&open.path, open.path.with_extension("")) {
            warn!(path = %open.path.display(), %error, "not renamed; the next start does it");
        }
    }
}

fn day(now: Timestamp) -> String {
    now.strftime("%Y-%m-%d").to_string()
}

fn with_ending(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(OPEN);
    name.into()
}

/// Ends the files of dead fetchers: what was not written whole is cut off.
fn recover(folder: &Path) -> io::Result<()> {
    for day in fs::read_dir(folder)? {
        let day = day?.path();
        if !day.is_dir() {
            continue;
        }
        for file in fs::read_dir(day)? {
            let path = file?.path();
            if path.extension().is_some_and(|ending| ending == OPEN) {
                match recover_file(&path) {
                    // Another fetcher that starts at the same time was faster.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    other => other?,
                }
            }
        }
    }
    Ok(())
}

fn recover_file(path: &Path) -> io::Result<()> {
    let file = OpenOptions::new().read(true).write(true).open(path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(()),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    let (length, whole) = (file.metadata()?.len(), whole_length(BufReader::new(File::open(path)?))?);
    if whole < length {
        warn!(path = %path.display(), bytes = length - whole, "cut off a record that was not written whole");
        file.set_len(whole)?;
        file.sync_all()?;
    }
    if whole == 0 {
        return fs::remove_file(path);
    }
    fs::rename(path, path.with_extension(""))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use bytesize::ByteSize;
    use tallywire_proto::{Fetched, Message};
    use tallywire_warc::Articles;

    use super::*;

    fn article() -> Archived {
        let fetched = Fetched::decode(include_bytes!("../../../../proto/samples/fetched.json")).unwrap();
        Archived::new(&fetched, None)
    }

    fn files(folder: &Path) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = fs::read_dir(folder)
            .unwrap()
            .flat_map(|day| fs::read_dir(day.unwrap().path()).unwrap())
            .map(|file| file.unwrap().path())
            .collect();
        files.sort();
        files
    }

    fn read(path: &Path) -> usize {
        let articles = Articles::of(BufReader::new(File::open(path).unwrap())).unwrap();
        articles.map(|found| assert_eq!(found.unwrap(), article())).count()
    }

    #[test]
    fn files_end_when_they_are_large_and_at_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { rotate_bytes: ByteSize::b(1), ..Settings::default() };
        let mut archive = Files::open(folder.path().to_owned(), settings).unwrap();
        archive.append(&[article(), article()]).unwrap();
        archive.append(&[article()]).unwrap();
        let [ended, open] = files(folder.path()).try_into().unwrap();
        assert!(ended.to_str().unwrap().ends_with("-1.warc.gz") && open.to_str().unwrap().ends_with("-2.warc.gz.open"));
        archive.end();
        let counts: Vec<usize> = files(folder.path()).iter().map(|path| read(path)).collect();
        assert_eq!(counts, [2, 1]);
    }

    #[test]
    fn what_a_dead_fetcher_left_is_brought_in_order_and_a_living_ones_file_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings::default();
        let mut living = Files::open(folder.path().to_owned(), settings.clone()).unwrap();
        living.append(&[article()]).unwrap();
        let mut dead = Files::open(folder.path().to_owned(), settings.clone()).unwrap();
        dead.append(&[article(), article()]).unwrap();
        let left = dead.open.as_ref().unwrap().path.clone();
        drop(dead);
        // A record that was not written whole.
        let whole = fs::read(&left).unwrap();
        OpenOptions::new().append(true).open(&left).unwrap().write_all(&whole[..whole.len() / 2]).unwrap();
        let end = whole_length(BufReader::new(File::open(&left).unwrap())).unwrap();
        assert!(end >= whole.len() as u64);
        Files::open(folder.path().to_owned(), settings).unwrap();
        assert!(!left.exists() && living.open.as_ref().unwrap().path.exists());
        assert!(read(&left.with_extension("")) >= 2);
    }
}
