//! The headline.

use std::collections::HashSet;

use super::Sources;
use crate::{block::folded, html::NodeRef, plain};

/// The page's headline: its `h1` where that is about the same as the page's title, else JSON-LD's headline, else the
/// page's title without the site's name.
///
/// The `h1` alone may be the site's logo, and the title alone is shortened or dressed up for search engines; where
/// they agree, the `h1` is the headline as readers see it.
pub(super) fn find<'d, 'h>(sources: &Sources<'d, 'h>, site_name: Option<&str>) -> Headline<'d, 'h> {
    let page_title = sources.title.and_then(|title| plain::text_of(title, MAX_HEADING));
    let social = sources.meta.first(&["og:title", "twitter:title"]).filter(|text| text.len() <= MAX_HEADING);
    let headings: Vec<(NodeRef<'d, 'h>, String)> = sources
        .headings
        .iter()
        .filter_map(|heading| Some((*heading, plain::text_of(*heading, MAX_HEADING)?)))
        .collect();
    let is_short = |text: &String| text.len() <= MAX_HEADING;
    let described = sources.json_ld.text("headline").filter(is_short).as_deref().and_then(plain::plain);
    let titles = [page_title.as_deref(), social.as_deref(), described.as_deref()];
    // Where the headline itself is stated, other parts of the title are the site's name or a section's.
    let headings: Vec<_> = match described.as_deref().or(social.as_deref()) {
        Some(stated) => headings
            .into_iter()
            .filter(|heading| {
                !page_title.as_deref().is_some_and(|title| is_lesser_part(title, &heading.1))
                    || has_words(&folded(stated), &folded(&heading.1))
                    || alike(std::slice::from_ref(heading), &[Some(stated)], site_name).is_some()
            })
            .collect(),
        None => headings,
    };
    // What ends the title may be the site's name, and a heading that says only that its logo.
    let last = page_title.as_deref().and_then(last_part).map(folded);
    let (logos, others): (Vec<_>, Vec<_>) =
        headings.iter().cloned().partition(|(_, text)| last.as_ref() == Some(&folded(text)));
    let chosen = agreed(&others, &titles[..2], site_name)
        .or_else(|| alike(&others, &titles, site_name))
        .or_else(|| agreed(&logos, &titles[..2], site_name));
    if let Some((heading, text)) = chosen {
        return Headline { text: Some(text.clone()), heading: Some(*heading) };
    }
    let text = described
        .or_else(|| social.map(|title| without_site_name(&title, site_name)))
        .or_else(|| page_title.map(|title| without_site_name(&title, site_name)))
        .or_else(|| headings.first().map(|(_, text)| text.clone()));
    Headline { text, heading: None }
}

/// The headline, and the element that it was found in.
pub(super) struct Headline<'d, 'h> {
    pub(super) text: Option<String>,
    pub(super) heading: Option<NodeRef<'d, 'h>>,
}

/// A longer heading is none.
pub(super) const MAX_HEADING: usize = 1_000;

/// The longest heading that stands in one of the titles, word for word.
fn agreed<'a, N>(
    headings: &'a [(N, String)],
    titles: &[Option<&str>],
    site_name: Option<&str>,
) -> Option<&'a (N, String)> {
    let titles: Vec<String> = titles.iter().flatten().map(|title| format!(" {} ", folded(title))).collect();
    let site_name = site_name.map(folded);
    headings
        .iter()
        // The first of equals.
        .rev()
        .filter(|(_, heading)| {
            let heading = folded(heading);
            !heading.is_empty()
                && Some(&heading) != site_name.as_ref()
                && titles.iter().any(|title| title.contains(&format!(" {heading} ")))
        })
        .max_by_key(|(_, heading)| heading.len())
}

/// The heading that has most words in common with one of the titles, if it is about the same thing: titles are
/// rewritten for search engines and shortened, headings are what readers see.
fn alike<'a, N>(
    headings: &'a [(N, String)],
    titles: &[Option<&str>],
    site_name: Option<&str>,
) -> Option<&'a (N, String)> {
    let site = words(site_name.unwrap_or_default());
    let titles: Vec<HashSet<String>> =
        titles.iter().flatten().map(|title| words(title).difference(&site).cloned().collect()).collect();
    let alikeness = |heading: &str| {
        let heading: HashSet<String> = words(heading).difference(&site).cloned().collect();
        let shared = |title: &HashSet<String>| {
            let shared = title.intersection(&heading).count();
            let least = title.len().min(heading.len());
            if shared >= MIN_SHARED && shared * 100 >= least * MIN_PERCENT { shared * 100 / least } else { 0 }
        };
        titles.iter().map(shared).max().unwrap_or(0)
    };
    let rated = headings.iter().map(|heading| (alikeness(&heading.1), heading)).filter(|(rate, _)| *rate > 0);
    // The first of equals.
    rated.rev().max_by_key(|(rate, _)| *rate).map(|(_, heading)| heading)
}

/// A heading about the same thing as a title shares at least so many words with it.
const MIN_SHARED: usize = 2;
/// And so many of a hundred words of the shorter one.
const MIN_PERCENT: usize = 40;

/// The words of a text that are not too short to say anything.
fn words(text: &str) -> HashSet<String> {
    folded(text).split(' ').filter(|word| word.len() > 2).map(str::to_owned).collect()
}

/// What separates a headline from the site's name.
const SEPARATORS: [&str; 9] = [" | ", " - ", " – ", " — ", " :: ", " » ", " · ", " • ", " / "];

/// What stands behind the last separator of a title.
fn last_part(title: &str) -> Option<&str> {
    let ends = SEPARATORS.iter().filter_map(|separator| title.rsplit_once(separator));
    ends.map(|(_, last)| last).min_by_key(|last| last.len())
}

/// What stands before the last separator of a title.
pub(super) fn without_last_part(title: &str) -> Option<&str> {
    let starts = SEPARATORS.iter().filter_map(|separator| title.rsplit_once(separator));
    starts.map(|(start, _)| start).max_by_key(|start| start.len())
}

/// Names of one site differ by no more words than this.
const MAX_MORE_WORDS: usize = 2;

/// Whether a folded text has another one in it, in whole words.
pub(super) fn has_words(text: &str, part: &str) -> bool {
    format!(" {text} ").contains(&format!(" {part} "))
}

/// Whether a heading is only one of the parts between a title's separators, and not the longest.
fn is_lesser_part(title: &str, heading: &str) -> bool {
    let heading = folded(heading);
    let mut parts = vec![title];
    for separator in SEPARATORS {
        parts = parts.into_iter().flat_map(|part| part.split(separator)).collect();
    }
    let longest = parts.iter().map(|part| part.len()).max().unwrap_or(0);
    parts.iter().any(|part| part.len() < longest && folded(part) == heading)
}

/// A title without the site's name before or after it.
fn without_site_name(title: &str, site_name: Option<&str>) -> String {
    let site_name = site_name.map(folded);
    let is_site = |part: &str| {
        let part = folded(part);
        // The site may write its name a little shorter or longer than it does here.
        site_name.as_ref().is_some_and(|name| {
            let (short, long) = if part.len() < name.len() { (&part, name) } else { (name, &part) };
            let more = long.split(' ').count().saturating_sub(short.split(' ').count());
            !short.is_empty() && more <= MAX_MORE_WORDS && has_words(long, short)
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
    fn title(html: &str) -> Option<String> {
        crate::metadata::read(&crate::html::parse(html).unwrap(), None, jiff::civil::Date::MAX).title
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
    fn a_heading_is_not_the_site_or_a_section() {
        let social = "<meta property=og:title content='Storm closes harbour'>";
        let data =
            "<script type=application/ld+json>{\"@type\":\"Article\",\"headline\":\"Storm closes harbour\"}</script>";
        for stated in [social, data] {
            for heads in [
                "<title>Storm closes harbour - The Gull</title><h1>The Gull</h1><h2>Storm closes harbour</h2>",
                "<title>Storm closes harbour | Sport | The Gull</title><h1>Sport</h1>",
            ] {
                assert_eq!(title(&format!("{stated}{heads}")).unwrap(), "Storm closes harbour", "{stated}{heads}");
            }
        }
        let dressed = "<meta property=og:site_name content=Gull>\
                       <meta property=og:title content='Analysis - How the Gull was sold to its readers'>";
        assert_eq!(title(dressed).unwrap(), "Analysis - How the Gull was sold to its readers");
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

    #[test]
    fn a_heading_like_the_title_is_what_readers_see() {
        let html = "<title>Harbour storm: ferries torn loose | The Gull</title><h1>The Gull</h1>\
                    <h1>Storm tears two ferries loose in the harbour</h1><h1>Most read</h1>";
        assert_eq!(title(html).unwrap(), "Storm tears two ferries loose in the harbour");
        let other = "<title>Storm in the harbour</title><h1>Weather and more</h1>";
        assert_eq!(title(other).unwrap(), "Storm in the harbour");
        let boxed = "<title>Ferries late after storm</title><p>It rained.</p><div class=related><h1>Ferries late after the storm</h1></div>\
                     <p>The ferries came late.</p><p>Nobody was hurt.</p>";
        assert_eq!(title(boxed).unwrap(), "Ferries late after storm");
    }

    #[test]
    fn lines_of_a_heading_are_apart() {
        assert_eq!(title("<title>Ferry late again</title><h1>Ferry late<br>again</h1>").unwrap(), "Ferry late again");
    }
}
