//! `tallywire credentials`: a seed a user, and what the NATS server is told of the users.

mod server_config;

use std::{
    collections::{BTreeMap, btree_map::Entry},
    fs::{self, File, OpenOptions, Permissions},
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail};
use clap::Args;
use nkeys::KeyPair;
use tallywire_runtime::access::{User, inbox_prefix};

/// The ending of a file with a seed, as the tools of NATS have it.
const ENDING: &str = "nk";
/// The file for the server, in a folder of its own: the server is to see no seed.
const SERVER_CONFIG: &str = "server/users.conf";
/// The longest name of a further user.
const NAME_MAX: usize = 32;

#[derive(Args)]
pub(crate) struct CredentialsArguments {
    /// The folder of the seeds and of users.conf
    #[arg(long, value_name = "DIR", default_value = "credentials")]
    out: PathBuf,
    /// One more user that reads through consumers of its own; may be given more than once
    #[arg(long = "subscriber", value_name = "NAME", value_parser = name)]
    subscribers: Vec<String>,
    /// One more user that hears what is published, and can send nothing; may be given more than once
    #[arg(long = "listener", value_name = "NAME", value_parser = name)]
    listeners: Vec<String>,
}

fn name(text: &str) -> Result<String, String> {
    let is_one = (1..=NAME_MAX).contains(&text.len())
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'));
    if is_one { Ok(text.to_owned()) } else { Err(format!("1 to {NAME_MAX} of a-z, 0-9, - and _")) }
}

/// A user whose seed is in the folder.
struct Account {
    user: User,
    public_key: String,
}

pub(crate) fn run(arguments: &CredentialsArguments) -> anyhow::Result<ExitCode> {
    let folder = &arguments.out;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("cannot create {}", folder.display()))?;
    let mut accounts = existing(folder)?;
    let further = |user: User, names: &[String]| -> Vec<(String, User)> {
        names.iter().map(|name| (format!("{}-{name}", user.name()), user)).collect()
    };
    let every = User::ALL.map(|user| (user.name().to_owned(), user)).into_iter();
    let wanted = every
        .chain(further(User::Subscriber, &arguments.subscribers))
        .chain(further(User::Listener, &arguments.listeners));
    for (name, user) in wanted {
        if let Entry::Vacant(place) = accounts.entry(name) {
            let public_key = create(folder, place.key())?;
            println!("created  {}", seed_file(folder, place.key()).display());
            place.insert(Account { user, public_key });
        }
    }
    let config = folder.join(SERVER_CONFIG);
    publish(&config, &server_config::render(&accounts))
        .with_context(|| format!("cannot write {}", config.display()))?;
    println!("written  {}: {} users; the server reads it again at SIGHUP", config.display(), accounts.len());
    for (name, account) in accounts.iter().filter(|(_, account)| account.user == User::Subscriber) {
        println!("{name} takes inbox prefix {}", inbox_prefix(&account.public_key));
    }
    Ok(ExitCode::SUCCESS)
}

fn seed_file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.{ENDING}"))
}

/// The users whose seeds are there already.
fn existing(folder: &Path) -> anyhow::Result<BTreeMap<String, Account>> {
    let mut accounts = BTreeMap::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_none_or(|ending| ending != ENDING) {
            continue;
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let Some(user) = user_of(&name) else {
            bail!("{}: there is no user {name}: move the file elsewhere", path.display());
        };
        let seed = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let key = KeyPair::from_seed(seed.trim()).ok().filter(|key| key.public_key().starts_with('U'));
        let Some(key) = key else {
            bail!("{}: no NKey seed of a user: delete the file for a new one", path.display());
        };
        accounts.insert(name, Account { user, public_key: key.public_key() });
    }
    Ok(accounts)
}

/// The user that a name stands for: `subscriber-paper` is a subscriber.
fn user_of(name: &str) -> Option<User> {
    User::of(name).or_else(|| match name.split_once('-') {
        Some(("subscriber", _)) => Some(User::Subscriber),
        Some(("listener", _)) => Some(User::Listener),
        _ => None,
    })
}

/// Makes a seed that only its owner can read, and returns the public key.
fn create(folder: &Path, name: &str) -> anyhow::Result<String> {
    let path = seed_file(folder, name);
    let key = KeyPair::new_user();
    let seed = key.seed().map_err(|error| anyhow::anyhow!("no seed could be made: {error}"))?;
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
    let written = file.and_then(|mut file| writeln!(file, "{seed}").and_then(|()| file.sync_all()));
    written.with_context(|| format!("cannot write {}", path.display()))?;
    Ok(key.public_key())
}

/// Puts a file that everybody may read into a folder that everybody may read, in an old one's place: the server, which may
/// run as any user, never reads half of it.
fn publish(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
        fs::set_permissions(folder, Permissions::from_mode(0o755))?;
    }
    let new = path.with_extension("new");
    let mut file = File::create(&new)?;
    file.set_permissions(Permissions::from_mode(0o644))?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn make(folder: &Path, listeners: &[&str]) -> anyhow::Result<ExitCode> {
        let listeners = listeners.iter().map(|name| (*name).to_owned()).collect();
        run(&CredentialsArguments { out: folder.to_owned(), subscribers: Vec::new(), listeners })
    }

    fn seeds(folder: &Path) -> BTreeMap<String, String> {
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let seeds = files.filter(|path| path.extension().is_some_and(|ending| ending == ENDING));
        seeds.map(|path| (path.display().to_string(), fs::read_to_string(path).unwrap())).collect()
    }

    #[test]
    fn seeds_are_for_their_owner_alone_and_stay() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("credentials");
        make(&out, &["paper"]).unwrap();
        let first = seeds(&out);
        assert_eq!(first.len(), User::ALL.len() + 1);
        for path in first.keys() {
            assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600, "{path}");
        }
        assert_eq!(fs::metadata(&out).unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(fs::metadata(out.join(SERVER_CONFIG)).unwrap().permissions().mode() & 0o777, 0o644);
        let config = fs::read_to_string(out.join(SERVER_CONFIG)).unwrap();
        for seed in first.values() {
            assert!(!config.contains(seed.trim()), "the server is told what is public alone");
        }
        // The further user stays too.
        make(&out, &[]).unwrap();
        assert_eq!(seeds(&out), first);
        assert_eq!(fs::read_to_string(out.join(SERVER_CONFIG)).unwrap(), config);
        fs::remove_file(seed_file(&out, "sink")).unwrap();
        make(&out, &[]).unwrap();
        let rotated = seeds(&out);
        assert_eq!(rotated.iter().filter(|(path, seed)| first[*path] != **seed).count(), 1);
    }

    #[test]
    fn a_file_that_is_no_seed_is_named_and_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(seed_file(folder.path(), "sink"), "SUATORN").unwrap();
        let error = make(folder.path(), &[]).unwrap_err().to_string();
        assert!(error.contains("sink.nk") && !error.contains("SUATORN"), "{error}");
        fs::write(seed_file(folder.path(), "sink"), KeyPair::new_account().seed().unwrap()).unwrap();
        assert!(make(folder.path(), &[]).is_err(), "an account is no user");
        fs::remove_file(seed_file(folder.path(), "sink")).unwrap();
        fs::write(seed_file(folder.path(), "stranger"), "").unwrap();
        assert!(make(folder.path(), &[]).unwrap_err().to_string().contains("no user stranger"));
    }

    #[test]
    fn names_are_parts_of_files() {
        assert!(name("paper-2").is_ok());
        for bad in ["", "a/b", "..", "A", "a.b", &"x".repeat(33)] {
            assert!(name(bad).is_err(), "{bad}");
        }
    }
}
