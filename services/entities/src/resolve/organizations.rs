//! Which names mean the same organization.

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use tallywire_proto::EntityKind;

use super::{
    fold::fold,
    groups::Groups,
    organization_form::{OrganizationForm, initials, is_acronym},
};
use crate::{names::Name, words::Word};

/// Joins the names of each organization. `is_known` says whether a single word is an organization's own name.
pub(super) fn join_organizations(
    words: &[Word<'_>],
    names: &[Name],
    is_known: impl Fn(&str) -> bool,
    groups: &mut Groups,
) {
    let forms: Vec<(usize, OrganizationForm)> = names
        .iter()
        .enumerate()
        .filter(|(_, name)| name.kind == EntityKind::Organization)
        .map(|(at, name)| (at, OrganizationForm::new(words, &name.words)))
        .collect();
    // Of each different form, the first.
    let mut by_key: HashMap<String, usize> = HashMap::new();
    let mut different = Vec::new();
    for (at, form) in &forms {
        let first = *by_key.entry(form.key()).or_insert(*at);
        groups.join(first, *at);
        if first == *at {
            different.push((*at, form));
        }
    }
    join_acronyms(words, names, &different, groups);
    join_countries(&different, groups);
    join_parts(words, names, &different, is_known, groups);
}

/// How many bytes of a name are looked at for the letters of its acronym.
const MOST_LETTERS: usize = 200;

/// What stands for a name elsewhere in the article; `None` where it could stand for two.
type Unique = HashMap<String, Option<usize>>;

fn insert(unique: &mut Unique, key: String, name: usize, groups: &mut Groups) {
    unique
        .entry(key)
        .and_modify(|known| *known = known.filter(|known| groups.are_one(*known, name)))
        .or_insert(Some(name));
}

/// "World Food Programme (WFP)" either way round, and "WFP" where just one organization has these initials.
fn join_acronyms(words: &[Word<'_>], names: &[Name], forms: &[(usize, &OrganizationForm)], groups: &mut Groups) {
    let mut explained: HashSet<usize> = HashSet::new();
    for (at, pair) in names.windows(2).enumerate() {
        if let [first, second] = pair
            && first.kind != EntityKind::Person
            && first.kind == second.kind
            && is_bracketed(words, first, second)
            && let Some(short) = acronym(words, first, second)
        {
            groups.join(at, at + 1);
            explained.insert(groups.first(at + short));
        }
    }
    let mut by_initials = Unique::new();
    for (at, _) in forms {
        for initials in initials(&words[names[*at].words.clone()]).into_iter().filter(|initials| !initials.is_empty()) {
            insert(&mut by_initials, initials, *at, groups);
        }
    }
    for (at, form) in forms.iter().filter(|(_, form)| form.acronym || !form.generic && form.core.len() == 1) {
        let long = form.core.first().and_then(|acronym| by_initials.get(acronym).copied().flatten());
        if let Some(long) = long.filter(|_| !explained.contains(&groups.first(*at))) {
            groups.join(long, *at);
        }
    }
}

/// Which of two names, the first or the second, is an acronym for the other: its letters are some of the other's, in
/// their order, or it is one by its capitals and follows.
fn acronym(words: &[Word<'_>], first: &Name, second: &Name) -> Option<usize> {
    let stands_for = |short: &Name, long: &Name| {
        let acronym = fold(words[short.words.start].text);
        let mut letters = words[long.words.clone()].iter().map(|word| fold(word.text)).collect::<String>();
        letters.truncate(letters.floor_char_boundary(MOST_LETTERS));
        let mut rest = letters.chars();
        acronym.chars().next() == letters.chars().next()
            && acronym.chars().all(|letter| rest.any(|other| other == letter))
    };
    match (first.words.len(), second.words.len()) {
        (2.., 1) if is_acronym(words[second.words.start].text) || stands_for(second, first) => Some(1),
        (1, 2..) if stands_for(first, second) => Some(0),
        _ => None,
    }
}

/// Whether the second name follows in brackets, alone.
fn is_bracketed(words: &[Word<'_>], first: &Name, second: &Name) -> bool {
    let gap = words.get(first.words.end..second.words.start).unwrap_or_default();
    let opens = gap.len() <= 3 && gap.first().is_some_and(|word| matches!(word.text, "(" | "["));
    let fills = gap.iter().skip(1).all(|word| matches!(word.text, "the" | "or" | "\"" | "“" | "‘" | "'"));
    let mut behind = words.iter().skip(second.words.end).take(3);
    let closes = behind.find(|word| !matches!(word.text, "\"" | "”" | "’" | "'"));
    opens && fills && closes.is_some_and(|word| matches!(word.text, ")" | "]" | "," | ";"))
}

/// "Defense Ministry" is the Russian one if no other country's is named.
fn join_countries(forms: &[(usize, &OrganizationForm)], groups: &mut Groups) {
    let mut by_core = Unique::new();
    for (at, form) in forms.iter().filter(|(_, form)| form.country.is_some()) {
        insert(&mut by_core, form.core.join(" "), *at, groups);
    }
    for (at, form) in forms.iter().filter(|(_, form)| form.country.is_none()) {
        if let Some(Some(owned)) = by_core.get(&form.core.join(" ")) {
            groups.join(*owned, *at);
        }
    }
}

/// "Lakeside" is the Lakeside Farmers Association if no other name has the word.
fn join_parts(
    words: &[Word<'_>],
    names: &[Name],
    forms: &[(usize, &OrganizationForm)],
    is_known: impl Fn(&str) -> bool,
    groups: &mut Groups,
) {
    let known = |name: &Name| name.words.len() == 1 && is_known(words[name.words.start].text);
    let parts: Vec<(usize, String)> = forms
        .iter()
        .filter(|(at, form)| form.can_be_part() && !known(&names[*at]))
        .map(|(at, form)| (*at, form.core.join(" ")))
        .collect();
    let wanted: HashSet<&str> = parts.iter().map(|(_, part)| &part[..]).collect();
    let mut wholes = Unique::new();
    for (at, form) in forms {
        for part in form.parts().filter(|part| wanted.contains(&part[..])) {
            insert(&mut wholes, part, *at, groups);
        }
    }
    for (at, part) in &parts {
        if let Some(Some(whole)) = wholes.get(part) {
            groups.join(*whole, *at);
        }
    }
    join_heads(forms, groups);
}

/// "The League" is the Lakeside Farmers' League if no other league was named; ministries and the like are too many.
fn join_heads(forms: &[(usize, &OrganizationForm)], groups: &mut Groups) {
    let mut by_head = Unique::new();
    for (at, form) in forms {
        if let [.., _, head] = &form.core[..] {
            insert(&mut by_head, head.clone(), *at, groups);
        }
    }
    for (at, form) in forms {
        if let [head] = &form.core[..]
            && form.is_head()
            && let Some(Some(whole)) = by_head.get(head)
            && whole < at
        {
            groups.join(*whole, *at);
        }
    }
}

#[cfg(test)]
mod tests {
    use tallywire_proto::EntityKind;

    use crate::{marked::with_names, resolve::groups::Groups};

    /// For each name the number of the first one that means the same organization.
    fn organizations(marked: &str) -> Vec<usize> {
        with_names(marked, EntityKind::Organization, |_, words, names| {
            let mut groups = Groups::new(names.len());
            super::join_organizations(&words.words, names, |word| word == "Google", &mut groups);
            (0..names.len()).map(|name| groups.first(name)).collect()
        })
    }

    #[test]
    fn acronyms_mean_the_name_they_are_made_of() {
        assert_eq!(organizations("The [World Food Programme] ([WFP]) left. [WFP] is back."), [0; 3]);
        assert_eq!(organizations("[WFP] (the [World Food Programme]) left. [WFP] is back."), [0; 3]);
        assert_eq!(organizations("The [Lakeside Farmers Association] met. The [LFA] waits."), [0; 2]);
        assert_eq!(organizations("The [North Atlantic Treaty Organization] met. [NATO] waits."), [0; 2]);
        assert_eq!(organizations("The [Kenya Medical Supplies Agency] ([Kemsa]) left. [Kemsa] is back."), [0; 3]);
        assert_eq!(organizations("[Acme Steel] ([Lakeside]) is not [Lakeside Tyres]."), [0, 1, 1]);
        assert_eq!(organizations("The [United Nations], or [U.N.], is the [UN]."), [0; 3]);
        assert_eq!(organizations("[Lakeside Farmers Association], [Lower Forest Alliance], [LFA]."), [0, 1, 2]);
        assert_eq!(
            organizations("[Doctors Without Borders] ([MSF]) left. [Mills and Sons Foods] came. [MSF]!"),
            [0, 0, 2, 0]
        );
    }

    #[test]
    fn forms_of_a_ministry_are_one() {
        assert_eq!(organizations("The [Ministry of Health] and [Health Ministry]. The [Ministry] stays."), [0, 0, 2]);
        assert_eq!(organizations("The [Foreign Ministry] is the [Ministry of Foreign Affairs]."), [0, 0]);
        assert_eq!(organizations("The [Defence Ministry] and [Ministry of Defense of Russia]."), [0, 0]);
    }

    #[test]
    fn a_ministry_is_a_countrys_where_that_is_clear() {
        assert_eq!(organizations("The [Russian Defense Ministry] spoke. The [Defense Ministry] denied."), [0, 0]);
        assert_eq!(organizations("Russia's [Defense Ministry] met the Russian [Defense Ministry]."), [0, 0]);
        assert_eq!(
            organizations("The [Russian Defense Ministry] and Ukraine's [Defense Ministry]. The [Defense Ministry]?"),
            [0, 1, 2]
        );
    }

    #[test]
    fn legal_forms_come_and_go() {
        assert_eq!(organizations("[Acme Holdings Ltd.] is [Acme Holdings], and [Acme]."), [0; 3]);
    }

    #[test]
    fn a_part_means_the_whole_where_that_is_clear() {
        assert_eq!(organizations("[Lakeside Farmers Association], [Lakeside], [Association]."), [0; 3]);
        assert_eq!(organizations("[Enugu Rangeland FC], [Rangeland]."), [0; 2]);
        assert_eq!(organizations("[Lakeside Farmers Association], [Lakeside Tyres], [Lakeside]."), [0, 1, 2]);
        assert_eq!(organizations("[UN Security Council], [Security Council], [UN]."), [0, 0, 2]);
        assert_eq!(organizations("[Google Farmers Association], [Google]."), [0, 1]);
    }
}
