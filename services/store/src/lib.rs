//! Where what is kept lies: a folder, or a bucket of a store that speaks the protocol of Amazon S3.
//!
//! Shared by those who write files of articles and archives. An object cannot be appended to, so what goes into a bucket
//! is [gathered](gather) first, and then stored whole.

mod bucket;
mod gather;
mod locked_file;
mod patience;
mod place;

pub use bucket::{Bucket, Created, StoreError};
pub use gather::{Enough, fill, gather};
pub use locked_file::LockedFile;
pub use patience::until_done;
pub use place::{Place, PlaceError};
