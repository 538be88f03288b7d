//! The library's entry: an article out of an HTML page.

use jiff::civil::Date;
use tallywire_proto::{Moment, Paragraph};
use url::Url;

use crate::{
    CleanError,
    block::{self, Block},
    content, html, language, lines, metadata,
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
    /// The section of the publication that it stands in.
    pub section: Option<String>,
    /// Keywords and sections that the publisher gives.
    pub tags: Vec<String>,
    /// The picture that the publisher shows with the article.
    pub lead_image: Option<Url>,
    /// The page's own canonical link where that is plausible, else its address without tracking parameters.
    pub canonical_url: Option<Url>,
    /// Whether everybody may read it, or only who pays or signs in.
    pub is_accessible_for_free: Option<bool>,
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
/// The title is not repeated in the text; where the page has it above the text, it is left out there. The text is in
/// Unicode's normal form C; a line break of the page (`br`) is a line feed, cells of a table's row are separated by a tab.
/// What the page states is believed as it is, also a date of publication that is still to come.
///
/// # Errors
/// - [`CleanError::NoText`]: there is no text on the page, or none that resembles an article's
/// - [`CleanError::TooLarge`]: it has more than 10,000,000 bytes
/// - [`CleanError::TooManyNodes`]: it has more than 1,000,000 elements and pieces of text
/// - [`CleanError::TooComplex`]: mending its misplaced tags would take seconds
pub fn extract(html: &str, url: Option<&Url>) -> Result<Extraction, CleanError> {
    extract_until(html, url, Date::MAX)
}

/// [`extract`] for a page of which it is known on which day it was there: it states no later day of publication.
pub(crate) fn extract_until(html: &str, url: Option<&Url>, latest: Date) -> Result<Extraction, CleanError> {
    let page = html::parse(html)?;
    let metadata = metadata::read(&page, url, latest);
    let mut blocks = content::main_content(&page, metadata.title.as_deref());
    block::trim_ends(&mut blocks, metadata.title.as_deref());
    if let Some(body) = &metadata.article_body
        && is_rescued_by(&blocks, body)
    {
        blocks = lines::of_text(body);
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
        section: metadata.section,
        tags: metadata.tags,
        lead_image: metadata.lead_image,
        canonical_url: metadata.canonical_url,
        is_accessible_for_free: metadata.is_accessible_for_free,
        text,
        paragraphs,
    })
}

/// Whether the text in JSON-LD is used instead of the page's. On most pages it is the worse one, its paragraphs run
/// together; it is a rescue where the page shows only a little of the article.
fn is_rescued_by(blocks: &[Block], body: &str) -> bool {
    const LONG: usize = 500;
    const TIMES: usize = 3;
    let size: usize = blocks.iter().map(|block| block.text.len()).sum();
    body.len() >= LONG && body.len() > TIMES * size
}

/// The lines of a page and the evidence on each, for `training/article-lines`: the names of the numbers, the texts of
/// the lines, and the numbers of each line.
#[cfg(feature = "training")]
pub fn evidence(html: &str) -> Result<content::Rows, CleanError> {
    let page = html::parse(html)?;
    let title = metadata::read(&page, None, Date::MAX).title;
    Ok(content::evidence_on(&page, title.as_deref()))
}
