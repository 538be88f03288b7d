//! Reading a TOML file against the tree of the keys that it may have.

use std::{collections::HashMap, path::Path};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use toml_edit::{Array, Document, Item, TableLike, Value as Toml};

use super::error::{ConfigError, Origin};

/// A TOML file as JSON, and the line of each key.
pub(super) struct StrictFile {
    pub(super) value: Value,
    pub(super) lines: HashMap<String, usize>,
}

/// Reads a TOML file whose keys are those of `known`, a tree of examples: an object has exactly its keys, an empty
/// object any keys, an array of tables the keys of the array's first element.
///
/// # Errors
/// With file, line and nearest known key for a key that is not in `known`; with file and line for a wrong value.
pub fn parse_strict<T: DeserializeOwned>(path: &Path, text: &str, known: &Value) -> Result<T, ConfigError> {
    let file = read_strict(path, text, known)?;
    deserialize(&file.value, |key| Origin::File { path: path.to_owned(), line: line_of(&file.lines, key) })
}

/// The line of a key, or of the table that it should stand in.
pub(super) fn line_of(lines: &HashMap<String, usize>, key: &str) -> usize {
    let mut key = key;
    loop {
        if let Some(line) = lines.get(key) {
            return *line;
        }
        match key.rfind(['.', '[']) {
            Some(end) => key = &key[..end],
            None => return 1,
        }
    }
}

/// Turns a tree into its type; an error names the key and where it was set.
pub(super) fn deserialize<T: DeserializeOwned>(
    value: &Value,
    origin: impl Fn(&str) -> Origin,
) -> Result<T, ConfigError> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let key = error.path().to_string();
        ConfigError::Invalid { origin: origin(&key), message: error.into_inner().to_string(), key }
    })
}

pub(super) fn read_strict(path: &Path, text: &str, known: &Value) -> Result<StrictFile, ConfigError> {
    let document = Document::parse(text).map_err(|error| ConfigError::Syntax {
        origin: Origin::File { path: path.to_owned(), line: line_at(text, error.span().map_or(0, |span| span.start)) },
        message: error.message().to_owned(),
    })?;
    let mut reader = StrictReader { path, lines: LineIndex::new(text), found: HashMap::new() };
    let value = reader.table(document.as_table(), known, "")?;
    Ok(StrictFile { value, lines: reader.found })
}

fn line_at(text: &str, offset: usize) -> usize {
    LineIndex::new(text).line(offset)
}

/// The starts of a text's lines.
struct LineIndex(Vec<usize>);

impl LineIndex {
    fn new(text: &str) -> Self {
        Self(std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect())
    }

    fn line(&self, offset: usize) -> usize {
        self.0.partition_point(|start| *start <= offset)
    }
}

struct StrictReader<'a> {
    path: &'a Path,
    lines: LineIndex,
    found: HashMap<String, usize>,
}

impl StrictReader<'_> {
    fn table(&mut self, table: &dyn TableLike, known: &Value, prefix: &str) -> Result<Value, ConfigError> {
        let empty = Map::new();
        let keys = known.as_object().unwrap_or(&empty);
        let mut values = Map::new();
        for (key, item) in table.iter() {
            let dotted = if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") };
            let span = table.key(key).and_then(toml_edit::Key::span).or_else(|| item.span());
            let line = self.lines.line(span.map_or(0, |span| span.start));
            self.found.insert(dotted.clone(), line);
            let example = match keys.get(key) {
                Some(example) => example,
                None if keys.is_empty() => &Value::Null,
                None => {
                    return Err(ConfigError::UnknownKey {
                        origin: Origin::File { path: self.path.to_owned(), line },
                        nearest: nearest(key, keys.keys()).map(|near| dotted.replace(key, &near)),
                        key: dotted,
                    });
                }
            };
            values.insert(key.to_owned(), self.item(item, example, &dotted)?);
        }
        Ok(Value::Object(values))
    }

    fn item(&mut self, item: &Item, known: &Value, dotted: &str) -> Result<Value, ConfigError> {
        match item {
            Item::None => Ok(Value::Null),
            Item::Value(value) => self.value(value, known, dotted),
            Item::Table(table) => self.table(table, known, dotted),
            Item::ArrayOfTables(tables) => {
                let example = known.get(0).unwrap_or(&Value::Null);
                let mut values = Vec::with_capacity(tables.len());
                for (index, table) in tables.iter().enumerate() {
                    let name = format!("{dotted}[{index}]");
                    let line = self.lines.line(table.span().map_or(0, |span| span.start));
                    self.found.insert(name.clone(), line);
                    values.push(self.table(table, example, &name)?);
                }
                Ok(Value::Array(values))
            }
        }
    }

    fn value(&mut self, value: &Toml, known: &Value, dotted: &str) -> Result<Value, ConfigError> {
        Ok(match value {
            Toml::String(text) => Value::from(text.value().as_str()),
            Toml::Integer(number) => Value::from(*number.value()),
            Toml::Float(number) => Value::from(*number.value()),
            Toml::Boolean(flag) => Value::from(*flag.value()),
            Toml::Datetime(time) => Value::from(time.value().to_string()),
            Toml::InlineTable(table) => self.table(table, known, dotted)?,
            Toml::Array(array) => self.array(array, known, dotted)?,
        })
    }

    fn array(&mut self, array: &Array, known: &Value, dotted: &str) -> Result<Value, ConfigError> {
        let example = known.get(0).unwrap_or(&Value::Null);
        let values = array.iter().map(|value| self.value(value, example, dotted));
        Ok(Value::Array(values.collect::<Result<_, _>>()?))
    }
}

/// The known key that is most alike, if one is alike enough to be meant.
pub(super) fn nearest<'k>(key: &str, known: impl Iterator<Item = &'k String>) -> Option<String> {
    known
        .map(|candidate| (strsim::jaro_winkler(&key.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, candidate)| candidate.clone())
}
