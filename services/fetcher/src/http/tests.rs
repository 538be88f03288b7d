//! The client against a server on loopback.

use super::*;
use crate::address::AddressError;
use axum::{Router, http::StatusCode as Code, response::Redirect, routing::get};

async fn serve() -> Url {
    let router = Router::new()
        .route("/ok", get(|| async { ([("etag", "W/\"1\"")], "hello") }))
        .route(
            "/etag",
            get(|headers: axum::http::HeaderMap| async move {
                if headers.get("if-none-match").is_some_and(|tag| tag == "W/\"1\"") {
                    Code::NOT_MODIFIED
                } else {
                    Code::OK
                }
            }),
        )
        .route("/large", get(|| async { vec![b'x'; 100_000] }))
        .route("/busy", get(|| async { (Code::TOO_MANY_REQUESTS, [("retry-after", "7")]) }))
        .route("/loop", get(|| async { Redirect::temporary("/loop") }))
        .route("/once", get(|| async { Redirect::permanent("/ok") }))
        .route("/twice", get(|| async { Redirect::permanent("/away") }))
        .route("/away", get(|| async { Redirect::temporary("/once") }))
        .route("/slow", get(|| async { std::future::pending::<()>().await }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

fn settings() -> Settings {
    Settings { allow_private_networks: true, timeout: Duration::from_millis(500), ..Settings::default() }
}

async fn ask(settings: &Settings, base: &Url, path: &str) -> Result<Answer, FetchError> {
    let validators = Validators { etag: Some("W/\"1\"".to_owned()), last_modified: None };
    let limits = Limits { bytes: 10_000, cut: false };
    let url = base.join(path).unwrap();
    Client::new(settings).unwrap().get(&url, &validators, &BTreeMap::new(), limits).await
}

#[tokio::test]
async fn every_end_is_told_apart() {
    let base = serve().await;
    let settings = settings();
    let body = ask(&settings, &base, "ok").await.unwrap().body.unwrap();
    assert_eq!((body.bytes.as_slice(), body.validators.etag.as_deref()), (&b"hello"[..], Some("W/\"1\"")));
    assert!(ask(&settings, &base, "etag").await.unwrap().body.is_none());
    let once = ask(&settings, &base, "once").await.unwrap();
    let url = &once.body.as_ref().unwrap().url;
    assert_eq!((url.path(), once.moved.as_ref()), ("/ok", Some(url)));
    let twice = ask(&settings, &base, "twice").await.unwrap();
    assert_eq!(twice.moved.unwrap().path(), "/away", "what is behind a passing redirect is not for good");
    assert!(matches!(ask(&settings, &base, "large").await, Err(FetchError::TooLarge { limit: 10_000, .. })));
    assert!(matches!(ask(&settings, &base, "loop").await, Err(FetchError::Redirect { .. })));
    assert!(matches!(ask(&settings, &base, "slow").await, Err(FetchError::Timeout { .. })));
    let cut = Limits { bytes: 10_000, cut: true };
    let start =
        Client::new(&settings).unwrap().get_whole(&base.join("large").unwrap(), &BTreeMap::new(), cut).await.unwrap();
    assert_eq!(start.bytes.len(), 10_000);
    let busy = ask(&settings, &base, "busy").await.unwrap_err();
    assert_eq!(busy.retry_after(), Some(Duration::from_secs(7)));
    assert!(!busy.is_permanent());
    assert!(ask(&settings, &base, "absent").await.unwrap_err().is_permanent());
}

#[test]
fn secrets_stay_with_their_origin() {
    let may = |from: &str, to: &str| may_share_headers(&Url::parse(from).unwrap(), &Url::parse(to).unwrap());
    assert!(may("https://a.example/x", "https://a.example/y") && may("http://a.example/", "https://a.example/"));
    for to in ["http://a.example/", "https://b.example/", "https://a.example:8443/"] {
        assert!(!may("https://a.example/", to), "{to}");
    }
}

#[tokio::test]
async fn private_addresses_need_leave() {
    let base = serve().await;
    let settings = Settings { allow_private_networks: false, ..settings() };
    assert!(matches!(ask(&settings, &base, "ok").await, Err(FetchError::Address(_))));
    let named = Url::parse(&format!("http://localhost:{}/", base.port().unwrap())).unwrap();
    let error = ask(&settings, &named, "ok").await.unwrap_err();
    assert!(matches!(error, FetchError::Address(AddressError::Private(_))), "{error}");
}
