//! `tallywire up`: all services in one process.

mod nats_server;
mod progress;

use std::{io::IsTerminal, path::Path, process::ExitCode, sync::Arc, time::Duration};

use anyhow::Context as _;
use tallywire_proto::{Enriched, Message, subject::ENRICHED_ALL};
use tallywire_runtime::{
    Broker, Config, Context, Lifecycle,
    access::User,
    telemetry::{Screen, init_logs},
};
use tokio::task::JoinSet;
use tracing::info;

use self::nats_server::NatsServer;
pub(crate) use self::nats_server::exec as exec_nats_server;
use crate::{cli::UpArguments, connection::ADDRESS_FILE, readable, sample_server, tail, terminal};

/// How often the number of articles is looked at, for `--count`.
const LOOK: Duration = Duration::from_millis(50);

pub(crate) async fn run(arguments: UpArguments) -> anyhow::Result<ExitCode> {
    std::fs::create_dir_all(&arguments.data)
        .with_context(|| format!("cannot create {}: choose another folder with --data", arguments.data.display()))?;
    let mut config = configure(&arguments).await?;
    let on_terminal = std::io::stderr().is_terminal();
    // What goes on is in the status line.
    let log = if on_terminal { config.log.quiet() } else { config.log.clone() };
    init_logs(&log, if on_terminal { Screen::StatusLine } else { Screen::Plain })?;

    let lifecycle = Lifecycle::on_signals(config.stages.drain_timeout)?;
    let own = config.nats.url.is_empty();
    let server = if own { Some(NatsServer::start(&arguments.data).await?) } else { None };
    if let Some(server) = &server {
        server.url().clone_into(&mut config.nats.url);
        // Nobody else could provision it.
        config.streams.provision = true;
        leave_address(&arguments.data, server.url())?;
    }
    announce(&config);

    let config = Arc::new(config);
    let started = lifecycle.unless_stopped(Box::pin(Broker::connect("up", config.clone()))).await;
    let outcome = match started {
        None => Ok(()),
        Some(Err(error)) => Err(error.into()),
        Some(Ok(broker)) => {
            let work = async {
                let context = Context::new("up", config, broker, lifecycle)?;
                context.serve_admin().await?;
                let Some(prepared) = context.prepare(&User::ALL).await else { return Ok(()) };
                prepared?;
                let outcome = serve(&context, &arguments, on_terminal, server.as_ref()).await;
                context.end().await;
                outcome
            };
            Box::pin(work).await
        }
    };
    // The server goes last: the services finished their work on it.
    if let Some(server) = server {
        server.stop().await;
        let _ = std::fs::remove_file(arguments.data.join(ADDRESS_FILE));
    }
    outcome?;
    terminal::clear_line();
    info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// The configuration, with what the flags of `up` say; starts the sample newspaper where it is asked for.
async fn configure(arguments: &UpArguments) -> anyhow::Result<Config> {
    let mut keys = Vec::new();
    if let Some(out) = &arguments.out {
        keys.push(("sink.out", out.display().to_string()));
    }
    if arguments.sample {
        let (_, feeds) = sample_server::serve("127.0.0.1:0").await?;
        let file = arguments.data.join("sample-feeds.toml");
        std::fs::write(&file, feeds).with_context(|| format!("cannot write {}", file.display()))?;
        keys.push(("fetcher.feeds", file.display().to_string()));
        keys.push(("fetcher.allow_private_networks", "true".to_owned()));
        // It is our own machine that we would be polite to.
        keys.push(("fetcher.host_delay", "0s".to_owned()));
    } else if let Some(feeds) = &arguments.feeds {
        keys.push(("fetcher.feeds", feeds.display().to_string()));
    }
    Ok(arguments.flags.load(&keys)?)
}

/// Leaves the broker's address where the other commands look for it.
fn leave_address(data: &Path, url: &str) -> anyhow::Result<()> {
    let file = data.join(ADDRESS_FILE);
    std::fs::write(&file, format!("{url}\n")).with_context(|| format!("cannot write {}", file.display()))
}

fn announce(config: &Config) {
    let out = if config.sink.stdout {
        "standard output".to_owned()
    } else {
        format!("{}/enriched/", config.sink.out.display())
    };
    eprintln!(
        "tallywire: feeds {}, NATS {}, articles to {out}",
        config.fetcher.feeds.display(),
        config.nats.redacted_url()
    );
}

/// Runs the services until they are told to stop, or one of them cannot go on.
async fn serve(
    context: &Context,
    arguments: &UpArguments,
    on_terminal: bool,
    server: Option<&NatsServer>,
) -> anyhow::Result<()> {
    let mut services: JoinSet<anyhow::Result<()>> = JoinSet::new();
    let watched = arguments.print || arguments.count.is_some();
    if watched {
        services.spawn(watch(context.clone(), arguments.print, arguments.count));
    }
    services.spawn(named("sink", tallywire_sink::run(context.clone())));
    services.spawn(named("figures", tallywire_figures::run(context.clone())));
    services.spawn(named("entities", tallywire_entities::run(context.clone())));
    services.spawn(named("cleaner", tallywire_cleaner::run(context.clone())));
    services.spawn(named("fetcher", tallywire_fetcher::run(context.clone())));
    let progress = async { if on_terminal { progress::show(context).await } else { std::future::pending().await } };
    let supervised = async {
        match server {
            Some(server) => server.supervise(&context.stop).await,
            None => std::future::pending().await,
        }
    };
    let all = async {
        let mut outcome = Ok(());
        while let Some(ended) = services.join_next().await {
            let ended = ended.unwrap_or_else(|error| Err(anyhow::anyhow!("a service broke off: {error}")));
            if ended.is_err() {
                // The others finish what is under way.
                context.stop.cancel();
                outcome = outcome.and(ended);
            }
        }
        outcome
    };
    tokio::select! {
        outcome = all => outcome,
        () = progress => Ok(()),
        error = supervised => Err(error),
    }
}

async fn named<E: std::fmt::Display>(name: &str, service: impl Future<Output = Result<(), E>>) -> anyhow::Result<()> {
    service.await.map_err(|error| anyhow::anyhow!("{name}: {error}"))
}

/// Prints articles as they come, and ends everything when so many have come and are written.
async fn watch(context: Context, print: bool, count: Option<u64>) -> anyhow::Result<()> {
    let shown = async {
        if print {
            let show = |_, body: &[u8]| {
                Enriched::decode(body).map_or(true, |article| terminal::print(&readable::article(&article)))
            };
            tail::follow(&context.broker, ENRICHED_ALL, false, count, show).await
        } else {
            Ok(())
        }
    };
    let written = async {
        while let Some(count) = count
            && context.metrics.articles.count_done(tallywire_sink::NAME) < count
        {
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::select! {
        () = context.stop.cancelled() => {}
        (shown, ()) = async { tokio::join!(shown, written) } => {
            shown?;
            context.stop.cancel();
        }
    }
    Ok(())
}
