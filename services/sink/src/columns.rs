//! The columns of a figure in Parquet: the keys of its message, `tallywire.figure/1`, as paths joined by `_`.

use parquet::{
    basic::{LogicalType, Repetition, Type as PhysicalType},
    errors::ParquetError,
    schema::types::{Type, TypePtr},
};

/// What a column holds. Each may be null.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// UTF-8.
    Text,
    /// A whole number of 64 bits.
    Integer,
    /// A double.
    Number,
    /// True or false.
    Flag,
}

use Kind::{Flag, Integer, Number, Text};

/// A column.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// `figure_value_low`
    pub(crate) name: String,
    /// Where its value stands in the message (RFC 6901): `/figure/value/low`
    pub(crate) pointer: String,
    /// What it holds.
    pub(crate) kind: Kind,
}

type Keys = [(&'static str, Kind)];

const CITATION: &Keys = &[
    ("id", Text),
    ("revision", Integer),
    ("feed", Text),
    ("url", Text),
    ("canonical_url", Text),
    ("title", Text),
    ("site_name", Text),
    ("language", Text),
    ("published_at", Text),
];

const FIGURE: &Keys = &[
    ("id", Text),
    ("kind", Text),
    ("start", Integer),
    ("end", Integer),
    ("text", Text),
    ("value/low", Number),
    ("value/high", Number),
    ("modifier", Text),
    ("direction", Text),
    ("unit/name", Text),
    ("unit/ucum", Text),
    ("unit/currency", Text),
    ("unit/currency_inferred", Flag),
    ("unit/per", Text),
    ("si/value", Number),
    ("si/unit", Text),
    ("counted/head", Text),
    ("counted/phrase", Text),
    ("counted/lemma", Text),
    ("event/class", Text),
    ("event/trigger", Text),
    ("event/status", Text),
    ("place", Text),
    ("time", Integer),
    ("source/start", Integer),
    ("source/end", Integer),
    ("source/name", Text),
    ("source/entity", Text),
    ("source/cue", Text),
    ("relation/type", Text),
    ("relation/figure", Text),
    ("confidence", Number),
];

const PASSAGE: &Keys = &[("start", Integer), ("end", Integer), ("text", Text)];

const NAMED: &Keys = &[
    ("id", Text),
    ("kind", Text),
    ("name", Text),
    ("links/wikidata", Text),
    ("links/geonames", Integer),
    ("links/iso3166", Text),
    ("links/own", Text),
    ("location/country", Text),
    ("location/subdivision", Text),
    ("location/latitude", Number),
    ("location/longitude", Number),
    ("location/population", Integer),
];

const TIME: &Keys = &[("start", Integer), ("end", Integer), ("text", Text), ("type", Text), ("value", Text)];

/// The keys of the message, and what is below each.
const MESSAGE: [(&str, &Keys); 7] = [
    ("article", CITATION),
    ("figure", FIGURE),
    ("sentence", PASSAGE),
    ("place", NAMED),
    ("time", TIME),
    ("source", NAMED),
    ("related", FIGURE),
];

/// All columns, in the order of the message.
pub(crate) fn columns() -> Vec<Column> {
    let below = |(key, keys): (&'static str, &'static Keys)| {
        keys.iter().map(move |(path, kind)| Column {
            name: format!("{key}_{}", path.replace('/', "_")),
            pointer: format!("/{key}/{path}"),
            kind: *kind,
        })
    };
    MESSAGE.into_iter().flat_map(below).collect()
}

/// The schema of a file with these columns.
pub(crate) fn schema(columns: &[Column]) -> Result<TypePtr, ParquetError> {
    let field = |column: &Column| {
        let (physical, logical) = match column.kind {
            Text => (PhysicalType::BYTE_ARRAY, Some(LogicalType::String)),
            Integer => (PhysicalType::INT64, None),
            Number => (PhysicalType::DOUBLE, None),
            Flag => (PhysicalType::BOOLEAN, None),
        };
        let field = Type::primitive_type_builder(&column.name, physical)
            .with_logical_type(logical)
            .with_repetition(Repetition::OPTIONAL);
        field.build().map(Into::into)
    };
    let fields: Result<Vec<TypePtr>, ParquetError> = columns.iter().map(field).collect();
    Ok(Type::group_type_builder("figure").with_fields(fields?).build()?.into())
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use serde_json::Value;

    use super::*;

    /// The paths of all values that a schema has room for, with what they are.
    fn leaves(schema: &Value, root: &Value, path: &str, found: &mut BTreeMap<String, BTreeSet<String>>) {
        if let Some(name) = schema["$ref"].as_str() {
            return leaves(root.pointer(&name[1..]).unwrap(), root, path, found);
        }
        for either in schema["anyOf"].as_array().into_iter().flatten() {
            leaves(either, root, path, found);
        }
        for (key, below) in schema["properties"].as_object().into_iter().flatten() {
            leaves(below, root, &format!("{path}/{key}"), found);
        }
        let mut kinds: Vec<&str> = schema["type"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        kinds.extend(schema["type"].as_str());
        // The names of an enum's variants.
        if schema["oneOf"].is_array() || schema["const"].is_string() {
            kinds.push("string");
        }
        for kind in kinds.into_iter().filter(|kind| !matches!(*kind, "object" | "null")) {
            found.entry(path.to_owned()).or_default().insert(kind.to_owned());
        }
    }

    #[test]
    fn every_key_of_the_message_is_a_column() {
        let schema: Value = serde_json::from_slice(include_bytes!("../../../proto/schemas/figure.json")).unwrap();
        let mut found = BTreeMap::new();
        leaves(&schema, &schema, "", &mut found);
        found.remove("/schema").unwrap();
        let kind = |column: &Column| match column.kind {
            Text => "string",
            Integer => "integer",
            Number => "number",
            Flag => "boolean",
        };
        let columns: BTreeMap<String, BTreeSet<String>> = columns()
            .iter()
            .map(|column| (column.pointer.clone(), BTreeSet::from([kind(column).to_owned()])))
            .collect();
        assert_eq!(columns, found);
    }

    #[test]
    fn no_two_columns_share_a_name() {
        let names: BTreeSet<String> = columns().into_iter().map(|column| column.name).collect();
        assert_eq!(names.len(), columns().len());
    }
}
