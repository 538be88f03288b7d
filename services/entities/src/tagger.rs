//! The stage's function.

use tallywire_proto::{Cleaned, Entity, Quote, Tagged};
use tallywire_text::CodePoints;

use crate::{
    classify::{known_names, names},
    evidence::Weights,
    gazetteer::Gazetteer,
    lexicon::Lexicon,
    quotes::quotes,
    resolve::resolve,
    roles::add_roles,
    salience::set_salience,
    words::Words,
};

/// Finds the people, organizations and places of an article, and whom it quotes.
///
/// Building one reads about a megabyte of embedded data (some milliseconds): build one, and use it for all articles.
pub struct Tagger {
    lexicon: Lexicon,
    gazetteer: Gazetteer,
    weights: Weights,
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
    pub fn new() -> Self {
        Self { lexicon: Lexicon::new(), gazetteer: Gazetteer::new(), weights: Weights::new() }
    }

    /// Tags an article: its message with the entities and quotes of its text.
    pub fn tag(&self, cleaned: Cleaned) -> Tagged {
        let reading = self.read(&cleaned.article.text, cleaned.article.language.as_deref());
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
    /// `language` is an ISO 639 code. A text of no stated language is read as English; of a text in another language,
    /// only names that the gazetteer has are found.
    pub fn read(&self, text: &str, language: Option<&str>) -> Reading {
        let english = language.is_none_or(|code| code == "en" || code.starts_with("en-"));
        let words = Words::new(text, &self.lexicon);
        let names = if english {
            names(text, &words, &self.gazetteer, &self.weights)
        } else {
            known_names(text, &words, &self.gazetteer)
        };
        let points = CodePoints::new(text);
        let mut resolved = resolve(text, &words, &names, &self.gazetteer, &points);
        add_roles(text, &words, &names, &mut resolved, &self.lexicon, &points);
        set_salience(&mut resolved.entities, points.length());
        let quotes = quotes(text, &words, &names, &resolved, &self.lexicon, &points);
        Reading { entities: resolved.entities, quotes }
    }
}

impl Default for Tagger {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;
    use tallywire_proto::{Article, ArticleId, EntityKind, Provenance};

    use super::*;

    static TAGGER: std::sync::LazyLock<Tagger> = std::sync::LazyLock::new(Tagger::new);

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
        let reading = TAGGER.read("Angela Meier reist nach Berlin und trifft die NATO.", Some("de"));
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
            let reading = TAGGER.read(&piece.repeat(20_000), None);
            assert!(reading.entities.len() < 100_000);
        }
        assert_eq!(TAGGER.read("", None), Reading::default());
    }

    /// Every span is inside the text and holds what the record says.
    fn check(text: &str, language: Option<&str>) {
        let characters: Vec<char> = text.chars().collect();
        let slice = |start: usize, end: usize| characters[start..end].iter().collect::<String>();
        let reading = TAGGER.read(text, language);
        let sum: f64 = reading.entities.iter().map(|entity| entity.salience).sum();
        assert!(reading.entities.is_empty() || (sum - 1.0).abs() < 1e-6);
        for (number, entity) in reading.entities.iter().enumerate() {
            assert_eq!(entity.id, format!("e{}", number + 1));
            assert!(!entity.mentions.is_empty());
            for mention in &entity.mentions {
                assert_eq!(slice(mention.start, mention.end), mention.text);
            }
            for role in &entity.roles {
                assert_eq!(slice(role.start, role.end), role.text);
            }
        }
        for quote in &reading.quotes {
            assert_eq!(slice(quote.start, quote.end), quote.text);
        }
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
