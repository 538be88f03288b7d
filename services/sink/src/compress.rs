//! Compressing a file that is ended: the `.zst` is complete before it has its name, and the plain file goes last.

use std::{
    fs::{self, File},
    io::{self, BufReader},
    path::{Path, PathBuf},
};

use crate::files::COMPRESSED;

/// Files are read more often than written, and the sink has time once a file is ended.
pub(crate) const LEVEL: i32 = 6;

/// The name of a file's compressed form.
pub(crate) fn compressed_name(path: &Path) -> PathBuf {
    with_ending(path, COMPRESSED)
}

/// The name of a compressed form that is still being written.
fn unfinished_name(path: &Path) -> PathBuf {
    with_ending(path, "zst.part")
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

/// Whether a file is a compressed form that was never finished.
pub(crate) fn is_unfinished(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "part")
}

/// Replaces a file by its compressed form.
pub(crate) fn compress(path: &Path) -> io::Result<()> {
    let unfinished = unfinished_name(path);
    let mut target = File::create(&unfinished)?;
    zstd::stream::copy_encode(BufReader::new(File::open(path)?), &mut target, LEVEL)?;
    target.sync_all()?;
    fs::rename(&unfinished, compressed_name(path))?;
    fs::remove_file(path)
}
