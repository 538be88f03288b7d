//! The pages that publishers serve.

use std::{fs, io::Read, path::Path, sync::Arc};

use bytes::Bytes;
use flate2::read::GzDecoder;

/// Pages as publishers send them.
pub(crate) type Pages = Arc<Vec<Bytes>>;

/// Those of the folder in `PAGES`, else made-up ones.
pub(crate) fn load() -> Vec<Bytes> {
    let folder = std::env::var("PAGES").unwrap_or_default();
    if folder.is_empty() || !Path::new(&folder).is_dir() {
        println!("there is no folder {folder:?} of pages: made-up ones are served");
        return crate::support::made_up(181, 1).into_values().map(|page| page.html.into()).collect();
    }
    let mut paths: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let pages: Vec<Bytes> = paths.iter().filter_map(|path| read(path)).collect();
    assert!(!pages.is_empty(), "{folder} holds no *.html or *.html.gz");
    pages
}

fn read(path: &Path) -> Option<Bytes> {
    match path.extension()?.to_str()? {
        "html" => Some(fs::read(path).unwrap().into()),
        "gz" => {
            let mut html = Vec::new();
            GzDecoder::new(fs::File::open(path).unwrap()).read_to_end(&mut html).unwrap();
            Some(html.into())
        }
        _ => None,
    }
}
