//! The samples as one article on its way, and what holds for the records of any article.

use std::collections::HashMap;

use serde_json::Value;
use tallywire_proto::{
    ArticleId, Citation, Cleaned, Enriched, EntityKind, Fetched, Message, Named, StatedFigure, Tagged,
};

use crate::{decode, sample};

fn message<M: Message>() -> M {
    decode(&sample::<M>()).unwrap()
}

#[test]
fn the_samples_are_one_article_on_its_way() {
    let (fetched, cleaned): (Fetched, Cleaned) = (message(), message());
    let (tagged, enriched): (Tagged, Enriched) = (message(), message());

    let url = cleaned.article.url.clone();
    assert_eq!(fetched.id, ArticleId::of_url(&url.as_deref().unwrap().parse().unwrap()));
    assert_eq!((fetched.id, fetched.revision), (cleaned.article.id, cleaned.article.revision));
    assert_eq!((fetched.url, fetched.feed), (url, cleaned.article.feed.clone()));
    assert_eq!(fetched.fetched_at, cleaned.article.fetched_at);

    assert_eq!(cleaned.article, tagged.article);
    assert_eq!(tagged.article, enriched.article);
    assert_eq!((&tagged.entities, &tagged.quotes), (&enriched.entities, &enriched.quotes));

    let stages = &enriched.provenance.stages;
    assert_eq!(
        stages.iter().map(|run| run.name.as_str()).collect::<Vec<_>>(),
        ["fetcher", "cleaner", "entities", "figures"]
    );
    assert_eq!(fetched.provenance.stages, stages[..1]);
    assert_eq!(cleaned.provenance.stages, stages[..2]);
    assert_eq!(tagged.provenance.stages, stages[..3]);
}

#[test]
fn the_figure_of_the_samples_is_one_of_the_articles() {
    let (enriched, stated): (Enriched, StatedFigure) = (message(), message());
    let figure = enriched.figures.iter().find(|figure| figure.id == stated.figure.id).unwrap();
    assert_eq!(stated.figure, *figure);
    assert_eq!(stated.article, Citation::from(&enriched.article));
    let named = |id: &str| enriched.entities.iter().find(|entity| entity.id == id).map(Named::from);
    assert_eq!(stated.place, figure.place.as_deref().and_then(named));
    assert_eq!(stated.source, figure.source.as_ref().and_then(|source| source.entity.as_deref()).and_then(named));
    assert_eq!(stated.time.as_ref(), figure.time.and_then(|index| enriched.times.get(index)));

    let points: Vec<char> = enriched.article.text.chars().collect();
    let sentence = stated.sentence;
    assert_eq!(points[sentence.start..sentence.end].iter().collect::<String>(), sentence.text);
    let within: Vec<char> = sentence.text.chars().collect();
    let (start, end) = (figure.start - sentence.start, figure.end - sentence.start);
    assert_eq!(within[start..end].iter().collect::<String>(), figure.text);
}

/// Names that subjects are made of.
#[test]
fn names_of_kinds_and_statuses_are_those_of_the_json() {
    let enriched: Enriched = message();
    for figure in &enriched.figures {
        assert_eq!(serde_json::to_value(figure.kind).unwrap(), figure.kind.name());
        if let Some(event) = &figure.event {
            assert_eq!(serde_json::to_value(event.status).unwrap(), event.status.name());
        }
    }
}

#[test]
fn the_id_is_the_same_for_every_link_to_the_article() {
    let fetched: Fetched = message();
    let link = fetched.entry.link.unwrap();
    assert_ne!(Some(&link), fetched.url.as_ref());
    assert_eq!(fetched.id, ArticleId::of_url(&link.parse().unwrap()));
}

#[test]
fn the_paragraphs_make_up_the_text() {
    let article = message::<Cleaned>().article;
    let points: Vec<char> = article.text.chars().collect();
    let paragraphs: Vec<String> =
        article.paragraphs.iter().map(|paragraph| points[paragraph.start..paragraph.end].iter().collect()).collect();
    assert_eq!(paragraphs.join("\n\n"), article.text);
}

/// Whatever has a `start` and an `end`: the text there is the record's `text`, or a source's `name`.
#[test]
fn every_span_holds_the_words_of_its_record() {
    for sample in [sample::<Tagged>(), sample::<Enriched>()] {
        let text = sample["text"].as_str().unwrap();
        assert!(!text.is_ascii(), "in ASCII, bytes would do for code points");
        let points: Vec<char> = text.chars().collect();
        let mut spans = Vec::new();
        records_with_span(&sample, &mut spans);
        let mut checked = 0;
        for (start, end, record) in spans {
            let words: String = points[start..end].iter().collect();
            let Some(expected) = record.get("text").or(record.get("name")) else { continue };
            assert_eq!(*expected, *words, "{start}..{end}");
            checked += 1;
        }
        assert!(checked > 10);
    }
}

fn records_with_span<'v>(value: &'v Value, found: &mut Vec<(usize, usize, &'v Value)>) {
    match value {
        Value::Object(object) => {
            let offset = |key| object.get(key).and_then(Value::as_u64).map(|offset| usize::try_from(offset).unwrap());
            if let (Some(start), Some(end)) = (offset("start"), offset("end")) {
                found.push((start, end, value));
            }
            object.values().for_each(|inner| records_with_span(inner, found));
        }
        Value::Array(items) => items.iter().for_each(|item| records_with_span(item, found)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_to_a_record() {
    let enriched: Enriched = message();
    let kinds: HashMap<&str, EntityKind> =
        enriched.entities.iter().map(|entity| (entity.id.as_str(), entity.kind)).collect();
    assert_eq!(kinds.len(), enriched.entities.len());

    let roles = enriched.entities.iter().flat_map(|entity| &entity.roles).filter_map(|role| role.of.as_deref());
    let speakers = enriched.quotes.iter().filter_map(|quote| quote.speaker.as_ref()?.entity.as_deref());
    let sources = enriched.figures.iter().filter_map(|figure| figure.source.as_ref()?.entity.as_deref());
    for id in roles.chain(speakers).chain(sources) {
        assert!(kinds.contains_key(id), "{id}");
    }
    let figures: Vec<&str> = enriched.figures.iter().map(|figure| figure.id.as_str()).collect();
    for figure in &enriched.figures {
        assert!(figure.place.as_deref().is_none_or(|id| kinds.get(id) == Some(&EntityKind::Place)), "{figure:?}");
        assert!(figure.time.is_none_or(|index| index < enriched.times.len()), "{figure:?}");
        let other = figure.relation.as_ref().map(|relation| relation.figure.as_str());
        assert!(other.is_none_or(|id| id != figure.id && figures.contains(&id)), "{figure:?}");
    }
}

#[test]
fn shares_and_bounds_are_what_they_claim() {
    let enriched: Enriched = message();
    let salience: f64 = enriched.entities.iter().map(|entity| entity.salience).sum();
    assert!((salience - 1.0).abs() < 1e-9, "{salience}");
    for figure in &enriched.figures {
        let bounds = (figure.value.low, figure.value.high);
        assert!(matches!(bounds, (Some(low), Some(high)) if low <= high) || bounds.0.is_some() != bounds.1.is_some());
        assert!((0.0..=1.0).contains(&figure.confidence), "{figure:?}");
    }
}
