//! The archive in a bucket: an object holds the articles that came while it was gathered.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use tallywire_runtime::CancellationToken;
use tallywire_store::{Bucket, until_done};
use tallywire_warc::Archived;
use tracing::info;

use super::{
    aside,
    file::{info, name, write},
};

/// Stores objects under names of its own.
pub(super) struct Objects {
    bucket: Bucket,
    writer: String,
    count: AtomicU64,
    abort: CancellationToken,
}

impl Objects {
    pub(super) fn new(bucket: Bucket, abort: CancellationToken) -> Self {
        Self { bucket, writer: format!("{:016x}", rand::random::<u64>()), count: AtomicU64::new(1), abort }
    }

    /// Stores articles as an object, however long the store is away.
    pub(super) async fn store(&self, articles: Vec<Archived>) -> Result<(), String> {
        let (number, now) = (self.count.fetch_add(1, Ordering::Relaxed), Timestamp::now());
        let (name, count) = (name(&self.writer, number, now), articles.len());
        let head = info(&name, now);
        let written = aside(move || {
            let mut bytes = Vec::new();
            head.write_gzip(&mut bytes).map_err(|error| error.to_string())?;
            articles.iter().try_for_each(|article| write(article, &head, &mut bytes))?;
            Ok(bytes::Bytes::from(bytes))
        });
        let bytes = written.await?;
        // The name is this one's alone: storing it twice changes nothing.
        let stored = until_done(&self.abort, || self.bucket.put(&name, bytes.clone())).await;
        stored.ok_or_else(|| "stopped".to_owned())?;
        info!(object = name, articles = count, "archived");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use tallywire_proto::{Fetched, Message};
    use tallywire_warc::Articles;

    use super::*;

    #[tokio::test]
    async fn an_object_holds_what_was_gathered() {
        let bucket = Bucket::in_memory();
        let fetched = Fetched::decode(include_bytes!("../../../../proto/samples/fetched.json")).unwrap();
        let article = Archived::new(&fetched, None);
        let objects = Objects::new(bucket.clone(), CancellationToken::new());
        objects.store(vec![article.clone(), article.clone()]).await.unwrap();
        objects.store(vec![article.clone()]).await.unwrap();
        let mut found = Vec::new();
        for name in bucket.list("", "").await.unwrap() {
            let object = bucket.get(&name).await.unwrap();
            found.push(Articles::of(object.as_ref()).unwrap().map(|read| assert_eq!(read.unwrap(), article)).count());
        }
        assert_eq!(found, [2, 1]);
    }
}
