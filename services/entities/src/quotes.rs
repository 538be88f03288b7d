//! Direct speech, and who speaks.
//!
//! [`marks`] pairs the quotation marks. [`attribution`] finds the words that attribute what stands between them: the cue
//! and its [`subject`], told by [`grammar`] and [`prose`]. [`speaker`] says whom those words mean, by [`genders`] for
//! pronouns.

mod attribution;
mod genders;
mod grammar;
mod marks;
mod prose;
mod speaker;
mod subject;

use std::ops::Range;

use tallywire_proto::{EntityKind, Quote, Speaker};
use tallywire_text::CodePoints;

use self::{
    attribution::Attribution,
    marks::{Span, spans},
    prose::{Place, Prose},
    speaker::Speakers,
};
use crate::{
    lexicon::{Class, Lexicon},
    names::Name,
    resolve::Resolved,
    words::{Case, Word, Words, surface},
};

/// The fewest words of direct speech: less is a title or a term.
const FEWEST_WORDS: usize = 3;
/// The fewest words of a part of a sentence that nothing attributes: less is a term.
const FEWEST_WORDS_OF_PART: usize = 8;

/// The direct speech of a text, in order.
pub(crate) fn quotes(
    text: &str,
    words: &Words<'_>,
    names: &[Name],
    resolved: &Resolved,
    lexicon: &Lexicon,
    points: &CodePoints,
) -> Vec<Quote> {
    let spans = spans(text, &words.words, lexicon);
    let prose = Prose { text, words: &words.words, names, lexicon, places: places(&words.words, &spans, lexicon) };
    let mut speakers = Speakers::new(&prose, words, resolved);
    let mut quotes: Vec<Quote> = Vec::new();
    let mut last: Option<Span> = None;
    // The first of the quotes that have carried on, each from the one before, up to here.
    let mut chain = 0;
    // Whether a sentence is known to end between the last quote and here: the way back to it may be long.
    let mut ended = false;
    for span in spans {
        if prose.places[span.words.start] != Place::Speech {
            continue;
        }
        let attribution = prose.attribution(&span);
        let cue = attribution.as_ref().and_then(|attribution| attribution.cue.clone());
        let between = last.as_ref().map(|last| last.marked.end..span.marked.start);
        let carried_on =
            last.as_ref().is_some_and(|last| !last.is_closed()) && between.as_ref().is_some_and(Range::is_empty);
        let same = || between.clone().is_some_and(|between| goes_on(&prose, between, quotes.last(), resolved));
        let inherited = || quotes.last().and_then(|quote| quote.speaker.clone());
        let speaker = match attribution {
            Some(Attribution { source: Some(source), .. }) => speakers.of(&source),
            // "called it “…”, adding: “…”"
            Some(_) => inherited().filter(|_| same()),
            None if carried_on => inherited(),
            None if is_part(&prose, &span) => {
                // "a “…” and a “…”"
                let Some(between) = between.clone() else { continue };
                ended = ended || ends_sentence(&prose, &between);
                if ended {
                    continue;
                }
                inherited().filter(|_| goes_on(&prose, between, quotes.last(), resolved))
            }
            None => match prose.led(&span.marked) {
                Some(source) => speakers.of(&source),
                None => inherited().filter(|_| same()),
            },
        };
        if !carried_on {
            chain = quotes.len();
        }
        if speaker.is_some() {
            for quote in quotes.iter_mut().skip(chain).filter(|quote| quote.speaker.is_none()) {
                quote.speaker.clone_from(&speaker);
            }
            chain = quotes.len();
        }
        let cue = cue.map(|cue| surface(text, &words.words, &cue).to_owned());
        let (start, end) = (words.words[span.words.start].start, words.words[span.words.end - 1].end);
        let (from, to) = (points.at(start), points.at(end));
        quotes.push(Quote { start: from, end: to, text: text[start..end].to_owned(), speaker, cue });
        last = Some(span);
        ended = false;
    }
    quotes
}

/// Where each word stands.
fn places(words: &[Word<'_>], spans: &[Span], lexicon: &Lexicon) -> Vec<Place> {
    let mut places = vec![Place::Prose; words.len()];
    for span in spans {
        let inside = &words[span.words.clone()];
        let count = count(inside);
        let stopped = inside.last().is_some_and(|word| matches!(word.text, "," | "." | "!" | "?" | "…"));
        let enough = count >= FEWEST_WORDS || (count == 2 && stopped);
        let speech = enough && !is_title(inside, lexicon) && !is_named(&words[..span.marked.start]);
        places[span.marked.clone()].fill(if speech { Place::Speech } else { Place::Term });
    }
    places
}

/// How many words are no marks.
fn count(words: &[Word<'_>]) -> usize {
    words.iter().filter(|word| word.text.starts_with(char::is_alphanumeric)).count()
}

/// Whether all words but articles and the like have capitals, two at least: the name of a book or film, not speech.
fn is_title(words: &[Word<'_>], lexicon: &Lexicon) -> bool {
    let plain = |word: &Word<'_>| word.case == Case::None || lexicon.class(&word.lower).is(Class::FUNCTION);
    let mut telling = words.iter().filter(|word| !plain(word));
    telling.clone().count() >= 2 && telling.all(|word| word.case != Case::Lower)
}

/// Whether the words before a quotation mark say that a term follows: "the so-called “…”".
fn is_named(before: &[Word<'_>]) -> bool {
    match before {
        [.., so, dash, word] if word.text == "called" => so.lower == "so" && dash.text == "-",
        [.., known, word] if word.text == "as" => known.text == "known",
        [.., word] => matches!(word.text, "titled" | "entitled" | "named" | "nicknamed" | "headlined"),
        [] => false,
    }
}

/// Whether a quote without an attribution is a part of the sentence around it: "the “best of all worlds”".
fn is_part(prose: &Prose<'_, '_>, span: &Span) -> bool {
    let (first, last) = (&prose.words[span.words.start], &prose.words[span.words.end - 1]);
    let ended = matches!(last.text, "," | "." | "!" | "?" | "…" | "—" | "-");
    // "„…“, sagte"
    let led = prose.begins_sentence(span.marked.start) && prose.is(span.marked.end, ",");
    let whole = first.is_capital() && (ended || led);
    let count = count(&prose.words[span.words.clone()]);
    count < FEWEST_WORDS || (span.is_closed() && !whole && count < FEWEST_WORDS_OF_PART)
}

/// Whether a sentence ends between two quotes.
fn ends_sentence(prose: &Prose<'_, '_>, between: &Range<usize>) -> bool {
    let stop = |at: usize| matches!(prose.words[at].text, "." | "!" | "?");
    between.clone().any(stop) || between.start.checked_sub(2).is_some_and(stop)
}

/// Whether the words between two quotes leave the speaker as it is: they stand in one paragraph, and no sentence
/// behind the first quote's own begins to tell of somebody else.
fn goes_on(prose: &Prose<'_, '_>, between: Range<usize>, last: Option<&Quote>, resolved: &Resolved) -> bool {
    let speaker = last.and_then(|quote| quote.speaker.as_ref()).and_then(|speaker: &Speaker| speaker.entity.as_deref());
    let stop = between.clone().find(|at| matches!(prose.words[*at].text, "." | "!" | "?"));
    let other = |at: usize| {
        let name = prose.name_at(at).filter(|name| prose.names[*name].kind == EntityKind::Person);
        name.is_some_and(|name| Some(&*resolved.entities[resolved.of_name[name]].id) != speaker)
    };
    let mut inner = between.clone();
    let same_paragraph = !inner.any(|at| prose.line_ends_before(at) == 2) && prose.line_ends_before(between.end) == 0;
    same_paragraph && !stop.is_some_and(|stop| (stop..between.end).any(other))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::{Origin, tagger::TAGGER};

    type Row = (String, Option<String>, Option<String>);

    fn quotes(text: &str) -> Vec<Row> {
        let quotes = TAGGER.read(text, &Origin::default()).unwrap().quotes;
        quotes.into_iter().map(|quote| (quote.text, quote.speaker.map(|speaker| speaker.name), quote.cue)).collect()
    }

    fn row(text: &str, speaker: Option<&str>, cue: Option<&str>) -> Row {
        (text.to_owned(), speaker.map(str::to_owned), cue.map(str::to_owned))
    }

    /// The speaker and the cue of the last quote.
    fn last(text: &str) -> (Option<String>, Option<String>) {
        quotes(text).pop().map(|(_, speaker, cue)| (speaker, cue)).unwrap_or_default()
    }

    fn by(speaker: &str, cue: &str) -> (Option<String>, Option<String>) {
        (Some(speaker.to_owned()), Some(cue.to_owned()))
    }

    #[test]
    fn the_speaker_behind_the_quote() {
        assert_eq!(
            quotes("“The road is closed,” said Peter Mwangi. “We will open it soon,” he added."),
            [
                row("The road is closed,", Some("Peter Mwangi"), Some("said")),
                row("We will open it soon,", Some("Peter Mwangi"), Some("added")),
            ]
        );
        assert_eq!(
            quotes("\"Nobody knows the reason,\" a spokesman told reporters."),
            [row("Nobody knows the reason,", Some("a spokesman"), Some("told"))]
        );
        for text in [
            "“We will stay here,” Anna Schmidt, who heads the union of Peter Mwangi, said on Thursday.",
            "“We will stay here,” said the head of the union, Anna Schmidt, on Thursday.",
            "“We will stay here,” said Anna Schmidt, a friend of Peter Mwangi.",
            "“We will stay here,” Anna Schmidt on Thursday said in a statement.",
            "“We will stay here”, Anna Schmidt later said to Peter Mwangi.",
        ] {
            assert_eq!(last(text), by("Anna Schmidt", "said"), "{text}");
        }
        assert_eq!(last("“It is not over,” according to Anna Schmidt of Berlin."), by("Anna Schmidt", "according to"));
        assert_eq!(
            last("The deal was “bad for all of us”, as they had feared, Anna Schmidt said."),
            by("Anna Schmidt", "said")
        );
    }

    #[test]
    fn the_speaker_before_the_quote() {
        assert_eq!(
            quotes("Anna Schmidt told reporters: “It was a long night.” It rained."),
            [row("It was a long night.", Some("Anna Schmidt"), Some("told"))]
        );
        for text in [
            "Anna Schmidt met Peter Mwangi on Monday and said: “It was a long night.”",
            "Anna Schmidt, who once beat Peter Mwangi, said on Monday, “It was a long night.”",
            "Peter Mwangi left early, but Anna Schmidt said the talks were “by far the longest of all”.",
            "As the lawyer of Peter Mwangi, Anna Schmidt said in Nairobi: “It was a long night.”",
        ] {
            assert_eq!(last(text), by("Anna Schmidt", "said"), "{text}");
        }
        assert_eq!(last("According to Anna Schmidt, “it was a long night”."), by("Anna Schmidt", "According to"));
        assert_eq!(
            last("Anna Schmidt met Peter Mwangi, calling him “the worst of them all”."),
            by("Anna Schmidt", "calling")
        );
        assert_eq!(
            last("Peter Mwangi was told by Anna Schmidt: “Go home and stay there.”"),
            by("Anna Schmidt", "told")
        );
        assert_eq!(last("Peter Mwangi: “Go home and stay there.”"), (Some("Peter Mwangi".to_owned()), None));
        assert_eq!(last("Peter Mwangi was told: “Go home and stay there.”").0, None);
    }

    #[test]
    fn who_is_spoken_of_or_to_does_not_speak() {
        assert_eq!(
            last("“It was late,” a spokesman for Peter Mwangi told Anna Schmidt."),
            by("a spokesman for Peter Mwangi", "told")
        );
        assert_eq!(last("“It was late,” Peter Mwangi's lawyer said."), by("Peter Mwangi's lawyer", "said"));
        for text in
            ["“It was late,” Peter Mwangi and Anna Schmidt said.", "Peter Mwangi and Anna Schmidt said: “It was late.”"]
        {
            assert_eq!(last(text), by("Peter Mwangi and Anna Schmidt", "said"), "{text}");
        }
        assert_eq!(last("“I saw Peter Mwangi there.” It rained."), (None, None));
        assert_eq!(last("Anna Schmidt was angry. “Nobody came to see me.”"), (None, None));
    }

    #[test]
    fn pronouns_mean_who_fits() {
        let text = "Anna Schmidt met Peter Mwangi. The talks were short.";
        assert_eq!(last(&format!("{text} “They were too short,” he said.")), by("Peter Mwangi", "said"));
        assert_eq!(last(&format!("{text} “They were too short,” she said.")), by("Anna Schmidt", "said"));
        assert_eq!(
            last("“It was late,” Anna Schmidt said. Mary Poole had left. “It was dark,” she added."),
            by("Mary Poole", "added")
        );
        assert_eq!(last("It rained. “It was late,” he said."), (None, Some("said".to_owned())));
    }

    #[test]
    fn titles_and_kinds_mean_who_has_them() {
        let text = "Health Minister Anna Schmidt met Peter Mwangi.";
        assert_eq!(last(&format!("{text} “They were too short,” the minister said.")), by("Anna Schmidt", "said"));
        assert_eq!(last(&format!("{text} “They were too short,” a minister said.")), by("a minister", "said"));
        let text = "The Ministry of Health closed ten schools.";
        assert_eq!(
            last(&format!("{text} “It is for a week,” the ministry said in a statement.")),
            by("Ministry of Health", "said")
        );
        assert_eq!(last(&format!("{text} “It is for a week,” it added.")), by("Ministry of Health", "added"));
        assert_eq!(
            last(&format!("{text} “It is for a week,” according to its letter to Peter Mwangi.")),
            by("Ministry of Health", "according to")
        );
        assert_eq!(last("Anna Schmidt's letter said: “It is for a week.”"), by("Anna Schmidt", "said"));
    }

    #[test]
    fn speech_goes_on_in_the_same_paragraph() {
        let found = quotes(
            "“This is the first part,” Anna Schmidt said. “And this is the second one.”\n\n“Who says this here?”",
        );
        assert_eq!(found[1].1.as_deref(), Some("Anna Schmidt"));
        assert_eq!(found[2], row("Who says this here?", None, None));
        let other = "“This is the first part,” Anna Schmidt said. Peter Mwangi left. “And this is the second one.”";
        assert_eq!(last(other), (None, None));
        let two = "Anna Schmidt called it “a very bad day” and “a bad year for us”, adding: “It has to end.”";
        assert_eq!(last(two), by("Anna Schmidt", "adding"));
        assert_eq!(quotes(two)[1], row("a bad year for us", Some("Anna Schmidt"), None));
        let indirect = "Anna Schmidt said she was tired of it. “Nobody came to see me.”";
        assert_eq!(last(indirect), (Some("Anna Schmidt".to_owned()), None));
    }

    #[test]
    fn many_parts_far_behind_speech_are_read() {
        let text = "“I will go home now,” Ann Lee said ".to_owned() + &"word ".repeat(50_000) + ". ";
        assert_eq!(quotes(&(text + &"then “of the way” so ".repeat(20_000))).len(), 1);
    }

    #[test]
    fn speech_carries_on_in_the_next_paragraph() {
        assert_eq!(
            quotes("“We came by night.\n\n“We left by day,” Anna Schmidt said."),
            [
                row("We came by night.", Some("Anna Schmidt"), None),
                row("We left by day,", Some("Anna Schmidt"), Some("said")),
            ]
        );
        assert_eq!(
            last("'It was late,' Anna Schmidt said. 'It's the players' night.\n\n'We left by day.'"),
            (Some("Anna Schmidt".to_owned()), None)
        );
    }

    #[test]
    fn terms_are_no_speech() {
        assert!(quotes("The “green deal” passed. She read “The House of the Wind” again. An open “mark").is_empty());
        assert!(quotes("Peter Mwangi said the so-called “war on all drugs” failed. The “best of us” won. “Never again!” It rained.").is_empty());
        assert_eq!(
            quotes("“Never again!” said Peter Mwangi."),
            [row("Never again!", Some("Peter Mwangi"), Some("said"))]
        );
    }

    #[test]
    fn odd_marks_take_no_longer_each_than_few() {
        for piece in [
            "'",
            "''",
            "“a b c,” he said. ",
            "‘a ",
            "\"a b c\n\n",
            "“a “b ",
            "“a b c” and ",
            "x said: ",
            "«",
            "„a",
            "he said. “a b c” ",
        ] {
            let found = quotes(&piece.repeat(10_000));
            assert!(found.len() <= 10_000, "{piece}");
        }
    }

    proptest! {
        #[test]
        fn any_marks_are_read_without_panic(
            pieces in proptest::collection::vec(proptest::sample::select(vec![
                "“", "”", "\"", "'", "''", "‘", "’", "„", "«", "»", " ", ", ", ". ", ": ", "? ", " — ", "-", "\n", "\n\n", "'s ",
                "Ann Lee ", "Acme Corp. ", "Paris ", "said ", "told ", "according to ", "adding ", "was ", "by ", "he ", "it ",
                "the ", "minister ", "of ", "and ", "who ", "its ", "letter ", "We ", "go now ", "é",
            ]), 0..60),
        ) {
            let text = pieces.concat();
            let reading = TAGGER.read(&text, &Origin::default()).unwrap();
            let mut end = 0;
            for quote in &reading.quotes {
                prop_assert!(quote.start >= end && quote.end > quote.start);
                end = quote.end;
                let id = quote.speaker.as_ref().and_then(|speaker| speaker.entity.as_ref());
                prop_assert!(id.is_none_or(|id| reading.entities.iter().any(|entity| entity.id == *id)));
                prop_assert!(quote.cue.as_ref().is_none_or(|cue| text.contains(cue.as_str())));
            }
        }
    }
}
