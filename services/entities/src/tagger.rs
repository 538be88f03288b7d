//! The stage's function.

use std::path::Path;

use tallywire_proto::{Cleaned, Entity, Quote, Tagged};
use tallywire_text::CodePoints;

use crate::{
    gazetteer::Gazetteer,
    lexicon::Lexicon,
    locate::{Hint, country_of_url},
    model::{Accurate, Fast, Model, ModelError},
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
    other_languages: bool,
    min_confidence: f64,
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
    /// A tagger with the fast model, which is embedded.
    ///
    /// # Errors
    ///
    /// The program was built with a damaged model.
    pub fn new() -> Result<Self, ModelError> {
        Ok(Self::of(Box::new(Fast::embedded()?)))
    }

    /// A tagger with the accurate model, which finds more names and is slower: its files are in `folder`, and `library` is
    /// the one of ONNX Runtime that runs it (the first of a process is the one for all).
    ///
    /// # Errors
    ///
    /// A file or the library is missing, or is not what it should be.
    pub fn accurate(folder: &Path, library: &Path) -> Result<Self, ModelError> {
        Ok(Self::of(Box::new(Accurate::load(folder, library)?)))
    }

    fn of(model: Box<dyn Model>) -> Self {
        let (lexicon, gazetteer, own) = (Lexicon::new(), Gazetteer::new(), OwnNames::default());
        Self { lexicon, gazetteer, model, own, other_languages: true, min_confidence: 0.0 }
    }

    /// Finds the names of a user's file as well.
    #[must_use]
    pub fn with_names(self, own: OwnNames) -> Self {
        Self { own, ..self }
    }

    /// Whether to find known names in texts of other languages, which are not read: by default it does.
    #[must_use]
    pub fn with_other_languages(self, other_languages: bool) -> Self {
        Self { other_languages, ..self }
    }

    /// Leaves out names that are less sure, from 0 to 1.
    #[must_use]
    pub fn with_min_confidence(self, min_confidence: f64) -> Self {
        Self { min_confidence, ..self }
    }

    /// Tags an article: its message with the entities and quotes of its text.
    ///
    /// # Errors
    ///
    /// The accurate model fails to run; the fast one never does.
    pub fn tag(&self, cleaned: Cleaned) -> Result<Tagged, ModelError> {
        let country = cleaned.article.url.as_ref().and_then(|url| country_of_url(url.as_str()));
        let origin = Origin { language: cleaned.article.language.as_deref(), country };
        let reading = self.read(&cleaned.article.text, &origin)?;
        Ok(Tagged {
            schema: Tagged::SCHEMA.to_owned(),
            article: cleaned.article,
            entities: reading.entities,
            quotes: reading.quotes,
            provenance: cleaned.provenance,
        })
    }

    /// Reads a text; offsets are code points into it.
    ///
    /// A text of no stated language is read as English; of a text in another language, only names that the gazetteer has
    /// are found.
    ///
    /// # Errors
    ///
    /// The accurate model fails to run; the fast one never does.
    pub fn read(&self, text: &str, origin: &Origin<'_>) -> Result<Reading, ModelError> {
        let english = origin.language.is_none_or(|code| code == "en" || code.starts_with("en-"));
        let words = Words::new(text, &self.lexicon);
        let mut names = if english {
            names(text, &words, &self.gazetteer, &*self.model)?
        } else if self.other_languages {
            known_names(text, &words, &self.gazetteer)
        } else {
            Vec::new()
        };
        names.retain(|name| name.confidence >= self.min_confidence);
        add_own(&words, &self.own, &mut names);
        Ok(self.read_names(text, &words, names, origin))
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
        let tagged = TAGGER.tag(cleaned).unwrap();
        assert_eq!(tagged.schema, Tagged::SCHEMA);
        assert_eq!(tagged.article, article);
        assert_eq!(tagged.provenance, provenance);
        assert_eq!(tagged.entities[0].links.geonames, Some(184_745));
    }

    #[test]
    fn in_other_languages_only_known_names_are_found() {
        let text = "Angela Meier reist nach Berlin und trifft die NATO.";
        let origin = Origin { language: Some("de"), country: None };
        let reading = TAGGER.read(text, &origin).unwrap();
        assert!(reading.entities.iter().all(|entity| entity.confidence < 0.6));
        let found: Vec<_> = reading.entities.iter().map(|entity| (&entity.name[..], entity.kind)).collect();
        assert_eq!(found, [("Berlin", EntityKind::Place), ("NATO", EntityKind::Organization)]);
    }

    #[test]
    fn names_can_be_left_out_by_language_and_confidence() {
        let texts = [
            ("Angela Meier reist nach Berlin.", Origin { language: Some("de"), country: None }),
            ("Grace Okello went to Kampala.", Origin::default()),
        ];
        let counts = |tagger: &Tagger| texts.map(|(text, origin)| tagger.read(text, &origin).unwrap().entities.len());
        let tagger = Tagger::new().unwrap();
        assert_eq!(counts(&tagger), [1, 2]);
        let tagger = tagger.with_other_languages(false);
        assert_eq!(counts(&tagger), [0, 2]);
        let tagger = tagger.with_min_confidence(1.1);
        assert_eq!(counts(&tagger), [0, 0]);
    }

    #[test]
    fn long_and_odd_texts_are_read() {
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
            let reading = TAGGER.read(&piece.repeat(20_000), &Origin::default()).unwrap();
            assert!(reading.entities.len() < 100_000);
        }
        assert_eq!(TAGGER.read("", &Origin::default()).unwrap(), Reading::default());
    }

    /// The law that the hostile texts and the fuzz target keep as well.
    fn check(text: &str, language: Option<&str>) {
        let reading = TAGGER.read(text, &Origin { language, country: None }).unwrap();
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
