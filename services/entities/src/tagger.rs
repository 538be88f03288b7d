//! The stage's function.

use tallywire_proto::{Cleaned, Entity, Quote, Tagged};
use tallywire_text::CodePoints;

use crate::{
    gazetteer::Gazetteer,
    lexicon::Lexicon,
    locate::{Hint, country_of_url},
    model::{Fast, Model, ModelError},
    names::{Name, add_own, known_names, names},
    own_names::OwnNames,
    quotes::quotes,
    resolve::{resolve, settle_kinds},
    roles::add_roles,
    salience::set_salience,
    words::Words,
};

/// Finds the people, organizations and places of an article, and whom it quotes.
///
/// Building one reads the embedded data (some milliseconds): build one, and use it for all articles.
pub struct Tagger {
    lexicon: Lexicon,
    gazetteer: Gazetteer,
    model: Box<dyn Model>,
    own: OwnNames,
}

/// What is known of a text before it is read.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Origin<'a> {
    /// Its language, an ISO 639 code.
    pub language: Option<&'a str>,
    /// The country that it is from or for, an ISO 3166-1 alpha-2 code: of places of one name, those in it are likelier.
    pub country: Option<&'a str>,
}

/// What was read in a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The people, organizations and places, in the order of their first mentions; `e1` is the first.
    pub entities: Vec<Entity>,
    /// The direct speech of three words and more, in order of the text.
    pub quotes: Vec<Quote>,
}

impl Tagger {
    /// Loads the embedded data.
    ///
    /// # Errors
    ///
    /// The program was built with a damaged model.
    pub fn new() -> Result<Self, ModelError> {
        Ok(Self {
            lexicon: Lexicon::new(),
            gazetteer: Gazetteer::new(),
            model: Box::new(Fast::embedded()?),
            own: OwnNames::default(),
        })
    }

    /// Finds the names of a user's file as well.
    #[must_use]
    pub fn with_names(self, own: OwnNames) -> Self {
        Self { own, ..self }
    }

    /// Tags an article: its message with the entities and quotes of its text.
    pub fn tag(&self, cleaned: Cleaned) -> Tagged {
        let country = cleaned.article.url.as_ref().and_then(|url| country_of_url(url.as_str()));
        let origin = Origin { language: cleaned.article.language.as_deref(), country };
        let reading = self.read(&cleaned.article.text, &origin);
        Tagged {
            schema: Tagged::SCHEMA.to_owned(),
            article: cleaned.article,
            entities: reading.entities,
            quotes: reading.quotes,
            provenance: cleaned.provenance,
        }
    }

    /// Reads a text; offsets are code points into it.
    ///
    /// A text of no stated language is read as English; of a text in another language, only names that the gazetteer has
    /// are found.
    pub fn read(&self, text: &str, origin: &Origin<'_>) -> Reading {
        let english = origin.language.is_none_or(|code| code == "en" || code.starts_with("en-"));
        let words = Words::new(text, &self.lexicon);
        let mut names = if english {
            names(text, &words, &self.gazetteer, &*self.model)
        } else {
            known_names(text, &words, &self.gazetteer)
        };
        add_own(&words, &self.own, &mut names);
        self.read_names(text, &words, names, origin)
    }

    /// Makes entities and quotes of a text's names.
    pub(crate) fn read_names(
        &self,
        text: &str,
        words: &Words<'_>,
        mut names: Vec<Name>,
        origin: &Origin<'_>,
    ) -> Reading {
        settle_kinds(text, words, &mut names, &self.gazetteer);
        let points = CodePoints::new(text);
        let hint = Hint { country: origin.country };
        let mut resolved = resolve(text, words, &names, &self.gazetteer, &hint, &points);
        add_roles(text, words, &names, &mut resolved, &self.lexicon, &points);
        set_salience(&mut resolved.entities, points.length());
        let quotes = quotes(text, words, &names, &resolved, &self.lexicon, &points);
        Reading { entities: resolved.entities, quotes }
    }
}

/// One for all tests, since each reads the embedded data.
#[cfg(test)]
pub(crate) static TAGGER: std::sync::LazyLock<Tagger> = std::sync::LazyLock::new(|| Tagger::new().unwrap());

#[cfg(test)]
#[path = "../tests/support/spans.rs"]
mod spans;

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;
    use tallywire_proto::{Article, ArticleId, EntityKind, Provenance};

    use super::{spans::assert_spans, *};

    #[test]
    fn a_message_is_carried_on() {
        let article = Article {
            id: ArticleId::of_key("a"),
            revision: 2,
            feed: "test".to_owned(),
            url: None,
            canonical_url: None,
            title: None,
            byline: vec![],
            site_name: None,
            language: Some("en".to_owned()),
            published_at: None,
            modified_at: None,
            fetched_at: Timestamp::UNIX_EPOCH,
            lead_image: None,
            description: None,
            section: None,
            tags: vec![],
            is_accessible_for_free: None,
            text: "Rain fell in Nairobi.".to_owned(),
            paragraphs: vec![],
            duplicate_of: None,
            story: None,
        };
        let provenance = Provenance::default();
        let cleaned =
            Cleaned { schema: Cleaned::SCHEMA.to_owned(), article: article.clone(), provenance: provenance.clone() };
        let tagged = TAGGER.tag(cleaned);
        assert_eq!(tagged.schema, Tagged::SCHEMA);
        assert_eq!(tagged.article, article);
        assert_eq!(tagged.provenance, provenance);
        assert_eq!(tagged.entities[0].links.geonames, Some(184_745));
    }

    #[test]
    fn in_other_languages_only_known_names_are_found() {
        let reading = TAGGER.read(
            "Angela Meier reist nach Berlin und trifft die NATO.",
            &Origin { language: Some("de"), country: None },
        );
        let found: Vec<_> = reading.entities.iter().map(|entity| (&entity.name[..], entity.kind)).collect();
        assert_eq!(found, [("Berlin", EntityKind::Place), ("NATO", EntityKind::Organization)]);
    }

    #[test]
    fn long_and_odd_texts_are_read_in_bounded_time() {
        for piece in [
            "Bank of ",
            "Kim ",
            "A-",
            "a",
            "\"",
            "“Ann Lee ",
            "(",
            "Mr. ",
            "Ann Lee and ",
            "日本",
            "A.",
            "\u{301}",
            "B\n\n",
        ] {
            let reading = TAGGER.read(&piece.repeat(20_000), &Origin::default());
            assert!(reading.entities.len() < 100_000);
        }
        assert_eq!(TAGGER.read("", &Origin::default()), Reading::default());
    }

    /// The law that the hostile texts and the fuzz target keep as well.
    fn check(text: &str, language: Option<&str>) {
        let reading = TAGGER.read(text, &Origin { language, country: None });
        assert_spans(text, &reading.entities, &reading.quotes);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,200}") {
            check(&text, None);
        }

        #[test]
        fn spans_hold_what_they_say(
            pieces in proptest::collection::vec(proptest::sample::select(vec![
                "Mr. ", "Ann ", "Lee ", "of ", "the ", "Bank ", "and ", "for ", "President ", "“", "” ", "\"", "said ", ", ", ". ",
                "\n\n", "NATO ", "(", ") ", "'s ", "Paris", "-", "é ", "he ", "told ", "U.S. ", "May ", "van ", "&", "日本 ", "LEE ",
            ]), 0..60),
            english in any::<bool>(),
        ) {
            check(&pieces.concat(), if english { Some("en") } else { Some("fr") });
        }
    }
}
