//! The addresses of the NATS servers that `nats.url` holds.

use super::settings::Nats;

/// Where a NATS server listens unless it is told otherwise.
const DEFAULT_SERVER: &str = "nats://127.0.0.1:4222";

impl Nats {
    /// The addresses of the servers.
    pub fn servers(&self) -> impl Iterator<Item = &str> {
        let url = if self.url.is_empty() { DEFAULT_SERVER } else { &self.url };
        url.split(',').map(str::trim)
    }

    /// The addresses without user and password, for logs and errors.
    pub fn redacted_url(&self) -> String {
        let redact = |url: &str| match (url.find("://"), url.rfind('@')) {
            (Some(scheme), Some(at)) if at > scheme => format!("{}***{}", &url[..scheme + 3], &url[at..]),
            (None, Some(at)) => format!("***{}", &url[at..]),
            _ => url.to_owned(),
        };
        self.servers().map(redact).collect::<Vec<_>>().join(",")
    }
}
