//! Real pages, where the data sets lie beside the checkout.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

use flate2::read::GzDecoder;

use super::{Page, root};

/// Where they would be.
pub fn folder() -> PathBuf {
    root().join("../shared/data/articles/aeb/html")
}

/// The pages of a folder, `*.html` and `*.html.gz`, by name; nothing where it is not there.
pub fn read(folder: &Path) -> Option<BTreeMap<String, Vec<u8>>> {
    let mut pages = BTreeMap::new();
    for entry in fs::read_dir(folder).ok()? {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if let Some(name) = name.strip_suffix(".html") {
            pages.insert(name.to_owned(), fs::read(&path).unwrap());
        } else if let Some(name) = name.strip_suffix(".html.gz") {
            let mut html = Vec::new();
            GzDecoder::new(File::open(&path).unwrap()).read_to_end(&mut html).unwrap();
            pages.insert(name.to_owned(), html);
        }
    }
    Some(pages)
}

/// All of them, shared out over so many feeds; nothing where they are not there.
pub fn load(feeds: usize) -> Option<BTreeMap<String, Page>> {
    let pages = read(&folder())?.into_iter().enumerate();
    Some(
        pages
            .map(|(number, (name, html))| {
                let page = Page { feed: number % feeds, title: format!("Page {name}"), html };
                (name, page)
            })
            .collect(),
    )
}
