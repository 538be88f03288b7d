//! Real pages, where the data sets lie beside the checkout.

use std::{collections::BTreeMap, fs::File, io::Read, path::PathBuf};

use flate2::read::GzDecoder;

use super::{Page, root};

/// Where they would be.
pub fn folder() -> PathBuf {
    root().join("../shared/data/articles/aeb/html")
}

/// All of them, shared out over so many feeds; nothing where they are not there.
pub fn load(feeds: usize) -> Option<BTreeMap<String, Page>> {
    let mut pages = BTreeMap::new();
    for (number, entry) in std::fs::read_dir(folder()).ok()?.enumerate() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().trim_end_matches(".html.gz").to_owned();
        let mut html = Vec::new();
        GzDecoder::new(File::open(&path).unwrap()).read_to_end(&mut html).unwrap();
        pages.insert(name.clone(), Page { feed: number % feeds, title: format!("Page {name}"), html });
    }
    Some(pages)
}
