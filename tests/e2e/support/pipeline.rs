//! All services, each as a process of its own, as they run in containers.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use async_nats::jetstream::consumer::pull;
use tallywire_proto::subject::Stream;

use super::{Nats, Output, Process, eventually, program, stated};

/// The services, in the order of an article's way.
pub const STAGES: [&str; 5] = ["fetcher", "cleaner", "entities", "figures", "sink"];

/// A folder with a configuration, a broker, and the services that run on it.
pub struct Pipeline {
    services: Vec<(String, Process)>,
    started: usize,
    more: Vec<String>,
    /// Variables of the services' environment.
    pub environment: Vec<(String, String)>,
    pub nats: Nats,
    // Dropped last: the logs of the others are in it.
    folder: tempfile::TempDir,
}

impl Pipeline {
    /// A broker and a configuration; no service runs yet. `more` are keys and values over the tests' own.
    pub async fn new(feeds: &str, more: &[(&str, &str)]) -> Self {
        Self::in_folder(tempfile::tempdir().unwrap(), feeds, more).await
    }

    /// The same, in a folder that something has been done to.
    pub async fn in_folder(folder: tempfile::TempDir, feeds: &str, more: &[(&str, &str)]) -> Self {
        let nats = Nats::start(folder.path()).await;
        Self::on(folder, nats, feeds, more)
    }

    /// The same on a broker with TLS, where each service has a user of its own and may create nothing.
    pub async fn secure(feeds: &str, more: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let nats = Nats::secure(folder.path()).await;
        Self::on(folder, nats, feeds, more)
    }

    fn on(folder: tempfile::TempDir, nats: Nats, feeds: &str, more: &[(&str, &str)]) -> Self {
        std::fs::write(folder.path().join("feeds.toml"), feeds).unwrap();
        // Dead workers are missed after a second or two, not after half a minute.
        let config = format!(
            "[nats]\nurl = \"{url}\"\n[stages]\nack_wait = \"2s\"\nbackoff = [\"200ms\"]\n\
             [fetcher]\nfeeds = \"{feeds}\"\nallow_private_networks = true\nhost_delay = \"0s\"\n\
             host_concurrency = 8\nlease = \"2s\"\n[sink]\nout = \"{out}\"\n[admin]\nlisten = \"127.0.0.1:0\"\n",
            url = nats.url(),
            feeds = folder.path().join("feeds.toml").display(),
            out = folder.path().join("out").display(),
        );
        let config = match &nats.credentials {
            Some(credentials) => {
                let ca = credentials.certificate("ca.pem").display().to_string();
                let trust = format!("[nats]\nca_file = \"{ca}\"\n");
                format!("[streams]\nprovision = false\n{}", config.replace("[nats]\n", &trust))
            }
            None => config,
        };
        std::fs::write(folder.path().join("config.toml"), config).unwrap();
        let more = more.iter().map(|(key, value)| format!("--set={key}={value}")).collect();
        Self { folder, nats, more, services: Vec::new(), environment: Vec::new(), started: 0 }
    }

    /// Sets a key for all that is started from now on.
    pub fn set(&mut self, key: &str, value: &str) {
        self.more.push(format!("--set={key}={value}"));
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Starts again what has ended, as whoever runs services does, and says how many had.
    pub fn restart_ended(&mut self) -> usize {
        let ended: Vec<_> = self.services.extract_if(.., |(_, process)| process.has_ended()).collect();
        for (stage, _) in &ended {
            self.start(stage);
        }
        ended.len()
    }

    /// Starts a service; a second one of the same name is a replica.
    pub fn start(&mut self, stage: &str) -> &Process {
        self.started += 1;
        let log = self.path(&format!("{stage}-{}.log", self.started));
        let mut command = Command::new(program(&format!("tallywire-{stage}")));
        command.arg("--config").arg(self.path("config.toml")).args(&self.more).stdout(Stdio::null());
        self.log_in(&mut command, stage);
        command.envs(self.environment.iter().cloned());
        self.services.push((stage.to_owned(), Process::start(&mut command, &log)));
        &self.services.last().unwrap().1
    }

    pub fn start_all(&mut self) {
        for stage in STAGES {
            self.start(stage);
        }
    }

    /// The running services of this name.
    pub fn services(&mut self, stage: &str) -> impl Iterator<Item = &mut Process> {
        self.services.iter_mut().filter(move |(name, _)| name == stage).map(|(_, process)| process)
    }

    /// Kills all services of this name, and starts as many again.
    pub fn kill_and_restart(&mut self, stage: &str) {
        let (killed, left) = std::mem::take(&mut self.services).into_iter().partition(|(name, _)| name == stage);
        self.services = left;
        let killed: Vec<(String, Process)> = killed;
        for (_, mut process) in killed {
            process.kill();
            self.start(stage);
        }
    }

    /// Ends all services of this name as an operator does, asserts that they end well, and returns their logs.
    pub fn terminate(&mut self, stage: &str) -> String {
        let (ended, left) = std::mem::take(&mut self.services).into_iter().partition(|(name, _)| name == stage);
        self.services = left;
        let ended: Vec<(String, Process)> = ended;
        let end = |(_, mut process): (String, Process)| {
            let status = process.terminate();
            assert!(status.success(), "{stage} ended with {status}:\n{}", process.log());
            process.log()
        };
        ended.into_iter().map(end).collect()
    }

    /// The command line, with the configuration of this pipeline.
    pub fn tallywire(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program("tallywire"));
        command.args(arguments).env("TALLYWIRE_CONFIG", self.path("config.toml")).current_dir(self.folder.path());
        command.envs(self.environment.iter().cloned());
        self.log_in(&mut command, "admin");
        command
    }

    /// Tells a program which user it is, where the broker has users.
    pub fn log_in(&self, command: &mut Command, user: &str) {
        if let Some(credentials) = &self.nats.credentials {
            command.env("TALLYWIRE_NATS_NKEY_FILE", credentials.seed_file(user));
        }
    }

    pub fn output(&self) -> Output {
        Output::read(&self.path("out"))
    }

    /// Waits until at least so many articles are written.
    pub async fn writes(&self, articles: usize) {
        eventually(&format!("{articles} articles in the files"), || async {
            (self.output().revisions().len() >= articles).then_some(())
        })
        .await;
    }

    /// Waits until so many articles are written and nothing is under way any more, then asserts that each is there
    /// exactly once, in the files and in the streams that subscribers read, and so is each of its figures.
    pub async fn assert_exactly_once(&self, expected: usize) {
        self.writes(expected).await;
        self.settled().await;
        self.output().assert_exactly_once(expected);
        assert_eq!(self.messages(Stream::Enriched).await, expected as u64, "messages for subscribers");
        if !self.more.iter().any(|setting| setting == "--set=figures.publish=false") {
            stated::assert_exactly_once(&stated::stated(&self.nats).await, &self.output());
        }
    }

    /// Waits until nothing is under way: every queue is empty, and everything is acknowledged.
    pub async fn settled(&self) {
        eventually("nothing is under way", || async {
            for stream in [Stream::Fetched, Stream::Cleaned, Stream::Tagged] {
                if self.messages(stream).await > 0 {
                    return None;
                }
            }
            let jetstream = self.nats.jetstream().await;
            let sink = jetstream.get_consumer_from_stream::<pull::Config, _, _>("sink", Stream::Enriched.name()).await;
            let info = sink.ok()?.get_info().await.ok()?;
            let enriched = jetstream.get_stream(Stream::Enriched.name()).await.ok()?;
            let last = enriched.get_info().await.ok()?.state.last_sequence;
            (info.num_pending == 0 && info.ack_floor.stream_sequence == last).then_some(())
        })
        .await;
    }

    /// How many messages are in a stream.
    pub async fn messages(&self, stream: Stream) -> u64 {
        let jetstream = self.nats.jetstream().await;
        match jetstream.get_stream(stream.name()).await {
            Ok(mut stream) => stream.info().await.unwrap().state.messages,
            Err(_) => 0,
        }
    }
}

/// The metrics of a service, as text.
pub async fn metrics(process: &Process) -> String {
    get(process, "/metrics").await
}

/// Waits until a service is ready.
pub async fn ready(process: &Process) {
    eventually("the service is ready", || async { get(process, "/readyz").await.starts_with("ready").then_some(()) })
        .await;
}

/// Where a service tells its health and metrics.
pub async fn admin_address(process: &Process) -> String {
    let line = process.logs("health and metrics").await;
    let value: serde_json::Value = serde_json::from_str(&line).unwrap();
    value["address"].as_str().unwrap().to_owned()
}

/// The body of an answer of a service's own HTTP server.
pub async fn get(process: &Process, path: &str) -> String {
    http_get(&admin_address(process).await, path).await
}

/// The body of an answer; nothing if nobody answers.
pub async fn http_get(address: &str, path: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let Ok(mut socket) = tokio::net::TcpStream::connect(address).await else { return String::new() };
    // Of version 1.0, so that the body comes as it is.
    let request = format!("GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n");
    let mut answer = String::new();
    if socket.write_all(request.as_bytes()).await.is_err() || socket.read_to_string(&mut answer).await.is_err() {
        return String::new();
    }
    answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default()
}
