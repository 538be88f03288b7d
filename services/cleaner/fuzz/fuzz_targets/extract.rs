//! Any bytes are read as a page, or refused; the paragraphs of what is read stand where they should.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tallywire_cleaner::extract;
use url::Url;

#[path = "../../tests/support/paragraphs.rs"]
mod paragraphs;

fuzz_target!(|data: &[u8]| {
    let url = Url::parse("https://news.example/2026/03/09/ferry-late").ok();
    if let Ok(article) = extract(&String::from_utf8_lossy(data), url.as_ref()) {
        assert!(!article.text.contains('\0'));
        paragraphs::assert_paragraphs(&article.text, &article.paragraphs);
    }
});
