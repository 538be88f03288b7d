//! Disks that are full: the sink's, and the server's.

use std::{
    collections::BTreeMap,
    fs::File,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use crate::support::{Load, Pipeline, Site, eventually, say};

#[tokio::test(flavor = "multi_thread")]
async fn a_sink_whose_disk_is_full_waits_and_goes_on_when_there_is_room() {
    const ARTICLES: usize = 150;
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::mount(&folder.path().join("out"), "512k") else { return };
    let site = Site::of_articles(ARTICLES, 3).await;
    let mut pipeline = Pipeline::in_folder(folder, &site.feeds_toml(3), &[]).await;
    pipeline.start_all();
    pipeline.services("sink").next().unwrap().logs("No space left on device").await;
    let written = pipeline.output().revisions().len();
    assert!(written < ARTICLES, "all {written} articles fit on the disk");
    disk.resize("64m");
    pipeline.assert_exactly_once(ARTICLES).await;
    say(
        "disk",
        &format!("the sink's disk was full after {written} articles; with more room, all {ARTICLES} once each"),
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_disk_is_full_goes_on_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::mount(&folder.path().join("nats"), "512m") else { return };
    let site = Arc::new(Site::of_pages(BTreeMap::new()).await);
    let sizes = [
        ("streams.hop_max_bytes", "16MiB"),
        ("streams.enriched_max_bytes", "64MiB"),
        ("streams.figures_max_bytes", "64MiB"),
        ("streams.dead_max_bytes", "16MiB"),
        ("streams.pages_max_bytes", "16MiB"),
    ];
    let mut pipeline = Pipeline::in_folder(folder, &site.feeds_toml(3), &sizes).await;
    pipeline.start_all();
    let load = Load::begin(site, 3, 15);
    pipeline.writes(20).await;
    disk.fill();
    let before = load.published();
    // The server says so in its own log, at the first message that it cannot store.
    eventually("the server notices", || async {
        pipeline.nats.log().contains("no space left on device").then_some(())
    })
    .await;
    eventually("more is published", || async { (load.published() >= before + 30).then_some(()) }).await;
    disk.empty();
    // A server that could not write has turned JetStream off, and wants to be started again.
    pipeline.nats.kill();
    pipeline.nats.restart().await;
    let published = load.end().await;
    pipeline.assert_exactly_once(published).await;
    say(
        "disk",
        &format!(
            "the server's disk was full after {before} articles; started again with room, all {published} once each"
        ),
    );
}

/// A small file system of the test's own, in memory.
struct Disk {
    at: PathBuf,
}

impl Disk {
    /// Mounts one; nothing where this user may not.
    fn mount(at: &Path, size: &str) -> Option<Self> {
        std::fs::create_dir_all(at).unwrap();
        let done = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size},mode=0755"), "tmpfs"])
            .arg(at)
            .output();
        match done {
            Ok(output) if output.status.success() => Some(Self { at: at.to_owned() }),
            _ => {
                say("disk", "skipped: it takes the right to mount a tmpfs, which root has");
                None
            }
        }
    }

    fn resize(&self, size: &str) {
        let done = Command::new("mount").args(["-o", &format!("remount,size={size}")]).arg(&self.at).status().unwrap();
        assert!(done.success());
    }

    /// Fills it up to its last byte.
    fn fill(&self) {
        let mut file = File::create(self.at.join("ballast")).unwrap();
        let block = vec![1; 64 * 1024];
        while file.write_all(&block).is_ok() {}
        while file.write_all(&[1]).is_ok() {}
    }

    fn empty(&self) {
        std::fs::remove_file(self.at.join("ballast")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: who has files open there ends after this.
        let _ = Command::new("umount").arg("--lazy").arg(&self.at).status();
    }
}
