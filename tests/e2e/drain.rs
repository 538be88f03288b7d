//! SIGTERM: what is under way is finished, nothing more is begun, and others can go on.

use crate::support::{Pipeline, STAGES, Site, eventually};

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_drains() {
    const ARTICLES: usize = 120;
    let site = Site::of_articles(ARTICLES, 2).await;
    let mut pipeline = Pipeline::new(&site.feeds_toml(2), &[("fetcher.host_delay", "20ms")]).await;
    pipeline.start_all();
    eventually("articles come through", || async { (pipeline.output().articles.len() >= 10).then_some(()) }).await;
    for stage in STAGES {
        // Asserts that it ends by itself and well.
        let log = pipeline.terminate(stage);
        assert!(log.contains("finishing what is under way"), "{stage} was not told:\n{log}");
        assert!(stage == "fetcher" || log.contains("drained"), "{stage} left work behind:\n{log}");
    }
    let before = pipeline.output();
    before.assert_exactly_once(before.articles.len());
    pipeline.start_all();
    pipeline.assert_exactly_once(ARTICLES).await;
}
