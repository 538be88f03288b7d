//! The names of the NATS headers that travel beside a message.

/// Names the message within its stream, so that the server drops a second copy: `<stage>:<article id>:<revision>`, and
/// `:<figure id>` behind that for a figure.
pub const MESSAGE_ID: &str = "Nats-Msg-Id";
/// How the body is compressed: `zstd`, or absent where it is not.
pub const CONTENT_ENCODING: &str = "Content-Encoding";
/// What the body is: always `application/json`.
pub const CONTENT_TYPE: &str = "Content-Type";
/// The trace that the article belongs to (W3C Trace Context, version 00).
pub const TRACEPARENT: &str = "traceparent";
/// Claim check: the object of the bucket `pages` that holds the body, which is then empty here.
pub const OBJECT: &str = "Tallywire-Object";

/// On a dead letter: the stage that gave up on the message.
pub const DEAD_STAGE: &str = "Tallywire-Dead-Stage";
/// On a dead letter: why.
pub const DEAD_REASON: &str = "Tallywire-Dead-Reason";
/// On a dead letter: how often it was delivered to the stage.
pub const DEAD_ATTEMPTS: &str = "Tallywire-Dead-Attempts";
/// On a dead letter: the subject that it came on, to which it goes back.
pub const DEAD_SUBJECT: &str = "Tallywire-Dead-Subject";
/// On a dead letter: when the stage gave up (RFC 3339).
pub const DEAD_AT: &str = "Tallywire-Dead-At";
/// On a dead letter: the `Nats-Msg-Id` that the message had.
pub const DEAD_MESSAGE_ID: &str = "Tallywire-Dead-Msg-Id";
