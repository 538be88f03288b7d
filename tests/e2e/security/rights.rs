//! What each user may do, written down a second time and by hand, and everything else tried.

use std::{collections::BTreeSet, sync::Arc};

use async_nats::{Client, Event};
use futures::StreamExt;
use tallywire_proto::subject::Stream;
use tokio::sync::Mutex;

use crate::support::{Credentials, Pipeline, eventually, run};

/// The streams behind the key-value buckets and the object store.
const BUCKETS: [&str; 6] = ["KV_feeds", "KV_hubs", "KV_seen", "KV_sites", "KV_written", "OBJ_pages"];
/// What is done to a stream.
const STREAM_VERBS: [&str; 11] = [
    "INFO",
    "CREATE",
    "UPDATE",
    "DELETE",
    "PURGE",
    "MSG.GET",
    "MSG.DELETE",
    "SNAPSHOT",
    "RESTORE",
    "LEADER.STEPDOWN",
    "PEER.REMOVE",
];
/// What is done to a consumer.
const CONSUMER_VERBS: [&str; 8] =
    ["INFO", "CREATE", "DURABLE.CREATE", "DELETE", "MSG.NEXT", "PAUSE", "RESET", "LEADER.STEPDOWN"];
/// The consumers of the pipeline.
const CONSUMERS: [(&str, &str); 4] = [
    ("ARTICLES_FETCHED", "cleaner"),
    ("ARTICLES_CLEANED", "entities"),
    ("ARTICLES_TAGGED", "figures"),
    ("ENRICHED", "sink"),
];
const USERS: [&str; 7] = ["fetcher", "cleaner", "entities", "figures", "sink", "subscriber", "listener"];

/// Everything that is tried to publish.
fn everything() -> BTreeSet<String> {
    let mut all: BTreeSet<String> = [
        "articles.fetched.x",
        "articles.cleaned.x",
        "articles.tagged.x",
        "articles.enriched.en.x",
        "figures.count.killed.PE",
        "feeds.status.x",
        "articles.dead.cleaner",
        "articles.dead.entities",
        "articles.dead.figures",
        "articles.dead.sink",
        "articles.dead.fetcher",
        "something.else",
        "$KV.feeds.x",
        "$KV.hubs.x",
        "$KV.seen.x",
        "$KV.sites.x",
        "$KV.written.x",
        "$O.pages.C.x",
        "$O.pages.M.x",
        "$JS.API.INFO",
        "$JS.API.STREAM.NAMES",
        "$JS.API.STREAM.LIST",
        "$JS.API.ACCOUNT.PURGE.x",
        "$SYS.REQ.SERVER.PING",
        "$SYS.REQ.ACCOUNT.PING.CONNZ",
    ]
    .map(str::to_owned)
    .into();
    for stream in Stream::ALL.map(Stream::name).into_iter().chain(BUCKETS) {
        all.extend(STREAM_VERBS.map(|verb| format!("$JS.API.STREAM.{verb}.{stream}")));
        all.extend([
            format!("$JS.API.CONSUMER.CREATE.{stream}"),
            format!("$JS.API.CONSUMER.NAMES.{stream}"),
            format!("$JS.API.CONSUMER.LIST.{stream}"),
            format!("$JS.API.DIRECT.GET.{stream}"),
            format!("$JS.FC.{stream}.x.y"),
        ]);
        all.extend(["mine", "mine.articles.>"].map(|name| format!("$JS.API.CONSUMER.CREATE.{stream}.{name}")));
        all.extend(CONSUMER_VERBS.map(|verb| format!("$JS.API.CONSUMER.{verb}.{stream}.mine")));
    }
    for (stream, consumer) in CONSUMERS {
        all.extend(CONSUMER_VERBS.map(|verb| format!("$JS.API.CONSUMER.{verb}.{stream}.{consumer}")));
        all.insert(format!("$JS.API.CONSUMER.CREATE.{stream}.{consumer}.articles.>"));
        all.insert(format!("$JS.ACK.{stream}.{consumer}.1.1.1.1.0"));
        all.insert(format!("$JS.API.DIRECT.GET.{stream}.articles.x"));
    }
    all.extend(
        ["KV_feeds", "KV_hubs", "KV_seen", "KV_sites", "KV_written"]
            .map(|stream| format!("$JS.API.DIRECT.GET.{stream}.$KV.{}.x", &stream[3..])),
    );
    all.insert("$JS.API.DIRECT.GET.OBJ_pages.$O.pages.M.x".to_owned());
    all.insert("$JS.API.DIRECT.GET.OBJ_pages.$O.pages.C.x".to_owned());
    all
}

fn bucket(name: &str) -> Vec<String> {
    vec![
        format!("$KV.{name}.x"),
        format!("$JS.API.STREAM.INFO.KV_{name}"),
        format!("$JS.API.DIRECT.GET.KV_{name}.$KV.{name}.x"),
    ]
}

fn bodies(takes: bool, puts: bool) -> Vec<String> {
    let mut may = vec!["$JS.API.STREAM.INFO.OBJ_pages", "$JS.API.DIRECT.GET.OBJ_pages.$O.pages.M.x", "$O.pages.M.x"];
    may.push("$JS.API.STREAM.PURGE.OBJ_pages");
    if takes {
        may.extend([
            "$JS.API.CONSUMER.CREATE.OBJ_pages",
            "$JS.API.CONSUMER.DELETE.OBJ_pages.mine",
            "$JS.FC.OBJ_pages.x.y",
        ]);
    }
    if puts {
        may.push("$O.pages.C.x");
    }
    may.into_iter().map(str::to_owned).collect()
}

fn stage(stream: &str, name: &str) -> Vec<String> {
    vec![
        format!("$JS.API.STREAM.INFO.{stream}"),
        format!("$JS.API.CONSUMER.INFO.{stream}.{name}"),
        format!("$JS.API.CONSUMER.MSG.NEXT.{stream}.{name}"),
        format!("$JS.ACK.{stream}.{name}.1.1.1.1.0"),
        format!("articles.dead.{name}"),
        "$JS.API.STREAM.INFO.DEAD".to_owned(),
    ]
}

fn to(stream: &str, subject: &str) -> Vec<String> {
    vec![subject.to_owned(), format!("$JS.API.STREAM.INFO.{stream}")]
}

/// Of everything, what a user may publish.
fn may(user: &str) -> BTreeSet<String> {
    let parts = match user {
        "fetcher" => vec![
            to("ARTICLES_FETCHED", "articles.fetched.x"),
            vec!["feeds.status.x".to_owned()],
            bucket("feeds"),
            bucket("hubs"),
            bucket("seen"),
            bodies(false, true),
        ],
        "cleaner" => vec![
            stage("ARTICLES_FETCHED", user),
            to("ARTICLES_CLEANED", "articles.cleaned.x"),
            bucket("sites"),
            bodies(true, true),
        ],
        "entities" => {
            vec![stage("ARTICLES_CLEANED", user), to("ARTICLES_TAGGED", "articles.tagged.x"), bodies(true, true)]
        }
        "figures" => vec![
            stage("ARTICLES_TAGGED", user),
            to("ENRICHED", "articles.enriched.en.x"),
            to("FIGURES", "figures.count.killed.PE"),
            bodies(true, false),
        ],
        "sink" => vec![stage("ENRICHED", user), bucket("written")],
        "subscriber" => {
            let own = |stream: &str| {
                let verbs = ["INFO", "CREATE", "DURABLE.CREATE", "DELETE", "MSG.NEXT"];
                let mut may: Vec<String> = verbs.map(|verb| format!("$JS.API.CONSUMER.{verb}.{stream}.mine")).into();
                may.extend([
                    format!("$JS.API.STREAM.INFO.{stream}"),
                    format!("$JS.API.CONSUMER.CREATE.{stream}.mine.articles.>"),
                    format!("$JS.FC.{stream}.x.y"),
                ]);
                may
            };
            vec![own("ENRICHED"), own("FIGURES"), vec!["$JS.API.STREAM.NAMES".to_owned()]]
        }
        _ => Vec::new(),
    };
    parts.into_iter().flatten().collect()
}

/// What a user may subscribe to beside its own replies.
fn may_hear(user: &str) -> &'static [&'static str] {
    match user {
        "subscriber" | "listener" => &["articles.enriched.>", "figures.>", "feeds.status.>"],
        _ => &[],
    }
}

/// A connection, and what the server has refused it.
struct Tried {
    client: Client,
    refused: Arc<Mutex<Vec<String>>>,
}

impl Tried {
    async fn connect(credentials: &Credentials, user: &str, url: &str) -> Self {
        let refused = Arc::new(Mutex::new(Vec::new()));
        let noted = refused.clone();
        let options = credentials.options(user).event_callback(move |event| {
            let noted = noted.clone();
            async move {
                if let Event::ServerError(error) = event {
                    noted.lock().await.push(error.to_string());
                }
            }
        });
        Self { client: options.connect(url).await.unwrap(), refused }
    }

    /// Waits until the server has refused to publish on this, or to subscribe to it.
    async fn is_refused(&self, user: &str, subject: &str) {
        eventually(&format!("{user} is refused {subject}"), || async {
            let refused = self.refused.lock().await;
            refused.iter().any(|error| error.contains(&format!("\"{subject}\""))).then_some(())
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_user_may_do_its_work_and_nothing_more() {
    let pipeline = Pipeline::secure("", &[]).await;
    assert!(run(&mut pipeline.tallywire(&["provision"])).status.success());
    let credentials = pipeline.nats.credentials.clone().unwrap();
    let jetstream = pipeline.nats.jetstream().await;
    // Something that could be stolen, changed or deleted.
    for subject in ["articles.fetched.x", "articles.cleaned.x", "articles.tagged.x", "articles.enriched.en.x"] {
        jetstream.publish(subject, "kept".into()).await.unwrap().await.unwrap();
    }
    let everything = everything();
    for user in USERS {
        let may = may(user);
        assert!(may.is_subset(&everything), "{user}: {:?}", may.difference(&everything).collect::<Vec<_>>());
        let tried = Tried::connect(&credentials, user, &pipeline.nats.url()).await;
        let forbidden: Vec<&String> = everything.difference(&may).collect();
        // Not all at once: the client drops events when there are too many.
        for some in forbidden.chunks(16) {
            for subject in some {
                tried.client.publish((*subject).clone(), "".into()).await.unwrap();
            }
            for subject in some {
                tried.is_refused(user, subject).await;
            }
        }
        let others = USERS.iter().filter(|other| **other != user);
        let inboxes = others.map(|other| format!("_INBOX_{}.>", credentials.public_key(other)));
        let heard = [
            "articles.fetched.>",
            "articles.cleaned.>",
            "articles.tagged.>",
            "articles.enriched.>",
            "figures.>",
            "feeds.status.>",
            "articles.dead.>",
            "articles.>",
            ">",
            "$KV.>",
            "$O.>",
            "$JS.>",
            "$SYS.>",
            "_INBOX.>",
        ];
        for subject in heard.map(str::to_owned).into_iter().chain(inboxes) {
            if may_hear(user).contains(&subject.as_str()) {
                continue;
            }
            let subscription = tried.client.subscribe(subject.clone()).await.unwrap();
            tried.is_refused(user, &subject).await;
            drop(subscription);
        }
    }
    // Nothing of all that has come through.
    for stream in ["ARTICLES_FETCHED", "ARTICLES_CLEANED", "ARTICLES_TAGGED", "ENRICHED"] {
        assert_eq!(jetstream.get_stream(stream).await.unwrap().cached_info().state.messages, 1, "{stream}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_allowed_is_not_refused() {
    let pipeline = Pipeline::secure("", &[]).await;
    assert!(run(&mut pipeline.tallywire(&["provision"])).status.success());
    let credentials = pipeline.nats.credentials.clone().unwrap();
    for user in USERS {
        let tried = Tried::connect(&credentials, user, &pipeline.nats.url()).await;
        for subject in may(user) {
            tried.client.publish(subject, "".into()).await.unwrap();
        }
        for subject in may_hear(user) {
            tried.client.subscribe(*subject).await.unwrap();
        }
        // Were the refusals late, this one would be later still.
        let last = if user == "listener" { "articles.fetched.last" } else { "something.last" };
        tried.client.publish(last, "".into()).await.unwrap();
        tried.is_refused(user, last).await;
        let refused = tried.refused.lock().await;
        assert_eq!(refused.len(), 1, "{user}: {refused:?}");
    }
}

/// The server answers wherever a request says; it must not acknowledge others' messages that way.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_acknowledges_for_another_by_way_of_the_server() {
    let pipeline = Pipeline::secure("", &[]).await;
    assert!(run(&mut pipeline.tallywire(&["provision"])).status.success());
    let credentials = pipeline.nats.credentials.clone().unwrap();
    let tried = Tried::connect(&credentials, "subscriber", &pipeline.nats.url()).await;
    let reply = "$JS.ACK.ENRICHED.sink.1.1.1.1.0";
    tried.client.publish_with_reply("$JS.API.STREAM.INFO.ENRICHED", reply, "".into()).await.unwrap();
    tried.is_refused("subscriber", reply).await;
}

/// A consumer's name can stand in the request's body, where no permission sees it.
#[tokio::test(flavor = "multi_thread")]
async fn a_subscriber_cannot_change_the_sinks_consumer_from_within_a_body() {
    let pipeline = Pipeline::secure("", &[]).await;
    assert!(run(&mut pipeline.tallywire(&["provision"])).status.success());
    let credentials = pipeline.nats.credentials.clone().unwrap();
    let subscriber = credentials.options("subscriber").connect(pipeline.nats.url()).await.unwrap();
    for (subject, stream, name) in [
        ("$JS.API.CONSUMER.CREATE.ENRICHED", "ENRICHED", r#""name":"sink""#),
        ("$JS.API.CONSUMER.CREATE.ENRICHED", "ENRICHED", r#""durable_name":"sink""#),
        ("$JS.API.CONSUMER.CREATE.ENRICHED", "ENRICHED", r#""name":"sink","durable_name":"sink""#),
        ("$JS.API.CONSUMER.CREATE.ENRICHED.mine", "ENRICHED", r#""name":"sink","durable_name":"sink""#),
        ("$JS.API.CONSUMER.DURABLE.CREATE.ENRICHED.mine", "ENRICHED", r#""name":"sink","durable_name":"sink""#),
        ("$JS.API.CONSUMER.CREATE.ENRICHED", "ARTICLES_FETCHED", r#""name":"mine""#),
    ] {
        let body = format!(
            r#"{{"stream_name":"{stream}","config":{{{name},"ack_policy":"explicit","filter_subject":"articles.enriched.none"}}}}"#
        );
        let inbox = subscriber.new_inbox();
        let mut answers = subscriber.subscribe(inbox.clone()).await.unwrap();
        subscriber.publish_with_reply(subject, inbox, body.into()).await.unwrap();
        // Whether the server answers or refuses, the sink's consumer must be as it was, and no other stream have a new one.
        let answer = tokio::time::timeout(std::time::Duration::from_secs(1), answers.next()).await;
        let answer = answer.map(|answer| String::from_utf8_lossy(&answer.unwrap().payload).into_owned());
        let jetstream = pipeline.nats.jetstream().await;
        let sink: async_nats::jetstream::consumer::PullConsumer =
            jetstream.get_consumer_from_stream("sink", "ENRICHED").await.unwrap();
        assert_eq!(sink.cached_info().config.filter_subject, "articles.enriched.>", "{subject} {name}: {answer:?}");
        let fetched = jetstream.get_stream("ARTICLES_FETCHED").await.unwrap();
        assert_eq!(fetched.cached_info().state.consumer_count, 1, "{subject} {name}: {answer:?}");
    }
}
