//! An HTTP server for strangers: so many connections at a time, each for one request and for so long.

use std::{sync::Arc, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tracing::{debug, warn};

/// What the server grants.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grants {
    /// Connections at the same time; further ones wait.
    pub(crate) connections: u32,
    /// How long a request's head may take.
    pub(crate) head: Duration,
    /// How long a connection may last, until the last byte of the answer.
    pub(crate) time: Duration,
}

impl Default for Grants {
    fn default() -> Self {
        Self { connections: 64, head: Duration::from_secs(5), time: Duration::from_secs(30) }
    }
}

/// The most bytes of a request's head, and of a body that waits to be read.
const BUFFER: usize = 64 * 1024;
/// The wait after a connection could not be accepted, for want of file descriptors, say.
const PAUSE: Duration = Duration::from_secs(1);

/// Serves until `stop`, then lets the connections there are end.
pub(crate) async fn serve(listener: TcpListener, router: Router, grants: Grants, stop: impl Future<Output = ()>) {
    let room = Arc::new(Semaphore::new(grants.connections as usize));
    let accept = async {
        while let Ok(permit) = room.clone().acquire_owned().await {
            match listener.accept().await {
                Ok((stream, _)) => {
                    let connection = tokio::time::timeout(grants.time, answer(stream, router.clone(), grants.head));
                    tokio::spawn(async move {
                        if connection.await.is_err() {
                            debug!("a connection took too long");
                        }
                        drop(permit);
                    });
                }
                Err(error) => {
                    warn!(%error, "no connection can be accepted");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    };
    tokio::select! {
        () = accept => {}
        () = stop => {}
    }
    drop(listener);
    // All the room is there again when the last connection has ended.
    let _ = room.acquire_many(grants.connections).await;
}

/// Answers one request. Keeping the connection for another would let it hold its place for nothing.
async fn answer(stream: TcpStream, router: Router, head: Duration) {
    let served = http1::Builder::new()
        .keep_alive(false)
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
        .await;
    if let Err(error) = served {
        debug!(%error, "a connection broke off");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use axum::routing::{get, post};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        sync::{Notify, oneshot},
    };

    use super::*;

    const GRANTS: Grants = Grants { connections: 2, head: Duration::from_mins(1), time: Duration::from_millis(500) };

    struct Server {
        address: std::net::SocketAddr,
        /// Told when the slow answer has begun, and whether it has ended.
        begun: Arc<Notify>,
        ended: Arc<AtomicBool>,
        stop: oneshot::Sender<()>,
        served: tokio::task::JoinHandle<()>,
    }

    async fn start(grants: Grants) -> Server {
        let begun = Arc::new(Notify::new());
        let ended = Arc::new(AtomicBool::new(false));
        let (told, done) = (begun.clone(), ended.clone());
        let slow = || async move {
            told.notify_one();
            tokio::time::sleep(Duration::from_millis(200)).await;
            done.store(true, Ordering::SeqCst);
        };
        let router = Router::new()
            .route("/", get(|| async { "hello" }).post(|body: String| async move { body }))
            .route("/slow", post(slow));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(serve(listener, router, grants, async move { drop(stopped.await) }));
        Server { address, begun, ended, stop, served }
    }

    /// Sends something, and waits for the connection's end.
    async fn talk(address: std::net::SocketAddr, text: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        // The server may close before it has all.
        let _ = stream.write_all(text.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8(answer).unwrap()
    }

    #[tokio::test]
    async fn slow_senders_lose_their_place() {
        let server = start(GRANTS).await;
        let slow = "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nabc";
        let begun = tokio::time::Instant::now();
        let (one, two, good) = tokio::join!(talk(server.address, slow), talk(server.address, slow), async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            talk(server.address, "GET / HTTP/1.1\r\nhost: a\r\n\r\n").await
        });
        assert_eq!((one.as_str(), two.as_str()), ("", ""));
        assert!(good.starts_with("HTTP/1.1 200") && good.ends_with("hello"), "{good}");
        assert!(begun.elapsed() >= Duration::from_millis(450), "it had to wait for room");
    }

    #[tokio::test]
    async fn a_head_has_less_time_than_a_body() {
        let grants = Grants { head: Duration::from_millis(100), time: Duration::from_mins(1), ..GRANTS };
        let server = start(grants).await;
        for slow in ["", "GET / HTTP/1.1\r\nho"] {
            let begun = tokio::time::Instant::now();
            assert!(!talk(server.address, slow).await.contains("hello"));
            assert!((grants.head..grants.time).contains(&begun.elapsed()), "{slow:?} {:?}", begun.elapsed());
        }
        let slow = "POST /slow HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n";
        assert!(talk(server.address, slow).await.starts_with("HTTP/1.1 200"), "an answer may take longer");
    }

    #[tokio::test]
    async fn a_connection_is_for_one_request_with_a_head_of_limited_size() {
        let server = start(GRANTS).await;
        let twice = talk(server.address, &"GET / HTTP/1.1\r\nhost: a\r\n\r\n".repeat(2)).await;
        assert_eq!(twice.matches("hello").count(), 1, "{twice}");
        let large = format!("GET / HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n", "x".repeat(2 * BUFFER));
        assert!(!talk(server.address, &large).await.contains("hello"));
    }

    #[tokio::test]
    async fn what_is_under_way_is_finished() {
        let server = start(GRANTS).await;
        let address = server.address;
        let under_way = tokio::spawn(talk(address, "POST /slow HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n"));
        server.begun.notified().await;
        server.stop.send(()).unwrap();
        server.served.await.unwrap();
        assert!(server.ended.load(Ordering::SeqCst), "the server waits for it");
        assert!(under_way.await.unwrap().starts_with("HTTP/1.1 200"));
        assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
    }
}
