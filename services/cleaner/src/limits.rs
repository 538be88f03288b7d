//! Pages that would take the HTML parser seconds, or overflow the stack, are refused before it sees them.

mod open_elements;
mod scan;

use crate::CleanError;
use open_elements::OpenElements;
use scan::Scan;

/// The largest page that is read, in bytes.
pub(crate) const MAX_BYTES: usize = 10_000_000;
/// The most tags that are read.
const MAX_TAGS: usize = 200_000;
/// The most of each character that begins markup: many times what a page with the most tags has. Every one costs the
/// parser a microsecond (`<`) or up to twenty (`&`), also where no tag or character reference follows.
const MAX_MARKUP: [(char, usize); 2] = [('<', 400_000), ('&', 100_000)];
/// The most attributes of one tag. The parser compares each with all before it.
const MAX_ATTRIBUTES: usize = 1_000;
/// The deepest nesting that is read: what Chromium's parser allows. Some of what reads the tree recurses.
const MAX_DEPTH: usize = 512;
/// The most steps up the stack of open elements: about a second's worth.
const MAX_STEPS: usize = 20_000_000;

/// Whether a page is of a size and shape that can be read in about a second.
///
/// Two things make an HTML parser quadratic: it walks up the open elements at every tag, and it compares every
/// attribute of a tag with those before it. The scan reads the tags in one pass, as the tokenizer would, follows
/// which elements are open, and adds up how many at each tag.
pub(crate) fn check(html: &str) -> Result<(), CleanError> {
    if html.len() > MAX_BYTES {
        return Err(CleanError::TooLarge { size: html.len(), limit: MAX_BYTES });
    }
    for (character, limit) in MAX_MARKUP {
        if html.matches(character).nth(limit).is_some() {
            return Err(CleanError::TooMuchMarkup { character, limit });
        }
    }
    let mut scan = Scan::new(html);
    let mut open = OpenElements::default();
    let (mut tags, mut steps, mut root_attributes) = (0, 0, 0);
    while let Some(tag) = scan.next_tag()? {
        tags += 1;
        // The parser merges the attributes of all of these into one element.
        if matches!(tag.name.as_str(), "html" | "body") {
            root_attributes += tag.attributes;
            steps += root_attributes * tag.attributes;
        }
        steps += open.steps() + tag.attributes * tag.attributes / 2;
        if tags > MAX_TAGS {
            return Err(CleanError::TooManyTags { limit: MAX_TAGS });
        }
        if open.depth() > MAX_DEPTH {
            return Err(CleanError::TooDeep { limit: MAX_DEPTH });
        }
        if steps > MAX_STEPS {
            return Err(CleanError::TooComplex { bytes: html.len() });
        }
        if open.take(&tag) {
            scan.skip_raw_text(&tag.name);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Copies of a piece with a number in it.
    fn numbered(count: usize, before: &str, after: &str) -> String {
        (0..count).fold(String::new(), |all, number| all + before + &number.to_string() + after)
    }

    #[test]
    fn ordinary_pages_pass() {
        check("<!doctype html><html><body><p>a<p>b<ul><li>c<li>d</ul><img src=x><br/></body></html>").unwrap();
        check(&"<p>one <b>two</b> <a href='x>y'>three</a><br>".repeat(20_000)).unwrap();
        check(&"<table><tr><td>a<td>b<tr><th>c<tbody><tr><td><ul><li>d<li>e</ul></table>".repeat(2_000)).unwrap();
        check(&"<div><p>unclosed <span>x<p>y <i>z</div><h2>w</h3><dl><dt>u<dd>v</dl>".repeat(400)).unwrap();
        check("").unwrap();
    }

    #[test]
    fn large_pages_are_refused() {
        let limit = MAX_BYTES;
        assert_eq!(check(&"x".repeat(limit)), Ok(()));
        assert_eq!(check(&"x".repeat(limit + 1)), Err(CleanError::TooLarge { size: limit + 1, limit }));
        for (character, limit) in MAX_MARKUP {
            let text = character.to_string();
            assert_eq!(check(&text.repeat(limit)), Ok(()));
            assert_eq!(check(&text.repeat(limit + 1)), Err(CleanError::TooMuchMarkup { character, limit }));
        }
        assert_eq!(check(&"<br>".repeat(MAX_TAGS + 1)), Err(CleanError::TooManyTags { limit: MAX_TAGS }));
    }

    #[test]
    fn deep_nesting_is_refused_however_it_is_hidden() {
        let divs = "<div>".repeat(50_000);
        let hidden = [
            divs.clone(),
            format!("<!-->{divs}-->"),
            format!("<!--a--!>{divs}-->"),
            format!("<!-- <textarea> -->{divs}"),
            format!("<script><!--<script></script><!--</script>{divs}-->"),
            format!("<script><!--></script>{divs}-->"),
            format!("<svg><style>{}", "<g>".repeat(50_000)),
            format!("<svg><p>{}", "<g/>".repeat(50_000)),
            "<div a='>'/>".repeat(50_000),
            "</i><div></b>".repeat(20_000),
            "<div><table></div></table>".repeat(20_000),
            "<span><p></span></p>".repeat(20_000),
            "<div><object></div></object>".repeat(20_000),
            numbered(5_000, "<div><font a", "></div>"),
        ];
        for page in hidden {
            assert!(matches!(check(&page), Err(CleanError::TooDeep { .. })), "{page:.60}");
        }
    }

    #[test]
    fn what_is_no_element_does_not_count() {
        let divs = "<div>".repeat(50_000);
        for page in [format!("<script>{divs}</script>"), format!("<!--{divs}-->"), format!("<p title='{divs}'>")] {
            assert_eq!(check(&page), Ok(()), "{page:.40}");
        }
        assert_eq!(check(&format!("<svg>{}</svg>", "<path d='M0'/>".repeat(50_000))), Ok(()));
    }

    #[test]
    fn too_many_attributes_are_refused() {
        let limit = MAX_ATTRIBUTES;
        let tag = numbered(200_000, " a", "=1");
        assert_eq!(check(&format!("<p{tag}>")), Err(CleanError::TooManyAttributes { limit }));
        let bodies = numbered(50_000, "<body a", ">");
        assert!(check(&bodies).is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_scanned(html in "([<>/!='\"a-z -]|<(script|!--|/script|svg|p)>?|é){0,80}") {
            prop_assert_eq!(check(&html), Ok(()));
        }
    }
}
