//! Lines into files, or onto standard output.

use std::{
    io,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use tallywire_runtime::{CancellationToken, Failure, config, telemetry};
use tokio::sync::{mpsc, oneshot};
use tracing::warn;

use crate::{
    files::WriterId,
    output::{Key, Output, Written},
    recover::{has_line, is_alive},
    writer::Line,
};

/// The wait after a failed write, doubled each time up to [`LONGEST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// The way to the thread that writes, and to the files of others.
pub(crate) struct Files {
    pub(crate) writer: WriterId,
    pub(crate) lines: mpsc::Sender<Line>,
    pub(crate) settings: config::Sink,
    pub(crate) metrics: telemetry::Files,
    pub(crate) stop: CancellationToken,
    pub(crate) abort: CancellationToken,
}

impl Output for Files {
    /// They share one flush to the disk.
    const IN_FLIGHT: usize = 128;

    fn claimer(&self) -> WriterId {
        self.writer.clone()
    }

    async fn write(&self, _: &WriterId, line: Bytes) -> Result<Written, Failure> {
        let mut wait = FIRST_WAIT;
        loop {
            let (done, answer) = oneshot::channel();
            if self.lines.send(Line { bytes: line.clone(), done }).await.is_err() {
                // The writer has said why.
                self.stop.cancel();
                return Err(Failure::Wait("the writer has stopped".to_owned()));
            }
            match answer.await {
                Ok(Ok(())) => return Ok(Written::Yes),
                Ok(Err(error)) => {
                    warn!(%error, retry_in = ?wait, "not written: is the disk full?");
                    self.metrics.failed();
                }
                Err(_) => return Err(Failure::Wait("the writer has stopped".to_owned())),
            }
            tokio::select! {
                () = self.abort.cancelled() => return Err(Failure::Wait("stopped while writing".to_owned())),
                () = tokio::time::sleep(wait) => wait = (wait * 2).min(LONGEST_WAIT),
            }
        }
    }

    async fn has_line(&self, writer: WriterId, since: SystemTime, (id, revision): Key) -> Result<bool, Failure> {
        if self.settings.stdout {
            return Ok(false);
        }
        let (out, own, id) = (self.settings.out.clone(), writer == self.writer, id.to_string());
        let look = move || {
            // Looked at first: one that dies after that has written what it ever will.
            let alive = !own && is_alive(&out, &writer)?;
            let found = has_line(&out, &writer, since, &id, revision)?;
            // One that lives may be about to write it.
            Ok(if alive && !found { None } else { Some(found) })
        };
        let looked: Result<io::Result<Option<bool>>, _> = tokio::task::spawn_blocking(look).await;
        match looked {
            Ok(Ok(Some(found))) => Ok(found),
            Ok(Ok(None)) => Err(Failure::Wait("another sink is about to write it".to_owned())),
            Ok(Err(error)) => Err(Failure::Wait(format!("{}: {error}", self.settings.out.display()))),
            Err(error) => Err(Failure::Wait(error.to_string())),
        }
    }
}
