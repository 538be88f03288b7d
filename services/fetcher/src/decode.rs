//! From bytes to text: byte order mark, then what HTTP says, then what the document says, then a guess.

use encoding_rs::{Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE};

/// How much of a document is looked at for a declaration of its encoding (HTML standard: 1024 bytes).
const PRESCAN: usize = 1024;

/// The text of an HTML page.
pub fn decode_page(bytes: &[u8], content_type: Option<&str>) -> String {
    decode(bytes, content_type, declared_in_html)
}

/// The text of a feed.
///
/// In the order of RFC 7303, section 3: byte order mark, HTTP, declaration. A feed starts with `<` or `{`, which tells
/// encodings of two and four bytes a character by themselves.
pub(crate) fn decode_feed(bytes: &[u8], content_type: Option<&str>) -> String {
    match wide(bytes) {
        Some(Wide::Utf32 { big_endian }) => decode_utf_32(bytes, big_endian),
        Some(Wide::Utf16(encoding)) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
        None => decode(bytes, content_type, declared_in_xml),
    }
}

fn decode(bytes: &[u8], content_type: Option<&str>, declared: fn(&[u8]) -> Option<&'static Encoding>) -> String {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0.into_owned();
    }
    let head = bytes.get(..bytes.len().min(PRESCAN)).unwrap_or(bytes);
    // UTF-16 has a zero byte in most characters of markup. What could be read of a declaration is not in UTF-16, whatever
    // it says (HTML, section 13.2.3.2).
    let said = content_type.and_then(charset_of).filter(|encoding| !is_wide(encoding) || head.contains(&0));
    let declared = declared(head).filter(|encoding| !is_wide(encoding));
    let labels = [said, declared].map(|label| label.filter(|encoding| *encoding != REPLACEMENT));
    // Texts in UTF-8 that claim to be something else are common, and bytes that are UTF-8 are nothing else by chance. A
    // byte that is wrong must not spoil the others.
    let whole = whole_characters(bytes);
    let label = labels.into_iter().flatten().next();
    let is_utf_8 = match std::str::from_utf8(bytes) {
        Ok(_) => label.is_none_or(Encoding::is_ascii_compatible),
        // Short texts in an encoding of single bytes may look like UTF-8 in part.
        Err(_) => match label.filter(|encoding| *encoding != UTF_8) {
            None => is_mostly_utf_8(bytes, 1),
            Some(encoding) => encoding.is_single_byte() && is_mostly_utf_8(bytes, 8),
        },
    };
    // What says that it is UTF-8 and is not may still say elsewhere what it is.
    let other = labels.into_iter().flatten().find(|encoding| *encoding != UTF_8);
    if is_utf_8 || (other.is_none() && std::str::from_utf8(whole).is_ok()) {
        return UTF_8.decode_without_bom_handling(whole).0.into_owned();
    }
    other.unwrap_or_else(|| guess(bytes)).decode_without_bom_handling(bytes).0.into_owned()
}

/// Whether an encoding has two bytes for each character at least.
fn is_wide(encoding: &'static Encoding) -> bool {
    encoding == UTF_16LE || encoding == UTF_16BE
}

/// The bytes without a character of UTF-8 at the end that is cut off: it must not make the others look like something
/// else.
fn whole_characters(bytes: &[u8]) -> &[u8] {
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => bytes.get(..error.valid_up_to()).unwrap_or(bytes),
        _ => bytes,
    }
}

/// Whether more than `times` as many characters beyond ASCII are UTF-8 as are not: a text in another encoding has hardly
/// any that are.
fn is_mostly_utf_8(bytes: &[u8], times: usize) -> bool {
    let (mut right, mut wrong) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        right += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        wrong += usize::from(!chunk.invalid().is_empty());
    }
    right > times * wrong
}

/// Encodings with more than one byte for each character.
enum Wide {
    Utf16(&'static Encoding),
    Utf32 { big_endian: bool },
}

/// Tells a wide encoding by its byte order mark or the document's first character (XML 1.0, appendix F).
fn wide(bytes: &[u8]) -> Option<Wide> {
    let is_opening = |byte: u8| matches!(byte, b'<' | b'{' | b' ' | b'\t' | b'\r' | b'\n');
    match *bytes {
        [0, 0, 0xfe, 0xff, ..] => Some(Wide::Utf32 { big_endian: true }),
        [0xff, 0xfe, 0, 0, ..] => Some(Wide::Utf32 { big_endian: false }),
        [0, 0, 0, opening, ..] if is_opening(opening) => Some(Wide::Utf32 { big_endian: true }),
        [opening, 0, 0, 0, ..] if is_opening(opening) => Some(Wide::Utf32 { big_endian: false }),
        [0, opening, 0, _, ..] if is_opening(opening) => Some(Wide::Utf16(UTF_16BE)),
        [opening, 0, _, 0, ..] if is_opening(opening) => Some(Wide::Utf16(UTF_16LE)),
        _ => None,
    }
}

fn decode_utf_32(bytes: &[u8], big_endian: bool) -> String {
    let characters = bytes.chunks_exact(4).map(|chunk| {
        let code = <[u8; 4]>::try_from(chunk).unwrap_or_default();
        let code = if big_endian { u32::from_be_bytes(code) } else { u32::from_le_bytes(code) };
        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
    });
    characters.skip_while(|character| *character == '\u{feff}').collect()
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
        assert!(xml.ends_with("<a>é</a>"));
    }

    #[test]
    fn wide_encodings_are_told_by_themselves() {
        let text = "<?xml version='1.0' encoding='iso-8859-1'?><a>é€</a>";
        for mark in ["", "\u{feff}"] {
            let marked = format!("{mark}{text}");
            let utf_32 =
                |bytes: fn(u32) -> [u8; 4]| marked.chars().flat_map(|c| bytes(u32::from(c))).collect::<Vec<u8>>();
            let utf_16 = |bytes: fn(u16) -> [u8; 2]| marked.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
            let encoded = [
                utf_32(u32::to_be_bytes),
                utf_32(u32::to_le_bytes),
                utf_16(u16::to_be_bytes),
                utf_16(u16::to_le_bytes),
            ];
            for bytes in encoded {
                assert_eq!(decode_feed(&bytes, Some("text/xml; charset=utf-8")), text);
            }
        }
    }

    #[test]
    fn a_feed_that_claims_to_be_utf_16_and_is_not_is_read() {
        assert_eq!(decode_feed("<?xml encoding='utf-16'?>é".as_bytes(), None), "<?xml encoding='utf-16'?>é");
        assert_eq!(decode_feed("<a>é".as_bytes(), Some("text/xml; charset=utf-16")), "<a>é");
    }

    #[test]
    fn a_wrong_byte_does_not_spoil_the_rest() {
        assert_eq!(decode_feed(b"<a>\xc3\xa4\xc3\xb6 \xff</a>", Some("text/xml; charset=utf-8")), "<a>äö \u{fffd}</a>");
        assert_eq!(
            decode_feed(b"<?xml encoding='utf-8'?>caf\xe9 d\xe9j\xe0 vu", None),
            "<?xml encoding='utf-8'?>café déjà vu"
        );
    }

    #[test]
    fn a_wrong_byte_does_not_spoil_a_page() {
        let page = ["<meta charset=iso-8859-1>äöüßÄÖÜ€é ".as_bytes(), b"\xff"].concat();
        for (page, content_type) in [
            (&page[..], None),
            (&page[25..], Some("text/html")),
            (&page[25..], Some("text/html; charset=windows-1251")),
        ] {
            assert!(decode_page(page, content_type).ends_with("äöüßÄÖÜ€é \u{fffd}"), "{content_type:?}");
        }
        let (japanese, ..) = encoding_rs::SHIFT_JIS.encode("日本語のニュース");
        assert_eq!(decode_page(&japanese, Some("text/html; charset=shift_jis")), "日本語のニュース");
    }

    #[test]
    fn what_http_says_wrongly_does_not_silence_the_document() {
        let said = Some("text/html; charset=utf-8");
        assert!(decode_page(b"<meta charset=windows-1251>\xcf\xf0\xe8\xe2\xe5\xf2", said).ends_with("Привет"));
        let feed = b"<?xml version='1.0' encoding='windows-1251'?>\xcf\xf0\xe8\xe2\xe5\xf2";
        assert!(decode_feed(feed, said).ends_with("Привет"));
    }

    #[test]
    fn a_page_that_claims_to_be_utf_16_and_is_not_is_utf_8() {
        for label in ["utf-16", "unicode", "utf-16le"] {
            assert!(decode_page(format!("<meta charset={label}>é").as_bytes(), None).ends_with(">é"), "{label}");
        }
        assert_eq!(decode_page("é".as_bytes(), Some("text/html; charset=utf-16")), "é");
        assert_eq!(decode_page(b"<\0p\0>\0", Some("text/html; charset=utf-16le")), "<p>");
    }

    #[test]
    fn a_character_cut_off_changes_nothing_before_it() {
        assert_eq!(decode_feed(&"<a>äöü€".as_bytes()[..10], None), "<a>äöü");
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

        #[test]
        fn what_an_encoding_can_write_is_read_back(text in "[a-zäöüéß€ ]{0,40}", index in 0usize..4) {
            let encoding = [UTF_8, encoding_rs::WINDOWS_1252, encoding_rs::ISO_8859_15, encoding_rs::MACINTOSH][index];
            let document = format!("<?xml version='1.0' encoding='{}'?><a>{text}</a>", encoding.name());
            let (bytes, _, is_lossy) = encoding.encode(&document);
            prop_assume!(!is_lossy);
            // Letters that happen to be UTF-8 are read as such.
            prop_assume!(encoding == UTF_8 || std::str::from_utf8(&bytes).is_err() || document.is_ascii());
            prop_assert_eq!(decode_feed(&bytes, None), document);
        }
    }
}
