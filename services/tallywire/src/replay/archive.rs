//! Reading an archive: a file, a folder, a bucket.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use futures::StreamExt;
use tallywire_store::{Bucket, Place};
use tallywire_warc::{Articles, ReadError};
use tokio::sync::mpsc;

use super::{Read, chunks::Chunks, remade::Remade};

/// The endings of WARC files.
const ENDINGS: [&str; 3] = [".warc.gz", ".warc", ".warc.gz.open"];
/// The last ending of one that is being written.
const OPEN: &str = "open";
/// Chunks of an object that are read ahead.
const CHUNKS: usize = 4;

fn is_archive(name: &str) -> bool {
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Reads all articles of an archive, in the order of its files' names.
pub(super) async fn read(place: &Path, sender: mpsc::Sender<Read>) -> anyhow::Result<()> {
    match Place::of(place)? {
        Place::Folder(path) => {
            let files = if path.is_dir() { files(&path)? } else { vec![path.clone()] };
            if files.is_empty() {
                bail!("there are no WARC files in {}", path.display());
            }
            for path in files {
                let file = File::open(&path).with_context(|| format!("--archive {}", path.display()))?;
                articles(path.display().to_string(), BufReader::new(file), sender.clone()).await?;
            }
        }
        Place::Bucket(bucket) => {
            // An object is named as its parent and its own name.
            let text = place.to_string_lossy();
            let (bucket, only) = match text.rsplit_once('/') {
                Some((parent, name)) if is_archive(name) => match Place::of(Path::new(parent))? {
                    Place::Bucket(parent) => (parent, Some(name)),
                    Place::Folder(_) => (bucket, None),
                },
                _ => (bucket, None),
            };
            let names = match only {
                Some(name) => vec![name.to_owned()],
                None => bucket.list("", "").await?.into_iter().filter(|name| is_archive(name)).collect(),
            };
            if names.is_empty() {
                bail!("there are no WARC files in {bucket}");
            }
            for name in names {
                object(&bucket, &name, sender.clone()).await?;
            }
        }
    }
    Ok(())
}

/// All WARC files in a folder and those below it.
fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() && entry.file_name().to_str().is_some_and(is_archive) {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

async fn object(bucket: &Bucket, name: &str, sender: mpsc::Sender<Read>) -> anyhow::Result<()> {
    let mut object = bucket.read(name).await?;
    let (chunks, receiver) = mpsc::channel(CHUNKS);
    let feed = async move {
        while let Some(chunk) = object.next().await {
            if chunks.send(chunk).await.is_err() {
                break;
            }
        }
    };
    let ((), read) = tokio::join!(feed, articles(format!("{bucket}/{name}"), Chunks::new(receiver), sender));
    read
}

/// Reads the articles of a file on a thread of its own.
async fn articles(
    name: String,
    bytes: impl BufRead + Send + 'static,
    sender: mpsc::Sender<Read>,
) -> anyhow::Result<()> {
    let read = move || {
        let is_written = Path::new(&name).extension().is_some_and(|ending| ending == OPEN);
        let mut articles = match Articles::of(bytes) {
            Ok(articles) => articles,
            Err(error) => return drop(sender.blocking_send(Err(anyhow::Error::new(error).context(name)))),
        };
        loop {
            let read = match articles.next() {
                None => return,
                // The fetcher is at it.
                Some(Err(ReadError::Io(error))) if is_written && error.kind() == io::ErrorKind::UnexpectedEof => return,
                Some(Ok(article)) => Ok(Remade::of_archive(article)),
                Some(Err(error)) => Err(anyhow::Error::new(error).context(name.clone())),
            };
            if sender.blocking_send(read).is_err() {
                return;
            }
        }
    };
    Ok(tokio::task::spawn_blocking(read).await?)
}
