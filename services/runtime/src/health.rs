//! Health and metrics over HTTP: `/healthz`, `/readyz`, `/metrics`.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::{Ipv4Addr, Ipv6Addr, TcpStream, ToSocketAddrs},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_nats::connection::State;
use axum::{
    Router, extract,
    http::{
        HeaderMap, StatusCode,
        header::{ACCEPT, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
    routing::get,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tracing::info;

use crate::telemetry::{Exposition, Metrics};

/// Whether each part of this process does its work.
#[derive(Clone, Debug, Default)]
pub struct Health {
    parts: Arc<Mutex<BTreeMap<&'static str, bool>>>,
}

impl Health {
    /// Notes whether a part does its work.
    pub fn set(&self, part: &'static str, ready: bool) {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner).insert(part, ready);
    }

    /// The parts that do not do their work at the moment.
    pub fn missing(&self) -> Vec<&'static str> {
        let parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        parts.iter().filter(|(_, ready)| !**ready).map(|(part, _)| *part).collect()
    }
}

/// What the HTTP server tells of.
#[derive(Clone)]
pub(crate) struct Admin {
    pub(crate) health: Health,
    pub(crate) metrics: Metrics,
    pub(crate) client: async_nats::Client,
}

/// The address for health and metrics cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("admin.listen {listen:?}: {source}; set it to a free address and port, or to nothing for none")]
pub struct ListenError {
    listen: String,
    source: std::io::Error,
}

/// Serves health and metrics until the service stops. Does nothing where `listen` is empty.
pub(crate) async fn serve(listen: &str, admin: Admin, stop: CancellationToken) -> Result<(), ListenError> {
    if listen.is_empty() {
        return Ok(());
    }
    let error = |source| ListenError { listen: listen.to_owned(), source };
    let listener = TcpListener::bind(listen).await.map_err(error)?;
    let address = listener.local_addr().map_err(error)?;
    info!(%address, "health and metrics");
    let router = Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics_text))
        .with_state(admin);
    tokio::spawn(async move {
        let served = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await;
        if let Err(error) = served {
            tracing::warn!(%error, "health and metrics are no longer served");
        }
    });
    Ok(())
}

/// How long a service may take to say whether it is ready.
const PATIENCE: Duration = Duration::from_secs(2);

/// Asks the service that listens there whether it is ready; else says why not. For containers without a shell.
pub(crate) fn ask(listen: &str) -> Result<(), String> {
    let addresses = listen.to_socket_addrs().map_err(|error| format!("admin.listen {listen:?}: {error}"))?;
    let mut answer = String::new();
    for mut address in addresses {
        answer.clear();
        if address.ip().is_unspecified() {
            address.set_ip(if address.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() });
        }
        let asked = TcpStream::connect_timeout(&address, PATIENCE).and_then(|mut socket| {
            socket.set_read_timeout(Some(PATIENCE))?;
            socket.write_all(b"GET /readyz HTTP/1.0\r\n\r\n")?;
            socket.take(1024).read_to_string(&mut answer)
        });
        match asked {
            Ok(_) if answer.split(' ').nth(1) == Some("200") => return Ok(()),
            Ok(_) => return Err(answer.lines().last().unwrap_or("no answer").to_owned()),
            Err(error) => answer = format!("{address}: {error}"),
        }
    }
    Err(answer)
}

async fn ready(extract::State(admin): extract::State<Admin>) -> (StatusCode, String) {
    let mut missing = admin.health.missing();
    if admin.client.connection_state() != State::Connected {
        missing.push("NATS");
    }
    if missing.is_empty() {
        (StatusCode::OK, "ready\n".to_owned())
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {}\n", missing.join(", ")))
    }
}

async fn metrics_text(extract::State(admin): extract::State<Admin>, headers: HeaderMap) -> Response {
    let exposition = Exposition::accepted(headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()));
    match admin.metrics.render(exposition) {
        Ok(text) => ([(CONTENT_TYPE, exposition.content_type())], text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")).into_response(),
    }
}
