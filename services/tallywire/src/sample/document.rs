//! The documents that are JSON themselves: JSON-LD in the pages, and the JSON Feed.

use serde_json::{Value, json};

use super::{SampleError, article::Article};

/// The name of the newspaper.
const NAME: &str = "The Harbour Courier";

/// The JSON-LD of an article on its own (<https://schema.org/NewsArticle>).
pub(super) fn json_ld(card: &Value) -> Value {
    let mut article = news_article(card);
    article["@context"] = "https://schema.org".into();
    article
}

/// The JSON-LD of an article among that of its page and site, as some publishers have it.
pub(super) fn json_ld_graph(card: &Value, base: &str) -> Value {
    json!({
        "@context": "https://schema.org",
        "@graph": [
            { "@type": "WebSite", "@id": format!("{base}/#site"), "name": NAME, "url": base },
            {
                "@type": "BreadcrumbList",
                "itemListElement": [{ "@type": "ListItem", "position": 1, "name": card["section"], "item": base }],
            },
            news_article(card),
        ],
    })
}

fn news_article(card: &Value) -> Value {
    json!({
        "@type": "NewsArticle",
        "mainEntityOfPage": { "@type": "WebPage", "@id": card["url"] },
        "headline": card["headline"],
        "description": card["description"],
        "image": [card["image"]],
        "datePublished": card["published"],
        "dateModified": card["updated"],
        "author": with_each_name(&card["authors"], |name| json!({ "@type": "Person", "name": name })),
        "publisher": { "@type": "NewsMediaOrganization", "name": NAME },
        "articleSection": card["section"],
        "keywords": with_each_name(&card["tags"], Value::clone),
        "inLanguage": card["language"],
    })
}

/// JSON for a script element: no `<`, so that nothing in it can end the element.
pub(super) fn in_script(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c")
}

/// A JSON Feed (<https://www.jsonfeed.org/version/1.1/>) with the whole text of each article.
pub(super) fn json_feed(base: &str, feed: &Value, articles: &[Article]) -> Result<String, SampleError> {
    let cards = feed["articles"].as_array().map_or(&[][..], Vec::as_slice);
    let mut items = Vec::with_capacity(cards.len());
    for card in cards {
        // A feed has no promos.
        let body = match articles.iter().find(|article| card["slug"] == article.slug) {
            Some(article) => article.body.render(&[&json!({ "promo": null })])?,
            None => continue,
        };
        items.push(json!({
            "id": card["url"],
            "url": card["url"],
            "title": card["headline"],
            "summary": card["description"],
            "content_html": body,
            "image": card["image"],
            "date_published": card["published"],
            "date_modified": card["updated"],
            "authors": with_each_name(&card["authors"], |name| json!({ "name": name })),
            "tags": with_each_name(&card["tags"], Value::clone),
            "language": card["language"],
        }));
    }
    let document = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed["title"],
        "home_page_url": format!("{base}/"),
        "feed_url": feed["url"],
        "language": "en",
        "items": items,
    });
    Ok(format!("{document:#}\n"))
}

fn with_each_name(list: &Value, make: impl Fn(&Value) -> Value) -> Vec<Value> {
    list.as_array().into_iter().flatten().map(|item| make(&item["name"])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_script() {
        let value = json!({ "headline": "</script><b>" });
        let text = in_script(&value);
        assert!(!text.contains('<'));
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
