//! The entities stage: who, which organization and where in a news article, and who is quoted in it.
//!
//! The stage is a pure function from a [`Cleaned`](tallywire_proto::Cleaned) article to a
//! [`Tagged`](tallywire_proto::Tagged) one. A text is read in steps, a file each:
//!
//! 1. `words`: tokens become words as names need them (`Al-Shabaab` and `AT&T` are one), sentence by sentence
//! 2. `candidates`: runs of capitalised words are cut into what may be a name
//! 3. `evidence`: what the name itself, the words around it and the rest of the article say for each kind
//! 4. `classify`: the evidence is weighed; names with more against than for them are left out
//! 5. `resolve`: mentions are gathered into entities, and `locate` finds the `GeoNames` entries of places
//! 6. `roles`, `quotes`, `salience`: what the article says of people, whom it quotes, and what it is about
//!
//! ```
//! use tallywire_entities::Tagger;
//! use tallywire_proto::EntityKind;
//!
//! let reading = Tagger::new().read("Mr. John Carter left Nairobi on Monday. “We will be back soon,” Carter said.", None);
//! assert_eq!(reading.entities[0].name, "John Carter");
//! assert_eq!(reading.entities[0].kind, EntityKind::Person);
//! assert_eq!(reading.entities[0].mentions.len(), 2);
//! assert_eq!(reading.entities[1].links.geonames, Some(184745));
//! assert_eq!(reading.quotes[0].text, "We will be back soon,");
//! ```

mod candidates;
mod classify;
mod evidence;
mod gazetteer;
mod lexicon;
mod locate;
mod quotes;
mod resolve;
mod roles;
mod salience;
#[cfg(feature = "service")]
mod service;
mod tagger;
mod words;

#[cfg(feature = "service")]
pub use service::{NAME, run};
pub use tagger::{Reading, Tagger};
