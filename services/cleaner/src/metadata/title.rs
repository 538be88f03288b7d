//! The headline.

use super::Sources;
use crate::{block::folded, plain};

/// The page's headline: its `h1` where the page's title has it too, else JSON-LD's, else the page's title without
/// the site's name.
///
/// The `h1` alone may be the site's logo, and the title alone is shortened or dressed up for search engines; where
/// they agree, it is the headline as readers see it.
pub(crate) fn find(sources: &Sources<'_>, site_name: Option<&str>) -> Option<String> {
    let page_title = sources.page.select_single("title").text();
    let page_title = plain::one_line(&page_title);
    let social = sources.meta.first(&["og:title", "twitter:title"]);
    let headings: Vec<String> =
        sources.page.select("h1").iter().take(20).filter_map(|heading| plain::one_line(&heading.text())).collect();

    agreed(&headings, &[page_title.as_deref(), social.as_deref()], site_name)
        .or_else(|| sources.json_ld.text("headline").as_deref().and_then(plain::plain))
        .or_else(|| social.map(|title| without_site_name(&title, site_name)))
        .or_else(|| page_title.map(|title| without_site_name(&title, site_name)))
        .or_else(|| headings.first().cloned())
}

/// The longest heading that stands in one of the titles, word for word.
fn agreed(headings: &[String], titles: &[Option<&str>], site_name: Option<&str>) -> Option<String> {
    let titles: Vec<String> = titles.iter().flatten().map(|title| format!(" {} ", folded(title))).collect();
    let site_name = site_name.map(folded);
    headings
        .iter()
        .filter(|heading| {
            let heading = folded(heading);
            !heading.is_empty()
                && Some(&heading) != site_name.as_ref()
                && titles.iter().any(|title| title.contains(&format!(" {heading} ")))
        })
        .max_by_key(|heading| heading.len())
        .cloned()
}

/// What separates a headline from the site's name.
const SEPARATORS: [&str; 9] = [" | ", " - ", " – ", " — ", " :: ", " » ", " · ", " • ", " / "];

/// A title without the site's name before or after it.
fn without_site_name(title: &str, site_name: Option<&str>) -> String {
    let site_name = site_name.map(folded);
    let is_site = |part: &str| {
        let part = folded(part);
        // The site may write its name shorter or longer than it does here.
        site_name.as_ref().is_some_and(|name| {
            !part.is_empty() && !name.is_empty() && (name.contains(&part) || part.contains(name.as_str()))
        })
    };
    for separator in SEPARATORS {
        if let Some((headline, last)) = title.rsplit_once(separator)
            && (is_site(last) || (site_name.is_none() && separator == " | "))
        {
            return headline.trim().to_owned();
        }
        if let Some((first, headline)) = title.split_once(separator)
            && is_site(first)
        {
            return headline.trim().to_owned();
        }
    }
    title.to_owned()
}

#[cfg(test)]
mod tests {
    use dom_query::Document;

    fn title(html: &str) -> Option<String> {
        crate::metadata::read(&Document::from(html), None).title
    }

    #[test]
    fn the_heading_counts_where_the_title_has_it() {
        assert_eq!(
            title("<title>Harbour closed after storm - The Gull</title><h1>The Gull</h1><h1>Harbour closed after storm</h1>")
                .unwrap(),
            "Harbour closed after storm"
        );
    }

    #[test]
    fn else_the_title_without_the_site() {
        assert_eq!(
            title(
                "<meta property=og:site_name content='The Gull'><meta property=og:title content='Storm - latest - The Gull'>\
                 <h1>Home</h1>"
            )
            .unwrap(),
            "Storm - latest"
        );
        assert_eq!(title("<title>Storm hits - again</title>").unwrap(), "Storm hits - again");
        assert_eq!(title("<p>text"), None);
    }
}
