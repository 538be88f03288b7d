//! Each sample against its schema and its type.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tallywire_proto::{DecodeError, FeedStatus, Message};

use crate::{decode, for_each_message, name, read, sample, sample_text, schema, validator};

/// What the article of the samples does not have: it is no copy, no stage knows its story, and its feed has no full
/// text.
const WITHOUT_VALUE: [&str; 3] = ["duplicate_of", "story", "entry.content"];

/// What no single figure has all of; the figures of the whole article do.
const OF_ONE_FIGURE: [&str; 4] = ["figure.", "related", "place.", "source."];

#[test]
fn a_sample_fits_its_schema() {
    fn check<M: Message>() {
        let sample = sample::<M>();
        let errors: Vec<_> =
            validator::<M>().iter_errors(&sample).map(|error| format!("{} {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", name::<M>());
    }
    for_each_message!(check);
}

/// To the byte: no key is lost or added, and all stand in the order of the types.
#[test]
fn a_sample_is_written_as_it_was_read() {
    fn check<M: Message>() {
        let text = sample_text::<M>();
        let message = M::decode(text.as_bytes()).unwrap();
        let written = serde_json::to_string_pretty(&message).unwrap() + "\n";
        for (number, (is, should)) in text.lines().zip(written.lines()).enumerate() {
            assert_eq!(is, should, "proto/samples/{}.json, line {}", name::<M>(), number + 1);
        }
        assert_eq!(text, written);
    }
    for_each_message!(check);
}

#[test]
fn every_property_has_a_value_in_the_sample() {
    fn check<M: Message>() {
        let (root, mut known, mut given) = (schema::<M>(), BTreeSet::new(), BTreeSet::new());
        properties(&root, &root, "", &mut known);
        values(&sample::<M>(), "", &mut given);
        let is_needed = |path: &&String| {
            let is_of_one = name::<M>() == "figure" && OF_ONE_FIGURE.iter().any(|part| path.starts_with(part));
            !is_of_one && !WITHOUT_VALUE.contains(&path.as_str())
        };
        let missing: Vec<_> = known.difference(&given).filter(is_needed).collect();
        assert!(missing.is_empty(), "give proto/samples/{}.json a value for {missing:?}", name::<M>());
    }
    for_each_message!(check);
}

/// The path of every property of a schema: `figures[].unit.name`.
fn properties(root: &Value, schema: &Value, path: &str, found: &mut BTreeSet<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root.pointer(reference.trim_start_matches('#')).unwrap();
        properties(root, target, path, found);
    }
    for choice in schema["anyOf"].as_array().into_iter().flatten() {
        properties(root, choice, path, found);
    }
    if schema["items"].is_object() {
        properties(root, &schema["items"], &format!("{path}[]"), found);
    }
    for (key, property) in schema["properties"].as_object().into_iter().flatten() {
        let path = below(path, key);
        properties(root, property, &path, found);
        found.insert(path);
    }
}

/// The path of every property of a message that has a value other than null and the empty list.
fn values(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (key, inner) in object {
                let path = below(path, key);
                values(inner, &path, found);
                if !inner.is_null() && *inner != json!([]) {
                    found.insert(path);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| values(item, &format!("{path}[]"), found)),
        _ => {}
    }
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

#[test]
fn another_version_is_refused_by_its_name() {
    fn check<M: Message>() {
        let mut other = sample::<M>();
        other["schema"] = json!("tallywire.other/9");
        assert!(!validator::<M>().is_valid(&other));
        let refused = decode::<M>(&other);
        assert!(matches!(&refused, Err(DecodeError::Schema { found, .. }) if found == "tallywire.other/9"));
        // Also where the other version has other keys.
        let refused = decode::<M>(&json!({ "schema": "tallywire.other/9" }));
        assert!(matches!(refused, Err(DecodeError::Schema { .. })));
    }
    for_each_message!(check);
}

#[test]
fn what_is_no_message_is_refused() {
    fn check<M: Message>() {
        let text = sample_text::<M>();
        for garbage in ["", "null", "[]", "{}", "ferry", "{\"schema\":7}", &text[..text.len() / 2]] {
            assert!(matches!(M::decode(garbage.as_bytes()), Err(DecodeError::Json { .. })), "{garbage}");
        }
        assert!(matches!(M::decode(b"\xff\xfe{}"), Err(DecodeError::Json { .. })));
    }
    for_each_message!(check);
}

/// A key that may be null is one that a reader can do without; a writer leaves out none.
#[test]
fn a_key_left_out_is_refused_or_read_as_null() {
    fn check<M: Message>() {
        let (sample, validator) = (sample::<M>(), validator::<M>());
        let mut pointers = Vec::new();
        members(&sample, "", &mut pointers);
        for (object, key) in pointers {
            let mut without = sample.clone();
            without.pointer_mut(&object).unwrap().as_object_mut().unwrap().remove(&key);
            assert!(!validator.is_valid(&without), "{object}/{key} may be left out");

            let mut with_null = sample.clone();
            with_null.pointer_mut(&object).unwrap()[&key] = Value::Null;
            let is_nullable = validator.is_valid(&with_null);
            match decode::<M>(&without) {
                Ok(message) => assert_eq!(serde_json::to_value(message).unwrap(), with_null, "{object}/{key}"),
                Err(error) => {
                    assert!(matches!(error, DecodeError::Json { .. }) && !is_nullable, "{object}/{key}: {error}");
                }
            }
        }
    }
    for_each_message!(check);
}

/// Every key of every object of a message, with the JSON pointer of the object.
fn members(value: &Value, pointer: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(object) => {
            for (key, inner) in object {
                members(inner, &format!("{pointer}/{key}"), found);
                found.push((pointer.to_owned(), key.clone()));
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                members(item, &format!("{pointer}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// A key added later is no new version: those who do not know it pass it by.
#[test]
fn a_key_added_later_is_passed_by() {
    fn check<M: Message>() {
        let sample = sample::<M>();
        let mut later = sample.clone();
        later["added_later"] = json!({ "a": [1] });
        assert!(validator::<M>().is_valid(&later));
        assert_eq!(serde_json::to_value(decode::<M>(&later).unwrap()).unwrap(), sample);
    }
    for_each_message!(check);
}

#[test]
fn the_event_of_a_feed_fits_its_schema_and_type() {
    let (text, schema) = (read("samples/feed_status.json"), read("schemas/feed_status.json"));
    let sample: Value = serde_json::from_str(&text).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    assert!(validator.is_valid(&sample), "{:?}", validator.validate(&sample));
    let status: FeedStatus = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string_pretty(&status).unwrap() + "\n", text);
    let mut wrong = sample;
    wrong["condition"] = json!("unwell");
    assert!(!validator.is_valid(&wrong));
}
