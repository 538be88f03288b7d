//! What a server with TLS and users needs, made as an operator makes it.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use async_nats::ConnectOptions;
use nkeys::KeyPair;

use super::{program, root, run};

/// A folder with certificates, a seed a user, and the configuration of a server that knows them.
#[derive(Clone)]
pub struct Credentials(PathBuf);

impl Credentials {
    /// Makes everything, as `docs/security.md` says.
    pub fn make(folder: &Path) -> Self {
        let this = Self(folder.to_owned());
        this.certify();
        this.make_users(&[]);
        for file in ["nats.conf", "secure.conf"] {
            let shipped = std::fs::read_to_string(root().join("deploy/nats").join(file)).unwrap();
            let here = shipped
                .replace("/etc/nats/", &format!("{}/", folder.display()))
                .replace("users/users.conf", "credentials/server/users.conf")
                // The test's own flag says where.
                .replace("store_dir: \"/data\"", "")
                .replace("0.0.0.0:8222", "127.0.0.1:-1");
            std::fs::write(folder.join(file), here).unwrap();
        }
        this
    }

    fn certify(&self) {
        let done = run(Command::new(root().join("deploy/nats/certificates.sh")).arg(self.0.join("tls")));
        assert!(done.status.success(), "{done:?}");
    }

    /// Runs `tallywire credentials`.
    pub fn make_users(&self, more: &[&str]) {
        let folder = self.0.join("credentials");
        let mut command = Command::new(program("tallywire"));
        let done = run(command.arg("credentials").arg("--out").arg(folder).args(more));
        assert!(done.status.success(), "{done:?}");
    }

    /// The configuration of the server.
    pub fn config(&self) -> PathBuf {
        self.0.join("secure.conf")
    }

    pub fn certificate(&self, name: &str) -> PathBuf {
        self.0.join("tls").join(name)
    }

    /// The file with a user's seed.
    pub fn seed_file(&self, user: &str) -> PathBuf {
        self.0.join("credentials").join(format!("{user}.nk"))
    }

    pub fn seed(&self, user: &str) -> String {
        std::fs::read_to_string(self.seed_file(user)).unwrap().trim().to_owned()
    }

    pub fn public_key(&self, user: &str) -> String {
        KeyPair::from_seed(&self.seed(user)).unwrap().public_key()
    }

    /// How a program of somebody else logs in as that user.
    pub fn options(&self, user: &str) -> ConnectOptions {
        ConnectOptions::with_nkey(self.seed(user))
            .add_root_certificates(self.certificate("ca.pem"))
            .custom_inbox_prefix(format!("_INBOX_{}", self.public_key(user)))
    }
}
