//! Who wrote it.

use dom_query::NodeRef;

use super::{Sources, headline_area, people, people::is_capitalized};
use crate::block::folded;

/// Elements that name the author, the surest first.
const SELECTORS: [&str; 6] = [
    "[itemprop~=author] [itemprop~=name]",
    "[itemprop~=author], [rel~=author]",
    "[class*=byline i] a, [class*=author-name i], [class*=author_name i], [class*=authorname i]",
    "[class*=byline i], [id*=byline i]",
    "[class*=author i] a, a[href*='/author/'], a[href*='/authors/'], a[href*='/profile/']",
    "[class*=author i]",
];
/// How many of the selectors go by marks that mean the author and nothing else.
const MARKED: usize = 2;
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
/// How far up an element is checked for standing in another article's box or in a comment.
const MAX_ANCESTORS: usize = 8;

/// The authors, a name each.
///
/// JSON-LD first, then the byline that readers see, then the `meta` tags. An organization counts where no person is
/// named, and the site itself only where the publisher names no one else.
pub(crate) fn find(sources: &Sources<'_>, site_name: Option<&str>) -> Vec<String> {
    let site = site_name.map(folded);
    let mut given_up = Vec::new();
    for read in [described_people, seen, in_meta, near_headline, described_organizations] {
        let (sites, authors): (Vec<String>, Vec<String>) =
            read(sources).into_iter().partition(|name| site.as_ref() == Some(&folded(name)));
        if !authors.is_empty() {
            return distinct(authors);
        }
        given_up.extend(sites);
    }
    distinct(given_up)
}

fn described_people(sources: &Sources<'_>) -> Vec<String> {
    described(sources, false)
}

fn described_organizations(sources: &Sources<'_>) -> Vec<String> {
    described(sources, true)
}

/// The authors in JSON-LD that are organizations, or those that are not.
fn described(sources: &Sources<'_>, organizations: bool) -> Vec<String> {
    let names = ["author", "creator"].iter().map(|key| sources.json_ld.names(key)).find(|names| !names.is_empty());
    let chosen = names.into_iter().flatten().filter(|(_, organization)| *organization == organizations);
    chosen.flat_map(|(name, _)| people(&name)).collect()
}

fn in_meta(sources: &Sources<'_>) -> Vec<String> {
    let named =
        META.iter().map(|name| -> Vec<String> { sources.meta.all(&[name]).flat_map(|line| people(&line)).collect() });
    named.into_iter().find(|names| !names.is_empty()).unwrap_or_else(|| labelled(sources))
}

/// The label and value that publishing systems put below a link's preview: "Written by", "Ada Ono".
fn labelled(sources: &Sources<'_>) -> Vec<String> {
    let [label, value] = ["twitter:label1", "twitter:data1"].map(|name| sources.meta.first(&[name]));
    match (label, value) {
        (Some(label), Some(value)) if folded(&label) == "written by" => people(&value),
        _ => Vec::new(),
    }
}

/// "By Ada Ono" beside the headline.
fn near_headline(sources: &Sources<'_>) -> Vec<String> {
    let pieces = headline_area::pieces(sources.page);
    let mut pieces = pieces.iter();
    while let Some(piece) = pieces.next() {
        let lower = piece.to_lowercase();
        let Some(phrase) = ["written by", "by"].iter().find(|phrase| lower.starts_with(**phrase)) else { continue };
        let rest = piece[phrase.len()..].trim_start_matches(':');
        // "By" in one element, the name in the next.
        let line = if rest.is_empty() { pieces.next().map_or("", String::as_str) } else { rest };
        let separated = rest.is_empty() || rest.starts_with(' ');
        let names = people(line);
        if separated && !names.is_empty() && names.iter().all(|name| is_capitalized(name)) {
            return names;
        }
    }
    Vec::new()
}

/// The authors that readers see.
fn seen(sources: &Sources<'_>) -> Vec<String> {
    for (place, selector) in SELECTORS.into_iter().enumerate() {
        let certain = place < MARKED;
        let selection = sources.page.select(selector);
        let mut first_parent = None;
        let mut names = Vec::new();
        for node in selection.nodes().iter().take(MAX_ELEMENTS).filter(|node| !stands_elsewhere(node)) {
            // Two authors stand side by side; a second byline elsewhere is another article's.
            let parent = node.parent().map(|parent| parent.id);
            if !names.is_empty() && parent != first_parent {
                break;
            }
            first_parent = parent;
            let line = node.attr("content").unwrap_or_else(|| node.text());
            // The classes also mark what stands around the name.
            names.extend(people(&line).into_iter().filter(|name| certain || is_capitalized(name)));
        }
        if !names.is_empty() {
            return distinct(names);
        }
    }
    Vec::new()
}

/// Whether an element stands in a comment or in a box about another article.
fn stands_elsewhere(node: &NodeRef<'_>) -> bool {
    node.ancestors_it(Some(MAX_ANCESTORS)).any(|ancestor| {
        let class = ancestor.attr("class").unwrap_or_default().to_ascii_lowercase();
        let id = ancestor.attr("id").unwrap_or_default().to_ascii_lowercase();
        ["comment", "related", "recommend", "widget"]
            .iter()
            .any(|word| class.split(' ').any(|name| name.starts_with(word)) || id.starts_with(word))
    })
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
    use dom_query::Document;

    fn byline(html: &str) -> Vec<String> {
        crate::metadata::read(&Document::from(html), None).byline
    }

    #[test]
    fn json_ld_comes_first_then_the_page_then_meta() {
        let meta = "<meta name=author content='Meta Name'><meta name='twitter:creator' content='@gull'>";
        let seen = "<p class=byline>By Ada Ono and Ben Lund</p>";
        let data = r#"<script type="application/ld+json">{"@type":"Article","author":{"name":"Cy Dee"}}</script>"#;
        assert_eq!(byline(&format!("{meta}{seen}{data}")), ["Cy Dee"]);
        assert_eq!(byline(&format!("{meta}{seen}")), ["Ada Ono", "Ben Lund"]);
        assert_eq!(byline(meta), ["Meta Name"]);
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
        assert!(byline("<h1>Storm</h1><p>By noon it was over</p>").is_empty());
    }
}
