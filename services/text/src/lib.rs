//! Reading news text: tokens, sentences, and offsets in code points.
//!
//! Shared by the stages that read an article's text, so that they cut it up the same way. Everything in here works
//! with byte offsets, which slice a `&str` at no cost; [`CodePoints`] turns them into what a message carries.
//!
//! ```
//! use tallywire_text::{CodePoints, sentences, tokens};
//!
//! let text = "Mr. Ono paid £3m. He’s gone.";
//! let tokens = tokens(text);
//! let sentences = sentences(text, &tokens);
//! assert_eq!(tokens[sentences[1].start].text, "He");
//! assert_eq!(CodePoints::new(text).at(tokens[sentences[1].start].start), 18);
//! ```

mod offsets;
mod sentence;
mod token;

pub use offsets::CodePoints;
pub use sentence::sentences;
pub use token::{Token, TokenKind, tokens};
