//! After a crash: a line is complete or absent.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use tallywire_runtime::config::Sink as Settings;
use tracing::warn;

use crate::{
    compress::{compressed_name, is_unfinished},
    files::{COMPRESSED, PLAIN, WriterId, figures_name, files},
    finish::{finish, state_figures},
};

/// A file of the sink cannot be brought in order.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source}; check the folder that sink.out names", path.display())]
pub struct RecoverError {
    /// The file or folder.
    pub path: PathBuf,
    /// Why.
    pub source: io::Error,
}

/// Brings the files of dead writers in order: cuts off a line that was not written whole, finishes a compression,
/// writes the Parquet of figures where it is missing.
///
/// Files of living writers are locked, and left alone.
///
/// # Errors
/// When a file cannot be read or changed.
pub fn recover(settings: &Settings) -> Result<(), RecoverError> {
    let out = settings.out.as_path();
    let at = |path: &Path, source| RecoverError { path: path.to_owned(), source };
    let (unfinished, finished): (Vec<_>, Vec<_>) =
        files(out, None).map_err(|source| at(out, source))?.into_iter().partition(|path| is_unfinished(path));
    for path in unfinished {
        gone_is_fine(remove_if_idle(&path)).map_err(|source| at(&path, source))?;
    }
    for path in finished {
        let recovered = match path.extension().and_then(|ending| ending.to_str()) {
            Some(PLAIN) => recover_file(&path, settings),
            Some(COMPRESSED) => recover_figures(&path, settings),
            _ => Ok(()),
        };
        gone_is_fine(recovered).map_err(|source| at(&path, source))?;
    }
    Ok(())
}

/// Another sink that starts at the same time may have been faster.
fn gone_is_fine(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// A compression under way belongs to the plain file beside it, whose lock tells whether somebody is at it.
fn remove_if_idle(unfinished: &Path) -> io::Result<()> {
    let plain = unfinished.with_extension("").with_extension("");
    match File::open(&plain) {
        Ok(file) if file.try_lock().is_err() => Ok(()),
        _ => fs::remove_file(unfinished),
    }
}

fn recover_file(path: &Path, settings: &Settings) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(()),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    if compressed_name(path).exists() {
        // The compressed form has its name only when it is complete.
        return fs::remove_file(path);
    }
    let length = file.metadata()?.len();
    let whole = end_of_last_line(&mut file, length)?;
    if whole < length {
        warn!(path = %path.display(), bytes = length - whole, "cut off a line that was not written whole");
        file.set_len(whole)?;
        file.sync_all()?;
    }
    if whole == 0 {
        return fs::remove_file(path);
    }
    finish(path, settings)
}

/// Writes the figures of a compressed file where they are missing: the sink died, or had not been asked for them.
fn recover_figures(path: &Path, settings: &Settings) -> io::Result<()> {
    if !settings.parquet || figures_name(path).is_none_or(|figures| figures.exists()) {
        return Ok(());
    }
    // Held until they are written: another sink that starts at the same time leaves them to this one.
    let file = File::open(path)?;
    match file.try_lock() {
        Ok(()) => state_figures(path, settings),
        Err(TryLockError::WouldBlock) => {}
        Err(TryLockError::Error(error)) => return Err(error),
    }
    Ok(())
}

/// Where the last complete line ends.
fn end_of_last_line(file: &mut File, length: u64) -> io::Result<u64> {
    const BLOCK: u64 = 64 * 1024;
    let mut end = length;
    while end > 0 {
        let start = end.saturating_sub(BLOCK);
        let mut block = Vec::new();
        file.seek(SeekFrom::Start(start))?;
        file.by_ref().take(end - start).read_to_end(&mut block)?;
        if let Some(at) = block.iter().rposition(|byte| *byte == b'\n') {
            return Ok(start + at as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

/// Whether somebody writes into one of a writer's files at this moment: whether it lives.
pub(crate) fn is_alive(out: &Path, writer: &WriterId) -> io::Result<bool> {
    for path in files(out, Some(writer))? {
        // A shared lock: those who look do not take each other for the writer.
        if let Err(TryLockError::WouldBlock) = File::open(&path)?.try_lock_shared() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether one of a writer's files that were written to since a time has an article's revision, complete.
pub(crate) fn has_line(out: &Path, writer: &WriterId, since: SystemTime, id: &str, revision: u32) -> io::Result<bool> {
    // The newest first: what is looked for was written last.
    for path in files(out, Some(writer))?.into_iter().rev() {
        let file = File::open(&path)?;
        // Clocks of the server and of this machine may differ by a bit.
        if file.metadata()?.modified()? + CLOCKS < since {
            continue;
        }
        let found = match path.extension().and_then(|ending| ending.to_str()) {
            Some(PLAIN) => scan(BufReader::new(file), id, revision)?,
            Some(COMPRESSED) => scan(BufReader::new(zstd::stream::read::Decoder::new(file)?), id, revision)?,
            _ => false,
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}

/// By how much the clocks of the broker and of this machine may differ.
const CLOCKS: Duration = Duration::from_mins(10);

/// What of a line tells the article's revision.
#[derive(serde::Deserialize)]
pub(crate) struct Revision {
    pub(crate) id: String,
    pub(crate) revision: u32,
}

fn scan(mut lines: impl BufRead, id: &str, revision: u32) -> io::Result<bool> {
    let mut line = Vec::new();
    loop {
        line.clear();
        lines.read_until(b'\n', &mut line)?;
        if line.last() != Some(&b'\n') {
            return Ok(false);
        }
        let matches = |found: Revision| found.id == id && found.revision == revision;
        if serde_json::from_slice::<Revision>(&line).is_ok_and(matches) {
            return Ok(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;
    use tallywire_runtime::config::SinkCompression;
    use tallywire_store::LockedFile;

    use super::*;
    use crate::files::FileName;

    const LINE: &str = "{\"id\":\"a\",\"revision\":1,\"text\":\"x\"}\n";

    fn file(out: &Path, writer: &WriterId, text: &str) -> PathBuf {
        let name = FileName::new(out, writer, Timestamp::UNIX_EPOCH, 1);
        drop(LockedFile::create(&name.path).unwrap());
        fs::write(&name.path, text).unwrap();
        name.path
    }

    fn settings(out: &Path, compression: SinkCompression) -> Settings {
        Settings { out: out.to_owned(), compression, ..Settings::default() }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn a_line_is_complete_or_absent(lines in 0usize..4, torn in 0usize..LINE.len()) {
            let out = tempfile::tempdir().unwrap();
            let text = LINE.repeat(lines) + &LINE[..torn];
            let path = file(out.path(), &WriterId::random(), &text);
            recover(&settings(out.path(), SinkCompression::None)).unwrap();
            let left = fs::read_to_string(&path).unwrap_or_default();
            prop_assert_eq!(left, LINE.repeat(lines));
        }
    }

    #[test]
    fn a_living_writers_file_is_left_alone() {
        let out = tempfile::tempdir().unwrap();
        let writer = WriterId::random();
        let name = FileName::new(out.path(), &writer, Timestamp::UNIX_EPOCH, 1);
        let locked = LockedFile::create(&name.path).unwrap();
        assert!(is_alive(out.path(), &writer).unwrap());
        fs::write(&name.path, "{\"half").unwrap();
        recover(&settings(out.path(), SinkCompression::Zstd)).unwrap();
        assert_eq!(fs::read_to_string(&name.path).unwrap(), "{\"half");
        drop(locked);
        assert!(!is_alive(out.path(), &writer).unwrap());
    }

    #[test]
    fn a_compression_is_finished_or_begun_again() {
        let out = tempfile::tempdir().unwrap();
        let writer = WriterId::random();
        let path = file(out.path(), &writer, LINE);
        fs::write(format!("{}.zst.part", path.display()), "half").unwrap();
        recover(&settings(out.path(), SinkCompression::Zstd)).unwrap();
        assert_eq!(files(out.path(), None).unwrap(), [compressed_name(&path)]);
        assert!(has_line(out.path(), &writer, SystemTime::now(), "a", 1).unwrap());
        assert!(!has_line(out.path(), &writer, SystemTime::now(), "a", 2).unwrap());
        // A crash between the two last steps of a compression leaves both.
        fs::write(&path, LINE).unwrap();
        recover(&settings(out.path(), SinkCompression::None)).unwrap();
        assert_eq!(files(out.path(), None).unwrap(), [compressed_name(&path)]);
    }

    #[test]
    fn figures_that_a_dead_sink_did_not_write_are_written() {
        const ARTICLE: &str = include_str!("../../../proto/samples/enriched.json");
        let out = tempfile::tempdir().unwrap();
        let line: String = ARTICLE.lines().chain(["\n"]).collect();
        let path = file(out.path(), &WriterId::random(), &line);
        let figures = figures_name(&path).unwrap();
        recover(&settings(out.path(), SinkCompression::Zstd)).unwrap();
        assert!(!figures.exists(), "nobody asked for them");
        let asked = Settings { parquet: true, ..settings(out.path(), SinkCompression::Zstd) };
        recover(&asked).unwrap();
        let whole = fs::read(&figures).unwrap();
        assert!(whole.starts_with(b"PAR1") && whole.ends_with(b"PAR1"));
        // One that died before the name was given leaves this.
        fs::rename(&figures, figures.with_extension("parquet.part")).unwrap();
        fs::write(&path, &line).unwrap();
        fs::remove_file(compressed_name(&path)).unwrap();
        recover(&asked).unwrap();
        assert_eq!(fs::read(&figures).unwrap(), whole);
        let left: Vec<_> = fs::read_dir(figures.parent().unwrap()).unwrap().map(|file| file.unwrap().path()).collect();
        assert_eq!(left, [figures]);
        assert_eq!(files(out.path(), None).unwrap(), [compressed_name(&path)]);
    }
}
