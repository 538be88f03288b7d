//! Whoever cannot log in is told what is wrong, and what to do.

use std::{fs, process::Command, process::Stdio};

use super::gives_up;
use crate::support::{Credentials, Nats, Pipeline, Process, program, ready};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_login_is_said() {
    let pipeline = Pipeline::secure("", &[]).await;
    let credentials = pipeline.nats.credentials.clone().unwrap();
    let seed = credentials.seed_file("sink").display().to_string();
    let said = gives_up(&pipeline, &[]);
    assert!(said.contains("refuses us") && said.contains("nats.nkey_file"), "without a seed: {said}");

    let strangers = tempfile::tempdir().unwrap();
    let strange = Credentials::make(strangers.path());
    let unknown = strange.seed_file("sink").display().to_string();
    let said = gives_up(&pipeline, &[("nats.nkey_file", &unknown)]);
    assert!(said.contains("refuses us") && said.contains("nats.nkey_file"), "with a seed of elsewhere: {said}");
    assert!(!said.contains(&strange.seed("sink")));

    let authority = strange.certificate("ca.pem").display().to_string();
    let said = gives_up(&pipeline, &[("nats.nkey_file", &seed), ("nats.ca_file", &authority)]);
    assert!(
        said.contains("no encrypted connection") && said.contains("invalid peer certificate"),
        "another authority: {said}"
    );
    assert!(said.contains("nats.ca_file"), "{said}");

    let host = pipeline.nats.url().replace("127.0.0.1", "127.0.0.2");
    let said = gives_up(&pipeline, &[("nats.nkey_file", &seed), ("nats.url", &host)]);
    assert!(said.contains("nats.url") && !said.contains("starting it again"), "another host: {said}");

    let said = gives_up(&pipeline, &[("nats.nkey_file", &seed), ("streams.provision", "true")]);
    assert!(said.contains("our user may not do that") && said.contains("$JS.API.STREAM."), "{said}");
    assert!(said.contains("streams.provision"), "a right that is missing: {said}");

    let torn = pipeline.path("torn.nk");
    fs::write(&torn, &credentials.seed("sink")[..40]).unwrap();
    let said = gives_up(&pipeline, &[("nats.nkey_file", torn.to_str().unwrap())]);
    assert!(said.contains("torn.nk") && said.contains("begins with SU"), "a torn seed: {said}");
    assert!(!said.contains(&credentials.seed("sink")[..40]), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_tls_is_not_talked_to() {
    let folder = tempfile::tempdir().unwrap();
    let plain = Nats::start(folder.path()).await;
    let pipeline = Pipeline::secure("", &[]).await;
    let seed = pipeline.nats.credentials.clone().unwrap().seed_file("sink").display().to_string();
    for url in [plain.url(), plain.url().replace("nats:", "tls:")] {
        let said = gives_up(&pipeline, &[("nats.url", &url), ("nats.nkey_file", &seed)]);
        assert!(said.contains("no encrypted connection"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_asks_for_a_certificate_gets_ours() {
    let mut pipeline = Pipeline::secure("", &[]).await;
    let credentials = pipeline.nats.credentials.clone().unwrap();
    let [ca, certificate, key] = ["ca.pem", "server.pem", "server-key.pem"].map(|name| credentials.certificate(name));
    let config = fs::read_to_string(credentials.config()).unwrap();
    let strict = config.replace("timeout: 5", &format!("timeout: 5\n verify: true\n ca_file: \"{}\"", ca.display()));
    fs::write(credentials.config(), strict).unwrap();
    pipeline.nats.kill();
    pipeline.nats.start_again();
    let seed = credentials.seed_file("sink").display().to_string();
    let said = gives_up(&pipeline, &[("nats.nkey_file", &seed)]);
    assert!(said.contains("nats.cert_file"), "{said}");

    let mut command = Command::new(program("tallywire-sink"));
    command.arg("--config").arg(pipeline.path("config.toml")).arg(format!("--set=nats.nkey_file={seed}"));
    command.arg(format!("--set=nats.cert_file={}", certificate.display()));
    command.arg(format!("--set=nats.key_file={}", key.display())).stdout(Stdio::null());
    let mut sink = Process::start(&mut command, &pipeline.path("with-certificate.log"));
    sink.logs("waiting for what").await;
    sink.terminate();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_in_the_address_logs_in_and_is_in_no_log() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("password.conf");
    fs::write(&config, "jetstream: enabled\nauthorization { user: tallywire, password: \"s3cret@word\" }\n").unwrap();
    let nats = Nats::with(folder.path(), &["--config", config.to_str().unwrap()]).await;
    let mut pipeline = Pipeline::new("", &[("log.level", "trace")]).await;
    pipeline.set("nats.url", &nats.url().replace("://", "://tallywire:s3cret%40word@"));
    let sink = pipeline.start("sink");
    ready(sink).await;
    assert!(!sink.log().contains("s3cret"));

    pipeline.set("nats.url", &nats.url().replace("://", "://tallywire:wr0ng@"));
    let refused = pipeline.start("sink");
    refused.logs("refuses us").await;
    assert!(!refused.log().contains("wr0ng"), "{}", refused.log());
}
