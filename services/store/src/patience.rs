//! Trying until a store does what it is asked, however long it is away.

use std::{fmt::Display, time::Duration};

use tokio_util::sync::CancellationToken;
use tracing::warn;

/// The wait after a failed attempt, doubled each time up to [`LONGEST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Tries until it is done; nothing where `abort` is cancelled before.
pub async fn until_done<T, E: Display, F: Future<Output = Result<T, E>>>(
    abort: &CancellationToken,
    mut attempt: impl FnMut() -> F,
) -> Option<T> {
    let mut wait = FIRST_WAIT;
    loop {
        let error = tokio::select! {
            () = abort.cancelled() => return None,
            done = attempt() => match done {
                Ok(done) => return Some(done),
                Err(error) => error,
            },
        };
        warn!(%error, retry_in = ?wait, "the store does not take it yet, trying on");
        tokio::select! {
            () = abort.cancelled() => return None,
            () = tokio::time::sleep(wait) => wait = (wait * 2).min(LONGEST_WAIT),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn tries_until_it_is_done_or_aborted() {
        let mut tries = 0;
        let mut attempt = || {
            tries += 1;
            let result = if tries < 9 { Err("away") } else { Ok(tries) };
            async move { result }
        };
        assert_eq!(until_done(&CancellationToken::new(), &mut attempt).await, Some(9));
        let aborted = CancellationToken::new();
        aborted.cancel();
        assert_eq!(until_done(&aborted, || async { Err::<(), _>("away") }).await, None);
    }
}
