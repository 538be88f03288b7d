//! A folder or a bucket, as the configuration names it.

use std::path::{Path, PathBuf};

use crate::Bucket;

/// Where something is kept.
#[derive(Clone, Debug)]
pub enum Place {
    /// In a folder of this machine.
    Folder(PathBuf),
    /// In a bucket, below a prefix.
    Bucket(Bucket),
}

/// What is configured is no place.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// A store of a kind that is not known.
    #[error(
        "{0:?} is neither a folder nor s3://bucket/prefix; Google Cloud Storage and others take s3:// too, see AWS_ENDPOINT_URL"
    )]
    Scheme(String),
    /// The bucket cannot be opened as it is named, or as the environment says.
    #[error(
        "{url}: {source}; credentials and address come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL"
    )]
    Bucket {
        /// As configured.
        url: String,
        /// Why.
        source: object_store::Error,
    },
}

impl Place {
    /// The place that a folder's name or an address stands for: `out`, `s3://bucket/prefix`.
    ///
    /// # Errors
    /// When it is an address of another kind, or the bucket's settings in the environment will not do.
    pub fn of(out: &Path) -> Result<Self, PlaceError> {
        match out.to_str().and_then(|text| text.split_once("://").map(|(scheme, _)| (text, scheme))) {
            None => Ok(Self::Folder(out.to_owned())),
            Some((url, "s3")) => {
                let opened = Bucket::open(url);
                Ok(Self::Bucket(opened.map_err(|source| PlaceError::Bucket { url: url.to_owned(), source })?))
            }
            Some((url, _)) => Err(PlaceError::Scheme(url.to_owned())),
        }
    }

    /// A place below this one.
    #[must_use]
    pub fn below(&self, name: &str) -> Self {
        match self {
            Self::Folder(folder) => Self::Folder(folder.join(name)),
            Self::Bucket(bucket) => Self::Bucket(bucket.below(name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_folder_and_an_address_a_bucket() {
        assert!(matches!(Place::of(Path::new("out/s3")), Ok(Place::Folder(_))));
        let bucket = match Place::of(Path::new("s3://news/a/b")).map(|place| place.below("c")) {
            Ok(Place::Bucket(bucket)) => bucket,
            other => panic!("{other:?}"),
        };
        assert_eq!(bucket.to_string(), "s3://news/a/b/c");
        let error = Place::of(Path::new("ftp://news/a")).unwrap_err().to_string();
        assert!(error.contains("ftp://news/a") && error.contains("s3://bucket/prefix"), "{error}");
    }
}
