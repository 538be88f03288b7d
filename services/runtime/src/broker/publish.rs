//! Publishing: with message id, trace and encoding, until the server has acknowledged it.

use std::time::Duration;

use async_nats::{HeaderMap, jetstream::context::PublishErrorKind};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use tallywire_proto::{Message, header, subject::Stream};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::{
    Broker, claim,
    encoding::encode,
    error::{describe, jetstream_code},
};
use crate::telemetry::{Held, TraceParent};

/// The wait after a failed attempt, doubled each time up to [`LONGEST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// Of messages that go out together, those that wait for the server's acknowledgement at the same time.
const TOGETHER: usize = 64;

/// A message ready to be sent, as often as it takes.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// Where to.
    pub subject: String,
    /// What the server knows its copies by.
    pub message_id: String,
    /// Beside the body.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// What the server made of a message.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Sent {
    /// Whether the server had it already, and dropped this copy.
    pub duplicate: bool,
}

/// A message that cannot be published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// It cannot be written as JSON: it holds a number that is not finite, say.
    #[error("the message cannot be written as JSON: {0}")]
    Encode(#[from] serde_json::Error),
    /// The server takes no message of this size, now or later.
    #[error("{size} bytes are more than the server's max_payload of {limit}: raise max_payload in the server")]
    TooLarge {
        /// The size of the body.
        size: usize,
        /// The server's limit.
        limit: usize,
    },
    /// The service stops before the server could take it.
    #[error("stopped while publishing")]
    Stopped,
}

impl Broker {
    /// Publishes a message of a stage and waits until the server has it, however long the stream is full or the
    /// server away. The server drops a second copy within the dedupe window.
    ///
    /// # Errors
    /// Only when trying again would not help, or when `stop` is cancelled.
    pub async fn publish<M: Message>(
        &self,
        stage: &str,
        message: &M,
        trace: &TraceParent,
        stop: &CancellationToken,
    ) -> Result<Sent, PublishError> {
        let (body, encoding) = encode(message)?;
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, "application/json");
        headers.insert(header::TRACEPARENT, trace.to_string());
        if let Some(encoding) = encoding {
            headers.insert(header::CONTENT_ENCODING, encoding);
        }
        let message_id = format!("{stage}:{}", message.key());
        let mut envelope = Envelope { subject: message.subject(), message_id, headers, body };
        let claim = if M::STREAM.is_work_queue() { self.check_in(&mut envelope, M::STREAM, stop).await? } else { None };
        let sent = self.send(&envelope, stop).await?;
        if let (true, Some(name)) = (sent.duplicate, claim) {
            self.claims().delete(&name).await;
        }
        Ok(sent)
    }

    /// Publishes messages as [`Broker::publish`] does one, and waits for all their acknowledgements together.
    ///
    /// # Errors
    /// As [`Broker::publish`], at the first that fails; the server may have any of the others.
    pub async fn publish_all<M: Message>(
        &self,
        stage: &str,
        messages: &[M],
        trace: &TraceParent,
        stop: &CancellationToken,
    ) -> Result<(), PublishError> {
        let publish = |message| async move { self.publish(stage, message, trace, stop).await.map(drop) };
        stream::iter(messages).map(Ok).try_for_each_concurrent(TOGETHER, publish).await
    }

    /// Sends an envelope and waits until the server has it.
    ///
    /// # Errors
    /// As [`Broker::publish`].
    pub async fn send(&self, envelope: &Envelope, stop: &CancellationToken) -> Result<Sent, PublishError> {
        let limit = self.client().max_payload();
        if envelope.body.len() >= limit {
            return Err(PublishError::TooLarge { size: envelope.body.len(), limit });
        }
        let mut headers = envelope.headers.clone();
        headers.insert(header::MESSAGE_ID, envelope.message_id.as_str());
        let attempt = || async {
            let acknowledged = self
                .jetstream()
                .publish_with_headers(envelope.subject.clone(), headers.clone(), envelope.body.clone())
                .await?;
            acknowledged.await
        };
        let sent = self.until_done(stop, &envelope.subject, || async {
            match attempt().await {
                Ok(ack) => Ok(Ok(Sent { duplicate: ack.duplicate })),
                Err(error) if error.kind() == PublishErrorKind::MaxPayloadExceeded => {
                    Ok(Err(PublishError::TooLarge { size: envelope.body.len(), limit }))
                }
                Err(error) => Err(describe(&error)),
            }
        });
        let sent = sent.await??;
        self.metrics.publishing.published(envelope.body.len());
        Ok(sent)
    }

    /// Moves a body over the inline limit into the object store.
    async fn check_in(
        &self,
        envelope: &mut Envelope,
        stream: Stream,
        stop: &CancellationToken,
    ) -> Result<Option<String>, PublishError> {
        let limit = self.config().stages.inline_limit.as_u64().min(self.client().max_payload() as u64 / 2);
        if (envelope.body.len() as u64) <= limit {
            return Ok(None);
        }
        let put = || async {
            self.claims().put(&envelope.message_id, &envelope.body, stream).await.map_err(|error| error.to_string())
        };
        let name = self.until_done(stop, &envelope.subject, put).await?;
        self.metrics.publishing.stored(envelope.body.len());
        envelope.headers.insert(header::OBJECT, name.as_str());
        envelope.body = Bytes::new();
        Ok(Some(name))
    }

    /// Tries until it is done or the service stops; says so in the log now and then.
    async fn until_done<T, F, Fut>(
        &self,
        stop: &CancellationToken,
        subject: &str,
        attempt: F,
    ) -> Result<T, PublishError>
    where
        F: Fn() -> Fut,
        Fut: Future<Output = Result<T, String>>,
    {
        let mut wait = FIRST_WAIT;
        loop {
            let error = tokio::select! {
                () = stop.cancelled() => return Err(PublishError::Stopped),
                result = attempt() => match result {
                    Ok(value) => return Ok(value),
                    Err(error) => error,
                },
            };
            self.metrics.publishing.held(held_by(&error));
            if wait >= LONGEST_WAIT {
                warn!(subject, error, "the broker does not take a message yet, trying on");
            }
            tokio::select! {
                () = stop.cancelled() => return Err(PublishError::Stopped),
                () = tokio::time::sleep(wait) => {}
            }
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }
}

/// What keeps a message from being taken. The server gives one code to all failures to store, so its words decide.
fn held_by(error: &str) -> Held {
    let is_full = error.contains("maximum bytes exceeded") || error.contains(claim::FULL);
    match jetstream_code(error) {
        _ if is_full => Held::Full,
        Some(_) => Held::Refused,
        None => Held::Away,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_stream_is_told_from_a_server_that_is_away() {
        let full = "jetstream error: maximum bytes exceeded (code 503, error code 10077)";
        let refused = "jetstream error: expected stream does not match (code 400, error code 10060)";
        for (error, held) in [(full, Held::Full), (refused, Held::Refused), ("timed out", Held::Away)] {
            assert_eq!(held_by(error), held, "{error}");
        }
        assert_eq!(held_by(&format!("object a: {}", claim::FULL)), Held::Full);
    }
}
