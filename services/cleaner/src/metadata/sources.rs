//! All that a page has metadata in, collected in one pass over it.

use std::{borrow::Cow, ops::Range};

use url::Url;

use super::{
    headline_area::HeadlineArea,
    json_ld::JsonLd,
    marks::{self, Marks},
    meta_tags::MetaTags,
    title::{MAX_HEADING, has_words},
};
use crate::{
    address,
    block::folded,
    html::{Document, NodeRef, Tag},
    plain,
};

/// The most headings, links and marked elements that are kept; an article's own are among the first.
const MAX_HEADINGS: usize = 20;
const MAX_LINKS: usize = 20;
const MAX_MARKED: usize = 1_000;

/// What the sources of metadata on one page say.
pub(super) struct Sources<'d, 'h> {
    pub(super) page: &'d Document<'h>,
    pub(super) url: Option<&'d Url>,
    /// What addresses on the page are relative to.
    pub(super) base: Option<Url>,
    pub(super) meta: MetaTags<'h>,
    pub(super) json_ld: JsonLd,
    /// The `title` element.
    pub(super) title: Option<NodeRef<'d, 'h>>,
    /// The `h1` elements.
    pub(super) headings: Vec<NodeRef<'d, 'h>>,
    /// Elements that say of themselves that they hold a byline or a date.
    marked: Vec<Marked<'d, 'h>>,
    /// Where the boxes are that are not about the article.
    pub(super) asides: Vec<Range<usize>>,
    /// Where the page says that it is to be found; what its head says comes first.
    pub(super) canonical: Vec<Cow<'h, str>>,
    /// How many of these are in its head.
    canonical_in_head: usize,
    /// The picture that it wants to be shown with.
    pub(super) image: Option<Cow<'h, str>>,
}

/// An element that says of itself what it holds.
#[derive(Clone, Copy)]
pub(super) struct Marked<'d, 'h> {
    pub(super) node: NodeRef<'d, 'h>,
    pub(super) marks: Marks,
    /// The innermost box around it that is not about the article: comments, links to others.
    pub(super) aside: Option<NodeRef<'d, 'h>>,
}

impl<'d, 'h> Sources<'d, 'h> {
    /// Collects them.
    pub(super) fn read(page: &'d Document<'h>, url: Option<&'d Url>) -> Self {
        let mut sources = Sources {
            page,
            url,
            base: url.cloned(),
            meta: MetaTags::default(),
            json_ld: JsonLd::default(),
            title: None,
            headings: Vec::new(),
            marked: Vec::new(),
            asides: Vec::new(),
            canonical: Vec::new(),
            canonical_in_head: 0,
            image: None,
        };
        let mut base = None;
        // The open boxes that are not about the article; no more than elements nest.
        let mut asides: Vec<NodeRef<'d, 'h>> = Vec::new();
        for node in page.nodes() {
            let Some(tag) = node.tag() else { continue };
            match tag {
                Tag::Meta => sources.meta.add(node),
                Tag::Script => sources.json_ld.add_script(node),
                Tag::Title if sources.title.is_none() => sources.title = Some(node),
                Tag::Link => sources.link(node),
                Tag::Base if base.is_none() => base = node.attribute("href"),
                _ => {}
            }
            let marks = marks::of(node, tag);
            while asides.pop_if(|aside| aside.inside().end <= node.id()).is_some() {}
            // A box around half of the page holds the article, whatever it is called.
            if marks.has(Marks::ASIDE) && node.inside().len() < page.len() / 2 {
                asides.push(node);
                if sources.asides.len() < MAX_MARKED {
                    sources.asides.push(node.inside());
                }
            }
            if tag == Tag::H1 && asides.is_empty() && sources.headings.len() < MAX_HEADINGS {
                sources.headings.push(node);
            }
            if marks.has(Marks::SOURCE) && sources.marked.len() < MAX_MARKED {
                sources.marked.push(Marked { node, marks, aside: asides.last().copied() });
            }
        }
        if let Some(base) = base {
            sources.base = address::resolve(url, &base).or(sources.base);
        }
        sources.sort_json_ld();
        sources
    }

    /// Finds out which of the articles that JSON-LD describes is the page's.
    fn sort_json_ld(&mut self) {
        let resolve = |address: &str| address::resolve(self.base.as_ref(), address);
        let canonical = self.canonical.first().and_then(|address| resolve(address));
        let is_page = |address: &str| {
            let own = || self.url.into_iter().chain(&canonical);
            resolve(address).is_some_and(|url| own().any(|own| address::is_same(own, &url)))
        };
        let elements = self.title.iter().chain(&self.headings).filter_map(|node| plain::text_of(*node, MAX_HEADING));
        let titles: Vec<String> = elements.map(|title| folded(&title)).collect();
        let is_headline = |headline: &str| {
            let headline = plain::plain(headline).map(|headline| folded(&headline)).unwrap_or_default();
            !headline.is_empty()
                && headline.len() <= MAX_HEADING
                && titles.iter().any(|title| has_words(title, &headline))
        };
        self.json_ld.sort(is_page, is_headline);
    }

    /// The elements with any of these marks that are about the article, in document order.
    pub(super) fn marked<'s>(
        &'s self,
        area: &'s HeadlineArea<'_, '_>,
        marks: Marks,
    ) -> impl Iterator<Item = &'s Marked<'d, 'h>> {
        self.all_marked().filter(move |marked| marked.marks.has(marks) && !area.is_elsewhere(marked))
    }

    /// All elements with a mark, in document order.
    pub(super) fn all_marked(&self) -> impl Iterator<Item = &Marked<'d, 'h>> {
        self.marked.iter()
    }

    fn link(&mut self, node: NodeRef<'_, 'h>) {
        let (Some(relation), Some(address)) = (node.raw_attribute("rel"), node.attribute("href")) else { return };
        let mut relations = relation.split_ascii_whitespace();
        if self.canonical.len() < MAX_LINKS && relations.clone().any(|name| name.eq_ignore_ascii_case("canonical")) {
            // Text that others write may be in the body.
            let is_in_head = node.ancestors().any(|outer| outer.is(Tag::Head));
            let place = if is_in_head { self.canonical_in_head } else { self.canonical.len() };
            self.canonical.insert(place, address);
            self.canonical_in_head += usize::from(is_in_head);
        } else if self.image.is_none() && relations.any(|name| name.eq_ignore_ascii_case("image_src")) {
            self.image = Some(address);
        }
    }
}
