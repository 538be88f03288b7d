//! What the article says that people are: "Health Minister Ann Poe", "Ann Poe, the head of Acme".

use std::ops::Range;

use tallywire_proto::{EntityKind, Role};
use tallywire_text::CodePoints;

use crate::{
    classify::Name,
    lexicon::{Class, Lexicon},
    resolve::Resolved,
    words::{Case, Word, Words},
};

/// The most words of a role.
const LONGEST: usize = 6;

/// The most roles of a person: the article that gives more is a list, and says nothing by them.
const MOST: usize = 16;

/// Adds to each person the roles that stand right before and right behind the name.
pub(crate) fn add_roles(
    text: &str,
    words: &Words<'_>,
    names: &[Name],
    resolved: &mut Resolved,
    lexicon: &Lexicon,
    points: &CodePoints,
) {
    let words = &words.words;
    for (at, name) in names.iter().enumerate().filter(|(_, name)| name.kind == EntityKind::Person) {
        let previous = at.checked_sub(1).map(|before| (before, &names[before]));
        let next = names.get(at + 1).map(|next| (at + 1, next));
        let before = role_before(words, name, previous.map_or(0, |(_, previous)| previous.words.end), lexicon);
        let holder = |role: &Range<usize>| {
            previous.filter(|(_, previous)| {
                let gap = previous.words.end..role.start;
                gap.is_empty() || (gap.len() == 1 && matches!(words[gap.start].text, "'s" | "’s"))
            })
        };
        let behind = role_behind(words, name, next.map(|(_, next)| next.words.start), lexicon);
        let found = [
            before.map(|role| {
                let of = holder(&role);
                (role, of)
            }),
            behind.map(|(role, of)| (role, next.filter(|_| of))),
        ];
        for (role, of) in found.into_iter().flatten() {
            let (start, end) = (words[role.start].start, words[role.end - 1].end);
            let of = of.filter(|(_, of)| of.kind != EntityKind::Person);
            let of = of.map(|(of, _)| resolved.entities[resolved.of_name[of]].id.clone());
            let roles = &mut resolved.entities[resolved.of_name[at]].roles;
            let role = Role { start: points.at(start), end: points.at(end), text: text[start..end].to_owned(), of };
            if roles.len() < MOST && !roles.iter().any(|known| known.text == role.text && known.of == role.of) {
                roles.push(role);
            }
        }
    }
}

/// Forms of address say nothing about what a person does.
fn is_address(word: &Word<'_>) -> bool {
    matches!(
        word.lower.trim_end_matches('.'),
        "mr" | "mrs"
            | "ms"
            | "miss"
            | "mx"
            | "dr"
            | "sir"
            | "madam"
            | "madame"
            | "dame"
            | "lady"
            | "lord"
            | "uncle"
            | "aunt"
            | "aunty"
            | "auntie"
            | "hon"
            | "honourable"
            | "honorable"
            | "excellency"
            | "majesty"
            | "highness"
            | "comrade"
    )
}

fn is_title(word: &Word<'_>, lexicon: &Lexicon) -> bool {
    let class = if word.case == Case::Lower { lexicon.class(&word.lower) } else { word.class };
    class.is(Class::TITLE) && !is_address(word)
}

/// The words before a name that end in a title: "former prime minister", "Health Minister".
fn role_before(words: &[Word<'_>], name: &Name, floor: usize, lexicon: &Lexicon) -> Option<Range<usize>> {
    let mut end = name.words.start;
    while end > floor && is_address(&words[end - 1]) {
        end -= 1;
    }
    let mut start = end;
    let mut titled = false;
    while start > floor && end - start < LONGEST {
        let word = &words[start - 1];
        let qualifies =
            word.is_capital() && word.class.is(Class::COMMON) && !word.class.is(Class::FUNCTION) && !word.initial
                || matches!(word.text, "former" | "Former" | "deputy" | "acting" | "interim" | "foreign" | "prime");
        let title = is_title(word, lexicon);
        if !(title || (titled && qualifies)) {
            break;
        }
        titled |= title;
        start -= 1;
    }
    titled.then_some(start..end)
}

/// The words behind a name and a comma: "the head of" before the next name, "a spokesman" before another comma.
///
/// Says as well whether the next name is what the role is held at.
fn role_behind(
    words: &[Word<'_>],
    name: &Name,
    next: Option<usize>,
    lexicon: &Lexicon,
) -> Option<(Range<usize>, bool)> {
    let comma = name.words.end;
    words.get(comma).filter(|word| word.text == ",")?;
    // "now the head", "its director", but "former director"
    let lead = |word: &&Word<'_>| {
        word.case == Case::Lower && word.text != "former" && lexicon.class(&word.lower).is(Class::FUNCTION)
    };
    let start = comma + 1 + words[comma + 1..].iter().take(3).take_while(lead).count();
    let window = words.get(start..words.len().min(start + LONGEST))?;
    let length = window.iter().position(|word| word.case == Case::None || matches!(word.text, "of" | "for" | "at"))?;
    let role = start..start + length;
    let heads = |word: &Word<'_>| {
        is_title(word, lexicon) || matches!(word.text, "head" | "founder" | "owner" | "president" | "boss")
    };
    if !heads(words[role.clone()].last()?) || next.is_some_and(|next| next < role.end) {
        return None;
    }
    let stop = &words[role.end];
    let held = stop.case != Case::None
        && next.is_some_and(|next| next == role.end + 1 || (next == role.end + 2 && words[role.end + 1].text == "the"));
    (held || stop.text == ",").then_some((role, held))
}

#[cfg(test)]
mod tests {
    use crate::Tagger;

    fn roles(text: &str) -> Vec<(String, Option<String>)> {
        let entities = Tagger::new().read(text, None).entities;
        let named = |id: &str| entities.iter().find(|entity| entity.id == id).map(|entity| entity.name.clone());
        let roles = entities.iter().flat_map(|entity| &entity.roles);
        roles.map(|role| (role.text.clone(), role.of.as_deref().and_then(named))).collect()
    }

    #[test]
    fn a_role_before_the_name() {
        assert_eq!(
            roles("On Friday Kenya's Health Minister Grace Odhiambo left. Then Mr. Paul Stone came."),
            [("Health Minister".to_owned(), Some("Kenya".to_owned()))]
        );
        assert_eq!(roles("They saw former president Maria Lopez there."), [("former president".to_owned(), None)]);
    }

    #[test]
    fn a_role_behind_the_name() {
        assert_eq!(
            roles("It was good, said John Miller, the director of the World Bank, on Friday."),
            [("director".to_owned(), Some("World Bank".to_owned()))]
        );
        assert_eq!(roles("But John Miller, a spokesman, left."), [("spokesman".to_owned(), None)]);
    }
}
