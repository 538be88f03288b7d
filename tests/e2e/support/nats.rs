//! A nats-server of the test's own.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{Credentials, Process, eventually, root};

/// A running server. Its port is a free one, and stays the same when it is started again.
pub struct Nats {
    folder: PathBuf,
    port: u16,
    flags: Vec<String>,
    /// Where it has TLS and users.
    pub credentials: Option<Credentials>,
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
        let flags = flags.iter().map(|flag| (*flag).to_owned()).collect();
        Self { folder, port, flags, credentials: None, process }
    }

    /// Starts a server with TLS and a user for each service, as it is shipped.
    pub async fn secure(folder: &Path) -> Self {
        let credentials = Credentials::make(folder);
        let config = credentials.config().display().to_string();
        let mut server = Self::with(folder, &["--config", &config]).await;
        server.credentials = Some(credentials);
        server
    }

    pub fn url(&self) -> String {
        let scheme = if self.credentials.is_some() { "tls" } else { "nats" };
        format!("{scheme}://127.0.0.1:{}", self.port)
    }

    /// Connects as somebody who may look at everything.
    pub async fn connect(&self) -> Result<async_nats::Client, async_nats::ConnectError> {
        let options = match &self.credentials {
            Some(credentials) => credentials.options("admin"),
            None => async_nats::ConnectOptions::new(),
        };
        options.connect(self.url()).await
    }

    /// Has it read its configuration again.
    pub fn reload(&self) {
        self.process.signal(rustix::process::Signal::HUP);
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
    pub fn start_again(&mut self) {
        let flags: Vec<&str> = self.flags.iter().map(String::as_str).collect();
        self.process = spawn(&self.folder, i32::from(self.port), &flags);
    }

    /// Starts it again, and waits until it answers.
    pub async fn restart(&mut self) {
        self.start_again();
        eventually("the server answers again", || async { self.connect().await.ok() }).await;
    }

    /// A context for looking at what is there.
    pub async fn jetstream(&self) -> async_nats::jetstream::Context {
        async_nats::jetstream::new(self.connect().await.unwrap())
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
