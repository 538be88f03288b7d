//! Who wrote it.

use super::{
    headline_area::HeadlineArea,
    marks::Marks,
    people,
    people::is_capitalized,
    sources::{Marked, Sources},
};
use crate::{
    block::folded,
    html::{self, NodeRef, Tag},
    plain,
};

/// `meta` tags that name it. Not `twitter:creator`, which is an account, often the publisher's.
const META: [&str; 10] = [
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "byl",
    "citation_author",
    "dc.creator",
    "dcterms.creator",
    "cxenseparse:author",
    "article:author_name",
];
/// Elements of one selector that are looked at.
const MAX_ELEMENTS: usize = 10;

/// The authors, a name each.
///
/// What the page says for machines counts first, then the byline that readers see. A group of authors or an
/// organization counts where no person is named, and the site itself only where the publisher names no one else.
pub(super) fn find(sources: &Sources<'_, '_>, area: &HeadlineArea<'_, '_>, site_name: Option<&str>) -> Vec<String> {
    let finders: [&dyn Fn() -> Vec<String>; 11] = [
        &|| described_people(sources),
        &|| named_group(sources),
        &|| seen(sources, area, Marks::AUTHOR_ITEM),
        &|| in_meta(sources),
        &|| seen(sources, area, Marks::BYLINE),
        &|| seen(sources, area, Marks::AUTHOR),
        &|| near_headline(sources, area),
        &|| labelled_text(sources),
        &|| seen_group(sources, area),
        &|| described_anyone(sources),
        &|| seen_word(sources, area),
    ];
    let site = site_name.map(folded);
    let mut given_up = Vec::new();
    for find in finders {
        let (sites, authors): (Vec<String>, Vec<String>) =
            find().into_iter().partition(|name| site.as_ref() == Some(&folded(name)));
        if !authors.is_empty() {
            return distinct(authors);
        }
        given_up.extend(sites);
    }
    distinct(given_up)
}

/// The authors in JSON-LD, and whether each is an organization.
fn described(sources: &Sources<'_, '_>) -> Vec<(String, bool)> {
    let names = ["author", "creator"].iter().map(|key| sources.json_ld.names(key)).find(|names| !names.is_empty());
    names.unwrap_or_default()
}

fn described_people(sources: &Sources<'_, '_>) -> Vec<String> {
    let described = described(sources).into_iter();
    described.filter(|(_, organization)| !organization).flat_map(|(name, _)| people(&name)).collect()
}

/// The authors in JSON-LD whatever they are called.
fn described_anyone(sources: &Sources<'_, '_>) -> Vec<String> {
    let names = described(sources).into_iter().filter_map(|(name, _)| plain::plain(&name));
    names.filter(|name| people::is_title(name)).collect()
}

/// The group that JSON-LD or the `meta` tags name.
fn named_group(sources: &Sources<'_, '_>) -> Vec<String> {
    let described = described(sources).into_iter().map(|(name, _)| name);
    described.chain(sources.meta.all(&META)).find_map(|line| people::group(&line)).into_iter().collect()
}

/// The group that readers see.
fn seen_group(sources: &Sources<'_, '_>, area: &HeadlineArea<'_, '_>) -> Vec<String> {
    let marks = [Marks::AUTHOR_ITEM, Marks::BYLINE, Marks::AUTHOR];
    let marked = marks.iter().flat_map(|marks| sources.marked(area, *marks)).take(MAX_ELEMENTS);
    marked.filter_map(|marked| people::group(&plain::text_of(marked.node, MAX_BYLINE)?)).take(1).collect()
}

/// Authors of a single name that readers see.
fn seen_word(sources: &Sources<'_, '_>, area: &HeadlineArea<'_, '_>) -> Vec<String> {
    let is_name = |name: &String| is_capitalized(name) && name.contains(char::is_lowercase);
    let named = sources.marked(area, Marks::AUTHOR).take(MAX_ELEMENTS).map(|marked| named(sources, marked));
    named
        .map(|names| names.into_iter().filter(is_name).collect())
        .find(|names: &Vec<_>| !names.is_empty())
        .unwrap_or_default()
}

/// "Written by Ada Ono" anywhere on the page.
fn labelled_text(sources: &Sources<'_, '_>) -> Vec<String> {
    let mut texts = sources.page.nodes().filter_map(|node| Some(node.raw_text()?.trim_ascii()));
    let mut found = 0;
    while let Some(text) = texts.next().filter(|_| found < MAX_ELEMENTS) {
        let Some(rest) = people::labelled(text) else { continue };
        found += 1;
        // The label in one element, the name in the next.
        let line = if people::is_joint(rest) { texts.find(|text| !text.is_empty()).unwrap_or_default() } else { rest };
        let names = people(line);
        if !names.is_empty() && names.iter().all(|name| is_capitalized(name) && is_full(name)) {
            return names;
        }
    }
    Vec::new()
}

fn in_meta(sources: &Sources<'_, '_>) -> Vec<String> {
    let named =
        META.iter().map(|name| -> Vec<String> { sources.meta.all(&[name]).flat_map(|line| people(&line)).collect() });
    named.into_iter().find(|names| !names.is_empty()).unwrap_or_else(|| labelled(sources))
}

/// The label and value that publishing systems put below a link's preview: "Written by", "Ada Ono".
fn labelled(sources: &Sources<'_, '_>) -> Vec<String> {
    let [label, value] = ["twitter:label1", "twitter:data1"].map(|name| sources.meta.first(&[name]));
    match (label, value) {
        (Some(label), Some(value)) if folded(&label) == "written by" => people(&value),
        _ => Vec::new(),
    }
}

/// "By Ada Ono" beside the headline.
fn near_headline(sources: &Sources<'_, '_>, area: &HeadlineArea<'_, '_>) -> Vec<String> {
    let language = sources.language().unwrap_or_default().to_ascii_lowercase();
    let language = language.split(['-', '_']).next().unwrap_or_default();
    let mut pieces = area.pieces().iter().map(|piece| piece.text.as_str());
    while let Some(piece) = pieces.next() {
        let Some((rest, languages)) = people::introduced(piece) else { continue };
        let is_introduction =
            rest.starts_with(':') || languages.is_none_or(|languages| languages.split(',').any(|own| own == language));
        if !is_introduction {
            continue;
        }
        // "By" in one element, the name in the next.
        let rest = rest.trim_start_matches([':', ' ']);
        let is_apart = rest.is_empty();
        let names = people(if is_apart { pieces.next().unwrap_or_default() } else { rest });
        // A single name in an element of its own is one, that in "By Midnight" hardly.
        if !names.is_empty()
            && names
                .iter()
                .all(|name| is_capitalized(name) && (is_full(name) || (is_apart && name.contains(char::is_lowercase))))
        {
            return names;
        }
    }
    Vec::new()
}

/// The authors in elements with a mark.
fn seen(sources: &Sources<'_, '_>, area: &HeadlineArea<'_, '_>, marks: Marks) -> Vec<String> {
    // The classes also mark what stands around the name.
    let certain = marks == Marks::AUTHOR_ITEM;
    let mut first_parent = None;
    let mut names: Vec<String> = Vec::new();
    for marked in sources.marked(area, marks).take(MAX_ELEMENTS) {
        // Two authors stand side by side; a second byline elsewhere is another article's.
        let parent = marked.node.parent().map(NodeRef::id);
        if !names.is_empty() && parent != first_parent {
            break;
        }
        first_parent = parent;
        names.extend(
            named(sources, marked).into_iter().filter(|name| certain || (is_capitalized(name) && is_full(name))),
        );
    }
    distinct(names)
}

/// Whether a name has two words, or is of a script without spaces.
fn is_full(name: &str) -> bool {
    name.contains(' ') || !name.contains(|character: char| character.is_lowercase() || character.is_uppercase())
}

/// The longest text that is taken for a byline, in bytes.
const MAX_BYLINE: usize = 400;

/// The people that a marked element names: in microdata's `name`, else in its links, else in its text.
fn named(sources: &Sources<'_, '_>, marked: &Marked<'_, '_>) -> Vec<String> {
    let node = marked.node;
    if let Some(content) = node.attribute("content") {
        return people(&content);
    }
    if marked.marks.has(Marks::AUTHOR_ITEM) {
        let inside = sources.all_marked().filter(|other| node.inside().contains(&other.node.id()));
        let item = inside.filter(|other| other.marks.has(Marks::NAME_ITEM)).find_map(|other| {
            let names = other.node.attribute("content").map_or_else(|| in_text(other.node), |content| people(&content));
            (!names.is_empty()).then_some(names)
        });
        if let Some(names) = item {
            return names;
        }
    }
    let links = node.descendants().take(MAX_BYLINE).filter(|inner| inner.is(Tag::A));
    let linked: Vec<String> = links.flat_map(in_text).filter(|name| is_capitalized(name)).collect();
    if linked.is_empty() { in_text(node) } else { linked }
}

/// The people that a text names which may stand in several elements: name and position, two names and the "and".
fn in_text(node: NodeRef<'_, '_>) -> Vec<String> {
    let Some(line) = plain::text_of(node, MAX_BYLINE) else { return Vec::new() };
    let texts = std::iter::once(node).chain(node.descendants()).filter_map(NodeRef::raw_text);
    let pieces: Vec<String> =
        texts.filter_map(|text| plain::one_line(&html::decode(text))).take(MAX_ELEMENTS).collect();
    let mut names = Vec::new();
    let mut is_joined = true;
    for piece in &pieces {
        if people::is_joint(piece) {
            is_joined = true;
        } else if is_joined {
            let found = people(piece);
            is_joined = found.is_empty() && names.is_empty();
            names.extend(found);
        }
    }
    // First and last name may stand in an element each.
    match names.as_slice() {
        [name] if !is_full(name) => people(&line),
        _ => names,
    }
}

fn distinct(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for name in names.into_iter().take(MAX_ELEMENTS * MAX_ELEMENTS) {
        if !kept.contains(&name) {
            kept.push(name);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    fn byline(html: &str) -> Vec<String> {
        crate::metadata::read(&crate::html::parse(html).unwrap(), None, jiff::civil::Date::MAX).byline
    }

    #[test]
    fn the_surest_source_wins() {
        let meta = "<meta name=author content='Meta Name'><meta name='twitter:creator' content='@gull'>";
        let seen = "<p class=byline>By Ada Ono and Ben Lund</p>";
        let data = r#"<script type="application/ld+json">{"@type":"Article","author":{"name":"Cy Dee"}}</script>"#;
        assert_eq!(byline(&format!("{meta}{seen}{data}")), ["Cy Dee"]);
        assert_eq!(byline(&format!("{meta}{seen}")), ["Meta Name"]);
        assert_eq!(byline(seen), ["Ada Ono", "Ben Lund"]);
        let item = "<b itemprop=author>Eve Fee</b>";
        assert_eq!(byline(&format!("{meta}{item}{seen}")), ["Eve Fee"]);
        assert!(byline("<meta name='twitter:creator' content='Gull News'>").is_empty());
    }

    #[test]
    fn authors_side_by_side_are_all_named() {
        let html = "<div><a rel=author href=/a>Ada Ono</a>, <a rel=author href=/b>Ben Lund</a></div>\
                    <div><a rel=author href=/c>Cy Dee</a></div>";
        assert_eq!(byline(html), ["Ada Ono", "Ben Lund"]);
    }

    #[test]
    fn the_site_is_the_author_only_where_no_one_else_is() {
        let html = "<meta property=og:site_name content='The Gull'><meta name=author content='The Gull'>";
        assert_eq!(byline(html), ["The Gull"]);
        assert_eq!(byline(&format!("{html}<h1>Storm</h1><p>By Ada Ono</p>")), ["Ada Ono"]);
    }

    #[test]
    fn a_byline_beside_the_headline_needs_no_class() {
        assert_eq!(byline("<h1>Storm</h1><span>By</span> <i>Ada van Ono</i><p>Rain fell.</p>"), ["Ada van Ono"]);
        assert_eq!(byline("<html lang=it-IT><h1>Storm</h1><p>Di Ada Ono</p>"), ["Ada Ono"]);
        assert_eq!(byline("<h1>Storm</h1><p>Von: Ada Ono</p>"), ["Ada Ono"]);
        for text in ["By noon it was over", "Di Maria", "Von Ada Ono", "By Popular Demand", "DİYARBAKIR"] {
            assert!(byline(&format!("<h1>Storm</h1><p>{text}</p>")).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_group_counts_where_no_person_is_named() {
        let meta = "<meta name=author content='Gull News Desk'>";
        assert_eq!(byline(meta), ["Gull News Desk"]);
        assert_eq!(byline("<p class=author>By the Gull Team</p>"), ["the Gull Team"]);
        assert!(byline("<p class=author>Team</p>").is_empty());
        let data = r#"<script type="application/ld+json">{"@type":"Article","author":
            {"@type":"Organization","name":"Harbour and Sea Agency"}}</script>"#;
        assert_eq!(byline(data), ["Harbour and Sea Agency"]);
        let data = data.replace("Organization", "Corporation");
        assert_eq!(byline(&format!("{data}<h1>Storm</h1><p>By Ada Ono</p>")), ["Ada Ono"]);
    }

    #[test]
    fn what_stands_beside_the_name_is_left_out() {
        for html in [
            "<div class=author-name><b>Ada Ono</b><i>Harbour Correspondence</i></div>",
            "<div class=byline><span>By</span><span>Ada Ono</span><span>9 March 2026</span></div>",
            "<div class=byline>9 March 2026 · Ada Ono</div>",
            "<div class=author-box><a href=/x>View all posts</a><a href=/y>Ada Ono</a></div>",
            "<div class=author><span>Ada</span> <span>Ono</span></div>",
            "<div class=byline>Ada Ono, MD, PHD</div>",
            "<p>It rained.</p><h3>Written by <a href=/x>Ada Ono</a></h3>",
        ] {
            assert_eq!(byline(html), ["Ada Ono"], "{html}");
        }
        assert_eq!(byline("<p class=byline><a>Ada Ono</a> and <a>Ben Lund</a></p>"), ["Ada Ono", "Ben Lund"]);
        assert_eq!(byline("<p class=byline><i>Ada Ono</i> <i>and</i> <i>Ben Lund</i></p>"), ["Ada Ono", "Ben Lund"]);
        assert_eq!(byline("<p class=byline>小野愛</p>"), ["小野愛"]);
    }

    #[test]
    fn comments_and_other_articles_have_other_authors() {
        let html = "<h1>Storm</h1><p>It rained.</p><p>Late.</p><ol class=comments><li><b class=author>Cy Dee</b></ol>";
        assert!(byline(html).is_empty());
        for aside in [
            "div class=post-comments",
            "div itemprop=comment",
            "aside class=sidebar",
            "div class=most-read",
            "p class=post-related",
        ] {
            let html = format!("<h1>Storm</h1><p>It rained.</p><p>Late.</p><{aside}><b class=author>Cy Dee</b>");
            assert!(byline(&html).is_empty(), "{aside}");
        }
        // A box around the headline is about the article.
        let html = "<title>Storm</title><div class='widget x'><h1>Storm</h1><b class=author>Ada Ono</b></div>";
        assert_eq!(byline(html), ["Ada Ono"]);
    }
}
