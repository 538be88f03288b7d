//! When it was published and changed.

use std::cell::OnceCell;

use jiff::{ToSpan, civil::Date};
use tallywire_proto::Moment;

use super::{
    date_order,
    date_text::{DayOrder, Stated, moment, stated},
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
/// Marks of elements that hold the article's date and nothing else.
const DATED: Marks = Marks::PUBLISHED_ITEM.with(Marks::PUBLISHED).with(Marks::TIME).with(Marks::DATE);
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

/// A date, and what the page says of it.
struct Dated {
    moment: Moment,
    /// It is that of a change.
    is_change: bool,
    /// The page says that it is the article's, and says so before its text.
    is_sure: bool,
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
            // Dates are in headings and captions too.
            let first = self.dated(self.area.pieces()).find(|dated| dated.is_sure && !dated.is_change);
            let others = in_meta.into_iter().chain(first.map(|dated| dated.moment));
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
        self.dated(pieces).filter(move |dated| dated.is_change == of_changes).map(|dated| dated.moment)
    }

    /// The dates in pieces of text, and what is said of each.
    fn dated(&self, pieces: &[Piece<'_>]) -> impl Iterator<Item = Dated> {
        let (mut is_updated, mut is_published) = (false, false);
        pieces.iter().flat_map(|piece| self.stated_in(piece).into_iter().map(move |stated| (piece, stated))).filter_map(
            move |(piece, stated)| {
                let marks = piece.marks;
                // "Updated" in one element, the date in the next.
                let is_change = stated.is_updated || (!stated.is_published && (is_updated || marks.is_change()));
                is_updated = stated.is_updated && stated.moment.is_none();
                let is_sure = piece.is_early && (stated.is_published || is_published || marks.has(DATED));
                is_published = stated.is_published && stated.moment.is_none();
                Some(Dated { moment: stated.moment?, is_change, is_sure })
            },
        )
    }

    /// What a piece of text says about dates; that of the element `time` around it is exact.
    fn stated_in(&self, piece: &Piece<'_>) -> Vec<Stated> {
        let parts = stated(&piece.text, |text| self.moment(text));
        let Some(exact) = piece.time.as_deref().and_then(|time| self.moment(time)) else { return parts };
        let dated = parts.iter().find(|part| part.moment.is_some()).or(parts.first()).copied();
        vec![Stated { moment: Some(exact), ..dated.unwrap_or_default() }]
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
        // What stands last in it is next to the element.
        let label = label.and_then(|text| stated(text, |text| self.moment(text)).pop());
        label.is_some_and(|label| label.is_of_change() && label.moment.is_none()) || marked.marks.is_change()
    }

    fn of_element(&self, marked: &Marked<'_, 'h>) -> Option<Moment> {
        let attribute = |key: &&str| self.moment(&marked.node.attribute(key)?);
        ["datetime", "content", "title"].iter().find_map(attribute).or_else(|| {
            match plain::text_of(marked.node, MAX_TEXT) {
                Some(text) => {
                    let parts = stated(&text, |text| self.moment(text));
                    if parts.iter().any(Stated::is_of_change) {
                        return parts.iter().filter(|part| !part.is_of_change()).find_map(|part| part.moment);
                    }
                    self.moment(&text)
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

/// Whether the name of a `meta` tag, in lower case, says that it holds the date of publication.
fn is_published(name: &str) -> bool {
    let is_other = ["updat", "modif", "unpubl", "republ", "expir"].iter().any(|other| name.contains(other));
    let mut words = name.split(|character: char| !character.is_alphanumeric());
    let is_first = words.clone().any(|word| {
        word.contains("publish") && !word.contains("publisher") || word.contains("publica") || word.contains("pubdate")
    });
    // Words are often joined: "publishdate".
    let is_date = words.any(|word| ["date", "time"].iter().any(|kind| word.starts_with(kind) || word.ends_with(kind)));
    is_first && is_date && !is_other
}

#[cfg(test)]
mod tests;
