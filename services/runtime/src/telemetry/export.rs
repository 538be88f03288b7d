//! The way of spans to the collector: a bounded queue, and a task that sends them in batches (OTLP 1, protobuf over HTTP).
//!
//! A span that finds no room is dropped and counted: a collector that is away or slow costs spans, never articles.

use std::{mem, sync::Mutex, sync::PoisonError, time::Duration};

use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    trace::{SpanData, SpanExporter as _},
};
use reqwest::Url;
use tokio::{sync::mpsc, task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::{
    metrics::{SpanOutcome, Spans},
    span::TracesError,
};

/// Spans that wait, of about a kilobyte each.
const QUEUE: usize = 8192;
/// Spans in a request.
const BATCH: usize = 512;
/// How long a batch waits for more spans.
const GATHER: Duration = Duration::from_secs(1);
/// How long the collector may take for a batch, repetitions included.
const PATIENCE: Duration = Duration::from_secs(5);

/// Takes spans, and sends them from a task of its own.
#[derive(Debug)]
pub(super) struct Export {
    queue: mpsc::Sender<SpanData>,
    counts: Spans,
    closing: CancellationToken,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Export {
    /// Begins to send spans to the collector at this address.
    pub(super) fn start(service: &str, endpoint: &str, counts: Spans) -> Result<Self, TracesError> {
        let url = traces_url(endpoint).ok_or_else(|| TracesError::Endpoint(without_user(endpoint)))?;
        let collector = url.host_str().unwrap_or_default().to_owned();
        let mut exporter = exporter(&url).map_err(TracesError::Client)?;
        let resource = Resource::builder_empty()
            .with_service_name(format!("tallywire-{service}"))
            .with_attribute(opentelemetry::KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        exporter.set_resource(&resource);
        let (queue, spans) = mpsc::channel(QUEUE);
        let closing = CancellationToken::new();
        let sender = Sender { spans, exporter, counts: counts.clone(), collector, is_well: true };
        let task = Mutex::new(Some(tokio::spawn(sender.run(closing.clone()))));
        Ok(Self { queue, counts, closing, task })
    }

    /// Takes a span, or drops it where there is no room.
    pub(super) fn send(&self, span: SpanData) {
        if self.queue.try_send(span).is_err() {
            self.counts.count(SpanOutcome::Dropped, 1);
        }
    }

    /// Takes no more spans, and waits until the rest is sent or cannot be.
    pub(super) async fn drain(&self) {
        self.closing.cancel();
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            // It ends by itself; were it to panic, there would be nothing left to wait for.
            let _ = task.await;
        }
    }
}

struct Sender {
    spans: mpsc::Receiver<SpanData>,
    exporter: SpanExporter,
    counts: Spans,
    collector: String,
    is_well: bool,
}

impl Sender {
    /// Sends batches until the queue is closed and empty.
    async fn run(mut self, closing: CancellationToken) {
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            let gathered = tokio::select! {
                gathered = self.gather(&mut batch) => gathered,
                () = closing.cancelled() => {
                    self.spans.close();
                    self.spans.recv_many(&mut batch, BATCH).await;
                    !batch.is_empty()
                }
            };
            if !gathered {
                break;
            }
            let sent = self.send(mem::take(&mut batch)).await;
            if closing.is_cancelled() && !sent {
                self.spans.close();
                while self.spans.recv_many(&mut batch, BATCH).await > 0 {}
                self.counts.count(SpanOutcome::Failed, batch.len());
                break;
            }
        }
    }

    /// Waits for a span, and a while for more; false when there will be none.
    async fn gather(&mut self, batch: &mut Vec<SpanData>) -> bool {
        if self.spans.recv_many(batch, BATCH).await == 0 {
            return false;
        }
        let more = async { while batch.len() < BATCH && self.spans.recv_many(batch, BATCH - batch.len()).await > 0 {} };
        let _ = timeout(GATHER, more).await;
        true
    }

    /// Sends a batch; says so in the log when the collector begins and ceases to take them.
    async fn send(&mut self, batch: Vec<SpanData>) -> bool {
        let count = batch.len();
        let failure = match timeout(PATIENCE, self.exporter.export(batch)).await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some(format!("no answer within {} s", PATIENCE.as_secs())),
        };
        self.counts.count(if failure.is_none() { SpanOutcome::Sent } else { SpanOutcome::Failed }, count);
        let collector = &self.collector;
        match &failure {
            Some(error) if self.is_well => warn!(collector, error, "the collector takes no traces, they are dropped"),
            None if !self.is_well => info!(collector, "the collector takes traces again"),
            _ => {}
        }
        self.is_well = failure.is_none();
        self.is_well
    }
}

fn exporter(url: &Url) -> Result<SpanExporter, String> {
    // It is set already where another client of this process was first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().map_err(|error| error.to_string())?;
    let builder = SpanExporter::builder()
        .with_http()
        .with_http_client(client)
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(url.as_str())
        .with_timeout(PATIENCE);
    builder.build().map_err(|error| error.to_string())
}

/// Where a collector takes traces (OTLP 1, section "OTLP/HTTP Request").
fn traces_url(endpoint: &str) -> Option<Url> {
    let mut url = Url::parse(endpoint).ok()?;
    let is_plain = matches!(url.scheme(), "http" | "https") && url.has_host() && url.username().is_empty();
    if !is_plain || url.password().is_some() {
        return None;
    }
    if !url.path().ends_with("/v1/traces") {
        let path = format!("{}/v1/traces", url.path().trim_end_matches('/'));
        url.set_path(&path);
    }
    Some(url)
}

/// An address without what stands before its host, which may be a password.
fn without_user(endpoint: &str) -> String {
    match endpoint.rsplit_once('@') {
        Some((_, host)) => format!("...@{host}"),
        None => endpoint.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::{
        config,
        telemetry::{Exposition, Kind, Metrics, Traces},
    };

    #[test]
    fn a_collectors_address_leads_to_its_traces() {
        for (endpoint, url) in [
            ("http://collector:4318", "http://collector:4318/v1/traces"),
            ("http://collector:4318/", "http://collector:4318/v1/traces"),
            ("https://c.example/otlp", "https://c.example/otlp/v1/traces"),
            ("https://c.example/v1/traces", "https://c.example/v1/traces"),
        ] {
            assert_eq!(traces_url(endpoint).unwrap().as_str(), url);
        }
    }

    #[tokio::test]
    async fn spans_beyond_the_queue_are_dropped_and_counted() {
        const MORE: usize = 100;
        let settings = config::Traces { otlp_endpoint: "http://127.0.0.1:9".to_owned(), sample_ratio: 1.0 };
        let metrics = Metrics::default();
        let traces = Traces::start("test", &settings, metrics.spans.clone()).unwrap();
        // The task that takes them away has no turn before the first await.
        for _ in 0..QUEUE + MORE {
            drop(traces.span("cleaner", Kind::Consumer, traces.begin(), None, SystemTime::now()));
        }
        let dropped = format!("tallywire_spans_total{{outcome=\"dropped\"}} {MORE}\n");
        let text = metrics.render(Exposition::Plain).unwrap();
        assert!(text.contains(&dropped), "{text}");
    }
}
