//! What a site puts on its pages whatever the article: lines that most of its articles of late have in common.
//!
//! A memory holds the last articles of one host, each as the hashes of its lines. Counting articles, not pages, makes
//! an article that comes again no evidence: a revision takes the place of the one before it, and one that comes under
//! another address is told by its lines and left out. So no line becomes boilerplate by coming again, however often.
//! Nothing here does any I/O.

use std::collections::{HashMap, VecDeque};

use tallywire_proto::{Article, Paragraph, ParagraphKind};

use crate::sighting::{Line, Sighting, key, texts};

/// Articles that a memory holds, the last ones: a bit of a [`Mask`] each.
const MAX_ARTICLES: usize = 64;
/// Lines that a memory holds, of all its articles together: 16 KiB. Articles of 32 lines fill it.
const MAX_LINES: usize = 2048;
/// A line on fewer articles than this may be there by chance, or belong to a story that goes on.
const LEAST_ARTICLES: usize = 5;
/// The first byte of a memory in bytes: what the rest is.
const VERSION: u8 = 1;

/// A set of the articles that a memory holds, in their order.
type Mask = u64;

/// The lines of the last articles of one host. Its size is bounded: 64 articles, 2048 lines.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SiteMemory {
    articles: VecDeque<Seen>,
}

/// An article as it is remembered. No line is there twice.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Seen {
    article: u64,
    lines: Vec<u64>,
}

/// The bytes are no memory of this version.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no site memory of version {VERSION}")]
pub struct UnreadableMemory;

impl SiteMemory {
    /// Remembers an article, unless it is an earlier one that comes again: one with which it shares more than half of
    /// what is its own. Says whether it was remembered.
    pub fn learn(&mut self, sighting: &Sighting) -> bool {
        if self.is_known(sighting) {
            return false;
        }
        self.articles.retain(|seen| seen.article != sighting.article);
        let lines = sighting.lines.iter().map(|line| line.hash).collect();
        self.articles.push_back(Seen { article: sighting.article, lines });
        self.keep_to_limits();
        true
    }

    /// Drops from an article the paragraphs that most of the site's other articles have too, and headings that then
    /// head nothing at the end. All of it stays where that would take more than half.
    pub fn forget_boilerplate(&self, article: &mut Article) {
        let lines: Vec<Line> = texts(article).into_iter().map(Line::of).collect();
        let places = self.places(key(article.id), &lines);
        let mut kept: Vec<bool> =
            lines.iter().map(|line| !line.has_letters || !places.is_boilerplate(line.hash)).collect();
        if kept.last() == Some(&false) {
            let at_end = kept.iter_mut().zip(&article.paragraphs).rev();
            for (kept, _) in at_end.take_while(|(kept, paragraph)| !**kept || paragraph.kind == ParagraphKind::Heading)
            {
                *kept = false;
            }
        }
        let all: usize = lines.iter().map(|line| line.weight).sum();
        let left: usize = lines.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(line, _)| line.weight).sum();
        if kept.contains(&false) && left * 2 >= all {
            keep(article, &kept);
        }
    }

    /// The memory in bytes, at most some 17 KiB: hashes can be written no shorter than they are.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        for seen in &self.articles {
            bytes.extend(seen.article.to_le_bytes());
            bytes.push(seen.lines.len() as u8);
            bytes.extend(seen.lines.iter().flat_map(|line| line.to_le_bytes()));
        }
        bytes
    }

    /// Reads a memory from its bytes.
    ///
    /// # Errors
    /// When they are of another version, or cut off.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, UnreadableMemory> {
        let mut rest = bytes.strip_prefix(&[VERSION]).ok_or(UnreadableMemory)?;
        let mut memory = Self::default();
        while let Some((article, after)) = rest.split_first_chunk() {
            let (count, after) = after.split_first().ok_or(UnreadableMemory)?;
            let (lines, after) =
                after.split_at_checked(usize::from(*count) * size_of::<u64>()).ok_or(UnreadableMemory)?;
            let lines = lines.as_chunks().0.iter().map(|line| u64::from_le_bytes(*line)).collect();
            memory.articles.push_back(Seen { article: u64::from_le_bytes(*article), lines });
            rest = after;
        }
        memory.keep_to_limits();
        if rest.is_empty() { Ok(memory) } else { Err(UnreadableMemory) }
    }

    /// Forgets the oldest articles, each whole: an article of which a part is remembered would not be known again.
    fn keep_to_limits(&mut self) {
        let mut lines: usize = self.articles.iter().map(|seen| seen.lines.len()).sum();
        while self.articles.len() > MAX_ARTICLES || lines > MAX_LINES {
            let Some(oldest) = self.articles.pop_front() else { break };
            lines -= oldest.lines.len();
        }
    }

    /// Whether an article shares more than half of what is its own with one other. What is known as boilerplate is no
    /// article's own, or short articles would all be taken for one.
    fn is_known(&self, sighting: &Sighting) -> bool {
        let places = self.places(sighting.article, &sighting.lines);
        let own = sighting.lines.iter().filter(|line| !places.is_boilerplate(line.hash));
        let (mut weight, mut shared) = (0, [0; MAX_ARTICLES]);
        for line in own {
            weight += line.weight;
            let places = places.of(line.hash);
            for (place, shared) in shared.iter_mut().enumerate() {
                *shared += line.weight * usize::from(places >> place & 1 == 1);
            }
        }
        shared.iter().any(|shared| shared * 2 > weight)
    }

    /// On which other articles each of these lines is.
    fn places(&self, article: u64, lines: &[Line]) -> Places {
        let mut masks: HashMap<u64, Mask> = lines.iter().map(|line| (line.hash, 0)).collect();
        let mut others = 0;
        for seen in self.articles.iter().filter(|seen| seen.article != article) {
            for line in &seen.lines {
                if let Some(mask) = masks.get_mut(line) {
                    *mask |= 1 << others;
                }
            }
            others += 1;
        }
        Places { masks, others }
    }
}

/// On which articles lines are, other than the one that is looked at.
struct Places {
    masks: HashMap<u64, Mask>,
    /// How many articles there are.
    others: usize,
}

impl Places {
    fn of(&self, line: u64) -> Mask {
        self.masks.get(&line).copied().unwrap_or(0)
    }

    /// Whether a line is on at least five articles and on every other one. Less would take paragraphs that tell the
    /// background of a story each day anew. A limit of length would not spare them: what a publisher says of itself is
    /// as long.
    fn is_boilerplate(&self, line: u64) -> bool {
        let count = self.of(line).count_ones() as usize;
        count >= LEAST_ARTICLES && count * 2 >= self.others
    }
}

/// Puts an article together anew from the paragraphs that are kept.
fn keep(article: &mut Article, kept: &[bool]) {
    let paragraphs_kept = texts(article).into_iter().zip(&article.paragraphs).zip(kept).filter(|(_, kept)| **kept);
    let (mut text, mut paragraphs, mut at) = (String::with_capacity(article.text.len()), Vec::new(), 0);
    for ((paragraph, Paragraph { kind, .. }), _) in paragraphs_kept {
        if !text.is_empty() {
            text.push_str(SEPARATOR);
            at += SEPARATOR.len();
        }
        let end = at + paragraph.chars().count();
        text.push_str(paragraph);
        paragraphs.push(Paragraph { start: at, end, kind: *kind });
        at = end;
    }
    (article.text, article.paragraphs) = (text, paragraphs);
}

/// What separates two paragraphs in an article's text.
const SEPARATOR: &str = "\n\n";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tallywire_proto::ArticleId;

    use super::*;
    use crate::sighting::MAX_ARTICLE_LINES;

    const FOLLOW: &str = "Follow our reporters by letter, twice a week, at no cost.";

    fn of_paragraphs(name: &str, paragraphs: &[(ParagraphKind, String)]) -> Article {
        let message = include_bytes!("../../../proto/samples/cleaned.json");
        let mut article = serde_json::from_slice::<tallywire_proto::Cleaned>(message).unwrap().article;
        article.id = ArticleId::of_key(name);
        article.text = paragraphs.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(SEPARATOR);
        let mut at = 0;
        let place = |(kind, text): &(ParagraphKind, String)| {
            let paragraph = Paragraph { start: at, end: at + text.chars().count(), kind: *kind };
            at = paragraph.end + SEPARATOR.len();
            paragraph
        };
        article.paragraphs = paragraphs.iter().map(place).collect();
        article
    }

    fn article(name: &str, lines: &[&str]) -> Article {
        let paragraphs: Vec<_> = lines.iter().map(|line| (ParagraphKind::Paragraph, (*line).to_owned())).collect();
        of_paragraphs(name, &paragraphs)
    }

    /// A paragraph that no other article has.
    fn own(number: usize) -> String {
        format!("The ferry number {number} left the harbour of Mwanza with {number} sacks of mail, and é was on board.")
    }

    /// Learns from that many articles with a line in common, after their own.
    fn after(count: usize, line: &str) -> SiteMemory {
        let mut memory = SiteMemory::default();
        for number in 0..count {
            assert!(memory.learn(&Sighting::of(&article(&number.to_string(), &[&own(number), line]))));
        }
        memory
    }

    fn cleaned(memory: &SiteMemory, mut article: Article) -> String {
        memory.forget_boilerplate(&mut article);
        article.text
    }

    #[test]
    fn a_line_of_five_articles_goes_and_offsets_fit() {
        let lines = ["Zoë won é.", FOLLOW, "Nobody expected it, least of all Zoë, who had lost the last three races."];
        assert_eq!(cleaned(&after(4, FOLLOW), article("new", &lines)), lines.join(SEPARATOR));
        let mut article = article("new", &lines);
        after(5, &FOLLOW.to_uppercase()).forget_boilerplate(&mut article);
        assert_eq!(texts(&article), [lines[0], lines[2]]);
        assert_eq!(article.text, [lines[0], lines[2]].join(SEPARATOR));
    }

    #[test]
    fn a_line_that_most_articles_lack_stays() {
        let mut memory = after(8, "The mill burnt down in May; twelve people died there.");
        for number in 100..109 {
            assert!(memory.learn(&Sighting::of(&article(&number.to_string(), &[&own(number)]))));
        }
        let next = [&own(1), "The mill burnt down in May; twelve people died there."];
        assert_eq!(cleaned(&memory, article("next", &next)), next.join(SEPARATOR));
    }

    #[test]
    fn an_article_never_loses_more_than_half() {
        let memory = after(9, FOLLOW);
        assert_eq!(cleaned(&memory, article("short", &["It rained.", FOLLOW])), ["It rained.", FOLLOW].join(SEPARATOR));
    }

    #[test]
    fn bare_numbers_stay_and_a_heading_goes_with_what_it_heads() {
        let mut memory = SiteMemory::default();
        let page = |number: usize| {
            of_paragraphs(
                &number.to_string(),
                &[
                    (ParagraphKind::Paragraph, own(number)),
                    (ParagraphKind::TableRow, "2 : 1".to_owned()),
                    (ParagraphKind::Heading, format!("More of {number}")),
                    (ParagraphKind::Paragraph, FOLLOW.to_owned()),
                ],
            )
        };
        for number in 0..6 {
            memory.learn(&Sighting::of(&page(number)));
        }
        assert_eq!(cleaned(&memory, page(7)), [own(7).as_str(), "2 : 1"].join(SEPARATOR));
    }

    #[test]
    fn a_revision_counts_once_and_what_is_dropped_stays_known() {
        let mut memory = SiteMemory::default();
        for revision in 0..9 {
            memory.learn(&Sighting::of(&article("one", &[&own(revision), FOLLOW])));
        }
        assert_eq!(memory.articles.len(), 1);
        let mut memory = after(70, FOLLOW);
        let page = article("new", &[&own(99), FOLLOW]);
        memory.learn(&Sighting::of(&page));
        assert_eq!(cleaned(&memory, page), own(99));
    }

    #[test]
    fn short_articles_are_told_apart_once_their_boilerplate_is_known() {
        let mut memory = after(5, FOLLOW);
        assert!(memory.learn(&Sighting::of(&article("a", &["It rained.", FOLLOW]))));
        assert!(memory.learn(&Sighting::of(&article("b", &["It snowed.", FOLLOW]))));
        assert!(!memory.learn(&Sighting::of(&article("c", &["It snowed.", FOLLOW]))));
    }

    #[test]
    fn bytes_of_another_kind_are_refused() {
        let bytes = after(2, FOLLOW).to_bytes();
        for bad in [&[][..], &[VERSION + 1], b"{}", &bytes[..bytes.len() - 1]] {
            assert_eq!(SiteMemory::from_bytes(bad), Err(UnreadableMemory));
        }
    }

    fn lines(few: &'static str) -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec(few, 1..12)
    }

    proptest! {
        #[test]
        fn an_article_under_many_addresses_keeps_its_lines(
            published in prop::collection::vec((lines("[a-e]{1,2}"), any::<bool>()), 0..90),
            own in lines("[x-z]{1,3}"),
        ) {
            let own: Vec<&str> = own.iter().map(String::as_str).collect();
            let mut memory = SiteMemory::default();
            for (number, (others, again)) in published.iter().enumerate() {
                let others: Vec<&str> = others.iter().map(String::as_str).collect();
                let page = if *again { &own } else { &others };
                let page = article(&number.to_string(), page);
                if *again {
                    prop_assert_eq!(cleaned(&memory, page.clone()), own.join(SEPARATOR));
                }
                memory.learn(&Sighting::of(&page));
            }
        }

        #[test]
        fn a_memory_is_bounded_and_comes_back_from_its_bytes(
            pages in prop::collection::vec((0..80_u32, 0..300_usize), 0..90),
        ) {
            let mut memory = SiteMemory::default();
            for (name, lines) in pages {
                let lines: Vec<String> = (0..lines).map(|line| format!("line {line} of {name}")).collect();
                let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
                memory.learn(&Sighting::of(&article(&name.to_string(), &lines)));
                prop_assert!(memory.articles.len() <= MAX_ARTICLES);
                prop_assert!(memory.articles.iter().map(|seen| seen.lines.len()).sum::<usize>() <= MAX_LINES);
                prop_assert!(memory.articles.iter().all(|seen| seen.lines.len() <= MAX_ARTICLE_LINES));
            }
            let bytes = memory.to_bytes();
            prop_assert!(bytes.len() <= 1 + MAX_ARTICLES * 9 + MAX_LINES * 8);
            prop_assert_eq!(SiteMemory::from_bytes(&bytes), Ok(memory));
        }

        #[test]
        fn what_is_kept_is_in_order_and_more_than_half(
            known in prop::collection::vec(lines("[a-d]{1,2}é?"), 0..20),
            new in lines("[a-d]{1,2}é?"),
        ) {
            let mut memory = SiteMemory::default();
            for (number, lines) in known.iter().enumerate() {
                let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
                memory.learn(&Sighting::of(&article(&number.to_string(), &lines)));
            }
            let new: Vec<&str> = new.iter().map(String::as_str).collect();
            let mut page = article("new", &new);
            memory.forget_boilerplate(&mut page);
            let left = texts(&page);
            let mut before = new.iter();
            prop_assert!(left.iter().all(|line| before.any(|whole| whole == line)), "in order");
            prop_assert_eq!(left.join(SEPARATOR), page.text.clone(), "offsets fit");
            let weight = |lines: &[&str]| lines.iter().map(|line| Line::of(line).weight).sum::<usize>();
            prop_assert!(weight(&left) * 2 >= weight(&new));
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = SiteMemory::from_bytes(&bytes);
            let _ = SiteMemory::from_bytes(&[&[VERSION], bytes.as_slice()].concat());
        }
    }
}
