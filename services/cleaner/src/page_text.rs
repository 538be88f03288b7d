//! The article in a page that was scraped to plain text, menus and all.

use std::collections::HashSet;

use tallywire_proto::ParagraphKind;

use crate::{
    block::{Block, folded},
    cue::{Cue, cue},
    script::{SENTENCE_ENDS, is_unspaced},
};

/// A line of prose has at least so many words.
const LEAST_WORDS: usize = 9;
/// A line of prose is worth so many lines that are none.
const WORTH: i64 = 3;
/// Words of a line count up to this towards the run's worth.
const MOST_LINES: usize = 7;
/// Longest line that may be a sub-heading, in characters.
const LONGEST_HEADING: usize = 100;
/// What a line that is no prose counts for the run that it is in: a sub-heading or a menu's entry.
const SHORT: i64 = -1;
/// The same of what stands within articles and around them alike, such as a credit.
const INSET: i64 = -6;
/// The same of what heads other articles or the comments.
const AFTERWARDS: i64 = -6;
/// The same of what hardly stands within an article, such as a menu's "Contact us".
const FURNITURE: i64 = -12;

/// A line of the page, and what it is taken for.
struct Line<'t> {
    text: &'t str,
    sort: Sort,
}

/// What a line is taken for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Sort {
    /// Running text, and what it counts for the run that it is in.
    Prose(i64),
    /// A sentence of few words: dialogue, a line of a poem.
    Remark,
    /// No sentence: a sub-heading, an item of a list, a menu's entry, another article's headline.
    Short,
    /// The article's own title.
    Title,
    /// Heads what comes after an article: others like it, the readers' comments.
    Afterwards,
    /// Says that it is not the article, and may well stand within: a credit, an advertisement's mark.
    Inset,
    /// Says that it is of the page around the article.
    Furniture,
}

impl Sort {
    fn of(line: &str, title: Option<&str>) -> Self {
        /// Longest title, in bytes.
        const LONGEST_TITLE: usize = 400;
        /// A label with more words than this carries its other article with it, and heads nothing.
        const LONGEST_LABEL: usize = 5;
        if let Some(cue) = cue(line) {
            let heads =
                matches!(cue, Cue::Related | Cue::Comments) && line.split_whitespace().nth(LONGEST_LABEL).is_none();
            return match cue {
                _ if heads => Self::Afterwards,
                Cue::ReadMore
                | Cue::Credit
                | Cue::Advertisement
                | Cue::Share
                | Cue::Listen
                | Cue::Published
                | Cue::Byline => Self::Inset,
                _ => Self::Furniture,
            };
        }
        if line.len() <= LONGEST_TITLE && title.is_some_and(|title| folded(line) == title) {
            return Self::Title;
        }
        let words = words(line);
        match (has_sentence_end(line), words) {
            (true, LEAST_WORDS..) => {
                Self::Prose(WORTH * i64::try_from((words / LEAST_WORDS).min(MOST_LINES)).unwrap_or(1))
            }
            (true, _) => Self::Remark,
            (false, _) => Self::Short,
        }
    }

    /// What the line counts for the run that it is in.
    fn worth(self) -> i64 {
        match self {
            Self::Prose(worth) => worth,
            Self::Remark | Self::Title => 0,
            Self::Short => SHORT,
            Self::Inset => INSET,
            Self::Furniture => FURNITURE,
            Self::Afterwards => AFTERWARDS,
        }
    }
}

/// The article: the main run of prose, without the lines in it that say that they are something else.
///
/// Each line of prose counts for the run that it is in, each other line a little against it, and the run with the
/// highest sum is the article (Kadane's algorithm for the maximum subarray). Menus before it and lists after it are
/// dropped so; sub-headings, lists and short lines inside it stay. `title` is the article's own, where it is known.
pub(crate) fn article(text: &str, title: Option<&str>) -> Vec<Block> {
    let title = title.map(folded).filter(|title| !title.is_empty());
    let texts = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let menu = menu(texts.clone());
    let lines: Vec<Line<'_>> = texts
        .map(|line| without_breadcrumbs(line, &menu))
        .map(|text| Line { text, sort: Sort::of(text, title.as_deref()) })
        .collect();
    let run = best_run(&lines);
    kept(if run.is_empty() { sentences(&lines) } else { before_others(after_title(run)) })
}

/// Lines that may be entries of a menu.
fn menu<'t>(lines: impl Iterator<Item = &'t str>) -> HashSet<&'t str> {
    const LONGEST_ENTRY: usize = 30;
    lines.filter(|line| line.len() <= LONGEST_ENTRY && !has_sentence_end(line)).collect()
}

/// A line without the entries of a menu that are glued to its start: `HomeNewsStorm closes harbour`.
///
/// One alone must be the page's own and no word of all menus, with which names begin as well: `HomeKit`.
fn without_breadcrumbs<'t>(line: &'t str, menu: &HashSet<&str>) -> &'t str {
    /// How far breadcrumbs go, in bytes.
    const MAX_BYTES: usize = 120;
    let mut start = 0;
    let mut last = ' ';
    let (mut entries, mut is_own) = (0, false);
    for (at, character) in line.char_indices().take_while(|(at, _)| *at < MAX_BYTES) {
        if character.is_uppercase() && last.is_lowercase() {
            let entry = &line[start..at];
            let is_common = cue(entry) == Some(Cue::Navigation);
            if is_common || menu.contains(entry) {
                start = at;
                entries += 1;
                is_own = !is_common;
            }
        }
        last = character;
    }
    if entries > 1 || is_own { &line[start..] } else { line }
}

fn words(line: &str) -> usize {
    // Scripts without spaces: a character counts for half a word.
    let characters = line.chars().filter(|character| is_unspaced(*character)).count() / 2;
    line.split_whitespace().count().max(characters)
}

/// Whether the line ends as a sentence does, or holds the end of one; in Thai and Lao, which mark none, whether it is
/// longer than headlines are.
fn has_sentence_end(line: &str) -> bool {
    /// Longest headline in these scripts, in characters.
    const LONGEST_HEADLINE: usize = 100;
    let ended = line.trim_end_matches(['"', '”', '’', '\'', ')', '»', '“', '」', '』']);
    let is_unmarked = |letter: &char| matches!(letter, '\u{e00}'..='\u{eff}');
    ended.ends_with(SENTENCE_ENDS)
        || ended.ends_with(':')
        || ended.contains(". ")
        || line.chars().filter(is_unmarked).nth(LONGEST_HEADLINE).is_some()
}

/// The run with the highest sum, the first of equal ones; empty where no line is worth anything.
fn best_run<'l, 't>(lines: &'l [Line<'t>]) -> &'l [Line<'t>] {
    let (mut best, mut run) = ((0, 0, 0), (0, 0));
    for (at, line) in lines.iter().enumerate() {
        if run.0 <= 0 {
            run = (0, at);
        }
        // Credit, date and byline come together: they count once.
        let is_one_more = line.sort == Sort::Inset && at > 0 && lines[at - 1].sort == Sort::Inset;
        let sum = run.0 + if is_one_more { 0 } else { line.sort.worth() };
        // It may stand between two paragraphs, so alone it ends no run.
        run.0 = if line.sort == Sort::Inset && run.0 > 0 { sum.max(1) } else { sum };
        if run.0 > best.0 {
            best = (run.0, run.1, at + 1);
        }
    }
    &lines[best.1..best.2]
}

/// From the first sentence to the last, where there is no prose and no menu that has as many lines: a short report.
fn sentences<'l, 't>(lines: &'l [Line<'t>]) -> &'l [Line<'t>] {
    let is_sentence = |line: &Line<'_>| matches!(line.sort, Sort::Remark | Sort::Prose(_));
    let is_menu = |line: &&Line<'_>| matches!(line.sort, Sort::Short | Sort::Furniture | Sort::Afterwards);
    let (Some(first), Some(last)) = (lines.iter().position(is_sentence), lines.iter().rposition(is_sentence)) else {
        return &[];
    };
    let count = lines.iter().filter(|line| is_sentence(line)).count();
    if lines.iter().filter(is_menu).count() <= count { &lines[first..=last] } else { &[] }
}

/// How much prose there is.
fn worth(lines: &[Line<'_>]) -> i64 {
    lines.iter().map(|line| line.sort.worth().max(0)).sum()
}

/// What stands after the title, if that leaves most of the run.
fn after_title<'l, 't>(run: &'l [Line<'t>]) -> &'l [Line<'t>] {
    match run.iter().rposition(|line| line.sort == Sort::Title) {
        Some(place) if worth(&run[..place]) * 2 <= worth(&run[place..]) => &run[place + 1..],
        _ => run,
    }
}

/// What stands before the first heading of other articles or comments, if that leaves most of the run.
fn before_others<'l, 't>(run: &'l [Line<'t>]) -> &'l [Line<'t>] {
    let all = worth(run);
    let mut before = 0;
    for (at, line) in run.iter().enumerate() {
        if line.sort == Sort::Afterwards && before * 2 >= all {
            return &run[..at];
        }
        before += line.sort.worth().max(0);
    }
    run
}

/// The lines of a run that are the article's, as blocks. What follows a heading of other articles is theirs up to the
/// next line of prose.
fn kept(run: &[Line<'_>]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut is_aside = false;
    for line in run {
        is_aside = match line.sort {
            Sort::Afterwards => true,
            Sort::Prose(_) | Sort::Remark => false,
            _ => is_aside,
        };
        let is_text = matches!(line.sort, Sort::Prose(_) | Sort::Remark | Sort::Short);
        if is_text && !is_aside {
            blocks.push(Block { kind: kind(line), text: line.text.to_owned() });
        }
    }
    blocks
}

fn kind(line: &Line<'_>) -> ParagraphKind {
    if line.text.starts_with(['•', '*', '–', '▪']) {
        ParagraphKind::ListItem
    } else if line.sort == Sort::Short
        && line.text.chars().nth(LONGEST_HEADING).is_none()
        && !line.text.ends_with([',', ';'])
    {
        ParagraphKind::Heading
    } else {
        ParagraphKind::Paragraph
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FIRST: &str = "The harbour was closed on Tuesday after a storm had torn two ferries loose and thrown one of \
        them on the northern quay, where it lay until the evening.";
    const SECOND: &str = "Nobody was hurt, the mayor said, but the quays will take weeks to clear and mend, and until \
        then the island has to be reached by the old road.";
    const OTHER: &str = "The museum on the hill opens its new wing to visitors this coming weekend.";

    fn texts(page: &[&str], title: Option<&str>) -> Vec<String> {
        article(&page.join("\n"), title).into_iter().map(|block| block.text).collect()
    }

    #[test]
    fn menus_and_lists_are_dropped_and_headings_stay() {
        let page = ["Home", "News", "Subscribe", "", "Storm closes harbour", FIRST, "", "Weeks of work", SECOND];
        let after = ["Most read", "One headline", "Another headline", "About us", "Privacy policy"];
        let blocks = article(&[&page[..], &after[..]].concat().join("\n"), None);
        let found: Vec<&str> = blocks.iter().map(|block| block.text.as_str()).collect();
        assert_eq!(found, [FIRST, "Weeks of work", SECOND]);
        assert_eq!(blocks[1].kind, ParagraphKind::Heading);
    }

    #[test]
    fn a_menu_is_no_article() {
        assert!(texts(&["Home", "News", "Sport"], None).is_empty());
        assert!(texts(&[], None).is_empty());
    }

    #[test]
    fn credits_and_calls_within_go() {
        let calls = ["Photo: Ada Ono/Gull Pictures", "Share this article", "Published on"];
        let page = [&[FIRST, SECOND][..], &calls, &[SECOND, FIRST, "Read more: Old quays"]].concat();
        assert_eq!(texts(&page, None), [FIRST, SECOND, SECOND, FIRST]);
    }

    #[test]
    fn an_inset_parts_no_short_paragraphs() {
        let [first, second] = [
            "The harbour was closed on Tuesday after a storm had torn two of the ferries loose, the mayor told the town.",
            "Nobody was hurt, but the quays will take some weeks to clear and mend, and the road is open, she said.",
        ];
        for inset in ["Photo: Ada Ono", "Advertisement"] {
            assert_eq!(texts(&["Home", "News", first, inset, second], None), [first, second], "{inset}");
        }
    }

    #[test]
    fn short_reports_stay_and_menus_with_a_sentence_do_not() {
        let page = ["Oil fell three percent on Monday.", "Traders blamed the strong crown.", "Gas hardly moved."];
        assert_eq!(texts(&page, None), page);
        assert_eq!(texts(&["Oil", page[0], "Photo: Ada Ono", page[1]], None), page[..2]);
        assert!(texts(&["News", "Sport", "Weather", page[0], page[1]], None).is_empty());
    }

    #[test]
    fn scripts_with_other_marks_or_none_are_prose() {
        for text in [
            "بندرگاہ منگل کے روز بند رہی کیونکہ طوفان نے دو کشتیاں توڑ دی تھیں۔",
            "ወደቡ ማክሰኞ ቀን ተዘግቶ ነበር ምክንያቱም ማዕበሉ ሁለት ጀልባዎችን ሰብሮ ነበር።",
            "မုန်တိုင်းကြောင့် အင်္ဂါနေ့က ဆိပ်ကမ်းကို ပိတ်ထားခဲ့ရပြီး သင်္ဘောနှစ်စင်း ပျက်စီးသွားသည်။",
            "ท่าเรือถูกปิดเมื่อวันอังคารหลังจากพายุพัดเรือข้ามฟากสองลำหลุดจากท่า นายกเทศมนตรีกล่าวว่าไม่มีผู้ใดได้รับบาดเจ็บ \
             แต่ต้องใช้เวลาหลายสัปดาห์ในการซ่อมแซม",
        ] {
            assert_eq!(texts(&["Home", "News", text], None), [text]);
        }
        assert!(texts(&["พายุปิดท่าเรือเมื่อวันอังคาร", "ข่าวประชาสัมพันธ์"], None).is_empty());
    }

    #[test]
    fn dialogue_and_lists_stay() {
        let page = [FIRST, "“Never again,” she said.", "What was lost:", "• two ferries", "• a crane", SECOND];
        assert_eq!(texts(&page, None), page);
    }

    #[test]
    fn glued_breadcrumbs_go() {
        let glued = format!("HomeNews{FIRST}");
        assert_eq!(texts(&["Home", "News", &glued, SECOND], None), [FIRST, SECOND]);
        let own = format!("WeatherStorm: {FIRST}");
        assert_eq!(texts(&["Weather", &own, SECOND], None)[0], format!("Storm: {FIRST}"));
        for name in ["HomeKit", "NextWave", "SearchBird"] {
            let text = format!("{name} sales fell, the firm said. {FIRST}");
            assert_eq!(texts(&["Home", "Next", "Search", &text, SECOND], None), [text.as_str(), SECOND]);
        }
        let name = "McOno and YouTube are names that stand in the text as their owners write them.";
        assert_eq!(texts(&[name, SECOND], None), [name, SECOND]);
    }

    #[test]
    fn what_stands_before_the_repeated_title_goes() {
        let page = [OTHER, "Storm closes harbour", FIRST, SECOND, FIRST];
        assert_eq!(texts(&page, Some("Storm closes harbour")), [FIRST, SECOND, FIRST]);
        assert_eq!(texts(&page, None).len(), page.len());
    }

    #[test]
    fn teasers_after_the_article_go() {
        let page = [FIRST, SECOND, FIRST, "More like this", "New wing opens", OTHER];
        assert_eq!(texts(&page, None), [FIRST, SECOND, FIRST]);
        // A box of other articles in the middle takes only its headlines along.
        let page = [FIRST, SECOND, "Related articles", "New wing opens", FIRST, SECOND, FIRST, SECOND, FIRST];
        assert_eq!(texts(&page, None), [FIRST, SECOND, FIRST, SECOND, FIRST, SECOND, FIRST]);
    }

    proptest! {
        #[test]
        fn blocks_stand_in_the_text_in_order(text in "([A-Za-zé]{1,9}[ .:\n]|Share\n|Home|Most read\n){0,120}") {
            let mut rest = text.as_str();
            for block in article(&text, Some("Home")) {
                prop_assert!(!block.text.is_empty());
                let Some(at) = rest.find(&block.text) else { panic!("{:?} is not in {rest:?}", block.text) };
                rest = &rest[at + block.text.len()..];
            }
        }
    }
}
