//! Where lines go: into files of a folder, or into objects of a bucket.

use std::time::SystemTime;

use bytes::Bytes;
use tallywire_proto::ArticleId;
use tallywire_runtime::Failure;

use crate::files::WriterId;

/// What names a revision.
pub(crate) type Key = (ArticleId, u32);

/// What became of a line.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Written {
    /// It is stored.
    Yes,
    /// It is not, and the name that claimed it is used no more: it is to be claimed again.
    Displaced,
}

/// Writes lines, and tells whether one was written.
pub(crate) trait Output: Send + Sync + 'static {
    /// Articles under way at a time.
    const IN_FLIGHT: usize;

    /// The name that a line is claimed with which is written next.
    fn claimer(&self) -> WriterId;

    /// Writes a line that was claimed with a name, however long there is no room for it: an article is not to blame.
    fn write(&self, claimer: &WriterId, line: Bytes) -> impl Future<Output = Result<Written, Failure>> + Send;

    /// Whether a line was written under a name that claimed it at a time. Waits for a writer that lives.
    fn has_line(
        &self,
        claimer: WriterId,
        since: SystemTime,
        key: Key,
    ) -> impl Future<Output = Result<bool, Failure>> + Send;
}
