//! Feeds from and to other readers: OPML 2.0.

use opml::{OPML, Outline};
use url::Url;

use super::{Feed, FullText, id_for};

/// The text is no OPML, or cannot be written as such.
#[derive(Debug, thiserror::Error)]
#[error("OPML: {0}")]
pub struct OutlineError(#[from] opml::Error);

/// The feeds of an OPML document, in its order, with ids that none of the feeds present has. Feeds whose address is
/// present already, or is none, are left out.
///
/// # Errors
/// When it is no OPML.
pub fn import(text: &str, present: &[Feed]) -> Result<Vec<Feed>, OutlineError> {
    let document = OPML::from_str(text)?;
    let mut all = present.to_vec();
    // A stack, not recursion: how deep the groups go is up to the document.
    let mut waiting: Vec<Outline> = document.body.outlines.into_iter().rev().collect();
    while let Some(outline) = waiting.pop() {
        waiting.extend(outline.outlines.into_iter().rev());
        let Some(url) = outline.xml_url.as_deref().and_then(|url| Url::parse(url.trim()).ok()) else { continue };
        if !matches!(url.scheme(), "http" | "https") || all.iter().any(|feed| feed.url == url) {
            continue;
        }
        let title = outline.title.as_deref().or(Some(outline.text.as_str())).filter(|title| !title.is_empty());
        all.push(Feed {
            id: id_for(title, &url, &all),
            url,
            interval: None,
            full_text: FullText::Auto,
            enabled: true,
            headers: std::collections::BTreeMap::new(),
        });
    }
    Ok(all.split_off(present.len()))
}

/// The feeds as an OPML document.
///
/// # Errors
/// When it cannot be written.
pub fn export(feeds: &[Feed]) -> Result<String, OutlineError> {
    let mut document = OPML::default();
    for feed in feeds {
        document.body.outlines.push(Outline {
            text: feed.id.clone(),
            title: Some(feed.id.clone()),
            r#type: Some("rss".to_owned()),
            xml_url: Some(feed.url.to_string()),
            ..Outline::default()
        });
    }
    Ok(document.to_string()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_groups_and_exports_what_it_imported() {
        let text = r#"<?xml version="1.0"?><opml version="2.0"><head/><body><outline text="News">
            <outline text="One" type="rss" xmlUrl="https://one.example/rss"/>
            <outline text="One" type="rss" xmlUrl="https://two.example/rss"/>
            <outline text="Again" type="rss" xmlUrl="https://one.example/rss"/>
            <outline text="Local" type="rss" xmlUrl="file:///etc/passwd"/></outline></body></opml>"#;
        let feeds = import(text, &[]).unwrap();
        let ids: Vec<&str> = feeds.iter().map(|feed| feed.id.as_str()).collect();
        assert_eq!(ids, ["one", "one-2"]);
        let again = import(&export(&feeds).unwrap(), &[]).unwrap();
        assert_eq!(again, feeds);
        assert_eq!(import(text, &feeds).unwrap(), []);
        assert!(import("<html/>", &[]).is_err());
    }
}
