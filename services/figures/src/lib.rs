//! The figures that a news text states, and the times that it names, as records.
//!
//! [`Reader::read`] goes over the text once, a sentence at a time. A number is found, what is no figure is left out,
//! its unit or what it counts is read, numbers that belong together are joined, and then what is said about it:
//! how exact it is, whether it rose or fell, what happened, when, where, and who says so. What the text does not say
//! is `None`. All rules are plain grammar over words listed under `data/`; nothing is guessed by a model.
//!
//! ```
//! use tallywire_figures::{Input, Reader};
//!
//! let reader = Reader::new();
//! let reading = reader.read(&Input {
//!     text: "At least seven people were killed on Friday, police said.",
//!     language: Some("en"),
//!     country: None,
//!     published_at: "2024-03-09".parse().ok(),
//!     entities: &[],
//!     quotes: &[],
//! });
//! let figure = &reading.figures[0];
//! assert_eq!(figure.text, "At least seven people");
//! assert_eq!(figure.value.low.map(|low| low.0), Some(7.0));
//! assert_eq!(figure.event.as_ref().map(|event| event.class.as_str()), Some("killed"));
//! assert_eq!(figure.source.as_ref().map(|source| source.name.as_str()), Some("police"));
//! assert_eq!(reading.times[0].value.as_deref(), Some("2024-03-08"));
//! ```

mod age;
mod article;
mod combine;
mod compound;
mod digits;
mod directions;
mod events;
mod exclusion;
mod language;
mod mentions;
mod modifiers;
mod money;
mod noun;
mod number_words;
mod numbers;
mod phrase;
mod phrases;
mod places;
mod quantity;
mod reader;
mod record;
mod relations;
mod sentence;
#[cfg(feature = "service")]
mod service;
mod sources;
mod status;
mod times;
mod together;
mod units;

pub use reader::{Input, MOST_FIGURES, Reader, Reading};
#[cfg(feature = "service")]
pub use service::{NAME, run};
