//! Dead letters: messages that a stage gave up on, whole, with the reason, and the way back.

use async_nats::{HeaderMap, Message as NatsMessage};
use bytes::Bytes;
use jiff::Timestamp;
use tallywire_proto::{header, subject};
use tokio_util::sync::CancellationToken;

use super::{Broker, ClaimError, Envelope, PublishError, encoding::decompress};

/// Why a stage gave up on a message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Verdict<'a> {
    /// The stage.
    pub stage: &'a str,
    /// The reason.
    pub reason: &'a str,
    /// How often it was delivered.
    pub attempts: u32,
    /// The message's place in its stream, which tells it from all others.
    pub sequence: u64,
}

/// A dead letter as it stands in the stream.
#[derive(Clone, Debug)]
pub struct DeadLetter {
    /// Its number in the stream: what users name it by.
    pub sequence: u64,
    /// The stage that gave up.
    pub stage: String,
    /// Why.
    pub reason: String,
    /// How often it was delivered.
    pub attempts: u32,
    /// The subject it came on, to which it goes back.
    pub subject: String,
    /// When the stage gave up, RFC 3339.
    pub at: String,
    /// The message id it had.
    pub message_id: String,
    /// The headers it had.
    pub headers: HeaderMap,
    /// The body it had.
    pub body: Bytes,
}

/// The longest reason that is kept, in bytes: a header line has to stay small.
const REASON_MAX: usize = 1000;

impl Broker {
    /// Puts a message among the dead letters, whole.
    ///
    /// # Errors
    /// As [`Broker::publish`].
    pub async fn bury(
        &self,
        message: &NatsMessage,
        verdict: &Verdict<'_>,
        stop: &CancellationToken,
    ) -> Result<(), PublishError> {
        let mut headers = message.headers.clone().unwrap_or_default();
        let message_id = text(&headers, header::MESSAGE_ID);
        let reason: String = verdict.reason.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let end = reason.floor_char_boundary(REASON_MAX);
        headers.insert(header::DEAD_STAGE, verdict.stage);
        headers.insert(header::DEAD_REASON, &reason[..end]);
        headers.insert(header::DEAD_ATTEMPTS, verdict.attempts.to_string());
        headers.insert(header::DEAD_SUBJECT, message.subject.as_str());
        headers.insert(header::DEAD_AT, Timestamp::now().to_string());
        headers.insert(header::DEAD_MESSAGE_ID, message_id.as_str());
        let envelope = Envelope {
            subject: subject::dead(verdict.stage),
            message_id: format!("dead:{}:{}:{message_id}", verdict.stage, verdict.sequence),
            headers,
            body: message.payload.clone(),
        };
        self.send(&envelope, stop).await.map(|_| ())
    }

    /// Sends a dead letter back to where it came from. The caller deletes it from the stream of dead letters.
    ///
    /// # Errors
    /// As [`Broker::publish`].
    pub async fn revive(&self, letter: &DeadLetter, stop: &CancellationToken) -> Result<(), PublishError> {
        let envelope = Envelope {
            subject: letter.subject.clone(),
            // A new id, or the server would drop it as a copy; the same one each time, so that it comes back once.
            message_id: format!("{}:requeued-{}", letter.message_id, letter.sequence),
            headers: letter.headers.clone(),
            body: letter.body.clone(),
        };
        self.send(&envelope, stop).await.map(|_| ())
    }
}

/// The body of a dead letter as it can be read: fetched from the object store, decompressed. Where that cannot be
/// done, which may be why it is a dead letter, the body as it stands.
///
/// # Errors
/// When the object that holds the body cannot be had.
pub async fn plain_body(broker: &Broker, letter: &DeadLetter) -> Result<Bytes, ClaimError> {
    let body = match letter.headers.get(header::OBJECT) {
        Some(name) => broker.claims().get(name.as_str()).await?,
        None => letter.body.clone(),
    };
    Ok(decompress(Some(&letter.headers), &body).map_or_else(|_| body.clone(), |plain| plain.into_owned().into()))
}

impl DeadLetter {
    /// Reads a dead letter as the stream holds it.
    pub fn read(sequence: u64, headers: &HeaderMap, body: Bytes) -> Self {
        let mut original = HeaderMap::new();
        for (name, values) in headers.iter() {
            let known: &str = name.as_ref();
            if !known.starts_with("Tallywire-Dead-") && known != header::MESSAGE_ID {
                for value in values {
                    original.append(known, value.as_str());
                }
            }
        }
        Self {
            sequence,
            stage: text(headers, header::DEAD_STAGE),
            reason: text(headers, header::DEAD_REASON),
            attempts: text(headers, header::DEAD_ATTEMPTS).parse().unwrap_or(0),
            subject: text(headers, header::DEAD_SUBJECT),
            at: text(headers, header::DEAD_AT),
            message_id: text(headers, header::DEAD_MESSAGE_ID),
            headers: original,
            body,
        }
    }
}

fn text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).map_or_else(String::new, |value| value.as_str().to_owned())
}
