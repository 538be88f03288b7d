//! Scores over the annotated articles in `tests/data`, with the tagger's names and with the annotated ones.

mod article;
mod places;
mod score;

use std::{fs, path::Path};

use self::{article::Article, score::Scores};
use crate::{Origin, Reading, lexicon::Lexicon, tagger::TAGGER, words::Words};

/// A folder of articles: its name, which numbers are for testing, and how an article is scored.
type Folder = (&'static str, fn(u32) -> bool, fn(&mut Scores, &Article, &Reading));

const FOLDERS: [Folder; 2] = [
    ("articles", |number| number > 20, Scores::add_article),
    ("places", |number| number.is_multiple_of(2), Scores::add_places),
];

const PARTS: [&str; 4] = [
    "development, the tagger's names",
    "test, the tagger's names",
    "development, annotated names",
    "test, annotated names",
];

/// The least F1 of each score, in each of the [`PARTS`].
const FLOORS: [(&str, [f64; 4]); 13] = [
    ("coreference, b3", [0.95, 0.94, 0.99, 0.98]),
    ("coreference, b3 all", [0.87, 0.88, 0.99, 0.98]),
    ("coreference, pairs", [0.89, 0.85, 0.99, 0.96]),
    ("mentions", [0.85, 0.88, 0.99, 0.99]),
    ("metonyms", [0.83, 0.55, 0.85, 0.55]),
    ("places", [0.92, 0.86, 0.94, 0.90]),
    ("places, country", [0.94, 0.90, 0.97, 0.95]),
    ("places, linked", [0.95, 0.92, 0.97, 0.96]),
    ("quotes", [0.99, 0.99, 0.99, 0.99]),
    ("quotes, cue", [0.97, 0.97, 0.98, 0.97]),
    ("quotes, speaker", [0.88, 0.92, 0.95, 0.95]),
    ("roles", [0.94, 0.88, 0.97, 0.91]),
    ("roles with of", [0.83, 0.77, 0.96, 0.84]),
];

#[test]
fn annotated_articles_are_read_as_well_as_before() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let (lexicon, origin) = (Lexicon::new(), Origin::default());
    let mut parts: [Scores; 4] = Default::default();
    for (folder, is_test, add) in FOLDERS {
        for entry in fs::read_dir(data.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let number = path.file_stem().unwrap().to_str().unwrap().trim_start_matches('p').parse().unwrap();
            let article = Article::parse(&fs::read_to_string(&path).unwrap());
            let text = &article.text;
            let words = Words::new(text, &lexicon);
            let part = usize::from(is_test(number));
            add(&mut parts[part], &article, &TAGGER.read(text, &origin).unwrap());
            add(&mut parts[2 + part], &article, &TAGGER.read_names(text, &words, article.names(&words), &origin));
            // Those for testing are only scored.
            for line in std::mem::take(&mut parts[2].report) {
                println!("{folder} {number:02}: {line}");
            }
        }
    }
    for (part, scores) in PARTS.iter().zip(&parts) {
        println!("{part}: precision, recall, F1");
        for (what, score) in &scores.scores {
            println!("  {what:22} {:.3} {:.3} {:.3}", score.precision(), score.recall(), score.f1());
        }
    }
    for (what, floors) in FLOORS {
        for ((part, scores), floor) in PARTS.iter().zip(&parts).zip(floors) {
            let f1 = scores.scores[what].f1();
            assert!(f1 >= floor, "{part}: {what}: {f1:.3} is below {floor}");
        }
    }
}
