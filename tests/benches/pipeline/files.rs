//! The sink's files, read as they grow.

use std::{
    collections::HashMap,
    fs::{self, File},
    io::{Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

/// The files of a folder, and how far each has been read.
pub(crate) struct Files {
    folder: PathBuf,
    read: HashMap<PathBuf, u64>,
}

impl Files {
    pub(crate) fn of(out: &Path) -> Self {
        Self { folder: out.join("enriched"), read: HashMap::new() }
    }

    /// The addresses of the articles that have been written since the last look.
    pub(crate) fn new_articles(&mut self) -> Vec<String> {
        let mut urls = Vec::new();
        for day in entries(&self.folder) {
            for path in entries(&day) {
                let from = self.read.entry(path.clone()).or_insert(0);
                let Ok(mut file) = File::open(&path) else { continue };
                if file.metadata().is_ok_and(|data| data.len() == *from) {
                    continue;
                }
                let mut bytes = Vec::new();
                file.seek(SeekFrom::Start(*from)).unwrap();
                file.read_to_end(&mut bytes).unwrap();
                // A line is there when it is whole.
                let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
                *from += whole as u64;
                urls.extend(bytes[..whole].split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(url_of));
            }
        }
        urls
    }
}

/// The article's address: its first `url`, which stands before all text of the article.
fn url_of(line: &[u8]) -> String {
    const KEY: &[u8] = b"\"url\":\"";
    let at = line.windows(KEY.len()).position(|window| window == KEY).unwrap() + KEY.len();
    let length = line[at..].iter().position(|byte| *byte == b'"').unwrap();
    String::from_utf8(line[at..at + length].to_vec()).unwrap()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).map(|entries| entries.map(|entry| entry.unwrap().path()).collect()).unwrap_or_default()
}
