//! The one stage loop: pull, work, publish, acknowledge; retry, dead-letter and drain on the way.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use async_nats::jetstream::{self, AckKind, consumer::pull};
use bytes::Bytes;
use futures::{FutureExt, StreamExt};
use tallywire_proto::{Message, header};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, MissedTickBehavior, interval},
};
use tokio_util::task::AbortOnDropHandle;
use tracing::{Instrument, debug, error, info, info_span, warn};

use crate::{
    broker::{BrokerError, ClaimError, PublishError, Verdict, consumer_name, open, stage_consumer},
    lag,
    service::Context,
    stage::Failure,
    telemetry::{Ended, Kind, Reason, Span, TraceParent},
};

/// A message as a handler gets it.
#[derive(Clone, Debug)]
pub struct Delivery<M> {
    /// The message.
    pub message: M,
    /// Its place in the article's trace: the span of the handler's work.
    pub trace: TraceParent,
}

/// What is done with each message of a stream. Stages come as one through [`Context::run_stage`].
pub trait Handler: Send + Sync + 'static {
    /// The stage's name.
    const NAME: &'static str;
    /// What it reads.
    type In: Message;

    /// Deals with a message; when it returns, the message is done with.
    fn handle(&self, delivery: Delivery<Self::In>) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// When a message that was pulled ahead, and not begun, may be delivered to another.
const GIVEN_BACK_IN: Duration = Duration::from_millis(500);
/// The wait before the consumer is set up again after an error.
const REOPEN_AFTER: Duration = Duration::from_secs(1);
/// A pull request's life; the server ends it when nothing has come.
const PULL_EXPIRES: Duration = Duration::from_secs(30);
/// The server says that often that it is still there; two missed beats are an error.
const PULL_HEARTBEAT: Duration = Duration::from_secs(5);

/// Handles the messages of a stream, at most `in_flight` at a time, until the service stops, then drains.
pub(crate) async fn run<H: Handler>(context: Context, handler: H, in_flight: usize) -> Result<(), BrokerError> {
    let stop = context.stop.clone();
    let slots = Arc::new(Semaphore::new(in_flight));
    let (jetstream, queues) = (context.broker.jetstream().clone(), context.metrics.queues.clone());
    let _lag = AbortOnDropHandle::new(tokio::spawn(lag::watch(jetstream, queues, H::NAME, H::In::STREAM)));
    context.metrics.articles.prepare_consumer(H::NAME);
    let worker = Arc::new(Worker { context, handler });
    worker.context.health.set(H::NAME, false);
    while !stop.is_cancelled() {
        let ended = worker.clone().consume(in_flight, &slots).await;
        worker.context.health.set(H::NAME, false);
        if let Err(error) = ended {
            warn!(stage = H::NAME, %error, "the consumer broke off, setting it up again");
        }
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(REOPEN_AFTER) => {}
        }
    }
    // All slots are free when the last message is done with.
    let drained = slots.acquire_many(u32::try_from(in_flight).unwrap_or(u32::MAX));
    tokio::select! {
        _ = drained => info!(stage = H::NAME, "drained"),
        () = worker.context.abort.cancelled() => warn!(stage = H::NAME, "stopped before all was done, others take over"),
    }
    Ok(())
}

struct Worker<H> {
    context: Context,
    handler: H,
}

impl<H: Handler> Worker<H> {
    /// Pulls and hands out messages until the consumer breaks off or the service stops.
    async fn consume(self: Arc<Self>, in_flight: usize, slots: &Arc<Semaphore>) -> Result<(), BrokerError> {
        let broker = &self.context.broker;
        let broke_off = |error: &(dyn std::error::Error + 'static)| {
            BrokerError::resource(consumer_name(H::NAME, H::In::STREAM), error)
        };
        let consumer: jetstream::consumer::Consumer<pull::Config> =
            stage_consumer(broker.jetstream(), H::NAME, H::In::STREAM, &self.context.config).await?;
        let mut messages = consumer
            .stream()
            .max_messages_per_batch(in_flight)
            .expires(PULL_EXPIRES)
            .heartbeat(PULL_HEARTBEAT)
            .messages()
            .await
            .map_err(|error| broke_off(&error))?;
        self.context.health.set(H::NAME, true);
        loop {
            let next = async {
                // The semaphore is never closed.
                let slot = slots.clone().acquire_owned().await.ok()?;
                Some((messages.next().await, slot))
            };
            tokio::select! {
                () = self.context.stop.cancelled() => break,
                next = next => match next {
                    Some((Some(Ok(message)), slot)) => self.clone().spawn(message, slot),
                    Some((Some(Err(error)), _)) => return Err(broke_off(&error)),
                    Some((None, _)) | None => return Ok(()),
                },
            }
        }
        // What was pulled ahead goes back, so that nobody has to wait for the server to miss us: in a moment, when our
        // own request for more is gone, or it would come to us again.
        while let Some(Some(Ok(message))) = messages.next().now_or_never() {
            self.answer(&message, AckKind::Nak(Some(GIVEN_BACK_IN))).await;
        }
        Ok(())
    }

    fn spawn(self: Arc<Self>, message: jetstream::Message, slot: OwnedSemaphorePermit) {
        let parent = trace_of(&message);
        let trace = parent.map_or_else(|| self.context.traces.begin(), TraceParent::next);
        let span = info_span!("article", stage = H::NAME, trace = trace.trace_id());
        let work = async move {
            self.deal_with(message, parent, trace).await;
            drop(slot);
        };
        tokio::spawn(work.instrument(span));
    }

    /// Deals with one message, however it ends.
    async fn deal_with(&self, message: jetstream::Message, parent: Option<TraceParent>, trace: TraceParent) {
        let (attempts, sequence, queued) = match message.info() {
            Ok(info) => {
                (u32::try_from(info.delivered).unwrap_or(u32::MAX), info.stream_sequence, info.published.into())
            }
            Err(error) => {
                error!(%error, "a message that is not from a stream, passed over");
                return;
            }
        };
        let waited = seconds_since(queued);
        let _in_flight = self.context.metrics.articles.take(H::NAME);
        // Of a second delivery, the first attempt is a part of it.
        if attempts == 1 {
            self.context.metrics.articles.waited(H::NAME, waited, &trace);
        }
        let mut span = self.context.traces.span(H::NAME, Kind::Consumer, trace, parent, SystemTime::now());
        describe::<H>(&mut span, &message, waited, attempts);
        let result = tokio::select! {
            result = self.attempt_until_there(&message, trace, attempts) => result,
            () = keep_alive(&message, self.context.config.stages.ack_wait) => return,
        };
        let result = match result {
            Err(Stop::Failed(Failure::Retry(reason))) if attempts >= self.context.config.stages.max_attempts => {
                let reason = format!("{reason} (after {attempts} attempts)");
                Err(Stop::Failed(Failure::GiveUp(Reason::AttemptsExhausted, reason)))
            }
            other => other,
        };
        match result {
            Ok(()) => {
                span.ended(Ended::Done);
                self.done(&message).await;
            }
            Err(Stop::Stopped | Stop::Failed(Failure::Wait(_))) => {
                span.ended(Ended::GivenBack);
                self.answer(&message, AckKind::Nak(None)).await;
            }
            Err(Stop::Failed(failure @ Failure::Retry(_))) => {
                let (wait, reason) = (self.context.config.stages.backoff_after(attempts), failure.to_string());
                warn!(attempts, reason, retry_in = ?wait, "not done, trying again later");
                span.ended(Ended::Retried(failure.reason(), &reason));
                self.context.metrics.articles.retried(H::NAME, failure.reason());
                self.answer(&message, AckKind::Nak(Some(wait))).await;
            }
            Err(Stop::Failed(failure @ (Failure::Reject(_) | Failure::GiveUp(..)))) => {
                span.ended(Ended::Rejected(failure.reason(), &failure.to_string()));
                self.reject(&message, attempts, sequence, &failure).await;
            }
        }
    }

    /// Tries again, in place, for as long as something is away that the message needs: a new delivery each time would
    /// count against the message, and a slot that is held pushes back on those before it.
    async fn attempt_until_there(
        &self,
        message: &jetstream::Message,
        trace: TraceParent,
        attempts: u32,
    ) -> Result<(), Stop> {
        for waited in 1.. {
            let reason = match self.attempt(message, trace, attempts).await {
                Err(Stop::Failed(Failure::Wait(reason))) => reason,
                other => return other,
            };
            self.context.metrics.articles.retried(H::NAME, Reason::Away);
            let wait = self.context.config.stages.backoff_after(waited);
            warn!(reason, retry_in = ?wait, "not done, trying again");
            tokio::select! {
                () = self.context.stop.cancelled() => break,
                () = tokio::time::sleep(wait) => {}
            }
        }
        Err(Stop::Stopped)
    }

    async fn attempt(&self, message: &jetstream::Message, trace: TraceParent, attempts: u32) -> Result<(), Stop> {
        let most = self.context.config.stages.max_deliveries;
        if attempts > most {
            let reason = format!("delivered {most} times, and its worker died or hung each time");
            return Err(Stop::give_up(Reason::DeliveriesExhausted, reason));
        }
        let body = self.body(message).await?;
        let opened = open::<H::In>(message.headers.as_ref(), &body);
        let article = opened.map_err(|error| Stop::give_up(Reason::Undecodable, error.to_string()))?;
        self.handler.handle(Delivery { message: article, trace }).await.map_err(|failure| {
            // The service stops: the message is not to blame, and somebody else takes it.
            if self.context.abort.is_cancelled() { Stop::Stopped } else { Stop::Failed(failure) }
        })
    }

    async fn body(&self, message: &jetstream::Message) -> Result<Bytes, Stop> {
        match object_of(message) {
            None => Ok(message.payload.clone()),
            Some(name) => self.context.broker.claims().get(name).await.map_err(Stop::from),
        }
    }

    async fn done(&self, message: &jetstream::Message) {
        self.context.metrics.articles.done(H::NAME);
        let Some(name) = object_of(message) else {
            return self.answer(message, AckKind::Ack).await;
        };
        // The body may go only when the server surely knows that the message is done with.
        match message.double_ack().await {
            Ok(()) => self.context.broker.claims().delete(name).await,
            Err(error) => debug!(%error, "not acknowledged, it will be delivered again"),
        }
    }

    async fn reject(&self, message: &jetstream::Message, attempts: u32, sequence: u64, failure: &Failure) {
        let reason = failure.to_string();
        error!(attempts, reason, "put among the dead letters");
        let verdict = Verdict { stage: H::NAME, reason: &reason, attempts, sequence };
        let buried = tokio::select! {
            buried = self.context.broker.bury(message, &verdict, &self.context.abort) => buried,
            () = keep_alive(message, self.context.config.stages.ack_wait) => return,
        };
        match buried {
            Ok(()) => {
                self.context.metrics.articles.rejected(H::NAME, failure.reason());
                self.answer(message, AckKind::Ack).await;
            }
            Err(PublishError::Stopped) => self.answer(message, AckKind::Nak(None)).await,
            Err(error) => {
                error!(%error, "no dead letter could be written, the message stays where it is");
                let wait = self.context.config.stages.backoff_after(attempts);
                self.answer(message, AckKind::Nak(Some(wait))).await;
            }
        }
    }

    /// An answer that gets lost costs a second delivery, which is dropped as a copy further on.
    async fn answer(&self, message: &jetstream::Message, kind: AckKind) {
        if let Err(error) = message.ack_with(kind).await {
            debug!(%error, "no answer to the server, it will deliver the message again");
        }
    }
}

/// Why an attempt did not succeed.
enum Stop {
    /// The service stops.
    Stopped,
    /// The message failed.
    Failed(Failure),
}

impl Stop {
    fn give_up(reason: Reason, text: String) -> Self {
        Self::Failed(Failure::GiveUp(reason, text))
    }
}

impl From<ClaimError> for Stop {
    fn from(error: ClaimError) -> Self {
        match error {
            ClaimError::Gone(_) => Self::give_up(Reason::Body, error.to_string()),
            ClaimError::Broken { .. } => Self::Failed(Failure::Retry(error.to_string())),
            ClaimError::Store { .. } => Self::Failed(Failure::Wait(error.to_string())),
        }
    }
}

/// Notes in a span which message it is about, as far as that shows without its body: it may be no message.
fn describe<H: Handler>(span: &mut Span, message: &jetstream::Message, waited: f64, attempts: u32) {
    let id = message.headers.as_ref().and_then(|headers| headers.get(header::MESSAGE_ID));
    // `<stage>:<article id>:<revision>`
    let mut parts = id.map_or("", |id| id.as_str()).split(':').skip(1);
    if let Some(article) = parts.next() {
        span.note("tallywire.article.id", || article.to_owned());
    }
    if let Some(revision) = parts.next().and_then(|revision| revision.parse::<i64>().ok()) {
        span.note("tallywire.article.revision", || revision);
    }
    // `articles.<hop>.<feed>`
    if let Some((_, feed)) = message.subject.rsplit_once('.') {
        span.note("tallywire.feed", || feed.to_owned());
    }
    span.note("tallywire.queue.wait_seconds", || waited);
    span.note("tallywire.attempt", || i64::from(attempts));
    span.note("messaging.system", || "nats");
    span.note("messaging.destination.name", || H::In::STREAM.name());
}

/// Tells the server three times in each waiting time that the message is worked on. Never returns.
async fn keep_alive(message: &jetstream::Message, ack_wait: Duration) {
    let period = ack_wait / 3;
    let mut ticks = interval(period.max(Duration::from_millis(10)));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks.reset_at(Instant::now() + period);
    loop {
        ticks.tick().await;
        if let Err(error) = message.ack_with(AckKind::Progress).await {
            debug!(%error, "no sign of life to the server");
        }
    }
}

/// Seconds since then; 0 where the server's clock is ahead of ours.
fn seconds_since(then: SystemTime) -> f64 {
    SystemTime::now().duration_since(then).unwrap_or(Duration::ZERO).as_secs_f64()
}

fn object_of(message: &jetstream::Message) -> Option<&str> {
    message.headers.as_ref()?.get(header::OBJECT).map(async_nats::HeaderValue::as_str)
}

/// The place in the article's trace that a message comes from.
fn trace_of(message: &jetstream::Message) -> Option<TraceParent> {
    message.headers.as_ref()?.get(header::TRACEPARENT)?.as_str().parse().ok()
}

/// How a handler reports a message that could not be published.
impl From<PublishError> for Failure {
    fn from(error: PublishError) -> Self {
        match error {
            PublishError::Stopped => Self::Wait(error.to_string()),
            PublishError::Encode(_) | PublishError::TooLarge { .. } => {
                Self::GiveUp(Reason::Unpublishable, error.to_string())
            }
        }
    }
}
