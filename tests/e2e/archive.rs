//! What is fetched is archived before it is announced.

use std::{collections::BTreeSet, fs, path::PathBuf, process::Command};

use tallywire_warc::{Archived, Articles};

use crate::support::{Pipeline, Site, Store, store};

/// The files of an archive, in their order.
fn files(pipeline: &Pipeline) -> Vec<PathBuf> {
    let days = fs::read_dir(pipeline.path("out/archive")).into_iter().flatten();
    let mut files: Vec<PathBuf> =
        days.flat_map(|day| fs::read_dir(day.unwrap().path()).unwrap()).map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

/// The articles in some bytes that are a whole file.
fn articles(bytes: &[u8]) -> Vec<Archived> {
    Articles::of(bytes).unwrap().map(Result::unwrap).collect()
}

fn id(archived: &Archived) -> String {
    archived.fetched.id.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_with_its_entry_as_other_tools_read_it() {
    const ARTICLES: usize = 20;
    let site = Site::of_articles(ARTICLES, 2).await;
    let settings = [("archive.write", "true"), ("archive.rotate_bytes", "10KiB")];
    let mut pipeline = Pipeline::new(&site.feeds_toml(2), &settings).await;
    pipeline.start_all();
    pipeline.assert_exactly_once(ARTICLES).await;
    pipeline.terminate("fetcher");
    let files = files(&pipeline);
    assert!(files.len() > 1, "{files:?}");
    let archived: Vec<Archived> = files.iter().flat_map(|file| articles(&fs::read(file).unwrap())).collect();
    assert_eq!(archived.len(), ARTICLES);
    for article in &archived {
        let page = article.page.as_ref().unwrap();
        assert!(page.url.starts_with(site.base()) && page.status == 200);
        assert_eq!(page.content_type().as_deref(), Some("text/html; charset=utf-8"));
        assert!(page.bytes.starts_with(b"<!doctype html>") && page.bytes.ends_with(b"</html>"));
        assert!(article.fetched.entry.title.as_deref().unwrap().starts_with("Council counts"));
    }

    let Some(python) = store::python() else { return };
    let warcio = |arguments: &[&str]| {
        let mut command = Command::new(&python);
        let answer = command.args(["-m", "warcio.cli"]).args(arguments).args(&files).output().unwrap();
        assert!(answer.status.success(), "{answer:?}");
        String::from_utf8(answer.stdout).unwrap()
    };
    let checked = warcio(&["check", "-v"]);
    assert!(!checked.contains("fail"), "{checked}");
    let passed = checked.matches("digest pass").count();
    assert_eq!(passed, files.len() + 2 * ARTICLES, "each block's digest is checked, and no page's is wrong: {checked}");
    let index = warcio(&["index", "-f", "warc-type,http:status"]);
    assert_eq!(index.matches("\"warc-type\": \"response\", \"http:status\": \"200\"").count(), ARTICLES, "{index}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_announced_is_archived_though_fetchers_are_killed() {
    const ARTICLES: usize = 80;
    let site = Site::of_articles(ARTICLES, 2).await;
    let settings = [("archive.write", "true"), ("fetcher.host_delay", "20ms"), ("fetcher.host_concurrency", "1")];
    let mut pipeline = Pipeline::new(&site.feeds_toml(2), &settings).await;
    pipeline.start_all();
    for round in 1..=3 {
        let goal = round * ARTICLES / 5;
        pipeline.writes(goal).await;
        pipeline.kill_and_restart("fetcher");
    }
    pipeline.assert_exactly_once(ARTICLES).await;
    pipeline.terminate("fetcher");
    let archived: BTreeSet<String> = files(&pipeline)
        .iter()
        .flat_map(|file| articles(&fs::read(file).unwrap()))
        .map(|article| id(&article))
        .collect();
    let written: BTreeSet<String> = pipeline.output().revisions().into_keys().map(|(id, _)| id).collect();
    assert_eq!(archived, written);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_in_a_bucket() {
    const ARTICLES: usize = 30;
    let site = Site::of_articles(ARTICLES, 2).await;
    let settings = [("archive.write", "true"), ("archive.object_after", "300ms")];
    let mut pipeline = Pipeline::new(&site.feeds_toml(2), &settings).await;
    let Some(store) = Store::start(&pipeline.path("")).await else { return };
    pipeline.environment = store.environment();
    pipeline.set("archive.out", &format!("{}/pages", store.url()));
    store.be_there(false);
    pipeline.start_all();
    // Nothing is announced that is not archived.
    pipeline.services("fetcher").next().unwrap().logs("the store does not take it yet").await;
    assert!(pipeline.output().articles.is_empty());
    store.be_there(true);
    pipeline.assert_exactly_once(ARTICLES).await;
    let bucket = store.bucket();
    let names = bucket.list("pages", "").await.unwrap();
    assert!(names.len() < ARTICLES, "{} objects of {ARTICLES} articles", names.len());
    let mut count = 0;
    for name in &names {
        count += articles(&bucket.get(name).await.unwrap()).len();
    }
    assert_eq!(count, ARTICLES);
    // And it is read from there.
    let place = format!("{}/pages", store.url());
    let replayed = pipeline.tallywire(&["replay", "--archive", &place]).output().unwrap();
    assert!(replayed.status.success(), "{replayed:?}");
    pipeline.assert_exactly_once(2 * ARTICLES).await;
    let one = format!("{}/{}", store.url(), names[0]);
    let looked = pipeline.tallywire(&["replay", "--dry-run", "--archive", &one]).output().unwrap();
    assert!(looked.status.success(), "{looked:?}");
}
