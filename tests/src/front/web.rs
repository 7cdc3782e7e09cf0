//! The web as one browser sees it: the names in it lead here. On https the service, the stores and Facebook are at the names that they have in production, and a test adds
//! sites of its own; on http there is only what a test adds, as if somebody on the way answered.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{COOKIE, HOST, SET_COOKIE};
use axum::http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use axum::serve::Listener;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::pass_on;
use crate::certificate::Certificate;
use crate::chromium::Names;
use crate::provider::lock;
use crate::world::{HTTPS, World, WorldBuilder};

/// Where Facebook asks people.
pub const FACEBOOK: &str = "https://www.facebook.com";

/// What leads here: the service and its neighbours, another site, the stores, Facebook.
const NAMES: [&str; 4] = ["*.example.com", "*.example", "*.myshopify.com", "www.facebook.com"];

/// The service on https among other sites. It ends when dropped.
pub struct Web {
    /// The world behind it.
    pub world: Arc<World>,
    names: Names,
    sites: Arc<Sites>,
    _servers: JoinSet<()>,
}

/// A request that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// In upper case.
    pub method: String,
    /// With scheme and host, without query.
    pub url: String,
    /// The `Cookie` header, if there was one.
    pub cookie: Option<String>,
}

/// How a cookie of the service is changed before the browser gets it.
pub type CookieChange = fn(&str) -> String;

struct Sites {
    world: Arc<World>,
    client: Client<HttpConnector, Body>,
    pages: Mutex<BTreeMap<String, Page>>,
    change: Mutex<Option<CookieChange>>,
    visits: Mutex<Vec<Visit>>,
}

#[derive(Clone, Default)]
struct Page {
    html: String,
    cookies: Vec<String>,
}

#[derive(Clone)]
struct Site {
    scheme: &'static str,
    sites: Arc<Sites>,
}

impl Web {
    /// Starts the world at [`HTTPS`]. The two functions that only lead to a provider are configured as in production: nothing stands in for it.
    ///
    /// # Panics
    ///
    /// When there is no free port.
    pub async fn start(world: WorldBuilder) -> Self {
        let world = world
            .at(HTTPS)
            .without_in("shopify-login", "SHOPIFY_ENDPOINT_URL")
            .without_in("facebook-login", "FACEBOOK_DIALOG_ENDPOINT_URL");
        let world = Arc::new(world.without_in("facebook-login", "FACEBOOK_GRAPH_ENDPOINT_URL").start().await);
        let client = Client::builder(TokioExecutor::new()).build_http();
        let (pages, change, visits) = (Mutex::default(), Mutex::default(), Mutex::default());
        let sites = Arc::new(Sites { world: Arc::clone(&world), client, pages, change, visits });
        // Chromium trusts the key whatever the certificate says.
        let certificate = Certificate::issue(&["link.example.com"]);
        let mut servers = JoinSet::new();
        let (plain, encrypted) = (listener().await, listener().await);
        let names =
            Names::Some { names: &NAMES, http: port(&plain), https: port(&encrypted), key_fingerprint: certificate.key_fingerprint };
        let service = |scheme| Router::new().fallback(receive).with_state(Site { scheme, sites: Arc::clone(&sites) });
        let (http, https) = (service("http"), service("https"));
        servers.spawn(async move { drop(axum::serve(plain, http).await) });
        servers.spawn(async move { drop(axum::serve(TlsListener::new(encrypted, certificate.acceptor), https).await) });
        Self { world, names, sites, _servers: servers }
    }

    /// What tells a browser that all names lead here.
    #[must_use]
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// Puts a page at a URL; it sets these cookies.
    pub fn put(&self, url: &str, html: &str, cookies: &[&str]) {
        let cookies = cookies.iter().map(|cookie| (*cookie).to_owned()).collect();
        lock(&self.sites.pages).insert(url.to_owned(), Page { html: html.to_owned(), cookies });
    }

    /// Changes every cookie that the service sets from now on.
    pub fn change_cookies(&self, change: CookieChange) {
        *lock(&self.sites.change) = Some(change);
    }

    /// What arrived since the last time this was asked.
    #[must_use]
    pub fn visits(&self) -> Vec<Visit> {
        std::mem::take(&mut *lock(&self.sites.visits))
    }
}

async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port")
}

fn port(listener: &TcpListener) -> u16 {
    listener.local_addr().expect("a bound socket has an address").port()
}

fn header(request: &Request<Body>, name: &HeaderName) -> Option<String> {
    request.headers().get(name)?.to_str().ok().map(str::to_owned)
}

async fn receive(State(Site { scheme, sites }): State<Site>, request: Request<Body>) -> Response<Body> {
    let host = header(&request, &HOST).unwrap_or_default();
    let url = format!("{scheme}://{host}{}", request.uri().path());
    let visit = Visit { method: request.method().to_string(), url: url.clone(), cookie: header(&request, &COOKIE) };
    lock(&sites.visits).push(visit);
    let page = lock(&sites.pages).get(&url).cloned();
    if let Some(page) = page {
        return page.into_response();
    }
    match format!("{scheme}://{host}").as_str() {
        HTTPS => {
            let mut response = pass_on(&sites.world, request).await;
            if let Some(change) = *lock(&sites.change) {
                change_cookies(&mut response, change);
            }
            response
        }
        FACEBOOK => sites.ask(&sites.world.facebook.url(), request).await,
        store if scheme == "https" && store.ends_with(".myshopify.com") => {
            let url = sites.world.shopify.url();
            // Its own pages name the store in their links.
            let is_named = request.uri().path().starts_with(&format!("/{host}/"));
            let prefix = if is_named { url } else { format!("{url}/{host}") };
            sites.ask(&prefix, request).await
        }
        _ => said(StatusCode::NOT_FOUND, "There is nothing here.".to_owned()),
    }
}

impl Sites {
    /// Has a provider's stand-in answer.
    async fn ask(&self, prefix: &str, mut request: Request<Body>) -> Response<Body> {
        let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
        *request.uri_mut() = format!("{prefix}{target}").parse().expect("a stand-in's URL");
        match self.client.request(request).await {
            Ok(answer) => answer.map(Body::new),
            Err(error) => said(StatusCode::BAD_GATEWAY, error.to_string()),
        }
    }
}

impl Page {
    fn into_response(self) -> Response<Body> {
        let mut response = said(StatusCode::OK, self.html);
        for cookie in self.cookies {
            response.headers_mut().append(SET_COOKIE, HeaderValue::from_str(&cookie).expect("a cookie is a header"));
        }
        response
    }
}

fn said(status: StatusCode, html: String) -> Response<Body> {
    let response = Response::builder().status(status).header("content-type", "text/html; charset=utf-8");
    response.body(Body::from(html)).expect("a page is a response")
}

fn change_cookies(response: &mut Response<Body>, change: CookieChange) {
    let cookies: Vec<String> = response.headers().get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok().map(change)).collect();
    response.headers_mut().remove(SET_COOKIE);
    for cookie in cookies {
        response.headers_mut().append(SET_COOKIE, HeaderValue::from_str(&cookie).expect("a changed cookie is a header"));
    }
}

/// Accepts connections over TLS. Each is greeted apart from the others: browsers open some that they never use.
struct TlsListener {
    address: SocketAddr,
    greeted: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    _acceptor: JoinSet<()>,
}

impl TlsListener {
    fn new(listener: TcpListener, tls: TlsAcceptor) -> Self {
        let address = listener.local_addr().expect("a bound socket has an address");
        let (sender, greeted) = mpsc::channel(16);
        let mut acceptor = JoinSet::new();
        acceptor.spawn(async move {
            let mut greetings = JoinSet::new();
            while let Ok((stream, from)) = listener.accept().await {
                let (tls, sender) = (tls.clone(), sender.clone());
                greetings.spawn(async move {
                    // One that fails to greet is the browser's own business.
                    if let Ok(stream) = tls.accept(stream).await {
                        drop(sender.send((stream, from)).await);
                    }
                });
            }
        });
        Self { address, greeted, _acceptor: acceptor }
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.greeted.recv().await {
            Some(connection) => connection,
            // The acceptor is gone, and with it whoever could connect.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        Ok(self.address)
    }
}
