//! Reading records from any bytes, within bounds.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::{GzDecoder, MultiGzDecoder};

use crate::record::Record;

/// The largest block, after decompression.
pub const MOST_BLOCK: u64 = 128 * 1024 * 1024;
/// The most bytes of a record's fields.
const MOST_FIELDS: u64 = 64 * 1024;
/// The first bytes of a gzip member (RFC 1952, section 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The bytes are no archive, or not a whole one.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// They cannot be read, are cut off, or are not compressed as they claim.
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    /// They are not as ISO 28500 says.
    #[error("no WARC record: {0}")]
    Record(&'static str),
    /// The record is larger than any that is read.
    #[error("a record of {0} bytes; at most {MOST_BLOCK} are read")]
    TooLarge(u64),
    /// The record of an article is not what it should be.
    #[error("no article of Tallywire: {0}")]
    Article(String),
}

/// The records of a file, compressed record by record, as a whole, or not at all.
pub struct Records<R: BufRead> {
    bytes: Bytes<R>,
    ended: bool,
}

enum Bytes<R: BufRead> {
    Plain(R),
    Gzip(BufReader<MultiGzDecoder<R>>),
}

impl<R: BufRead> Records<R> {
    /// The records in some bytes.
    ///
    /// # Errors
    /// When not even the first bytes can be read.
    pub fn of(mut bytes: R) -> Result<Self, ReadError> {
        let bytes = if bytes.fill_buf()?.starts_with(&GZIP) {
            Bytes::Gzip(BufReader::new(MultiGzDecoder::new(bytes)))
        } else {
            Bytes::Plain(bytes)
        };
        Ok(Self { bytes, ended: false })
    }
}

impl<R: BufRead> Iterator for Records<R> {
    type Item = Result<Record, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let read = match &mut self.bytes {
            Bytes::Plain(bytes) => record(bytes),
            Bytes::Gzip(bytes) => record(bytes),
        };
        // Behind a record that cannot be read nobody knows where the next begins.
        self.ended = !matches!(read, Ok(Some(_)));
        read.transpose()
    }
}

/// A record; none at the end.
fn record(bytes: &mut impl BufRead) -> Result<Option<Record>, ReadError> {
    let mut budget = MOST_FIELDS;
    let mut version = line(bytes, &mut budget)?;
    // Some writers leave more empty lines between records than two.
    while version.as_deref() == Some("") {
        version = line(bytes, &mut budget)?;
    }
    let Some(version) = version else { return Ok(None) };
    if !version.starts_with("WARC/") {
        return Err(ReadError::Record("it does not begin with WARC/ and a version"));
    }
    let mut fields: Vec<(String, String)> = Vec::new();
    loop {
        let line = line(bytes, &mut budget)?.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))?;
        if line.is_empty() {
            break;
        }
        // A line that begins with a space goes on with the value before.
        if let (true, Some((_, value))) = (line.starts_with([' ', '\t']), fields.last_mut()) {
            value.push(' ');
            value.push_str(line.trim());
            continue;
        }
        let (name, value) = line.split_once(':').ok_or(ReadError::Record("a field without a colon"))?;
        fields.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    let mut record = Record { fields, block: Vec::new() };
    let length = record.field("Content-Length").and_then(|length| length.parse::<u64>().ok());
    let length = length.ok_or(ReadError::Record("no Content-Length"))?;
    if length > MOST_BLOCK {
        return Err(ReadError::TooLarge(length));
    }
    // Not set aside before it is there: the length is whatever somebody wrote.
    if bytes.take(length).read_to_end(&mut record.block)? as u64 != length {
        return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
    }
    let mut end = [0; 4];
    bytes.read_exact(&mut end)?;
    if end != *b"\r\n\r\n" {
        return Err(ReadError::Record("its block does not end where Content-Length says"));
    }
    Ok(Some(record))
}

/// A line without its break; none at the end.
fn line(bytes: &mut impl BufRead, budget: &mut u64) -> Result<Option<String>, ReadError> {
    let mut line = Vec::new();
    let read = bytes.take(*budget).read_until(b'\n', &mut line)? as u64;
    if read == 0 && *budget > 0 {
        return Ok(None);
    }
    *budget -= read;
    if line.pop() != Some(b'\n') {
        return Err(match *budget {
            0 => ReadError::Record("its fields are longer than any that are read"),
            _ => io::Error::from(io::ErrorKind::UnexpectedEof).into(),
        });
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    String::from_utf8(line).map(Some).map_err(|_| ReadError::Record("its fields are not UTF-8"))
}

/// How many bytes of a file that is compressed record by record hold whole members: what is behind them was cut off.
///
/// # Errors
/// When the bytes cannot be read.
pub fn whole_length(bytes: impl BufRead) -> io::Result<u64> {
    let mut bytes = Counting { bytes, count: 0 };
    let mut whole = 0;
    loop {
        if bytes.fill_buf()?.is_empty() {
            return Ok(whole);
        }
        match io::copy(&mut GzDecoder::new(&mut bytes), &mut io::sink()) {
            Ok(_) => whole = bytes.count,
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput
                ) =>
            {
                return Ok(whole);
            }
            Err(error) => return Err(error),
        }
    }
}

/// Counts what is read.
struct Counting<R> {
    bytes: R,
    count: u64,
}

impl<R: BufRead> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read(buffer)?;
        self.count += read as u64;
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counting<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.bytes.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.count += amount as u64;
        self.bytes.consume(amount);
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::*;

    fn written(blocks: &[Vec<u8>]) -> (Vec<Record>, Vec<u8>, Vec<usize>) {
        let (mut records, mut file, mut ends) = (Vec::new(), Vec::new(), vec![0]);
        for block in blocks {
            let record = Record::new("resource", Timestamp::UNIX_EPOCH, "text/plain", block.clone());
            record.write_gzip(&mut file).unwrap();
            records.push(record);
            ends.push(file.len());
        }
        (records, file, ends)
    }

    fn read(bytes: &[u8]) -> Vec<Result<Record, ReadError>> {
        Records::of(bytes).unwrap().collect()
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(blocks in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..4)) {
            let (records, file, _) = written(&blocks);
            let found: Vec<Record> = read(&file).into_iter().map(Result::unwrap).collect();
            prop_assert_eq!(&found, &records);
            let mut plain = Vec::new();
            for record in &records {
                record.write(&mut plain).unwrap();
            }
            let found: Vec<Record> = read(&plain).into_iter().map(Result::unwrap).collect();
            prop_assert_eq!(found, records);
        }

        #[test]
        fn of_a_file_that_was_cut_off_the_whole_records_are_left(
            blocks in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 1..4),
            cut in any::<prop::sample::Index>(),
        ) {
            let (records, file, ends) = written(&blocks);
            let cut = cut.index(file.len() + 1);
            let whole = *ends.iter().rfind(|end| **end <= cut).unwrap();
            prop_assert_eq!(whole_length(&file[..cut]).unwrap(), whole as u64);
            let found: Vec<Record> = read(&file[..whole]).into_iter().map(Result::unwrap).collect();
            prop_assert_eq!(&found[..], &records[..found.len()]);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            read(&bytes);
            whole_length(bytes.as_slice()).unwrap();
        }
    }

    #[test]
    fn what_others_write_is_read() {
        let text = "WARC/1.0\r\nwarc-type: resource\r\nWARC-Target-URI: http://a.example/\r\n  long\r\n\
                    content-length: 2\r\n\r\nhi\r\n\r\n\r\n";
        let [record] = read(text.as_bytes()).try_into().unwrap();
        let record = record.unwrap();
        assert_eq!((record.kind(), record.block()), ("resource", &b"hi"[..]));
        assert_eq!(record.field("WARC-Target-URI"), Some("http://a.example/ long"));
    }

    #[test]
    fn says_what_is_wrong() {
        let length = format!("WARC/1.1\r\nContent-Length: {}\r\n\r\n", u64::MAX);
        let fields = format!("WARC/1.1\r\na: {}", "b".repeat(100_000));
        for (text, expected) in [
            ("<html>", "cannot be read"),
            ("<html>\n", "WARC/ and a version"),
            ("WARC/1.1\r\nnothing\r\n\r\n", "colon"),
            ("WARC/1.1\r\nWARC-Type: response\r\n\r\n", "Content-Length"),
            ("WARC/1.1\r\nContent-Length: 9\r\n\r\nhi\r\n\r\n", "cannot be read"),
            ("WARC/1.1\r\nContent-Length: 1\r\n\r\nhi\r\n\r\n", "where Content-Length says"),
            (&length, "at most"),
            (&fields, "longer than any"),
        ] {
            let error = read(text.as_bytes()).pop().unwrap().unwrap_err().to_string();
            assert!(error.contains(expected), "{text:.60}: {error}");
        }
    }
}
