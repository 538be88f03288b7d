//! A login with a JWT, as servers with an operator have it: the same permissions, signed instead of configured.

use std::{fs, path::Path, process::Command, process::Stdio};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use nkeys::KeyPair;
use serde_json::{Value, json};
use tallywire_runtime::access::{Permissions, User};

use crate::support::{Nats, Pipeline, Process, program, run};

/// Signs claims (NATS ADR-14, version 2).
fn sign(issuer: &KeyPair, subject: &str, name: &str, nats: &Value, expires: Option<i64>) -> String {
    let mut claims =
        json!({ "iss": issuer.public_key(), "sub": subject, "name": name, "iat": 0, "jti": name, "nats": nats });
    if let Some(expires) = expires {
        claims["exp"] = expires.into();
    }
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", encode(&json!({ "typ": "JWT", "alg": "ed25519-nkey" })), encode(&claims));
    let signature = URL_SAFE_NO_PAD.encode(issuer.sign(signed.as_bytes()).unwrap());
    format!("{signed}.{signature}")
}

fn account(name: &str, operator: &KeyPair, key: &KeyPair, storage: i64) -> String {
    let limits = json!({
        "subs": -1, "data": -1, "payload": -1, "imports": -1, "exports": -1, "wildcards": true, "conn": -1, "leaf": -1,
        "mem_storage": storage, "disk_storage": storage, "streams": storage, "consumer": storage,
    });
    let nats = json!({ "type": "account", "version": 2, "limits": limits });
    sign(operator, &key.public_key(), name, &nats, None)
}

/// Writes a credentials file for a user, as nsc does.
fn credentials(path: &Path, account: &KeyPair, user: User, expires: Option<i64>) {
    let key = KeyPair::new_user();
    let Permissions { publish, publish_never, subscribe } = user.permissions(&key.public_key());
    let nats = json!({
        "type": "user", "version": 2, "subs": -1, "data": -1, "payload": -1,
        "pub": { "allow": publish, "deny": publish_never }, "sub": { "allow": subscribe },
    });
    let jwt = sign(account, &key.public_key(), user.name(), &nats, expires);
    let text = format!(
        "-----BEGIN NATS USER JWT-----\n{jwt}\n------END NATS USER JWT------\n\n\
         -----BEGIN USER NKEY SEED-----\n{}\n------END USER NKEY SEED------\n",
        key.seed().unwrap()
    );
    fs::write(path, text).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_jwt_logs_in_and_an_expired_one_does_not() {
    let [operator, system, ours] = [KeyPair::new_operator(), KeyPair::new_account(), KeyPair::new_account()];
    let operator_jwt = sign(
        &operator,
        &operator.public_key(),
        "operator",
        &json!({ "type": "operator", "version": 2, "system_account": system.public_key() }),
        None,
    );
    let config = format!(
        "operator: {operator_jwt}\nsystem_account: {system}\nresolver: MEMORY\nresolver_preload: {{\n  {system}: {}\n  \
         {ours}: {}\n}}\njetstream: enabled\n",
        account("system", &operator, &system, 0),
        account("tallywire", &operator, &ours, -1),
        system = system.public_key(),
        ours = ours.public_key(),
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("operator.conf");
    fs::write(&file, config).unwrap();
    let nats = Nats::with(folder.path(), &["--config", file.to_str().unwrap()]).await;

    let pipeline = Pipeline::new("", &[]).await;
    let at = |name: &str| folder.path().join(format!("{name}.creds"));
    credentials(&at("admin"), &ours, User::Admin, None);
    credentials(&at("sink"), &ours, User::Sink, None);
    credentials(&at("expired"), &ours, User::Sink, Some(1));
    let of = |program: &mut Command, name: &str| {
        program.arg(format!("--set=nats.url={}", nats.url())).arg("--set=streams.provision=false");
        program.arg(format!("--set=nats.credentials_file={}", at(name).display()));
    };
    let mut provision = pipeline.tallywire(&["provision"]);
    of(&mut provision, "admin");
    let done = run(&mut provision);
    assert!(done.status.success(), "{done:?}");

    let sink = |name: &str| {
        let mut command = Command::new(program("tallywire-sink"));
        command.arg("--config").arg(pipeline.path("config.toml")).stdout(Stdio::null());
        of(&mut command, name);
        Process::start(&mut command, &pipeline.path(&format!("{name}.log")))
    };
    let running = sink("sink");
    crate::support::ready(&running).await;
    let seed = fs::read_to_string(at("sink")).unwrap();
    let seed = seed.lines().find(|line| line.starts_with("SU")).unwrap();
    assert!(!running.log().contains(seed) && !running.log().contains("eyJ"), "{}", running.log());

    let mut expired = sink("expired");
    let said = expired.logs("refuses us").await;
    assert!(said.contains("nats.credentials_file") && said.contains("expired"), "{said}");
    assert!(!expired.wait().success());
}
