//! Gathering what goes into one object.

use std::time::Duration;

use tokio::{sync::mpsc, time::sleep};
use tokio_util::sync::CancellationToken;

/// When enough is gathered, whichever comes first.
#[derive(Clone, Copy, Debug)]
pub struct Enough {
    /// So many bytes.
    pub bytes: u64,
    /// So many pieces: no more can come before these are stored, say.
    pub count: usize,
    /// So long after the first piece came.
    pub after: Duration,
}

/// Gathers what comes until it is enough, or until `stop` says that nothing is worth waiting for. Empty when nothing will
/// come any more.
pub async fn gather<T>(
    pieces: &mut mpsc::Receiver<T>,
    size: impl Fn(&T) -> usize,
    enough: Enough,
    stop: &CancellationToken,
) -> Vec<T> {
    match pieces.recv().await {
        Some(first) => fill(first, pieces, size, enough, stop).await,
        None => Vec::new(),
    }
}

/// Gathers more behind a first piece.
pub async fn fill<T>(
    first: T,
    pieces: &mut mpsc::Receiver<T>,
    size: impl Fn(&T) -> usize,
    enough: Enough,
    stop: &CancellationToken,
) -> Vec<T> {
    let late = sleep(enough.after);
    tokio::pin!(late);
    let mut bytes = size(&first) as u64;
    let mut gathered = vec![first];
    while bytes < enough.bytes && gathered.len() < enough.count {
        let next = tokio::select! {
            // What is there already comes with it.
            biased;
            next = pieces.recv() => next,
            () = &mut late => None,
            () = stop.cancelled() => None,
        };
        let Some(piece) = next else { break };
        bytes += size(&piece) as u64;
        gathered.push(piece);
    }
    gathered
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENOUGH: Enough = Enough { bytes: 10, count: 4, after: Duration::from_secs(5) };

    async fn gathered(pieces: &[&'static str], enough: Enough, stop: bool) -> (Vec<&'static str>, Duration) {
        let (sender, mut receiver) = mpsc::channel(16);
        for piece in pieces {
            sender.send(*piece).await.unwrap();
        }
        let token = CancellationToken::new();
        if stop {
            token.cancel();
        }
        let begun = tokio::time::Instant::now();
        let gathered = gather(&mut receiver, |piece| piece.len(), enough, &token).await;
        drop(sender);
        (gathered, begun.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn ends_by_size_count_age_or_stop() {
        assert_eq!(gathered(&["12345", "12345", "1"], ENOUGH, false).await, (vec!["12345", "12345"], Duration::ZERO));
        assert_eq!(gathered(&["1", "2", "3", "4", "5"], ENOUGH, false).await.0.len(), 4);
        let (late, waited) = gathered(&["1", "2"], ENOUGH, false).await;
        assert_eq!((late.len(), waited.as_secs()), (2, 5));
        assert_eq!(gathered(&["1", "2"], ENOUGH, true).await, (vec!["1", "2"], Duration::ZERO));
    }

    #[tokio::test]
    async fn ends_with_its_sender() {
        let (sender, mut receiver) = mpsc::channel::<&str>(1);
        drop(sender);
        assert!(gather(&mut receiver, |piece| piece.len(), ENOUGH, &CancellationToken::new()).await.is_empty());
    }
}
