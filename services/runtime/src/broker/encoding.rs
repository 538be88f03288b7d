//! Bodies: JSON, compressed where only services read it.

use std::{borrow::Cow, cell::RefCell, io};

use async_nats::HeaderMap;
use bytes::Bytes;
use tallywire_proto::{DecodeError, Message, header};
use zstd::{
    bulk::{Compressor, Decompressor},
    zstd_safe::get_frame_content_size,
};

/// The largest body after decompression. A page is at most a few megabytes; more is an attack or a defect.
const MAX_BODY: usize = 128 * 1024 * 1024;
/// Level 1: measured on pages, higher levels cost more time than the bytes they save are worth on a local network.
const ZSTD_LEVEL: i32 = 1;
/// The value of `Content-Encoding` for Zstandard (RFC 8878).
pub(super) const ZSTD: &str = "zstd";

thread_local! {
    // To make one takes longer than to compress a short message.
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// A message's body cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Compressed in a way that this program does not know.
    #[error("unknown Content-Encoding {0:?}")]
    Encoding(String),
    /// Not what its `Content-Encoding` says, or too large.
    #[error("the body cannot be decompressed: {0}")]
    Decompress(io::Error),
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
    match compressed(&json) {
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
        Some(ZSTD) => decompressed(body).map(Cow::Owned).map_err(OpenError::Decompress),
        Some(other) => Err(OpenError::Encoding(other.to_owned())),
    }
}

fn compressed(json: &[u8]) -> io::Result<Vec<u8>> {
    COMPRESSOR.with_borrow_mut(|compressor| match compressor {
        Some(compressor) => compressor.compress(json),
        None => compressor.insert(Compressor::new(ZSTD_LEVEL)?).compress(json),
    })
}

fn decompressed(body: &[u8]) -> io::Result<Vec<u8>> {
    // What a frame says of its length is not believed beyond the limit. Memory that is not written to costs nothing.
    let stated = get_frame_content_size(body).ok().flatten().and_then(|length| usize::try_from(length).ok());
    let most = stated.unwrap_or(MAX_BODY).min(MAX_BODY);
    DECOMPRESSOR.with_borrow_mut(|decompressor| match decompressor {
        Some(decompressor) => decompressor.decompress(body, most),
        None => decompressor.insert(Decompressor::new()?).decompress(body, most),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_come_back_one_after_the_other() {
        for length in [0, 1, 100_000, 7] {
            let body = vec![b'a'; length];
            assert_eq!(decompressed(&compressed(&body).unwrap()).unwrap(), body);
        }
    }

    #[test]
    fn what_is_damaged_or_unpacks_without_end_is_refused() {
        let bomb = compressed(&vec![0; MAX_BODY + 1]).unwrap();
        let mut cut = compressed(b"an article").unwrap();
        cut.truncate(cut.len() - 2);
        for body in [bomb.as_slice(), &cut, b"no frame"] {
            assert!(decompressed(body).is_err(), "{} bytes", body.len());
        }
        assert_eq!(decompressed(&compressed(b"the next").unwrap()).unwrap(), b"the next");
    }
}
