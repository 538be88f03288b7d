//! The everyday commands, as a user types them.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::support::{Scorekeeper, Site, program, run, scorekeeper::item};

fn tallywire(folder: &std::path::Path, arguments: &[&str]) -> (bool, String, String) {
    let done = run(Command::new(program("tallywire")).args(arguments).current_dir(folder));
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (done.status.success(), text(done.stdout), text(done.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn feeds_are_added_listed_removed_imported_and_exported() {
    let site = Site::of_articles(2, 2).await;
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let allow = ["--set", "fetcher.allow_private_networks=true"];
    let feed = format!("{}/feed/0", site.base());
    let (ok, _, error) = tallywire(here, &["feeds", "add", &feed]);
    assert!(!ok && error.contains("not a public address") && error.contains("--unchecked"), "{error}");
    let (ok, out, error) = tallywire(here, &[&["feeds", "add", &feed, "--interval", "5m"], &allow[..]].concat());
    assert!(ok && out.contains("added feed-0 to feeds.toml"), "{out}{error}");
    let (ok, _, error) = tallywire(here, &[&["feeds", "add", &feed, "--id", "other"], &allow[..]].concat());
    assert!(!ok && error.contains("feed-0 has the address already"), "{error}");
    let (_, opml, _) = tallywire(here, &["feeds", "export"]);
    std::fs::write(here.join("feeds.opml"), opml.replace("/feed/0", "/feed/1")).unwrap();
    let (ok, out, _) = tallywire(here, &["feeds", "import", "feeds.opml"]);
    assert!(ok && out.contains("added 1 feeds"), "{out}");
    let (_, list, _) = tallywire(here, &["feeds", "list"]);
    assert_eq!(list.lines().count(), 2, "{list}");
    assert!(tallywire(here, &["feeds", "remove", "feed-0"]).0);
    let (ok, _, error) = tallywire(here, &["feeds", "remove", "feed-0"]);
    assert!(!ok && error.contains("there is no feed feed-0"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn feeds_are_found_from_a_sites_address() {
    let site = Scorekeeper::start().await;
    let announced = "<link rel=alternate type=application/rss+xml title=News href=/all.xml>";
    let page = format!("<!doctype html><html><head>{announced}</head><body>The harbour.</body></html>");
    site.answer("/", move |_, _| ([("content-type", "text/html")], page.clone()));
    site.feed("/all.xml", &[item(&[("title", "Bridge reopens")])]);
    let folder = tempfile::tempdir().unwrap();
    let allow = ["--set", "fetcher.allow_private_networks=true"];
    let (ok, out, error) = tallywire(folder.path(), &[&["feeds", "discover", &site.url("/")], &allow[..]].concat());
    assert!(ok && out.contains(&site.url("/all.xml")) && out.contains("1 entries"), "{out}{error}");
    let add = ["feeds", "add", &site.url("/"), "--tag", "harbour", "--id", "all"];
    let (ok, out, error) = tallywire(folder.path(), &[&add[..], &allow].concat());
    assert!(ok && out.contains(&format!("leads to the feed {}", site.url("/all.xml"))), "{out}{error}");
    let (_, list, _) = tallywire(folder.path(), &["feeds", "list"]);
    assert!(list.contains(&site.url("/all.xml")) && list.contains("[harbour]"), "{list}");
    let (ok, _, error) = tallywire(folder.path(), &[&["feeds", "discover", &site.url("/absent")], &allow[..]].concat());
    assert!(!ok && error.contains("404"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn feeds_are_parsed() {
    let folder = tempfile::tempdir().unwrap();
    let rss = "<rss version='2.0'><channel><title>N</title><item><title>A</title><link>http://a.example/</link></item></channel></rss>";
    std::fs::write(folder.path().join("good.xml"), rss).unwrap();
    std::fs::write(folder.path().join("bad.xml"), "nothing").unwrap();
    let (ok, out, _) = tallywire(folder.path(), &["feeds", "parse", "--ndjson", "good.xml", "bad.xml", "absent.xml"]);
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(ok && lines.len() == 3);
    assert_eq!(lines[0]["feed"]["title"], "N");
    for key in ["id", "title", "link", "summary", "content", "author", "published", "updated"] {
        assert!(lines[0]["entries"][0].get(key).is_some(), "{key} is missing");
    }
    assert!(lines[1]["error"].is_string() && lines[2]["error"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_and_pages_are_enriched_in_order() {
    let input = [
        r#"{"id":"a","text":"  At least 7 people died in Peru.\n","published_at":"2026-03-09"}"#,
        "no json",
        r#"{"id":"b","html":"<html><body></body></html>"}"#,
        r#"{"id":"c","url":"https://news.example/x?utm_source=y","html":"<html><head><title>T</title></head><body><article><h1>T</h1><p>The city of Lima opened three schools on Monday, the ministry said in a statement to reporters.</p><p>Each of them has room for 400 pupils, and all of them are to open in April, it said.</p></article></body></html>"}"#,
        r#"{"id":7,"page_text":"Home\nNews\nThe city of Lima opened three schools on Monday, the ministry said in a statement to reporters.\nImprint"}"#,
    ]
    .join("\n");
    let mut child = Command::new(program("tallywire"))
        .args(["enrich", "--ndjson", "--threads", "2", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    assert!(done.status.success());
    let lines: Vec<Value> =
        String::from_utf8(done.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 5);
    assert_eq!(lines[0]["id"], "a");
    assert_eq!(lines[0]["text"], "  At least 7 people died in Peru.\n", "a given text comes back unchanged");
    assert_eq!(lines[0]["published_at"], "2026-03-09");
    assert_eq!(lines[0]["figures"][0]["value"], serde_json::json!({ "low": 7, "high": null }));
    assert!(lines[1]["error"].is_string() && lines[1]["id"].is_null());
    assert!(lines[2]["error"].is_string() && lines[2]["id"] == "b");
    assert_eq!(lines[3]["canonical_url"], "https://news.example/x");
    assert_eq!(lines[4]["id"], 7);
    assert!(!lines[4]["text"].as_str().unwrap().contains("Imprint"), "{}", lines[4]["text"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_enriched() {
    let site = Site::of_articles(1, 1).await;
    let folder = tempfile::tempdir().unwrap();
    let page = format!("{}/page/article-0", site.base());
    let (ok, out, error) = tallywire(folder.path(), &["enrich", &page, "--set", "fetcher.allow_private_networks=true"]);
    assert!(ok, "{error}");
    let article: Value = serde_json::from_str(&out).unwrap();
    assert!(article["title"].as_str().unwrap().starts_with("Council counts"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_configuration_is_checked_and_printed() {
    let folder = tempfile::tempdir().unwrap();
    let (ok, printed, _) = tallywire(folder.path(), &["config", "print", "--nats", "nats://me:secret@queue:4222"]);
    assert!(ok && printed.contains("***@queue:4222") && !printed.contains("secret"), "{printed}");
    std::fs::write(folder.path().join("config.toml"), &printed).unwrap();
    let (ok, out, error) = tallywire(folder.path(), &["config", "check", "--config", "config.toml"]);
    assert!(ok && out.starts_with("ok"), "{out}{error}");
    let (ok, _, error) = tallywire(folder.path(), &["config", "check", "--set", "sink.compression=gzip"]);
    assert!(!ok && error.contains("sink.compression") && error.contains("zstd"), "{error}");
    for shell in ["bash", "zsh", "fish"] {
        assert!(tallywire(folder.path(), &["completions", shell]).1.contains("tallywire"));
    }
}
