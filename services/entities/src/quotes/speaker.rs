//! Who it is that speaks: the person that "he" or "the minister" means.

use std::ops::Range;

use foldhash::{HashMap, HashMapExt};

use tallywire_proto::{Entity, EntityKind, Speaker};

use super::{
    genders::genders,
    grammar::{begins_noun, is_document},
    prose::Prose,
    subject::Source,
};
use crate::{
    gender::Gender,
    lexicon::{Class, Lexicon},
    resolve::Resolved,
    words::{Words, is_possessive},
};

/// How many names before a pronoun can be meant by it.
const REACH: usize = 40;
/// How many sentences before it, where another is nearer or it means no person.
const NEAR: usize = 3;

/// An entity, and the sentence in which it stands.
#[derive(Clone, Copy)]
struct Met {
    entity: usize,
    sentence: usize,
}

/// Finds the speakers of an article's quotes, in order of the text.
pub(super) struct Speakers<'r, 't> {
    prose: &'r Prose<'r, 't>,
    sentences: Vec<usize>,
    resolved: &'r Resolved,
    genders: Vec<Option<Gender>>,
    /// What else an article says for each entity: the role of a person, a word of a name. `None` where two share it.
    described: HashMap<String, Option<usize>>,
    /// The last speaker that is an entity.
    last: Option<Met>,
}

impl<'r, 't> Speakers<'r, 't> {
    pub(super) fn new(prose: &'r Prose<'r, 't>, words: &Words<'t>, resolved: &'r Resolved) -> Self {
        Self {
            prose,
            sentences: words.sentences.iter().map(|(range, _)| range.start).collect(),
            resolved,
            genders: genders(prose.words, prose.names, resolved),
            described: described(&resolved.entities, prose.lexicon),
            last: None,
        }
    }

    /// The speaker that the words of an attribution mean.
    pub(super) fn of(&mut self, source: &Source) -> Option<Speaker> {
        let (entity, at) = match source {
            Source::Name(name) => (Some(self.resolved.of_name[*name]), self.prose.names[*name].words.start),
            Source::Pronoun(at) => (self.antecedent(*at), *at),
            Source::Phrase(words) => {
                let described = self.described(words.start, words.end);
                (described.or_else(|| self.author(words)), words.start)
            }
        };
        if let Some(entity) = entity {
            self.last = Some(Met { entity, sentence: self.sentence(at) });
            let entity = &self.resolved.entities[entity];
            return Some(Speaker { entity: Some(entity.id.clone()), name: entity.name.clone() });
        }
        let Source::Phrase(words) = source else { return None };
        let text = &self.prose.text[self.prose.words[words.start].start..self.prose.words[words.end - 1].end];
        Some(Speaker { entity: None, name: text.split_whitespace().collect::<Vec<_>>().join(" ") })
    }

    /// The one entity that a phrase describes: "the minister", "her lawyer", "the union".
    fn described(&self, start: usize, end: usize) -> Option<usize> {
        let lower = |at: usize| self.prose.lower(at);
        let name = self.prose.name_at(start).map(|name| self.prose.names[name].words.end);
        let possessor = name.filter(|end| is_possessive(lower(*end))).map(|end| end + 1);
        if matches!(lower(start), "a" | "an" | "one" | "another" | "some" | "many" | "several" | "other" | "most") {
            return None;
        }
        let named = self.prose.words[start].is_capital() && !begins_noun(lower(start));
        let first = possessor.unwrap_or(start + usize::from(!named)).min(end);
        let last = (first..end).find(|at| matches!(lower(*at), "of" | "for" | "from" | "at")).unwrap_or(end);
        // Two people are no entity.
        if (first..last).any(|at| lower(at) == "and") {
            return None;
        }
        let text = (first..last).map(lower).collect::<Vec<_>>().join(" ");
        if let Some(person) = self.described.get(&text) {
            return *person;
        }
        let head = last.checked_sub(1).filter(|at| *at >= first)?;
        self.described.get(lower(head)).copied().flatten()
    }

    /// Whose words a document has: "Carter's letter", "its report", "a statement from the union".
    fn author(&mut self, words: &Range<usize>) -> Option<usize> {
        let lower = |at: usize| &*self.prose.words[at].lower;
        let end = words.clone().find(|at| matches!(lower(*at), "from" | "by")).unwrap_or(words.end);
        if !is_document(lower(end.checked_sub(1)?)) {
            return None;
        }
        match lower(words.start) {
            "his" => self.person(words.start, Gender::Masculine),
            "her" => self.person(words.start, Gender::Feminine),
            "its" | "their" => self.organization(words.start),
            _ => {
                let mut names = words.clone().filter_map(|at| self.prose.name_at(at));
                names.next().map(|name| self.resolved.of_name[name])
            }
        }
    }

    /// Whom a pronoun means.
    fn antecedent(&mut self, at: usize) -> Option<usize> {
        let pronoun = &*self.prose.words[at].lower;
        match Gender::of_pronoun(pronoun) {
            Some(gender) => self.person(at, gender),
            None if matches!(pronoun, "they" | "it") => self.organization(at),
            None => None,
        }
    }

    /// Whom "he" or "she" means: the subject of the last sentence that names a person who can be meant, or who spoke
    /// in it or behind it.
    fn person(&mut self, at: usize, gender: Gender) -> Option<usize> {
        let names = self.prose.names;
        let end = names.partition_point(|name| name.words.start < at);
        let fits = |entity: usize| {
            let person = self.resolved.entities[entity].kind == EntityKind::Person;
            person && self.genders[entity].is_none_or(|known| known == gender)
        };
        let (mut subject, mut nearest): (Option<Met>, Option<Met>) = (None, None);
        for number in (end.saturating_sub(REACH)..end).rev() {
            let start = names[number].words.start;
            let met = Met { entity: self.resolved.of_name[number], sentence: self.sentence(start) };
            let far = nearest.is_some_and(|nearest| met.sentence + NEAR < nearest.sentence);
            if far || subject.is_some_and(|subject| met.sentence < subject.sentence) {
                break;
            }
            if fits(met.entity) && self.prose.name_at(start).is_some() {
                nearest = nearest.or(Some(met));
                subject = Some(met).filter(|_| self.prose.is_subject(number, 0)).or(subject);
            }
        }
        // Who spoke in a sentence is meant before whom it names besides.
        let met = subject.or(nearest);
        let spoke = self.last.filter(|last| fits(last.entity) && met.is_none_or(|met| last.sentence >= met.sentence));
        let entity = spoke.or(met)?.entity;
        self.genders[entity].get_or_insert(gender);
        Some(entity)
    }

    /// What "it" or "they" means: the organization that spoke last or that one of the sentences before begins with.
    fn organization(&self, at: usize) -> Option<usize> {
        let sentence = self.sentence(at);
        let is_organization = |entity: &usize| self.resolved.entities[*entity].kind == EntityKind::Organization;
        for number in (sentence.saturating_sub(NEAR)..sentence).rev() {
            if let Some(last) = self.last.filter(|last| last.sentence == number + 1) {
                return Some(last.entity).filter(is_organization);
            }
            let start = self.sentences[number];
            let name = (start..at.min(start + 2)).find_map(|at| self.prose.name_at(at));
            if let Some(name) = name.filter(|name| self.prose.is_subject(*name, 0)) {
                return Some(self.resolved.of_name[name]).filter(is_organization);
            }
            let mut ends = start + 2..=at.min(start + 4);
            if let Some(entity) = ends.find_map(|end| self.described(start, end)).filter(is_organization) {
                return Some(entity);
            }
        }
        None
    }

    /// The number of a word's sentence, from one.
    fn sentence(&self, word: usize) -> usize {
        self.sentences.partition_point(|start| *start <= word)
    }
}

fn described(entities: &[Entity], lexicon: &Lexicon) -> HashMap<String, Option<usize>> {
    let mut described: HashMap<String, Option<usize>> = HashMap::new();
    let mut insert = |text: &str, number: usize| {
        let known = described.entry(text.to_lowercase()).or_insert(Some(number));
        if *known != Some(number) {
            *known = None;
        }
    };
    for (number, entity) in entities.iter().enumerate() {
        match entity.kind {
            EntityKind::Person => {
                for role in &entity.roles {
                    insert(&role.text, number);
                    insert(role.text.rsplit(' ').next().unwrap_or_default(), number);
                }
                entity.name.split_whitespace().filter(|word| word.len() > 2).for_each(|word| insert(word, number));
            }
            EntityKind::Organization => {
                let head = |word: &&str| lexicon.class(&word.to_lowercase()).is(Class::ORGANIZATION_HEAD);
                let words = || entity.name.split_whitespace();
                words().filter(head).chain(words().last()).for_each(|word| insert(word, number));
            }
            EntityKind::Place => {}
        }
    }
    described
}
