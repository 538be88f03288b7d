//! Plain text out of what may hold markup or entities: titles of feeds, values of JSON-LD.

use dom_query::Document;

use crate::{limits, markup};

/// The text on one line, markup and entities resolved; `None` where nothing is left.
pub(crate) fn plain(text: &str) -> Option<String> {
    if !text.contains(['<', '&']) {
        return one_line(text);
    }
    limits::check(text).ok()?;
    let blocks = markup::blocks(Document::fragment(text).root());
    let texts: Vec<&str> = blocks.iter().map(|block| block.text.as_str()).collect();
    one_line(&texts.join(" "))
}

/// The words of a text with one space between them; `None` where there are none.
pub(crate) fn one_line(text: &str) -> Option<String> {
    let mut line = String::with_capacity(text.len());
    for word in text.split(|character: char| character.is_whitespace() || character.is_control()) {
        if !word.is_empty() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    (!line.is_empty()).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolves_markup_and_entities() {
        assert_eq!(plain("Ono &amp; Sons\n<b>r</b>ise &#8217;til noon").unwrap(), "Ono & Sons rise ’til noon");
        assert_eq!(plain("3 < 5").unwrap(), "3 < 5");
        assert_eq!(plain(" \n<br>"), None);
    }
}
