//! Which addresses may be fetched: public ones, unless the configuration allows private networks.
//!
//! A feed is a stranger's text: its links must not reach services on the machine or in its network. Names are
//! resolved by [`PublicResolver`], whose answers are the addresses that are connected to, so that a second look-up
//! cannot give another one; addresses written into a URL are checked by [`check_url`], on every hop of a redirect.

use std::{
    collections::HashSet,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::LazyLock,
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::shown::ShownUrl;

/// Ports that no web server has reason to listen on.
static BAD_PORTS: LazyLock<HashSet<u16>> = LazyLock::new(|| {
    let lines = include_str!("../data/bad-ports.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).filter_map(|port| port.parse().ok()).collect()
});

/// A URL that must not, or cannot, be fetched.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum AddressError {
    /// Neither http nor https.
    #[error("{0} is neither http nor https")]
    Scheme(String),
    /// No host.
    #[error("there is no host in {0}")]
    NoHost(String),
    /// A port that belongs to another kind of service.
    #[error("{host}: port {port} is no web server's")]
    Port {
        /// The host.
        host: String,
        /// The port.
        port: u16,
    },
    /// The name leads nowhere.
    #[error("the name {0} cannot be resolved; is it spelt right, and does the name server answer?")]
    NoSuchName(String),
    /// Not a public address.
    #[error("{0} is not a public address; fetcher.allow_private_networks = true allows it")]
    Private(String),
}

/// Checks what can be told from the URL alone.
pub(crate) fn check_url(url: &Url, allow_private: bool) -> Result<(), AddressError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(AddressError::Scheme(ShownUrl::new(url).to_string()));
    }
    if let Some(port) = url.port().filter(|port| BAD_PORTS.contains(port)) {
        return Err(AddressError::Port { host: url.host_str().unwrap_or_default().to_owned(), port });
    }
    let address = match url.host() {
        None => return Err(AddressError::NoHost(ShownUrl::new(url).to_string())),
        Some(Host::Domain(_)) => return Ok(()),
        Some(Host::Ipv4(address)) => IpAddr::V4(address),
        Some(Host::Ipv6(address)) => IpAddr::V6(address),
    };
    if allow_private || is_public(address) {
        return Ok(());
    }
    Err(AddressError::Private(address.to_string()))
}

/// Resolves names to public addresses only.
pub(crate) struct PublicResolver {
    pub(crate) allow_private: bool,
}

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_private = self.allow_private;
        Box::pin(async move {
            let unknown = |_| AddressError::NoSuchName(name.as_str().to_owned());
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(unknown)?.collect();
            let allowed: Vec<SocketAddr> =
                found.into_iter().filter(|address| allow_private || is_public(address.ip())).collect();
            if allowed.is_empty() {
                return Err(AddressError::Private(name.as_str().to_owned()).into());
            }
            let addresses: Addrs = Box::new(allowed.into_iter());
            Ok(addresses)
        })
    }
}

/// Whether an address is one of the public internet (IANA's special-purpose address registries, RFC 6890).
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let protocol = a == 192 && b == 0 && c == 0;
    let relay = a == 192 && b == 88 && c == 99;
    let benchmark = a == 198 && (b == 18 || b == 19);
    let reserved = a >= 240;
    !(a == 0
        || address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || shared
        || protocol
        || relay
        || benchmark
        || reserved)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(address) = embedded_v4(address) {
        return is_public_v4(address);
    }
    let [a, b, ..] = address.segments();
    // Only 2000::/3 is given out to the public internet; of it, not the documentation and protocol blocks.
    let global = a & 0xe000 == 0x2000;
    let documentation = (a == 0x2001 && b == 0x0db8) || (a == 0x3fff && b < 0x1000);
    let protocol = a == 0x2001 && b < 0x0200;
    global && !documentation && !protocol
}

/// The IPv4 address within a mapped (`::ffff:0:0/96`), translated (`64:ff9b::/96`) or 6to4 (`2002::/16`) address.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let join = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            Some(join(high, low))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_in_every_disguise_are_refused() {
        for host in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f.1",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "198.18.0.1",
            "[::1]",
            "[::]",
            "[fe80::1]",
            "[fc00::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
            "[ff02::1]",
        ] {
            let url = Url::parse(&format!("http://{host}/")).unwrap();
            assert!(matches!(check_url(&url, false), Err(AddressError::Private(_))), "{host}");
            assert_eq!(check_url(&url, true), Ok(()), "{host}");
        }
    }

    #[test]
    fn public_addresses_are_allowed() {
        for host in ["93.184.215.14", "[2606:4700::1111]", "news.example", "[::ffff:93.184.215.14]"] {
            assert_eq!(check_url(&Url::parse(&format!("https://{host}/")).unwrap(), false), Ok(()), "{host}");
        }
    }

    #[test]
    fn other_services_ports_are_refused() {
        for port in [22, 25, 143, 6667] {
            let url = Url::parse(&format!("http://news.example:{port}/")).unwrap();
            assert!(matches!(check_url(&url, true), Err(AddressError::Port { .. })), "{port}");
        }
        assert_eq!(check_url(&Url::parse("https://news.example:8443/").unwrap(), false), Ok(()));
    }

    #[test]
    fn other_schemes_are_refused() {
        for url in ["file:///etc/passwd", "ftp://news.example/", "data:text/plain,x"] {
            assert!(check_url(&Url::parse(url).unwrap(), true).is_err(), "{url}");
        }
    }
}
