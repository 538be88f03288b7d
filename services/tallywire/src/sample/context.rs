//! What the templates are filled with.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{
    Feed, SampleError,
    article::Article,
    document::{in_script, json_ld, json_ld_graph},
};

/// How many other articles a page shows beside its own.
const RELATED: usize = 4;
/// How many it shows as the most read.
const MOST_READ: usize = 5;

/// Where and when the newspaper is printed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Press<'a> {
    /// The site's address, without a slash at its end.
    pub(super) base: &'a str,
    /// The time that the articles' ages count from.
    pub(super) now: Timestamp,
}

impl Press<'_> {
    /// What is the same on all pages.
    pub(super) fn site(&self) -> Value {
        json!({ "base": self.base, "year": self.now.strftime("%Y").to_string() })
    }

    /// What an article is shown with, on its page, on others and in feeds.
    pub(super) fn card(&self, article: &Article) -> Result<Value, SampleError> {
        let published = self.minutes_ago(article.minutes_ago)?;
        let updated = match article.updated_minutes_ago {
            Some(minutes) => self.minutes_ago(minutes)?,
            None => published,
        };
        let day_and_time = if article.language == "de" { "%d.%m.%Y, %H:%M Uhr" } else { "%-d %B %Y, %H:%M GMT" };
        let last = article.authors.len().saturating_sub(1);
        let authors = article.authors.iter().enumerate();
        Ok(json!({
            "slug": article.slug,
            "url": format!("{}{}", self.base, article.path()),
            "headline": article.headline,
            "description": article.description,
            "byline": article.authors.join(" and "),
            "authors": authors
                .map(|(index, name)| json!({ "name": name, "separator": if index == last { "" } else { " and " } }))
                .collect::<Vec<_>>(),
            "feed": article.feed,
            "section": article.section,
            "language": article.language,
            "image": format!("{}{}", self.base, article.image_path()),
            "caption": article.caption,
            "credit": article.credit,
            "tags": article.tags.iter().map(|name| json!({ "name": name })).collect::<Vec<_>>(),
            "keywords": article.tags.join(", "),
            "published": rfc3339(published),
            "published_rfc2822": rfc2822(published),
            "published_text": published.strftime(day_and_time).to_string(),
            "updated": rfc3339(updated),
            "updated_text": updated.strftime(day_and_time).to_string(),
            "is_updated": article.updated_minutes_ago.is_some(),
        }))
    }

    /// What only the article's own page shows. `cards` are those of all articles, its own at `index`.
    pub(super) fn page(&self, article: &Article, index: usize, cards: &[Value]) -> Result<Value, SampleError> {
        let card = &cards[index];
        let promo = cards
            .iter()
            .find(|card| card["slug"] == article.read_more)
            .ok_or_else(|| article.fault(format!("read_more names no article: {:?}", article.read_more)))?;
        let others: Vec<&Value> = cards.iter().cycle().skip(index + 1).take(RELATED + MOST_READ).collect();
        let (related, most_read) = others.split_at(RELATED.min(others.len()));
        Ok(json!({
            "body": article.body.render(&[&json!({ "promo": promo })])?,
            "related": related,
            "most_read": most_read,
            "json_ld": in_script(&json_ld(card)),
            "json_ld_graph": in_script(&json_ld_graph(card, self.base)),
        }))
    }

    /// A feed with the cards of its articles, the newest first.
    pub(super) fn feed(&self, feed: &Feed, articles: &[Article], cards: &[Value]) -> Value {
        let mut own: Vec<(&Article, &Value)> =
            articles.iter().zip(cards).filter(|(article, _)| article.feed == feed.name).collect();
        own.sort_by_key(|(article, _)| article.minutes_ago);
        json!({
            "name": feed.name,
            "title": feed.title,
            "mime": feed.content_type,
            "url": format!("{}{}", self.base, feed.path),
            "updated": rfc3339(self.now),
            "updated_rfc2822": rfc2822(self.now),
            "articles": own.into_iter().map(|(_, card)| card).collect::<Vec<_>>(),
        })
    }

    fn minutes_ago(&self, minutes: i64) -> Result<Timestamp, SampleError> {
        self.now.checked_sub(SignedDuration::from_secs(minutes.saturating_mul(60))).map_err(SampleError::Time)
    }
}

/// RFC 3339 in UTC, to the second.
fn rfc3339(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// RFC 2822 with the zone in digits, as RSS has it.
fn rfc2822(time: Timestamp) -> String {
    time.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}
