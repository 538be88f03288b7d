//! `tallywire`: the whole pipeline in one process, and everyday tools.

mod cli;
mod config;
mod connection;
mod credentials;
mod dead;
mod enrich;
mod feeds;
mod provision;
mod readable;
mod replay;
mod sample;
mod sample_server;
mod status;
mod table;
mod tail;
mod terminal;
mod up;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::cli::{Cli, Command};

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(code) => code,
        Err(error) => {
            terminal::clear_line();
            eprintln!("tallywire: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        // Without the async runtime: one replaces this process, the other keeps every core to itself.
        Command::NatsServer { arguments } => return up::exec_nats_server(&arguments),
        Command::Enrich(arguments) => return enrich::run(&arguments),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "tallywire", &mut std::io::stdout());
            return Ok(ExitCode::SUCCESS);
        }
        Command::Config(command) => return config::run(&command),
        Command::Credentials(arguments) => return credentials::run(&arguments),
        _ => {}
    }
    let runtime = tallywire_runtime::service::runtime()?;
    let outcome = runtime.block_on(async {
        match cli.command {
            Command::Up(arguments) => Box::pin(up::run(arguments)).await,
            Command::Sample { listen, feeds } => sample_server::run(&listen, feeds.as_deref()).await,
            Command::Feeds { command, file } => feeds::run(command, &file).await,
            Command::Tail(arguments) => tail::run(arguments).await,
            Command::Status(arguments) => status::run(&arguments).await,
            Command::Replay(arguments) => Box::pin(replay::run(arguments)).await,
            Command::Dead { command, connection } => dead::run(command, &connection).await,
            Command::Provision(flags) => provision::run(&flags).await,
            Command::NatsServer { .. }
            | Command::Enrich(_)
            | Command::Completions { .. }
            | Command::Config(_)
            | Command::Credentials(_) => Ok(ExitCode::SUCCESS),
        }
    });
    // A thread that still reads standard input, or works on a page, does not hold up the end.
    runtime.shutdown_background();
    outcome
}
