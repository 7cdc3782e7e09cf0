//! A plain TCP relay in front of a database or a provider: notes when a call is under way, and speaks TLS when told to.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

/// When calls were under way, shared by all relays of one world.
#[derive(Clone, Default)]
pub(crate) struct Calls(Arc<Mutex<Vec<(Instant, Instant)>>>);

impl Calls {
    /// How long at least one call was under way since the last time this was asked.
    pub(crate) fn take(&self) -> Duration {
        let mut calls = std::mem::take(&mut *self.0.lock().unwrap());
        calls.sort_unstable();
        let mut covered = Duration::ZERO;
        let mut end = None;
        for (from, to) in calls {
            let from = end.map_or(from, |end: Instant| from.max(end));
            covered += to.saturating_duration_since(from);
            end = end.max(Some(to));
        }
        covered
    }
}

/// A relay that listens already and is told later where to relay to.
pub(crate) struct Front {
    address: SocketAddr,
    scheme: &'static str,
    upstream: watch::Sender<Option<String>>,
}

impl Front {
    /// On a free port; with `tls`, for https.
    pub(crate) async fn start(tls: Option<TlsAcceptor>, calls: &Calls) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let (upstream, known) = watch::channel(None);
        let front = Self { address: listener.local_addr()?, scheme: if tls.is_some() { "https" } else { "http" }, upstream };
        let calls = calls.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A function that ends cuts its connections, which is no error here.
                tokio::spawn(serve(stream, tls.clone(), known.clone(), calls.clone()));
            }
        });
        Ok(front)
    }

    /// Where the functions find it.
    pub(crate) fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// Relays to `http://` this host and port from now on.
    pub(crate) fn lead_to(&self, url: &str) {
        self.upstream.send_replace(Some(url.trim_start_matches("http://").to_owned()));
    }
}

async fn serve(stream: TcpStream, tls: Option<TlsAcceptor>, mut known: watch::Receiver<Option<String>>, calls: Calls) -> io::Result<()> {
    let accepted = Instant::now();
    stream.set_nodelay(true)?;
    let address = known.wait_for(Option::is_some).await.map_err(io::Error::other)?.clone().unwrap_or_default();
    let upstream = TcpStream::connect(address).await?;
    upstream.set_nodelay(true)?;
    match tls {
        // What TLS takes to set up is mostly the function's own work.
        Some(tls) => relay(tls.accept(stream).await?, upstream, calls, None).await,
        // A function connects only when it has something to send.
        None => relay(stream, upstream, calls, Some(accepted)).await,
    }
}

/// Relays both ways. A call is under way from its first byte to the last one of its answer: in HTTP/1.1 they alternate.
async fn relay(client: impl AsyncRead + AsyncWrite, upstream: TcpStream, calls: Calls, begun: Option<Instant>) -> io::Result<()> {
    let (mut from_client, mut to_client) = tokio::io::split(client);
    let (mut from_upstream, mut to_upstream) = tokio::io::split(upstream);
    let begun = Mutex::new(begun);
    let there = async {
        let mut buffer = vec![0; 16 << 10];
        loop {
            let length = from_client.read(&mut buffer).await?;
            if length == 0 {
                return to_upstream.shutdown().await;
            }
            begun.lock().unwrap().get_or_insert_with(Instant::now);
            to_upstream.write_all(&buffer[..length]).await?;
        }
    };
    let back = async {
        let mut buffer = vec![0; 16 << 10];
        loop {
            let length = from_upstream.read(&mut buffer).await?;
            if length == 0 {
                return to_client.shutdown().await;
            }
            to_client.write_all(&buffer[..length]).await?;
            to_client.flush().await?;
            // Each part of a long answer ends the call anew; the parts lie close together.
            if let Some(begun) = begun.lock().unwrap().take() {
                calls.0.lock().unwrap().push((begun, Instant::now()));
            }
        }
    };
    tokio::try_join!(there, back).map(|_| ())
}
