//! When it was published and changed.

use dom_query::NodeRef;
use tallywire_proto::Moment;
use url::Url;

use super::{
    Sources,
    date_text::{bare_moment, moment},
    headline_area,
};

/// `meta` tags with the date of publication, the surest first.
const PUBLISHED: [&str; 26] = [
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
    "pubdate",
    "rnews:datepublished",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
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
/// Elements with the date of publication.
const ELEMENTS: [&str; 4] = [
    "[itemprop~=datePublished]",
    "time[pubdate], time[class*=publi], time[class*=entry-date], [class*=publi] time[datetime], abbr.published",
    "time[datetime]",
    "[class*=pubdate], [class*=publish-date], [class*=published], [class*=post-date], [class*=entry-date], \
     [class*=article-date], [class*=posted-on], [class*=timestamp], [class*=dateline], [class~=date], [class~=time], time",
];
/// Elements of one selector that are looked at.
const MAX_ELEMENTS: usize = 10;
/// Text of an element longer than this is more than a date.
const MAX_TEXT: usize = 120;

/// When the page says that the article was published.
pub(crate) fn published(sources: &Sources<'_>) -> Option<Moment> {
    let described = ["datePublished", "dateCreated", "uploadDate"];
    described
        .iter()
        .find_map(|key| moment(&sources.json_ld.text(key)?))
        .or_else(|| sources.meta.all(&PUBLISHED).find_map(|text| moment(&text)))
        .or_else(|| sources.meta.contents(is_published).find_map(moment))
        .or_else(|| seen(sources))
        .or_else(|| headline_area::pieces(sources.page).iter().find_map(|text| bare_moment(text)))
        .or_else(|| sources.url.and_then(in_address))
}

/// Whether the name of a `meta` tag says that it holds the date of publication.
fn is_published(name: &str) -> bool {
    (name.contains("publi") || name.contains("pubdate")) && (name.contains("date") || name.contains("time"))
}

/// When the page says that it was last changed.
pub(crate) fn modified(sources: &Sources<'_>) -> Option<Moment> {
    sources
        .json_ld
        .text("dateModified")
        .and_then(|text| moment(&text))
        .or_else(|| sources.meta.all(&MODIFIED).find_map(|text| moment(&text)))
        .or_else(|| sources.page.select("[itemprop~=dateModified]").nodes().first().and_then(of_element))
}

/// The date that readers see.
fn seen(sources: &Sources<'_>) -> Option<Moment> {
    ELEMENTS.iter().find_map(|selector| {
        let selection = sources.page.select(selector);
        selection.nodes().iter().take(MAX_ELEMENTS).filter(|node| !is_about_change(node)).find_map(of_element)
    })
}

fn of_element(node: &NodeRef<'_>) -> Option<Moment> {
    let stated = ["datetime", "content", "title"].iter().find_map(|key| moment(&node.attr(key)?));
    stated.or_else(|| {
        let text = node.text();
        moment(&text).filter(|_| text.trim().len() <= MAX_TEXT)
    })
}

fn is_about_change(node: &NodeRef<'_>) -> bool {
    ["class", "itemprop"].iter().filter_map(|key| node.attr(key)).any(|value| {
        let value = value.to_ascii_lowercase();
        let published = value.contains("publi");
        !published && (value.contains("modif") || value.contains("update"))
    })
}

/// The day in an address such as `/2026/03/09/storm` or `/2026-03-09-storm`.
fn in_address(url: &Url) -> Option<Moment> {
    let path = url.path();
    let digits: Vec<&str> = path.split(['/', '-', '_']).collect();
    digits.windows(3).find_map(|window| {
        let [year, month, day] = window else { return None };
        (year.len() == 4 && month.len() <= 2 && day.len() <= 2)
            .then(|| format!("{year}-{month:0>2}-{day:0>2}"))
            .filter(|text| text.bytes().filter(u8::is_ascii_digit).count() == 8)
            .and_then(|text| moment(&text))
    })
}

#[cfg(test)]
mod tests {
    use dom_query::Document;

    use super::*;

    fn published(html: &str, url: Option<&str>) -> Option<String> {
        let url = url.map(|url| Url::parse(url).unwrap());
        crate::metadata::read(&Document::from(html), url.as_ref()).published_at.map(|moment| moment.to_string())
    }

    #[test]
    fn the_surest_source_wins() {
        let data = r#"<script type="application/ld+json">{"@type":"Article","datePublished":"2026-03-09T10:00:00+01:00"}</script>"#;
        let meta = "<meta property='article:published_time' content='2026-03-08T10:00:00Z'>";
        let seen = "<time datetime='2026-03-07'>7 March</time>";
        let address = Some("https://n.example/2026/03/06/storm");
        assert_eq!(published(&format!("{data}{meta}{seen}"), address).unwrap(), "2026-03-09T10:00:00+01:00");
        assert_eq!(published(&format!("{meta}{seen}"), address).unwrap(), "2026-03-08T10:00:00Z");
        assert_eq!(published(seen, address).unwrap(), "2026-03-07");
        assert_eq!(published("", address).unwrap(), "2026-03-06");
        assert_eq!(published("", None), None);
    }

    #[test]
    fn a_change_is_no_publication() {
        let html =
            "<meta property='article:modified_time' content='2026-03-08'><time class=updated datetime='2026-03-08'>";
        assert_eq!(published(html, None), None);
        let metadata = crate::metadata::read(&Document::from(html), None);
        assert_eq!(metadata.modified_at.unwrap().to_string(), "2026-03-08");
    }

    #[test]
    fn a_date_in_words_is_read() {
        assert_eq!(published("<span class=post-date>Posted on 9 March 2026</span>", None).unwrap(), "2026-03-09");
        assert_eq!(published("<h1>Storm</h1><p>By A. Ono</p><p>9 March 2026</p>", None).unwrap(), "2026-03-09");
        assert_eq!(published("<h1>Storm</h1><p>Updated 9 March 2026</p>", None), None);
    }
}
