use proptest::prelude::*;

use super::{Document, NodeRef, decode, parse};
use crate::CleanError;

/// The tree in brief: `div(p("one") "two")`.
fn shown(html: &str) -> String {
    let document = parse(html).unwrap();
    document.root().children().map(show).collect::<Vec<_>>().join(" ")
}

/// Only ever called on small trees.
fn show(node: NodeRef<'_, '_>) -> String {
    match (node.raw_text(), node.tag()) {
        (Some(text), _) => format!("{:?}", decode(text)),
        (None, tag) => {
            let name = format!("{:?}", tag.unwrap()).to_lowercase();
            let inside: Vec<String> = node.children().map(show).collect();
            format!("{name}({})", inside.join(" "))
        }
    }
}

#[test]
fn omitted_end_tags_are_understood() {
    for (html, expected) in [
        ("<p>a<p>b<div>c</div>d", r#"p("a") p("b") div("c") "d""#),
        ("<ul><li>a<li>b<ul><li>c</ul>d</ul>e", r#"ul(li("a") li("b" ul(li("c")) "d")) "e""#),
        ("<dl><dt>a<dd>b<dt>c</dl>", r#"dl(dt("a") dd("b") dt("c"))"#),
        (
            "<table><tr><td>a<td>b<tr><th>c<tbody><tr><td>d</table>e",
            r#"table(tr(td("a") td("b")) tr(th("c")) tbody(tr(td("d")))) "e""#,
        ),
        ("<select><option>a<option>b</select>", r#"select(option("a") option("b"))"#),
        ("<h1>a<h2>b</h3>c", r#"h1("a") h2("b") "c""#),
        ("<a>b<a>c</a>d", r#"a("b") a("c") "d""#),
        ("<td>a<td>b", r#"td("a") td("b")"#),
    ] {
        assert_eq!(shown(html), expected, "{html}");
    }
}

#[test]
fn misplaced_tags_stay_where_they_are() {
    for (html, expected) in [
        ("<div><b>a</div>b</b>c", r#"div(b("a")) "bc""#),
        ("a</div></i></b>b", r#""ab""#),
        ("<div><table><td></div>a</table>b</div>c", r#"div(table(td("a")) "b") "c""#),
        ("<b><p>a</b>b</p>c</b>d", r#"b(p("ab") "c") "d""#),
        ("<div><form><p>a</div></form>b", r#"div(form(p("a"))) "b""#),
        ("<x-a><div>a</x-a>b", r#"other(div("a")) "b""#),
        ("<br>a</br>b", r#"br() "a" br() "b""#),
        ("a</p>b", r#""a" p() "b""#),
        ("<div><button>a</div>b", r#"div(button("a")) "b""#),
        ("<x-icon/>a<div/>b", r#"other() "a" div("b")"#),
    ] {
        let joined = shown(html).replace("\" \"", "");
        assert_eq!(joined, expected, "{html}");
    }
}

#[test]
fn head_and_body_are_found_and_merged() {
    for (html, expected) in [
        (
            "<html lang=en><head><meta name=a><title>t</title></head><body>b</body></html>c",
            r#"head(meta() title("t")) body("b" "c")"#,
        ),
        ("<title>t</title><p>a", r#"title("t") p("a")"#),
        ("<head><title>t</title><div>a</div></head><body>b", r#"head(title("t")) div("a") body("b")"#),
        ("<body>a<body>b", r#"body("a" "b")"#),
    ] {
        assert_eq!(shown(html), expected, "{html}");
    }
    let document = parse("<!doctype html>\n<HTML LANG='en' lang=de><body class=x>").unwrap();
    assert_eq!(document.root().attribute("lang").unwrap(), "en");
}

#[test]
fn what_is_no_markup_is_text() {
    for (html, expected) in [
        ("<script>if (a<b) '</scripty>';</SCRIPT >c", r#"script("if (a<b) '</scripty>';") "c""#),
        ("<title>a <b>&amp;</title>", r#"title("a <b>&")"#),
        ("<textarea><p>", r#"textarea("<p>")"#),
        ("3 < 5 &lt; 7 <3 a<", r#""3 < 5 < 7 <3 a<""#),
        ("<!-- a --><!--><!---><!--b--!>c<!-- -- > --->d<!-- ---!>e", r#""c" "d" "e""#),
        ("<!doctype html><?php a ?></ b>c", r#""c""#),
        ("<svg><title>a</title><path d=''/></svg>b<svg/>c<svg>d", r#"svg() "b" svg() "c" svg() "d""#),
        ("<iframe><p>a</iframe>b", r#"iframe("<p>a") "b""#),
        ("a<b", r#""a""#),
    ] {
        assert_eq!(shown(html), expected, "{html}");
    }
}

#[test]
fn attributes_are_read_as_written() {
    let html = "<a CLASS=one two='a>b' three = \"x&amp;y\" four five=a/b =six one=2/ seven=>t";
    let document = parse(html).unwrap();
    let link = document.root().children().next().unwrap();
    for (name, value) in [
        ("class", "one"),
        ("two", "a>b"),
        ("three", "x&y"),
        ("four", ""),
        ("five", "a/b"),
        ("=six", ""),
        ("one", "2/"),
        ("seven", ""),
    ] {
        assert_eq!(link.attribute(name).as_deref(), Some(value), "{name}");
    }
    assert_eq!(link.attribute("eight"), None);
    assert_eq!(link.text(), "t");
}

#[test]
fn nesting_has_an_end() {
    let deep = format!("{}a{}b", "<div>".repeat(100_000), "</div>".repeat(100_000));
    let document = parse(&deep).unwrap();
    let depth = document.nodes().map(|node| node.ancestors().count()).take(2_000).max().unwrap();
    assert!((500..600).contains(&depth), "{depth}");
    assert_eq!(document.root().text(), "ab");
    assert_eq!(document.nodes().last().unwrap().parent().unwrap().id(), 0);
}

#[test]
fn what_no_page_is_gets_refused() {
    assert!(matches!(parse(&"x".repeat(super::MAX_BYTES + 1)), Err(CleanError::TooLarge { .. })));
    assert!(matches!(parse(&"<b>".repeat(1_100_000)), Err(CleanError::TooManyNodes { .. })));
    let stairs = format!("<section><table><td>{}{}", "<div>".repeat(500), "</section>".repeat(200_000));
    assert!(matches!(parse(&stairs), Err(CleanError::TooComplex { .. })));
}

fn is_sound(document: &Document<'_>) -> bool {
    document.nodes().all(|node| {
        let inside = node.inside();
        let in_parent = node.parent().is_none_or(|parent| {
            let around = parent.inside();
            parent.tag().is_some() && around.contains(&node.id()) && inside.end <= around.end
        });
        in_parent && inside.end <= document.len() && (node.tag().is_some() || inside.is_empty())
    })
}

proptest! {
    #[test]
    fn elements_are_nested(html in "(</?(p|div|b|a|li|ul|table|tr|td|form|svg|script|x-y|h1|body|head|!--)[ />]?|>|-->|[a-z é&=\"'\n]){0,60}") {
        let document = parse(&html).unwrap();
        prop_assert!(is_sound(&document), "{:?}", document);
    }

    #[test]
    fn text_comes_through_in_order(words in proptest::collection::vec(("[a-z]{1,8}", "</?(p|div|b|a|li|ul|table|tr|td|span|h1|section)>"), 0..40)) {
        let html = words.iter().fold(String::new(), |html, (word, tag)| html + word + tag);
        let text: String = words.iter().map(|(word, _)| word.as_str()).collect();
        prop_assert_eq!(parse(&html).unwrap().root().text(), text);
    }

    #[test]
    fn any_text_is_read(html in "\\PC{0,300}") {
        prop_assert!(is_sound(&parse(&html).unwrap()));
    }
}
