//! A site that keeps score of its guests' manners: it answers as a story tells it to, and logs every request.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Response},
};

use super::eventually;

/// A request as it arrived, and what became of it.
#[derive(Clone)]
pub struct Request {
    pub path: String,
    pub headers: HeaderMap,
    pub at: SystemTime,
    pub answer: Option<Answered>,
}

/// When an answer was sent, and with which headers.
#[derive(Clone)]
pub struct Answered {
    pub at: SystemTime,
    pub headers: HeaderMap,
}

impl Request {
    /// A header's value, where it is there.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub fn answered(&self) -> &Answered {
        self.answer.as_ref().unwrap()
    }
}

/// What a path answers to a request, given how many came before it.
type Script = Arc<dyn Fn(&Request, usize) -> Response + Send + Sync>;

#[derive(Default)]
struct Shared {
    scripts: Mutex<HashMap<String, (Duration, Script)>>,
    log: Mutex<Vec<Request>>,
}

/// A running site. Paths that no script answers are 404.
pub struct Scorekeeper {
    shared: Arc<Shared>,
    base: String,
}

impl Scorekeeper {
    pub async fn start() -> Self {
        let shared = Arc::new(Shared::default());
        let router = Router::new().fallback(answer).with_state(shared.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { shared, base }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Answers a path from now on by a script: it gets the request and how many came before it for this path.
    pub fn answer<R: IntoResponse>(&self, path: &str, script: impl Fn(&Request, usize) -> R + Send + Sync + 'static) {
        self.answer_after(Duration::ZERO, path, script);
    }

    /// As `answer`, by a server that takes so long for it.
    pub fn answer_after<R: IntoResponse>(
        &self,
        wait: Duration,
        path: &str,
        script: impl Fn(&Request, usize) -> R + Send + Sync + 'static,
    ) {
        let script: Script = Arc::new(move |request, before| script(request, before).into_response());
        self.shared.scripts.lock().unwrap().insert(path.to_owned(), (wait, script));
    }

    /// Answers a path with an RSS feed of these parts.
    pub fn feed(&self, path: &str, parts: &[String]) {
        let feed = rss(parts);
        self.answer(path, move |_, _| feed.clone());
    }

    /// The requests for a path, in the order in which they arrived; for all paths below it if it ends with a slash.
    pub fn requests(&self, path: &str) -> Vec<Request> {
        let is_asked =
            |request: &&Request| request.path == path || (path.ends_with('/') && request.path.starts_with(path));
        self.shared.log.lock().unwrap().iter().filter(is_asked).cloned().collect()
    }

    /// Waits until so many requests for a path have arrived, and returns all of them.
    pub async fn asked(&self, path: &str, times: usize) -> Vec<Request> {
        eventually(&format!("{times} requests for {path}"), || async {
            let requests = self.requests(path);
            (requests.len() >= times).then_some(requests)
        })
        .await
    }

    /// Waits until a poll of this path that begins from now on is over: the next but one has arrived.
    pub async fn polled_anew(&self, path: &str) {
        self.asked(path, self.requests(path).len() + 2).await;
    }
}

async fn answer(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().to_owned();
    let request = Request { path: path.clone(), headers, at: SystemTime::now(), answer: None };
    let script = shared.scripts.lock().unwrap().get(&path).cloned();
    let (place, before) = {
        let mut log = shared.log.lock().unwrap();
        let before = log.iter().filter(|earlier| earlier.path == path).count();
        log.push(request.clone());
        (log.len() - 1, before)
    };
    let response = match script {
        None => StatusCode::NOT_FOUND.into_response(),
        Some((wait, script)) => {
            tokio::time::sleep(wait).await;
            script(&request, before)
        }
    };
    let answered = Answered { at: SystemTime::now(), headers: response.headers().clone() };
    shared.log.lock().unwrap()[place].answer = Some(answered);
    response
}

/// Asserts that waits of at least so long lie between the starts of requests.
///
/// When a request was begun is not known, only when it arrived; but the second was begun after the first had arrived.
/// So the log is as long as all waits but the first, at least, however slow the machine is.
pub fn assert_spaced(requests: &[Request], wait: Duration) {
    let (first, last) = (&requests[0], &requests[requests.len() - 1]);
    let took = last.at.duration_since(first.at).unwrap();
    let needed = wait * u32::try_from(requests.len() - 2).unwrap();
    assert!(took >= needed, "{}: {} requests within {took:?}, not {needed:?}", first.path, requests.len());
}

/// An RSS feed of these parts: items, and what the feed says of itself.
pub fn rss(parts: &[String]) -> String {
    format!("<rss version=\"2.0\"><channel><title>The Courier</title>{}</channel></rss>", parts.concat())
}

/// An item with these elements.
pub fn item(elements: &[(&str, &str)]) -> String {
    let element = |(name, text): &(&str, &str)| ["<", name, ">", text, "</", name, ">"].concat();
    format!("<item>{}</item>", elements.iter().map(element).collect::<String>())
}
