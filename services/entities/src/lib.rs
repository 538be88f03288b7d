//! The entities stage: who, which organization and where in a news article, and who is quoted in it.
//!
//! The stage is a pure function from a [`Cleaned`](tallywire_proto::Cleaned) article to a
//! [`Tagged`](tallywire_proto::Tagged) one. A text is read in steps, a file each:
//!
//! 1. `words`: tokens become words as names need them (`Al-Shabaab` and `AT&T` are one), sentence by sentence
//! 2. `features`: how a word is written, what the lists have of it, what the rest of the article says of it
//! 3. `model`: a trained model tells from these which words are names, and of which kind
//! 4. `own_names`: the names of the user's own file are put in
//! 5. `resolve`: mentions are gathered into entities, `locate` finds the `GeoNames` entries of places, and `metonym`
//!    those that stand for their governments
//! 6. `roles`, `quotes`, `salience`: what the article says of people, whom it quotes, and what it is about
//!
//! ```
//! use tallywire_entities::{Origin, Tagger};
//! use tallywire_proto::EntityKind;
//!
//! let reading = Tagger::new()?.read("Mr. John Carter left Nairobi on Monday. “We will be back soon,” Carter said.", &Origin::default())?;
//! assert_eq!(reading.entities[0].name, "John Carter");
//! assert_eq!(reading.entities[0].kind, EntityKind::Person);
//! assert_eq!(reading.entities[0].mentions.len(), 2);
//! assert_eq!(reading.entities[1].links.geonames, Some(184745));
//! assert_eq!(reading.quotes[0].text, "We will be back soon,");
//! # Ok::<(), tallywire_entities::ModelError>(())
//! ```

#[cfg(test)]
mod annotated;
#[cfg(feature = "training")]
mod export;
mod features;
mod gazetteer;
mod gender;
mod lexicon;
mod locate;
#[cfg(test)]
mod marked;
mod metonym;
mod model;
mod names;
mod own_names;
mod quotes;
mod resolve;
mod roles;
mod salience;
#[cfg(feature = "service")]
mod service;
mod tagger;
mod words;

#[cfg(feature = "training")]
pub use export::{Export, export};
pub use locate::country_of_url;
pub use model::ModelError;
pub use own_names::{OwnNames, OwnNamesError};
#[cfg(feature = "service")]
pub use service::{EntitiesError, NAME, run};
pub use tagger::{Origin, Reading, Tagger};
