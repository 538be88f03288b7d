//! What a stage is.

use tallywire_proto::{Hop, Message};

use crate::telemetry::Reason;

/// A pure function from one message to the next. It does no I/O and knows no broker.
pub trait Stage: Send + Sync + 'static {
    /// The stage's name: of its consumer, in metrics, dead letters and provenance.
    const NAME: &'static str;
    /// The stage's version, for provenance.
    const VERSION: &'static str;
    /// What it reads.
    type In: Message;
    /// What it makes of it.
    type Out: Hop;

    /// Makes the next message. It may take its time: it runs on a thread of its own, off the async ones.
    ///
    /// # Errors
    /// [`Failure::Reject`] for an article that will never do, [`Failure::Retry`] for one that may do later.
    fn process(&self, input: Self::In) -> Result<Self::Out, Failure>;
}

/// Why a message did not go on.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Failure {
    /// It may do later: it is tried again after a back-off, and is a dead letter when it has failed too often.
    #[error("{0}")]
    Retry(String),
    /// Something is away that it needs, which is not its fault: it is tried again for as long as it takes.
    #[error("{0}")]
    Wait(String),
    /// It will never do: it is a dead letter at once.
    #[error("{0}")]
    Reject(String),
    /// The runtime gives it up, for a reason of its own: it is a dead letter at once.
    #[error("{1}")]
    GiveUp(Reason, String),
}

impl Failure {
    /// Which of the closed set of reasons it is.
    pub const fn reason(&self) -> Reason {
        match self {
            Self::Retry(_) => Reason::Failed,
            Self::Wait(_) => Reason::Away,
            Self::Reject(_) => Reason::Refused,
            Self::GiveUp(reason, _) => *reason,
        }
    }
}
