//! What a short line of a news page says that it is, when it is not the article: "Read more: ..", "Photo: Ada Ono".

use self::{
    dated::{is_date, is_dated},
    phrases::{PHRASES, Phrase, Place},
    rest::{ends_sentence, is_head, is_labelled, is_named, is_tail, is_whole},
};

mod dated;
mod phrases;
mod rest;

/// What a line is, where its words give it away.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Cue {
    /// A link to another article, or to the rest of this one: "Read more: ..".
    ReadMore,
    /// Heads a list of other articles: "Related articles", "Most read".
    Related,
    /// Asks for an e-mail address.
    Newsletter,
    /// Asks to be passed on or followed, or names a network to do so.
    Share,
    /// Reads the article aloud, plays it, or sets its letters.
    Listen,
    /// Says whose a picture is: "Photo: Ada Ono", "Reuters/Ada Ono".
    Credit,
    /// Lists keywords: "Topics: ..", "#storm #sea".
    Tags,
    /// The title again, once the reader has scrolled: "You were reading: ..".
    NowReading,
    /// Heads what is said of the author or the company, or names who else worked on it.
    About,
    /// Of the readers' comments, or asks readers for word.
    Comments,
    /// Of cookies, privacy and terms.
    Cookie,
    /// Asks to subscribe or sign in before more is shown.
    Paywall,
    /// When the article came out, or how long it takes to read; the date may stand elsewhere.
    Published,
    /// Who wrote it: "By Ada Ono".
    Byline,
    /// Marks an advertisement, or says that links are paid for.
    Advertisement,
    /// Who owns the text.
    Copyright,
    /// A part of the site or a control of the page: "Home", "Skip to content".
    Navigation,
}

impl Cue {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "read-more" => Self::ReadMore,
            "related" => Self::Related,
            "newsletter" => Self::Newsletter,
            "share" => Self::Share,
            "listen" => Self::Listen,
            "credit" => Self::Credit,
            "tags" => Self::Tags,
            "now-reading" => Self::NowReading,
            "about" => Self::About,
            "comments" => Self::Comments,
            "cookie" => Self::Cookie,
            "paywall" => Self::Paywall,
            "published" => Self::Published,
            "byline" => Self::Byline,
            "advertisement" => Self::Advertisement,
            "copyright" => Self::Copyright,
            "navigation" => Self::Navigation,
            _ => return None,
        })
    }
}

/// Longer lines, in bytes, are prose whatever they begin with.
const MAX_BYTES: usize = 400;
/// Longest line that is what a word at its end or a label at its start says.
const MAX_SHORT_BYTES: usize = 250;

/// What the line is, if its words give it away; `None` for prose, headings and all else.
///
/// Takes some 100 nanoseconds and allocates nothing for most lines.
pub(crate) fn cue(line: &str) -> Option<Cue> {
    if line.len() > MAX_BYTES {
        return None;
    }
    let line = line.trim();
    phrase_cue(line).or_else(|| sign_cue(line)).or_else(|| caption_cue(line))
}

/// What the phrase at either end says.
fn phrase_cue(line: &str) -> Option<Cue> {
    let start = line.find(char::is_alphanumeric)?;
    let (opening, text) = line.split_at(start);
    let is_short = line.len() <= MAX_SHORT_BYTES;
    let is_quoted = opening.contains(['"', '“', '”', '„', '‘', '「', '『', '«']) && closes_quote(text);
    let found = PHRASES
        .before(text)
        .filter(|(phrase, _)| is_short || phrase.place == Place::Start)
        .find(|(phrase, rest)| begins(phrase, rest, is_quoted));
    if found.is_some() || !is_short {
        return found.map(|(phrase, _)| phrase.cue);
    }
    let (text, closing) = text.split_at(text.trim_end_matches(|last: char| !last.is_alphanumeric()).len());
    PHRASES.after(text).find(|(phrase, before)| ends(phrase, before, closing)).map(|(phrase, _)| phrase.cue)
}

/// Whether a quotation ends in the line, which then is what somebody said: "“Listen!”".
fn closes_quote(text: &str) -> bool {
    text.contains(['"', '”', '“', '’', '」', '』', '»'])
}

/// Whether what follows the phrase is what must follow it. `is_quoted`: the line is what somebody said.
fn begins(phrase: &Phrase, rest: &str, is_quoted: bool) -> bool {
    match phrase.place {
        Place::Whole => !is_quoted && is_whole(rest, phrase.is_one_word),
        Place::Label => !is_quoted && is_labelled(rest, phrase.is_one_word),
        Place::Brief => !is_quoted && is_labelled(rest, phrase.is_one_word) && !ends_sentence(rest),
        Place::Head => is_head(rest),
        Place::Start => true,
        Place::Dated => is_dated(rest),
        Place::Named => is_named(rest, phrase.cue, phrase.is_one_word),
        Place::End | Place::Tail => false,
    }
}

/// Whether the phrase may end the line: `before` stands before it, and `after` are the marks behind it.
fn ends(phrase: &Phrase, before: &str, after: &str) -> bool {
    match phrase.place {
        Place::End => phrase.cue != Cue::Credit || !ends_sentence(after),
        Place::Tail => is_tail(before, after),
        _ => false,
    }
}

/// What a sign says: "© 2026 The Gull", "#storm #sea", or a date that stands alone.
fn sign_cue(line: &str) -> Option<Cue> {
    const COPYRIGHT: &str = "copyright";
    if line.len() > MAX_SHORT_BYTES {
        return None;
    }
    let is_stated = line.get(..COPYRIGHT.len()).is_some_and(|word| word.eq_ignore_ascii_case(COPYRIGHT));
    let owner = if is_stated { line[COPYRIGHT.len()..].trim_start() } else { line };
    let owner = owner.strip_prefix('©').or_else(|| owner.strip_prefix("(c)")).or(is_stated.then_some(owner));
    if let Some(owner) = owner.map(str::trim_start) {
        let is_year = owner.starts_with("19") || owner.starts_with("20");
        return if is_year { Some(Cue::Copyright) } else { line.starts_with('©').then_some(Cue::Credit) };
    }
    let is_tag = |word: &str| word.strip_prefix('#').is_some_and(|tag| tag.starts_with(char::is_alphabetic));
    if line.starts_with('#') && line.contains(" #") && line.split_whitespace().all(is_tag) {
        return Some(Cue::Tags);
    }
    is_date(line).then_some(Cue::Published)
}

/// A caption ends with its credit: "The quays on Monday. Photo: Ada Ono", "The quays (AP Photo/Ada Ono)".
fn caption_cue(line: &str) -> Option<Cue> {
    /// Longest credit, in bytes.
    const MAX_BYTES: usize = 100;
    let end = &line[line.ceil_char_boundary(line.len().saturating_sub(MAX_BYTES))..];
    let tail = match end.strip_suffix([')', ']']) {
        Some(inner) => inner.rsplit_once(['(', '['])?.1,
        None => end.rsplit_once(". ")?.1,
    };
    let has_two_words = tail.trim().contains([' ', '/', ':']);
    (has_two_words && phrase_cue(tail) == Some(Cue::Credit)).then_some(Cue::Credit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_line_of_the_data_is_read_once() {
        let mut seen = std::collections::HashSet::new();
        for line in include_str!("../data/line-cues.txt").lines() {
            let is_words =
                ["unit ", "gone ", "particle ", "joiner ", "nameless "].iter().any(|kind| line.starts_with(kind));
            if line.is_empty() || line.starts_with('#') || is_words {
                continue;
            }
            let phrase = phrases::parse(line).unwrap_or_else(|| panic!("{line}"));
            assert!(seen.insert(line), "twice: {line}");
            assert!(phrase.text.chars().eq(phrase.text.chars().map(phrases::lower)), "not in lower case: {line}");
            let is_line = matches!(phrase.place, Place::Whole | Place::Label | Place::Brief);
            assert!(!is_line || cue(phrase.text).is_some(), "{line}");
        }
    }

    #[test]
    fn what_lines_say_that_they_are() {
        for (line, expected) in [
            ("Read more: Old quays are mended", Cue::ReadMore),
            ("READ MORE »", Cue::ReadMore),
            ("Lesen Sie auch: Der Hafen bleibt zu", Cue::ReadMore),
            ("Читайте также: Порт закрыт", Cue::ReadMore),
            ("ЧИТАЙТЕ ТАКЖЕ", Cue::ReadMore),
            ("関連記事", Cue::Related),
            ("Related articles", Cue::Related),
            ("More from The Gull", Cue::Related),
            ("You might also like…", Cue::Related),
            ("Sign up for our morning letter and never wonder again", Cue::Newsletter),
            ("All the news of the coast, delivered to your inbox", Cue::Newsletter),
            ("Share this article", Cue::Share),
            ("Follow us on: the usual places", Cue::Share),
            ("Photo: Ada Ono", Cue::Credit),
            ("Image Credit: Gull Pictures / Ben Lund", Cue::Credit),
            ("REUTERS/Ada Ono", Cue::Credit),
            ("(AP Photo/Ada Ono)", Cue::Credit),
            ("The quays on Monday after the storm. Photo: Ada Ono", Cue::Credit),
            ("The quays on Monday after the storm (Photo by Ada Ono)", Cue::Credit),
            ("© Ada Ono", Cue::Credit),
            ("Tags: storm, sea", Cue::Tags),
            ("#storm #harbour", Cue::Tags),
            ("You are reading: Storm closes harbour", Cue::NowReading),
            ("About the author", Cue::About),
            ("Leave a Reply", Cue::Comments),
            ("We use cookies to see what you read.", Cue::Cookie),
            ("Already a subscriber? Sign in", Cue::Paywall),
            ("Published on", Cue::Published),
            ("Published on 9 March 2026 at 12:30", Cue::Published),
            ("Updated 3 hours ago", Cue::Published),
            ("Aktualisiert am 09.03.2026", Cue::Published),
            ("5 min read", Cue::Published),
            ("March 9, 2026", Cue::Published),
            ("By Ada Ono", Cue::Byline),
            ("By Ada Ono and Ben van der Lund", Cue::Byline),
            ("Por María Ono", Cue::Byline),
            ("Advertisement", Cue::Advertisement),
            ("© 2026 The Gull", Cue::Copyright),
            ("Copyright (c) 2026 The Gull", Cue::Copyright),
            ("The Gull Ltd. All rights reserved.", Cue::Copyright),
            ("Skip to content", Cue::Navigation),
            ("Menu", Cue::Navigation),
            ("« Previous", Cue::Navigation),
            ("Loading…", Cue::Navigation),
            ("Already a member? Sign in", Cue::Paywall),
            ("Follow: @gull", Cue::Share),
            ("Report this comment", Cue::Comments),
            ("Ada Ono/Getty Images", Cue::Credit),
            ("(Reporting by Ada Ono in Gullport; Editing by Ben Lund)", Cue::About),
            ("By subscribing, you agree to our terms.", Cue::Newsletter),
            ("3 hours ago", Cue::Published),
            ("Hace 45 minutos", Cue::Published),
            ("Published 2019", Cue::Published),
            ("By Marco Biondi", Cue::Byline),
            ("Von Anna Schreiber", Cue::Byline),
            ("记者：王小明、李大力", Cue::Byline),
            ("फोटो: अदा ओनो", Cue::Credit),
            ("图：王小明", Cue::Credit),
        ] {
            assert_eq!(cue(line), Some(expected), "{line}");
        }
    }

    #[test]
    fn sentences_and_headings_are_no_cues() {
        for line in [
            "",
            "…",
            "Share prices fell on Tuesday.",
            "Shares of the ferry company",
            "Related charges were dropped.",
            "Read more than one book a month",
            "Photo: a word that everyone knows and few can explain",
            "Photo Finish at the Regatta",
            "Credit Suisse Group",
            "Reuters reported the loss first.",
            "Image Comics Opens a Shop",
            "By noon it was over.",
            "By The Numbers",
            "By Monday",
            "By Sea and By Land",
            "Por qué importa",
            "Home prices rose by a tenth",
            "Home Again",
            "Comments by the mayor angered the crew",
            "Tags were found on the wreck",
            "Follow the money, she said.",
            "Published 12 books in his life",
            "Updated rules take effect in May",
            "Copyright law is older than the press",
            "Watch what they do",
            "Recommended doses are lower for children.",
            "Advertisement spending rose by a tenth.",
            "Subscribe to the view that ferries are safe",
            "About the harbour, little was said.",
            "About 300 people came",
            "More from less: how the port saves fuel",
            "Trending downwards since May",
            "#1",
            "March 2026",
            "2026",
            "09-555-1200",
            "$139.00",
            "Author and sailor Ada Ono is dead",
            "Next week the ferry sails again.",
            "Search teams found the crew",
            "Newsletters are back in fashion",
            "Menus in the harbour's cafés",
            "Published in 2019, the book sold out.",
            "Published on 9 March, it sold out within days.",
            "Posted his best result since 2019.",
            "Updated 2026 budget passes.",
            "Published 2 weeks after the war",
            "24 hours a day",
            "记者：您为什么要离开这座城市？",
            "记者：请您谈谈这本新书",
            "फोटो, वीडियो और दस्तावेज अदालत में पेश हुए",
            "She sold her pictures to Getty Images.",
            "He writes about it every week in our newsletter.",
            "The ferry left the island three hours ago.",
            "The last boat had gone only ten minutes ago, the crew of the second one told us",
            "More by luck than by skill",
            "Reporting by Reuters showed that the quay had sunk.",
            "Report this to the police, the mayor said.",
            "Tweet this and you lose the job, he was told.",
            "By subscribing to two channels he saved ten crowns.",
            "By signing up young players the club saved itself.",
            "Already registered voters need do nothing.",
            "Already a member of the crew, she knew the ship.",
            "Copyright by its nature is a right of few.",
            "Watch: he never sleeps.",
            "Follow: the dog went after her.",
            "Share: it fell three percent.",
            "Comment: they would not say.",
            "“Listen!”",
            "“OK.”",
            "Home.",
            "Next!",
            "“Share this!”",
            "Von Trapp Family",
        ] {
            assert_eq!(cue(line), None, "{line}");
        }
    }

    #[test]
    fn long_lines_are_prose() {
        assert_eq!(cue(&format!("Read more: {}", "word ".repeat(60))), None);
        assert_eq!(cue(&format!("Sign up for our letter: {}", "word ".repeat(100))), None);
    }

    proptest! {
        #[test]
        fn any_line_is_read(line in "\\PC{0,80}|(share|by|©|photo|:| |[A-Z][a-z]{1,4}|\\.|é|新){0,12}") {
            let found = cue(&line);
            prop_assert_eq!(found, cue(&format!(" {line}\t")));
        }
    }
}
