//! What is in files of figures.

use std::collections::HashMap;

use bytes::Bytes;
use parquet::{
    file::reader::{FileReader, SerializedFileReader},
    record::{Field, Row},
};

use super::Output;

/// Asserts that each figure of the articles is in the files exactly once, and no other.
pub fn assert_exactly_once(files: Vec<Bytes>, output: &Output) {
    let mut count: HashMap<(String, i64, String), usize> = HashMap::new();
    for file in files {
        let reader = SerializedFileReader::new(file).unwrap();
        for row in reader.get_row_iter(None).unwrap() {
            *count.entry(key(&row.unwrap())).or_insert(0) += 1;
        }
    }
    let doubled: Vec<_> = count.iter().filter(|(_, count)| **count > 1).collect();
    assert!(doubled.is_empty(), "figures more than once: {doubled:?}");
    for article in &output.articles {
        for figure in article["figures"].as_array().unwrap() {
            let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
            let key = (text(&article["id"]), article["revision"].as_i64().unwrap(), text(&figure["id"]));
            assert!(count.remove(&key).is_some(), "{key:?} is lost");
        }
    }
    assert!(count.is_empty(), "no article has these: {count:?}");
}

fn key(row: &Row) -> (String, i64, String) {
    let fields: HashMap<&String, &Field> = row.get_column_iter().collect();
    let text = |name: &str| match fields[&name.to_owned()] {
        Field::Str(text) => text.clone(),
        other => panic!("{name} is {other}"),
    };
    let Field::Long(revision) = fields[&"article_revision".to_owned()] else { panic!("no revision") };
    (text("article_id"), *revision, text("figure_id"))
}
