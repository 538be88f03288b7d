//! After a crash: an object is whole or absent, so only its figures can be missing.

use std::io::Read;

use jiff::{Timestamp, ToSpan};
use tallywire_runtime::CancellationToken;
use tallywire_store::{Bucket, StoreError};
use tracing::{info, warn};

use crate::{
    files::{FIGURES, FOLDER, day_of},
    object_writer::store_figures,
    objects::ObjectName,
};

/// How far back is looked. The registry of written revisions remembers as long by default.
const DAYS: i64 = 30;

/// Stores the figures of objects that have none: a sink died between the two, or had not been asked for them.
pub(crate) async fn recover_figures(bucket: Bucket, abort: CancellationToken) {
    for back in 0..=DAYS {
        let Ok(day) = day_of(Timestamp::now()).checked_sub(back.days()) else { return };
        match missing(&bucket, &day.to_string()).await {
            Ok(names) => {
                for name in names {
                    store_missing(&bucket, &name, &abort).await;
                }
            }
            Err(error) => warn!(%error, "whether figures are missing cannot be told; at the next start"),
        }
        if abort.is_cancelled() {
            return;
        }
    }
}

async fn missing(bucket: &Bucket, day: &str) -> Result<Vec<ObjectName>, StoreError> {
    let articles = bucket.list(&format!("{FOLDER}/{day}"), "").await?;
    let figures = bucket.list(&format!("{FIGURES}/{day}"), "").await?;
    let names = articles.iter().filter_map(|path| ObjectName::at(path));
    Ok(names.filter(|name| figures.binary_search(&name.figures()).is_err()).collect())
}

async fn store_missing(bucket: &Bucket, name: &ObjectName, abort: &CancellationToken) {
    let lines = match bucket.get(&name.path()).await {
        Ok(object) => {
            let mut lines = Vec::new();
            name.lines(object).and_then(|mut text| text.read_to_end(&mut lines)).map(|_| lines)
        }
        Err(error) => return warn!(%error, "the figures of this object are missing; at the next start"),
    };
    match lines {
        Ok(lines) => {
            info!(object = %name.path(), "storing figures that a stopped sink did not");
            store_figures(bucket, name, lines.into(), abort).await;
        }
        Err(error) => warn!(object = %name.path(), %error, "it cannot be read"),
    }
}

#[cfg(test)]
mod tests {
    use tallywire_runtime::config::SinkCompression;

    use super::*;

    #[tokio::test]
    async fn what_is_missing_is_made_once() {
        let bucket = Bucket::in_memory();
        let first = ObjectName::first("0123456789abcdef", 1, Timestamp::now(), SinkCompression::Zstd);
        let article = include_str!("../../../proto/samples/enriched.json");
        let line: String = article.lines().chain(["\n"]).collect();
        bucket.put(&first.path(), first.encode(line.into_bytes()).unwrap()).await.unwrap();
        bucket.put(&first.next().path(), first.encode(Vec::new()).unwrap()).await.unwrap();
        recover_figures(bucket.clone(), CancellationToken::new()).await;
        assert_eq!(bucket.list("figures", "").await.unwrap(), [first.figures(), first.next().figures()]);
        bucket.put(&first.figures(), "as it is".into()).await.unwrap();
        recover_figures(bucket.clone(), CancellationToken::new()).await;
        assert_eq!(bucket.get(&first.figures()).await.unwrap(), "as it is", "what is there is left alone");
    }
}
