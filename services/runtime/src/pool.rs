//! The bounded pool for work that keeps a core busy, off the async threads.

use std::{any::Any, sync::Arc, time::Duration};

use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::{stage::Failure, telemetry::Reason};

/// At most so many pieces of work at a time, shared by all stages of a process, none of which may take too long.
#[derive(Clone)]
pub(crate) struct Pool {
    permits: Arc<Semaphore>,
    limit: Duration,
}

impl From<WorkError> for Failure {
    fn from(error: WorkError) -> Self {
        let reason = match error {
            WorkError::Panic(_) => Reason::Panic,
            WorkError::Overdue(_) => Reason::Overdue,
        };
        Self::GiveUp(reason, error.to_string())
    }
}

/// The work came to no good end.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum WorkError {
    /// It panicked; the text is the panic's message.
    #[error("panic: {0}")]
    Panic(String),
    /// It took too long. Its thread cannot be stopped, and goes on until it ends by itself, beside those of the pool.
    #[error("worked on for more than {} s", .0.as_secs())]
    Overdue(Duration),
}

impl Pool {
    pub(crate) fn new(workers: usize, limit: Duration) -> Self {
        Self { permits: Arc::new(Semaphore::new(workers.max(1))), limit }
    }

    /// Does a piece of work when there is room for it.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, WorkError> {
        // The semaphore is never closed; were it, working unbounded would still be right.
        let _permit = self.permits.clone().acquire_owned().await;
        let done = spawn_blocking(work);
        let done = tokio::time::timeout(self.limit, done).await.map_err(|_| WorkError::Overdue(self.limit))?;
        done.map_err(|error| match error.try_into_panic() {
            Ok(payload) => WorkError::Panic(message(payload.as_ref())),
            Err(error) => WorkError::Panic(error.to_string()),
        })
    }
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a message").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_error_and_leaves_the_pool_whole() {
        let pool = Pool::new(1, Duration::from_mins(1));
        let result = pool.run(|| -> u8 { panic!("cannot read {}", "this") }).await;
        assert_eq!(result, Err(WorkError::Panic("cannot read this".to_owned())));
        assert_eq!(pool.run(|| 7).await, Ok(7));
    }

    #[tokio::test]
    async fn work_that_does_not_end_is_given_up() {
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let pool = Pool::new(2, Duration::from_millis(10));
        let result = pool.run(move || ended.recv()).await;
        assert_eq!(result, Err(WorkError::Overdue(Duration::from_millis(10))));
        drop(end);
    }
}
