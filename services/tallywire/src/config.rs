//! `tallywire config`

use std::process::ExitCode;

use clap::Subcommand;
use tallywire_runtime::service::Flags;

#[derive(Subcommand)]
pub(crate) enum ConfigCommand {
    /// Check the configuration file, the environment and feeds.toml
    Check(Flags),
    /// Print every key with its value, as a configuration file
    Print(Flags),
}

pub(crate) fn run(command: &ConfigCommand) -> anyhow::Result<ExitCode> {
    match command {
        ConfigCommand::Check(flags) => {
            let config = flags.load(&[])?;
            let file = &config.fetcher.feeds;
            if file.exists() {
                let feeds = tallywire_fetcher::feeds::load(file)?;
                println!("ok: the configuration, and {} feeds in {}", feeds.len(), file.display());
            } else {
                println!("ok: the configuration; there is no {} yet", file.display());
            }
        }
        ConfigCommand::Print(flags) => print!("{}", flags.load(&[])?.to_toml()?),
    }
    Ok(ExitCode::SUCCESS)
}
