//! Any text is read; its spans hold what they say.
//!
//! The first byte picks the language, and whether the others are the text as it is or pick pieces of news.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tallywire_entities::{Origin, Tagger};

#[path = "../../tests/support/spans.rs"]
mod spans;

static TAGGER: LazyLock<Tagger> = LazyLock::new(|| Tagger::new().expect("the embedded model"));

const LANGUAGES: [Option<&str>; 4] = [None, Some("en"), Some("fr"), Some("")];
const PIECES: &str = " |\n|\n\n|. |, |: |; |? |-| — |&|(|) |'s |’s |'|''|\"|“|”|‘|’|„|«|»|é|\u{301}|İ|\0|\u{202e}|\u{200d}|\
    日本 |7|G20 |Mr. |Ms. |Dr |Jr. |J. |Ann |Ann Lee |Lee |LEE |van |al-|he |she |it |they |who |its |the |The |of |and |\
    for |in |by |to |was |said |told |added |adding |according to |President |minister |former |chief executive |head |\
    spokesman |letter |We |go now |Ministry |Health |Bank |Acme |Corp. |Ltd |AC |NATO |Kenya |Kenyan |Paris |Texas |\
    Georgia |Moscow |Washington |River |region |city |U.S. |May |Monday ";

fuzz_target!(|data: &[u8]| {
    let Some((first, bytes)) = data.split_first() else { return };
    let text = if first % 2 == 0 {
        String::from_utf8_lossy(bytes).into_owned()
    } else {
        let pieces: Vec<&str> = PIECES.split('|').collect();
        bytes.iter().map(|byte| pieces[usize::from(*byte) % pieces.len()]).collect()
    };
    let language = LANGUAGES[usize::from(first / 2) % LANGUAGES.len()];
    let country = (first & 8 == 0).then_some("US");
    let reading = TAGGER.read(&text, &Origin { language, country }).expect("the fast model never fails");
    spans::assert_spans(&text, &reading.entities, &reading.quotes);
});
