//! Each service and the server, killed at random under load.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};

use crate::support::{Load, PATIENCE, Pipeline, STAGES, Site, eventually, say};

const FEEDS: usize = 3;
const RATE: u32 = 15;
const SERVER: &str = "nats-server";

#[tokio::test(flavor = "multi_thread")]
async fn everything_killed_at_random_loses_and_doubles_nothing() {
    let number = |name: &str, default| std::env::var(name).map_or(default, |text| text.parse::<u64>().unwrap());
    let (seconds, seed) = (number("KILL_SECONDS", 15), number("SEED", rand::random()));
    let mut random = StdRng::seed_from_u64(seed);
    say("kills", &format!("{seconds} s; again with SEED={seed}"));
    let site = Arc::new(Site::of_pages(BTreeMap::new()).await);
    let settings = [("sink.rotate_bytes", "64KiB"), ("sink.compression", "zstd"), ("nats.connect_for", "10s")];
    let mut pipeline = Pipeline::new(&site.feeds_toml(FEEDS), &settings).await;
    pipeline.start_all();
    let load = Load::begin(site, FEEDS, RATE);
    eventually("a first article", || async { (!pipeline.output().articles.is_empty()).then_some(()) }).await;
    let victims: Vec<&str> = STAGES.into_iter().chain([SERVER]).collect();
    let (mut killed, mut gave_up) = (BTreeMap::new(), 0);
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(seconds) {
        // Between two faults, not for something to happen.
        tokio::time::sleep(Duration::from_millis(random.random_range(50..1500))).await;
        let victim = *victims.choose(&mut random).unwrap();
        *killed.entry(victim).or_insert(0) += 1;
        if victim == SERVER {
            pipeline.nats.kill();
            pipeline.nats.restart().await;
        } else {
            pipeline.kill_and_restart(victim);
        }
        gave_up += pipeline.restart_ended();
    }
    let written = pipeline.output().revisions().len();
    let published = load.end().await;
    let ended = Instant::now();
    while pipeline.output().revisions().len() < published {
        assert!(ended.elapsed() < PATIENCE, "{} of {published} articles", pipeline.output().revisions().len());
        gave_up += pipeline.restart_ended();
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    pipeline.assert_exactly_once(published).await;
    say(
        "kills",
        &format!(
            "{published} articles, each exactly once; killed {killed:?}; {gave_up} services gave up at their start and \
             were started again; {} articles were behind at the end, caught up in {:.1} s",
            published - written.min(published),
            ended.elapsed().as_secs_f64()
        ),
    );
}
