//! The one task that stores objects: it gathers lines, stores them whole, and only then answers for them.

use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use tallywire_runtime::{CancellationToken, config::Sink as Settings, telemetry};
use tallywire_store::{Bucket, Created, Enough, StoreError, gather, until_done};
use tokio::{sync::oneshot, task::spawn_blocking};
use tracing::{info, warn};

use crate::{
    files::day_of,
    object_output::{Current, Objects},
    objects::{MOST, ObjectName},
    output::{Output, Written},
    parquet,
};

/// A line to be stored, its line break included, the name that claimed it, and where to say what became of it.
pub(crate) struct Entry {
    pub(crate) line: Bytes,
    pub(crate) claimed: ObjectName,
    pub(crate) done: oneshot::Sender<Written>,
}

/// Stores objects under names of its own.
pub(crate) struct ObjectWriter {
    bucket: Bucket,
    settings: Settings,
    process: String,
    /// Objects are numbered anew with each day, and after a name was taken away.
    term: u64,
    current: Current,
    metrics: telemetry::Files,
    stop: CancellationToken,
    abort: CancellationToken,
}

/// What became of an object.
enum Outcome {
    Stored,
    /// Another sink took this writer for dead.
    Displaced,
    /// The service ends, or has to.
    Aborted,
}

impl ObjectWriter {
    pub(crate) fn new(
        bucket: Bucket,
        settings: Settings,
        metrics: telemetry::Files,
        stop: CancellationToken,
        abort: CancellationToken,
    ) -> Self {
        let process = format!("{:016x}", rand::random::<u64>());
        let current = Current::new(ObjectName::first(&process, 1, Timestamp::now(), settings.compression));
        Self { bucket, settings, process, term: 1, current, metrics, stop, abort }
    }

    pub(crate) fn process(&self) -> &str {
        &self.process
    }

    pub(crate) fn current(&self) -> Current {
        self.current.clone()
    }

    /// Stores what comes, until nothing will come any more or the service ends.
    pub(crate) async fn run(mut self, mut entries: tokio::sync::mpsc::Receiver<Entry>) {
        let enough = Enough {
            bytes: self.settings.object_bytes.as_u64(),
            // When all that may be under way is here, no more comes before it is stored.
            count: Objects::IN_FLIGHT,
            after: self.settings.object_after,
        };
        loop {
            let batch = gather(&mut entries, |entry| entry.line.len(), enough, &self.stop).await;
            if batch.is_empty() {
                break;
            }
            let name = self.name();
            let (batch, others): (Vec<_>, Vec<_>) =
                batch.into_iter().partition(|entry| entry.claimed.term() == name.term());
            answer(others, Written::Displaced);
            if batch.is_empty() {
                continue;
            }
            let lines: Bytes = batch.iter().flat_map(|entry| entry.line.iter().copied()).collect();
            match self.store(&name, lines.clone()).await {
                Outcome::Stored => {
                    info!(object = %name.path(), articles = batch.len(), bytes = lines.len(), "stored");
                    self.current.set(name.next());
                    answer(batch, Written::Yes);
                    if self.settings.parquet {
                        store_figures(&self.bucket, &name, lines, &self.abort).await;
                    }
                }
                Outcome::Displaced => {
                    warn!(object = %name.path(), "another sink took this one for dead; its articles are claimed anew");
                    self.begin_term();
                    answer(batch, Written::Displaced);
                }
                Outcome::Aborted => break,
            }
        }
    }

    /// The name of the next object. An object lies in the folder of the day on which its term began.
    fn name(&mut self) -> ObjectName {
        let name = self.current.get();
        if name.day() != day_of(Timestamp::now()).to_string() || name.number() >= MOST {
            self.begin_term();
        }
        self.current.get()
    }

    fn begin_term(&mut self) {
        self.term += 1;
        self.current.set(ObjectName::first(&self.process, self.term, Timestamp::now(), self.settings.compression));
    }

    async fn store(&self, name: &ObjectName, lines: Bytes) -> Outcome {
        let encode = {
            let name = name.clone();
            move || name.encode(lines.into())
        };
        let object = match spawn_blocking(encode).await {
            Ok(Ok(object)) => object,
            Ok(Err(error)) => {
                // Memory that cannot be had, say. The service ends, and the articles come again.
                warn!(object = %name.path(), %error, "not stored");
                return Outcome::Aborted;
            }
            Err(_) => return Outcome::Aborted,
        };
        let path = name.path();
        let attempt = || async {
            let created = self.bucket.create(&path, object.clone()).await;
            match created.inspect_err(|_| self.metrics.failed())? {
                Created::New => Ok(true),
                // An earlier attempt may have come through whose answer did not.
                Created::Taken => Ok::<bool, StoreError>(self.bucket.get(&path).await? == object),
            }
        };
        match until_done(&self.abort, attempt).await {
            Some(true) => Outcome::Stored,
            Some(false) => Outcome::Displaced,
            None => Outcome::Aborted,
        }
    }
}

/// Nobody waits for the answer any more when the service stops.
fn answer(entries: Vec<Entry>, what: Written) {
    for entry in entries {
        let _ = entry.done.send(what);
    }
}

/// Stores the figures of an object's lines. Doing it twice changes nothing.
pub(crate) async fn store_figures(bucket: &Bucket, name: &ObjectName, lines: Bytes, abort: &CancellationToken) {
    let write = move || {
        let mut bytes = Vec::new();
        parquet::write(lines.as_ref(), &mut bytes).map(|()| Bytes::from(bytes))
    };
    match spawn_blocking(write).await {
        Ok(Ok(bytes)) => {
            let path = name.figures();
            let bytes = Arc::new(bytes);
            until_done(abort, || bucket.put(&path, bytes.as_ref().clone())).await;
        }
        Ok(Err(error)) => warn!(object = %name.path(), %error, "no Parquet of its figures"),
        Err(error) => warn!(object = %name.path(), %error, "no Parquet of its figures"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use bytesize::ByteSize;
    use tallywire_proto::ArticleId;
    use tokio::sync::{Mutex, mpsc};

    use super::*;
    use crate::{files::WriterId, output::Key, settle::Settled};

    fn sink(bucket: &Bucket) -> Objects {
        let settings = Settings { object_bytes: ByteSize::b(1), object_after: Duration::ZERO, ..Settings::default() };
        let metrics = telemetry::Metrics::default().files;
        let (stop, abort) = (CancellationToken::new(), CancellationToken::new());
        let writer = ObjectWriter::new(bucket.clone(), settings, metrics, stop, abort);
        let (entries, receiver) = mpsc::channel(8);
        let objects = Objects {
            bucket: bucket.clone(),
            process: writer.process().to_owned(),
            current: writer.current(),
            entries,
            settled: Mutex::new(Settled::default()),
            patience: Duration::ZERO,
            stop: CancellationToken::new(),
        };
        tokio::spawn(writer.run(receiver));
        objects
    }

    fn key(name: &str) -> Key {
        (ArticleId::of_key(name), 1)
    }

    fn line((id, revision): Key) -> Bytes {
        format!("{{\"id\":\"{id}\",\"revision\":{revision}}}\n").into()
    }

    async fn has(sink: &Objects, claimer: &WriterId, key: Key) -> bool {
        sink.has_line(claimer.clone(), SystemTime::UNIX_EPOCH, key).await.unwrap()
    }

    #[tokio::test]
    async fn a_line_that_a_dead_writer_stored_is_found_and_no_other() {
        let bucket = Bucket::in_memory();
        let dead = sink(&bucket);
        let claimer = dead.claimer();
        assert_eq!(dead.write(&claimer, line(key("a"))).await.unwrap(), Written::Yes);
        assert_eq!(dead.write(&claimer, line(key("b"))).await.unwrap(), Written::Yes);
        let other = sink(&bucket);
        for stored in ["a", "b"] {
            assert!(has(&other, &claimer, key(stored)).await, "{stored}");
        }
        assert!(!has(&other, &claimer, key("c")).await);
        assert!(has(&dead, &claimer, key("a")).await, "it finds its own too");
    }

    #[tokio::test]
    async fn a_writer_that_was_taken_for_dead_stores_nothing_more_under_its_name() {
        let bucket = Bucket::in_memory();
        let (slow, other) = (sink(&bucket), sink(&bucket));
        let claimer = slow.claimer();
        assert!(!has(&other, &claimer, key("a")).await);
        // The other writes it. The slow one wakes up.
        assert_eq!(slow.write(&claimer, line(key("a"))).await.unwrap(), Written::Displaced);
        assert!(!has(&slow, &claimer, key("a")).await);
        let again = slow.claimer();
        assert_ne!(again, claimer);
        assert_eq!(slow.write(&again, line(key("b"))).await.unwrap(), Written::Yes);
        assert!(!has(&sink(&bucket), &claimer, key("a")).await, "a third one finds the same");
    }

    #[tokio::test]
    async fn a_claim_that_is_fresh_is_left_to_its_writer() {
        let bucket = Bucket::in_memory();
        let (slow, other) = (sink(&bucket), Objects { patience: Duration::from_hours(1), ..sink(&bucket) });
        let claimer = slow.claimer();
        assert!(other.has_line(claimer.clone(), SystemTime::now(), key("a")).await.is_err());
        assert_eq!(slow.write(&claimer, line(key("a"))).await.unwrap(), Written::Yes);
    }
}
