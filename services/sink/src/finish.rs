//! What is done with a file that is ended: its figures are written as Parquet, then it is compressed. Both are made good
//! at the next start where the sink died before.

use std::{io, path::Path};

use tallywire_runtime::config::{Sink as Settings, SinkCompression};
use tracing::warn;

use crate::{compress::compress, files::figures_name, parquet::derive};

/// Finishes a file whose lock is held.
pub(crate) fn finish(path: &Path, settings: &Settings) -> io::Result<()> {
    state_figures(path, settings);
    if settings.compression == SinkCompression::Zstd {
        compress(path)?;
    }
    Ok(())
}

/// Writes a file's figures where that is asked for and has not been done. Articles are never held up by it.
pub(crate) fn state_figures(path: &Path, settings: &Settings) {
    if !settings.parquet {
        return;
    }
    let Some(figures) = figures_name(path).filter(|figures| !figures.exists()) else { return };
    if let Err(error) = derive(path, &figures) {
        warn!(path = %path.display(), %error, "no Parquet of its figures; tried again at the next start");
    }
}
