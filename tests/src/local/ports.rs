//! Four ports in a row: the service and the three things it talks to.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

const DEFAULT: u16 = 9000;

/// Where everything listens, on loopback alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ports {
    pub(super) service: u16,
    pub(super) shopify: u16,
    pub(super) facebook: u16,
    pub(super) database: u16,
}

impl Default for Ports {
    fn default() -> Self {
        Self::from(DEFAULT)
    }
}

impl From<u16> for Ports {
    fn from(first: u16) -> Self {
        Self { service: first, shopify: first + 1, facebook: first + 2, database: first + 3 }
    }
}

impl Ports {
    /// The first of them, as it is written.
    pub(super) fn read(port: &str) -> Result<Self, String> {
        let port = port.parse::<u16>().ok().filter(|port| (1024..=65_532).contains(port));
        port.map(Self::from).ok_or_else(|| "--port takes a number from 1024 to 65532.".to_owned())
    }

    /// What browsers know the service by. A name, since cookies on plain http are kept for `localhost` by every browser.
    pub(super) fn origin(self) -> String {
        format!("http://localhost:{}", self.service)
    }

    pub(super) fn url(port: u16) -> String {
        format!("http://127.0.0.1:{port}")
    }

    /// Finds out early whether another program has one of them.
    pub(super) fn check(self, is_real: bool) -> Result<(), String> {
        let mut needed = vec![(self.service, "the service"), (self.database, "the database")];
        if !is_real {
            needed.extend([(self.shopify, "the local Shopify"), (self.facebook, "the local Facebook")]);
        }
        for (port, user) in needed {
            // Browsers try ::1 for localhost first: somebody there would get the service's requests.
            let loopbacks = [SocketAddr::from((Ipv4Addr::LOCALHOST, port)), (Ipv6Addr::LOCALHOST, port).into()];
            for address in loopbacks {
                match TcpListener::bind(address) {
                    Err(error) if error.kind() == ErrorKind::AddrInUse => return Err(taken(port, user)),
                    // A machine without IPv6 has nobody there.
                    _ => {}
                }
            }
        }
        Ok(())
    }
}

fn taken(port: u16, user: &str) -> String {
    format!(
        "Port {port}, meant for {user}, is taken by another program, perhaps by another ./dev run.\n\
         Stop that program, or use other ports: ./dev run --port {}",
        if port < 60_000 { port + 100 } else { DEFAULT },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_others_follow_the_service() {
        assert_eq!(Ports::default().service, 9000);
        let ports = Ports::read("9100").unwrap();
        assert_eq!((ports.service, ports.shopify, ports.facebook, ports.database), (9100, 9101, 9102, 9103));
    }

    #[test]
    fn a_taken_port_is_named_with_a_way_out() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        let ports = Ports { service: port, shopify: 0, facebook: 0, database: 0 };
        let problem = ports.check(true).unwrap_err();
        assert!(problem.contains(&format!("Port {port}, meant for the service")), "{problem}");
        assert!(problem.contains("./dev run --port"), "{problem}");
    }
}
