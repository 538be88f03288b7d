//! From bytes to text: byte order mark, then what HTTP says, then what the document says, then a guess.

use encoding_rs::{Encoding, UTF_8};

/// How much of a document is looked at for a declaration of its encoding (HTML standard: 1024 bytes).
const PRESCAN: usize = 1024;

/// The text of an HTML page.
pub fn decode_page(bytes: &[u8], content_type: Option<&str>) -> String {
    decode(bytes, content_type, declared_in_html)
}

/// The text of a feed, without the declaration of an encoding that no longer holds.
pub(crate) fn decode_feed(bytes: &[u8], content_type: Option<&str>) -> String {
    let mut text = decode(bytes, content_type, declared_in_xml);
    if text.starts_with("<?xml")
        && let Some(end) = text.find("?>")
    {
        text.replace_range(..end + 2, "<?xml version=\"1.0\"?>");
    }
    text
}

fn decode(bytes: &[u8], content_type: Option<&str>, declared: fn(&[u8]) -> Option<&'static Encoding>) -> String {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0.into_owned();
    }
    let said = content_type.and_then(charset_of).or_else(|| declared(&bytes[..bytes.len().min(PRESCAN)]));
    // Pages in UTF-8 that claim to be something else are common; bytes that are UTF-8 are nothing else by chance.
    if let Ok(text) = std::str::from_utf8(bytes)
        && said.is_none_or(Encoding::is_ascii_compatible)
    {
        return text.to_owned();
    }
    let encoding = said.filter(|encoding| *encoding != UTF_8).unwrap_or_else(|| guess(bytes));
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, chardetng::Utf8Detection::Allow)
}

/// The charset of a `Content-Type` (RFC 9110, section 8.3).
fn charset_of(content_type: &str) -> Option<&'static Encoding> {
    let parameters = content_type.split(';').skip(1);
    let mut pairs = parameters.filter_map(|parameter| parameter.split_once('='));
    let (_, label) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
    Encoding::for_label(label.trim().trim_matches(['"', '\'']).as_bytes())
}

fn declared_in_html(start: &[u8]) -> Option<&'static Encoding> {
    label_after(start, b"charset")
}

fn declared_in_xml(start: &[u8]) -> Option<&'static Encoding> {
    let end = start.windows(2).position(|pair| pair == b"?>")?;
    label_after(&start[..end], b"encoding")
}

/// The label behind `key =`, quoted or not.
fn label_after(bytes: &[u8], key: &[u8]) -> Option<&'static Encoding> {
    let lower = bytes.to_ascii_lowercase();
    let at = lower.windows(key.len()).position(|window| window == key)? + key.len();
    let rest: Vec<u8> =
        lower[at..].iter().copied().skip_while(|byte| matches!(byte, b' ' | b'=' | b'"' | b'\'')).collect();
    let end = rest.iter().position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':')));
    Encoding::for_label(&rest[..end.unwrap_or(rest.len())])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_declaration_counts() {
        let latin = b"<html><head><meta charset=iso-8859-1></head>caf\xe9";
        assert!(decode_page(latin, None).ends_with("café"));
        assert!(decode_page(b"caf\xe9", Some("text/html; charset=\"ISO-8859-1\"")).ends_with("café"));
        let xml = decode_feed(b"<?xml version='1.0' encoding='iso-8859-1'?><a>\xe9</a>", None);
        assert_eq!(xml, "<?xml version=\"1.0\"?><a>é</a>");
    }

    #[test]
    fn utf_8_that_claims_to_be_something_else_is_utf_8() {
        assert_eq!(decode_page("café".as_bytes(), Some("text/html; charset=iso-8859-1")), "café");
    }

    #[test]
    fn a_byte_order_mark_wins() {
        let bytes = [0xff, 0xfe, b'h', 0, b'i', 0];
        assert_eq!(decode_page(&bytes, Some("text/html; charset=utf-8")), "hi");
    }

    proptest! {
        #[test]
        fn any_bytes_become_text(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            decode_page(&bytes, None);
            decode_feed(&bytes, None);
        }
    }
}
