//! Each thing that can be wrong gets one clear error that says what to do.

use std::process::Command;

use crate::support::{Nats, Pipeline, Process, Site, eventually, program, run};

/// What a service says that cannot start.
fn refusal(service: &str, arguments: &[&str]) -> String {
    let done = run(Command::new(program(service)).args(arguments));
    assert!(!done.status.success(), "{service} {arguments:?} started");
    String::from_utf8(done.stderr).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_does_not_exist() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    std::fs::write(&config, "[fetcher]\nhost_dlay = \"1s\"\n").unwrap();
    let error = refusal("tallywire-fetcher", &["--config", config.to_str().unwrap()]);
    assert!(error.contains("config.toml, line 2") && error.contains("fetcher.host_delay"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_absent_or_without_jetstream() {
    let folder = tempfile::tempdir().unwrap();
    let mut nats = Nats::with(folder.path(), &[]).await;
    let url = nats.url();
    let error = refusal("tallywire-cleaner", &["--nats", &url]);
    assert!(error.contains("without JetStream") && error.contains("--jetstream"), "{error}");
    nats.kill();
    let error = refusal("tallywire-cleaner", &["--nats", &url, "--set", "nats.connect_for=300ms"]);
    assert!(error.contains("no NATS server answers") && error.contains("nats.url"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_room() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("small.conf");
    std::fs::write(&config, "jetstream { max_file_store: 10MB }\n").unwrap();
    let nats = Nats::with(folder.path(), &["--config", config.to_str().unwrap()]).await;
    let error = refusal("tallywire-sink", &["--nats", &nats.url()]);
    assert!(error.contains("stream ARTICLES_FETCHED") && error.contains("[streams]"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_not_ready_fails_its_health_check() {
    let folder = tempfile::tempdir().unwrap();
    let mut nats = Nats::start(folder.path()).await;
    // A port that is free now; should somebody take it meanwhile, the service says so and the test fails.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (url, listen) = (nats.url(), format!("admin.listen=0.0.0.0:{port}"));
    let arguments = ["--nats", &url, "--set", &listen];
    let error = refusal("tallywire-figures", &[&arguments[..], &["--healthcheck"]].concat());
    assert!(error.contains("refused"), "{error}");
    let service =
        Process::start(Command::new(program("tallywire-figures")).args(arguments), &folder.path().join("log"));
    let check =
        || run(Command::new(program("tallywire-figures")).args(arguments).arg("--healthcheck")).status.success();
    eventually("it is healthy", || async { check().then_some(()) }).await;
    nats.kill();
    eventually("it is not healthy without a broker", || async { (!check()).then_some(()) }).await;
    drop(service);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let nats = Nats::start(folder.path()).await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = format!("admin.listen={}", taken.local_addr().unwrap());
    let error = refusal("tallywire-cleaner", &["--nats", &nats.url(), "--set", &listen]);
    assert!(error.contains("admin.listen") && error.contains("free address"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_is_no_feed_and_the_others_go_on() {
    let site = Site::of_articles(3, 1).await;
    let page = format!("{}/page/article-0", site.base());
    let feeds = format!(
        "{}[[feed]]\nid = \"no-feed\"\nurl = \"{page}\"\ninterval = \"1s\"\n\n\
         [[feed]]\nid = \"absent\"\nurl = \"{}/nothing\"\ninterval = \"1s\"\n",
        site.feeds_toml(1),
        site.base()
    );
    let mut pipeline = Pipeline::new(&feeds, &[]).await;
    pipeline.start_all();
    pipeline.assert_exactly_once(3).await;
    eventually("status says what is wrong", || async {
        let status = run(&mut pipeline.tallywire(&["status"]));
        let text = String::from_utf8(status.stdout).unwrap();
        let html = text.contains("no-feed: fails since") && text.contains("HTML page, not a feed");
        (html && text.contains("absent: fails since") && text.contains("404")).then_some(())
    })
    .await;
    let check = run(&mut pipeline.tallywire(&["feeds", "check", "--file", "feeds.toml"]));
    let text = String::from_utf8(check.stdout).unwrap();
    assert!(!check.status.success());
    assert!(text.contains("ok      feed-0: 3 entries") && text.contains("failed  absent"), "{text}");
}
