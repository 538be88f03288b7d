//! Tags: the user's own words for what feeds are about.

/// The most tags of a feed.
pub const MOST_TAGS: usize = 20;

/// The longest tag, in characters.
pub const LONGEST_TAG: usize = 40;

/// What is wrong with the tags of a feed, if anything is, and what is allowed.
pub(super) fn fault(tags: &[String]) -> Option<String> {
    if tags.len() > MOST_TAGS {
        return Some(format!("{} tags; at most {MOST_TAGS} are allowed", tags.len()));
    }
    if let Some(tag) = tags.iter().find(|tag| !is_tag(tag)) {
        return Some(format!(
            "{tag:?} is no tag: 1 to {LONGEST_TAG} characters are allowed, with no space around them, no comma and no slash"
        ));
    }
    let twice = tags.iter().enumerate().find(|(index, tag)| tags.iter().take(*index).any(|other| other == *tag));
    twice.map(|(_, tag)| format!("{tag:?} is there twice; take one of them out"))
}

/// A comma and a slash are what OPML takes for the end of a tag.
fn is_tag(text: &str) -> bool {
    let is_allowed = |next: char| !next.is_control() && !matches!(next, ',' | '/');
    (1..=LONGEST_TAG).contains(&text.chars().count()) && text.trim() == text && text.chars().all(is_allowed)
}

/// Adds the tags of a category or group of another reader: comma-separated, slash-delimited (OPML 2.0, "category").
/// Each level of a category is a tag; what is too long is cut, what is too many is left out.
pub(super) fn add(tags: &mut Vec<String>, category: &str) {
    for part in category.split([',', '/']) {
        let spaced = part.split(|next: char| next.is_whitespace() || next.is_control()).filter(|word| !word.is_empty());
        let tag: String = spaced.collect::<Vec<_>>().join(" ").chars().take(LONGEST_TAG).collect();
        let tag = tag.trim_end();
        if tags.len() < MOST_TAGS && !tag.is_empty() && !tags.iter().any(|other| other == tag) {
            tags.push(tag.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn says_what_is_no_tag() {
        let fault = |tags: &[&str]| fault(&tags.iter().map(|&tag| tag.to_owned()).collect::<Vec<_>>());
        assert_eq!(fault(&["world", "Crisis", "中文", "New York"]), None);
        for bad in ["", " a", "a ", "a,b", "a/b", "a\nb", &"é".repeat(41)] {
            assert!(fault(&["world", bad]).unwrap().contains("is no tag"), "{bad}");
        }
        assert!(fault(&["a", "b", "a"]).unwrap().contains("twice"));
        assert!(fault(&["a"; 21]).unwrap().contains("at most 20"));
    }

    #[test]
    fn a_category_has_a_tag_a_level() {
        let mut tags = vec!["world".to_owned()];
        add(&mut tags, "/Boston/Weather, world,,  New \n York ");
        assert_eq!(tags, ["world", "Boston", "Weather", "New York"]);
    }

    proptest! {
        #[test]
        fn what_is_added_will_do(categories in proptest::collection::vec("[a-c é,/\u{0}\n]{0,60}", 0..30)) {
            let mut tags = Vec::new();
            for category in &categories {
                add(&mut tags, category);
            }
            prop_assert_eq!(fault(&tags), None);
        }
    }
}
