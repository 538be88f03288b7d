//! An answer over HTTP as the block of a `response` record (RFC 9112).

use crate::article::Page;

/// Headers that speak of how the bytes travelled. The page is archived without its transfer coding and compression, which
/// the client took off, and its true length is written.
const OF_THE_WAY: [&str; 5] = ["content-length", "transfer-encoding", "connection", "keep-alive", "trailer"];

/// The bytes of an answer: status line, headers, body. HTTP/2 has no such form, and is written as HTTP/1.1.
pub(crate) fn response(page: &Page) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {} {}\r\n", page.status, page.reason).into_bytes();
    let mut header = |name: &str, value: &[u8]| {
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value);
        bytes.extend_from_slice(b"\r\n");
    };
    let kept = page.headers.iter().filter(|(name, _)| !OF_THE_WAY.contains(&name.to_ascii_lowercase().as_str()));
    kept.for_each(|(name, value)| header(name, value));
    header("content-length", page.bytes.len().to_string().as_bytes());
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(&page.bytes);
    bytes
}

/// Reads an answer as [`Archived::records`](crate::Archived::records) writes it; none if it is not whole. The address stands beside it.
pub fn parse_response(url: &str, block: &[u8]) -> Option<Page> {
    let (head, bytes) = {
        let at = block.windows(4).position(|window| window == b"\r\n\r\n")?;
        (block.get(..at)?, block.get(at + 4..)?)
    };
    let mut lines = head.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let status = std::str::from_utf8(lines.next()?).ok()?;
    let mut parts = status.splitn(3, ' ');
    if !parts.next()?.starts_with("HTTP/") {
        return None;
    }
    let status = parts.next()?.parse().ok()?;
    let reason = parts.next().unwrap_or_default().to_owned();
    let header = |line: &[u8]| {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let name = std::str::from_utf8(line.get(..colon)?).ok()?.trim().to_owned();
        Some((name, line.get(colon + 1..)?.trim_ascii().to_vec()))
    };
    let headers: Vec<(String, Vec<u8>)> = lines.map(header).collect::<Option<_>>()?;
    let mut lengths = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = lengths.next().and_then(|(_, length)| std::str::from_utf8(length).ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length != bytes.len()) {
        return None;
    }
    Some(Page { url: url.to_owned(), status, reason, headers, bytes: bytes.to_vec() })
}
