//! What the article says that people are: "Health Minister Ann Poe", "Ann Poe, the head of Acme".
//!
//! A role is read right before a name (`before`) and right behind it (`behind`), and behind a pronoun (`pronoun`), never across the end of a sentence.

mod before;
mod behind;
mod phrase;
mod pronoun;

use std::ops::Range;

use tallywire_proto::{EntityKind, Role};
use tallywire_text::CodePoints;

use crate::{
    lexicon::Lexicon,
    names::Name,
    resolve::Resolved,
    words::{Word, Words},
};

/// The most roles of a person: the article that gives more is a list, and says nothing by them.
const MOST: usize = 16;

/// A role as it is stated once.
#[derive(Clone, Debug)]
struct Statement {
    /// Its words.
    role: Range<usize>,
    /// The name of the organization or place that it is held at.
    of: Option<usize>,
}

/// Reads around one name.
struct Reader<'r, 't> {
    words: &'r [Word<'t>],
    names: &'r [Name],
    lexicon: &'r Lexicon,
    /// The sentence of the name.
    sentence: Range<usize>,
}

/// Adds to each person the roles that stand right before and right behind the name, and behind a pronoun.
pub(crate) fn add_roles(
    text: &str,
    words: &Words<'_>,
    names: &[Name],
    resolved: &mut Resolved,
    lexicon: &Lexicon,
    points: &CodePoints,
) {
    let reader = |at: usize| {
        let sentence = words.sentences.partition_point(|(sentence, _)| sentence.end <= at);
        let sentence = words.sentences.get(sentence).map_or(at..at, |(sentence, _)| sentence.clone());
        Reader { words: &words.words, names, lexicon, sentence }
    };
    let people = names.iter().enumerate().filter(|(_, name)| name.kind == EntityKind::Person);
    let by_name = people.flat_map(|(at, name)| {
        let reader = reader(name.words.start);
        reader.before(name).into_iter().chain(reader.behind(name)).map(move |statement| (at, statement))
    });
    let pronouns = words.words.iter().enumerate().filter(|(_, word)| matches!(word.text, "He" | "he" | "She" | "she"));
    let by_pronoun = pronouns
        .filter_map(|(at, _)| reader(at).of_pronoun(at, resolved))
        .flat_map(|(name, roles)| roles.into_iter().map(move |statement| (name, statement)));
    let mut statements: Vec<(usize, Statement)> = by_name.chain(by_pronoun).collect();
    statements.sort_by_key(|(_, statement)| statement.role.start);
    for (name, Statement { role, of }) in statements {
        let (start, end) = (words.words[role.start].start, words.words[role.end - 1].end);
        let of = of.map(|of| resolved.entities[resolved.of_name[of]].id.clone());
        let roles = &mut resolved.entities[resolved.of_name[name]].roles;
        let role = Role { start: points.at(start), end: points.at(end), text: text[start..end].to_owned(), of };
        let known = |known: &Role| known.text.eq_ignore_ascii_case(&role.text) && known.of == role.of;
        if roles.len() < MOST && !roles.iter().any(known) {
            roles.push(role);
        }
    }
}

impl Reader<'_, '_> {
    /// The word at a place of the sentence; empty elsewhere.
    fn text(&self, at: usize) -> &str {
        self.words.get(at).filter(|_| self.sentence.contains(&at)).map_or("", |word| word.text)
    }

    /// The name that begins at a word.
    fn name_from(&self, at: usize) -> Option<usize> {
        let name = self.names.partition_point(|name| name.words.start < at);
        self.names.get(name).filter(|name| name.words.start == at).map(|_| name)
    }

    /// The organization or place whose name ends before a word.
    fn holder_up_to(&self, end: usize) -> Option<usize> {
        let name = self.names.partition_point(|name| name.words.end < end);
        let found = self.names.get(name).filter(|name| name.words.end == end && name.kind != EntityKind::Person);
        found.filter(|found| found.words.start >= self.sentence.start).map(|_| name)
    }

    /// The first word of the next name at or behind a word, or the sentence's end.
    fn next_name(&self, at: usize) -> usize {
        let name = self.names.partition_point(|name| name.words.start < at);
        self.names.get(name).map_or(self.sentence.end, |name| name.words.start.min(self.sentence.end))
    }
}

/// Prepositions between a role and where it is held.
fn is_holding(word: &str) -> bool {
    matches!(word, "of" | "for" | "at" | "with" | "to" | "in")
}

#[cfg(test)]
mod tests {
    use crate::marked::entities;

    /// Each role with its person and holder: "Ann Lee: mayor of Lviv".
    fn roles(marked: &str) -> String {
        let entities = entities(marked);
        let named = |id: &str| entities.iter().find(|entity| entity.id == id).map_or("", |entity| &entity.name);
        let roles = entities.iter().flat_map(|entity| entity.roles.iter().map(move |role| (&entity.name, role)));
        let lines = roles.map(|(person, role)| {
            let of = role.of.as_deref().map(|of| format!(" of {}", named(of))).unwrap_or_default();
            format!("{person}: {}{of}", role.text)
        });
        lines.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn roles_before_the_name() {
        for (text, expected) in [
            ("[l: Kenya]'s Health Minister [Ann Lee] left. Mr. [Ono] came.", "Ann Lee: Health Minister of Kenya"),
            ("They saw former president [Ann Lee].", "Ann Lee: former president"),
            ("They saw former German Chancellor [Ann Lee].", "Ann Lee: former German Chancellor"),
            ("The [o: UN] chief [Ann Lee] spoke.", "Ann Lee: chief of UN"),
            ("[l: Chernihiv] Governor [Ivan Chaus] spoke.", "Ivan Chaus: Governor of Chernihiv"),
            ("The governor of [l: Chernihiv region] [Ivan Chaus] spoke.", "Ivan Chaus: governor of Chernihiv region"),
            (
                "A spokesperson for the Russian [o: Defense Ministry], [Ann Lee], spoke.",
                "Ann Lee: spokesperson of Defense Ministry",
            ),
            ("The company's finance director, [Ann Lee], spoke.", "Ann Lee: finance director"),
            ("The [o: Acme]'s head of research, [Ann Lee], spoke.", "Ann Lee: head of research of Acme"),
            ("US Secretary of State [Ann Lee] spoke.", "Ann Lee: Secretary of State"),
            ("Founder and chief executive [Ann Lee] spoke.", "Ann Lee: Founder; Ann Lee: chief executive"),
            (
                "President-elect [Ann Lee] met a 34-year-old nurse, [Kit Poe].",
                "Ann Lee: President-elect; Kit Poe: nurse",
            ),
            ("They met climate activist [Ann Lee].", "Ann Lee: climate activist"),
            ("After meeting the president, [Ann Lee] said no.", ""),
            ("The president\n\n[Ann Lee] said no.", ""),
        ] {
            assert_eq!(roles(text), expected, "{text}");
        }
    }

    #[test]
    fn roles_behind_the_name() {
        for (text, expected) in [
            ("So said [John Roe], the director of the [o: World Bank], on Friday.", "John Roe: director of World Bank"),
            ("[Jens Holm], [o: NATO]'s secretary-general, spoke.", "Jens Holm: secretary-general of NATO"),
            ("[Jens Holm] - chair of the [o: Miners' Guild] - spoke.", "Jens Holm: chair of Miners' Guild"),
            ("[Jens Holm] (captain) spoke.", "Jens Holm: captain"),
            ("[Jens Holm], 45, a teacher from [l: Kisumu], spoke.", "Jens Holm: teacher"),
            ("[Jens Holm], the 58-year-old director of [o: Acme], spoke.", "Jens Holm: director of Acme"),
            ("[Jens Holm], then chief executive of [o: Acme], spoke.", "Jens Holm: chief executive of Acme"),
            ("[Jens Holm], no relation, who heads the [o: Miners' Guild], spoke.", "Jens Holm: heads of Miners' Guild"),
            (
                "[Ann Lee], professor of trade law at the [o: Eastern Institute], spoke.",
                "Ann Lee: professor of trade law of Eastern Institute",
            ),
            ("[Ann Lee], the former German chancellor, spoke.", "Ann Lee: former German chancellor"),
            ("[Ann Lee], an apiarist in [l: Kisumu], spoke.", "Ann Lee: apiarist"),
            ("[Kit Poe], [Ann Lee]'s spokesman, spoke.", "Kit Poe: spokesman"),
            ("[Ann Lee] was appointed chief executive of [o: Acme].", "Ann Lee: chief executive of Acme"),
            ("They elected [Ann Lee] president of [l: Chile].", "Ann Lee: president of Chile"),
            ("[Ann Lee] resigned as head of [o: Acme].", "Ann Lee: head of Acme"),
            ("[Ann Lee], the president said, was late.", ""),
            ("[Ann Lee] said the president was late.", ""),
            ("[Ann Lee], the daughter of a miner, spoke.", ""),
        ] {
            assert_eq!(roles(text), expected, "{text}");
        }
    }

    #[test]
    fn roles_in_a_row() {
        for (text, expected) in [
            ("[Ann Lee], founder and chair of [o: Acme], spoke.", "Ann Lee: founder of Acme; Ann Lee: chair of Acme"),
            (
                "[Ann Lee], a former naval officer and once mayor of [l: Bergen], spoke.",
                "Ann Lee: former naval officer; Ann Lee: mayor of Bergen",
            ),
            (
                "[Ann Lee], mayor of [l: Bergen] until 2018 and chair of [o: Acme], spoke.",
                "Ann Lee: mayor of Bergen; Ann Lee: chair of Acme",
            ),
            ("[Ann Lee], the mayor, [John Roe], the teacher, and [Kit Poe] came.", "Ann Lee: mayor; John Roe: teacher"),
        ] {
            assert_eq!(roles(text), expected, "{text}");
        }
    }

    #[test]
    fn a_pronoun_means_the_only_person_near() {
        assert_eq!(roles("[Ann Lee] left early. She was a nurse."), "Ann Lee: nurse");
        assert_eq!(roles("[Ann Lee] left [Eve Roe]. She was a nurse."), "");
        assert_eq!(roles("[Ann Lee] left. “She was a nurse,” they said."), "");
    }
}
