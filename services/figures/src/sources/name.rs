//! How a source is named: a proper name without title or article, else its noun phrase.

use std::ops::Range;

use tallywire_proto::{EntityKind, Source};
use tallywire_text::CodePoints;

use super::{
    Cues,
    phrase::Phrases,
    subject::Subject,
    words::{Class, Words},
};
use crate::{mentions::Mentions, sentence::Sentence};

/// A name, and the entity that bears it.
#[derive(Clone, Debug, PartialEq)]
struct Named {
    name: String,
    entity: Option<String>,
    /// Where it stands, in code points.
    span: Range<usize>,
}

/// Names the sources of a text in their order, and remembers the names that pronouns lead back to.
pub(crate) struct Namer<'a> {
    points: &'a CodePoints,
    mentions: &'a Mentions<'a>,
    words: &'a Words,
    has_people: bool,
    /// Whom "he" and "she" lead back to.
    person: Option<Named>,
    /// What "it" leads back to.
    thing: Option<Named>,
}

impl<'a> Namer<'a> {
    pub(crate) fn new(points: &'a CodePoints, mentions: &'a Mentions<'a>, cues: &'a Cues) -> Self {
        Self { points, mentions, words: &cues.words, has_people: mentions.has_people(), person: None, thing: None }
    }

    /// Remembers the name that a sentence begins with.
    pub(crate) fn begin(&mut self, phrases: &Phrases<'_>) {
        let sentence = phrases.sentence;
        let Some(subject) = phrases.leading(sentence.len()) else { return };
        // A single capitalized word can be any word, unless it is known as a name.
        if subject.len() > 1 || self.mentions.within(&self.span(sentence, &subject)).next().is_some() {
            self.named(sentence, &subject);
        }
    }

    /// The source that a subject stands for. Its span is the words at the cue, its name what they lead back to.
    pub(crate) fn source(&mut self, sentence: &Sentence<'_>, subject: &Subject, cue: &Range<usize>) -> Source {
        let words = &subject.tokens;
        let cue = sentence.slice(cue).to_owned();
        let is_pronoun = words.len() == 1 && self.words.is(sentence.word(words.start), Class::Pronoun);
        let (named, span) = if is_pronoun {
            (self.antecedent(sentence, words), self.span(sentence, words))
        } else if let Some(antecedent) = &subject.antecedent {
            (self.named(sentence, antecedent), self.span(sentence, words))
        } else {
            let named = self.named(sentence, words);
            let span = named.span.clone();
            (named, span)
        };
        Source { start: span.start, end: span.end, name: named.name, entity: named.entity, cue }
    }

    /// Whom a pronoun leads back to; the pronoun itself, where nothing is known.
    fn antecedent(&self, sentence: &Sentence<'_>, pronoun: &Range<usize>) -> Named {
        let remembered = match sentence.word(pronoun.start) {
            "he" | "she" => &self.person,
            "it" => &self.thing,
            _ => &None,
        };
        remembered.clone().unwrap_or_else(|| Named {
            name: sentence.slice(pronoun).to_owned(),
            entity: None,
            span: self.span(sentence, pronoun),
        })
    }

    /// The name in a noun phrase: of the entity that it ends in, else the words.
    fn named(&mut self, sentence: &Sentence<'_>, phrase: &Range<usize>) -> Named {
        let proper = self.proper(sentence, phrase);
        let is_proper = proper.is_some();
        let core = proper.unwrap_or_else(|| self.bare(sentence, phrase));
        let span = self.span(sentence, &core);
        // "Ana Ono and Bo Poe" are two, unless one entity has that name.
        let is_joined = core.clone().any(|at| sentence.word(at) == "and");
        let limit = self.span(sentence, phrase).end;
        let fits = |mention: &Range<usize>| if is_joined { *mention == span } else { mention.end <= limit };
        let within = self.mentions.within(&span).filter(|mention| is_proper && fits(&mention.span));
        let Some(mention) = within.last() else {
            let named = Named { name: sentence.slice(&core).to_owned(), entity: None, span };
            // A name that is no known entity; it can be a person where none is known.
            if is_proper {
                self.thing = Some(named.clone());
                if !self.has_people {
                    self.person = Some(named.clone());
                }
            }
            return named;
        };
        let named = Named {
            name: mention.text.to_owned(),
            entity: Some(mention.entity.id.clone()),
            span: mention.span.clone(),
        };
        match mention.entity.kind {
            EntityKind::Person => self.person = Some(named.clone()),
            _ => self.thing = Some(named.clone()),
        }
        named
    }

    /// The proper name that a noun phrase ends in, without title and article: "the farmer Ana Ono of Leeds".
    fn proper(&self, sentence: &Sentence<'_>, phrase: &Range<usize>) -> Option<Range<usize>> {
        let is = |at: usize, class| self.words.is(sentence.word(at), class);
        let ends = |at: &usize| is(*at, Class::Preposition) || matches!(sentence.word(*at), "who" | "and" | "," | "(");
        let end = phrase.clone().skip(1).find(ends).unwrap_or(phrase.end);
        // "Noh Hye-jin"
        let is_joined = |at: usize| at > 0 && sentence.is_hyphen(at - 1);
        let is_name = |at: &usize| {
            sentence.is_capitalized(*at) || sentence.is_dash(*at) || is_joined(*at) || is(*at, Class::Particle)
        };
        let run = (phrase.start..end).rev().take_while(is_name).last().unwrap_or(end);
        let is_first =
            |at: &usize| sentence.is_capitalized(*at) && !is(*at, Class::Title) && !is(*at, Class::Determiner);
        let start = (run..end).find(is_first)?;
        // Any word is capitalized at the start of a sentence: "Data from the port".
        let is_any = start == 0 && end == 1 && end < phrase.end;
        (!is_any).then(|| start..Self::goes_on(sentence, start..end, phrase.end))
    }

    /// Where a name ends that has more than one part: "Bank of Leeds", "Ana Ono and Bo Poe".
    fn goes_on(sentence: &Sentence<'_>, name: Range<usize>, limit: usize) -> usize {
        let mut end = name.end;
        loop {
            let is_part = match sentence.word(end) {
                "of" | "for" => name.len() == 1,
                "and" => true,
                _ => false,
            };
            if !is_part || end + 1 >= limit || !sentence.is_capitalized(end + 1) {
                return end;
            }
            end = (end + 1..limit).find(|at| !sentence.is_capitalized(*at)).unwrap_or(limit);
        }
    }

    /// A noun phrase without the participle that a day stood behind: "new data released on Friday".
    fn bare(&self, sentence: &Sentence<'_>, phrase: &Range<usize>) -> Range<usize> {
        let is_tail = phrase.len() > 1 && self.words.is(sentence.word(phrase.end - 1), Class::Tail);
        phrase.start..if is_tail { phrase.end - 1 } else { phrase.end }
    }

    fn span(&self, sentence: &Sentence<'_>, tokens: &Range<usize>) -> Range<usize> {
        let bytes = sentence.bytes(tokens);
        self.points.at(bytes.start)..self.points.at(bytes.end)
    }
}

#[cfg(test)]
mod tests {
    use tallywire_text::tokens;

    use super::*;

    /// What the subject `phrase` of a sentence, which ends the text, is called, and the words at its span.
    fn name(text: &str, phrase: &str) -> (String, String) {
        let (points, mentions, cues) = (CodePoints::new(text), Mentions::new(&[]), Cues::load());
        let lower = text.to_ascii_lowercase();
        let tokens = tokens(text);
        let sentence = Sentence::new(text, &lower, &tokens);
        let mut namer = Namer::new(&points, &mentions, &cues);
        namer.begin(&Phrases { sentence: &sentence, cues: &cues });
        let start = text.rfind(phrase).unwrap();
        let first = sentence.first_at(|byte| byte >= start);
        let end = sentence.first_at(|byte| byte >= start + phrase.len());
        let source = namer.source(&sentence, &Subject::of(first..end), &(end..end + 1));
        let words = text.chars().skip(source.start).take(source.end - source.start).collect();
        (source.name, words)
    }

    #[test]
    fn a_proper_name_loses_its_title() {
        for (phrase, expected) in [
            ("Army spokesman Tariq Belhaj", "Tariq Belhaj"),
            ("Mr. Belhaj", "Belhaj"),
            ("the Red Crescent", "Red Crescent"),
            ("the farmer Ana de Ono of Leeds", "Ana de Ono"),
            ("analyst Noh Hye-jin", "Noh Hye-jin"),
            ("the Centers for Port Safety and Control", "Centers for Port Safety and Control"),
            ("Mr. Ono and Bo Poe", "Ono and Bo Poe"),
            ("the coast guard", "the coast guard"),
            ("new data released", "new data"),
            ("a spokesman for Acme Lines", "a spokesman for Acme Lines"),
        ] {
            let found = name(&format!("Later {phrase} said so."), phrase);
            assert_eq!(found, (expected.to_owned(), expected.to_owned()), "{phrase}");
        }
    }

    #[test]
    fn a_pronoun_leads_back_to_the_name() {
        assert_eq!(name("Acme Lines lost ten ships, it said.", "it"), ("Acme Lines".to_owned(), "it".to_owned()));
        assert_eq!(name("Ten ships were lost, they said.", "they"), ("they".to_owned(), "they".to_owned()));
    }
}
