//! WARC 1.1 (ISO 28500:2017): records, and how an article that was fetched stands in them.
//!
//! An article is a `metadata` record with the fetcher's message, and before that, where its page was fetched, a `response`
//! record with the page as it came. The two are linked. So the archive is read by the tools for WARC, and an article comes
//! out of it as it went in.
//!
//! ```
//! use tallywire_warc::{Record, Records};
//!
//! let record = Record::info("example.warc.gz", "example/1", "2026-11-23T09:51:39Z".parse()?);
//! let mut file = Vec::new();
//! record.write_gzip(&mut file)?;
//! let read = Records::of(file.as_slice())?.next().ok_or("a record")??;
//! assert_eq!(read, record);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod article;
mod http;
mod read;
mod record;

pub use article::{Archived, Articles, Page};
pub use http::parse_response;
pub use read::{MOST_BLOCK, ReadError, Records, whole_length};
pub use record::Record;
