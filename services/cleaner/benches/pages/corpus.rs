//! The pages of a folder, in memory.

use std::{
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

use flate2::read::GzDecoder;

/// All pages of a folder, by name.
pub(crate) struct Corpus {
    /// The pages, in the order of their files' names.
    pub(crate) pages: Vec<Page>,
}

/// A page.
pub(crate) struct Page {
    /// Its file.
    pub(crate) path: PathBuf,
    /// What is in it, read as UTF-8.
    pub(crate) html: String,
}

impl Corpus {
    /// Reads all `*.html` and `*.html.gz` of a folder.
    pub(crate) fn load(folder: &Path) -> Self {
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let mut paths: Vec<_> = files.filter(|path| is_page(path)).collect();
        paths.sort();
        assert!(!paths.is_empty(), "there is no *.html or *.html.gz in {}", folder.display());
        Self { pages: paths.into_iter().map(|path| Page { html: load(&path), path }).collect() }
    }

    /// The size of all pages.
    pub(crate) fn bytes(&self) -> usize {
        self.pages.iter().map(|page| page.html.len()).sum()
    }
}

fn is_page(path: &Path) -> bool {
    let unpacked = if is_packed(path) { path.with_extension("") } else { path.to_owned() };
    unpacked.extension().is_some_and(|extension| extension == "html")
}

fn is_packed(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "gz")
}

/// A page, unpacked.
pub(crate) fn load(path: &Path) -> String {
    let mut bytes = Vec::new();
    let mut file = File::open(path).unwrap();
    if is_packed(path) {
        GzDecoder::new(file).read_to_end(&mut bytes).unwrap();
    } else {
        file.read_to_end(&mut bytes).unwrap();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
