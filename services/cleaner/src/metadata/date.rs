//! When it was published and changed.

use std::cell::OnceCell;

use jiff::{ToSpan, civil::Date};
use tallywire_proto::Moment;

use super::{
    date_order,
    date_text::{DayOrder, moment, stated},
    date_words::month,
    headline_area::{HeadlineArea, Piece},
    marks::Marks,
    sources::{Marked, Sources},
};
use crate::{html::NodeRef, plain};

/// `meta` tags with the date of publication, the surest first.
const PUBLISHED: [&str; 28] = [
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "article:published",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "mediator_published_time",
    "originalpublicationdate",
    "article_date_original",
    "publication_date",
    "publish-date",
    "publish_date",
    "publishdate",
    "published_time",
    "published-date",
    "published",
    "pubdate",
    "rnews:datepublished",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "citation_publication_date",
    "date",
];
/// `meta` tags with the date of the last change. None of them is ever a date of publication.
const MODIFIED: [&str; 7] = [
    "article:modified_time",
    "og:updated_time",
    "article:modified",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
];
/// Marks of elements with the date of publication, the surest first.
const MARKS: [Marks; 3] = [Marks::PUBLISHED, Marks::TIME, Marks::DATE];
/// Elements of one kind that are looked at.
const MAX_ELEMENTS: usize = 10;
/// Text of an element longer than this is more than a date, in bytes.
const MAX_TEXT: usize = 120;
/// Nodes before an element in which its label is looked for.
const FEW_NODES: usize = 5;
/// Nodes of an element that are looked at.
const MAX_NODES: usize = 50;

/// When the page says that the article was published and changed.
pub(super) struct Dates {
    pub(super) published: Option<Moment>,
    pub(super) modified: Option<Moment>,
}

/// Reads both.
pub(super) fn find<'d, 'h>(sources: &Sources<'d, 'h>, area: &HeadlineArea<'d, 'h>, latest: Date) -> Dates {
    let mut finder = Finder { sources, area, order: OnceCell::new(), latest, modified: None };
    finder.modified = finder.modified();
    Dates { published: finder.published(), modified: finder.modified }
}

struct Finder<'s, 'd, 'h> {
    sources: &'s Sources<'d, 'h>,
    area: &'s HeadlineArea<'d, 'h>,
    /// How the page writes dates in numbers, once that has been asked for.
    order: OnceCell<Option<DayOrder>>,
    latest: Date,
    modified: Option<Moment>,
}

impl<'s, 'd, 'h> Finder<'s, 'd, 'h> {
    /// When it was published. What the page says for machines counts first, then the date beside the headline.
    fn published(&self) -> Option<Moment> {
        let (meta, json_ld) = (&self.sources.meta, &self.sources.json_ld);
        let described = json_ld.texts("datePublished").find_map(|text| self.moment(text));
        let named = || meta.iter().filter(|(name, _)| is_published(name)).find_map(|(_, text)| self.moment(text));
        let in_meta = meta.all(&PUBLISHED).find_map(|text| self.moment(&text)).or_else(named);
        let item = self.marked(Marks::PUBLISHED_ITEM).find_map(|marked| self.of_element(marked));
        let Some(sure) = described.or(in_meta).or(item) else {
            let created = ["dateCreated", "uploadDate"];
            let created = created.iter().find_map(|key| self.moment(&json_ld.text(key)?));
            return created
                .or_else(|| self.visible().next())
                .or_else(|| self.beside_byline())
                .or_else(|| self.in_address())
                .or_else(|| self.seen());
        };
        // A page that was not changed since it was published may have been published anew: then an earlier date that it
        // states elsewhere is the first.
        if self.modified.is_some_and(|modified| sure.day() >= modified.day()) {
            let others = in_meta.into_iter().chain(self.visible().next());
            let earlier = others.filter(|other| other.day().saturating_add(1.days()) < sure.day());
            if let Some(first) = earlier.min_by_key(|moment| moment.day()) {
                return Some(first);
            }
        }
        let mut others = in_meta.into_iter().chain(item).chain(self.visible());
        others.find(|other| is_same_in_zone(sure, *other)).or(Some(sure))
    }

    fn modified(&self) -> Option<Moment> {
        let described = self.sources.json_ld.text("dateModified").and_then(|text| self.moment(&text));
        described
            .or_else(|| self.sources.meta.all(&MODIFIED).find_map(|text| self.moment(&text)))
            .or_else(|| self.marked(Marks::MODIFIED_ITEM).find_map(|marked| self.of_element(marked)))
            .or_else(|| self.of_pieces(self.area.pieces(), true).next())
    }

    /// The date in a text; one such as `03/04/2026` only where the rest of the page says which day that is.
    fn moment(&self, text: &str) -> Option<Moment> {
        let is_past = |moment: &Moment| moment.day() <= self.latest;
        if let Some(sure) = moment(text, None) {
            return Some(sure).filter(is_past);
        }
        let read = |order| moment(text, Some(order)).filter(is_past);
        match [read(DayOrder::DayFirst), read(DayOrder::MonthFirst)] {
            [Some(day_first), Some(month_first)] => {
                let known = [self.modified, self.in_address()];
                let is_known = |moment: &Moment| known.iter().flatten().any(|known| known.day() == moment.day());
                match (is_known(&day_first), is_known(&month_first)) {
                    (true, false) => Some(day_first),
                    (false, true) => Some(month_first),
                    _ => match (*self.order.get_or_init(|| date_order::of(self.sources, self.area)))? {
                        DayOrder::DayFirst => Some(day_first),
                        DayOrder::MonthFirst => Some(month_first),
                    },
                }
            }
            // The other day is still to come.
            [one, other] => one.or(other),
        }
    }

    /// The elements with a mark that are about the article, the nearest to the headline first.
    fn marked(&self, marks: Marks) -> impl Iterator<Item = &'s Marked<'d, 'h>> {
        let mut marked: Vec<&Marked<'d, 'h>> = self.sources.marked(self.area, marks).collect();
        marked.sort_by_key(|marked| self.area.distance(marked.node));
        marked.into_iter().take(MAX_ELEMENTS)
    }

    /// The dates beside the headline that are not said to be those of changes, the nearest first.
    fn visible(&self) -> impl Iterator<Item = Moment> {
        self.of_pieces(self.area.pieces(), false)
    }

    /// The date beside the author's name, which may stand below the article.
    fn beside_byline(&self) -> Option<Moment> {
        let marks = [Marks::AUTHOR_ITEM, Marks::BYLINE, Marks::AUTHOR];
        marks.iter().flat_map(|marks| self.marked(*marks)).take(MAX_ELEMENTS).find_map(|marked| {
            let pieces = HeadlineArea::pieces_in(marked.node.parent().unwrap_or(marked.node), MAX_NODES);
            self.of_pieces(&pieces, false).next()
        })
    }

    /// The dates in pieces of text that are said to be those of changes, or those that are not.
    fn of_pieces(&self, pieces: &[Piece<'_>], of_changes: bool) -> impl Iterator<Item = Moment> {
        let mut is_updated = false;
        pieces.iter().filter_map(move |piece| {
            let stated = stated(&piece.text, |text| self.moment(text));
            let found = piece.time.as_deref().and_then(|time| self.moment(time)).or(stated.moment);
            // "Updated" in one element, the date in the next.
            let is_change = stated.is_updated || (is_updated && !stated.is_published);
            is_updated = stated.is_updated && found.is_none();
            found.filter(|_| is_change == of_changes)
        })
    }

    /// The date in elements whose marks say that they hold one.
    fn seen(&self) -> Option<Moment> {
        MARKS.iter().find_map(|marks| {
            self.marked(*marks)
                .filter(|marked| !self.is_about_change(marked))
                .find_map(|marked| self.of_element(marked))
        })
    }

    /// Whether an element says of itself, or the text before it of what follows, that the date is that of a change.
    fn is_about_change(&self, marked: &Marked<'_, '_>) -> bool {
        let id = marked.node.id();
        let before = (id.saturating_sub(FEW_NODES)..id).rev().map(|id| self.sources.page.node(id));
        let label = before.filter_map(NodeRef::raw_text).find(|text| !text.trim_ascii().is_empty());
        let is_label = |text: &str| {
            let stated = stated(text, |text| self.moment(text));
            stated.is_updated && !stated.is_published && stated.moment.is_none()
        };
        label.is_some_and(is_label) || (marked.marks.has(Marks::MODIFIED) && !marked.marks.has(Marks::PUBLISHED))
    }

    fn of_element(&self, marked: &Marked<'_, 'h>) -> Option<Moment> {
        let attribute = |key: &&str| self.moment(&marked.node.attribute(key)?);
        ["datetime", "content", "title"].iter().find_map(attribute).or_else(|| {
            match plain::text_of(marked.node, MAX_TEXT) {
                Some(text) => {
                    let stated = stated(&text, |text| self.moment(text));
                    if stated.is_updated && !stated.is_published { None } else { self.moment(&text) }
                }
                // More than a date: one that stands alone in it.
                None => self.of_pieces(&HeadlineArea::pieces_in(marked.node, MAX_NODES), false).next(),
            }
        })
    }

    /// The day in an address such as `/2026/03/09/storm`, `/2026/march/9/storm` or `/2026-03-09-storm`.
    fn in_address(&self) -> Option<Moment> {
        let url = self.sources.url?;
        let parts: Vec<&str> =
            url.path().split(['/', '-', '_', '+']).filter(|part| !part.is_empty()).take(100).collect();
        parts.windows(3).find_map(|window| {
            let [year, month_part, day] = *window else { return None };
            let number = |part: &str| part.parse().ok().filter(|_| part.len() <= 2);
            let month = number(month_part).or_else(|| month(&month_part.to_lowercase()))?;
            let year = year.parse().ok().filter(|_| year.len() == 4)?;
            let day = Date::new(year, month, number(day)?).ok()?;
            moment(&day.to_string(), None).filter(|moment| moment.day() <= self.latest)
        })
    }
}

/// Whether a moment is another one, which is stated in UTC, in the zone of the place.
fn is_same_in_zone(utc: Moment, local: Moment) -> bool {
    match (utc, local) {
        (Moment::Instant(one, offset), Moment::Instant(other, zone)) => {
            offset.is_zero() && !zone.is_zero() && (one.as_second() - other.as_second()).abs() < 60
        }
        _ => false,
    }
}

/// Whether the name of a `meta` tag says that it holds the date of publication.
fn is_published(name: &str) -> bool {
    (name.contains("publi") || name.contains("pubdate")) && (name.contains("date") || name.contains("time"))
}

#[cfg(test)]
mod tests {
    use url::Url;

    fn published(html: &str, url: Option<&str>) -> Option<String> {
        let url = url.map(|url| Url::parse(url).unwrap());
        crate::metadata::read(&crate::html::parse(html).unwrap(), url.as_ref(), jiff::civil::date(2030, 1, 1))
            .published_at
            .map(|moment| moment.to_string())
    }

    #[test]
    fn the_surest_source_wins() {
        let data = r#"<script type="application/ld+json">{"@type":"Article","datePublished":"2026-03-09T10:00:00+01:00"}</script>"#;
        let meta = "<meta property='article:published_time' content='2026-03-08T10:00:00Z'>";
        let seen = "<time datetime='2026-03-07'>7 March</time>";
        let address = Some("https://n.example/2026/03/06/storm");
        assert_eq!(published(&format!("{data}{meta}{seen}"), address).unwrap(), "2026-03-09T10:00:00+01:00");
        assert_eq!(published(&format!("{meta}{seen}"), address).unwrap(), "2026-03-08T10:00:00Z");
        assert_eq!(published(&format!("<h1>Storm</h1>{seen}"), address).unwrap(), "2026-03-07");
        assert_eq!(published(seen, None).unwrap(), "2026-03-07");
        assert_eq!(published("", address).unwrap(), "2026-03-06");
        assert_eq!(published("", None), None);
    }

    #[test]
    fn a_change_is_no_publication() {
        let html =
            "<meta property='article:modified_time' content='2026-03-08'><time class=updated datetime='2026-03-08'>";
        assert_eq!(published(html, None), None);
        let metadata = crate::metadata::read(&crate::html::parse(html).unwrap(), None, jiff::civil::Date::MAX);
        assert_eq!(metadata.modified_at.unwrap().to_string(), "2026-03-08");
        let html = "<h1>Storm</h1><p>Last updated on <b>9 March 2026</b></p>";
        assert_eq!(published(html, None), None);
        let metadata = crate::metadata::read(&crate::html::parse(html).unwrap(), None, jiff::civil::Date::MAX);
        assert_eq!(metadata.modified_at.unwrap().to_string(), "2026-03-09");
    }

    #[test]
    fn a_date_in_words_is_read() {
        for (html, expected) in [
            ("<span class=post-date>Posted on 9 March 2026</span>", Some("2026-03-09")),
            ("<h1>Storm</h1><p>By A. Ono</p><p>9 March 2026</p>", Some("2026-03-09")),
            ("<h1>Storm</h1><p>A. Ono | Sea | March 9, 2026 | 3 min read</p>", Some("2026-03-09")),
            ("<h1>Sturm</h1><p>Veröffentlicht am 9. März 2026, 14:05 Uhr</p>", Some("2026-03-09T14:05:00")),
            ("<h1>Storm</h1><p>Updated 9 March 2026</p>", None),
            ("<h1>Storm</h1><p><span>Last updated:</span> <time>9 March 2026</time>", None),
            ("<h1>Storm</h1><p>© 9 March 2026</p>", None),
            ("<h1>Storm</h1><p><time datetime=2026-03-09>yesterday</time>", Some("2026-03-09")),
            (
                "<title>Storm hits - Gull</title><b>Storm hits</b><p>9 March 2026</p><p>8 March 2026</p>",
                Some("2026-03-09"),
            ),
            ("<h1>Storm</h1><p>It rained.</p><p>Late.</p><div class=comments><time>9 March 2026</time></div>", None),
        ] {
            assert_eq!(published(html, None).as_deref(), expected, "{html}");
        }
    }

    #[test]
    fn a_page_published_anew_keeps_its_first_date() {
        let anew = r#"<script type="application/ld+json">{"@type":"Article","datePublished":"2026-03-09",
            "dateModified":"2026-03-09"}</script><title>Storm</title><h1>Storm</h1><p>2 January 2025</p>"#;
        assert_eq!(published(anew, None).unwrap(), "2025-01-02");
        let changed = anew.replace("\"dateModified\":\"2026-03-09\"", "\"dateModified\":\"2026-03-11\"");
        assert_eq!(published(&changed, None).unwrap(), "2026-03-09");
    }

    #[test]
    fn the_zone_is_taken_where_it_is_stated() {
        let html = "<meta property='article:published_time' content='2026-03-09T01:00:00Z'><title>Storm</title>\
                    <h1>Storm</h1><time datetime='2026-03-08T20:00:00-05:00'>8 March</time>";
        assert_eq!(published(html, None).unwrap(), "2026-03-08T20:00:00-05:00");
    }

    #[test]
    fn days_in_numbers_are_not_guessed() {
        let page = |lang: &str, more: &str| format!("<html lang={lang}><h1>Storm</h1><p>03/04/2026</p>{more}");
        let other = "<span class=date>25/12/2025</span>";
        for (lang, more, url, expected) in [
            ("en", "", None, None),
            ("en-US", "", None, Some("2026-03-04")),
            ("en-GB", "", None, Some("2026-04-03")),
            ("fr", "", None, Some("2026-04-03")),
            ("en", other, None, Some("2026-04-03")),
            ("en-US", other, None, Some("2026-04-03")),
            ("en-US", "", Some("https://n.co.uk/storm"), Some("2026-04-03")),
            ("en", "<meta property='article:modified_time' content='2026-03-04'>", None, Some("2026-03-04")),
        ] {
            assert_eq!(published(&page(lang, more), url).as_deref(), expected, "{lang} {more} {url:?}");
        }
    }

    #[test]
    fn addresses_have_days() {
        for (address, expected) in [
            ("https://n.example/2026/march/9/storm", Some("2026-03-09")),
            ("https://n.example/a/2026-03-09-storm", Some("2026-03-09")),
            ("https://n.example/2026/03/storm", None),
            ("https://n.example/2026/13/40/storm", None),
        ] {
            assert_eq!(published("", Some(address)).as_deref(), expected, "{address}");
        }
    }

    #[test]
    fn what_is_still_to_come_was_not_published() {
        assert_eq!(published("<meta name=date content='2099-03-09'>", None), None);
        assert_eq!(published("<h1>Storm</h1><p>9 March 2099</p><p>9 March 2026</p>", None).unwrap(), "2026-03-09");
    }
}
