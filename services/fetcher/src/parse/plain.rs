//! Plain text as HTML that shows the same.

use super::reference::escape;

/// The text as HTML: nothing in it is markup, and blank lines part paragraphs.
pub(super) fn to_html(text: &str) -> String {
    let mut paragraphs: Vec<String> = vec![String::new()];
    for line in text.lines() {
        let has_text = paragraphs.last().is_some_and(|paragraph| !paragraph.is_empty());
        match paragraphs.last_mut() {
            _ if line.trim().is_empty() && has_text => paragraphs.push(String::new()),
            Some(paragraph) if !line.trim().is_empty() => {
                if has_text {
                    paragraph.push('\n');
                }
                escape(paragraph, line);
            }
            _ => {}
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    if paragraphs.len() < 2 {
        return paragraphs.concat();
    }
    paragraphs.iter().flat_map(|paragraph| ["<p>", paragraph, "</p>\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup_and_blank_lines_part_paragraphs() {
        assert_eq!(to_html("1 < 2 & \"3\" > 2"), "1 &lt; 2 &amp; \"3\" &gt; 2");
        assert_eq!(to_html("One\ntwo\r\n \r\n\n<b>three\n"), "<p>One\ntwo</p>\n<p>&lt;b&gt;three</p>\n");
        assert_eq!(to_html(" \n"), "");
    }
}
