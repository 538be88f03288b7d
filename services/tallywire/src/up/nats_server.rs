//! A NATS server of our own: found, started on a free port, kept running, and ended with this process.

use std::{
    fs::{self, File, OpenOptions},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{ExitCode, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, kill_process};
use serde::Deserialize;
use tallywire_runtime::{
    CancellationToken,
    broker::{MINIMUM_SERVER, is_new_enough},
};
use tokio::{process::Child, sync::Mutex};
use tracing::warn;

/// How long the server may take to start, or to stop.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often it is looked at meanwhile.
const LOOK: Duration = Duration::from_millis(20);
/// The wait before a server that died is started again.
const RESTART_AFTER: Duration = Duration::from_secs(1);

/// A running server.
pub(super) struct NatsServer {
    folder: PathBuf,
    program: PathBuf,
    url: String,
    child: Mutex<Child>,
    /// Keeps a second `up` away from the same data.
    _lock: File,
}

impl NatsServer {
    /// Starts a server whose store is below the data folder.
    pub(super) async fn start(data: &Path) -> anyhow::Result<Self> {
        let folder = data.join("nats");
        fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        let folder = folder.canonicalize()?;
        let lock = lock(&folder)?;
        let program = find()?;
        end_leftover(&folder).await?;
        let (child, url) = spawn(&program, &folder, None).await?;
        Ok(Self { folder, program, url, child: Mutex::new(child), _lock: lock })
    }

    /// Its address.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Starts the server again, on the same port, when it dies. Returns only when that is not possible.
    pub(super) async fn supervise(&self, stop: &CancellationToken) -> anyhow::Error {
        loop {
            let ended = self.child.lock().await.wait().await;
            if stop.is_cancelled() {
                return std::future::pending().await;
            }
            warn!(status = ?ended.ok(), log = %self.folder.join(LOG).display(), "the NATS server ended, starting it again");
            tokio::time::sleep(RESTART_AFTER).await;
            match spawn(&self.program, &self.folder, Some(&self.url)).await {
                Ok((child, _)) => *self.child.lock().await = child,
                Err(error) => return error.context("the NATS server ended, and could not be started again"),
            }
        }
    }

    /// Stops the server.
    pub(super) async fn stop(self) {
        let mut child = self.child.into_inner();
        let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Some(pid) = pid {
            // It may have ended by itself.
            let _ = kill_process(pid, Signal::TERM);
        }
        if tokio::time::timeout(PATIENCE, child.wait()).await.is_err() {
            warn!("the NATS server does not stop, killing it");
            let _ = child.kill().await;
        }
    }
}

const CONFIG: &str = "nats-server.conf";
const LOG: &str = "nats-server.log";
const PID: &str = "nats-server.pid";

fn lock(folder: &Path) -> anyhow::Result<File> {
    let path = folder.join("lock");
    let file = OpenOptions::new().create(true).append(true).open(&path);
    let file = file.with_context(|| format!("cannot open {}", path.display()))?;
    if file.try_lock().is_err() {
        bail!("another `tallywire up` uses {}: stop it, or choose another folder with --data", folder.display());
    }
    Ok(file)
}

/// The first server that is new enough: on the PATH, else in `.tools/` of a checkout.
fn find() -> anyhow::Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).map(|folder| folder.join("nats-server"));
    let here = std::env::current_dir().into_iter();
    let program = std::env::current_exe().into_iter();
    let roots = here.chain(program).flat_map(|path| path.ancestors().map(Path::to_owned).collect::<Vec<_>>());
    let in_tools = roots.map(|root| root.join(".tools").join("nats-server"));
    let mut too_old = None;
    for candidate in on_path.chain(in_tools).filter(|candidate| candidate.is_file()) {
        match version(&candidate) {
            Some(version) if is_new_enough(&version) => return Ok(candidate),
            Some(version) => too_old = Some(format!("; {} is version {version}", candidate.display())),
            None => {}
        }
    }
    bail!(
        "there is no nats-server {}.{} or newer on the PATH or in .tools/{}: run `make setup` in the checkout, or give \
         --nats URL of one that runs",
        MINIMUM_SERVER.0,
        MINIMUM_SERVER.1,
        too_old.unwrap_or_default()
    )
}

/// What `nats-server --version` says: `nats-server: v2.15.1`.
fn version(program: &Path) -> Option<String> {
    let output = std::process::Command::new(program).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.trim().rsplit(['v', ' ']).next().map(str::to_owned)
}

/// Ends a server that an `up` left behind which could not end it: killed, on a system without death signals.
async fn end_leftover(folder: &Path) -> anyhow::Result<()> {
    let Ok(text) = fs::read_to_string(folder.join(PID)) else { return Ok(()) };
    let Some(pid) = text.trim().parse().ok().and_then(Pid::from_raw) else { return Ok(()) };
    let config = folder.join(CONFIG);
    let is_ours = || {
        let command = fs::read(format!("/proc/{}/cmdline", pid.as_raw_nonzero())).unwrap_or_default();
        String::from_utf8_lossy(&command).contains(&*config.to_string_lossy())
    };
    let begun = Instant::now();
    while is_ours() {
        // It may end by itself at any moment.
        let _ = kill_process(pid, Signal::TERM);
        if begun.elapsed() > PATIENCE {
            bail!("process {} still runs a NATS server on {}: end it first", text.trim(), folder.display());
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}

/// Starts the server, at the address that it had if it had one, and waits until it says where it listens.
async fn spawn(program: &Path, folder: &Path, url: Option<&str>) -> anyhow::Result<(Child, String)> {
    let listen = url.map_or("127.0.0.1:-1", |url| url.trim_start_matches("nats://"));
    let quoted = |path: PathBuf| serde_json::to_string(&path.to_string_lossy());
    let text = format!(
        "# Written by `tallywire up` at each start.\nserver_name: tallywire\nlisten: \"{listen}\"\nmax_payload: 8MB\n\
         pid_file: {pid}\nports_file_dir: {ports}\nlog_file: {log}\nlog_size_limit: 10MB\nlogfile_max_num: 2\n\
         jetstream {{ store_dir: {store} }}\n",
        pid = quoted(folder.join(PID))?,
        ports = quoted(folder.to_owned())?,
        log = quoted(folder.join(LOG))?,
        store = quoted(folder.join("store"))?,
    );
    let config = folder.join(CONFIG);
    fs::write(&config, text).with_context(|| format!("cannot write {}", config.display()))?;
    let mut command = tokio::process::Command::new(std::env::current_exe()?);
    command
        .arg("nats-server")
        .arg(program)
        .arg("--config")
        .arg(&config)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // Ctrl-C at the terminal is for us: the server stays until our work is done.
        .process_group(0)
        .kill_on_drop(true);
    let mut child = command.spawn().with_context(|| format!("cannot start {}", program.display()))?;
    let Some(pid) = child.id() else { bail!("{} ended at once", program.display()) };
    let ports = folder.join(format!("nats-server_{pid}.ports"));
    let begun = Instant::now();
    loop {
        if let Some(url) = fs::read_to_string(&ports).ok().and_then(|text| address(&text)) {
            let _ = fs::remove_file(&ports);
            return Ok((child, url));
        }
        if let Some(status) = child.try_wait()? {
            bail!("the NATS server ended with {status}: {}", last_words(folder));
        }
        if begun.elapsed() > PATIENCE {
            bail!("the NATS server did not start in {} s: {}", PATIENCE.as_secs(), last_words(folder));
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// The first address in a ports file.
fn address(text: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Ports {
        nats: Vec<String>,
    }
    serde_json::from_str::<Ports>(text).ok()?.nats.into_iter().next()
}

/// The end of the server's log.
fn last_words(folder: &Path) -> String {
    let path = folder.join(LOG);
    let log = fs::read_to_string(&path).unwrap_or_default();
    let lines: Vec<&str> = log.lines().rev().take(3).collect();
    let lines: Vec<&str> = lines.into_iter().rev().collect();
    format!("{} (see {})", lines.join(" | "), path.display())
}

/// Becomes the server. It ends when the process that started it does, however that ends.
pub(crate) fn exec(arguments: &[String]) -> anyhow::Result<ExitCode> {
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(Signal::TERM))?;
    let (program, arguments) = arguments.split_first().context("which program?")?;
    let error = std::process::Command::new(program).args(arguments).exec();
    Err(error).with_context(|| format!("cannot run {program}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_where_the_server_listens() {
        assert_eq!(address("{\"nats\":[\"nats://127.0.0.1:4222\"]}").as_deref(), Some("nats://127.0.0.1:4222"));
        assert_eq!(address("{\"nats\":["), None, "a file that is still being written");
    }

    #[test]
    fn one_up_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let held = lock(folder.path()).unwrap();
        let error = lock(folder.path()).unwrap_err().to_string();
        assert!(error.contains("another `tallywire up`") && error.contains("--data"), "{error}");
        drop(held);
        lock(folder.path()).unwrap();
    }
}
