//! The sink: enriched articles as JSON Lines, each revision of an article exactly once, and their figures as Parquet.
//!
//! The server delivers at least once. What makes it exactly once in the files is the `registry`: before a line is
//! written, this writer claims the revision in a key-value bucket; when the line is stored, the claim is marked as
//! written; only then is the message acknowledged. A message that comes again finds the mark, or finds a claim whose
//! writer died, and then the writer's own files or objects tell whether the line is there.
//!
//! Lines go into files of a folder (`file_output`, `writer`) or into objects of a bucket (`object_output`,
//! `object_writer`). All sinks that share the work write into the same place, each into files or objects of its own.

mod columns;
mod compress;
mod file_output;
mod files;
mod finish;
mod object_output;
mod object_recovery;
mod object_writer;
mod objects;
mod output;
mod parquet;
mod recover;
mod registry;
mod service;
mod settle;
mod writer;

pub use files::{FileName, WriterId};
pub use recover::{RecoverError, recover};
pub use registry::{Claim, Registry, RegistryError};
pub use service::{NAME, SinkError, SinkFlags, run};
pub use writer::{Line, WriteError, Writer};
