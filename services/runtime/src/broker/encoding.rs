//! Bodies: JSON, compressed where only services read it.

use std::{borrow::Cow, io::Read};

use async_nats::HeaderMap;
use bytes::Bytes;
use tallywire_proto::{DecodeError, Message, header};

/// The largest body after decompression. A page is at most a few megabytes; more is an attack or a defect.
const MAX_BODY: u64 = 128 * 1024 * 1024;
/// Level 1: measured on pages, higher levels cost more time than the bytes they save are worth on a local network.
const ZSTD_LEVEL: i32 = 1;
/// The value of `Content-Encoding` for Zstandard (RFC 8878).
pub(super) const ZSTD: &str = "zstd";

/// A message's body cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Compressed in a way that this program does not know.
    #[error("unknown Content-Encoding {0:?}")]
    Encoding(String),
    /// Not what its `Content-Encoding` says, or too large.
    #[error("the body cannot be decompressed: {0}")]
    Decompress(std::io::Error),
    /// No message of the kind expected.
    #[error(transparent)]
    Decode(#[from] DecodeError),
}

/// The JSON of a message, compressed if it is internal.
pub(super) fn encode<M: Message>(message: &M) -> Result<(Bytes, Option<&'static str>), serde_json::Error> {
    let json = serde_json::to_vec(message)?;
    if !M::STREAM.is_work_queue() {
        return Ok((json.into(), None));
    }
    match zstd::bulk::compress(&json, ZSTD_LEVEL) {
        Ok(compressed) => Ok((compressed.into(), Some(ZSTD))),
        Err(_) => Ok((json.into(), None)),
    }
}

/// Reads a message from its body and headers.
///
/// # Errors
/// When it is not what its headers say, or no message of this kind.
pub fn open<M: Message>(headers: Option<&HeaderMap>, body: &[u8]) -> Result<M, OpenError> {
    Ok(M::decode(&decompress(headers, body)?)?)
}

/// The body as it was before it was compressed.
pub(super) fn decompress<'b>(headers: Option<&HeaderMap>, body: &'b [u8]) -> Result<Cow<'b, [u8]>, OpenError> {
    match headers.and_then(|headers| headers.get(header::CONTENT_ENCODING)).map(async_nats::HeaderValue::as_str) {
        None | Some("") => Ok(Cow::Borrowed(body)),
        Some(ZSTD) => {
            let mut json = Vec::new();
            zstd::stream::read::Decoder::new(body)
                .and_then(|decoder| decoder.take(MAX_BODY).read_to_end(&mut json))
                .map_err(OpenError::Decompress)?;
            Ok(Cow::Owned(json))
        }
        Some(other) => Err(OpenError::Encoding(other.to_owned())),
    }
}
