//! Streams, buckets and consumers come into being, by the services or by the operator.

use async_nats::jetstream::consumer::pull;
use tallywire_proto::subject::Stream;
use tallywire_runtime::access;

use crate::support::{Pipeline, Site, get, proxy_that_hangs_up_first, ready, run};

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_goes_away_while_a_service_starts_is_asked_again() {
    let mut pipeline = Pipeline::new("", &[]).await;
    let proxy = proxy_that_hangs_up_first(&pipeline.nats.url()).await;
    pipeline.set("nats.url", &proxy);
    let sink = pipeline.start("sink");
    sink.logs("not provisioned yet").await;
    ready(sink).await;
    assert!(pipeline.nats.jetstream().await.get_stream(Stream::Enriched.name()).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_right_to_create_services_wait_for_the_operator() {
    let site = Site::of_articles(6, 1).await;
    let mut pipeline = Pipeline::new(&site.feeds_toml(1), &[("streams.provision", "false")]).await;
    pipeline.start_all();
    for stage in crate::support::STAGES {
        let service = pipeline.services(stage).next().unwrap();
        let said = service.logs("waiting for what").await;
        assert!(said.contains("tallywire provision") && said.contains("stream"), "{said}");
        assert_eq!(get(service, "/healthz").await, "ok\n", "it waits, and is not to be started again");
        assert!(get(service, "/readyz").await.contains(&format!("{stage}, streams")));
    }
    let jetstream = pipeline.nats.jetstream().await;
    assert!(jetstream.get_stream(Stream::Fetched.name()).await.is_err(), "nobody has created anything");

    let done = run(&mut pipeline.tallywire(&["provision"]));
    assert!(done.status.success(), "{done:?}");
    pipeline.assert_exactly_once(6).await;
    for (stage, stream) in access::stages() {
        let consumer = jetstream.get_consumer_from_stream::<pull::Config, _, _>(stage, stream.name()).await;
        assert!(consumer.is_ok(), "{stage}");
    }
    // Doing it again changes nothing, and what is configured anew is taken over.
    let done = run(&mut pipeline.tallywire(&["provision", "--set", "streams.enriched_max_age=2days"]));
    assert!(done.status.success(), "{done:?}");
    let enriched = jetstream.get_stream(Stream::Enriched.name()).await.unwrap().cached_info().clone();
    assert_eq!((enriched.config.max_age.as_secs(), enriched.state.messages), (2 * 24 * 3600, 6));
}
