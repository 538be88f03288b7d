//! What stands around the headline without saying what it is: "By Ada Ono", "9 March 2026".

use dom_query::{Document, NodeRef};

use crate::plain;

/// Pieces of text before and behind the headline that are looked at.
const BEFORE: usize = 12;
const BEHIND: usize = 40;
/// Pieces of text longer than this are the article's.
const LONGEST: usize = 80;

/// The short pieces of text around the page's `h1`, those behind it first, in the order of their distance; none
/// without an `h1`.
pub(crate) fn pieces(page: &Document) -> Vec<String> {
    let heading = page.select_single("h1");
    let Some(heading) = heading.nodes().first() else { return Vec::new() };
    let mut texts: Vec<String> = Vec::new();
    let mut headline_at = None;
    let mut node = page.root();
    loop {
        if node.id == heading.id {
            headline_at = Some(texts.len());
        } else if let Some(child) = node.first_child().filter(|_| !is_hidden(&node)) {
            node = child;
            continue;
        } else if node.is_text()
            && let Some(text) = plain::one_line(&node.text())
        {
            texts.push(text);
        }
        if headline_at.is_some_and(|at| texts.len() >= at + BEHIND) {
            break;
        }
        let Some(next) = next_after(node) else { break };
        node = next;
    }
    let behind = texts.split_off(headline_at.unwrap_or(texts.len()));
    let before = texts.into_iter().rev().take(BEFORE);
    behind.into_iter().chain(before).filter(|text| text.len() <= LONGEST).collect()
}

fn is_hidden(node: &NodeRef<'_>) -> bool {
    ["script", "style", "template", "head", "svg", "select"].iter().any(|name| node.has_name(name))
}

/// The node behind another one and all that is in it.
fn next_after(mut node: NodeRef<'_>) -> Option<NodeRef<'_>> {
    loop {
        if let Some(next) = node.next_sibling() {
            return Some(next);
        }
        node = node.parent()?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_come_in_the_order_of_their_distance() {
        let page = Document::from("<p>far</p><p>near</p><h1>Head</h1><p>first <b>second</b></p><script>x</script>");
        assert_eq!(pieces(&page), ["first", "second", "near", "far"]);
        assert!(pieces(&Document::from("<p>text")).is_empty());
    }
}
