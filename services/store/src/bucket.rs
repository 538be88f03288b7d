//! A bucket of an S3-compatible store, below a prefix.

use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use object_store::{
    Error, ObjectStore, ObjectStoreExt, PutMode, PutPayload, RetryConfig, aws::AmazonS3Builder, path::Path,
};
use url::Url;

/// Within a request, only what passes in a moment is tried again; what does not, the caller tries again, and says so.
const TRIES: usize = 2;
const TRY_FOR: Duration = Duration::from_secs(10);

/// A bucket, below a prefix. All names are below that.
#[derive(Clone)]
pub struct Bucket {
    store: Arc<dyn ObjectStore>,
    /// The bucket's own name.
    host: String,
    prefix: Path,
}

/// The store does not do what it is asked.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {source}")]
pub struct StoreError {
    /// The object's whole address.
    pub name: String,
    /// Why.
    pub source: Error,
}

/// What came of the creation of an object.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Created {
    /// It is stored.
    New,
    /// There is one of that name already, and it is as it was.
    Taken,
}

impl fmt::Display for Bucket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "s3://{}/{}", self.host, self.prefix)
    }
}

impl fmt::Debug for Bucket {
    // The store's own form may tell more of the credentials than a log should hold.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl Bucket {
    /// Opens `s3://bucket/prefix` with what the environment says in `AWS_...`. Nothing is asked of the store yet.
    pub(crate) fn open(url: &str) -> Result<Self, Error> {
        Self::open_with(url, &[])
    }

    /// Opens `s3://bucket/prefix` with settings over those of the environment, by the same names:
    /// `("aws_endpoint_url", "http://...")`.
    ///
    /// # Errors
    /// When it is no such address, or a setting is unknown or will not do.
    pub fn open_with(url: &str, settings: &[(&str, &str)]) -> Result<Self, Error> {
        // It is set already where another client of this process was first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let parsed = Url::parse(url).map_err(|error| Error::Generic { store: "S3", source: error.into() })?;
        let host = parsed.host_str().unwrap_or_default().to_owned();
        let prefix = Path::from_url_path(parsed.path())?;
        let mut store = AmazonS3Builder::from_env();
        for (key, value) in settings {
            store = store.with_config(key.parse()?, *value);
        }
        let store = store
            .with_bucket_name(&host)
            .with_retry(RetryConfig { max_retries: TRIES, retry_timeout: TRY_FOR, ..RetryConfig::default() })
            .build()?;
        Ok(Self::of(Arc::new(store), host, prefix))
    }

    fn of(store: Arc<dyn ObjectStore>, host: String, prefix: Path) -> Self {
        Self { store, host, prefix }
    }

    /// A bucket in memory, for tests.
    pub fn in_memory() -> Self {
        Self::of(Arc::new(object_store::memory::InMemory::new()), "memory".to_owned(), Path::default())
    }

    pub(crate) fn below(&self, name: &str) -> Self {
        Self { prefix: self.path(name), ..self.clone() }
    }

    fn path(&self, name: &str) -> Path {
        name.split('/').filter(|part| !part.is_empty()).fold(self.prefix.clone(), Path::join)
    }

    fn failed(&self, path: &Path, source: Error) -> StoreError {
        StoreError { name: format!("s3://{}/{path}", self.host), source }
    }

    /// Stores an object, unless there is one of that name.
    ///
    /// # Errors
    /// When the store does not answer, or refuses.
    pub async fn create(&self, name: &str, bytes: Bytes) -> Result<Created, StoreError> {
        let path = self.path(name);
        match self.store.put_opts(&path, PutPayload::from(bytes), PutMode::Create.into()).await {
            Ok(_) => Ok(Created::New),
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => Ok(Created::Taken),
            Err(error) => Err(self.failed(&path, error)),
        }
    }

    /// Stores an object, in place of one of that name.
    ///
    /// # Errors
    /// When the store does not answer, or refuses.
    pub async fn put(&self, name: &str, bytes: Bytes) -> Result<(), StoreError> {
        let path = self.path(name);
        let stored = self.store.put(&path, PutPayload::from(bytes)).await;
        stored.map(drop).map_err(|error| self.failed(&path, error))
    }

    /// An object whole.
    ///
    /// # Errors
    /// When there is none, or the store does not answer.
    pub async fn get(&self, name: &str) -> Result<Bytes, StoreError> {
        let path = self.path(name);
        let read = async { self.store.get(&path).await?.bytes().await };
        read.await.map_err(|error| self.failed(&path, error))
    }

    /// An object as it comes.
    ///
    /// # Errors
    /// When there is none, or the store does not answer; in the stream when it breaks off.
    pub async fn read(&self, name: &str) -> Result<BoxStream<'static, std::io::Result<Bytes>>, StoreError> {
        let path = self.path(name);
        let object = self.store.get(&path).await.map_err(|error| self.failed(&path, error))?;
        Ok(object.into_stream().map_err(std::io::Error::other).boxed())
    }

    /// The names of all objects below a folder that come after a name in the order of their bytes, in that order.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn list(&self, folder: &str, after: &str) -> Result<Vec<String>, StoreError> {
        let (folder, after) = (self.path(folder), self.path(after));
        let listed = self.store.list_with_offset(Some(&folder), &after).map_ok(|object| object.location);
        let mut paths: Vec<Path> = listed.try_collect().await.map_err(|error| self.failed(&folder, error))?;
        paths.sort();
        let own = |path: &Path| {
            let parts: Vec<String> = path.prefix_match(&self.prefix)?.map(|part| part.as_ref().to_owned()).collect();
            Some(parts.join("/"))
        };
        Ok(paths.iter().filter_map(own).collect())
    }

    /// Whether the store gives a name once, as [`Bucket::create`] relies on. One that does not know the condition of such a
    /// request may overwrite what is there.
    ///
    /// # Errors
    /// When the store does not answer, or refuses.
    pub async fn creates_once(&self) -> Result<bool, StoreError> {
        const NAME: &str = ".created-once";
        self.create(NAME, Bytes::new()).await?;
        Ok(self.create(NAME, Bytes::new()).await? == Created::Taken)
    }

    /// Asks the store for something, to see that it is there and lets us in.
    ///
    /// # Errors
    /// When it does not answer, has no such bucket, or refuses.
    pub async fn check(&self) -> Result<(), StoreError> {
        let first = self.store.list(Some(&self.prefix)).next().await;
        first.transpose().map(drop).map_err(|error| self.failed(&self.prefix, error))
    }
}

/// Codes of errors that stay as they are (Amazon S3 API Reference, "Error responses"). The client hands those of a listing
/// on as text.
const FINAL: [&str; 4] = ["NoSuchBucket", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"];

impl StoreError {
    /// Whether trying again will not help: the bucket is not there, or does not let us in.
    pub fn is_final(&self) -> bool {
        match &self.source {
            Error::NotFound { .. } | Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => true,
            Error::Generic { source, .. } => {
                let text = source.to_string();
                FINAL.iter().any(|code| text.contains(&format!("<Code>{code}</Code>")))
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_is_given_once() {
        let bucket = Bucket::in_memory().below("a").below("b/c");
        assert_eq!(bucket.create("x/1", "one".into()).await.unwrap(), Created::New);
        assert_eq!(bucket.create("x/1", "two".into()).await.unwrap(), Created::Taken);
        assert_eq!(bucket.get("x/1").await.unwrap(), "one");
        bucket.put("x/1", "three".into()).await.unwrap();
        assert_eq!(bucket.get("x/1").await.unwrap(), "three");
        assert!(bucket.creates_once().await.unwrap() && bucket.creates_once().await.unwrap());
        assert!(bucket.get("x/2").await.unwrap_err().is_final());
    }

    #[tokio::test]
    async fn lists_what_comes_after_a_name_in_order() {
        let bucket = Bucket::in_memory().below("prefix");
        for name in ["x/3", "x/1", "y/1", "x/2"] {
            bucket.put(name, Bytes::new()).await.unwrap();
        }
        assert_eq!(bucket.list("x", "x/1").await.unwrap(), ["x/2", "x/3"]);
        assert_eq!(bucket.list("", "").await.unwrap(), ["x/1", "x/2", "x/3", "y/1"]);
        assert_eq!(bucket.list("z", "").await.unwrap(), Vec::<String>::new());
    }
}
