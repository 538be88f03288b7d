//! Words cut into the pieces that BERT knows (Devlin et al., "BERT", 2019; Wu et al., "Google's Neural Machine Translation
//! System", 2016, for the pieces).

use foldhash::HashMap;

use icu_normalizer::{DecomposingNormalizer, DecomposingNormalizerBorrowed};
use icu_properties::{CodePointMapData, CodePointMapDataBorrowed, props::GeneralCategory};

/// The most pieces of a word: what a longer one ends with says little of it.
const MOST: usize = 6;

/// The most letters of a part of a word that is looked up.
const LONGEST: usize = 100;

/// The vocabulary of a BERT without case: a piece a line, whose number is its id.
pub(crate) struct Pieces {
    ids: HashMap<Box<str>, i64>,
    unknown: i64,
    /// The ids that stand before and behind a text.
    pub(super) first: i64,
    pub(super) last: i64,
    decompose: DecomposingNormalizerBorrowed<'static>,
    category: CodePointMapDataBorrowed<'static, GeneralCategory>,
}

impl Pieces {
    /// Reads a vocabulary; none if it lacks the pieces that every text needs.
    pub(crate) fn parse(vocabulary: &str) -> Option<Self> {
        let ids: HashMap<Box<str>, i64> = vocabulary.lines().map(Box::from).zip(0..).collect();
        let id = |piece: &str| ids.get(piece).copied();
        let (unknown, first, last) = (id("[UNK]")?, id("[CLS]")?, id("[SEP]")?);
        let category = CodePointMapData::<GeneralCategory>::new();
        Some(Self { ids, unknown, first, last, decompose: DecomposingNormalizer::new_nfd(), category })
    }

    /// The pieces of a word, at least one.
    pub(crate) fn of(&self, word: &str) -> Vec<i64> {
        let mut found = Vec::new();
        let mut part = String::new();
        for letter in self.decompose.normalize_iter(word.chars()).flat_map(char::to_lowercase) {
            match self.sort(letter) {
                Sort::Letter => part.push(letter),
                Sort::Accent => {}
                Sort::Space => self.cut(&std::mem::take(&mut part), &mut found),
                Sort::Alone => {
                    self.cut(&std::mem::take(&mut part), &mut found);
                    self.cut(letter.encode_utf8(&mut [0; 4]), &mut found);
                }
            }
        }
        self.cut(&part, &mut found);
        if found.is_empty() {
            found.push(self.unknown);
        }
        found.truncate(MOST);
        found
    }

    /// Cuts a part of a word, from its beginning on, into the longest pieces there are.
    fn cut(&self, part: &str, found: &mut Vec<i64>) {
        if part.is_empty() || found.len() >= MOST {
            return;
        }
        let before = found.len();
        let is_short = part.chars().nth(LONGEST).is_none();
        let mut rest = part;
        while is_short && !rest.is_empty() {
            let mut ends = rest.char_indices().rev().map(|(at, letter)| at + letter.len_utf8());
            let inner = rest.len() < part.len();
            let id = |end: usize| {
                let piece = &rest[..end];
                if inner { self.ids.get(format!("##{piece}").as_str()) } else { self.ids.get(piece) }
            };
            let Some((end, id)) = ends.find_map(|end| Some((end, *id(end)?))) else { break };
            found.push(id);
            rest = &rest[end..];
        }
        if !rest.is_empty() {
            found.truncate(before);
            found.push(self.unknown);
        }
    }

    fn sort(&self, letter: char) -> Sort {
        match (letter, self.category.get(letter)) {
            // BERT takes all of ASCII's marks for punctuation, and each sign of Chinese for a word.
            (
                '!'..='/'
                | ':'..='@'
                | '['..='`'
                | '{'..='~'
                | '\u{4e00}'..='\u{9fff}'
                | '\u{3400}'..='\u{4dbf}'
                | '\u{f900}'..='\u{faff}'
                | '\u{20000}'..='\u{2ceaf}',
                _,
            ) => Sort::Alone,
            ('\t' | '\n' | '\r', _) => Sort::Space,
            ('\u{fffd}', _) => Sort::Accent,
            (_, category) => match category {
                GeneralCategory::SpaceSeparator => Sort::Space,
                GeneralCategory::NonspacingMark
                | GeneralCategory::Control
                | GeneralCategory::Format
                | GeneralCategory::PrivateUse
                | GeneralCategory::Unassigned => Sort::Accent,
                GeneralCategory::ConnectorPunctuation
                | GeneralCategory::DashPunctuation
                | GeneralCategory::OpenPunctuation
                | GeneralCategory::ClosePunctuation
                | GeneralCategory::InitialPunctuation
                | GeneralCategory::FinalPunctuation
                | GeneralCategory::OtherPunctuation => Sort::Alone,
                _ => Sort::Letter,
            },
        }
    }
}

enum Sort {
    /// Goes on with a part.
    Letter,
    /// Is left out: accents, and what cannot be seen.
    Accent,
    /// Ends a part.
    Space,
    /// Is a part by itself.
    Alone,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(word: &str) -> Vec<i64> {
        let lines =
            ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "kam", "##pal", "##a", "pena", "-", "u", ".", "s", "日", "##ala"];
        Pieces::parse(&lines.join("\n")).unwrap().of(word)
    }

    #[test]
    fn words_are_cut_into_the_longest_pieces() {
        assert_eq!(pieces("Kampala"), [4, 5, 6]);
        assert_eq!(pieces("Kamala"), [4, 13]);
        assert_eq!(pieces("Peña"), [7]);
        assert_eq!(pieces("U.S."), [9, 10, 11, 10]);
        assert_eq!(pieces("Kam-Peña"), [4, 8, 7]);
    }

    #[test]
    fn a_part_that_cannot_be_cut_is_unknown() {
        assert_eq!(pieces("Kamx"), [1]);
        assert_eq!(pieces("x-kam"), [1, 8, 4]);
        assert_eq!(pieces(""), [1]);
        assert_eq!(pieces("\u{200b}"), [1]);
        assert_eq!(pieces(&"a".repeat(5_000)), [1]);
        assert_eq!(pieces("日日"), [12, 12]);
    }

    #[test]
    fn a_word_has_six_pieces_at_most() {
        assert_eq!(pieces(&"kam-".repeat(1_000)).len(), MOST);
    }

    #[test]
    fn a_vocabulary_without_marks_is_refused() {
        assert!(Pieces::parse("kam\n##pal").is_none());
    }
}
