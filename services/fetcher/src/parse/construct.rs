//! Text constructs: plain text, HTML, or markup within the feed's own, to one string (RFC 4287, section 3.1).

use std::rc::Rc;

use base64::{Engine, alphabet, engine::DecodePaddingMode, engine::GeneralPurpose, engine::GeneralPurposeConfig};
use url::Url;

use super::{
    draft::Text,
    links,
    names::{Name, Space},
    reference::{clean, escape, quote},
};

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Elements of HTML that have no inside (HTML, section 13.1.2).
const VOID: [&str; 16] = [
    "area", "base", "basefont", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// How a text is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Form {
    /// Text, to be shown as it is.
    Plain,
    /// Text that is HTML.
    Html,
    /// Elements within the feed's own.
    Markup,
}

/// A text as it is being read.
#[derive(Debug)]
pub(super) struct Construct {
    form: Form,
    /// Whether the element says what form it has.
    pub(super) is_stated: bool,
    is_base64: bool,
    drops_div: bool,
    base: Option<Rc<Url>>,
    out: String,
    /// How much was read for it, in bytes.
    read: usize,
    /// Elements that are open in it, each with whether it declared the xlink prefix.
    open: Vec<bool>,
    div: Div,
}

/// The `<div>` that Atom 1.0 wraps markup in: where its tags stand in the text.
#[derive(Clone, Copy, Debug, Default)]
struct Div {
    start: Option<(usize, usize)>,
    end: Option<(usize, usize)>,
}

impl Construct {
    /// `drops_div`: whether a `<div>` around all of it is not part of it (RFC 4287, section 3.1.1.3).
    pub(super) fn new(form: Form, is_base64: bool, drops_div: bool, base: Option<Rc<Url>>) -> Self {
        let (out, open, div) = (String::new(), Vec::new(), Div::default());
        Self { form, is_stated: false, is_base64, drops_div, base, out, read: 0, open, div }
    }

    /// Adds text whose references are replaced.
    pub(super) fn push(&mut self, text: &str, is_cdata: bool) {
        self.read += text.len();
        let text = clean(text);
        // HTML may stand beside elements, but what stands within one is text.
        let is_text = self.form == Form::Markup || (self.form == Form::Html && !self.open.is_empty() && !is_cdata);
        if is_text { escape(&mut self.out, &text) } else { self.out.push_str(&text) }
    }

    /// Adds the start of an element. Returns whether it stays open.
    pub(super) fn start(&mut self, name: Name<'_>, attributes: &[(&str, String)], base: Option<&Url>) -> bool {
        let div = self.out.len();
        let (needs_xlink, is_void) = self.tag(name, attributes, base);
        if is_void {
            return false;
        }
        if self.open.is_empty() && self.div.start.is_none() && name.local == "div" {
            self.div.start = Some((div, self.out.len()));
        }
        self.open.push(needs_xlink);
        true
    }

    /// Adds a start tag. Returns whether it declares the xlink prefix, and whether its element has no inside.
    pub(super) fn tag(&mut self, name: Name<'_>, attributes: &[(&str, String)], base: Option<&Url>) -> (bool, bool) {
        if self.form == Form::Plain {
            let text = std::mem::take(&mut self.out);
            escape(&mut self.out, &text);
            self.form = Form::Markup;
        }
        let is_foreign = matches!(name.space, Space::Svg | Space::MathMl);
        self.read += name.local.len() + attributes.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>();
        // Past its bounds, links stay as they are.
        let base = base.filter(|_| self.out.len() <= links::most(self.read));
        self.out.push('<');
        self.out.push_str(name.local);
        let mut shown: Vec<(&str, String)> = attributes
            .iter()
            .filter(|(key, _)| *key != "xmlns" && !key.starts_with("xmlns:") && *key != "xml:base")
            .map(|(key, value)| {
                let is_address = links::is_address(key) && !is_foreign;
                (*key, if is_address { links::resolve(base, value) } else { value.clone() })
            })
            .collect();
        match name.space {
            Space::Svg if name.local == "svg" => shown.push(("xmlns", "http://www.w3.org/2000/svg".into())),
            Space::MathMl if name.local == "math" => shown.push(("xmlns", "http://www.w3.org/1998/Math/MathML".into())),
            _ => {}
        }
        let needs_xlink = shown.iter().any(|(key, _)| key.starts_with("xlink:")) && !self.open.contains(&true);
        if needs_xlink {
            shown.push(("xmlns:xlink", "http://www.w3.org/1999/xlink".into()));
        }
        // Their order means nothing in XML; sorted, the same markup always has the same fingerprint.
        shown.sort_by_key(|(key, _)| *key);
        for (key, value) in &shown {
            self.out.push(' ');
            self.out.push_str(key);
            self.out.push('=');
            quote(&mut self.out, value);
        }
        let is_void = !is_foreign && VOID.iter().any(|void| name.local.eq_ignore_ascii_case(void));
        self.out.push_str(if is_void { " />" } else { ">" });
        (needs_xlink, is_void)
    }

    /// Adds the end of the innermost element.
    pub(super) fn end(&mut self, local: &str) {
        let begin = self.out.len();
        self.out.push_str("</");
        self.out.push_str(local);
        self.out.push('>');
        self.open.pop();
        if self.open.is_empty() && self.div.end.is_none() {
            self.div.end = Some((begin, self.out.len()));
        }
    }

    /// The text; none where there is nothing but space.
    pub(super) fn finish(self) -> Option<Text> {
        let text = if self.is_base64 {
            let packed: Vec<u8> = self.out.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
            BASE64.decode(packed).map_or(self.out, |bytes| String::from_utf8_lossy(&bytes).into_owned())
        } else if self.drops_div {
            within(self.div, &self.out).map_or_else(|| self.out.clone(), str::to_owned)
        } else {
            self.out
        };
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return None;
        }
        let text = if trimmed.len() == text.len() { text } else { trimmed.to_owned() };
        let text = if self.form == Form::Html { links::resolve_all(text, self.base.as_deref()) } else { text };
        Some(Text { text, is_plain: self.is_stated && self.form == Form::Plain })
    }
}

/// The inside of the `<div>`, where nothing stands outside of it.
fn within(div: Div, text: &str) -> Option<&str> {
    let ((begin, inside), (end, behind)) = div.start.zip(div.end)?;
    let is_all = text.get(..begin)?.trim().is_empty() && text.get(behind..)?.trim().is_empty();
    if is_all { text.get(inside..end) } else { None }
}

/// The form that `type` and `mode` tell, and whether the text is base64 (RFC 4287, section 4.1.3.1; Atom 0.3).
pub(super) fn form_of(kind: Option<&str>, mode: Option<&str>, usual: Form) -> (Form, bool) {
    let kind = kind.map(|kind| kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    let kind = kind.as_deref();
    let form = match kind {
        None | Some("") => usual,
        Some("text" | "plain" | "text/plain") => Form::Plain,
        Some("html" | "text/html") => Form::Html,
        Some(kind) if kind == "xhtml" || kind.ends_with("+xml") || kind.ends_with("/xml") => Form::Markup,
        Some(kind) if kind.starts_with("text/") => Form::Plain,
        Some(_) => Form::Html,
    };
    let is_other = kind.is_some_and(|kind| kind.contains('/') && !kind.starts_with("text/")) && form == Form::Html;
    let is_base64 = mode.is_some_and(|mode| mode.eq_ignore_ascii_case("base64")) || is_other;
    (if is_base64 { Form::Html } else { form }, is_base64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const P: Name<'static> = Name { space: Space::Xhtml, local: "p", has_prefix: false };
    const DIV: Name<'static> = Name { space: Space::Xhtml, local: "div", has_prefix: false };

    #[test]
    fn type_and_mode_tell_the_form() {
        assert_eq!(form_of(Some("text/html; charset=utf-8"), None, Form::Plain), (Form::Html, false));
        assert_eq!(form_of(Some("application/xhtml+xml"), Some("xml"), Form::Plain), (Form::Markup, false));
        assert_eq!(form_of(Some("image/png"), None, Form::Plain), (Form::Html, true));
        assert_eq!(form_of(None, Some("base64"), Form::Plain), (Form::Html, true));
        assert_eq!(form_of(None, None, Form::Plain), (Form::Plain, false));
    }

    #[test]
    fn markup_is_written_back() {
        let mut construct = Construct::new(Form::Plain, false, false, None);
        construct.push("1 < 2 ", false);
        construct.start(P, &[("title", "\"a\" & b".into()), ("class", "c".into())], None);
        construct.push("x & y", false);
        construct.start(Name { local: "br", ..P }, &[], None);
        construct.end("p");
        let text = construct.finish().unwrap().text;
        assert_eq!(text, "1 &lt; 2 <p class=\"c\" title=\"&quot;a&quot; &amp; b\">x &amp; y<br /></p>");
    }

    #[test]
    fn the_div_of_atom_goes_if_it_is_around_all() {
        let read = |tail: &str| {
            let mut construct = Construct::new(Form::Markup, false, true, None);
            construct.push("\n ", false);
            construct.start(DIV, &[], None);
            construct.push("x", false);
            construct.end("div");
            construct.push(tail, false);
            construct.finish().unwrap().text
        };
        assert_eq!(read(" "), "x");
        assert_eq!(read(" y"), "<div>x</div> y");
    }

    #[test]
    fn base64_that_is_none_is_kept() {
        let read = |text| {
            let mut construct = Construct::new(Form::Html, true, false, None);
            construct.push(text, false);
            construct.finish().map(|text| text.text)
        };
        assert_eq!(read(" PGI+eDwv\nYj4= ").as_deref(), Some("<b>x</b>"));
        assert_eq!(read("<b>x</b>").as_deref(), Some("<b>x</b>"));
        assert_eq!(read(" "), None);
    }

    #[test]
    fn markup_of_links_does_not_grow_without_end() {
        let base = Url::parse(&format!("https://news.example/{}/", "a".repeat(400))).unwrap();
        let mut markup = Construct::new(Form::Markup, false, false, None);
        for _ in 0..100_000 {
            markup.start(Name { local: "img", ..P }, &[("src", "b".into())], Some(&base));
        }
        let text = markup.finish().unwrap().text;
        assert!(text.ends_with("<img src=\"b\" />") && text.len() < 5_000_000, "{}", text.len());
    }

    #[test]
    fn links_in_markup_and_html_are_resolved() {
        let base = Rc::new(Url::parse("https://news.example/").unwrap());
        let mut html = Construct::new(Form::Html, false, false, Some(Rc::clone(&base)));
        html.push("<a href=b>", true);
        assert_eq!(html.finish().unwrap().text, "<a href=\"https://news.example/b\">");
        let mut markup = Construct::new(Form::Markup, false, false, None);
        markup.start(Name { local: "img", ..P }, &[("src", "b".into())], Some(&base));
        assert_eq!(markup.finish().unwrap().text, "<img src=\"https://news.example/b\" />");
    }
}
