//! How deep a document nests its elements.
//!
//! The feed parser follows nesting by recursion, and a stack that overflows ends the process: no document gets to it
//! that nests deeper than any feed has reason to.

/// The deepest nesting of a feed; those in use stay below 20.
pub(crate) const DEEPEST: usize = 200;

/// Whether the elements of an XML document nest deeper than [`DEEPEST`]. What is no markup is passed over, in time
/// proportional to the document's length.
pub(crate) fn is_too_deep(xml: &str) -> bool {
    let mut depth: usize = 0;
    let mut rest = xml;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        let end = if let Some(comment) = rest.strip_prefix("<!--") {
            // `<!-->` is no whole comment.
            rest.len() - comment.len() + end_of(comment, "-->")
        } else if rest.starts_with("<![CDATA[") {
            end_of(rest, "]]>")
        } else if rest[1..].starts_with(['/', '!', '?']) {
            end_of(rest, ">")
        } else {
            end_of_start_tag(rest)
        };
        let (tag, behind) = rest.split_at(end);
        rest = behind;
        if tag.starts_with("</") {
            depth = depth.saturating_sub(1);
        } else if !tag.starts_with("<!") && !tag.starts_with("<?") && !tag.ends_with("/>") {
            depth += 1;
        }
        if depth > DEEPEST {
            return true;
        }
    }
    false
}

/// Where a piece of markup ends; where it does not, it ends with the text.
fn end_of(markup: &str, mark: &str) -> usize {
    markup.find(mark).map_or(markup.len(), |at| at + mark.len())
}

/// Where a start tag ends: at the first `>` that is in no attribute's value.
fn end_of_start_tag(markup: &str) -> usize {
    let mut quote = None;
    for (at, byte) in markup.bytes().enumerate() {
        match quote {
            None if byte == b'>' => return at + 1,
            None if matches!(byte, b'"' | b'\'') => quote = Some(byte),
            Some(mark) if mark == byte => quote = None,
            _ => {}
        }
    }
    markup.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_elements_and_nothing_else() {
        let deep = |levels: usize| "<a>".repeat(levels) + &"</a>".repeat(levels);
        assert!(!is_too_deep(&deep(DEEPEST)));
        assert!(is_too_deep(&deep(DEEPEST + 1)));
        let flat = "<a/><b>x</b><!-- <c> --><![CDATA[ <d> ]]><?e?>".repeat(DEEPEST * 2);
        assert!(!is_too_deep(&flat));
        assert!(!is_too_deep("<![CDATA["));
        assert!(!is_too_deep(&"<category term=\"News > World\"/>".repeat(DEEPEST * 2)));
        assert!(is_too_deep(&"<a t=\"></a>\">".repeat(DEEPEST * 2)), "an end in an attribute is none");
        assert!(is_too_deep(&"<!--><a>-->".replace("<a>-->", "--><a>").repeat(DEEPEST * 2)));
    }
}
