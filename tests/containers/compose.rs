//! Compose as an operator uses it, with a project, a network and folders of the test's own.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use serde_json::Value;

use crate::support::{Output, root, within};

/// A cluster of which a server fails takes half a minute to go on where nothing else keeps the machine busy.
const PATIENCE: Duration = Duration::from_mins(3);

/// A user of the containers, and of nothing else (`deploy/Dockerfile`).
pub(crate) const USER: u32 = 65532;

/// A project of Compose that is taken down when the test ends.
pub(crate) struct Compose {
    project: String,
    files: Vec<PathBuf>,
    /// Configuration and articles.
    folder: tempfile::TempDir,
    /// What is set for the files beside what every test sets.
    variables: Vec<(&'static str, String)>,
}

impl Compose {
    /// A project from these files of `deploy/`; nothing runs yet.
    pub(crate) fn new(name: &str, files: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["config", "out"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        open_to_containers(folder.path());
        std::os::unix::fs::chown(folder.path().join("out"), Some(USER), Some(USER)).unwrap();
        let compose = Self {
            project: format!("tallywire-test-{name}-{}", std::process::id()),
            files: files.iter().map(|file| root().join("deploy").join(file)).collect(),
            folder,
            variables: Vec::new(),
        };
        // The network that Compose would make, made first: the site listens on the host's address in it.
        docker(&["network", "create", &format!("{}_default", compose.project)]);
        compose.write_network();
        compose
    }

    /// Sets a variable of the files.
    pub(crate) fn set(&mut self, name: &'static str, value: &str) {
        self.variables.push((name, value.to_owned()));
    }

    /// The host's address in the project's network.
    pub(crate) fn gateway(&self) -> String {
        docker(&["network", "inspect", &self.network(), "--format", "{{(index .IPAM.Config 0).Gateway}}"])
    }

    pub(crate) fn network(&self) -> String {
        format!("{}_default", self.project)
    }

    /// Writes what the services read.
    pub(crate) fn configure(&self, config: &str, feeds: &str) {
        std::fs::write(self.folder.path().join("config/config.toml"), config).unwrap();
        std::fs::write(self.folder.path().join("config/feeds.toml"), feeds).unwrap();
    }

    /// Runs Compose, asserts that it succeeds, and returns what it printed.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "compose {arguments:?} ended with {}:\n{said}", output.status);
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// The containers of a service.
    pub(crate) fn containers(&self, service: &str) -> Vec<String> {
        self.run(&["ps", "--quiet", service]).lines().map(str::to_owned).collect()
    }

    /// The containers of a service, stopped ones too.
    pub(crate) fn containers_all(&self, service: &str) -> Vec<String> {
        let project = format!("label=com.docker.compose.project={}", self.project);
        let service = format!("label=com.docker.compose.service={service}");
        let filters = ["ps", "--all", "--quiet", "--no-trunc", "--filter", &project, "--filter", &service];
        docker(&filters).lines().map(str::to_owned).collect()
    }

    /// The address of this host at which a service's port is to be had.
    pub(crate) fn published(&self, service: &str, port: u16) -> String {
        self.run(&["port", service, &port.to_string()])
    }

    /// The address of a service's only container in the project's network; nothing while it is not in it.
    pub(crate) fn address(&self, service: &str) -> Option<String> {
        let [container] = self.containers_all(service).try_into().ok()?;
        let address =
            inspect(&container)["NetworkSettings"]["Networks"][self.network()]["IPAddress"].as_str()?.to_owned();
        (!address.is_empty()).then_some(address)
    }

    pub(crate) fn project(&self) -> &str {
        &self.project
    }

    /// What has been written so far.
    pub(crate) fn output(&self) -> Output {
        Output::read(&self.folder.path().join("out"))
    }

    /// Waits until at least so many articles are written.
    pub(crate) async fn writes(&self, articles: usize) {
        within(PATIENCE, &format!("{articles} articles in the files"), || async {
            (self.output().revisions().len() >= articles).then_some(())
        })
        .await;
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = if has_plugin() {
            let mut docker = Command::new("docker");
            docker.arg("compose");
            docker
        } else {
            Command::new("docker-compose")
        };
        command.arg("--env-file").arg(images_file()).args(["--project-name", &self.project]);
        for file in &self.files {
            command.arg("--file").arg(file);
        }
        command
            .arg("--file")
            .arg(self.folder.path().join("network.yaml"))
            .args(arguments)
            .env("CONFIG_DIR", self.folder.path().join("config"))
            .env("OUT", self.folder.path().join("out"))
            // Free ones.
            .env("NATS_PORT", "")
            .env("PROMETHEUS_PORT", "")
            .envs(self.variables.iter().cloned())
            .stdin(Stdio::null());
        command
    }

    fn write_network(&self) {
        let network = self.network();
        let text = format!("networks:\n  default:\n    external: true\n    name: {network}\n");
        std::fs::write(self.folder.path().join("network.yaml"), text).unwrap();
    }
}

impl Drop for Compose {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let logs = self.command(&["logs", "--tail", "20"]).output().unwrap();
            eprintln!("--- the end of the logs:\n{}", String::from_utf8_lossy(&logs.stdout));
        }
        let _ = self.command(&["down", "--volumes", "--timeout", "5"]).output();
        let _ = Command::new("docker").args(["network", "rm", &self.network()]).output();
    }
}

/// Runs docker, asserts that it succeeds, and returns what it printed.
pub(crate) fn docker(arguments: &[&str]) -> String {
    let output = Command::new("docker").args(arguments).stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "docker {arguments:?} ended with {}:\n{said}", output.status);
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// What docker knows of a container.
pub(crate) fn inspect(container: &str) -> Value {
    let mut all: Vec<Value> = serde_json::from_str(&docker(&["inspect", container])).unwrap();
    all.remove(0)
}

/// A configuration for reading the test's own site.
pub(crate) fn config(host_delay: Duration) -> String {
    format!(
        "[stages]\nack_wait = \"5s\"\nbackoff = [\"200ms\"]\n[streams]\nhop_max_bytes = \"64MiB\"\n\
         enriched_max_bytes = \"512MiB\"\nfigures_max_bytes = \"512MiB\"\ndead_max_bytes = \"64MiB\"\npages_max_bytes = \"256MiB\"\n\
         [fetcher]\nallow_private_networks = true\nhost_concurrency = 8\nhost_delay = \"{}ms\"\nlease = \"5s\"\n\
         [admin]\nlisten = \"0.0.0.0:8080\"\n",
        host_delay.as_millis()
    )
}

/// What `make images` chose.
fn images_file() -> PathBuf {
    let file = root().join(".tools/images.env");
    assert!(file.exists(), "there is no {}: run `make images` first", file.display());
    file
}

fn has_plugin() -> bool {
    Command::new("docker").args(["compose", "version"]).output().is_ok_and(|output| output.status.success())
}

fn open_to_containers(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).unwrap();
}
