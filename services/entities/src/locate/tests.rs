use super::*;
use crate::{lexicon::Lexicon, marked, words::Words};

/// ISO 3166 code of the division or country that a name's places lie in, each entity once.
fn located(marked: &str, name: &str) -> Vec<String> {
    let entities = marked::entities(marked).into_iter().filter(|entity| entity.name == name);
    let code = |location: tallywire_proto::Location| location.subdivision.unwrap_or(location.country);
    entities.map(|entity| entity.location.map_or_else(String::new, code)).collect()
}

#[test]
fn the_greatest_is_meant_unless_the_article_is_elsewhere() {
    assert_eq!(located("He lives in [l: Birmingham].", "Birmingham"), ["GB-ENG"]);
    assert_eq!(located("He left [l: Atlanta] and lives in [l: Birmingham] now.", "Birmingham"), ["US-AL"]);
}

#[test]
fn what_stands_behind_says_where() {
    assert_eq!(located("He lives in [l: Birmingham], [l: Alabama].", "Birmingham"), ["US-AL"]);
    assert_eq!(located("The river rose in [l: London], [l: Ontario], on Friday.", "London"), ["CA-ON"]);
    assert_eq!(located("The mayor of [l: Moscow] in [l: Idaho] resigned.", "Moscow"), ["US-ID"]);
    assert_eq!(located("They met in the Ukrainian city of [l: Odessa] on Friday.", "Odessa"), ["UA-51"]);
}

#[test]
fn a_name_once_settled_is_the_same_in_the_whole_article() {
    let text = "The library in [l: Moscow] will close. [l: Moscow], [l: Idaho], has 25,000 people. [l: Moscow] mourns.";
    assert_eq!(located(text, "Moscow"), ["US-ID"]);
}

#[test]
fn a_state_settles_its_name() {
    assert_eq!(
        located("Voters in [l: Athens], [l: Georgia], waited. [l: Georgia] counts slowly.", "Georgia"),
        ["US-GA"]
    );
    assert_eq!(located("Talks between [l: Georgia] and [l: Armenia] began.", "Georgia"), ["GE"]);
}

#[test]
fn a_region_is_not_its_city() {
    let text = "Shells hit [l: Kherson] on Monday. In the [l: Kherson region], two villages lost power.";
    let entities = marked::entities(text);
    let ids: Vec<_> = entities.iter().map(|entity| entity.links.geonames).collect();
    assert_eq!(ids, [Some(706_448), Some(706_442)]);
    assert_eq!(entities[1].links.iso3166.as_deref(), Some("UA-65"));
}

#[test]
fn what_is_not_clear_is_left_open() {
    assert_eq!(located("They met in [l: Springfield].", "Springfield"), [""]);
    assert_eq!(located("They met in [l: Springfield], [l: Vermont], on Friday.", "Springfield"), [""]);
}

#[test]
fn the_country_of_the_feed_speaks_for_its_places() {
    let gazetteer = Gazetteer::new();
    let text = "Rain fell in Hamilton.";
    let words = Words::new(text, &Lexicon::new()).words;
    let names =
        [Name { words: 3..4, kind: EntityKind::Place, confidence: 1.0, titled: false, heading: false, own: None }];
    let country = |country| {
        let places = locate(text, &words, &names, &gazetteer, &Hint { country });
        places[0].map(Place::country)
    };
    assert_eq!(country(Some("NZ")), Some("NZ"));
    assert_eq!(country(Some("CA")), Some("CA"));
}
