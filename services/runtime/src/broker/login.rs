//! Who we are to the server, and how we know that it is the right one: seeds, credentials and certificates.

use std::{
    io,
    path::{Path, PathBuf},
};

use async_nats::ConnectOptions;
use nkeys::{KeyPair, KeyPairType};

use super::error::BrokerError;
use crate::{
    access::inbox_prefix,
    config::{Nats, UrlUser},
};

/// Adds to the options who we are, and whom we trust.
///
/// # Errors
/// When a file cannot be read, does not hold what it should, or does not go with another. No error shows what is secret.
pub(super) async fn add_login(options: ConnectOptions, nats: &Nats) -> Result<ConnectOptions, BrokerError> {
    let options = add_certificates(options, nats).await?;
    let nkey = given(&nats.nkey_file);
    let credentials = given(&nats.credentials_file);
    match (nkey, credentials, nats.url_user()) {
        (Some(path), None, None) => {
            let seed = secret("nats.nkey_file", path).await?;
            let seed = seed.trim();
            let key = user_key(seed).ok_or_else(|| {
                wrong("nats.nkey_file", path, "it does not hold the NKey seed of a user, which begins with SU")
            })?;
            Ok(options.nkey(seed.to_owned()).custom_inbox_prefix(inbox_prefix(&key.public_key())))
        }
        (None, Some(path), None) => {
            let text = secret("nats.credentials_file", path).await?;
            let not_one = || {
                wrong(
                    "nats.credentials_file",
                    path,
                    "it does not hold the JWT and the NKey seed of a user, as nsc writes them",
                )
            };
            let key = seed_in(&text).and_then(user_key).ok_or_else(not_one)?;
            let options = options.credentials(&text).map_err(|_| not_one())?;
            Ok(options.custom_inbox_prefix(inbox_prefix(&key.public_key())))
        }
        (None, None, Some(UrlUser::Password(user, password))) => Ok(options.user_and_password(user, password)),
        (None, None, Some(UrlUser::Token(token))) => Ok(options.token(token)),
        (None, None, None) => Ok(options),
        _ => Err(BrokerError::Logins),
    }
}

async fn add_certificates(mut options: ConnectOptions, nats: &Nats) -> Result<ConnectOptions, BrokerError> {
    if let Some(path) = given(&nats.ca_file) {
        pem("nats.ca_file", path, "CERTIFICATE").await?;
        // Or whoever is in between could answer in plain text.
        options = options.add_root_certificates(path.clone()).require_tls(true);
    }
    match (given(&nats.cert_file), given(&nats.key_file)) {
        (None, None) => {}
        (Some(certificate), Some(key)) => {
            pem("nats.cert_file", certificate, "CERTIFICATE").await?;
            pem("nats.key_file", key, "PRIVATE KEY").await?;
            options = options.add_client_certificate(certificate.clone(), key.clone()).require_tls(true);
        }
        (Some(path), None) => return Err(wrong("nats.cert_file", path, "its key is missing: set nats.key_file too")),
        (None, Some(path)) => {
            return Err(wrong("nats.key_file", path, "its certificate is missing: set nats.cert_file too"));
        }
    }
    Ok(options)
}

fn given(path: &PathBuf) -> Option<&PathBuf> {
    (!path.as_os_str().is_empty()).then_some(path)
}

async fn secret(key: &'static str, path: &Path) -> Result<String, BrokerError> {
    let read = tokio::fs::read_to_string(path).await;
    read.map_err(|source| BrokerError::File { key, path: path.display().to_string(), source })
}

/// Checks that a file is PEM and has a part of that kind.
async fn pem(key: &'static str, path: &Path, kind: &str) -> Result<(), BrokerError> {
    let text = secret(key, path).await?;
    let has_one = text.lines().any(|line| line.starts_with("-----BEGIN ") && line.contains(kind));
    if has_one { Ok(()) } else { Err(wrong(key, path, &format!("it holds no {kind} in PEM"))) }
}

fn wrong(key: &'static str, path: &Path, what: &str) -> BrokerError {
    let source = io::Error::new(io::ErrorKind::InvalidData, what);
    BrokerError::File { key, path: path.display().to_string(), source }
}

/// The seed in a credentials file: the line after the mark of its part.
fn seed_in(credentials: &str) -> Option<&str> {
    let mut lines = credentials.lines().map(str::trim);
    lines.find(|line| line.contains("BEGIN USER NKEY SEED"))?;
    lines.find(|line| !line.is_empty())
}

fn user_key(seed: &str) -> Option<KeyPair> {
    KeyPair::from_seed(seed).ok().filter(|key| key.key_pair_type() == KeyPairType::User)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn login(folder: &Path, nats: Nats) -> Result<ConnectOptions, String> {
        let at = |path: &PathBuf| if path.as_os_str().is_empty() { PathBuf::new() } else { folder.join(path) };
        let nats = Nats {
            nkey_file: at(&nats.nkey_file),
            credentials_file: at(&nats.credentials_file),
            ca_file: at(&nats.ca_file),
            cert_file: at(&nats.cert_file),
            key_file: at(&nats.key_file),
            ..nats
        };
        add_login(ConnectOptions::new(), &nats).await.map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn what_is_wrong_with_a_file_is_said_and_what_is_in_it_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        let account = KeyPair::new_account().seed().unwrap();
        let user = KeyPair::new_user().seed().unwrap();
        write("account.nk", &account);
        write("torn.nk", &user[..30]);
        write("user.nk", &format!("{user}\n"));
        write("no.pem", "no certificate");
        let nkey = |name: &str| Nats { nkey_file: name.into(), ..Nats::default() };
        let cases = [
            (nkey("absent.nk"), "nats.nkey_file", "absent.nk"),
            (nkey("account.nk"), "nats.nkey_file", "begins with SU"),
            (nkey("torn.nk"), "nats.nkey_file", "begins with SU"),
            (Nats { credentials_file: "user.nk".into(), ..Nats::default() }, "nats.credentials_file", "nsc"),
            (Nats { credentials_file: "user.nk".into(), ..nkey("user.nk") }, "nats.nkey_file", "one of them"),
            (Nats { url: "nats://a:secret@b".to_owned(), ..nkey("user.nk") }, "nats.nkey_file", "one of them"),
            (Nats { ca_file: "no.pem".into(), ..Nats::default() }, "nats.ca_file", "no CERTIFICATE"),
            (Nats { ca_file: "absent.pem".into(), ..Nats::default() }, "nats.ca_file", "absent.pem"),
            (Nats { cert_file: "no.pem".into(), ..Nats::default() }, "nats.cert_file", "nats.key_file"),
            (Nats { key_file: "no.pem".into(), ..Nats::default() }, "nats.key_file", "nats.cert_file"),
        ];
        for (nats, key, what) in cases {
            let error = login(folder.path(), nats).await.unwrap_err();
            assert!(error.contains(key) && error.contains(what), "{key}: {error}");
            for secret in [&account[..], &user[..], &user[..30], "secret"] {
                assert!(!error.contains(secret), "{error}");
            }
        }
        let options = login(folder.path(), nkey("user.nk")).await.unwrap();
        let public = user_key(&user).unwrap().public_key();
        assert!(format!("{options:?}").contains(&format!("_INBOX_{public}")));
    }
}
