//! `tallywire up`: all in one process, on a server of its own.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use crate::support::{Output, Process, Site, eventually, program, run};

fn up(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program("tallywire"));
    command.arg("up").args(arguments).current_dir(folder).stdout(Stdio::piped());
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_newspaper_is_printed_and_written() {
    let folder = tempfile::tempdir().unwrap();
    let done = run(&mut up(folder.path(), &["--sample", "--print", "--count", "12"]));
    assert!(done.status.success(), "{done:?}");
    let text = String::from_utf8(done.stdout).unwrap();
    for part in ["At least 23 dead", "people", "organizations", "places", "figure"] {
        assert!(text.contains(part), "{part} is not in:\n{text}");
    }
    Output::read(&folder.path().join("out")).assert_exactly_once(12);
}

#[tokio::test(flavor = "multi_thread")]
async fn its_server_ends_with_it_however_it_ends_and_the_next_one_goes_on() {
    const ARTICLES: usize = 20;
    let site = Site::of_articles(ARTICLES, 1).await;
    let folder = reading(&site);
    let log = folder.path().join("log");
    let mut first = Process::start(&mut up(folder.path(), &SLOWLY), &log);
    let written = || async { Output::read(&folder.path().join("out")).articles.len() };
    eventually("articles come through", || async { (written().await >= 5).then_some(()) }).await;
    let server = server_of(folder.path());
    assert!(written().await < ARTICLES, "it is killed under way");

    // A second one keeps its hands off the same data, and says why.
    let second = run(&mut up(folder.path(), &SLOWLY));
    let error = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(!second.status.success() && error.contains("another `tallywire up`"), "{error}");

    // The tools find the server by themselves.
    let status = run(Command::new(program("tallywire")).arg("status").current_dir(folder.path()));
    let text = String::from_utf8_lossy(&status.stdout).into_owned();
    assert!(text.contains("ARTICLES_FETCHED") && text.contains("feeds: 1 ok"), "{status:?}");

    first.kill();
    eventually("the server ends", || async { (!is_server(&server)).then_some(()) }).await;
    let mut third = Process::start(&mut up(folder.path(), &SLOWLY), &log);
    eventually("all articles are there", || async { (written().await >= ARTICLES).then_some(()) }).await;
    let server = server_of(folder.path());
    assert!(third.terminate().success(), "{}", third.log());
    assert!(!is_server(&server), "the server outlives `up`");
    Output::read(&folder.path().join("out")).assert_exactly_once(ARTICLES);
}

#[tokio::test(flavor = "multi_thread")]
async fn its_server_is_started_again_when_it_dies() {
    let site = Site::of_articles(30, 1).await;
    let folder = reading(&site);
    let mut up = Process::start(&mut up(folder.path(), &SLOWLY), &folder.path().join("log"));
    let written = || async { Output::read(&folder.path().join("out")).articles.len() };
    eventually("articles come through", || async { (written().await >= 5).then_some(()) }).await;
    assert!(written().await < 30, "its server is killed under way");
    let pid: i32 = server_of(folder.path()).parse().unwrap();
    rustix::process::kill_process(rustix::process::Pid::from_raw(pid).unwrap(), rustix::process::Signal::KILL).unwrap();
    eventually("all articles are there", || async { (written().await >= 30).then_some(()) }).await;
    assert_ne!(server_of(folder.path()), pid.to_string(), "another server runs now");
    assert!(up.terminate().success(), "{}", up.log());
    Output::read(&folder.path().join("out")).assert_exactly_once(30);
}

/// Reads `feeds.toml` of its folder, a page in a while, so that there is something under way for long enough.
const SLOWLY: [&str; 8] = [
    "--feeds",
    "feeds.toml",
    "--set",
    "fetcher.allow_private_networks=true",
    "--set",
    "fetcher.host_delay=200ms",
    "--set",
    "fetcher.lease=2s",
];

/// A folder with a `feeds.toml` for a site.
fn reading(site: &Site) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("feeds.toml"), site.feeds_toml(1)).unwrap();
    folder
}

/// The process id of the server that runs on this folder.
fn server_of(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("data/nats/nats-server.pid")).unwrap().trim().to_owned()
}

fn is_server(pid: &str) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name.trim() == "nats-server")
}
