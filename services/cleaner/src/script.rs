//! What scripts have and have not: spaces between words.

/// Whether the letter is of a script that is written without spaces between words: Thai, Lao, Burmese, Khmer, kana, Han.
pub(crate) const fn is_unspaced(character: char) -> bool {
    matches!(character, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
}

/// Marks that end a sentence, in any script; Thai and Lao have none.
pub(crate) const SENTENCE_ENDS: [char; 15] =
    ['.', '!', '?', '…', '。', '！', '？', '।', '॥', '؟', '۔', '።', '။', '។', '։'];
