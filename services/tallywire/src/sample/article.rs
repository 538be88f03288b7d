//! An article's file: `key: value` lines between two `---` lines, then the HTML of its text.

use std::collections::BTreeMap;

use super::{SampleError, template::Template};

/// The article files, the newest news first within a feed.
macro_rules! articles {
    ($($slug:literal),* $(,)?) => {
        [$((concat!("articles/", $slug, ".html"), include_str!(concat!("../../sample/articles/", $slug, ".html")))),*]
    };
}

const FILES: [(&str, &str); 12] = articles![
    "arequipa-earthquake",
    "lake-victoria-ferry",
    "cordoba-election",
    "andalusia-heat-wave",
    "birmingham-water-ruling",
    "georgia-rate-cut",
    "nordkaj-results",
    "weizenernte-magdeburg",
    "london-ontario-strike",
    "newcastle-final",
    "kano-vaccination",
    "kourou-launch",
];

/// An article as its file has it.
#[derive(Clone, Debug)]
pub(super) struct Article {
    file: &'static str,
    pub(super) slug: &'static str,
    pub(super) headline: &'static str,
    pub(super) description: &'static str,
    pub(super) authors: Vec<&'static str>,
    /// The name of the feed that announces it.
    pub(super) feed: &'static str,
    pub(super) section: &'static str,
    /// The name of its layout.
    pub(super) layout: &'static str,
    /// ISO 639-1 code.
    pub(super) language: &'static str,
    /// How long ago it was published.
    pub(super) minutes_ago: i64,
    /// How long ago it was changed, if it was.
    pub(super) updated_minutes_ago: Option<i64>,
    pub(super) caption: &'static str,
    pub(super) credit: &'static str,
    pub(super) tags: Vec<&'static str>,
    /// The slug of the article that the promo within its text is for.
    pub(super) read_more: &'static str,
    /// Its text: a template with a section for the promo.
    pub(super) body: Template,
}

impl Article {
    fn parse(file: &'static str, text: &'static str) -> Result<Self, SampleError> {
        let fault = |reason: String| SampleError::Article { file, reason };
        let (front_matter, body) = text
            .strip_prefix("---\n")
            .and_then(|rest| rest.split_once("\n---\n"))
            .ok_or_else(|| fault("no front matter between two lines of ---".to_owned()))?;
        let keys: BTreeMap<&str, &str> = front_matter
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once(": "))
            .collect();
        let required = |key: &str| keys.get(key).copied().ok_or_else(|| fault(format!("no {key}")));
        let list = |key: &str| required(key).map(|value| value.split("; ").collect());
        let minutes = |key: &str, value: &str| {
            value.parse().map_err(|_| fault(format!("{key} is {value:?}, not a number of minutes")))
        };
        Ok(Self {
            file,
            slug: required("slug")?,
            headline: required("headline")?,
            description: required("description")?,
            authors: list("authors")?,
            feed: required("feed")?,
            section: required("section")?,
            layout: required("layout")?,
            language: required("language")?,
            minutes_ago: minutes("minutes_ago", required("minutes_ago")?)?,
            updated_minutes_ago: match keys.get("updated_minutes_ago") {
                Some(value) => Some(minutes("updated_minutes_ago", value)?),
                None => None,
            },
            caption: required("caption")?,
            credit: required("credit")?,
            tags: list("tags")?,
            read_more: required("read_more")?,
            body: Template { name: file, text: body },
        })
    }

    /// Its page's path.
    pub(super) fn path(&self) -> String {
        format!("/news/{}.html", self.slug)
    }

    /// Its picture's path; without an extension, as image servers have it.
    pub(super) fn image_path(&self) -> String {
        format!("/images/{}-1200x675", self.slug)
    }

    /// An error about its file.
    pub(super) fn fault(&self, reason: String) -> SampleError {
        SampleError::Article { file: self.file, reason }
    }
}

/// All articles.
pub(super) fn all() -> Result<Vec<Article>, SampleError> {
    FILES.into_iter().map(|(file, text)| Article::parse(file, text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_names_the_file_and_the_key() {
        let error = |text| Article::parse("articles/x.html", text).unwrap_err().to_string();
        assert_eq!(error("<p>no front matter</p>"), "sample/articles/x.html: no front matter between two lines of ---");
        assert_eq!(error("---\n# comment: here\nheadline: a: b\n---\n<p>x</p>"), "sample/articles/x.html: no slug");
    }

    #[test]
    fn the_file_is_named_as_the_slug() {
        for article in all().unwrap() {
            assert_eq!(article.file, format!("articles/{}.html", article.slug));
        }
    }
}
