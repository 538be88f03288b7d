//! Roles right before a name: "Kenya's Health Minister Ann Poe", "the governor of Chernihiv region, Ann Poe,".

use super::{Reader, Statement, is_holding};
use crate::{
    lexicon::Class,
    names::Name,
    words::{Word, is_determiner, is_possessive},
};

/// The most forms of address before a name: "the Rt Hon. Sir".
const MOST_ADDRESSES: usize = 4;

impl Reader<'_, '_> {
    /// The roles that end right before a name.
    pub(super) fn before(&self, name: &Name) -> Vec<Statement> {
        let mut end = name.words.start;
        while end > self.sentence.start.max(name.words.start.saturating_sub(MOST_ADDRESSES))
            && self.words.get(end - 1).is_some_and(Word::is_form_of_address)
        {
            end -= 1;
        }
        // "its director, Ann Poe, said"
        let apposed = end > self.sentence.start && self.text(end - 1) == ",";
        if apposed {
            end -= 1;
        }
        if apposed && !matches!(self.text(name.words.end), "," | ")" | "." | "—" | "–" | ";" | ":" | "" | "?" | "!")
        {
            return Vec::new();
        }
        let held = self.held_before(end);
        let (end, mut of) = held.unwrap_or((end, None));
        let role = self.role_up_to(end, self.sentence.start).or_else(|| self.role_with_subject_up_to(end));
        let Some(role) = role else { return Vec::new() };
        let mut start = role.start;
        let mut roles = vec![role];
        // "founder and chief executive"
        if start > self.sentence.start
            && self.text(start - 1) == "and"
            && let Some(role) = self.role_up_to(start - 1, self.sentence.start)
        {
            start = role.start;
            roles.insert(0, role);
        }
        let own = self.owner_up_to(start);
        of = of.or(own);
        let led = own.is_some() || of.is_some() || self.begins_phrase(start, self.sentence.start);
        // "Ann Poe, the mayor, John Carter": the mayor is Ann Poe.
        let others = apposed && self.is_apposed_to_another(start);
        if apposed && !led || others {
            return Vec::new();
        }
        roles.into_iter().map(|role| Statement { role, of }).collect()
    }

    /// Where the role ends that "of" and a holder follow up to a word, and the holder.
    fn held_before(&self, end: usize) -> Option<(usize, Option<usize>)> {
        // "of the Lviv regional hospital"
        let rest = (self.sentence.start..end).rev().take(3).take_while(|at| self.is_plain(*at)).count();
        let holder = (0..=rest).find_map(|rest| self.holder_up_to(end - rest))?;
        let mut at = self.names.get(holder)?.words.start;
        // "of Ukraine's Chernihiv region"
        while at > self.sentence.start
            && is_possessive(self.text(at - 1))
            && let Some(outer) = self.holder_up_to(at - 1)
        {
            at = self.names.get(outer)?.words.start;
        }
        let skipped = |at: &usize| {
            is_determiner(self.text(*at)) || self.words.get(*at).is_some_and(|word| word.class.is(Class::DEMONYM))
        };
        let skip = (self.sentence.start..at).rev().take(2).take_while(skipped).count();
        let of = at.checked_sub(skip + 1).filter(|of| *of > self.sentence.start)?;
        match self.text(of) {
            // "a nurse from Lublin" works elsewhere.
            "from" => Some((of, None)),
            text => is_holding(text).then_some((of, Some(holder))),
        }
    }

    /// Whose the role is that begins at a word: "Kenya's", "Acme".
    fn owner_up_to(&self, start: usize) -> Option<usize> {
        (0..=2).take_while(|back| *back == 0 || start > *back && self.is_plain(start - back)).find_map(|back| {
            let end = start.checked_sub(back).filter(|end| *end > self.sentence.start)?;
            if is_possessive(self.text(end - 1)) {
                self.holder_up_to(end - 1)
            } else {
                self.holder_up_to(end).filter(|_| back == 0)
            }
        })
    }

    /// Whether the phrase that begins at a word follows a name and a comma.
    fn is_apposed_to_another(&self, start: usize) -> bool {
        let lead = (self.sentence.start..start).rev().take(4).find(|at| !is_determiner(self.text(*at)));
        lead.is_some_and(|comma| {
            let before = self.names.partition_point(|name| name.words.end < comma);
            self.text(comma) == "," && self.names.get(before).is_some_and(|name| name.words.end == comma)
        })
    }
}
