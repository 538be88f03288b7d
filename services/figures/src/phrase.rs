//! The phrase of a figure: what stands around its number and belongs to it.

use crate::{
    numbers::{Form, is_superlative},
    quantity::Quantity,
    reader::Reader,
    sentence::Sentence,
    units::UnitKind,
};

impl Reader {
    /// Reads rate, whole, modifier and direction, when numbers that belong together are joined.
    pub(crate) fn complete_phrase(&self, sentence: &Sentence<'_>, quantity: &mut Quantity<'_>) {
        if let Some(noun) = &quantity.noun {
            quantity.tokens.end = quantity.tokens.end.max(noun.end);
            // "12 per 100,000 people", "40 patients a day"
            let is_per = sentence.word(quantity.tokens.end) == "per";
            if let Some((end, per)) = self.units.rate(sentence, quantity.tokens.end)
                && (is_per || per.ucum.is_some())
            {
                quantity.tokens.end = end;
                quantity.per = Some(per);
            }
        }
        self.read_whole(sentence, quantity);
        if quantity.form == Form::Rank {
            self.read_ranked(sentence, quantity);
        }
        self.modifiers.read(sentence, quantity);
        // "scores more"
        let is_bare = quantity.noun.is_none() && quantity.unit.is_none() && quantity.is_number();
        if is_bare
            && matches!(sentence.word(quantity.tokens.end), "more" | "others")
            && sentence.word(quantity.tokens.end + 1) != "than"
        {
            quantity.tokens.end += 1;
        }
        let before = |back| sentence.word_before(quantity.tokens.start, back);
        quantity.tokens.start -= match (before(2), before(1)) {
            (_, "another") => 1,
            ("a" | "an", "further" | "additional" | "extra") => 2,
            _ => 0,
        };
        if quantity.direction.is_none() {
            quantity.direction = self.directions.of(sentence, quantity);
        }
    }

    /// What a measure or a share is of: "25 kg of flour", "half of the crop", "60 per cent of voters"; and its rate, if
    /// that comes after: "900 gallons of fuel a year".
    fn read_whole(&self, sentence: &Sentence<'_>, quantity: &mut Quantity<'_>) {
        let is_fraction = quantity.form == Form::Fraction && quantity.unit.is_none();
        let is_measure = matches!(quantity.kind(), Some(UnitKind::Percent | UnitKind::Measure)) && !quantity.is_age;
        let end = quantity.tokens.end;
        if quantity.noun.is_some() || !(is_fraction || is_measure) {
            return;
        }
        if sentence.word(end) != "of" {
            // "winds of up to 120 km/h" blow as fast, and "rain of 30 mm" fell.
            let before = self.modifiers.start(sentence, quantity);
            if quantity.kind() == Some(UnitKind::Measure) && sentence.word_before(before, 1) == "of" {
                quantity.noun = self.nouns.before(sentence, before - 1, end);
            }
            return;
        }
        // "within 30 km of the border": no border is measured.
        if sentence.word_before(self.modifiers.start(sentence, quantity), 1) == "within" {
            return;
        }
        let Some(noun) = self.nouns.whole(sentence, end) else { return };
        if is_fraction {
            quantity.tokens.end = noun.end;
        } else if quantity.per.is_none()
            && quantity.kind() == Some(UnitKind::Measure)
            && let Some((end, per)) = self.units.rate(sentence, noun.end)
            && per.ucum.is_some()
        {
            quantity.tokens.end = end;
            quantity.per = Some(per);
        }
        quantity.noun = Some(noun);
    }

    /// "second-largest producer", "third most expensive city".
    fn read_ranked(&self, sentence: &Sentence<'_>, quantity: &mut Quantity<'_>) {
        let end = quantity.tokens.end;
        let first = if sentence.is_hyphen(end) { end + 1 } else { end };
        if !is_superlative(sentence.word(first)) {
            return;
        }
        let is_most = sentence.word(first) == "most";
        quantity.tokens.end = first + 1 + usize::from(is_most);
        if let Some(noun) = self.nouns.counted(sentence, quantity.tokens.end, true) {
            quantity.tokens.end = noun.end;
            quantity.noun = Some(noun);
        }
    }
}
