//! Waits at the redirect URI for the browser of the person who runs this.

use std::io;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What waits where the redirect URI names no loopback address: a tunnel leads there.
const PORT: u16 = 9000;
/// A request line longer than this is no callback.
const LONGEST: usize = 16 * 1024;

/// Shows the address to open, and returns the query that the provider sends the browser back with.
#[expect(clippy::print_stdout, reason = "this is a command, and that is its output")]
pub(super) async fn by_hand(url: &str, redirect_uri: &str) -> Result<String, String> {
    let (port, path) = address(redirect_uri).ok_or("The redirect URI can't be read.")?;
    let listener = TcpListener::bind(("127.0.0.1", port))
        .await
        .map_err(|error| format!("Nothing can listen on port {port}: {error}. Stop ./dev run, if it runs."))?;
    // Browsers may take `localhost` for this one.
    let other = TcpListener::bind(("::1", port)).await.ok();
    println!("Open this in a browser, and approve:\n\n  {url}\n\nThe app must know the redirect URI {redirect_uri}.\nWaiting …");
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            accepted = accept(other.as_ref()) => accepted,
        };
        let Ok((stream, _)) = accepted else { continue };
        if let Ok(Some(query)) = query(stream, path).await {
            return Ok(query);
        }
    }
}

async fn accept(listener: Option<&TcpListener>) -> io::Result<(TcpStream, std::net::SocketAddr)> {
    match listener {
        Some(listener) => listener.accept().await,
        None => std::future::pending().await,
    }
}

/// The port to listen on, and the path.
fn address(redirect_uri: &str) -> Option<(u16, &str)> {
    let (scheme, rest) = redirect_uri.split_once("://")?;
    let (host, _) = rest.split_once('/')?;
    let path = rest.get(host.len()..)?;
    let port = match (scheme, host.rsplit_once(':')) {
        ("http", Some((_, port))) => port.parse().ok()?,
        _ => PORT,
    };
    Some((port, path))
}

/// Answers one request; the query, where it is the callback.
async fn query(mut stream: TcpStream, path: &str) -> io::Result<Option<String>> {
    let (reader, mut writer) = stream.split();
    let mut line = Vec::new();
    let mut reader = tokio::io::AsyncReadExt::take(BufReader::new(reader), LONGEST as u64);
    reader.read_until(b'\n', &mut line).await?;
    let query = of_request_line(&String::from_utf8_lossy(&line), path);
    let (status, text) = match query {
        Some(_) => ("200 OK", "Thank you. The rest is at the terminal."),
        None => ("404 Not Found", "Only the callback is awaited here."),
    };
    let head = format!("HTTP/1.1 {status}\r\ncontent-type: text/plain\r\nreferrer-policy: no-referrer\r\nconnection: close\r\n");
    writer.write_all(format!("{head}content-length: {}\r\n\r\n{text}", text.len()).as_bytes()).await?;
    writer.shutdown().await?;
    Ok(query)
}

fn of_request_line(line: &str, path: &str) -> Option<String> {
    let target = line.strip_prefix("GET ")?.split(' ').next()?;
    let (asked, query) = target.split_once('?')?;
    (asked == path).then(|| query.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_redirect_uri_says_where_to_wait() {
        assert_eq!(address("http://localhost:9100/shopify/callback"), Some((9100, "/shopify/callback")));
        assert_eq!(address("https://tunnel.example/shopify/callback"), Some((PORT, "/shopify/callback")));
        assert_eq!((address("localhost"), address("http://localhost:x/shopify/callback")), (None, None));
    }

    #[tokio::test]
    async fn the_browser_is_thanked_and_anything_else_is_not_found() {
        use tokio::io::AsyncReadExt as _;
        for (sent, status, awaited) in [("/shopify/callback?a=b", "200", Some("a=b")), ("/favicon.ico", "404", None)] {
            let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
            let mut browser = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
            browser.write_all(format!("GET {sent} HTTP/1.1\r\nhost: localhost\r\n\r\n").as_bytes()).await.unwrap();
            let (stream, _) = listener.accept().await.unwrap();
            assert_eq!(query(stream, "/shopify/callback").await.unwrap().as_deref(), awaited);
            let mut answer = String::new();
            browser.read_to_string(&mut answer).await.unwrap();
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")) && answer.contains("\r\n\r\n"), "{answer}");
        }
    }

    #[test]
    fn only_the_callback_is_one() {
        let of = |line| of_request_line(line, "/shopify/callback");
        assert_eq!(of("GET /shopify/callback?a=b&c=d HTTP/1.1\r\n").as_deref(), Some("a=b&c=d"));
        for other in ["GET /favicon.ico HTTP/1.1\r\n", "GET /shopify/callback HTTP/1.1\r\n", "POST /shopify/callback?a=b HTTP/1.1\r\n", ""]
        {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
