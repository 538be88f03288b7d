//! The schemas and the `AsyncAPI` description on disk.

use std::{collections::BTreeSet, fs, path::Path};

use tallywire_proto::{
    Message,
    schema::{addresses, files},
    subject::{self, Stream},
};

use crate::{decode, for_each_message, read, sample, schema};

#[test]
fn every_file_is_as_the_types_say() {
    for file in files().unwrap() {
        assert!(read(&file.path) == file.text, "proto/{} differs from the types: run `make schemas`", file.path);
    }
}

#[test]
fn no_other_file_lies_beside_the_schemas() {
    let proto = Path::new(env!("CARGO_MANIFEST_DIR"));
    let expected: BTreeSet<_> = files().unwrap().iter().map(|file| proto.join(&file.path)).collect();
    for entry in fs::read_dir(proto.join("schemas")).unwrap() {
        let path = entry.unwrap().path();
        assert!(expected.contains(&path), "{} is no file of the contract: remove it", path.display());
    }
}

#[test]
fn every_schema_is_a_schema() {
    fn check<M: Message>() {
        jsonschema::meta::validate(&schema::<M>()).unwrap();
    }
    for_each_message!(check);
}

#[test]
fn the_addresses_are_what_the_streams_store() {
    let described = read("asyncapi.yaml");
    assert_eq!(addresses().count(), Stream::ALL.len());
    for (address, stream) in addresses() {
        assert!(described.contains(&format!("    address: {address}\n")), "{address}");
        let stored = stream.subjects().strip_suffix('>').unwrap();
        let parameters = address.strip_prefix(stored).unwrap_or_else(|| panic!("{address} is not of {stored}>"));
        assert!(parameters.split('.').all(is_parameter), "{address}");
    }
}

#[test]
fn the_messages_are_published_on_the_addresses() {
    fn check<M: Message>() {
        let subject = decode::<M>(&sample::<M>()).unwrap().subject();
        assert!(fits(&subject, address_of(M::STREAM)), "{subject}");
    }
    for_each_message!(check);
    assert!(fits(&subject::dead("cleaner"), address_of(Stream::Dead)));
}

fn address_of(stream: Stream) -> &'static str {
    addresses().find(|(_, of)| *of == stream).unwrap().0
}

fn is_parameter(token: &str) -> bool {
    token.starts_with('{') && token.ends_with('}')
}

/// Whether a subject has the tokens of an address, with a token for each parameter.
fn fits(subject: &str, address: &str) -> bool {
    subject.split('.').count() == address.split('.').count()
        && subject.split('.').zip(address.split('.')).all(|(token, of)| token == of || is_parameter(of))
}

/// Not a YAML parser: just enough to hold the one file to the few forms that the generator writes.
#[test]
fn the_references_of_asyncapi_resolve() {
    let mut keys: BTreeSet<String> = BTreeSet::new();
    let mut references: Vec<String> = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let mut is_folded = false;
    for line in read("asyncapi.yaml").lines().filter(|line| !line.starts_with('#')) {
        let content = line.trim_start();
        let depth = (line.len() - content.len()) / 2;
        if is_folded && depth >= path.len() {
            continue;
        }
        let (key, value) = content.split_once(':').unwrap_or_else(|| panic!("no key: {line:?}"));
        path.truncate(depth);
        path.push(key.to_owned());
        assert!(path.len() == depth + 1 && keys.insert(path.join("/")), "in the wrong place, or twice: {line:?}");
        let value = value.trim_start();
        is_folded = value == ">-";
        match value.strip_prefix('\'').and_then(|value| value.strip_suffix('\'')) {
            Some(reference) => references.push(reference.to_owned()),
            // Either would end a plain text: it must be quoted.
            None => assert!(!value.contains(": ") && !value.contains(" #"), "{line:?}"),
        }
    }
    for reference in references {
        match reference.strip_prefix("#/") {
            Some(key) => assert!(keys.contains(key), "{reference} is nowhere"),
            None => drop(read(&reference)),
        }
    }
}
