//! A way to the broker that breaks at just the wrong moment.

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

/// Stands before a server, on an address of its own. The first connection gets as far as its first request, which gets
/// no answer: the server goes away. All later ones get through.
pub async fn proxy_that_hangs_up_first(server: &str) -> String {
    let server = server.trim_start_matches("nats://").to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("nats://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        let mut broker = TcpStream::connect(&server).await.unwrap();
        until_first_request(&mut client, &mut broker).await;
        drop((client, broker));
        loop {
            let (mut client, _) = listener.accept().await.unwrap();
            let server = server.clone();
            tokio::spawn(async move {
                let mut broker = TcpStream::connect(&server).await.unwrap();
                let _ = copy_bidirectional(&mut client, &mut broker).await;
            });
        }
    });
    url
}

/// Passes lines on until the client publishes something.
async fn until_first_request(client: &mut TcpStream, broker: &mut TcpStream) {
    let (from_client, mut to_client) = client.split();
    let (from_broker, mut to_broker) = broker.split();
    let (mut asked, mut answered) = (BufReader::new(from_client).lines(), BufReader::new(from_broker).lines());
    loop {
        tokio::select! {
            Ok(Some(line)) = asked.next_line() => {
                if line.starts_with("PUB") || line.starts_with("HPUB") {
                    return;
                }
                to_broker.write_all(format!("{line}\r\n").as_bytes()).await.unwrap();
            }
            Ok(Some(line)) = answered.next_line() => {
                to_client.write_all(format!("{line}\r\n").as_bytes()).await.unwrap();
            }
            else => return,
        }
    }
}
