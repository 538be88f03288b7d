//! Three servers and two of each service: what is cut off, killed or restarted under load costs time, and no article.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use async_nats::jetstream;
use tallywire_proto::subject::Stream;

use crate::{
    compose::{Compose, config, docker},
    support::{Load, STAGES, Site, eventually, say},
};

const SERVERS: [&str; 3] = ["nats", "nats-2", "nats-3"];
const FEEDS: usize = 4;
/// Articles that are published a second while servers fail.
const RATE: u32 = 8;
/// Longer than a fault lasts that nobody mends.
const OUTAGE: Duration = Duration::from_secs(8);

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_loses_and_doubles_nothing_while_its_servers_fail() {
    let compose = Compose::new("cluster", &["compose.yaml", "compose.cluster.yaml"]);
    let site = Arc::new(Site::of_pages_at(&compose.gateway(), BTreeMap::new()).await);
    compose.configure(&config(Duration::from_millis(5)), &site.feeds_toml(FEEDS));
    let scales: Vec<String> = STAGES.iter().map(|stage| format!("{stage}=2")).collect();
    let mut arguments = vec!["up", "--detach", "--no-build"];
    for scale in &scales {
        arguments.extend(["--scale", scale.as_str()]);
    }
    compose.run(&arguments);
    let load = Load::begin(site, FEEDS, RATE);
    progress(&compose, &load).await;
    let leader = leader(&compose).await;
    let follower = SERVERS.iter().find(|server| **server != leader).unwrap();

    let container = only(&compose, follower);
    docker(&["network", "disconnect", &compose.network(), &container]);
    say("cluster", &format!("cut the network of {follower}; recovered in {:.1} s", progress(&compose, &load).await));
    tokio::time::sleep(OUTAGE).await;
    docker(&["network", "connect", "--alias", follower, &compose.network(), &container]);
    say("cluster", &format!("joined {follower} again; recovered in {:.1} s", progress(&compose, &load).await));
    in_step(&compose).await;

    let leader = self::leader(&compose).await;
    let container = only(&compose, &leader);
    docker(&["network", "disconnect", &compose.network(), &container]);
    say(
        "cluster",
        &format!("cut the network of the leader {leader}; recovered in {:.1} s", progress(&compose, &load).await),
    );
    tokio::time::sleep(OUTAGE).await;
    docker(&["network", "connect", "--alias", &leader, &compose.network(), &container]);
    in_step(&compose).await;

    let leader = self::leader(&compose).await;
    docker(&["kill", &only(&compose, &leader)]);
    say("cluster", &format!("killed the leader {leader}; recovered in {:.1} s", progress(&compose, &load).await));
    tokio::time::sleep(OUTAGE).await;
    docker(&["start", &only(&compose, &leader)]);
    in_step(&compose).await;

    for server in SERVERS {
        docker(&["restart", "--time", "30", &only(&compose, server)]);
        say("cluster", &format!("restarted {server}; recovered in {:.1} s", progress(&compose, &load).await));
        in_step(&compose).await;
    }
    for stage in STAGES {
        let one = compose.containers(stage).remove(0);
        docker(&["kill", &one]);
        say("cluster", &format!("killed one {stage}; recovered in {:.1} s", progress(&compose, &load).await));
        docker(&["start", &one]);
    }

    let published = load.end().await;
    compose.writes(published).await;
    compose.run(&["stop"]);
    compose.output().assert_exactly_once(published);
    say("cluster", &format!("{published} articles, each exactly once"));
}

/// Waits until as many articles are written as were published when it was called, and says how many seconds that took.
async fn progress(compose: &Compose, load: &Load) -> f64 {
    let (begun, goal) = (Instant::now(), load.published() + 1);
    compose.writes(goal).await;
    begun.elapsed().as_secs_f64()
}

/// The server that leads the stream of fetched articles.
async fn leader(compose: &Compose) -> String {
    eventually("a leader", || async {
        let info = stream_info(compose).await?;
        info.cluster?.leader
    })
    .await
}

/// Waits until every server has all of every stream again, so that the next may fail.
async fn in_step(compose: &Compose) {
    eventually("all servers are in step", || async {
        for stream in Stream::ALL {
            let jetstream = connect(compose).await?;
            let cluster = jetstream.get_stream(stream.name()).await.ok()?.get_info().await.ok()?.cluster?;
            let replicas = cluster.replicas;
            if cluster.leader.is_none()
                || replicas.len() != 2
                || !replicas.iter().all(|peer| peer.current && !peer.offline)
            {
                return None;
            }
        }
        Some(())
    })
    .await;
}

async fn stream_info(compose: &Compose) -> Option<jetstream::stream::Info> {
    connect(compose).await?.get_stream(Stream::Fetched.name()).await.ok()?.get_info().await.ok()
}

/// A connection to the first server that answers, by its address in the containers' network.
async fn connect(compose: &Compose) -> Option<jetstream::Context> {
    for server in SERVERS {
        let Some(address) = compose.address(server) else { continue };
        let client = async_nats::connect(format!("nats://{address}:4222"));
        if let Ok(Ok(client)) = tokio::time::timeout(Duration::from_secs(2), client).await {
            let mut jetstream = jetstream::new(client);
            jetstream.set_timeout(Duration::from_secs(2));
            return Some(jetstream);
        }
    }
    None
}

fn only(compose: &Compose, service: &str) -> String {
    let [container] = compose.containers_all(service).try_into().unwrap();
    container
}
