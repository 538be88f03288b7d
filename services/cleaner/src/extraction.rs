//! The library's entry: an article out of an HTML page.

use dom_query::Document;
use tallywire_proto::{Moment, Paragraph};
use url::Url;

use crate::{
    CleanError,
    block::{self, Block},
    content, language, limits, metadata,
};

/// What a page says: its article's text, and what it states about it. Absent is `None` or empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extraction {
    /// The headline.
    pub title: Option<String>,
    /// The authors, a name each.
    pub byline: Vec<String>,
    /// The publication's name.
    pub site_name: Option<String>,
    /// ISO 639-1 (639-3 where there is none) code of the text's language.
    pub language: Option<String>,
    /// When it was first published, as precisely as the publisher says.
    pub published_at: Option<Moment>,
    /// When it was last changed, as precisely as the publisher says.
    pub modified_at: Option<Moment>,
    /// The publisher's own summary.
    pub description: Option<String>,
    /// Keywords and sections that the publisher gives.
    pub tags: Vec<String>,
    /// The picture that the publisher shows with the article.
    pub lead_image: Option<Url>,
    /// The page's own canonical link where that is plausible, else its address without tracking parameters.
    pub canonical_url: Option<Url>,
    /// The text, paragraphs separated by a blank line.
    pub text: String,
    /// Where each paragraph stands in `text`, in code points.
    pub paragraphs: Vec<Paragraph>,
}

/// Reads the article on an HTML page; `url` is the page's own address, if there is one.
///
/// ```
/// let html = "<title>Ferry late</title><body><h1>Ferry late</h1>\
///     <p>The ferry came three hours late on Monday, after a storm had closed the harbour.</p></body>";
/// let article = tallywire_cleaner::extract(html, None)?;
/// assert_eq!(article.title.as_deref(), Some("Ferry late"));
/// assert!(article.text.starts_with("The ferry came"));
/// # Ok::<(), tallywire_cleaner::CleanError>(())
/// ```
///
/// # Errors
/// When there is no text on the page, or when it is too large or too deeply nested to be read in about a second.
pub fn extract(html: &str, url: Option<&Url>) -> Result<Extraction, CleanError> {
    limits::check(html)?;
    // The parser drops them as well, at a microsecond each.
    let page = if html.contains('\0') { Document::from(html.replace('\0', "")) } else { Document::from(html) };
    let metadata = metadata::read(&page, url);
    let mut blocks = content::main_content(page);
    block::trim_ends(&mut blocks, metadata.title.as_deref());
    if let Some(body) = &metadata.article_body
        && is_rescued_by(&blocks, body)
    {
        blocks = lines(body);
    }
    if !block::has_words(&blocks) {
        return Err(CleanError::NoText { kind: "HTML", size: html.len() });
    }
    let (text, paragraphs) = block::join(&blocks);
    Ok(Extraction {
        title: metadata.title,
        byline: metadata.byline,
        site_name: metadata.site_name,
        language: language::language(&text, metadata.language.as_deref()),
        published_at: metadata.published_at,
        modified_at: metadata.modified_at,
        description: metadata.description,
        tags: metadata.tags,
        lead_image: metadata.lead_image,
        canonical_url: metadata.canonical_url,
        text,
        paragraphs,
    })
}

/// Whether the text in JSON-LD is used instead of the page's. On most pages it is the worse one, its paragraphs run
/// together; it is a rescue where the page shows only a little of the article.
fn is_rescued_by(blocks: &[Block], body: &str) -> bool {
    const LEAST: usize = 500;
    const TIMES: usize = 3;
    let size: usize = blocks.iter().map(|block| block.text.len()).sum();
    body.len() >= LEAST && body.len() > TIMES * size
}

/// A text that may hold markup, a block a line.
fn lines(text: &str) -> Vec<Block> {
    if text.contains(['<', '&']) && limits::check(text).is_ok() {
        return content::fragment(&text.replace('\n', "<br><br>"));
    }
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(Block::paragraph).collect()
}
