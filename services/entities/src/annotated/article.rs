//! Reading an annotated article; the marks are explained in `tests/data/README.md`.

use std::ops::Range;

use foldhash::HashMap;

use tallywire_proto::EntityKind;

use crate::{
    names::Name,
    words::{Style, Words},
};

/// An article as annotated; ranges are bytes.
#[derive(Debug, Default)]
pub(super) struct Article {
    pub(super) text: String,
    pub(super) entities: HashMap<String, Entry>,
    /// Where, of whom, whether a place that stands for its government or team.
    pub(super) mentions: Vec<(Range<usize>, String, bool)>,
    /// Where, whose, held where.
    pub(super) roles: Vec<(Range<usize>, String, Option<String>)>,
    /// Where, whose, by which word.
    pub(super) quotes: Vec<(Range<usize>, Option<String>, Option<String>)>,
}

/// What the head says of an entity; where a place is, as far as known.
#[derive(Debug, Default)]
pub(super) struct Entry {
    pub(super) kind: Option<EntityKind>,
    pub(super) geonames: Option<u64>,
    pub(super) country: Option<String>,
    pub(super) latitude: Option<f64>,
    pub(super) longitude: Option<f64>,
}

impl Entry {
    /// Reads a line's fields behind the id.
    fn parse<'a>(mut fields: impl Iterator<Item = &'a str>) -> Self {
        let kind = match fields.next().unwrap() {
            "person" => Some(EntityKind::Person),
            "organization" => Some(EntityKind::Organization),
            "place" => Some(EntityKind::Place),
            _ => None,
        };
        let mut entry = Self { kind, ..Self::default() };
        for (key, value) in fields.filter_map(|field| field.split_once('=')) {
            match key {
                "geonames" => entry.geonames = Some(value.parse().unwrap()),
                "country" => entry.country = Some(value.to_owned()),
                "lat" => entry.latitude = Some(value.parse().unwrap()),
                "lon" => entry.longitude = Some(value.parse().unwrap()),
                _ => panic!("no such key: {key}"),
            }
        }
        entry
    }
}

impl Article {
    pub(super) fn parse(annotated: &str) -> Self {
        let (head, body) = annotated.split_once("\n---\n").unwrap();
        let mut article = Self::default();
        for line in head.lines() {
            let mut fields = line.split(' ');
            let id = fields.next().unwrap().to_owned();
            article.entities.insert(id, Entry::parse(fields));
        }
        let mut open: Vec<(usize, &str)> = Vec::new();
        let mut rest = body.trim_end();
        while let Some(at) = rest.find(['{', '}']) {
            article.text.push_str(&rest[..at]);
            let opens = rest[at..].starts_with('{');
            rest = &rest[at + 1..];
            if opens {
                let (label, behind) = rest.split_once('|').unwrap();
                open.push((article.text.len(), label));
                rest = behind;
            } else {
                let (start, label) = open.pop().unwrap();
                article.mark(start..article.text.len(), label);
            }
        }
        article.text.push_str(rest);
        assert!(open.is_empty(), "a mark is not closed: {open:?}");
        article.mentions.sort_by_key(|(range, ..)| (range.start, std::cmp::Reverse(range.end)));
        article
    }

    fn mark(&mut self, range: Range<usize>, label: &str) {
        let some = |field: &str| Some(field.to_owned()).filter(|field| field != "-");
        match label.split(' ').collect::<Vec<_>>()[..] {
            ["role", person, of] => self.roles.push((range, person.to_owned(), some(of))),
            ["quote", speaker, ref cue @ ..] => self.quotes.push((range, some(speaker), some(&cue.join(" ")))),
            [entity] => {
                let (entity, metonym) = entity.strip_suffix('!').map_or((entity, false), |entity| (entity, true));
                assert!(self.entities.contains_key(entity), "{entity} is not in the head");
                self.mentions.push((range, entity.to_owned(), metonym));
            }
            _ => panic!("no such mark: {label}"),
        }
    }

    pub(super) fn kind(&self, entity: &str) -> Option<EntityKind> {
        self.entities[entity].kind
    }

    /// The annotated mentions as the tagger would hand them on.
    pub(super) fn names(&self, words: &Words<'_>) -> Vec<Name> {
        let mut names: Vec<Name> = Vec::new();
        for (range, entity, _) in &self.mentions {
            let start = words.words.partition_point(|word| word.end <= range.start);
            let end = words.words.partition_point(|word| word.start < range.end);
            let (Some(kind), true) = (self.kind(entity), names.last().is_none_or(|last| last.words.end <= start))
            else {
                continue;
            };
            let heading =
                words.sentences.iter().any(|(sentence, style)| sentence.contains(&start) && *style == Style::Heading);
            names.push(Name { words: start..end, kind, confidence: 1.0, titled: false, heading, own: None });
        }
        names
    }
}
