//! Comparing what was read in an article with what is annotated.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use foldhash::{HashMap, HashSet, HashSetExt};

use super::article::Article;
use crate::Reading;

/// What is right of what was found, and of what there is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Score {
    right_of_found: f64,
    found: f64,
    right_of_gold: f64,
    gold: f64,
}

impl Score {
    pub(super) fn precision(&self) -> f64 {
        self.right_of_found / self.found.max(1.0)
    }

    pub(super) fn recall(&self) -> f64 {
        self.right_of_gold / self.gold.max(1.0)
    }

    pub(super) fn f1(&self) -> f64 {
        let (precision, recall) = (self.precision(), self.recall());
        2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE)
    }
}

/// Scores by what they are of.
#[derive(Debug, Default)]
pub(super) struct Scores {
    pub(super) scores: BTreeMap<&'static str, Score>,
    /// What went wrong, a line each.
    pub(super) report: Vec<String>,
}

impl Scores {
    /// Adds the scores of an article, but for where its places are.
    pub(super) fn add_article(&mut self, article: &Article, reading: &Reading) {
        let comparison = Comparison::new(article, reading);
        comparison.mentions(self);
        comparison.clusters(self);
        comparison.roles(self);
        comparison.quotes(self);
    }

    fn add(&mut self, what: &'static str, right: (f64, f64), found: f64, gold: f64) {
        let score = self.scores.entry(what).or_default();
        score.right_of_found += right.0;
        score.right_of_gold += right.1;
        score.found += found;
        score.gold += gold;
    }

    /// Adds a score whose right ones are as many on both sides.
    pub(super) fn count(&mut self, what: &'static str, right: usize, found: usize, gold: usize) {
        self.add(what, (right as f64, right as f64), found as f64, gold as f64);
    }
}

type Span = (usize, usize);

/// A role as found: where, whose, held where.
struct FoundRole<'a> {
    at: Range<usize>,
    person: &'a str,
    of: Option<&'a str>,
}

struct Comparison<'a> {
    article: &'a Article,
    reading: &'a Reading,
    /// The byte of each code point.
    bytes: Vec<usize>,
    /// Annotated mentions, in bytes, and their entities.
    gold: HashMap<Span, &'a str>,
    /// Found mentions, and their entities.
    found: HashMap<Span, &'a str>,
    /// The annotated and found entities that share a mention.
    shared: HashSet<(&'a str, &'a str)>,
}

impl<'a> Comparison<'a> {
    fn new(article: &'a Article, reading: &'a Reading) -> Self {
        let bytes: Vec<usize> = article.text.char_indices().map(|(at, _)| at).chain([article.text.len()]).collect();
        let found: HashMap<Span, &str> = reading
            .entities
            .iter()
            .flat_map(|entity| entity.mentions.iter().map(|mention| (mention, &entity.id[..])))
            .map(|(mention, id)| ((bytes[mention.start], bytes[mention.end]), id))
            .collect();
        let gold: HashMap<Span, &str> =
            article.mentions.iter().map(|(range, entity, _)| ((range.start, range.end), &entity[..])).collect();
        let shared = gold.iter().filter_map(|(span, entity)| Some((*entity, *found.get(span)?))).collect();
        Self { article, reading, bytes, gold, found, shared }
    }

    /// Whether an annotated and a found entity are the same, or both nobody.
    fn same(&self, entity: Option<&str>, id: Option<&str>) -> bool {
        match (entity, id) {
            (Some(entity), Some(id)) => self.shared.contains(&(entity, id)),
            (None, None) => true,
            _ => false,
        }
    }

    /// Mentions of the same span and kind.
    fn mentions(&self, scores: &mut Scores) {
        let kinds: HashMap<&str, _> =
            self.reading.entities.iter().map(|entity| (&entity.id[..], entity.kind)).collect();
        let right = |(span, entity): &(&Span, &&str)| {
            self.found.get(span).is_some_and(|id| Some(kinds[id]) == self.article.kind(entity))
        };
        scores.count("mentions", self.gold.iter().filter(right).count(), self.found.len(), self.gold.len());
    }

    /// Pairs of mentions that mean the same, and B-cubed, over the mentions on both sides; B-cubed over all as well,
    /// where a mention on one side only counts nothing.
    fn clusters(&self, scores: &mut Scores) {
        let both: Vec<(&Span, &str, &str)> =
            self.gold.iter().filter_map(|(span, entity)| Some((span, *entity, *self.found.get(span)?))).collect();
        let (mut right, mut joined, mut same) = (0, 0, 0);
        for (span, entity, id) in &both {
            let [mut in_both, mut in_id, mut in_entity] = [0; 3];
            for (other, other_entity, other_id) in &both {
                let (is_joined, is_same) = (id == other_id, entity == other_entity);
                in_both += usize::from(is_joined && is_same);
                in_id += usize::from(is_joined);
                in_entity += usize::from(is_same);
                if span < other && is_joined != is_same {
                    let [one, other] = [span, other].map(|span| &self.article.text[span.0..span.1]);
                    scores.report.push(format!("wrongly {}: {one} - {other}", if is_joined { "one" } else { "two" }));
                }
            }
            right += in_both - 1;
            joined += in_id - 1;
            same += in_entity - 1;
            let share = |all: usize| in_both as f64 / all as f64;
            scores.add("coreference, b3", (share(in_id), share(in_entity)), 1.0, 1.0);
            let all_id = self.found.values().filter(|other| *other == id).count();
            let all_entity = self.gold.values().filter(|other| *other == entity).count();
            scores.add("coreference, b3 all", (share(all_id), share(all_entity)), 0.0, 0.0);
        }
        scores.add("coreference, b3 all", (0.0, 0.0), self.found.len() as f64, self.gold.len() as f64);
        scores.count("coreference, pairs", right / 2, joined / 2, same / 2);
    }

    /// Roles of the same person that overlap; the same role of a person counts once.
    fn roles(&self, scores: &mut Scores) {
        let found: Vec<FoundRole<'_>> = self
            .reading
            .entities
            .iter()
            .flat_map(|entity| entity.roles.iter().map(|role| (&entity.id, role)))
            .map(|(person, role)| FoundRole {
                at: self.bytes[role.start]..self.bytes[role.end],
                person,
                of: role.of.as_deref(),
            })
            .collect();
        let mut stated: BTreeSet<(&str, String, Option<&str>)> = BTreeSet::new();
        let (mut gold_found, mut gold_of) = (0, 0);
        let mut right: HashSet<usize> = HashSet::new();
        let mut right_of: HashSet<usize> = HashSet::new();
        for (range, person, of) in &self.article.roles {
            stated.insert((person, self.article.text[range.clone()].to_lowercase(), of.as_deref()));
        }
        let gold = stated.len() as f64;
        for (person, text, of) in stated {
            let mut ranges = self.article.roles.iter().filter(|(range, other, other_of)| {
                other == person && other_of.as_deref() == of && self.article.text[range.clone()].to_lowercase() == text
            });
            let matched = ranges.find_map(|(range, ..)| {
                found.iter().position(|role| overlap(&role.at, range) && self.same(Some(person), Some(role.person)))
            });
            gold_found += usize::from(matched.is_some());
            right.extend(matched);
            if let Some(role) = matched.filter(|role| self.same(of, found[*role].of)) {
                gold_of += 1;
                right_of.insert(role);
            } else {
                scores.report.push(format!("role missed: {person} {text} of {of:?}"));
            }
        }
        for (at, role) in found.iter().enumerate().filter(|(at, _)| !right_of.contains(at)) {
            let (text, known) = (&self.article.text[role.at.clone()], right.contains(&at));
            scores.report.push(format!("role wrong: {} {text} of {:?}, itself right: {known}", role.person, role.of));
        }
        let rights = |found: usize, gold: usize| (found as f64, gold as f64);
        scores.add("roles", rights(right.len(), gold_found), found.len() as f64, gold);
        scores.add("roles with of", rights(right_of.len(), gold_of), found.len() as f64, gold);
    }

    /// Quotes that overlap; those of the right speaker; those with the right cue.
    fn quotes(&self, scores: &mut Scores) {
        let [mut overlapping, mut spoken, mut cued] = [0; 3];
        for (range, speaker, cue) in &self.article.quotes {
            let found = self
                .reading
                .quotes
                .iter()
                .find(|quote| overlap(range, &(self.bytes[quote.start]..self.bytes[quote.end])));
            let Some(quote) = found else { continue };
            let id = quote.speaker.as_ref().and_then(|speaker| speaker.entity.as_deref());
            overlapping += 1;
            spoken += usize::from(self.same(speaker.as_deref(), id));
            cued += usize::from(quote.cue == *cue);
        }
        let (found, gold) = (self.reading.quotes.len(), self.article.quotes.len());
        scores.count("quotes", overlapping, found, gold);
        scores.count("quotes, speaker", spoken, found, gold);
        scores.count("quotes, cue", cued, found, gold);
    }
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}
