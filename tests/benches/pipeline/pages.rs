//! The pages that publishers serve.

use std::{path::Path, sync::Arc};

use bytes::Bytes;

use crate::support::{made_up, real_pages};

/// Pages as publishers send them.
pub(crate) type Pages = Arc<Vec<Bytes>>;

/// Those of the folder in `PAGES`, else made-up ones.
pub(crate) fn load() -> Vec<Bytes> {
    let folder = std::env::var("PAGES").unwrap_or_default();
    let Some(pages) = real_pages::read(Path::new(&folder)) else {
        println!("there is no folder {folder:?} of pages: made-up ones are served");
        return made_up(181, 1).into_values().map(|page| page.html.into()).collect();
    };
    assert!(!pages.is_empty(), "{folder} holds no *.html or *.html.gz");
    pages.into_values().map(Bytes::from).collect()
}
