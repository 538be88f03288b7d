//! Text for tests with its names in brackets: `[Ann Lee]`, `[o: World Bank]`, `[l: Kenya]`.

use tallywire_proto::{Entity, EntityKind};

use crate::{
    Origin,
    lexicon::Lexicon,
    names::Name,
    tagger::TAGGER,
    words::{Word, Words},
};

/// Hands the words and names of a marked text to a function; names without a letter are of `kind`.
pub(crate) fn with_names<T>(marked: &str, kind: EntityKind, read: impl Fn(&str, &Words<'_>, &[Name]) -> T) -> T {
    let (mut text, mut spans) = (String::new(), Vec::new());
    for piece in marked.split('[') {
        let (name, rest) = piece.split_once(']').unwrap_or(("", piece));
        let (name, kind) = match name.split_once(": ") {
            Some(("o", name)) => (name, EntityKind::Organization),
            Some(("l", name)) => (name, EntityKind::Place),
            _ => (name, kind),
        };
        if !name.is_empty() {
            spans.push((text.len(), text.len() + name.len(), kind));
        }
        text.push_str(name);
        text.push_str(rest);
    }
    let words = Words::new(&text, &Lexicon::new());
    let word = |byte: usize| words.words.partition_point(|word: &Word<'_>| word.start < byte);
    let name = |(start, end, kind)| Name {
        words: word(start)..word(end),
        kind,
        confidence: 1.0,
        titled: false,
        heading: false,
        own: None,
    };
    let names: Vec<Name> = spans.into_iter().map(name).collect();
    read(&text, &words, &names)
}

/// The entities of a marked text.
pub(crate) fn entities(marked: &str) -> Vec<Entity> {
    with_names(marked, EntityKind::Person, |text, words, names| {
        TAGGER.read_names(text, words, names.to_vec(), &Origin::default()).entities
    })
}
