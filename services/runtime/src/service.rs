//! A service: a stage, and what surrounds it from start to stop.

use std::{
    path::PathBuf,
    pin::Pin,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};
use tracing::{error, info, warn};

use crate::{
    access::User,
    broker::{Broker, BrokerError},
    config::{Config, ConfigError, Sources},
    health::{self, Admin, Health},
    pool::Pool,
    stage::{Failure, Stage},
    telemetry::{Metrics, Screen, Traces, TracesError, init_logs},
    worker::{self, Delivery, Handler},
};
use tallywire_proto::{Hop, StageRun};
use tokio_util::sync::CancellationToken;

/// The stack of each thread: parsers of nested pages need more than the usual 2 MiB.
const STACK: usize = 16 * 1024 * 1024;

/// With fewer, services and server wake each other for every few messages (`docs/performance.md`). More hold more memory,
/// and a worker that dies takes more with it, to be delivered again.
const IN_FLIGHT_A_WORKER: usize = 16;

/// What a service works with.
#[derive(Clone)]
pub struct Context {
    /// The configuration.
    pub config: Arc<Config>,
    /// The broker.
    pub broker: Broker,
    /// The metrics of this process.
    pub metrics: Metrics,
    /// Where the traces of this process go.
    pub traces: Traces,
    /// The health of this process.
    pub health: Health,
    /// Cancelled when no more work is to be taken on.
    pub stop: CancellationToken,
    /// Cancelled when work under way is to be left to others.
    pub abort: CancellationToken,
    pool: Pool,
}

/// When a process is to end: first it takes on no more work, then it leaves what is under way.
#[derive(Clone, Debug, Default)]
pub struct Lifecycle {
    stop: CancellationToken,
    abort: CancellationToken,
}

impl Lifecycle {
    /// Stops taking on work at SIGTERM or SIGINT, and leaves the rest to others when the drain takes too long.
    ///
    /// # Errors
    /// When the signals cannot be caught.
    pub fn on_signals(drain_timeout: Duration) -> std::io::Result<Self> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let lifecycle = Self::default();
        let Self { stop, abort } = lifecycle.clone();
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => info!("SIGTERM: finishing what is under way"),
                _ = interrupt.recv() => info!("SIGINT: finishing what is under way"),
                () = stop.cancelled() => {}
            }
            stop.cancel();
            tokio::select! {
                () = tokio::time::sleep(drain_timeout) => {}
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            abort.cancel();
        });
        Ok(lifecycle)
    }

    /// What comes of some work, or nothing if the process is to end first.
    pub async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            () = self.stop.cancelled() => None,
            result = work => Some(result),
        }
    }
}

impl Context {
    /// Puts together what a service works with. The stages of one process share its pool of workers.
    ///
    /// # Errors
    /// When traces cannot be sent as configured.
    pub fn new(name: &str, config: Arc<Config>, broker: Broker, lifecycle: Lifecycle) -> Result<Self, TracesError> {
        let metrics = Metrics::default();
        metrics.watch(broker.client().clone());
        let traces = Traces::start(name, &config.traces, metrics.spans.clone())?;
        let pool = Pool::new(config.stages.worker_count(), config.stages.work_timeout);
        let (broker, health) = (broker.counting_in(metrics.clone()), Health::default());
        let Lifecycle { stop, abort } = lifecycle;
        Ok(Self { config, broker, metrics, traces, health, stop, abort, pool })
    }

    /// Ends the service: no more work is taken on, and what is left of the traces goes to the collector.
    pub async fn end(&self) {
        self.stop.cancel();
        self.traces.drain(&self.abort).await;
    }

    /// Runs a stage until the service stops.
    ///
    /// # Errors
    /// When the broker refuses the consumer.
    pub async fn run_stage<S: Stage>(&self, stage: S) -> Result<(), BrokerError> {
        let handler = StageHandler { context: self.clone(), stage: Arc::new(stage) };
        self.run_handler(handler, self.stage_in_flight()).await
    }

    /// Messages that a stage has in flight: while some wait for the server, others keep the workers busy.
    pub fn stage_in_flight(&self) -> usize {
        self.config.stages.worker_count() * IN_FLIGHT_A_WORKER
    }

    /// Takes a message through a stage: process on the pool, note the provenance, publish. Returns what was published.
    ///
    /// # Errors
    /// As the stage's own, and when the result cannot be published.
    pub async fn work<S: Stage>(&self, stage: Arc<S>, delivery: Delivery<S::In>) -> Result<S::Out, Failure> {
        let (output, seconds) = self.compute(move || run_stage(stage.as_ref(), delivery.message)).await??;
        self.metrics.articles.took(S::NAME, seconds, &delivery.trace);
        self.broker.publish(S::NAME, &output, &delivery.trace, &self.abort).await?;
        Ok(output)
    }

    /// Does what keeps a core busy on the pool.
    ///
    /// # Errors
    /// [`Failure::GiveUp`] when it panics, or takes longer than `stages.work_timeout`.
    pub async fn compute<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
        Ok(self.pool.run(work).await?)
    }

    /// Runs a handler, at most `in_flight` messages at a time, until the service stops.
    ///
    /// # Errors
    /// When the broker refuses the consumer.
    pub async fn run_handler<H: Handler>(&self, handler: H, in_flight: usize) -> Result<(), BrokerError> {
        worker::run(self.clone(), handler, in_flight).await
    }

    /// Creates what these services need on the broker, or waits until it is there. Until then, the process is not ready.
    /// Nothing if it is told to end before.
    ///
    /// # Errors
    /// As [`Broker::prepare`].
    pub async fn prepare(&self, services: &[User]) -> Option<Result<(), BrokerError>> {
        self.health.set(STREAMS, false);
        let prepared = tokio::select! {
            () = self.stop.cancelled() => return None,
            prepared = self.broker.prepare(services) => prepared,
        };
        self.health.set(STREAMS, prepared.is_ok());
        Some(prepared)
    }

    /// Serves health and metrics as configured.
    ///
    /// # Errors
    /// When the address cannot be used.
    pub async fn serve_admin(&self) -> Result<(), health::ListenError> {
        let admin =
            Admin { health: self.health.clone(), metrics: self.metrics.clone(), client: self.broker.client().clone() };
        health::serve(&self.config.admin.listen, admin, self.stop.clone()).await
    }
}

/// The part of a process's health that tells whether everything is there that it needs on the broker.
const STREAMS: &str = "streams";

/// A stage as a handler.
struct StageHandler<S> {
    context: Context,
    stage: Arc<S>,
}

impl<S: Stage> Handler for StageHandler<S> {
    const NAME: &'static str = S::NAME;
    type In = S::In;

    async fn handle(&self, delivery: Delivery<S::In>) -> Result<(), Failure> {
        self.context.work(self.stage.clone(), delivery).await.map(drop)
    }
}

/// Runs a stage once, and notes in the message that it did. Returns the seconds it took beside the message.
///
/// # Errors
/// As the stage's own.
pub fn run_stage<S: Stage>(stage: &S, input: S::In) -> Result<(S::Out, f64), Failure> {
    let started = Instant::now();
    let mut output = stage.process(input)?;
    let seconds = started.elapsed().as_secs_f64();
    output.provenance_mut().stages.push(StageRun {
        name: S::NAME.to_owned(),
        version: S::VERSION.to_owned(),
        ms: (seconds * 1e6).round() / 1e3,
    });
    Ok((output, seconds))
}

/// The flags that every service has.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Flags {
    /// The configuration file
    #[arg(long, value_name = "FILE", env = "TALLYWIRE_CONFIG")]
    pub config: Option<PathBuf>,
    /// Address of the NATS server (key nats.url)
    #[arg(long, value_name = "URL")]
    pub nats: Option<String>,
    /// Set any key of the configuration
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = key_value)]
    pub set: Vec<(String, String)>,
}

fn key_value(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').ok_or_else(|| format!("{text:?} is not of the form section.key=value"))?;
    Ok((pair.0.to_owned(), pair.1.to_owned()))
}

impl Flags {
    /// Reads the configuration with these flags over file and environment, and sets up the log.
    ///
    /// # Errors
    /// When a key or value will not do.
    pub fn load(&self, more: &[(&str, String)]) -> Result<Config, ConfigError> {
        let mut flags = self.set.clone();
        flags.extend(self.nats.iter().map(|url| ("nats.url".to_owned(), url.clone())));
        flags.extend(more.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
        // The path of the file itself is no key of it.
        let environment = std::env::vars().filter(|(name, _)| name != "TALLYWIRE_CONFIG").collect();
        let loaded = Sources { file: self.config.clone(), environment, flags }.load()?;
        for warning in loaded.warnings {
            warn!("{warning}");
        }
        Ok(loaded.config)
    }
}

/// The flags that one service has beside those that all have.
pub trait OwnFlags: clap::Args {
    /// What they set, as keys of the configuration.
    fn keys(&self) -> Vec<(&'static str, String)>;
}

/// For services that have no flags of their own.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct NoFlags;

impl OwnFlags for NoFlags {
    fn keys(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

#[derive(Parser)]
#[command(version, about = "A service of Tallywire. Configuration: defaults < --config < TALLYWIRE_... < flags.")]
struct ServiceCli<O: OwnFlags> {
    #[command(flatten)]
    flags: Flags,
    #[command(flatten)]
    own: O,
    /// Ask the service that runs with this configuration whether it is ready, and end: 0 if it is
    #[arg(long)]
    healthcheck: bool,
}

/// The work of a service, until it stops. In a box: what a future does is compiled where it is boxed, in the service's own
/// library, and not once more in each program that has it.
pub type Work<E> = Pin<Box<dyn Future<Output = Result<(), E>> + Send>>;

/// Runs a service as a process: flags, configuration, logs, broker, health, signals, and the work itself.
pub fn main<E: std::fmt::Display + 'static>(
    name: &'static str,
    work: impl FnOnce(Context) -> Work<E> + 'static,
) -> ExitCode {
    main_with::<NoFlags, E>(name, work)
}

/// [`main`], for a service that has flags of its own.
pub fn main_with<O: OwnFlags, E: std::fmt::Display + 'static>(
    name: &'static str,
    work: impl FnOnce(Context) -> Work<E> + 'static,
) -> ExitCode {
    let cli = ServiceCli::<O>::parse();
    let own = cli.own.keys();
    if cli.healthcheck {
        return healthcheck(name, &cli.flags, &own);
    }
    let work = |context| -> Work<String> {
        let work = work(context);
        Box::pin(async { work.await.map_err(|error| error.to_string()) })
    };
    run(name, &cli.flags, &own, Box::new(work))
}

/// Asks the service that runs with this configuration whether it is ready.
fn healthcheck(name: &str, flags: &Flags, own: &[(&'static str, String)]) -> ExitCode {
    let answer = flags.load(own).map_err(|error| error.to_string());
    match answer.and_then(|config| health::ask(&config.admin.listen)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("tallywire-{name}: {reason}");
            ExitCode::FAILURE
        }
    }
}

/// Runs a service to its end.
fn run(
    name: &'static str,
    flags: &Flags,
    own: &[(&'static str, String)],
    work: Box<dyn FnOnce(Context) -> Work<String>>,
) -> ExitCode {
    let outcome = runtime().map_err(anyhow::Error::from).and_then(|runtime| {
        let outcome = runtime.block_on(async {
            let Some(context) = Box::pin(start(name, flags, own)).await? else { return Ok(()) };
            let result = work(context.clone()).await.map_err(anyhow::Error::msg);
            context.end().await;
            result
        });
        // A thread that works on, on an article that does not end, must not hold up the end.
        runtime.shutdown_background();
        outcome
    });
    match outcome {
        Ok(()) => {
            info!("stopped");
            ExitCode::SUCCESS
        }
        Err(cause) => {
            if tracing::dispatcher::has_been_set() {
                error!("{cause:#}");
            } else {
                eprintln!("tallywire-{name}: {cause:#}");
            }
            ExitCode::FAILURE
        }
    }
}

/// The async runtime that all programs of Tallywire use.
///
/// # Errors
/// When the system has no threads left.
pub fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build()
}

/// Everything that a service needs; nothing if it is told to end before it has that.
async fn start(name: &'static str, flags: &Flags, own: &[(&'static str, String)]) -> anyhow::Result<Option<Context>> {
    let config = Arc::new(flags.load(own)?);
    init_logs(&config.log, Screen::Plain)?;
    info!(service = name, version = env!("CARGO_PKG_VERSION"), nats = config.nats.redacted_url(), "starting");
    let lifecycle = Lifecycle::on_signals(config.stages.drain_timeout)?;
    let Some(broker) = lifecycle.unless_stopped(Box::pin(Broker::connect(name, config.clone()))).await else {
        return Ok(None);
    };
    let context = Context::new(name, config, broker?, lifecycle)?;
    // Not ready before its work says so.
    context.health.set(name, false);
    context.serve_admin().await?;
    let services: Vec<User> = User::of(name).into_iter().collect();
    match Box::pin(context.prepare(&services)).await {
        Some(prepared) => prepared.map(|()| Some(context)).map_err(Into::into),
        None => Ok(None),
    }
}
