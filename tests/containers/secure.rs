//! TLS, and a user a service, in containers: `deploy/compose.secure.yaml`, set up as `docs/security.md` says.

use std::{os::unix::fs::chown, time::Duration};

use futures::StreamExt;

use crate::{
    compose::{Compose, USER, config},
    support::{Credentials, Site, made_up, say},
};

const ARTICLES: usize = 40;

#[tokio::test(flavor = "multi_thread")]
async fn services_with_users_of_their_own_and_a_listener_from_outside() {
    let secrets = tempfile::tempdir().unwrap();
    let credentials = Credentials::make(secrets.path());
    credentials.make_users(&["--listener", "paper"]);
    // As the handbook has it: services run as another user than this one.
    for entry in std::fs::read_dir(secrets.path().join("credentials")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "nk") {
            chown(path, Some(USER), Some(USER)).unwrap();
        }
    }
    let mut compose = Compose::new("secure", &["compose.yaml", "compose.secure.yaml"]);
    compose.set("SECRETS_DIR", secrets.path().to_str().unwrap());
    let site = Site::of_pages_at(&compose.gateway(), made_up(ARTICLES, 2)).await;
    compose.configure(&config(Duration::from_millis(200)), &site.feeds_toml(2));
    compose.run(&["up", "--detach", "--no-build"]);
    let url = format!("tls://{}", compose.published("nats", 4222));
    let stranger = async_nats::ConnectOptions::new().add_root_certificates(credentials.certificate("ca.pem"));
    assert!(stranger.connect(&url).await.is_err(), "the server lets in whoever comes");
    let listener = credentials.options("listener-paper").connect(&url).await.unwrap();
    let mut heard = listener.subscribe("articles.enriched.>").await.unwrap();
    compose.writes(ARTICLES).await;
    compose.output().assert_exactly_once(ARTICLES);
    // The command line is the operator's user, and may put articles back onto the queues.
    let status = compose.run(&["run", "--rm", "-T", "tallywire", "status"]);
    assert!(status.contains("ENRICHED"), "{status}");
    let replayed =
        compose.run(&["run", "--rm", "-T", "tallywire", "replay", "--since", "1h", "--from-stage", "figures"]);
    assert!(replayed.contains(&format!("{ARTICLES} published anew")), "{replayed}");
    compose.writes(2 * ARTICLES).await;
    compose.output().assert_exactly_once(2 * ARTICLES);
    let replay = heard.by_ref().skip_while(|message| {
        let article: serde_json::Value = serde_json::from_slice(&message.payload).unwrap();
        std::future::ready(article["revision"] == 1)
    });
    assert!(Box::pin(replay).next().await.is_some(), "the listener hears what is read anew");
    say("secure", &format!("{ARTICLES} articles, and each once more by a replay; a stranger was refused"));
}
