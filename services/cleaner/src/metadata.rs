//! What a page says about its article, apart from the text.

mod byline;
mod date;
mod date_text;
mod headline_area;
mod json_ld;
mod meta_tags;
mod people;
mod title;

use dom_query::Document;
use tallywire_proto::Moment;
use url::Url;

pub(crate) use people::people;

use crate::{address, plain};
use json_ld::JsonLd;
use meta_tags::MetaTags;

/// What a page says about its article.
#[derive(Debug, Default)]
pub(crate) struct Metadata {
    pub(crate) title: Option<String>,
    pub(crate) byline: Vec<String>,
    pub(crate) site_name: Option<String>,
    /// As declared, not yet checked against the text.
    pub(crate) language: Option<String>,
    pub(crate) published_at: Option<Moment>,
    pub(crate) modified_at: Option<Moment>,
    pub(crate) description: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) lead_image: Option<Url>,
    pub(crate) canonical_url: Option<Url>,
    /// The text as JSON-LD has it.
    pub(crate) article_body: Option<String>,
}

/// What the sources of metadata on one page say.
struct Sources<'p> {
    page: &'p Document,
    url: Option<&'p Url>,
    /// What addresses on the page are relative to.
    base: Option<Url>,
    meta: MetaTags,
    json_ld: JsonLd,
}

/// Reads a page's metadata.
pub(crate) fn read(page: &Document, url: Option<&Url>) -> Metadata {
    let base = match page.base_uri() {
        Some(base) => address::resolve(url, &base).or_else(|| url.cloned()),
        None => url.cloned(),
    };
    let sources = Sources { page, url, base, meta: MetaTags::read(page), json_ld: json_ld::read(page) };
    let site_name = sources.site_name();
    Metadata {
        title: title::find(&sources, site_name.as_deref()),
        byline: byline::find(&sources, site_name.as_deref()),
        language: sources.language(),
        published_at: date::published(&sources),
        modified_at: date::modified(&sources),
        description: sources.description(),
        tags: sources.tags(),
        lead_image: sources.lead_image(),
        canonical_url: sources.canonical_url(),
        article_body: sources.json_ld.text("articleBody"),
        site_name,
    }
}

impl Sources<'_> {
    fn site_name(&self) -> Option<String> {
        self.meta
            .first(&["og:site_name"])
            .or_else(|| self.json_ld.name("publisher").as_deref().and_then(plain::plain))
            .or_else(|| self.meta.first(&["application-name", "al:android:app_name"]))
    }

    fn language(&self) -> Option<String> {
        let html = self.page.select_single("html[lang]").attr("lang").map(|tag| tag.to_string());
        html.filter(|tag| !tag.trim().is_empty())
            .or_else(|| self.json_ld.name("inLanguage"))
            .or_else(|| self.meta.first(&["og:locale", "content-language", "language", "dc.language"]))
    }

    fn description(&self) -> Option<String> {
        self.meta
            .first(&["og:description", "description", "twitter:description", "dc.description"])
            .or_else(|| self.json_ld.text("description").as_deref().and_then(plain::plain))
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
            .chain(self.page.select_single("link[rel=image_src]").attr("href").map(|address| address.to_string()))
            .find_map(|image| address::resolve(self.base.as_ref(), &image))
    }

    fn canonical_url(&self) -> Option<Url> {
        let links = self.page.select("link[rel~=canonical]");
        let links = links.iter().filter_map(|link| link.attr("href")).map(|address| address.to_string());
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

/// Tags without markup, empty ones and repetitions, in order.
pub(crate) fn tags(raw: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in raw.into_iter().filter_map(|tag| plain::plain(&tag)) {
        if tags.len() == MAX_TAGS {
            break;
        }
        if !tags.iter().any(|known| known.to_lowercase() == tag.to_lowercase()) {
            tags.push(tag);
        }
    }
    tags
}
