//! Connecting to NATS, and checking that the server will do.

use std::{
    error::Error as _,
    time::{Duration, Instant},
};

use async_nats::{Client, ConnectErrorKind, ConnectOptions, Event, rustls};
use tracing::{info, warn};

use super::{error::BrokerError, login::add_login};
use crate::config::Nats;

/// The oldest server that is tested with; much older ones ignore settings in silence
/// (`docs/decisions/0001-nats-jetstream-and-minimum-version.md`).
pub const MINIMUM_SERVER: (u64, u64) = (2, 14);

/// How often the server is asked whether it is there: one that was cut off without a word is given up after two that
/// were not answered, and another is taken.
const PING: Duration = Duration::from_secs(5);
/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(5);
/// The wait after a failed attempt, doubled each time up to [`LONGEST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Connects, trying for as long as the configuration says, and checks the server.
///
/// # Errors
/// When no server answers in time, or the one that does will not do.
pub async fn connect(name: &str, nats: &Nats) -> Result<Client, BrokerError> {
    let started = Instant::now();
    let mut wait = FIRST_WAIT;
    let client = loop {
        match options(name, nats).await?.connect(nats.servers()).await {
            Ok(client) => break client,
            Err(error) if is_refusal(&error) => {
                return Err(BrokerError::Refused { url: nats.redacted_url(), reason: error.to_string() });
            }
            Err(error) if let Some(reason) = tls_error(&error).map(ToString::to_string) => {
                return Err(BrokerError::Tls { url: nats.redacted_url(), reason });
            }
            Err(error) if started.elapsed() + wait >= nats.connect_for => {
                return Err(BrokerError::Unreachable {
                    url: nats.redacted_url(),
                    seconds: nats.connect_for.as_secs(),
                    reason: error.to_string(),
                });
            }
            Err(error) => {
                warn!(url = nats.redacted_url(), %error, retry_in = ?wait, "no NATS server answers yet");
                tokio::time::sleep(wait).await;
                wait = (wait * 2).min(LONGEST_WAIT);
            }
        }
    };
    check(&client, nats)?;
    Ok(client)
}

async fn options(name: &str, nats: &Nats) -> Result<ConnectOptions, BrokerError> {
    let options = ConnectOptions::new()
        .name(format!("tallywire-{name}"))
        .connection_timeout(ATTEMPT)
        .ping_interval(PING)
        .max_reconnects(None)
        .reconnect_delay_callback(|attempts| FIRST_WAIT.saturating_mul(attempts.min(20) as u32).min(LONGEST_WAIT))
        .event_callback(|event| async move { log_event(&event) });
    add_login(options, nats).await
}

/// What is wrong with the encryption, or with who the other side is: it will not be right at the next attempt.
fn tls_error(error: &async_nats::ConnectError) -> Option<&rustls::Error> {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = error.source();
    while let Some(error) = cause {
        // An I/O error passes over what it was made of in its chain.
        let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if let Some(found) = inner.and_then(|inner| inner.downcast_ref()).or_else(|| error.downcast_ref()) {
            return Some(found);
        }
        cause = error.source();
    }
    None
}

fn is_refusal(error: &async_nats::ConnectError) -> bool {
    matches!(
        error.kind(),
        ConnectErrorKind::Authentication | ConnectErrorKind::AuthorizationViolation | ConnectErrorKind::ServerParse
    )
}

fn log_event(event: &Event) {
    match event {
        Event::Connected => info!("connected to NATS"),
        Event::Disconnected => warn!("lost the connection to NATS, reconnecting"),
        Event::LameDuckMode => warn!("the NATS server is about to stop"),
        Event::ServerError(error) if error.to_string().to_lowercase().contains("permissions violation") => {
            warn!(
                %error,
                "our user may not do that: is nats.nkey_file another service's, streams.provision true for a service \
                 that may create nothing, or users.conf of another version (tallywire credentials)?"
            );
        }
        Event::Draining | Event::Closed => {}
        other => warn!(event = %other, "NATS"),
    }
}

fn check(client: &Client, nats: &Nats) -> Result<(), BrokerError> {
    let info = client.server_info();
    if !is_new_enough(&info.version) {
        return Err(BrokerError::TooOld {
            url: nats.redacted_url(),
            found: info.version,
            minimum: format!("{}.{}", MINIMUM_SERVER.0, MINIMUM_SERVER.1),
        });
    }
    if !info.jetstream {
        return Err(BrokerError::NoJetStream { url: nats.redacted_url() });
    }
    Ok(())
}

/// Whether a version such as `2.15.1` or `2.14.0-RC.1` is [`MINIMUM_SERVER`] or newer.
pub fn is_new_enough(version: &str) -> bool {
    let mut numbers = version.trim_start_matches('v').split(['.', '-']).map_while(|part| part.parse::<u64>().ok());
    match (numbers.next(), numbers.next()) {
        (Some(major), Some(minor)) => (major, minor) >= MINIMUM_SERVER,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_versions() {
        for good in ["2.14.0", "2.15.1", "3.0.0", "v2.14.2", "2.14.0-RC.1"] {
            assert!(is_new_enough(good), "{good}");
        }
        for bad in ["2.9.10", "2.13.9", "1.99.0", "", "dev"] {
            assert!(!is_new_enough(bad), "{bad}");
        }
    }

    #[tokio::test]
    async fn an_absent_server_is_named_with_what_to_do() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("nats://user:secret@{}", listener.local_addr().unwrap());
        drop(listener);
        let nats = Nats { url, connect_for: Duration::from_millis(100), ..Nats::default() };
        let error = connect("test", &nats).await.unwrap_err().to_string();
        assert!(error.contains("no NATS server answers") && error.contains("nats.url"), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }

    /// A server of that version that says yes to everything, and tells what it was told first.
    async fn server(version: &str) -> (String, tokio::sync::mpsc::Receiver<String>) {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};

        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let info = format!(
            "INFO {{\"server_id\":\"A\",\"server_name\":\"A\",\"version\":\"{version}\",\"go\":\"go1\",\"host\":\"0.0.0.0\",\
             \"port\":4222,\"headers\":true,\"max_payload\":1048576,\"proto\":1,\"jetstream\":true}}\r\n"
        );
        let (heard, told) = tokio::sync::mpsc::channel(8);
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let _ = socket.write_all(info.as_bytes()).await;
                let mut buffer = [0; 4096];
                while let Ok(length) = socket.read(&mut buffer).await {
                    if length == 0 {
                        break;
                    }
                    let _ = heard.try_send(String::from_utf8_lossy(&buffer[..length]).into_owned());
                    let _ = socket.write_all(b"PONG\r\n").await;
                }
            }
        });
        (address, told)
    }

    #[tokio::test]
    async fn the_user_of_the_address_logs_in() {
        let (address, mut told) = server("2.14.0").await;
        let nats = Nats { url: format!("nats://me:p%40ss@{address}"), ..Nats::default() };
        connect("test", &nats).await.unwrap();
        let first = told.recv().await.unwrap();
        assert!(first.contains(r#""user":"me""#) && first.contains(r#""pass":"p@ss""#), "{first}");
    }

    #[tokio::test]
    async fn a_server_that_is_too_old_is_refused() {
        let (address, _told) = server("2.9.10").await;
        let nats = Nats { url: format!("nats://{address}"), ..Nats::default() };
        let error = connect("test", &nats).await.unwrap_err().to_string();
        assert!(error.contains("2.9.10") && error.contains("2.14"), "{error}");
    }
}
