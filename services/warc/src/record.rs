//! A record: named fields and a block of bytes.

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use flate2::{Compression, write::GzEncoder};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// The version that is written (ISO 28500:2017, clause 4).
pub(crate) const VERSION: &str = "WARC/1.1";

/// A record.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Record {
    /// Its fields, in their order.
    pub(crate) fields: Vec<(String, String)>,
    /// Its block.
    pub(crate) block: Vec<u8>,
}

impl Record {
    /// A record with an id of its own.
    pub fn new(kind: &str, date: Timestamp, content_type: &str, block: Vec<u8>) -> Self {
        let fields = [
            ("WARC-Type", kind.to_owned()),
            ("WARC-Record-ID", format!("<urn:uuid:{}>", uuid(rand::random()))),
            ("WARC-Date", date.to_string()),
            ("WARC-Block-Digest", digest(&block)),
            ("Content-Type", content_type.to_owned()),
            ("Content-Length", block.len().to_string()),
        ];
        Self { fields: fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(), block }
    }

    /// The record that stands first in a file: what it is called, and which program made it.
    pub fn info(file: &str, software: &str, date: Timestamp) -> Self {
        let block = format!(
            "software: {software}\r\nformat: WARC File Format 1.1\r\n\
             conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n\
             robots: obey\r\n"
        );
        Self::new("warcinfo", date, "application/warc-fields", block.into_bytes()).with("WARC-Filename", file)
    }

    /// The same with one field more. Line breaks in the value are left out: they would end it.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        let value = value.chars().filter(|character| !character.is_control()).collect();
        self.fields.push((name.to_owned(), value));
        self
    }

    /// The value of a field; names are compared without regard to case.
    pub fn field(&self, name: &str) -> Option<&str> {
        let mut fields = self.fields.iter();
        fields.find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// `WARC-Type`: `response`, `metadata`, ...
    pub fn kind(&self) -> &str {
        self.field("WARC-Type").unwrap_or_default()
    }

    /// `WARC-Record-ID`, with its angle brackets.
    pub fn id(&self) -> &str {
        self.field("WARC-Record-ID").unwrap_or_default()
    }

    /// The block.
    pub fn block(&self) -> &[u8] {
        &self.block
    }

    /// Writes the record.
    ///
    /// # Errors
    /// As the writer's own.
    pub fn write(&self, to: &mut impl Write) -> io::Result<()> {
        let mut head = format!("{VERSION}\r\n");
        for (name, value) in &self.fields {
            // Writing to a string does not fail.
            let _ = write!(head, "{name}: {value}\r\n");
        }
        head.push_str("\r\n");
        to.write_all(head.as_bytes())?;
        to.write_all(&self.block)?;
        to.write_all(b"\r\n\r\n")
    }

    /// Writes the record as a member of a gzip file of its own (ISO 28500:2017, annex D).
    ///
    /// # Errors
    /// As the writer's own.
    pub fn write_gzip(&self, to: &mut impl Write) -> io::Result<()> {
        let mut member = GzEncoder::new(to, Compression::default());
        self.write(&mut member)?;
        member.finish().map(drop)
    }
}

/// A labelled digest of some bytes.
pub(crate) fn digest(bytes: &[u8]) -> String {
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    let mut text = "sha256:".to_owned();
    for byte in digest {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A random UUID (RFC 9562, version 4).
fn uuid(random: u128) -> String {
    let bits = (random & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{bits:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_uuid_of_version_4() {
        assert_eq!(uuid(0), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid(u128::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }

    #[test]
    fn a_record_is_written_as_the_standard_says() {
        let record = Record::new("metadata", Timestamp::UNIX_EPOCH, "text/plain", b"hello".to_vec())
            .with("WARC-Target-URI", "http://a.example/\r\nWARC-Type: response");
        let mut bytes = Vec::new();
        record.write(&mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.starts_with("WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: <urn:uuid:"), "{text}");
        assert!(text.contains("WARC-Date: 1970-01-01T00:00:00Z\r\n"), "{text}");
        assert!(text.contains("WARC-Target-URI: http://a.example/WARC-Type: response\r\n"), "{text}");
        assert!(text.ends_with("\r\n\r\nhello\r\n\r\n"), "{text}");
    }
}
