//! What can be wrong with the broker, said so that the operator can mend it.

/// The broker cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BrokerError {
    /// No server answers.
    #[error(
        "no NATS server answers at {url} (tried for {seconds} s): {reason}; start one, or set nats.url \
         (TALLYWIRE_NATS_URL, --nats) to one that runs"
    )]
    Unreachable {
        /// The addresses tried, without passwords.
        url: String,
        /// For how long.
        seconds: u64,
        /// The last error.
        reason: String,
    },
    /// The server refuses the user.
    #[error(
        "the NATS server at {url} refuses us: {reason}; check nats.url, and nats.nkey_file or nats.credentials_file: \
         the server must know the user, and what is in the file must not have expired"
    )]
    Refused {
        /// The addresses tried, without passwords.
        url: String,
        /// What it says.
        reason: String,
    },
    /// The server is not one that we trust, or it does not trust us, or it does not encrypt.
    #[error(
        "no encrypted connection to the NATS server at {url}: {reason}; nats.ca_file must hold the certificate of the \
         authority that signed the server's, which must name the host of nats.url, and a server that asks for our \
         certificate needs nats.cert_file and nats.key_file"
    )]
    Tls {
        /// The addresses tried, without passwords.
        url: String,
        /// What is wrong.
        reason: String,
    },
    /// A file with a seed, credentials or certificates will not do.
    #[error("{key} {path}: {source}; docs/security.md says what belongs there")]
    File {
        /// The key that names it.
        key: &'static str,
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// There are several logins.
    #[error("nats.nkey_file, nats.credentials_file and a user in nats.url are three ways to log in: set one of them")]
    Logins,
    /// The server is too old.
    #[error(
        "the NATS server at {url} is version {found}; Tallywire needs {minimum} or newer: older ones ignore settings \
         that it relies on"
    )]
    TooOld {
        /// The address.
        url: String,
        /// The server's version.
        found: String,
        /// The oldest version that will do.
        minimum: String,
    },
    /// The server runs without `JetStream`.
    #[error("the NATS server at {url} runs without JetStream: start it with --jetstream")]
    NoJetStream {
        /// The address.
        url: String,
    },
    /// A stream or bucket cannot be created, changed or opened.
    #[error("{what}: {reason}{}", advice.as_ref().map(|advice| format!("; {advice}")).unwrap_or_default())]
    Resource {
        /// The stream, bucket or consumer.
        what: String,
        /// What the server says.
        reason: String,
        /// What to do about it, where that is known.
        advice: Option<String>,
    },
}

/// `JetStream` error: the account or server has no storage left (server: `JSStorageResourcesExceededErr`).
const STORAGE_RESOURCES_EXCEEDED: u64 = 10047;
/// `JetStream` error: not enough resources on any server of the cluster.
const INSUFFICIENT_RESOURCES: u64 = 10023;

impl BrokerError {
    /// An error about a resource, with advice where the server's code tells what to do.
    pub fn resource(what: impl Into<String>, error: &(dyn std::error::Error + 'static)) -> Self {
        let reason = describe(error);
        let advice = match jetstream_code(&reason) {
            Some(STORAGE_RESOURCES_EXCEEDED | INSUFFICIENT_RESOURCES) => Some(
                "the server has no room for it: lower the sizes under [streams], or give the server a larger \
                 max_file_store"
                    .to_owned(),
            ),
            _ => None,
        };
        Self::Resource { what: what.into(), reason, advice }
    }
}

impl BrokerError {
    /// Whether it may go away by itself: the server did not answer, or has not all that it needs yet.
    pub fn is_transient(&self) -> bool {
        let Self::Resource { reason, .. } = self else { return false };
        // The server's own errors have codes of HTTP: 503 is what a cluster says that is not ready.
        jetstream_code(reason).is_none() || reason.contains("(code 503")
    }
}

/// An error with its cause, where that says more.
pub(super) fn describe(error: &(dyn std::error::Error + 'static)) -> String {
    let text = error.to_string();
    match error.source().map(ToString::to_string) {
        Some(cause) if !text.contains(&cause) => format!("{text}: {cause}"),
        Some(cause) => cause,
        None => text,
    }
}

/// The code of the `JetStream` error that a text tells of: the client wraps it in a type of its own at each call.
pub(super) fn jetstream_code(text: &str) -> Option<u64> {
    let (_, rest) = text.split_once("error code ")?;
    rest.split(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_code_of_the_server() {
        let text = "jetstream error: insufficient storage resources available (code 500, error code 10047)";
        assert_eq!(jetstream_code(text), Some(STORAGE_RESOURCES_EXCEEDED));
        assert_eq!(jetstream_code("timed out"), None);
    }

    #[test]
    fn what_the_server_refuses_it_refuses_again() {
        let resource =
            |reason: &str| BrokerError::Resource { what: String::new(), reason: reason.to_owned(), advice: None };
        assert!(resource("timed out").is_transient());
        assert!(resource("no suitable peers for placement (code 503, error code 10005)").is_transient());
        assert!(!resource("insufficient storage (code 500, error code 10047)").is_transient());
        assert!(!BrokerError::Logins.is_transient());
    }
}
