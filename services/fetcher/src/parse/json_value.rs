//! What of JSON is of use to a JSON Feed.
//!
//! Only known keys are kept, and lists of a bounded length: what a text takes in memory stays in proportion to it.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The most elements of a list that are kept.
const ELEMENTS: usize = 100;
/// An object, a list in it, an object in that, and a text: nothing of use is deeper.
const LEVELS: u8 = 4;
/// The keys of JSON Feed that are read (version 1.1).
const KEYS: [&str; 24] = [
    "author",
    "authors",
    "banner_image",
    "content_html",
    "content_text",
    "date_modified",
    "date_published",
    "description",
    "external_url",
    "favicon",
    "feed_url",
    "home_page_url",
    "hubs",
    "icon",
    "id",
    "image",
    "language",
    "name",
    "summary",
    "tags",
    "title",
    "type",
    "url",
    "version",
];

/// A value, as far as it is of use.
#[derive(Debug)]
pub(super) enum Value {
    Text(String),
    Number(String),
    List(Vec<Value>),
    Object(Object),
    /// Anything else.
    Other,
}

/// The members of an object whose keys are known; of several with one key, the last.
#[derive(Debug, Default)]
pub(super) struct Object(Vec<(&'static str, Value)>);

impl Value {
    /// The text, where it is one that is not blank.
    pub(super) fn as_text(&self) -> Option<&str> {
        let Self::Text(text) = self else { return None };
        Some(text.trim()).filter(|text| !text.is_empty())
    }

    pub(super) fn as_object(&self) -> Option<&Object> {
        if let Self::Object(object) = self { Some(object) } else { None }
    }
}

impl Object {
    fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    /// A text that is not blank.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Value::as_text)
    }

    /// A number, as it is written.
    pub(super) fn number(&self, key: &str) -> Option<&str> {
        if let Some(Value::Number(number)) = self.get(key) { Some(number) } else { None }
    }

    /// The elements of a list; none where it is no list.
    pub(super) fn list(&self, key: &str) -> impl Iterator<Item = &Value> {
        let list = if let Some(Value::List(list)) = self.get(key) { list.as_slice() } else { &[] };
        list.iter()
    }

    pub(super) fn object(&self, key: &str) -> Option<&Self> {
        self.get(key).and_then(Value::as_object)
    }
}

/// Reads a text that is an object.
pub(super) fn read_object(text: &str) -> Result<Object, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    match Levels(LEVELS).deserialize(&mut deserializer)? {
        Value::Object(object) => deserializer.end().map(|()| object),
        _ => Err(Error::custom("it is no JSON object")),
    }
}

/// Reads a value down to so many levels.
#[derive(Clone, Copy)]
struct Levels(u8);

impl Levels {
    fn below(self) -> Option<Self> {
        self.0.checked_sub(1).filter(|levels| *levels > 0).map(Self)
    }
}

impl<'de> DeserializeSeed<'de> for Levels {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Levels {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(serde_json::Value::from(number).to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        if let Some(below) = self.below() {
            while list.len() < ELEMENTS {
                let Some(element) = elements.next_element_seed(below)? else { return Ok(Value::List(list)) };
                list.push(element);
            }
        }
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Object::default();
        while let Some(key) = members.next_key_seed(Key)? {
            match (key, self.below()) {
                (Some(key), Some(below)) => {
                    let value = members.next_value_seed(below)?;
                    object.0.retain(|(known, _)| *known != key);
                    object.0.push((key, value));
                }
                _ => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Value::Object(object))
    }
}

/// Reads a key; `None` where it is not known.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Option<&'static str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key {
    type Value = Option<&'static str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(KEYS.into_iter().find(|key| *key == name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_is_known() {
        let text = r#"{"id":1.5,"x":{"id":[[[[[]]]]]},"title":null,"title":" a ","tags":["b",2,[["c"]]],"author":{"name":"d"}}"#;
        let object = read_object(text).unwrap();
        assert_eq!((object.number("id"), object.text("title")), (Some("1.5"), Some("a")));
        assert_eq!(object.list("tags").filter_map(Value::as_text).collect::<Vec<_>>(), ["b"]);
        assert_eq!(object.object("author").and_then(|author| author.text("name")), Some("d"));
        assert!(object.get("x").is_none() && object.0.len() == 4);
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for text in ["", "[]", "1", "{", "{\"id\":}", "{}{}", "{\"title\":\"\u{1}\"}"] {
            assert!(read_object(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let object = read_object(&format!("{{\"tags\":[{}0]}}", "0,".repeat(1000))).unwrap();
        assert_eq!(object.list("tags").count(), ELEMENTS);
        let deep = format!("{}{}", "{\"author\":".repeat(100), "0") + &"}".repeat(100);
        let mut object = &read_object(&deep).unwrap();
        let mut levels = 0;
        while let Some(inner) = object.object("author") {
            (object, levels) = (inner, levels + 1);
        }
        assert_eq!(levels, LEVELS - 1);
    }
}
