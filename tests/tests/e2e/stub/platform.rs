//! The stub: a whole platform in one file. People own boxes, and give access to them with tokens
//! that end.
//!
//! What it says of itself is the two kinds, the platform and its registration; what it answers is
//! [`Grantor`]. Everything else is the neutral code's. What it makes up in here stands for remote
//! calls, each with a timeout, a size limit and a typed error.

mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use shared::config::RedirectUri;
use shared::http::Outbound;
use shared::platform::{AccountId, AccountKind, FlowsOf, GrantId, GrantKind, GrantedAccount, Platform, PublicLinks};
use shared::providers::credentials::AppCredentials;
use shared::providers::grantor::{
    CallContext, Delivery, Ended, Facts, GrantToken, Grantor, Pending, Receiver, Revoker, Standing, Trouble, TroubleKind,
};
use shared::providers::registration::Registration;
use shared::{Code, Detail, Error, Secret, UnixSeconds, Vars, metrics::platform_metrics};

/// The platform.
pub(crate) static STUB: Platform = Platform {
    name: "stub",
    label: "Stub",
    state_lifetime: Duration::from_secs(300),
    flows_of: FlowsOf::Identity,
    account: Some(&BOX),
    grant: Some(&GIVER),
    headers: &[],
    words: words::SIGN_IN,
    metrics: platform_metrics!("Stub"),
};

/// A box, with a token of its own.
pub(crate) static BOX: AccountKind = AccountKind {
    platform: &STUB,
    grant: &GIVER,
    key: "box",
    id: "box_id",
    list: "boxes",
    sealed: "box_token",
    borrows_token: false,
    registers: false,
    display: None,
    job: "stub/unsubscribe",
    is_id: is_number,
    companion: None,
    conversation_routing: None,
    public_links: |_, _| PublicLinks::default(),
    words: words::BOXES,
};

/// Who gives access to boxes.
pub(crate) static GIVER: GrantKind = GrantKind {
    platform: &STUB,
    key: "giver",
    sealed: "giver_token",
    job: "stub/revoke",
    is_id: is_number,
    is_revocable: |_| true,
    ends_with_accounts: false,
};

/// On the list.
pub(crate) static REGISTRATION: Registration = Registration {
    account: &BOX,
    is_on: |vars| Ok(app_id(vars).is_some()),
    grantor: |_vars, _clock| Ok(Box::new(Stub::default())),
    revoker: |_vars, _clock| Ok(Box::new(Stub::default())),
    credentials: |vars| {
        let id = app_id(vars).unwrap_or_default().to_owned();
        Ok(AppCredentials::new(&STUB, id, Secret::new("secret"), |_secret, _token| "proof".to_owned()))
    },
};

/// `STUB_APP_ID` turns the platform on.
fn app_id(vars: &Vars) -> Option<&str> {
    vars.optional("STUB_APP_ID")
}

/// How long a giver's token works, in seconds.
const LIFETIME: u64 = 30 * 24 * 3600;

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// What a function needs to begin or end a flow.
#[derive(Debug)]
pub(crate) struct App {
    /// `STUB_APP_ID`.
    pub(crate) app_id: String,
    /// `STUB_REDIRECT_URI`.
    pub(crate) redirect_uri: RedirectUri,
}

impl App {
    /// Reads the variables; none if the platform is off.
    ///
    /// # Errors
    /// `misconfigured`.
    pub(crate) fn from_vars(vars: &Vars) -> Result<Option<Self>, Error> {
        let Some(app_id) = app_id(vars) else { return Ok(None) };
        Ok(Some(Self { app_id: app_id.to_owned(), redirect_uri: vars.redirect_uri("STUB_REDIRECT_URI", "/stub/callback")? }))
    }

    /// Where the giver is asked.
    pub(crate) fn dialog_url(&self, state: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("client_id", &self.app_id).append_pair("redirect_uri", self.redirect_uri.as_str()).append_pair("state", state);
        format!("https://stub.example/dialog?{}", query.finish())
    }
}

/// What a code is exchanged for.
#[derive(Debug)]
pub(crate) struct Granted {
    /// Whose grant it is.
    pub(crate) giver: GrantId,
    /// Its token.
    pub(crate) token: GrantToken,
    /// What it covers.
    pub(crate) boxes: Vec<GrantedAccount>,
}

/// The platform's own side, as far as this process has seen it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stub(Arc<Mutex<State>>);

/// What it remembers.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// The last token for each thing: those before it have ended.
    issued: BTreeMap<String, String>,
    /// Things for which no token works.
    pub(crate) ended: BTreeSet<String>,
    /// Boxes whose messages are delivered.
    pub(crate) delivering: BTreeSet<String>,
    /// What was asked, in order.
    pub(crate) asked: Vec<String>,
    /// It fails whatever is asked.
    pub(crate) is_down: bool,
    count: usize,
}

impl Stub {
    /// What it remembers now.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A token that works.
    pub(crate) fn issue(&self, of: &str) -> Secret {
        let mut state = self.state();
        state.count += 1;
        let token = format!("stub-{of}-{}", state.count);
        state.issued.insert(of.to_owned(), token.clone());
        Secret::new(token)
    }

    /// A box as its giver sees it.
    pub(crate) fn granted(&self, id: AccountId, tasks: &[&str]) -> GrantedAccount {
        GrantedAccount {
            name: format!("Box {id}"),
            tasks: tasks.iter().map(|&task| task.to_owned()).collect(),
            may_move: tasks.contains(&"OWN"),
            category: None,
            display: None,
            access_token: Some(self.issue(&format!("box {id}"))),
            companion: None,
            id,
        }
    }

    /// Exchanges a code. Here it is the giver's number, who owns the boxes 1 and 2.
    ///
    /// # Errors
    /// `token_exchange_failed`.
    pub(crate) fn exchange(&self, code: &str, now: UnixSeconds) -> Result<Granted, Error> {
        let refused = || Error::new(Code::TokenExchangeFailed, Detail::SignInRefused(&STUB));
        let giver = GrantId::parse(&GIVER, code).ok_or_else(refused)?;
        let boxes = ["1", "2"].into_iter().filter_map(|id| AccountId::parse(&BOX, id));
        let boxes = boxes.map(|id| self.granted(id, &["OWN"])).collect();
        let token = GrantToken { access_token: self.issue(&format!("giver {giver}")), expires_at: Some(now + LIFETIME) };
        Ok(Granted { giver, token, boxes })
    }

    /// What a token is for, if it works. One that another process was given does.
    pub(crate) fn works_for(&self, token: &Secret) -> Option<String> {
        let state = self.state();
        let (of, _) = token.expose().strip_prefix("stub-")?.rsplit_once('-')?;
        let is_last = state.issued.get(of).is_none_or(|last| last == token.expose());
        (is_last && !state.ended.contains(of)).then(|| of.to_owned())
    }

    /// The same, when asked for something, which is noted.
    fn ask(&self, asked: &str, token: &Secret) -> Result<Option<String>, Trouble> {
        let mut state = self.state();
        state.asked.push(asked.to_owned());
        if state.is_down {
            return Err(Trouble { kind: TroubleKind::Passing, cause: "stub: down".to_owned() });
        }
        drop(state);
        Ok(self.works_for(token))
    }

    fn end(&self, asked: &str, token: &Secret, end: impl FnOnce(&mut State)) -> Ended {
        match self.ask(asked, token) {
            Err(_) => Ended::Later,
            Ok(None) => Ended::Impossible,
            Ok(Some(_)) => {
                end(&mut self.state());
                Ended::Done
            }
        }
    }
}

fn ready<'a, T: Send + 'a>(answer: T) -> Pending<'a, T> {
    Box::pin(std::future::ready(answer))
}

impl Revoker for Stub {
    fn platform(&self) -> &'static Platform {
        &STUB
    }

    fn app_id(&self) -> &str {
        "stub-app"
    }

    fn end_delivery<'a>(&'a self, _: &'a Outbound, account: Receiver<'a>) -> Pending<'a, Ended> {
        ready(self.end("end_delivery", account.token, |state| {
            state.delivering.remove(account.id.as_str());
        }))
    }

    fn revoke<'a>(&'a self, _: &'a Outbound, token: &'a Secret) -> Pending<'a, Ended> {
        ready(self.end("revoke", token, |state| state.ended.extend(state.issued.keys().cloned())))
    }
}

impl Grantor for Stub {
    fn scopes(&self) -> &[String] {
        &[]
    }

    fn check<'a>(&'a self, _: &'a CallContext, token: &'a Secret) -> Pending<'a, Result<Standing, Trouble>> {
        let found = self.ask("check", token);
        ready(found.map(|of| if of.is_some() { Standing::Valid(Facts::default()) } else { Standing::Dead("thrown_out") }))
    }

    fn renew<'a>(&'a self, _: &'a CallContext, token: &'a Secret, now: UnixSeconds) -> Pending<'a, Result<GrantToken, Trouble>> {
        let refused = || Trouble { kind: TroubleKind::Refused, cause: "stub: unknown token".to_owned() };
        let of = self.ask("renew", token).and_then(|of| of.ok_or_else(refused));
        ready(of.map(|of| GrantToken { access_token: self.issue(&of), expires_at: Some(now + LIFETIME) }))
    }

    fn derive<'a>(
        &'a self,
        _: &'a CallContext,
        token: &'a Secret,
        held: &'a [AccountId],
    ) -> Pending<'a, Result<Vec<(AccountId, Secret)>, Trouble>> {
        let asked = self.ask("derive", token);
        ready(asked.map(|_| held.iter().map(|id| (id.clone(), self.issue(&format!("box {id}")))).collect()))
    }

    fn listen<'a>(&'a self, _: &'a CallContext) -> Pending<'a, ()> {
        ready(())
    }

    fn ensure_delivery<'a>(&'a self, _: &'a CallContext, account: Receiver<'a>) -> Pending<'a, Delivery> {
        let messaging = match self.ask("deliver", account.token) {
            Ok(Some(_)) => {
                self.state().delivering.insert(account.id.to_string());
                Ok(())
            }
            Ok(None) => Err(shared::facts::Unready::TokenRefused),
            Err(_) => Err(shared::facts::Unready::NotChecked),
        };
        ready(Delivery { messaging, thread_routing: None })
    }
}
