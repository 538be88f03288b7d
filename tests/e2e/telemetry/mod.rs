//! What operators see: metrics, as a real Prometheus reads them with the alert rules and the dashboard that ship; and
//! traces, as a collector gets them.

mod dashboard;
mod monitoring;
mod traces;
