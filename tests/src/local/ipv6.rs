//! The service's port at `[::1]` too: `cargo lambda watch` listens at one address, and `cargo lambda invoke` looks at this one.

use std::net::{Ipv4Addr, Ipv6Addr};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Passes connections on; it ends when dropped.
pub(super) struct Ipv6(JoinHandle<()>);

impl Ipv6 {
    /// Nothing where the machine has no IPv6: whoever asks there then finds nobody, and needs the other address.
    pub(super) async fn start(port: u16) -> Option<Self> {
        let listener = TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await.ok()?;
        Some(Self(tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass_on(client, port));
            }
        })))
    }
}

impl Drop for Ipv6 {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn pass_on(mut client: TcpStream, port: u16) {
    if let Ok(mut service) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await {
        // Either side may leave at any time.
        let _ended = copy_bidirectional(&mut client, &mut service).await;
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    #[tokio::test]
    async fn what_comes_by_ipv6_arrives() {
        let service = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = service.local_addr().unwrap().port();
        let Some(_ipv6) = Ipv6::start(port).await else { return };
        let mut client = TcpStream::connect((Ipv6Addr::LOCALHOST, port)).await.unwrap();
        client.write_all(b"asked").await.unwrap();
        let mut asked = [0; 5];
        let mut accepted = service.accept().await.unwrap().0;
        accepted.read_exact(&mut asked).await.unwrap();
        accepted.write_all(b"told").await.unwrap();
        drop(accepted);
        let mut told = String::new();
        client.shutdown().await.unwrap();
        client.read_to_string(&mut told).await.unwrap();
        assert_eq!((&asked, told.as_str()), (b"asked", "told"));
    }
}
