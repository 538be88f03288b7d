//! The contract holds together: the files are as the types say, and the samples are messages as they travel.
//!
//! The samples in `proto/samples/` tell of one article, made up for Tallywire, as it passes the stages. They are read
//! as documentation too, so every field in them is right, and every field has a value somewhere.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod files;
mod numbers;
mod records;
mod samples;

use std::{fs, path::Path};

use jsonschema::Validator;
use serde_json::Value;
use tallywire_proto::Message;

/// Calls a check for the message of each hop, in the order of an article's way, and for one of its figures.
macro_rules! for_each_message {
    ($check:ident) => {
        $check::<tallywire_proto::Fetched>();
        $check::<tallywire_proto::Cleaned>();
        $check::<tallywire_proto::Tagged>();
        $check::<tallywire_proto::Enriched>();
        $check::<tallywire_proto::StatedFigure>();
    };
}
pub(crate) use for_each_message;

/// A file below `proto/`.
fn read(path: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("proto/{path}: {error}"))
}

/// The name of a message's schema and sample: `cleaned` of `tallywire.cleaned/1`.
fn name<M: Message>() -> &'static str {
    let (_, name) = M::SCHEMA.split_once('.').unwrap();
    name.split_once('/').unwrap().0
}

fn sample_text<M: Message>() -> String {
    read(&format!("samples/{}.json", name::<M>()))
}

fn sample<M: Message>() -> Value {
    serde_json::from_str(&sample_text::<M>()).unwrap()
}

fn decode<M: Message>(json: &Value) -> Result<M, tallywire_proto::DecodeError> {
    M::decode(json.to_string().as_bytes())
}

fn schema<M: Message>() -> Value {
    serde_json::from_str(&read(&format!("schemas/{}.json", name::<M>()))).unwrap()
}

fn validator<M: Message>() -> Validator {
    jsonschema::options().should_validate_formats(true).build(&schema::<M>()).unwrap()
}
