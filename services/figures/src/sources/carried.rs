//! The sources of a whole text: direct speech has one speaker, over sentences and paragraphs.

use std::ops::Range;

use tallywire_proto::Source;

use super::{
    Attribution, Cues, find, governing,
    name::Namer,
    phrase::Phrases,
    speech::{Piece, Speech},
};
use crate::sentence::Sentence;

/// What one sentence attributes, and to whom.
struct Spoken {
    attributions: Vec<Attribution>,
    /// Who says it, one for each attribution.
    sources: Vec<Source>,
    /// The direct speech.
    pieces: Vec<Piece>,
    /// Who speaks, one for each piece.
    speakers: Vec<Option<Source>>,
    /// Whose words the sentence is, where it is a quotation without marks.
    block: Option<Source>,
}

impl Spoken {
    /// The source that the sentence itself names for some of its tokens.
    fn own(&self, tokens: &Range<usize>) -> Option<&Source> {
        self.sources.get(governing(&self.attributions, tokens)?)
    }
}

/// The sources of all sentences.
pub(crate) struct Carried {
    sentences: Vec<Spoken>,
}

impl Carried {
    pub(crate) fn read<'s>(cues: &Cues, namer: Namer<'_>, sentences: impl Iterator<Item = &'s Sentence<'s>>) -> Self {
        let mut carrier = Carrier {
            cues,
            namer,
            speech: Speech::default(),
            last: None,
            block: None,
            announced: None,
            open: Vec::new(),
            sentences: Vec::new(),
        };
        for sentence in sentences {
            carrier.add(sentence);
        }
        Self { sentences: carrier.sentences }
    }

    /// The source of some tokens of a sentence.
    pub(crate) fn source(&self, sentence: usize, tokens: &Range<usize>) -> Option<&Source> {
        let spoken = self.sentences.get(sentence)?;
        let piece = spoken.pieces.iter().position(|piece| piece.tokens.contains(&tokens.start));
        piece
            .and_then(|piece| spoken.speakers.get(piece)?.as_ref())
            .or_else(|| spoken.own(tokens))
            .or(spoken.block.as_ref())
    }
}

/// Reads the sentences one after the other.
struct Carrier<'a> {
    cues: &'a Cues,
    namer: Namer<'a>,
    speech: Speech,
    /// Who spoke last, and may go on.
    last: Option<Source>,
    /// Whose words the paragraph holds, though without marks: "Ana Ono: ..."
    block: Option<Source>,
    /// Whose words are to follow in the next paragraph: "she wrote:".
    announced: Option<Source>,
    /// The pieces of the speech that is open, as sentence and number, while nobody is named in it.
    open: Vec<(usize, usize)>,
    sentences: Vec<Spoken>,
}

impl Carrier<'_> {
    fn add(&mut self, sentence: &Sentence<'_>) {
        let opens_paragraph = sentence.opens_paragraph();
        let pieces = self.speech.read(sentence, opens_paragraph);
        let attributions = find(self.cues, sentence, &pieces);
        self.namer.begin(&Phrases { sentence, cues: self.cues });
        let sources = attributions.iter().map(|one| self.namer.source(sentence, &one.subject, &one.cue)).collect();
        let mut spoken = Spoken { attributions, sources, pieces, speakers: Vec::new(), block: None };
        self.carry_block(sentence, &mut spoken, opens_paragraph);
        for number in 0..spoken.pieces.len() {
            let speaker = self.speaker(&spoken, number);
            spoken.speakers.push(speaker);
        }
        if spoken.pieces.is_empty() {
            self.last = spoken.sources.first().cloned();
        }
        self.sentences.push(spoken);
    }

    /// Follows quotations without marks: what a colon announces lasts to the end of a paragraph.
    fn carry_block(&mut self, sentence: &Sentence<'_>, spoken: &mut Spoken, opens_paragraph: bool) {
        if opens_paragraph {
            self.block = self.announced.take();
        }
        spoken.block.clone_from(&self.block);
        let is_talk = |one: &Attribution| sentence.raw(one.cue.start) == ":" && one.subject.tokens.start == 0;
        if opens_paragraph && let Some(talk) = spoken.attributions.iter().position(is_talk) {
            self.block = spoken.sources.get(talk).cloned();
        }
        let last = sentence.len().saturating_sub(1);
        self.announced = match sentence.raw(last) {
            ":" => spoken.own(&(last..last + 1)).or(spoken.sources.last()).cloned(),
            _ => None,
        };
    }

    /// The speaker of a piece: whom its sentence names; else who spoke before, where the piece goes on with that.
    fn speaker(&mut self, spoken: &Spoken, number: usize) -> Option<Source> {
        let piece = spoken.pieces.get(number)?;
        if !piece.goes_on {
            self.open.clear();
        }
        let Some(own) = spoken.own(&piece.tokens).cloned() else {
            self.open.push((self.sentences.len(), number));
            let goes_on = piece.goes_on || piece.tokens.start == 0 || number > 0;
            return self.last.clone().filter(|_| goes_on);
        };
        // The sentences before, in which the same speech began.
        for (sentence, number) in self.open.drain(..) {
            if let Some(speaker) = self.sentences.get_mut(sentence).and_then(|spoken| spoken.speakers.get_mut(number)) {
                *speaker = Some(own.clone());
            }
        }
        self.last = Some(own.clone());
        Some(own)
    }
}

#[cfg(test)]
mod tests {
    use tallywire_text::{CodePoints, sentences, tokens};

    use super::*;
    use crate::mentions::Mentions;

    /// The name of the source of each token with a digit.
    fn sources(text: &str) -> Vec<Option<String>> {
        let (points, mentions, cues) = (CodePoints::new(text), Mentions::new(&[]), Cues::load());
        let lower = text.to_ascii_lowercase();
        let tokens = tokens(text);
        let all: Vec<_> =
            sentences(text, &tokens).into_iter().map(|range| Sentence::new(text, &lower, &tokens[range])).collect();
        let carried = Carried::read(&cues, Namer::new(&points, &mentions, &cues), all.iter());
        let mut found = Vec::new();
        for (number, sentence) in all.iter().enumerate() {
            for at in (0..sentence.len()).filter(|at| sentence.is_digits(*at)) {
                found.push(carried.source(number, &(at..at + 1)).map(|source| source.name.clone()));
            }
        }
        found
    }

    fn all_by(name: &str, text: &str) {
        let found = sources(text);
        assert!(!found.is_empty() && found.iter().all(|source| source.as_deref() == Some(name)), "{text}: {found:?}");
    }

    #[test]
    fn speech_goes_on_behind_its_cue() {
        all_by("Ana Ono", "“We lost 12 boats,” said Ana Ono. “The storm took 3 days.”");
        all_by("Ana Ono", "Ana Ono was glad, she said. “We lost only 12 boats.”");
    }

    #[test]
    fn speech_is_attributed_where_it_ends() {
        all_by("Ana Ono", "“We lost 12 boats. It took 3 days,” said Ana Ono.");
        all_by("Ana Ono", "“We lost 12 boats.\n\n“It took 3 days,” Ana Ono said.");
    }

    #[test]
    fn speech_goes_on_in_the_next_paragraph() {
        all_by("Ana Ono", "“We lost 12 boats,” said Ana Ono.\n\n“It took 3 days.”");
    }

    #[test]
    fn other_words_are_nobodys() {
        let text = "“We lost all boats,” said Ana Ono. The port has 12 boats. They sang “12 miles”.";
        assert_eq!(sources(text), [None, None]);
    }

    #[test]
    fn a_colon_announces_a_paragraph() {
        all_by("Ana Ono", "Ana Ono wrote:\n\nThe storm took 12 boats. It lasted 3 days.");
        all_by("Ana Ono", "Ana Ono: We lost all of our boats. It took 3 days.");
        assert_eq!(sources("Ana Ono wrote:\n\nIt was bad.\n\nThe storm took 12 boats."), [None]);
    }
}
