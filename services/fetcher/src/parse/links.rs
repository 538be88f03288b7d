//! Relative links made absolute (RFC 3986, section 5), in attributes and in the HTML of texts.

use url::Url;

use super::{
    markup::{Dialect, Token, Tokens},
    reference::{Entities, decode, quote},
};

/// The attributes of HTML whose value is an address (HTML, section "Attributes", and HTML 4.01).
const ADDRESSES: [&str; 12] = [
    "action",
    "background",
    "cite",
    "classid",
    "codebase",
    "data",
    "href",
    "longdesc",
    "poster",
    "profile",
    "src",
    "usemap",
];

/// The longest base that links are resolved against, in bytes: each link grows by as much.
const LONGEST_BASE: usize = 512;

/// How long a text of `length` bytes may become by its links. Past that, they stay as they are: a base of 500 bytes would
/// make a page of short links a hundred times as long.
pub(super) fn most(length: usize) -> usize {
    4 * length + 64 * 1024
}

/// Whether an attribute of HTML holds an address.
pub(super) fn is_address(attribute: &str) -> bool {
    ADDRESSES.iter().any(|name| attribute.eq_ignore_ascii_case(name))
}

/// The address that `link` means at `base`. One that is absolute, or cannot be resolved, is kept as it is.
pub(super) fn resolve(base: Option<&Url>, link: &str) -> String {
    let link = link.trim();
    // By far most links are of this form; to take them apart would cost more than all else.
    if link.starts_with("https://") || link.starts_with("http://") {
        return link.to_owned();
    }
    match (base, Url::parse(link)) {
        (Some(base), Err(url::ParseError::RelativeUrlWithoutBase)) if base.as_str().len() <= LONGEST_BASE => {
            base.join(link).map_or_else(|_| link.to_owned(), String::from)
        }
        _ => link.to_owned(),
    }
}

/// HTML with its relative links made absolute, as far as [`most`] allows; the rest stays as it is.
pub(super) fn resolve_all(html: String, base: Option<&Url>) -> String {
    let Some(base) = base else { return html };
    let mut out = String::new();
    let mut copied = 0;
    let mut tokens = Tokens::new(&html, Dialect::Html);
    let none = Entities::default();
    while let Some(token) = tokens.next() {
        let Token::Start { attributes, .. } = token else { continue };
        let tag = tokens.position().saturating_sub(attributes.text().len());
        for attribute in attributes.iter().filter(|attribute| is_address(attribute.name)) {
            let written = decode(attribute.value, &none);
            let resolved = resolve(Some(base), &written);
            let length = out.len() + (html.len() - copied) + resolved.len();
            if resolved != *written && length <= most(html.len()) {
                let (start, end) = attribute.span;
                out.push_str(html.get(copied..tag + start).unwrap_or_default());
                quote(&mut out, &resolved);
                copied = tag + end;
            }
        }
    }
    if copied == 0 {
        return html;
    }
    out.push_str(html.get(copied..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn base() -> Url {
        Url::parse("https://news.example/a/feed").unwrap()
    }

    #[test]
    fn resolves_what_is_relative_and_touches_nothing_else() {
        assert_eq!(resolve(Some(&base()), " ../b?c "), "https://news.example/b?c");
        assert_eq!(resolve(Some(&base()), "HTTP://Other.example"), "HTTP://Other.example");
        assert_eq!(resolve(None, "b"), "b");
        let html = "<p CLASS=x>1 < 2 <a  href='/b?c&amp;d' title=e>f</a><img src=g.png><a href=\"mailto:h\">";
        assert_eq!(
            resolve_all(html.to_owned(), Some(&base())),
            "<p CLASS=x>1 < 2 <a  href=\"https://news.example/b?c&amp;d\" title=e>f</a>\
             <img src=\"https://news.example/a/g.png\"><a href=\"mailto:h\">"
        );
    }

    #[test]
    fn a_base_without_end_does_not_make_every_link_as_long() {
        let long = Url::parse(&format!("https://news.example/{}", "a".repeat(LONGEST_BASE))).unwrap();
        assert_eq!(resolve(Some(&long), "b"), "b");
    }

    #[test]
    fn a_text_of_links_does_not_grow_without_end() {
        let base = Url::parse(&format!("https://news.example/{}/", "a".repeat(400))).unwrap();
        let html = "<a href=b>".repeat(100_000);
        let resolved = resolve_all(html.clone(), Some(&base));
        assert!(resolved.starts_with("<a href=\"https://news.example/aaa") && resolved.ends_with("<a href=b>"));
        assert!(resolved.len() <= most(html.len()) + LONGEST_BASE, "{}", resolved.len());
    }

    proptest! {
        #[test]
        fn text_without_relative_links_stays(html in "[<>/a-c =\"'&;!é-]{0,60}") {
            prop_assume!(!html.contains("src") && !html.contains("href"));
            prop_assert_eq!(resolve_all(html.clone(), Some(&base())), html);
        }

        #[test]
        fn what_is_resolved_stays_resolved(link in "[a-z./?#& \"]{1,20}") {
            let once = resolve_all(format!("<a href='{link}'>x</a>"), Some(&base()));
            prop_assert_eq!(resolve_all(once.clone(), Some(&base())), once);
        }
    }
}
