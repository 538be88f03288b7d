//! A server that misbehaves, each path in its own way.

use std::{future::pending, io, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::bombs::{brotli_bomb, gzip, gzip_bomb, zstd_bomb};
use crate::support::scorekeeper::item;

/// Between two bytes of those that drip.
const DRIP: Duration = Duration::from_millis(200);

/// Starts it; returns its address without a path.
pub(super) async fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            // The client hanging up is what is hoped for.
            tokio::spawn(async move { misbehave(socket).await.unwrap_or_default() });
        }
    });
    base
}

async fn misbehave(mut socket: TcpStream) -> io::Result<()> {
    let mut start = [0; 64];
    let length = socket.peek(&mut start).await?;
    let start = String::from_utf8_lossy(&start[..length]).into_owned();
    let path = start.split(' ').nth(1).unwrap_or_default();
    if path == "/reset" {
        // What has not been read makes the kernel send a reset.
        return Ok(());
    }
    read_request(&mut socket).await?;
    match path {
        "/silent" => pending().await,
        "/header-drip" => drip(&mut socket, b"HTTP/1.1 200 OK\r\nX-Slow: ").await?,
        "/body-drip" => drip(&mut socket, &head("", Some(1000))).await?,
        "/interim" => loop {
            socket.write_all(b"HTTP/1.1 103 Early Hints\r\n\r\n").await?;
        },
        "/bad-chunk" => {
            socket.write_all(&head("Transfer-Encoding: chunked\r\n", None)).await?;
            socket.write_all(b"fffffffffffffffff\r\n<rss").await?;
        }
        "/endless" => {
            socket.write_all(&head("", None)).await?;
            loop {
                socket.write_all(&[b' '; 4096]).await?;
            }
        }
        "/many-headers" => {
            whole(&mut socket, &"X-Many: a\r\n".repeat(100_000), b"").await?;
        }
        "/long-header" => whole(&mut socket, &format!("X-Long: {}\r\n", "a".repeat(10_000_000)), b"").await?,
        "/short" => {
            socket.write_all(&head("", Some(1000))).await?;
            socket.write_all(b"<rss version=\"2.0\"><channel>").await?;
        }
        "/garbage" => socket.write_all(&[0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46, b'\n', 0xff, b'\n']).await?,
        "/gzip-bomb" => whole(&mut socket, "Content-Encoding: gzip\r\n", &gzip_bomb()).await?,
        "/brotli-bomb" => whole(&mut socket, "Content-Encoding: br\r\n", &brotli_bomb()).await?,
        "/zstd-bomb" => whole(&mut socket, "Content-Encoding: zstd\r\n", &zstd_bomb(23)).await?,
        "/zstd-window" => whole(&mut socket, "Content-Encoding: zstd\r\n", &zstd_bomb(27)).await?,
        "/gzip-checksum" => {
            let mut body = gzip(&feed("", 3));
            // The checksum and the length are the last eight bytes (RFC 1952, section 2.3.1).
            let checksum = body.len() - 8;
            body[checksum] ^= 0xff;
            whole(&mut socket, "Content-Encoding: gzip\r\n", &body).await?;
        }
        "/nested" => whole(&mut socket, "", &feed(&"<a>".repeat(100_000), 1)).await?,
        "/nested-json" => whole(&mut socket, "", format!("{{\"items\":{}", "[".repeat(100_000)).as_bytes()).await?,
        "/many" => whole(&mut socket, "", &feed("", 100_000)).await?,
        "/page" => whole(&mut socket, "", b"<!doctype html><html><body><p>Please log in.</p></body></html>").await?,
        "/empty" => whole(&mut socket, "", b"").await?,
        "/entities" => whole(&mut socket, "", expanding_entities().as_bytes()).await?,
        "/utf-16" => whole(&mut socket, "", &odd_utf_16()).await?,
        _ => redirect(&mut socket, path).await?,
    }
    Ok(())
}

async fn read_request(socket: &mut TcpStream) -> io::Result<()> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        request.push(socket.read_u8().await?);
    }
    Ok(())
}

/// Redirects to where no feed can be.
async fn redirect(socket: &mut TcpStream, path: &str) -> io::Result<()> {
    let location = match path {
        "/to-itself" => "Location: /to-itself\r\n",
        "/to-ftp" => "Location: ftp://127.0.0.1/feed\r\n",
        "/to-mail" => "Location: http://127.0.0.1:25/\r\n",
        "/to-garbage" => "Location: http://[::\r\n",
        _ => "",
    };
    let head = format!("HTTP/1.1 302 Found\r\n{location}Content-Length: 0\r\nConnection: close\r\n\r\n");
    socket.write_all(head.as_bytes()).await
}

/// The head of an answer; without a length, the body ends with the connection.
fn head(headers: &str, length: Option<usize>) -> Vec<u8> {
    let length = length.map(|length| format!("Content-Length: {length}\r\n")).unwrap_or_default();
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nConnection: close\r\n";
    format!("{head}{length}{headers}\r\n").into_bytes()
}

/// An answer that is whole, as far as HTTP goes.
async fn whole(socket: &mut TcpStream, headers: &str, body: &[u8]) -> io::Result<()> {
    socket.write_all(&head(headers, Some(body.len()))).await?;
    socket.write_all(body).await?;
    socket.shutdown().await?;
    // A client that has not read all of it is not to see a reset instead.
    socket.read_to_end(&mut Vec::new()).await.map(drop)
}

/// A start, and then for ever a byte at a time.
async fn drip(socket: &mut TcpStream, start: &[u8]) -> io::Result<()> {
    socket.write_all(start).await?;
    loop {
        tokio::time::sleep(DRIP).await;
        socket.write_all(b"a").await?;
    }
}

/// A feed with so many items, and something before them.
fn feed(before: &str, items: usize) -> Vec<u8> {
    let items: String = (0..items).map(|number| item(&[("title", &number.to_string())])).collect();
    format!("<rss version=\"2.0\"><channel>{before}{items}</channel></rss>").into_bytes()
}

/// A feed in UTF-16 with half a character too much.
fn odd_utf_16() -> Vec<u8> {
    let text = String::from_utf8(feed("", 3)).unwrap();
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).chain([b'a']).collect()
}

/// A feed whose title is ten thousand million letters, if its entities are expanded.
fn expanding_entities() -> String {
    let entity = |level: u8| {
        let (name, inner) = (char::from(b'b' + level), char::from(b'a' + level));
        ["<!ENTITY ", name.encode_utf8(&mut [0; 4]), " \"", &format!("&{inner};").repeat(10), "\">"].concat()
    };
    let entities: String = (0..10).map(entity).collect();
    let items = item(&[("title", "News: &k;"), ("guid", "1")]);
    format!("<!DOCTYPE rss [<!ENTITY a \"a\">{entities}]><rss version=\"2.0\"><channel>{items}</channel></rss>")
}
