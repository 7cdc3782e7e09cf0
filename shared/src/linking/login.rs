//! Begins a flow that links accounts, for the identity of the browser's session, if one of our own
//! pages started it; otherwise asks first.

use crate::facts::NextStep;
use crate::flow::{Begun, Flow};
use crate::platform::AccountKind;
use crate::providers::shopify::ShopDomain;
use crate::reply::{
    Reply,
    cookie::{Name, Presented, Token},
};
use crate::request::{Query, Request, Site};
use crate::signing::csrf;
use crate::starting::Wish;
use crate::store::{
    Sessions,
    sessions::{self, SessionKey},
};
use crate::{Code, Detail, Error, calls, metrics};

use super::Purpose;

/// What a platform's login needs.
#[derive(Debug)]
pub struct Login {
    /// The kind of accounts that it links.
    pub kind: &'static AccountKind,
    /// Begins flows.
    pub flow: Flow,
    /// The sessions table.
    pub sessions: Sessions,
}

impl Login {
    /// Answers a login: a redirect to the dialog whose URL `dialog` makes, or a question.
    ///
    /// # Errors
    /// A row of the error table.
    pub async fn answer(&self, request: &Request, dialog: impl Fn(&Begun, &Wish) -> String) -> Result<Reply, Error> {
        let query = request.query()?;
        let wish = Wish::read(&query)?;
        self.begin(request, &query, &wish, dialog).await.map_err(|error| match way_on(&query) {
            Some(next) => error.leading_to(next),
            None => error,
        })
    }

    /// Starts the flow, or asks first if the visitor comes from elsewhere: then nothing is counted.
    async fn begin(&self, request: &Request, query: &Query, wish: &Wish, dialog: impl Fn(&Begun, &Wish) -> String) -> Result<Reply, Error> {
        let cookie = self.cookie(request)?;
        let (key, hash) = (SessionKey::of(&cookie), cookie.hash(Name::Session));
        let may_move = csrf::MOVING.verify(&self.flow.secrets, &hash, query.get("csrf_token").unwrap_or_default());
        let Some(moving) = wish.starts(request.site(), may_move) else {
            let session = self.sessions.load_of(&key, wish.shop.as_deref()).await?;
            return wish.ask(request, self.kind, &session, &csrf::MOVING.token(&self.flow.secrets, &hash));
        };
        let session = self.sessions.count_attempt(&key, wish.shop.as_deref()).await.map_err(|error| self.too_many(error))?;
        if request.site() == Site::Unsaid {
            calls::count(metrics::STARTS_WITHOUT_FETCH_METADATA, 1);
        }
        let purpose = Purpose { user_uuid: session.user_uuid, generation: session.generation, moving };
        let begun = self.flow.begin(self.kind.platform, request, purpose.to_bytes())?;
        Ok(Reply::redirect(dialog(&begun, wish)).with_cookie(begun.cookie))
    }

    /// The session's cookie.
    fn cookie(&self, request: &Request) -> Result<Token, Error> {
        match Token::presented(&request.cookies, Name::Session, self.flow.https) {
            Presented::Token(token) => Ok(token),
            Presented::Unusable => Err(sessions::invalid()),
            Presented::Missing => Err(Error::new(Code::MissingSession, Detail::StoreFirst(self.kind))),
        }
    }

    /// Adds the kind of accounts: the session does not know what was begun from it.
    fn too_many(&self, mut error: Error) -> Error {
        if error.code == Code::TooManyAttempts {
            error.detail = Detail::TooManyAttempts(self.kind);
        }
        error
    }
}

/// The login of the store that the page named. It only leads to Shopify, so it does not matter who
/// named the store.
fn way_on(query: &Query) -> Option<NextStep> {
    ShopDomain::parse(query.get("shop")?).ok().map(|shop| NextStep::store_login(shop.as_str()))
}
