//! What a page says about its article, apart from the text.

mod byline;
mod date;
mod date_order;
mod date_text;
mod date_words;
mod headline_area;
mod json_ld;
mod json_mend;
mod marks;
mod meta_tags;
mod people;
mod sources;
mod title;

use std::borrow::Cow;

use jiff::civil::Date;
use tallywire_proto::Moment;
use url::Url;

pub(crate) use people::people;

use crate::{address, html::Document, plain};
use headline_area::HeadlineArea;
use sources::Sources;

/// What a page says about its article.
#[derive(Debug, Default)]
pub(crate) struct Metadata {
    /// The headline.
    pub(crate) title: Option<String>,
    /// The authors, a name each.
    pub(crate) byline: Vec<String>,
    /// The publication's name.
    pub(crate) site_name: Option<String>,
    /// As declared, not yet checked against the text.
    pub(crate) language: Option<String>,
    /// When it was first published.
    pub(crate) published_at: Option<Moment>,
    /// When it was last changed.
    pub(crate) modified_at: Option<Moment>,
    /// The publisher's summary.
    pub(crate) description: Option<String>,
    /// The section of the publication that it stands in.
    pub(crate) section: Option<String>,
    /// Keywords and sections.
    pub(crate) tags: Vec<String>,
    /// The picture that it is shown with.
    pub(crate) lead_image: Option<Url>,
    /// Its own address.
    pub(crate) canonical_url: Option<Url>,
    /// Whether everybody may read it, or only who pays or signs in; `None` where the page does not say.
    pub(crate) is_accessible_for_free: Option<bool>,
    /// The text as JSON-LD has it.
    pub(crate) article_body: Option<String>,
}

/// Reads a page's metadata; dates behind `latest` are of events, or mistakes.
pub(crate) fn read(page: &Document<'_>, url: Option<&Url>, latest: Date) -> Metadata {
    let sources = Sources::read(page, url);
    let site_name = sources.site_name();
    let headline = title::find(&sources, site_name.as_deref());
    let area = HeadlineArea::new(page, headline.heading, headline.text.as_deref(), &sources.asides);
    let dates = date::find(&sources, &area, latest);
    Metadata {
        title: headline.text,
        byline: byline::find(&sources, &area, site_name.as_deref()),
        language: sources.language(),
        published_at: dates.published,
        modified_at: dates.modified,
        description: sources.description(),
        section: sources.section(),
        tags: sources.tags(),
        lead_image: sources.lead_image(),
        canonical_url: sources.canonical_url(),
        is_accessible_for_free: sources.is_accessible_for_free(),
        article_body: sources.json_ld.text("articleBody"),
        site_name,
    }
}

/// Whether a word names a month.
pub(crate) fn is_month(word: &str) -> bool {
    date_words::month(&word.to_lowercase()).is_some()
}

impl Sources<'_, '_> {
    fn site_name(&self) -> Option<String> {
        self.meta
            .first(&["og:site_name"])
            .or_else(|| self.json_ld.name("publisher").as_deref().and_then(plain::plain))
            .or_else(|| self.meta.first(&["application-name", "al:android:app_name"]))
    }

    fn language(&self) -> Option<String> {
        let html = self.page.root().attribute("lang").map(Cow::into_owned);
        html.filter(|tag| !tag.trim().is_empty())
            .or_else(|| self.json_ld.name("inLanguage"))
            .or_else(|| self.meta.first(&["og:locale", "content-language", "language", "dc.language"]))
    }

    fn description(&self) -> Option<String> {
        self.meta
            .first(&["og:description", "description", "twitter:description", "dc.description"])
            .or_else(|| self.json_ld.text("description").as_deref().and_then(plain::plain))
    }

    fn section(&self) -> Option<String> {
        let described = self.json_ld.list("articleSection").iter().find_map(|name| plain::plain(name));
        described.or_else(|| self.meta.first(&["article:section", "parsely-section", "section", "cxenseparse:section"]))
    }

    fn is_accessible_for_free(&self) -> Option<bool> {
        let tier = || self.meta.first(&["article:content_tier", "og:article:content_tier", "content_tier"]);
        self.json_ld.boolean("isAccessibleForFree").or_else(|| match tier()?.to_ascii_lowercase().as_str() {
            "free" => Some(true),
            "locked" | "metered" | "paid" | "premium" => Some(false),
            _ => None,
        })
    }

    fn tags(&self) -> Vec<String> {
        let listed = self.json_ld.list("keywords").into_iter().chain(self.meta.all(&["news_keywords", "keywords"]));
        let whole = self.meta.all(&["article:tag", "article:section"]).chain(self.json_ld.list("articleSection"));
        tags(listed.flat_map(|list| split_list(&list)).chain(whole))
    }

    fn lead_image(&self) -> Option<Url> {
        self.meta
            .all(&["og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"])
            .chain(self.json_ld.url("image"))
            .chain(self.image.as_deref().map(str::to_owned))
            .find_map(|image| address::resolve(self.base.as_ref(), &image))
    }

    fn canonical_url(&self) -> Option<Url> {
        let links = self.canonical.iter().map(|address| address.as_ref().to_owned());
        let claims = links.chain(self.meta.all(&["og:url"]));
        address::canonical(self.url, claims.filter_map(|claim| address::resolve(self.base.as_ref(), &claim)))
    }
}

/// A list of keywords, as in `"storm, harbour; ferries"`.
fn split_list(list: &str) -> Vec<String> {
    list.split([',', ';']).map(str::to_owned).collect()
}

/// The most tags that are kept: pages with more stuff them for search engines.
const MAX_TAGS: usize = 50;
/// The most that are looked at.
const MAX_LISTED: usize = 500;

/// Tags without markup, empty ones and repetitions, in order.
pub(crate) fn tags(raw: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in raw.into_iter().take(MAX_LISTED).filter_map(|tag| plain::plain(&tag)) {
        if tags.len() == MAX_TAGS {
            break;
        }
        if !tags.iter().any(|known| known.to_lowercase() == tag.to_lowercase()) {
            tags.push(tag);
        }
    }
    tags
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;
    use crate::html;

    fn metadata(html: &str) -> Metadata {
        let url = Url::parse("https://n.example/sea/storm-closes-harbour").unwrap();
        read(&html::parse(html).unwrap(), Some(&url), Date::MAX)
    }

    #[test]
    fn the_rest_of_the_head_is_read() {
        let found = metadata(
            "<html lang=en-GB><head><base href='https://n.example/pictures/'><link rel='x canonical' href='/sea/storm-2'>\
             <meta property=og:site_name content='The Gull'><meta name=description content='Ferries &amp;amp; storm'>\
             <meta property=og:image content=a.jpg><meta name=keywords content='storm, Ferry; FERRY'>\
             <meta property=article:section content=Sea><meta property=article:content_tier content=metered></head>",
        );
        assert_eq!(found.site_name.as_deref(), Some("The Gull"));
        assert_eq!(found.language.as_deref(), Some("en-GB"));
        assert_eq!(found.description.as_deref(), Some("Ferries & storm"));
        assert_eq!(found.lead_image.unwrap().as_str(), "https://n.example/pictures/a.jpg");
        assert_eq!(found.canonical_url.unwrap().as_str(), "https://n.example/sea/storm-2");
        assert_eq!(found.tags, ["storm", "Ferry", "Sea"]);
        assert_eq!((found.section.as_deref(), found.is_accessible_for_free), (Some("Sea"), Some(false)));
    }

    #[test]
    fn the_head_says_where_the_page_is() {
        let found = metadata(
            "<head><title>a</title></head><body><link rel=canonical href=/sea/other-storm-now>\
             <meta property=og:url content=/sea/storm-3-now>",
        );
        assert_eq!(found.canonical_url.unwrap().path(), "/sea/other-storm-now");
        let found = metadata(
            "<head><base href=/><link rel=canonical href=/sea/storm-2-now></head><body><link rel=canonical href=/sea/x-y-z>",
        );
        assert_eq!(found.canonical_url.unwrap().path(), "/sea/storm-2-now");
    }

    #[test]
    fn an_empty_page_says_nothing() {
        for html in ["", "<p>text", "<meta>", "<title></title><h1> </h1><meta name=author content=''>"] {
            let found = metadata(html);
            assert!(found.title.is_none() && found.byline.is_empty() && found.published_at.is_none(), "{html}");
            assert!(found.is_accessible_for_free.is_none() && found.tags.is_empty());
        }
    }

    #[test]
    fn hostile_pages_take_no_time() {
        let pieces = [
            "<meta name=author content='Ada Ono'>",
            "<meta property=og:title content=a>",
            "<p class=author>Ada Ono",
            "<p class=author>",
            "<div class='author comment date'>",
            "<a rel=author href=/author/a>x",
            "<i itemprop='author name'>a</i>",
            "<h1>Storm and rain</h1>",
            "<h1>",
            "<time datetime=03/04/2026>03/04/2026</time>",
            "<p class=date>Updated ",
            "<p>written by ",
            "<p>Written by: Ada Ono. ",
            "<title>Storm ",
            "<link rel=canonical href=/a>",
            "<p class=authorauthorauthorpublidatedate>",
            "<script type=ld+json>{\"@type\":\"Article\",\"author\":[\"Ada Ono\"],\"keywords\":\"a,a\"}</script>",
        ];
        for piece in pieces {
            let page = piece.repeat(2_000_000 / piece.len()).chars().take(2_000_000).collect::<String>();
            let page = format!("<title>Storm and rain</title><h1>Storm and rain</h1>{page}");
            let Ok(page) = html::parse(&page) else { continue };
            let start = Instant::now();
            let _ = read(&page, None, Date::MAX);
            assert!(start.elapsed() < Duration::from_secs(20), "{piece} took {:?}", start.elapsed());
        }
    }

    #[test]
    fn long_text_before_a_date_takes_no_time() {
        let page = format!("<title>Storm</title><h1>Storm</h1>{}<time>9 March 2026</time>", "1 ".repeat(1_000_000));
        let page = html::parse(&page).unwrap();
        let start = Instant::now();
        assert_eq!(read(&page, None, Date::MAX).published_at.unwrap().to_string(), "2026-03-09");
        assert!(start.elapsed() < Duration::from_secs(2));
    }

    #[test]
    fn another_article_that_is_described_does_not_count() {
        let other = r#"{"@type":"NewsArticle","@id":"/sea/ferry-late","headline":"Ferry late","author":"Cy Dee"}"#;
        for own in [
            r#"{"@type":"NewsArticle","url":"https://n.example/sea/storm-closes-harbour/#article","author":"Ada Ono"}"#,
            r#"{"@type":"NewsArticle","headline":"Storm in the harbour","author":"Ada Ono"}"#,
        ] {
            let data = format!("<script type='application/ld+json'>[{other},{own}]</script>");
            let found = metadata(&format!("{data}<title>Storm in the harbour - The Gull</title>"));
            assert_eq!(found.byline, ["Ada Ono"], "{own}");
        }
    }

    #[test]
    fn hostile_linked_data_takes_no_time() {
        for piece in ["[{\"a\":", "{\"@type\":\"Article\",", "\"a\",", "[", "{", "\"", "\\", "a:", "{\"@graph\":["] {
            for size in [900_000, 10_000_000 - 200] {
                let page = format!("<script type='application/ld+json'>{}</script>", piece.repeat(size / piece.len()));
                let page = html::parse(&page).unwrap();
                let start = Instant::now();
                let _ = read(&page, None, Date::MAX);
                assert!(start.elapsed() < Duration::from_secs(20), "{piece} took {:?}", start.elapsed());
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_found_is_on_one_line(
            html in "(<(/?(p|h1|title|time|b class=author|p class=byline|i class=date)|meta name=author content='Ada Ono')>|[A-Za-z éİ&\n.,]{1,20}|9 March 2026|By ){0,40}"
        ) {
            let found = metadata(&html);
            for text in found.title.iter().chain(&found.byline) {
                prop_assert!(!text.is_empty() && !text.contains('\n') && text.trim() == text, "{:?}", text);
            }
        }

        #[test]
        fn any_page_is_read(html in "(\\PC|İ){0,300}") {
            let _ = metadata(&html);
        }
    }
}
