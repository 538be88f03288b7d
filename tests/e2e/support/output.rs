//! What the sinks wrote.

use std::{collections::HashMap, fs, path::Path};

use serde_json::Value;

/// All articles in the files of a folder, compressed ones too.
pub struct Output {
    pub articles: Vec<Value>,
}

impl Output {
    /// Reads all complete lines. A last line that is not complete is a writer's at work, or of one that was killed.
    pub fn read(out: &Path) -> Self {
        let mut files = Vec::new();
        for day in entries(&out.join("enriched")) {
            for file in entries(&day) {
                let bytes = fs::read(&file).unwrap_or_default();
                files.push((file.display().to_string(), bytes));
            }
        }
        Self::of(files)
    }

    /// Reads files or objects, given their names.
    pub fn of(files: Vec<(String, Vec<u8>)>) -> Self {
        let mut articles = Vec::new();
        for (name, bytes) in files {
            let text = match name.rsplit('.').next() {
                Some("zst") => zstd::decode_all(bytes.as_slice()).unwrap(),
                Some("jsonl") => bytes,
                _ => continue,
            };
            let complete = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            for line in text[..complete].split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
                articles.push(serde_json::from_slice(line).unwrap());
            }
        }
        Self { articles }
    }

    /// How often each revision of each article is there.
    pub fn revisions(&self) -> HashMap<(String, u64), usize> {
        let mut count = HashMap::new();
        for article in &self.articles {
            let key = (article["id"].as_str().unwrap().to_owned(), article["revision"].as_u64().unwrap());
            *count.entry(key).or_insert(0) += 1;
        }
        count
    }

    /// Asserts that so many articles are there, each exactly once.
    pub fn assert_exactly_once(&self, expected: usize) {
        let revisions = self.revisions();
        let doubled: Vec<_> = revisions.iter().filter(|(_, count)| **count > 1).collect();
        assert!(doubled.is_empty(), "more than once: {doubled:?}");
        assert_eq!(revisions.len(), expected, "articles in the files");
    }
}

fn entries(folder: &Path) -> Vec<std::path::PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}
