//! A nats-server of the test's own.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{Process, eventually, root};

/// A running server. Its port is a free one, and stays the same when it is started again.
pub struct Nats {
    folder: PathBuf,
    port: u16,
    process: Process,
}

impl Nats {
    /// Starts a server with `JetStream`.
    pub async fn start(folder: &Path) -> Self {
        Self::with(folder, &["--jetstream"]).await
    }

    /// Starts a server with these flags.
    pub async fn with(folder: &Path, flags: &[&str]) -> Self {
        let folder = folder.join("nats");
        std::fs::create_dir_all(&folder).unwrap();
        let process = spawn(&folder, -1, flags);
        let ports = folder.join(format!("nats-server_{}.ports", process.id()));
        let port = eventually("the server says where it listens", || async {
            let text = std::fs::read_to_string(&ports).ok()?;
            let value: serde_json::Value = serde_json::from_str(&text).ok()?;
            value["nats"][0].as_str()?.rsplit(':').next()?.parse().ok()
        })
        .await;
        Self { folder, port, process }
    }

    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        self.process.log()
    }

    /// Waits until it has logged a text.
    pub async fn logs(&self, text: &str) {
        self.process.logs(text).await;
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Starts it again on what it had stored.
    pub async fn restart(&mut self) {
        self.process = spawn(&self.folder, i32::from(self.port), &["--jetstream"]);
        let url = self.url();
        eventually("the server answers again", || async { async_nats::connect(&url).await.ok() }).await;
    }

    /// A context for looking at what is there.
    pub async fn jetstream(&self) -> async_nats::jetstream::Context {
        async_nats::jetstream::new(async_nats::connect(self.url()).await.unwrap())
    }
}

fn spawn(folder: &Path, port: i32, flags: &[&str]) -> Process {
    let own = root().join(".tools/nats-server");
    let program = if own.exists() { own } else { PathBuf::from("nats-server") };
    let mut command = Command::new(program);
    command
        .args(["--addr", "127.0.0.1", "--port", &port.to_string(), "--ports_file_dir"])
        .arg(folder)
        .arg("--store_dir")
        .arg(folder.join("store"))
        .args(flags)
        .stdout(Stdio::null());
    Process::start(&mut command, &folder.join("log"))
}
