//! The contract of Tallywire: what travels between the services and to subscribers.
//!
//! - one message type a hop: [`Fetched`], [`Cleaned`], [`Tagged`], [`Enriched`]
//! - each figure of an article as a message of its own: [`StatedFigure`]
//! - the [`subject`]s and streams that carry them
//! - the [`header`]s beside them, dead letters' included
//! - JSON Schemas and an `AsyncAPI` description made from the types ([`schema`])
//!
//! All offsets are Unicode code points into an article's `text`, start included, end excluded, so that
//! Python slices them as they are. What is absent or unknown is `null` or an empty list, never a made-up value.

mod article;
mod entity;
mod feed_status;
mod fetched;
mod figure;
pub mod header;
mod id;
mod message;
mod moment;
pub mod schema;
mod stated;
pub mod subject;

pub use article::{Article, Paragraph, ParagraphKind};
pub use entity::{Entity, EntityKind, Links, Location, Mention, Quote, Role, Speaker};
pub use feed_status::{Condition, ErrorKind, FeedError, FeedStatus};
pub use fetched::{Channel, Document, DocumentKind, FeedEntry};
pub use figure::{
    Counted, Direction, Event, EventStatus, Figure, FigureKind, Modifier, Number, Relation, RelationKind, Si, Source,
    TimeExpression, TimeKind, Unit, Value,
};
pub use id::{ArticleId, canonical_url};
pub use message::{Cleaned, DecodeError, Enriched, Fetched, Hop, Message, Provenance, StageRun, Tagged};
pub use moment::{Moment, ParseMomentError};
pub use stated::{Citation, Named, Passage, StatedFigure};
