//! Numbers of which only the size is told: "dozens", "tens of thousands", "a handful".

use super::{Form, Number};
use crate::{
    number_words::{NumberWords, Role},
    sentence::Sentence,
};

impl NumberWords {
    pub(super) fn vague_at(&self, sentence: &Sentence<'_>, at: usize) -> Option<Number> {
        let number = |end, low, high, scale| Some(Number { tokens: at..end, low, high, scale, form: Form::Vague });
        if let Some((length, &(low, high, needs_scale))) = self.vague.longest(|back| sentence.word(at + back)) {
            let mut end = at + length;
            let mut scale = 1.0;
            while let Some(value) = self.scale(sentence, end) {
                scale *= value;
                end += 1;
            }
            let is_written_out = !needs_scale || scale > 1.0;
            return if is_written_out { number(end, low * scale, high * scale, scale) } else { None };
        }
        let (Role::Plural, size) = self.role(sentence.word(at))? else { return None };
        let of = sentence.word(at + 1) == "of";
        if let (true, Some((Role::Plural, scale))) = (of, self.role(sentence.word(at + 2))) {
            return number(at + 3, size * scale, size * scale * 10.0, size * scale);
        }
        // "scores" and "tens" are also what players do and a card; "hundreds" and "millions" can stand alone.
        let next = sentence.word(at + 1);
        let counts = match sentence.word(at) {
            "scores" => of || matches!(next, "more" | "dead" | "wounded" | "injured" | "killed" | "missing"),
            "tens" => of,
            _ => true,
        };
        if counts { number(at + 1, size, size * 10.0, size) } else { None }
    }
}
