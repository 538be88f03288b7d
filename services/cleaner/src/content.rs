//! Where the article stands on a page.

use dom_query::Document;
use dom_smoothie::{Config, Readability};

use crate::{block::Block, markup};

/// The blocks of the page's main content; none where there is no such thing.
///
/// The content is found by `dom_smoothie`, a port of Mozilla's Readability: paragraphs score for their length and
/// commas, scores add up in their ancestors, links and the names of boilerplate count against.
pub(crate) fn main_content(page: Document) -> Vec<Block> {
    // JSON-LD is read on its own, before.
    let config = Config { disable_json_ld: true, ..Config::default() };
    let Ok(mut readability) = Readability::with_document(page, None, Some(config)) else {
        return Vec::new();
    };
    match readability.parse() {
        Ok(article) => fragment(&article.content),
        Err(_) => Vec::new(),
    }
}

/// The blocks of an HTML fragment, all of it.
pub(crate) fn fragment(html: &str) -> Vec<Block> {
    markup::blocks(Document::fragment(html).root())
}
