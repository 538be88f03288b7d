//! Cutting text into tokens.

/// A token and where it stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Token<'t> {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The token as it stands in the text.
    pub text: &'t str,
    /// What it is.
    pub kind: TokenKind,
}

/// What a token is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TokenKind {
    /// Letters, with apostrophes and an abbreviation's full stops inside: `O'Neill`, `U.S.`, `Mr.`
    Word,
    /// Digits with separators inside: `1,200.50`
    Number,
    /// The possessive ending: `'s` or `’`
    Possessive,
    /// Any other character: punctuation, a symbol, a sign.
    Mark,
}

impl Token<'_> {
    /// Whether the token begins with an upper-case letter.
    pub fn is_capitalized(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }

    /// Whether nothing stands between this token and the next one.
    pub fn touches(&self, next: &Token<'_>) -> bool {
        self.end == next.start
    }
}

/// Whether the full stop behind a word belongs to it.
fn is_abbreviation(word: &str) -> bool {
    const WORDS: &str = include_str!("../data/abbreviations.txt");
    WORDS.lines().any(|line| line == word)
}

fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '’')
}

/// Cuts a text into tokens, in order; white space is in none of them, every other character in exactly one.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::with_capacity(text.len() / 5);
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let rest = &text[at..];
        let (length, kind) = if first.is_ascii_digit() {
            (number_length(rest), TokenKind::Number)
        } else if first.is_alphabetic() {
            (word_length(rest), TokenKind::Word)
        } else if is_apostrophe(first) && ends_a_word(tokens.last(), at) {
            match possessive_length(rest) {
                Some(length) => (length, TokenKind::Possessive),
                None => (first.len_utf8(), TokenKind::Mark),
            }
        } else {
            (first.len_utf8(), TokenKind::Mark)
        };
        tokens.push(Token { start: at, end: at + length, text: &text[at..at + length], kind });
        at += length;
    }
    tokens
}

fn ends_a_word(last: Option<&Token<'_>>, at: usize) -> bool {
    last.is_some_and(|token| token.end == at && matches!(token.kind, TokenKind::Word | TokenKind::Number))
}

/// `'s` at a word's end, or the bare apostrophe after a plural's s.
fn possessive_length(rest: &str) -> Option<usize> {
    let mut characters = rest.chars();
    let apostrophe = characters.next()?;
    let next = characters.next();
    let after = characters.next();
    if matches!(next, Some('s' | 'S')) && !after.is_some_and(char::is_alphanumeric) {
        return Some(apostrophe.len_utf8() + 1);
    }
    None
}

/// Digits, with `.`, `,` between digits.
fn number_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut end = 0;
    while end < bytes.len() {
        let separator = matches!(bytes[end], b'.' | b',');
        let digit_follows = bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        if bytes[end].is_ascii_digit() || (separator && digit_follows) {
            end += 1;
        } else {
            break;
        }
    }
    end
}

/// Letters and the marks that combine with them; apostrophes inside, unless a possessive; an abbreviation's stops.
fn word_length(rest: &str) -> usize {
    if let Some(length) = initials_length(rest) {
        return length;
    }
    let mut characters = rest.char_indices().peekable();
    let mut end = 0;
    while let Some((at, character)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        let inside = is_apostrophe(character)
            && next.is_some_and(char::is_alphabetic)
            && possessive_length(&rest[at..]).is_none();
        if character.is_alphabetic() || is_combining(character) || inside {
            end = at + character.len_utf8();
        } else {
            break;
        }
    }
    if rest[end..].starts_with('.') && is_abbreviation(&rest[..end]) {
        end += 1;
    }
    end
}

/// Marks that belong to the letter before them (Unicode blocks Combining Diacritical Marks and variation selectors).
fn is_combining(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{fe00}'..='\u{fe0f}' | '\u{200d}')
}

/// Single letters that each have a full stop: `U.S.`, `J.`, `a.m.`; at least two, or one capital before a name.
fn initials_length(rest: &str) -> Option<usize> {
    let mut end = 0;
    let mut letters = 0;
    let mut characters = rest.char_indices();
    while let Some((at, letter)) = characters.next() {
        if at != end || !letter.is_alphabetic() {
            break;
        }
        match characters.next() {
            Some((dot, '.')) => {
                end = dot + 1;
                letters += 1;
            }
            _ => break,
        }
    }
    let is_initial = letters == 1 && rest.starts_with(char::is_uppercase);
    // A letter right behind the stops means that this was no abbreviation: "e.On", "a.b".
    let glued = rest[end..].starts_with(char::is_alphanumeric);
    ((letters >= 2 || is_initial) && !glued).then_some(end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> Vec<&str> {
        tokens(text).iter().map(|token| token.text).collect()
    }

    #[test]
    fn cuts_words_numbers_and_marks() {
        assert_eq!(
            words("In the U.S., Mr. O'Neill’s firm paid $1,200.50 (3.2bn)."),
            [
                "In", "the", "U.S.", ",", "Mr.", "O'Neill", "’s", "firm", "paid", "$", "1,200.50", "(", "3.2", "bn",
                ")", "."
            ]
        );
        assert_eq!(words("a 25-year-old's 9/11"), ["a", "25", "-", "year", "-", "old", "'s", "9", "/", "11"]);
    }

    #[test]
    fn an_initial_keeps_its_stop() {
        assert_eq!(words("J. K. Ono at 5 p.m. today"), ["J.", "K.", "Ono", "at", "5", "p.m.", "today"]);
    }

    proptest! {
        #[test]
        fn every_character_but_white_space_is_in_one_token(text in "[A-Za-z0-9 .,'’$é日-]{0,80}") {
            let kept: String = tokens(&text).iter().map(|token| token.text).collect();
            let expected: String = text.chars().filter(|character| !character.is_whitespace()).collect();
            prop_assert_eq!(kept, expected);
        }

        #[test]
        fn any_text_is_cut_without_panic(text in "\\PC{0,200}") {
            for token in tokens(&text) {
                prop_assert_eq!(&text[token.start..token.end], token.text);
            }
        }
    }
}
