//! Which lines of a page are its article.
//!
//! 1. What is surely no article is set aside: menus, footers, comments, what is not shown (unless hardly anything else
//!    would be left).
//! 2. Every line that remains is described by numbers: its length and links, the containers that it stands in and how
//!    much prose they hold (scored as Readability does), where it stands to the headline and to the best container,
//!    what its classes say, what its words say (`cue`), and what repeats on the page (`evidence`).
//! 3. A forest of small decision trees weighs them, line by line (`forest`). So a body that is spread over several
//!    containers is found as well as one in a single container, and a promotion inside it goes.

mod containers;
mod evidence;
mod forest;
mod marks;
mod measure;

use std::collections::{HashMap, hash_map::Entry};

use crate::{
    block::Block,
    html::Document,
    lines::{self, Line, Lines},
};
use containers::Containers;
use evidence::Evidence;
use marks::Mark;
use measure::Measures;

/// The article's blocks; none where the page has none. `title` is the page's headline, if it is known.
pub(crate) fn main_content(page: &Document<'_>, title: Option<&str>) -> Vec<Block> {
    let mut lines = lines::lines(page.root());
    let mut likelihoods = Vec::new();
    weigh(page, &mut lines, title, |row| likelihoods.push(forest::forest().likelihood(row)));
    let best = likelihoods.iter().copied().fold(0.0, f32::max);
    // A page with little text resembles few others: then what is likeliest counts.
    let least = if best >= LIKELY { LIKELY } else { (best * LIKELY).max(POSSIBLE) };
    let likely = lines.lines.iter().zip(likelihoods).filter(|(_, likelihood)| *likelihood >= least);
    let kept: Vec<Line> = likely.map(|(line, _)| *line).collect();
    lines.blocks(&said_once(&lines, kept))
}

/// A line is the article's from this likelihood on.
const LIKELY: f32 = 0.5;
/// A line below it is never the article's.
const POSSIBLE: f32 = 0.2;

/// Drops what stands there for the second time: some pages have their text twice, for two widths of the screen. One
/// line alone may be a refrain.
fn said_once(lines: &Lines, mut kept: Vec<Line>) -> Vec<Line> {
    /// Shorter lines are alike by chance, in bytes.
    const LEAST_BYTES: usize = 50;
    /// So many lines, one behind the other, are no chance any more.
    const LEAST_LINES: usize = 3;
    let mut first = HashMap::new();
    // Of each line, the place of the line that it repeats.
    let repeats: Vec<Option<usize>> = kept
        .iter()
        .enumerate()
        .map(|(place, line)| match first.entry(lines.text(line)) {
            Entry::Occupied(known) => Some(*known.get()),
            Entry::Vacant(new) => {
                new.insert(place);
                None
            }
        })
        .collect();
    let mut stays = vec![true; kept.len()];
    let mut at = 0;
    while at < kept.len() {
        let run = repeats[at..].iter().take_while(|repeated| repeated.is_some()).count();
        let long = (at..at + run).filter(|place| kept[*place].len() >= LEAST_BYTES).count();
        let is_at_once = |place: usize| place > 0 && repeats[place] == Some(place - 1);
        for place in at..at + run {
            stays[place] = long < LEAST_LINES && !(kept[place].len() >= LEAST_BYTES && is_at_once(place));
        }
        at += run + 1;
    }
    measure::retain(&mut kept, &stays);
    kept
}

/// Hands out the evidence on each line that may be the article's, in order; the other lines are dropped.
fn weigh(page: &Document<'_>, lines: &mut Lines, title: Option<&str>, mut take: impl FnMut(&[f32])) {
    if lines.lines.is_empty() {
        return;
    }
    // Which words are equal does not depend on the numbers that they get.
    let hasher = foldhash::fast::RandomState::default();
    let mut containers = Containers::new(page, lines, &hasher);
    let mut measures = Measures::new(lines, &hasher);
    let headline = evidence::headline(lines, &containers, title);
    let headline = set_aside(lines, &mut containers, &mut measures, headline);
    containers.settle(lines, &measures);
    let evidence = Evidence::new(lines, &measures, &containers, title, headline, &hasher);
    let mut row = Vec::with_capacity(evidence::WIDTH);
    for line in 0..lines.lines.len() {
        evidence.of_line(line, &mut row);
        take(&row);
    }
}

/// Drops the lines in parts of the page that hold no article, each kind of part only where enough prose is left: a
/// share of what there was, and so many words at least. What holds the headline holds the article, whatever it is
/// called. The headline's place among the lines that stay comes back.
fn set_aside(
    lines: &mut Lines,
    containers: &mut Containers,
    measures: &mut Measures,
    headline: Option<usize>,
) -> Option<usize> {
    // Of each part: the share and the words. Comments may well be longer than the article; some pages are hidden until a
    // script shows them.
    const PARTS: [(Mark, f32, f32); 3] =
        [(Mark::Frame, 0.05, 15.0), (Mark::Comment, 0.04, 15.0), (Mark::Hidden, 0.2, 60.0)];
    let with_headline = headline.map(|line| containers.holding(containers.of_line[line]));
    let holds_headline = |place: usize| with_headline.as_ref().is_some_and(|holds| holds[place]);
    let total = measures.total().prose;
    let mut stays = vec![true; lines.lines.len()];
    for (mark, share, words) in PARTS {
        let in_part = |line| containers.marked(line, mark).is_some_and(|place| !holds_headline(place));
        let narrower: Vec<bool> = stays.iter().enumerate().map(|(line, stays)| *stays && !in_part(line)).collect();
        let left: f32 = measures.of_line.iter().zip(&narrower).filter(|line| *line.1).map(|line| line.0.prose()).sum();
        if left > 0.0 && left >= share * total && (left >= words || left >= total) {
            stays = narrower;
        }
    }
    measures.retain(&stays);
    measure::retain(&mut lines.lines, &stays);
    measure::retain(&mut containers.of_line, &stays);
    headline.map(|line| stays[..line].iter().filter(|stays| **stays).count())
}

/// The names of the numbers, the texts of the lines, and the numbers of each line.
#[cfg(feature = "training")]
pub(crate) type Rows = (Vec<String>, Vec<String>, Vec<Vec<f32>>);

/// The lines of a page and the evidence on each, for growing the forest.
#[cfg(feature = "training")]
pub(crate) fn evidence_on(page: &Document<'_>, title: Option<&str>) -> Rows {
    let mut lines = lines::lines(page.root());
    let mut rows = Vec::new();
    weigh(page, &mut lines, title, |row| rows.push(row.to_vec()));
    let texts = lines.lines.iter().map(|line| lines.text(line).to_owned()).collect();
    (evidence::names(), texts, rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::parse;

    const FERRY: &str = "The ferry came three hours late on Monday, after a storm had closed the harbour of the town.";
    const QUAYS: &str =
        "Nobody was hurt, the mayor said, but it would take weeks to mend the quays and clear the road.";
    const ROADS: &str =
        "Two roads along the coast stay closed until the wind has fallen, the county said in the evening.";

    fn texts(html: &str) -> Vec<String> {
        main_content(&parse(html).unwrap(), Some("Ferry late")).into_iter().map(|block| block.text).collect()
    }

    fn article() -> String {
        format!("<h1>Ferry late</h1><p>{FERRY}</p><p>{QUAYS}</p><p>{ROADS}</p>")
    }

    fn has_article(html: &str) -> bool {
        let texts = texts(html);
        [FERRY, QUAYS, ROADS].iter().all(|line| texts.iter().any(|text| text == line))
    }

    #[test]
    fn what_holds_the_headline_stays_whatever_it_is_called() {
        let side = "<div class=side><p>A reader writes about the harbour, and about all the ferries that came too late.</p>\
            <p>Another one writes about the weather, which has been bad for weeks now, on this coast and on others.</p>\
            <p>A third one has nothing to say, and says it in so many words that nobody wants to read them all.</p></div>";
        for wrapper in
            ["class='post comments-open'", "id=app aria-hidden=true", "class=comment-page style='display:none'"]
        {
            assert!(has_article(&format!("<div {wrapper}>{}</div>{side}", article())), "{wrapper}");
        }
    }

    #[test]
    fn comments_and_footers_are_set_aside() {
        let comment =
            "<li class=comment><p>I waited there for three hours with my children, and nobody told us why it was.</p>";
        let page = format!("<div>{}</div><ul class=comments>{}</ul>", article(), comment.repeat(9));
        assert!(has_article(&page));
        assert!(texts(&page).iter().all(|text| !text.contains("my children")));
        assert!(
            texts(&format!("{}<footer><p>{FERRY} And so on.</p></footer>", article()))
                .iter()
                .all(|text| !text.contains("so on"))
        );
    }

    #[test]
    fn a_text_that_stands_there_twice_is_kept_once() {
        let twice = texts(&format!("<div>{0}</div><div>{0}</div>", article()));
        assert_eq!(twice.iter().filter(|text| *text == FERRY).count(), 1);
        let page = format!("<p>{FERRY}<p>{QUAYS}<p>{FERRY}<p>{ROADS}");
        let found = parse(&page).unwrap();
        let lines = lines::lines(found.root());
        let count = said_once(&lines, lines.lines.clone()).len();
        assert_eq!(count, 4, "one line alone may be a refrain");
    }

    #[test]
    fn a_page_without_lines_has_no_article() {
        for page in ["", "<div></div>", "<script>x</script>", "<nav><a href=/>Home</a></nav>"] {
            assert!(texts(page).is_empty(), "{page}");
        }
    }
}
