//! Laying file, environment and flags over the defaults.

use std::{collections::HashMap, path::Path};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{
    ENVIRONMENT_PREFIX,
    error::{ConfigError, Origin},
    strict::{deserialize, line_of, nearest, read_strict},
};

/// The configuration as a tree while its layers are laid over each other.
pub(super) struct Layers {
    known: Value,
    merged: Value,
    origins: HashMap<String, Origin>,
}

impl Layers {
    /// Begins with the defaults, whose keys are the known ones.
    pub(super) fn new(defaults: Value) -> Self {
        Self { known: defaults.clone(), merged: defaults, origins: HashMap::new() }
    }

    pub(super) fn add_file(&mut self, path: &Path, text: &str) -> Result<(), ConfigError> {
        let file = read_strict(path, text, &self.known)?;
        merge(&mut self.merged, file.value);
        for key in file.lines.keys() {
            let origin = Origin::File { path: path.to_owned(), line: line_of(&file.lines, key) };
            self.origins.insert(key.clone(), origin);
        }
        Ok(())
    }

    /// Returns a warning for each variable that is no key: a container's environment may hold others' variables.
    pub(super) fn add_environment(&mut self, variables: &[(String, String)]) -> Result<Vec<String>, ConfigError> {
        let keys: HashMap<String, String> = self.leaves().map(|key| (variable(&key), key)).collect();
        let mut warnings = Vec::new();
        for (name, text) in variables.iter().filter(|(name, _)| name.starts_with(ENVIRONMENT_PREFIX)) {
            if let Some(key) = keys.get(name) {
                self.set(key, text, Origin::Environment(name.clone()))?;
            } else {
                let hint = nearest(name, keys.keys()).map(|near| format!(": did you mean {near}?"));
                warnings.push(format!("environment variable {name} is no key{}", hint.unwrap_or_default()));
            }
        }
        Ok(warnings)
    }

    pub(super) fn add_flag(&mut self, key: &str, text: &str) -> Result<(), ConfigError> {
        let origin = Origin::Flag(key.to_owned());
        let keys: Vec<String> = self.leaves().collect();
        if !keys.iter().any(|known| known == key) {
            let nearest = nearest(key, keys.iter());
            return Err(ConfigError::UnknownKey { origin, key: key.to_owned(), nearest });
        }
        self.set(key, text, origin)
    }

    pub(super) fn finish<T: DeserializeOwned>(self) -> Result<T, ConfigError> {
        deserialize(&self.merged, |key| {
            let key = key.split('[').next().unwrap_or(key);
            self.origins.get(key).cloned().unwrap_or(Origin::Default)
        })
    }

    /// The dotted names of all keys that hold a value.
    fn leaves(&self) -> impl Iterator<Item = String> + '_ {
        let sections = self.known.as_object().into_iter().flatten();
        sections.flat_map(|(section, keys)| {
            keys.as_object().into_iter().flatten().map(move |(key, _)| format!("{section}.{key}"))
        })
    }

    fn set(&mut self, key: &str, text: &str, origin: Origin) -> Result<(), ConfigError> {
        let pointer = format!("/{}", key.replace('.', "/"));
        let example = self.known.pointer(&pointer).unwrap_or(&Value::Null);
        let value = from_text(text, example).map_err(|allowed| ConfigError::Invalid {
            origin: origin.clone(),
            key: key.to_owned(),
            message: format!("{text:?} is not {allowed}"),
        })?;
        if let Some(slot) = self.merged.pointer_mut(&pointer) {
            *slot = value;
        }
        self.origins.insert(key.to_owned(), origin);
        Ok(())
    }
}

/// The environment variable of a key: `nats.url` is `TALLYWIRE_NATS_URL`.
fn variable(key: &str) -> String {
    format!("{ENVIRONMENT_PREFIX}{}", key.replace('.', "_").to_uppercase())
}

/// Reads a text as the kind of value that the default has; else says what is allowed.
fn from_text(text: &str, example: &Value) -> Result<Value, &'static str> {
    match example {
        Value::Bool(_) => text.parse().map(Value::Bool).map_err(|_| "true or false"),
        Value::Number(_) => text.parse::<u64>().map(Value::from).map_err(|_| "a whole number"),
        Value::Array(_) => Ok(text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect()),
        _ => Ok(Value::from(text)),
    }
}

fn merge(base: &mut Value, over: Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => merge_objects(base, over),
        (base, over) => *base = over,
    }
}

fn merge_objects(base: &mut Map<String, Value>, over: Map<String, Value>) {
    for (key, value) in over {
        merge(base.entry(key).or_insert(Value::Null), value);
    }
}
