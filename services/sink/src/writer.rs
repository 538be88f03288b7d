//! The one thread that writes: many lines with one flush to the disk, rotation, compression.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use bytes::Bytes;
use jiff::Timestamp;
use tallywire_runtime::config::Sink as SinkConfig;
use tallywire_store::LockedFile;
use tokio::sync::{mpsc, oneshot};
use tracing::{info, warn};

use crate::{
    files::{FileName, WriterId, day_of},
    finish::finish,
};

/// A line to be written, its line break included, and where to say that it is on the disk.
pub struct Line {
    /// JSON and a line break.
    pub bytes: Bytes,
    /// Answered when the line is on the disk, or could not be written.
    pub done: oneshot::Sender<Result<(), WriteError>>,
}

/// A line could not be written. The file is as it was before.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}: {reason}", path.display())]
pub struct WriteError {
    /// The file or folder.
    pub path: PathBuf,
    /// Why.
    pub reason: String,
}

/// The writer's thread, and how it ended.
pub(crate) type Handle = thread::JoinHandle<Result<(), WriteError>>;

/// Lines that wait to be written; each waits for its answer, so the stage loop's own bound holds too.
const QUEUE: usize = 256;
/// How often the creation of a file is tried.
const TRIES: usize = 5;
/// How often the age of a file is looked at while nothing is written.
const TICK: Duration = Duration::from_secs(5);

/// Writes lines into files of its own.
pub struct Writer {
    config: SinkConfig,
    id: WriterId,
    open: Option<OpenFile>,
    files: u64,
}

struct OpenFile {
    name: FileName,
    // Locked, so that nobody takes it for a dead writer's.
    file: LockedFile,
    begun: Instant,
}

impl Writer {
    /// Starts the thread, which ends when the sender is dropped.
    ///
    /// # Errors
    /// When the first file cannot be created, or the system has no thread left.
    pub fn start(config: SinkConfig, id: WriterId) -> io::Result<(mpsc::Sender<Line>, Handle)> {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let mut writer = Self { config, id, open: None, files: 0 };
        if !writer.config.stdout {
            // From the first claim on, a locked file shows others that this writer lives.
            writer.open = Some(writer.begin_file().map_err(io::Error::other)?);
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        let handle = thread::Builder::new()
            .name("sink-writer".to_owned())
            .spawn(move || runtime.block_on(writer.run(receiver)))?;
        Ok((sender, handle))
    }

    async fn run(mut self, mut lines: mpsc::Receiver<Line>) -> Result<(), WriteError> {
        loop {
            let mut batch = Vec::new();
            match tokio::time::timeout(TICK, lines.recv_many(&mut batch, QUEUE)).await {
                Ok(0) => break,
                Ok(_) => self.write_batch(batch)?,
                Err(_) => self.rotate_if_due(),
            }
        }
        let ended = self.open.take();
        self.finish(ended);
        Ok(())
    }

    /// Fails only when nothing can be written any more: standard output is closed.
    fn write_batch(&mut self, batch: Vec<Line>) -> Result<(), WriteError> {
        self.rotate_if_due();
        let bytes: Vec<u8> = batch.iter().flat_map(|line| line.bytes.iter().copied()).collect();
        let result = self.append(&bytes);
        for line in batch {
            // Nobody waits for the answer any more when the service stops.
            let _ = line.done.send(result.clone());
        }
        if self.config.stdout { result } else { Ok(()) }
    }

    fn append(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        if self.config.stdout {
            let mut stdout = io::stdout().lock();
            let written = stdout.write_all(bytes).and_then(|()| stdout.flush());
            return written.map_err(|error| failed(Path::new("standard output"), &error));
        }
        if self.open.is_none() {
            self.open = Some(self.begin_file()?);
        }
        // It was opened just above if it was not before.
        let Some(open) = &mut self.open else { return Ok(()) };
        open.file.append(bytes).map_err(|error| failed(&open.name.path, &error))
    }

    fn begin_file(&mut self) -> Result<OpenFile, WriteError> {
        let mut tries = 0;
        let (name, file) = loop {
            self.files += 1;
            tries += 1;
            let name = FileName::new(&self.config.out, &self.id, Timestamp::now(), self.files);
            match LockedFile::create(&name.path) {
                Ok(file) => break (name, file),
                // Another sink that starts may have taken the new file for one that was left behind.
                Err(_) if tries < TRIES => {}
                Err(error) => return Err(failed(&name.path, &error)),
            }
        };
        info!(path = %name.path.display(), "a new file");
        Ok(OpenFile { name, file, begun: Instant::now() })
    }

    fn rotate_if_due(&mut self) {
        let due = self.open.as_ref().is_some_and(|open| {
            let large = open.file.length() >= self.config.rotate_bytes.as_u64();
            // What a failed write left behind has to go before the file may end.
            let due = large
                || open.begun.elapsed() >= self.config.rotate_after
                || open.name.day() != day_of(Timestamp::now());
            due && !open.file.is_torn()
        });
        // The next one first: there is always a locked file while this writer lives.
        if due && let Ok(next) = self.begin_file() {
            let ended = self.open.replace(next);
            self.finish(ended);
        }
    }

    fn finish(&self, ended: Option<OpenFile>) {
        let Some(open) = ended else { return };
        if open.file.length() == 0 && !open.file.is_torn() {
            // What cannot be removed now is removed at the next start.
            let _ = std::fs::remove_file(&open.name.path);
            return;
        }
        // The lock is held meanwhile. What fails here is made good at the next start.
        if let Err(error) = finish(&open.name.path, &self.config) {
            warn!(path = %open.name.path.display(), %error, "not compressed");
        }
    }
}

fn failed(path: &Path, error: &io::Error) -> WriteError {
    WriteError { path: path.to_owned(), reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use bytesize::ByteSize;
    use tallywire_runtime::config::SinkCompression;

    use super::*;
    use crate::files::files;

    fn write(config: SinkConfig, lines: &[&str]) {
        let (sender, handle) = Writer::start(config, WriterId::random()).unwrap();
        for line in lines {
            let (done, answer) = oneshot::channel();
            sender.blocking_send(Line { bytes: Bytes::copy_from_slice(line.as_bytes()), done }).unwrap();
            answer.blocking_recv().unwrap().unwrap();
        }
        drop(sender);
        handle.join().unwrap().unwrap();
    }

    #[test]
    fn rotates_by_size_and_keeps_every_line() {
        let out = tempfile::tempdir().unwrap();
        let config = SinkConfig { out: out.path().to_owned(), rotate_bytes: ByteSize::b(8), ..SinkConfig::default() };
        write(config, &["{\"a\":1}\n", "{\"b\":2}\n", "{\"c\":3}\n"]);
        let texts: Vec<String> =
            files(out.path(), None).unwrap().iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
        assert_eq!(texts.len(), 3);
        assert_eq!(texts.concat().lines().count(), 3);
    }

    #[test]
    fn compresses_what_is_ended() {
        let out = tempfile::tempdir().unwrap();
        let compression = SinkCompression::Zstd;
        write(SinkConfig { out: out.path().to_owned(), compression, ..SinkConfig::default() }, &["{}\n"]);
        let [path] = files(out.path(), None).unwrap().try_into().unwrap();
        assert!(path.to_str().unwrap().ends_with(".jsonl.zst"));
        assert_eq!(zstd::decode_all(std::fs::File::open(path).unwrap()).unwrap(), b"{}\n");
    }

    #[test]
    fn says_what_it_cannot_write() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("a file, no folder");
        std::fs::write(&out, "").unwrap();
        let config = SinkConfig { out, ..SinkConfig::default() };
        let error = Writer::start(config, WriterId::random()).err().unwrap().to_string();
        assert!(error.contains("a file, no folder"), "{error}");
    }
}
