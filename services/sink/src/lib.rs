//! The sink: enriched articles as JSON Lines, each revision of an article exactly once.
//!
//! The server delivers at least once. What makes it exactly once in the files is the `registry`: before a line is
//! written, this writer claims the revision in a key-value bucket; when the line is on the disk, the claim is marked
//! as written; only then is the message acknowledged. A message that comes again finds the mark, or finds a claim
//! whose writer died, and then the writer's own files tell whether the line is there.
//!
//! All sinks that share the work write into the same folder, each into files of its own.

mod compress;
mod files;
mod recover;
mod registry;
mod service;
mod writer;

pub use files::{FileName, WriterId};
pub use recover::{RecoverError, recover};
pub use registry::{Claim, Registry, RegistryError};
pub use service::{NAME, Sink, SinkError, SinkFlags, run};
pub use writer::{Line, WriteError, Writer};
