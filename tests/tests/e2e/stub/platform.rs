//! The stub: a whole platform in one file. People own boxes, and give access to them with tokens that end.
//!
//! What it says of itself is the two kinds and the platform; what it answers is [`Grantor`]. Everything else is the neutral code's.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use shared::http::Outbound;
use shared::platform::{AccountId, AccountKind, FlowsOf, GrantKind, GrantedAccount, Platform, Platforms, PublicLinks};
use shared::providers::grantor::{
    CallContext, Delivery, Ended, Facts, GrantToken, Grantor, Pending, Receiver, Revoker, Standing, Trouble, TroubleKind,
};
use shared::providers::{facebook, shopify};
use shared::{Secret, UnixSeconds, metrics::platform_metrics};

pub(crate) static STUB: Platform = Platform {
    name: "stub",
    label: "Stub",
    state_lifetime: Duration::from_secs(300),
    flows_of: FlowsOf::Identity,
    account: Some(&BOX),
    grant: Some(&GIVER),
    headers: &[],
    words: facebook::PLATFORM.words,
    metrics: platform_metrics!("Stub"),
};

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
    // The sentences of another: nobody reads them here.
    words: facebook::PAGE.words,
};

pub(crate) static GIVER: GrantKind = GrantKind {
    platform: &STUB,
    key: "giver",
    sealed: "giver_token",
    job: "stub/revoke",
    is_id: is_number,
    is_revocable: |_| true,
    ends_with_accounts: false,
};

/// The one list that it stands on.
pub(crate) static PLATFORMS: Platforms = Platforms(&[&shopify::PLATFORM, &facebook::PLATFORM, &STUB]);

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// The platform's own side: its tokens, and what was asked of it.
#[derive(Clone, Default)]
pub(crate) struct Stub(Arc<Mutex<State>>);

#[derive(Default)]
pub(crate) struct State {
    /// Tokens that work, by what they are for.
    pub(crate) tokens: BTreeMap<String, String>,
    /// Boxes whose messages are delivered.
    pub(crate) delivering: BTreeSet<String>,
    /// What was asked, in order.
    pub(crate) asked: Vec<String>,
    /// It fails whatever is asked.
    pub(crate) is_down: bool,
    issued: usize,
}

impl Stub {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A token that works.
    pub(crate) fn issue(&self, of: &str) -> Secret {
        let mut state = self.state();
        state.issued += 1;
        let token = format!("stub-{of}-{}", state.issued);
        state.tokens.retain(|_, known| known != of);
        state.tokens.insert(token.clone(), of.to_owned());
        Secret::new(token)
    }

    /// A box as its giver sees it.
    pub(crate) fn granted(&self, id: &str, tasks: &[&str]) -> GrantedAccount {
        GrantedAccount {
            id: box_id(id),
            name: format!("Box {id}"),
            tasks: tasks.iter().map(|&task| task.to_owned()).collect(),
            may_move: tasks.contains(&"OWN"),
            category: None,
            display: None,
            access_token: Some(self.issue(&format!("box {id}"))),
            companion: None,
        }
    }

    /// Whose token it is, if it works; `asked` is noted.
    fn ask(&self, asked: &str, token: &Secret) -> Result<Option<String>, Trouble> {
        let mut state = self.state();
        state.asked.push(asked.to_owned());
        if state.is_down {
            return Err(Trouble { kind: TroubleKind::Passing, cause: "stub: down".to_owned() });
        }
        Ok(state.tokens.get(token.expose()).cloned())
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

pub(crate) fn box_id(id: &str) -> AccountId {
    AccountId::parse(&BOX, id).expect("a number")
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
        ready(self.end("revoke", token, |state| state.tokens.clear()))
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
        ready(of.map(|of| GrantToken { access_token: self.issue(&of), expires_at: Some(now + 30 * 24 * 3600) }))
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
