//! The sample newspaper on HTTP.

use std::{net::SocketAddr, path::Path, process::ExitCode, sync::Arc};

use anyhow::Context;
use axum::{
    Router,
    extract::State,
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use tokio::net::TcpListener;

use crate::sample::Site;

/// Serves the newspaper in the background; returns its `feeds.toml`.
pub(crate) async fn serve(listen: &str) -> anyhow::Result<(SocketAddr, String)> {
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}: choose a free address with --listen"))?;
    let address = listener.local_addr()?;
    let site = Arc::new(Site::new(&format!("http://{address}"), Timestamp::now())?);
    let feeds = site.feeds_toml().to_owned();
    let router = Router::new().fallback(page).with_state(site);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok((address, feeds))
}

async fn page(State(site): State<Arc<Site>>, uri: Uri) -> Response {
    match site.page(uri.path()) {
        Some(page) => ([(header::CONTENT_TYPE, page.content_type)], page.body.to_owned()).into_response(),
        None => (StatusCode::NOT_FOUND, "no such page\n").into_response(),
    }
}

/// `tallywire sample`
pub(crate) async fn run(listen: &str, file: Option<&Path>) -> anyhow::Result<ExitCode> {
    let (address, feeds) = serve(listen).await?;
    println!("http://{address}/");
    if let Some(file) = file {
        std::fs::write(file, feeds).with_context(|| format!("cannot write {}", file.display()))?;
        println!("read it with: tallywire up --feeds {} --set fetcher.allow_private_networks=true", file.display());
    }
    tokio::signal::ctrl_c().await?;
    Ok(ExitCode::SUCCESS)
}
