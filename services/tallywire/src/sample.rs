//! The sample newspaper: twelve invented articles on real-looking pages, and the feeds that announce them.
//!
//! `tallywire sample` serves it on loopback, so that the pipeline can be seen at work without a network. Everything is
//! rendered once, when the [`Site`] is made; serving is then a lookup. The articles, layouts and feeds are files under
//! `sample/`: an article is a front matter and the HTML of its text, a layout is a Mustache template.

mod article;
mod context;
mod document;
mod error;
mod template;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use self::{article::Article, context::Press, document::json_feed, template::Template};

pub(crate) use self::error::SampleError;

/// A file of `sample/` as a template.
macro_rules! template {
    ($path:literal) => {
        Template { name: $path, text: include_str!(concat!("../sample/", $path)) }
    };
}

const LAYOUTS: [Template; 3] =
    [template!("layouts/classic.html"), template!("layouts/broadsheet.html"), template!("layouts/kurier.html")];
const FRONT_PAGE: Template = template!("pages/front.html");
const ABOUT_PAGE: Template = template!("pages/about.html");
const PICTURE: Template = template!("pages/picture.svg");
const STYLESHEET: &str = include_str!("../sample/pages/courier.css");
const ROBOTS: &str = include_str!("../sample/pages/robots.txt");
const FEEDS_TOML: &str = include_str!("../sample/feeds.toml.template");

const HTML: &str = "text/html; charset=utf-8";
const SVG: &str = "image/svg+xml";

/// The feeds, in the order of the front page.
const FEEDS: [Feed; 3] = [
    Feed {
        #[cfg(test)]
        id: "courier-world",
        name: "world",
        title: "The Harbour Courier: World",
        path: "/feeds/world.rss",
        content_type: "application/rss+xml",
        template: Some(template!("feeds/world.rss")),
    },
    Feed {
        #[cfg(test)]
        id: "courier-business",
        name: "business",
        title: "The Harbour Courier: Business",
        path: "/feeds/business.atom",
        content_type: "application/atom+xml",
        template: Some(template!("feeds/business.atom")),
    },
    Feed {
        #[cfg(test)]
        id: "courier-sport",
        name: "sport",
        title: "The Harbour Courier: Sport & Science",
        path: "/feeds/sport.json",
        content_type: "application/feed+json",
        template: None,
    },
];

/// A feed of the sample newspaper.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Feed {
    /// Its id in `feeds.toml`: the template must have it.
    #[cfg(test)]
    pub(crate) id: &'static str,
    /// Its title.
    pub(crate) title: &'static str,
    /// Its path on the site, with a leading slash.
    pub(crate) path: &'static str,
    /// Its media type.
    pub(crate) content_type: &'static str,
    /// What articles call it in their front matter, and its section's anchor on the front page.
    name: &'static str,
    /// The XML that it is made from; a JSON Feed needs none.
    template: Option<Template>,
}

/// What the site answers to a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Page<'a> {
    /// The value of the `Content-Type` header.
    pub(crate) content_type: &'static str,
    /// The body, UTF-8.
    pub(crate) body: &'a str,
}

/// The sample newspaper, rendered.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// Content type and body by path.
    pages: BTreeMap<String, (&'static str, String)>,
    feeds_toml: String,
}

impl Site {
    /// Renders the newspaper for a site at `base_url` (`http://127.0.0.1:8080`, a slash at its end is dropped), as it
    /// stands at the time `now`: the newest article is minutes old, the oldest ten hours.
    ///
    /// # Errors
    /// When `base_url` is no plain `http` or `https` address, or `now` lies at the very beginning of time. A fault in
    /// the files under `sample/` would be an error too; the tests see to it that there is none.
    pub(crate) fn new(base_url: &str, now: Timestamp) -> Result<Self, SampleError> {
        let base = checked_base(base_url)?;
        let press = Press { base, now };
        let articles = article::all()?;
        let cards = articles.iter().map(|article| press.card(article)).collect::<Result<Vec<Value>, _>>()?;
        let site = press.site();

        let mut pages = BTreeMap::new();
        for (index, article) in articles.iter().enumerate() {
            let layout = layout_of(article)?;
            let context = press.page(article, index, &cards)?;
            let card = &cards[index];
            pages.insert(article.path(), (HTML, layout.render(&[&site, card, &context])?));
            pages.insert(article.image_path(), (SVG, PICTURE.render(&[card])?));
        }
        let mut sections = Vec::new();
        for feed in &FEEDS {
            let section = press.feed(feed, &articles, &cards);
            let body = match &feed.template {
                Some(template) => template.render(&[&site, &section])?,
                None => json_feed(base, &section, &articles)?,
            };
            pages.insert(feed.path.to_owned(), (feed.content_type, body));
            sections.push(section);
        }
        let front = json!({ "feeds": sections });
        pages.insert("/".to_owned(), (HTML, FRONT_PAGE.render(&[&site, &front])?));
        pages.insert("/about.html".to_owned(), (HTML, ABOUT_PAGE.render(&[&site])?));
        pages.insert("/assets/courier.css".to_owned(), ("text/css; charset=utf-8", STYLESHEET.to_owned()));
        pages.insert("/robots.txt".to_owned(), ("text/plain; charset=utf-8", ROBOTS.to_owned()));

        Ok(Self { pages, feeds_toml: FEEDS_TOML.replace("{{base}}", base) })
    }

    /// The page at a path with its leading slash; a query and a fragment are ignored. None where there is none.
    pub(crate) fn page(&self, path: &str) -> Option<Page<'_>> {
        let path = path.split(['?', '#']).next()?;
        self.pages.get(path).map(|(content_type, body)| Page { content_type, body })
    }

    /// Every path that is served, in alphabetical order.
    #[cfg(test)]
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.pages.keys().map(String::as_str)
    }

    /// A `feeds.toml` that subscribes to all feeds of the site.
    pub(crate) fn feeds_toml(&self) -> &str {
        &self.feeds_toml
    }
}

/// The base URL without a slash at its end, if it is plain enough to be put into HTML, XML and TOML as it is.
fn checked_base(base_url: &str) -> Result<&str, SampleError> {
    let base = base_url.trim_end_matches('/');
    let authority = base.strip_prefix("http://").or_else(|| base.strip_prefix("https://")).unwrap_or_default();
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || ".:-_~[]/".contains(letter);
    if authority.is_empty() || !authority.chars().all(is_plain) {
        return Err(SampleError::BaseUrl(base_url.to_owned()));
    }
    Ok(base)
}

fn layout_of(article: &Article) -> Result<Template, SampleError> {
    LAYOUTS
        .into_iter()
        .find(|layout| {
            layout.name.strip_prefix("layouts/").and_then(|name| name.strip_suffix(".html")) == Some(article.layout)
        })
        .ok_or_else(|| article.fault(format!("unknown layout {:?}", article.layout)))
}
