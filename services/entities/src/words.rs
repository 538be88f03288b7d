//! Words as names need them.

use std::{borrow::Cow, ops::Range};

use tallywire_text::{Token, TokenKind, sentences, tokens};

use crate::{
    gender::is_form_of_address,
    lexicon::{Class, Lexicon},
};

/// How a word is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Case {
    /// Begins in lower case, or in a script without case.
    Lower,
    /// Begins with a capital.
    Capital,
    /// Two letters and more, all capitals.
    Upper,
    /// No word: a number, a mark, a possessive ending.
    None,
}

/// A word, or a mark between words.
#[derive(Debug)]
pub(crate) struct Word<'t> {
    /// First byte.
    pub(crate) start: usize,
    /// One past the last byte.
    pub(crate) end: usize,
    pub(crate) text: &'t str,
    /// In lower case, without the final full stop of an abbreviation.
    pub(crate) lower: Cow<'t, str>,
    pub(crate) case: Case,
    /// Of words with a capital; empty for others.
    pub(crate) class: Class,
    /// Whether it stands where any word has a capital: at a sentence's start, behind a colon or an opening quote.
    pub(crate) initial: bool,
}

impl Word<'_> {
    /// Whether it is a form of address with a capital: "Mr.", "Dame".
    pub(crate) fn is_form_of_address(&self) -> bool {
        self.is_capital() && is_form_of_address(&self.lower)
    }

    pub(crate) fn is_capital(&self) -> bool {
        matches!(self.case, Case::Capital | Case::Upper)
    }
}

/// What the text has from the first word of a range, which is not empty, to its last.
pub(crate) fn surface<'t>(text: &'t str, words: &[Word<'_>], range: &Range<usize>) -> &'t str {
    &text[words[range.start].start..words[range.end - 1].end]
}

/// Whether a word is a possessive ending.
pub(crate) fn is_possessive(word: &str) -> bool {
    matches!(word, "'s" | "’s" | "'" | "’" | "'S" | "’S")
}

/// Whether a word is an article or a possessive pronoun.
pub(crate) fn is_determiner(word: &str) -> bool {
    const DETERMINERS: [&str; 9] = ["the", "a", "an", "its", "his", "her", "their", "our", "my"];
    DETERMINERS.iter().any(|determiner| word.eq_ignore_ascii_case(determiner))
}

/// How the words of a sentence are written as a whole.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Style {
    /// Names have capitals, other words do not.
    Running,
    /// Nearly all words have capitals, as in headlines: a capital says little.
    Heading,
}

/// A text cut into words and sentences.
pub(crate) struct Words<'t> {
    pub(crate) words: Vec<Word<'t>>,
    /// Ranges of `words`, in order, each with its style.
    pub(crate) sentences: Vec<(Range<usize>, Style)>,
}

impl<'t> Words<'t> {
    /// Cuts a text.
    pub(crate) fn new(text: &'t str, lexicon: &Lexicon) -> Self {
        let tokens = tokens(text);
        let mut words: Vec<Word<'t>> = Vec::with_capacity(tokens.len());
        let mut cut = Vec::new();
        for sentence in sentences(text, &tokens) {
            let first = words.len();
            let mut at = sentence.start;
            while at < sentence.end {
                let next = glued(&tokens[..sentence.end], at, lexicon);
                let initial = words.len() == first || words.last().is_some_and(opens);
                words.push(word(text, &tokens[at..next], lexicon, initial));
                at = next;
            }
            let style = style(&words[first..], lexicon);
            cut.push((first..words.len(), style));
        }
        Self { words, sentences: cut }
    }
}

/// Marks behind which any word may have a capital.
fn opens(word: &Word<'_>) -> bool {
    matches!(word.text, "\"" | "“" | "‘" | "'" | ":" | "-" | "–" | "—" | "•" | "*" | "(" | "«" | "…")
        && word.case == Case::None
}

/// One past the last token of the word that begins at `at`.
fn glued(tokens: &[Token<'_>], at: usize, lexicon: &Lexicon) -> usize {
    let mut last = at;
    if !is_name_part(&tokens[at]) {
        return at + 1;
    }
    while let Some(next) = tokens.get(last + 1).filter(|next| tokens[last].touches(next)) {
        // "G20", "F16"
        if next.kind == TokenKind::Number && tokens[last].text.len() <= 4 {
            last += 1;
            continue;
        }
        let joins = matches!(next.text, "-" | "‑" | "&");
        let behind =
            tokens.get(last + 2).filter(|behind| joins && next.touches(behind) && continues_name(behind, lexicon));
        if behind.is_none() {
            break;
        }
        last += 2;
    }
    // "al-" alone begins no name.
    if last > at && !tokens[at].is_capitalized() && !is_article(tokens[at].text) { at + 1 } else { last + 1 }
}

/// Whether a name, or a part of one, can begin with the token.
fn is_name_part(token: &Token<'_>) -> bool {
    token.kind == TokenKind::Word && (token.is_capitalized() || is_article(token.text))
}

/// The Arabic article as it is written in Latin letters: al-Bashir.
fn is_article(text: &str) -> bool {
    matches!(text, "al" | "el" | "ad" | "an" | "ar" | "as" | "ash" | "at" | "az")
}

/// Behind a hyphen, a part of the same name: "Lloyd-Webber", "Zia-ul-Haq", "Sung-gul", "COVID-19", but not "London-based".
fn continues_name(token: &Token<'_>, lexicon: &Lexicon) -> bool {
    match token.kind {
        TokenKind::Word => token.is_capitalized() || is_syllable(token.text, lexicon),
        TokenKind::Number => true,
        _ => false,
    }
}

/// A short word in lower case that is no English one, as within "Zia-ul-Haq" and "Kim Sung-gul".
pub(crate) fn is_syllable(text: &str, lexicon: &Lexicon) -> bool {
    text.len() <= 6
        && text.starts_with(char::is_lowercase)
        && (text == "un" || !lexicon.class(text).is(Class::COMMON.or(Class::FUNCTION)))
}

fn word<'t>(text: &'t str, tokens: &[Token<'t>], lexicon: &Lexicon, initial: bool) -> Word<'t> {
    let start = tokens.first().map_or(0, |token| token.start);
    let end = tokens.last().map_or(start, |token| token.end);
    let surface = &text[start..end];
    let kind = tokens.first().map_or(TokenKind::Mark, |token| token.kind);
    let case = if kind == TokenKind::Word { case(surface, tokens.len() > 1) } else { Case::None };
    let (lower, class) = if matches!(case, Case::Capital | Case::Upper) {
        let lower = surface.strip_suffix('.').unwrap_or(surface).to_lowercase();
        let class = lexicon.class(&lower);
        (Cow::Owned(lower), class)
    } else {
        (Cow::Borrowed(surface), Class::default())
    };
    Word { start, end, text: surface, lower, case, class, initial }
}

fn case(surface: &str, compound: bool) -> Case {
    let capital = surface.chars().next().is_some_and(char::is_uppercase);
    let mut letters = surface.chars().filter(|character| character.is_alphabetic());
    if !capital {
        // "al-Bashir" is one name, however it begins.
        return if compound { Case::Capital } else { Case::Lower };
    }
    if letters.clone().count() >= 2 && letters.all(char::is_uppercase) { Case::Upper } else { Case::Capital }
}

/// A sentence is a heading where most words are in capitals, or where it ends without a stop and hardly any word but
/// articles, prepositions and the like begins in lower case.
fn style(words: &[Word<'_>], lexicon: &Lexicon) -> Style {
    let (mut capital, mut upper, mut common, mut lower) = (0, 0, 0, 0);
    for word in words {
        match word.case {
            Case::None => continue,
            Case::Lower => lower += usize::from(word.text.len() > 3 && !lexicon.class(&word.lower).is(Class::FUNCTION)),
            Case::Capital => capital += 1,
            Case::Upper => upper += 1,
        }
        common += usize::from(word.is_capital() && word.class.is(Class::COMMON.or(Class::FUNCTION)));
    }
    let shouted = upper >= 3 && upper > 2 * (capital + lower);
    let stopped = words.last().is_some_and(|word| matches!(word.text, "." | "\"" | "”" | ";" | ","));
    let titled = !stopped && capital + upper >= 4 && lower * 8 <= capital + upper && common >= 2;
    if shouted || titled { Style::Heading } else { Style::Running }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<String> {
        Words::new(text, &Lexicon::new()).words.iter().map(|word| word.text.to_owned()).collect()
    }

    #[test]
    fn compound_names_are_one_word() {
        assert_eq!(cut("Zia-ul-Haq met al-Bashir at the G20"), ["Zia-ul-Haq", "met", "al-Bashir", "at", "the", "G20"]);
        assert_eq!(cut("AT&T's London-based arm"), ["AT&T", "'s", "London", "-", "based", "arm"]);
    }

    #[test]
    fn headings_are_told_from_running_text() {
        let style = |text| Words::new(text, &Lexicon::new()).sentences[0].1;
        assert_eq!(style("Police Arrest Three Men After Robbery"), Style::Heading);
        assert_eq!(style("FLOODS CLOSE SCHOOLS IN KENYA"), Style::Heading);
        assert_eq!(style("Police arrested three men on Monday"), Style::Running);
        assert_eq!(style("Angela Merkel"), Style::Running);
    }
}
