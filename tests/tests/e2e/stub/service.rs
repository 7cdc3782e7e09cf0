//! The service in this process, with the stub on its lists, over a world's own tables.

use e2e::browser::Browser;
use e2e::world::World;
use serde_json::{Value, json};
use shared::clients::Clients;
use shared::clock::Clock;
use shared::config::Vars;
use shared::facts::{Notice, Permission, Unsubscribed};
use shared::flow::Flow;
use shared::lambda::{Function as _, Invoked as _, Routes as _};
use shared::moving::MoveList;
use shared::platform::{AccountId, GrantId, GrantedAccount, Platforms};
use shared::providers::{facebook, shopify};
use shared::reply::Reply;
use shared::reply::cookie::{Name, Presented, Token};
use shared::request::Request;
use shared::signing::{SecretPair, csrf};
use shared::store::link::accounts::{AccountsLink, AccountsLinked, NewGrant};
use shared::store::sessions::{Session, SessionKey};
use shared::store::{Sessions, Tables};
use tokio::time::{Duration, Instant};

use connections::ConnectionList;
use token_keeper::TokenKeeper;

use crate::stub::callback::StubCallback;
use crate::stub::login::StubLogin;
use crate::stub::platform::{BOX, GIVER, STUB, Stub};

/// The one list that it stands on.
static PLATFORMS: Platforms = Platforms(&[&shopify::PLATFORM, &facebook::PLATFORM, &STUB]);

pub(crate) struct Service {
    pub(crate) world: World,
    pub(crate) stub: Stub,
    pub(crate) tables: Tables,
    sessions: Sessions,
    flow: Flow,
    keeper: TokenKeeper,
    list: ConnectionList,
    login: StubLogin,
    callback: StubCallback,
}

/// A merchant's browser, and the identity that it holds a session of.
pub(crate) struct Merchant {
    browser: Browser,
    pub(crate) uuid: String,
}

impl Service {
    pub(crate) async fn start() -> Self {
        let (world, stub) = (World::start().await, Stub::default());
        let vars = world.settings().iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let own = [("AWS_REGION", "us-east-1"), ("STUB_APP_ID", "stub-app"), ("STUB_REDIRECT_URI", "http://localhost:9000/stub/callback")];
        let vars = Vars::from_pairs(vars.chain(own));
        let (clients, clock) = (Clients::with(world.database.client()), Clock::system());
        let tables = Tables::from_vars(&vars, &clients, clock.clone()).unwrap().of_platforms(PLATFORMS);
        let (mut login, mut callback) = (StubLogin::configure(&vars, &clients).unwrap(), StubCallback::configure(&vars, &clients).unwrap());
        let sessions = || Sessions::from_vars(&vars, &clients, clock.clone()).unwrap().of_platforms(PLATFORMS);
        if let (Some((_, login)), Some(on)) = (&mut login.0, &mut callback.0) {
            (login.sessions, on.linking.sessions, on.linking.tables, on.stub) = (sessions(), sessions(), tables.clone(), stub.clone());
        }
        Self {
            login,
            callback,
            sessions: sessions(),
            flow: Flow::from_vars(&vars, false, clock.clone()).unwrap(),
            keeper: TokenKeeper::of(&vars, &clients, tables.clone(), vec![Box::new(stub.clone())], clock.clone()).unwrap(),
            list: ConnectionList::of(&vars, &clients, tables.clone(), vec![Box::new(stub.clone())], clock).unwrap(),
            world,
            stub,
            tables,
        }
    }

    /// A merchant links a store, through the real functions.
    pub(crate) async fn merchant(&self, shop: &str) -> Merchant {
        let browser = self.world.browser();
        let linked = self.world.link_shop(&browser, shop).await;
        assert_eq!(linked.status(), 200, "{}", linked.text());
        Merchant { uuid: linked.json()["user_uuid"].as_str().unwrap().to_owned(), browser }
    }

    /// The merchant signs in from the store once more: a flow that left nothing behind ends its session.
    pub(crate) async fn signs_in(&self, merchant: &Merchant, shop: &str) {
        assert_eq!(self.world.link_shop(&merchant.browser, shop).await.status(), 200);
    }

    /// A box as its giver sees it.
    pub(crate) fn granted(&self, id: &str, tasks: &[&str]) -> GrantedAccount {
        self.stub.granted(box_id(id), tasks)
    }

    /// The stub's login sends the merchant to its dialog, who returns with this code; the
    /// callback's reply.
    pub(crate) async fn signs_in_at_stub(&self, merchant: &Merchant, code: &str) -> Result<Reply, shared::Error> {
        let begun = self
            .login
            .handle(&merchant.asks(json!({ "rawPath": "/stub/login", "headers": { "sec-fetch-site": "same-origin" } }), &[]))
            .await?
            .into_response(false);
        let dialog = begun.headers["location"].to_str().unwrap();
        let (state, cookie) = (dialog.split("state=").nth(1).unwrap(), begun.cookies[0].split(';').next().unwrap());
        let query = format!("code={code}&state={state}");
        self.callback.handle(&merchant.asks(json!({ "rawPath": "/stub/callback", "rawQueryString": query }), &[cookie])).await
    }

    /// The same without its functions, for any giver and boxes: a state is used, and what was
    /// granted is linked.
    pub(crate) async fn links(&self, merchant: &Merchant, giver: &str, boxes: &[GrantedAccount], moving: &[&str]) -> AccountsLinked {
        let (key, session) = self.session(merchant).await;
        let begun = self.flow.begin(&STUB, &merchant.asks(json!({}), &[]), Vec::new()).unwrap();
        let cookie = begun.cookie.split(';').next().unwrap();
        let returned = self.flow.verify(&STUB, &merchant.asks(json!({}), &[cookie]), &begun.state, |_| true).unwrap();
        let claim = self.sessions.claim(&STUB, &merchant.uuid, &returned).await.unwrap();
        let known = self.tables.load_accounts(session.user_uuid, &BOX).await.unwrap();
        let (id, access_token) = (GrantId::parse(&GIVER, giver).unwrap(), self.stub.issue(&format!("giver {giver}")));
        let link = AccountsLink {
            keeps_session: false,
            session: &session,
            session_key: &key,
            claim: &claim,
            app_id: "stub-app",
            kind: &BOX,
            grant: NewGrant {
                id: &id,
                kind: "GIVER",
                access_token: &access_token,
                expires_at: Some(self.flow.clock.now() + 30 * 24 * 3600),
                data_access_expires_at: None,
                scopes: &[],
            },
            accounts: boxes.iter().collect(),
            moving: &MoveList::first_of(moving.iter().copied()),
            not_granted: Vec::new(),
        };
        self.tables.link_accounts(&link, known).await.unwrap()
    }

    /// A run of the keeper, or what an operator asks of it.
    pub(crate) async fn keeper(&self, payload: Value) -> Value {
        self.keeper.invoke(&payload, Instant::now() + Duration::from_secs(300)).await.unwrap()
    }

    /// The merchant sends the list's form for an account, and is told what came of it.
    pub(crate) async fn disconnects(&self, merchant: &Merchant, account: &AccountId) -> (Unsubscribed, Permission) {
        let secrets = SecretPair { current: self.flow.secrets.current.clone(), previous: None };
        let token = csrf::FORMS.token(&secrets, &merchant.token().hash(Name::Session));
        let form = format!("platform=stub&account={account}&csrf_token={token}");
        let headers = json!({ "content-type": "application/x-www-form-urlencoded" });
        let sent = json!({ "rawPath": "/connections/disconnect", "requestContext": { "http": { "method": "POST" } }, "headers": headers, "body": form });
        self.list.handle(&merchant.asks(sent, &[])).await.unwrap_or_else(|error| panic!("{error:?}"));
        let (_, session) = self.session(merchant).await;
        match session.notice {
            Some(Notice::Account { kind, unsubscribed, permission }) if *kind == BOX => (unsubscribed, permission),
            other => panic!("{other:?}"),
        }
    }

    async fn session(&self, merchant: &Merchant) -> (SessionKey, Session) {
        let key = SessionKey::of(&merchant.token());
        let session = self.sessions.load(&key).await.unwrap().expect("a live session");
        (key, session)
    }

    /// An item under a merchant's identity.
    pub(crate) fn item(&self, merchant: &Merchant, sk: &str) -> Option<e2e::database::StoredItem> {
        self.world.item(&format!("uuid#{}", merchant.uuid), sk)
    }

    /// The events that were told, as `TYPE PLATFORM ACCOUNT`, sorted.
    pub(crate) fn events(&self) -> Vec<String> {
        let items = self.world.database.scan("connections").into_iter();
        let told = items.filter_map(|item| Some([item.text("event_type")?, item.text("platform")?, item.text("account")?].join(" ")));
        let mut told: Vec<String> = told.filter(|event| event.contains(" stub ")).collect();
        told.sort();
        told
    }

    /// Where a box, a giver or a job of the stub is named.
    pub(crate) fn places(&self) -> Vec<String> {
        let places = self
            .world
            .database
            .scan("connections")
            .into_iter()
            .map(|item| format!("{} {}", item.text("pk").unwrap(), item.text("sk").unwrap()));
        let mut places: Vec<String> = places.filter(|place| ["box#", "giver#", "stub/"].iter().any(|key| place.contains(key))).collect();
        places.sort();
        places
    }
}

pub(crate) fn box_id(id: &str) -> AccountId {
    AccountId::parse(&BOX, id).expect("a number")
}

impl Merchant {
    fn token(&self) -> Token {
        match Token::presented(&self.asks(json!({}), &[]).cookies, Name::Session, false) {
            Presented::Token(token) => token,
            other => panic!("{other:?}"),
        }
    }

    /// A request with the browser's cookies.
    fn asks(&self, mut event: Value, cookies: &[&str]) -> Request {
        let session = self.browser.cookie("session_id").expect("a session");
        let own = [format!("session_id={session}")];
        event["cookies"] = own.into_iter().chain(cookies.iter().map(|&cookie| cookie.to_owned())).collect();
        Request::from_event(&event)
    }
}
