//! A file that one process appends to, and that no other takes for one that was left behind.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::MetadataExt,
    path::Path,
};

/// A file that is locked while it is open. What is appended is on the disk, or the file is as it was before.
#[derive(Debug)]
pub struct LockedFile {
    file: File,
    /// How long the file is without what a failed write left behind it.
    length: u64,
    /// Whether a failed write left something behind that has to go first.
    torn: bool,
}

impl LockedFile {
    /// Creates a file, and the folder that it is in.
    ///
    /// # Errors
    /// When it is there already or cannot be created, or another process that starts took it for one that was left behind
    /// before it was locked.
    pub fn create(path: &Path) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let file = OpenOptions::new().append(true).create_new(true).open(path)?;
        file.try_lock().map_err(io::Error::from)?;
        let (mine, named) = (file.metadata()?, fs::metadata(path)?);
        if (mine.dev(), mine.ino()) != (named.dev(), named.ino()) {
            return Err(io::Error::other("another process removed the file while it was created"));
        }
        if let Some(folder) = path.parent() {
            // A new file's name must survive a power cut as its content does.
            File::open(folder)?.sync_all()?;
        }
        Ok(Self { file, length: 0, torn: false })
    }

    /// Appends to the file, or leaves it as it was: a full disk may have taken a part.
    ///
    /// # Errors
    /// When it is not on the disk.
    pub fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.torn {
            self.file.set_len(self.length)?;
        }
        let written = self.file.write_all(bytes).and_then(|()| self.file.sync_data());
        match written {
            Ok(()) => {
                self.length += bytes.len() as u64;
                self.torn = false;
            }
            // Where this fails too, it is tried again before the next write.
            Err(_) => self.torn = self.file.set_len(self.length).is_err(),
        }
        written
    }

    /// How long it is.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Whether a failed write left something behind that is still there.
    pub fn is_torn(&self) -> bool {
        self.torn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_locked_while_it_is_open() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b");
        let mut file = LockedFile::create(&path).unwrap();
        file.append(b"one").unwrap();
        assert!(LockedFile::create(&path).is_err());
        assert!(File::open(&path).unwrap().try_lock().is_err());
        assert_eq!((file.length(), file.is_torn()), (3, false));
        drop(file);
        assert!(File::open(&path).unwrap().try_lock().is_ok());
        assert_eq!(fs::read(&path).unwrap(), b"one");
    }
}
