//! `deploy/config.toml` is the reference of all keys: it must name each one, explain it, and show its default.

use std::path::PathBuf;

use serde_json::Value;
use tallywire_runtime::{Config, config::Sources};

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../deploy/config.toml")
}

#[test]
fn it_shows_the_defaults() {
    let mut shipped = Sources { file: Some(path()), ..Sources::default() }.load().unwrap().config;
    // What is good for a container, and not for processes that share a machine.
    assert_eq!(std::mem::take(&mut shipped.admin.listen), "0.0.0.0:8080");
    assert_eq!(shipped, Config::default());
}

#[test]
fn it_names_every_key() {
    let shipped: toml::Table = toml::from_str(&std::fs::read_to_string(path()).unwrap()).unwrap();
    let known = serde_json::to_value(Config::default()).unwrap();
    let mut missing = Vec::new();
    for (section, keys) in known.as_object().unwrap() {
        for key in keys.as_object().unwrap_or_else(|| panic!("{section} is no section")).keys() {
            if shipped.get(section).and_then(|table| table.get(key)).is_none() {
                missing.push(format!("{section}.{key}"));
            }
        }
    }
    assert!(missing.is_empty(), "explain these in deploy/config.toml: {missing:?}");
}

#[test]
fn it_explains_every_key() {
    let text = std::fs::read_to_string(path()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let bare = lines.windows(2).filter(|pair| is_entry(pair[1]) && !pair[0].starts_with("# "));
    let bare: Vec<&str> = bare.map(|pair| pair[1]).collect();
    assert!(bare.is_empty(), "these have no comment above them: {bare:?}");
    let keys = serde_json::to_value(Config::default()).unwrap();
    let count: usize = keys.as_object().unwrap().values().filter_map(Value::as_object).map(serde_json::Map::len).sum();
    assert_eq!(lines.iter().filter(|line| is_entry(line)).count(), count, "one line a key");
}

/// Whether a line sets a key.
fn is_entry(line: &str) -> bool {
    !line.starts_with('#') && line.contains(" = ")
}
