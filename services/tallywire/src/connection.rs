//! Which broker the tools talk to.

use std::{path::PathBuf, sync::Arc};

use clap::Args;
use tallywire_runtime::{Broker, Config, service::Flags};

/// The file below the data folder in which `up` leaves the address of its own server.
pub(crate) const ADDRESS_FILE: &str = "nats.url";

#[derive(Args)]
pub(crate) struct Connection {
    /// The data folder of a running `tallywire up`, whose server is used unless another is named
    #[arg(long, global = true, value_name = "DIR", default_value = "data")]
    data: PathBuf,
    #[command(flatten)]
    flags: Flags,
}

impl Connection {
    /// Connects to the configured broker, else to that of the `up` that runs here.
    pub(crate) async fn attach(&self) -> anyhow::Result<Broker> {
        Ok(Broker::connect("cli", Arc::new(self.config()?)).await?)
    }

    /// The configuration, with the address of the broker.
    pub(crate) fn config(&self) -> anyhow::Result<Config> {
        let mut config = self.flags.load(&[])?;
        if config.nats.url.is_empty()
            && let Ok(address) = std::fs::read_to_string(self.data.join(ADDRESS_FILE))
        {
            address.trim().clone_into(&mut config.nats.url);
        }
        // Somebody waits at a terminal.
        config.nats.connect_for = config.nats.connect_for.min(std::time::Duration::from_secs(2));
        Ok(config)
    }
}
