//! A bucket of an S3-compatible store of the test's own, on loopback, which can be away for a while.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use tallywire_store::Bucket;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::watch,
};

use super::{Output, Process, root};

/// The interpreter with the packages of `tests/store.txt`.
pub fn python() -> Option<std::path::PathBuf> {
    let python = root().join(".tools/store/bin/python");
    if !python.exists() {
        eprintln!("skipped: there is no {}; `make setup` puts it there from PyPI", python.display());
        return None;
    }
    Some(python)
}

/// A server that speaks the protocol of S3, and the way to it.
pub struct Store {
    /// What a sink is told.
    url: String,
    endpoint: String,
    is_there: watch::Sender<bool>,
    // Ends with the test.
    _server: Process,
}

const BUCKET: &str = "news";
const KEYS: [(&str, &str); 4] = [
    ("AWS_ACCESS_KEY_ID", "the-key"),
    ("AWS_SECRET_ACCESS_KEY", "the-secret-that-no-log-may-hold"),
    ("AWS_REGION", "us-east-1"),
    ("AWS_ALLOW_HTTP", "true"),
];

/// What no log and no output may hold.
pub const SECRET: &str = KEYS[1].1;

impl Store {
    /// Starts a store; none, with a message, where its packages could not be installed.
    pub async fn start(folder: &Path) -> Option<Self> {
        let log = folder.join("store.log");
        let mut command = Command::new(python()?);
        command.args(["-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]).stdout(Stdio::null());
        let server = Process::start(&mut command, &log);
        let line = server.logs("Running on http://").await;
        let address = line.rsplit("http://").next().unwrap().trim().to_owned();
        let mut socket = TcpStream::connect(&address).await.unwrap();
        let request =
            format!("PUT /{BUCKET} HTTP/1.1\r\nHost: {address}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        let (is_there, _) = watch::channel(true);
        let endpoint = way(address, &is_there).await;
        Some(Self { url: format!("s3://{BUCKET}/tallywire"), endpoint, is_there, _server: server })
    }

    /// What a sink is told, besides the environment.
    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn environment(&self) -> Vec<(String, String)> {
        let keys = KEYS.into_iter().chain([("AWS_ENDPOINT_URL", self.endpoint.as_str())]);
        keys.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// Whether it answers; connections under way are cut.
    pub fn be_there(&self, is_there: bool) {
        self.is_there.send_replace(is_there);
    }

    pub fn bucket(&self) -> Bucket {
        let settings = self.environment();
        let settings: Vec<(String, &str)> =
            settings.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.as_str())).collect();
        let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        Bucket::open_with(self.url(), &settings).unwrap()
    }

    /// The articles in the bucket.
    pub async fn output(&self) -> Output {
        let bucket = self.bucket();
        let mut objects = Vec::new();
        for name in bucket.list("enriched", "").await.unwrap() {
            objects.push((name.clone(), bucket.get(&name).await.unwrap().to_vec()));
        }
        Output::of(objects)
    }
}

/// The way to a server: an address that leads there as long as it says.
async fn way(to: String, is_there: &watch::Sender<bool>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let is_there = is_there.subscribe();
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            let (mut is_there, to) = (is_there.clone(), to.clone());
            tokio::spawn(async move {
                if !*is_there.borrow() {
                    return;
                }
                let Ok(mut far) = TcpStream::connect(to).await else { return };
                tokio::select! {
                    _ = copy_bidirectional(&mut near, &mut far) => {}
                    _ = is_there.wait_for(|is_there| !is_there) => {}
                }
            });
        }
    });
    endpoint
}
