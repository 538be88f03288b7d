//! Spans: what each service did with an article, and when. They go to a collector, where one is configured.

use std::{borrow::Cow, sync::Arc, time::SystemTime};

use opentelemetry::{
    InstrumentationScope, KeyValue, SpanId, TraceFlags, TraceId, Value,
    trace::{SpanContext, SpanKind, Status, TraceState},
};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};
use tokio_util::sync::CancellationToken;

use super::{
    TraceParent,
    export::Export,
    metrics::{Reason, Spans},
};
use crate::config;

/// Where the spans of this process go. Clones share one queue.
#[derive(Clone, Debug)]
pub struct Traces {
    export: Option<Arc<Export>>,
    scope: InstrumentationScope,
    ratio: f64,
}

/// Traces cannot be sent as configured.
#[derive(Debug, thiserror::Error)]
pub enum TracesError {
    /// The ratio is no ratio.
    #[error("traces.sample_ratio is {0}: give a number from 0, for no trace, to 1, for all")]
    Ratio(f64),
    /// The address is no address of a collector.
    #[error(
        "traces.otlp_endpoint is {0:?}: give the collector's address, such as http://collector:4318; a password or \
         token goes into the variable OTEL_EXPORTER_OTLP_HEADERS"
    )]
    Endpoint(String),
    /// The HTTP client cannot be set up.
    #[error("traces.otlp_endpoint: the HTTP client cannot be set up: {0}")]
    Client(String),
}

/// Which end of a queue a span is at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// It puts articles into a queue, and has none before it.
    Producer,
    /// It takes articles from a queue.
    Consumer,
}

/// How the work on an article ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ended<'r> {
    /// It went on, or is in a file.
    Done,
    /// It is tried again, for this reason.
    Retried(Reason, &'r str),
    /// It is a dead letter, for this reason.
    Rejected(Reason, &'r str),
    /// The service stops, and leaves it to others.
    GivenBack,
}

impl Traces {
    /// Sets up the way to the collector, where one is configured. `service` is the name of this process.
    ///
    /// # Errors
    /// When the section `[traces]` of the configuration will not do.
    pub fn start(service: &str, settings: &config::Traces, counts: Spans) -> Result<Self, TracesError> {
        if !(0.0..=1.0).contains(&settings.sample_ratio) {
            return Err(TracesError::Ratio(settings.sample_ratio));
        }
        let export = match settings.otlp_endpoint.as_str() {
            "" => None,
            endpoint => Some(Arc::new(Export::start(service, endpoint, counts)?)),
        };
        let scope = InstrumentationScope::builder("tallywire").with_version(env!("CARGO_PKG_VERSION")).build();
        Ok(Self { export, scope, ratio: settings.sample_ratio })
    }

    /// Begins a trace, and decides whether it is kept.
    pub fn begin(&self) -> TraceParent {
        TraceParent::begin(rand::random::<f64>() < self.ratio)
    }

    /// A span at this place of a trace, from `started` until it is dropped. Its name is the stage's.
    pub fn span(
        &self,
        name: &'static str,
        kind: Kind,
        place: TraceParent,
        parent: Option<TraceParent>,
        started: SystemTime,
    ) -> Span {
        let Some(export) = self.export.as_ref().filter(|_| place.is_sampled()) else { return Span(None) };
        let context = SpanContext::new(
            TraceId::from(place.trace()),
            SpanId::from(place.span()),
            TraceFlags::SAMPLED,
            false,
            TraceState::NONE,
        );
        let data = SpanData {
            span_context: context,
            parent_span_id: parent.map_or(SpanId::INVALID, |parent| SpanId::from(parent.span())),
            parent_span_is_remote: parent.is_some(),
            span_kind: match kind {
                Kind::Producer => SpanKind::Producer,
                Kind::Consumer => SpanKind::Consumer,
            },
            name: Cow::Borrowed(name),
            start_time: started,
            end_time: started,
            attributes: Vec::with_capacity(8),
            dropped_attributes_count: 0,
            events: SpanEvents::default(),
            links: SpanLinks::default(),
            status: Status::Unset,
            instrumentation_scope: self.scope.clone(),
        };
        Span(Some(Box::new(Recording { data: Some(data), export: export.clone() })))
    }

    /// Sends what is still to be sent, and no more after that; gives up when told to, or when the collector does not
    /// take it.
    pub async fn drain(&self, abort: &CancellationToken) {
        if let Some(export) = &self.export {
            tokio::select! {
                () = export.drain() => {}
                () = abort.cancelled() => {}
            }
        }
    }
}

/// What a service does with an article, from its start until this is dropped. Where nobody wants to know, it is empty
/// and costs nothing.
#[derive(Debug)]
pub struct Span(Option<Box<Recording>>);

#[derive(Debug)]
struct Recording {
    /// Gone when the span has been handed over.
    data: Option<SpanData>,
    export: Arc<Export>,
}

impl Span {
    /// Notes something about the work; the value is made only where somebody wants to know.
    pub fn note<V: Into<Value>>(&mut self, key: &'static str, value: impl FnOnce() -> V) {
        if let Some(data) = self.0.as_mut().and_then(|recording| recording.data.as_mut()) {
            data.attributes.push(KeyValue::new(key, value()));
        }
    }

    /// Notes how the work ended.
    pub fn ended(&mut self, how: Ended<'_>) {
        let Some(data) = self.0.as_mut().and_then(|recording| recording.data.as_mut()) else { return };
        let (outcome, failure) = match how {
            Ended::Done => ("done", None),
            Ended::GivenBack => ("given_back", None),
            Ended::Retried(reason, text) => ("retried", Some((reason, text))),
            Ended::Rejected(reason, text) => ("rejected", Some((reason, text))),
        };
        data.attributes.push(KeyValue::new("tallywire.outcome", outcome));
        if let Some((reason, text)) = failure {
            data.attributes.push(KeyValue::new("error.type", reason.name()));
            let end = text.floor_char_boundary(LONGEST_REASON);
            data.status = Status::error(text.get(..end).unwrap_or_default().to_owned());
        }
    }
}

/// The longest reason that is sent, in bytes.
const LONGEST_REASON: usize = 1000;

impl Drop for Recording {
    fn drop(&mut self) {
        if let Some(mut data) = self.data.take() {
            // The clock may have been set back meanwhile.
            data.end_time = SystemTime::now().max(data.start_time);
            self.export.send(data);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::Metrics;

    fn settings(endpoint: &str, ratio: f64) -> config::Traces {
        config::Traces { otlp_endpoint: endpoint.to_owned(), sample_ratio: ratio }
    }

    fn start(settings: &config::Traces) -> Result<Traces, TracesError> {
        Traces::start("test", settings, Metrics::default().spans)
    }

    #[tokio::test]
    async fn what_will_not_do_is_named_and_no_password_with_it() {
        for ratio in [-0.1, 1.1, f64::NAN] {
            let error = start(&settings("", ratio)).unwrap_err().to_string();
            assert!(error.contains("traces.sample_ratio"), "{error}");
        }
        for endpoint in ["collector:4318", "ftp://collector", "http://user:secret@collector:4318", "http://"] {
            let error = start(&settings(endpoint, 1.0)).unwrap_err().to_string();
            assert!(error.contains("traces.otlp_endpoint") && !error.contains("secret"), "{error}");
        }
    }

    #[tokio::test]
    async fn the_ratio_decides_at_the_root() {
        let traces = |ratio| start(&settings("", ratio)).unwrap();
        assert!((0..100).all(|_| traces(1.0).begin().is_sampled()));
        assert!(!(0..100).any(|_| traces(0.0).begin().is_sampled()));
        let half = traces(0.5);
        let kept = (0..10_000).filter(|_| half.begin().is_sampled()).count();
        assert!((4_000..6_000).contains(&kept), "{kept}");
    }

    #[tokio::test]
    async fn without_a_collector_a_span_is_empty() {
        let traces = start(&settings("", 1.0)).unwrap();
        let mut span = traces.span("cleaner", Kind::Consumer, traces.begin(), None, SystemTime::now());
        span.note("never", || -> i64 { panic!("nobody wants to know") });
        assert!(span.0.is_none());
    }
}
