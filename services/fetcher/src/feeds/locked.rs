//! A file that is changed as a whole, by one at a time.

use std::{
    fs::{self, File, Metadata, OpenOptions},
    io::{self, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown},
    path::{Path, PathBuf},
};

/// A file, there or not, that others who take it wait for until this is dropped.
#[derive(Debug)]
pub(super) struct Locked {
    path: PathBuf,
    folder: PathBuf,
    /// The folder, locked: the file itself is another one after each change.
    _lock: Option<File>,
}

impl Locked {
    /// Waits for the file. A link is followed: what it leads to is what is changed.
    pub(super) fn take(path: &Path) -> io::Result<Self> {
        let path = match fs::canonicalize(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
            outcome => outcome?,
        };
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        // Some network file systems have no locks: there, nobody is waited for.
        let lock = File::open(&folder).and_then(|folder| folder.lock().map(|()| folder)).ok();
        Ok(Self { path, folder, _lock: lock })
    }

    /// Its text; none where it does not exist.
    pub(super) fn read(&self) -> io::Result<String> {
        match fs::read_to_string(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
            outcome => outcome,
        }
    }

    /// Gives it another text. A reader finds the old file or the new one, whole; who may read it stays as it was.
    /// `unique` tells the unfinished file from others.
    pub(super) fn replace(&self, text: &str, unique: u64) -> io::Result<()> {
        let present = match fs::metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            outcome => Some(outcome?),
        };
        let unfinished = self.folder.join(format!(".feeds-{unique:016x}.part"));
        let written = write(&unfinished, text, present.as_ref()).and_then(|()| fs::rename(&unfinished, &self.path));
        if written.is_err() {
            // The first error is the one to tell.
            let _ = fs::remove_file(&unfinished);
        }
        written
    }
}

/// Writes a new file, which nobody may read at any time who may not read the one that it is to replace.
fn write(path: &Path, text: &str, present: Option<&Metadata>) -> io::Result<()> {
    let mode = present.map_or(0o666, |present| present.permissions().mode());
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    if let Some(present) = present {
        // Only the superuser may give a file away; for others it stays their own.
        let _ = fchown(&file, Some(present.uid()), Some(present.gid()));
        file.set_permissions(present.permissions())?;
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn who_may_read_it_stays_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("feeds.toml");
        for mode in [0o600, 0o640, 0o664] {
            fs::write(&path, "old").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            Locked::take(&path).unwrap().replace("new", 1).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), "new");
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, mode, "{mode:o}");
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing unfinished is left");
    }

    #[test]
    fn a_link_stays_one_and_leads_to_the_new_text() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("feeds.toml"));
        fs::create_dir(&real).unwrap();
        fs::write(real.join("mine.toml"), "old").unwrap();
        symlink("real/mine.toml", &link).unwrap();
        Locked::take(&link).unwrap().replace("new", 1).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(real.join("mine.toml")).unwrap(), "new");
    }

    #[test]
    fn the_unfinished_file_of_another_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("feeds.toml");
        let other = folder.path().join(".feeds-0000000000000007.part");
        fs::write(&other, "half").unwrap();
        let locked = Locked::take(&path).unwrap();
        assert_eq!(locked.read().unwrap(), "");
        locked.replace("new", 8).unwrap();
        assert_eq!((locked.read().unwrap(), fs::read_to_string(&other).unwrap()), ("new".into(), "half".into()));
    }
}
