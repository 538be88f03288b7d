//! `tallywire provision`

use std::{process::ExitCode, sync::Arc};

use tallywire_runtime::{
    Broker,
    service::Flags,
    telemetry::{Screen, init_logs},
};

pub(crate) async fn run(flags: &Flags) -> anyhow::Result<ExitCode> {
    let config = flags.load(&[])?;
    // It may be started beside the server, and then says what it waits for.
    init_logs(&config.log, Screen::Plain)?;
    let broker = Broker::connect("provision", Arc::new(config)).await?;
    broker.provision().await?;
    println!("the streams, buckets and consumers are as configured");
    Ok(ExitCode::SUCCESS)
}
