//! A Facebook person's grant under an identity, with the Pages that rest on it: what the keeper looks after.

use uuid::Uuid;

use crate::{
    clock::UnixSeconds,
    encryption::{OpenError, Place},
    error::Error,
    facts::delivery::{Messaging, ThreadRouting, Unready},
    providers::facebook::{self, pages::PageId},
    secret::Secret,
};

use super::{
    Connections, Item,
    due::early,
    item,
    pages::{Seen, THREAD_ROUTING},
    tokens::Status,
};

const DAY: u64 = 24 * 3600;
/// A dead token is kept this long, in case it was declared dead by mistake.
pub const KEEP_DEAD: u64 = 30 * DAY;

/// A person's grant as it is stored, and what it is stored under.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The identity.
    pub user_uuid: Uuid,
    /// The person's id in this app.
    pub user_id: String,
    /// The identity's store. Without one that is linked, nothing is done in its name.
    pub store: Status,
    /// The store was linked again after an uninstall, and is not yet known to be the same shop.
    pub unconfirmed: bool,
    /// Whether the person's token works.
    pub status: Status,
    /// Since when it does not.
    pub dead_since: Option<UnixSeconds>,
    /// When the person or one of the Pages was first found dead, where too many were for that to be believed.
    pub dead_seen_at: Option<UnixSeconds>,
    /// How far a visit came that could not be finished.
    pub progress: Option<Progress>,
    /// The person's token.
    pub token: Kept,
    /// When it was issued.
    pub issued_at: UnixSeconds,
    /// Its end; none when it does not expire.
    pub expires_at: Option<UnixSeconds>,
    /// The permissions granted with the link.
    pub scopes: Vec<String>,
    /// The app that the grant was given to.
    pub app_id: String,
    /// When somebody has to look after it.
    pub due_at: Option<UnixSeconds>,
    /// The Pages that this identity holds through this person, dead ones included.
    pub pages: Vec<GrantedPage>,
    pub(super) generation: u64,
    /// The token as it lies there. A nonce makes each sealing another, so this is the record's version.
    pub(super) sealed: Option<Vec<u8>>,
}

/// A Page of a grant.
#[derive(Clone, Debug)]
pub struct GrantedPage {
    /// The id.
    pub id: PageId,
    /// Whether its token works.
    pub status: Status,
    /// Since when it does not.
    pub dead_since: Option<UnixSeconds>,
    /// Its token.
    pub token: Kept,
    /// The app that it was issued to.
    pub app_id: String,
    /// What the person may do on it.
    pub tasks: Vec<String>,
    /// Since when Facebook says of a permission that it holds for no Page.
    pub withheld_since: Option<UnixSeconds>,
    pub(super) version: u64,
    messaging_ready: bool,
    messaging_reason: Option<String>,
    thread_routing: ThreadRouting,
}

/// How far a visit to a person came: one with very many Pages takes several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// With what the next visit goes on.
    pub step: Step,
    /// Behind which Page, in the order of their ids; none: with the first.
    pub after: Option<PageId>,
}

/// What a visit does with each Page, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Asks about its token.
    Tokens,
    /// Sees to its messages.
    Messages,
}

/// A token as it was found.
#[derive(Clone, Debug)]
pub enum Kept {
    /// It opens; `old_key` when another key than the one for new writes seals it.
    Open {
        /// The token.
        token: Secret,
        /// Whether it is to be sealed anew.
        old_key: bool,
    },
    /// It is not what was sealed for this place, and never will be.
    Corrupt,
    /// There is none.
    None,
}

impl Progress {
    /// As it stands on the person's record.
    pub(super) fn written(&self) -> String {
        let step = match self.step {
            Step::Tokens => "tokens",
            Step::Messages => "messages",
        };
        format!("{step}#{}", self.after.as_ref().map(PageId::as_str).unwrap_or_default())
    }

    /// What can't be read is no progress: the visit begins anew.
    fn read(text: &str) -> Option<Self> {
        let (step, after) = text.split_once('#')?;
        let step = match step {
            "tokens" => Step::Tokens,
            "messages" => Step::Messages,
            _ => return None,
        };
        Some(Self { step, after: if after.is_empty() { None } else { Some(PageId::parse(after)?) } })
    }
}

impl Kept {
    /// The token, if it opens.
    #[must_use]
    pub const fn token(&self) -> Option<&Secret> {
        match self {
            Self::Open { token, .. } => Some(token),
            Self::Corrupt | Self::None => None,
        }
    }

    /// The token, if it is to be sealed anew.
    #[must_use]
    pub const fn to_reseal(&self) -> Option<&Secret> {
        match self {
            Self::Open { token, old_key: true } => Some(token),
            _ => None,
        }
    }
}

impl GrantedPage {
    /// Whether it rests on the grant: one that lost its token does not.
    #[must_use]
    pub const fn rests(&self) -> bool {
        matches!(self.status, Status::Active) || !matches!(self.token, Kept::None)
    }

    /// Whether this is what is known of its messages already.
    #[must_use]
    pub fn says(&self, seen: &Seen) -> bool {
        let says = |messaging: Messaging| {
            let reason = messaging.err().map(Unready::as_str);
            self.messaging_ready == messaging.is_ok() && self.messaging_reason.as_deref() == reason
        };
        seen.messaging.is_none_or(says) && seen.thread_routing.is_none_or(|shared| self.thread_routing == Some(shared))
    }
}

impl Grant {
    /// Whether the identity's store is linked, so that something may be done in its name.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        matches!(self.store, Status::Active | Status::ReconnectNeeded) && !self.unconfirmed
    }

    /// Whether a Page of this identity rests on it. Without one the person's token is of no use here, and would open Pages of others.
    #[must_use]
    pub fn is_used(&self) -> bool {
        self.pages.iter().any(GrantedPage::rests)
    }

    /// Whether a token that ends at `expires_at` is to be exchanged again now: less than a third of its life is left.
    #[must_use]
    pub fn is_fading(&self, expires_at: UnixSeconds, now: UnixSeconds) -> bool {
        now >= two_thirds(self.issued_at, expires_at)
    }
}

/// When a person is due next, seen from `now`: within a day, since Meta asks for a check at least daily, or when the token has to be exchanged again.
#[must_use]
pub fn person_due_at(user_uuid: Uuid, now: UnixSeconds, issued_at: UnixSeconds, expires_at: Option<UnixSeconds>) -> UnixSeconds {
    let daily = early(user_uuid, now, DAY);
    match expires_at.map(|end| two_thirds(issued_at, end)) {
        Some(fading) if fading > now => daily.min(fading),
        _ => daily,
    }
}

fn two_thirds(issued_at: UnixSeconds, expires_at: UnixSeconds) -> UnixSeconds {
    issued_at.saturating_add(expires_at.saturating_sub(issued_at) / 3 * 2)
}

impl Connections {
    /// A person's grant with its Pages, strongly consistent; none when it or its identity is gone.
    ///
    /// # Errors
    /// `storage_unavailable`, also when the key of a token is not known here yet.
    pub async fn load_grant(&self, user_uuid: Uuid, user_id: &str) -> Result<Option<Grant>, Error> {
        let items = self.everything(user_uuid).await?;
        let by_key = |sk: &str| items.iter().find(|found| item::text(found, "sk") == Some(sk));
        let (Some(root), Some(person)) = (by_key("store"), by_key(&format!("person#{user_id}"))) else { return Ok(None) };
        let mut pages = Vec::new();
        for found in &items {
            pages.extend(self.granted_page(user_uuid, user_id, found)?);
        }
        Ok(Some(Grant {
            user_uuid,
            user_id: user_id.to_owned(),
            store: Status::read(root),
            unconfirmed: root.contains_key("unconfirmed"),
            status: Status::read(person),
            dead_since: item::number(person, "dead_since"),
            dead_seen_at: item::number(person, "dead_seen_at"),
            progress: item::text(person, "progress").and_then(Progress::read),
            token: self.kept(person, place(user_uuid, user_id, "user_token"))?,
            issued_at: item::number(person, "issued_at").or_else(|| item::number(person, "linked_at")).unwrap_or_default(),
            expires_at: item::number(person, "expires_at"),
            scopes: item::texts(person, "scopes"),
            app_id: item::text(person, "app_id").unwrap_or_default().to_owned(),
            due_at: item::number(person, "due_at"),
            pages,
            generation: item::number(root, "generation").unwrap_or_default(),
            sealed: item::bytes(person, "access_token").map(<[u8]>::to_vec),
        }))
    }

    /// None for anything but a Page that this person's grant gave and that this identity still holds.
    fn granted_page(&self, user_uuid: Uuid, user_id: &str, found: &Item) -> Result<Option<GrantedPage>, Error> {
        let id = item::text(found, "sk").and_then(|sk| sk.strip_prefix("page#")).and_then(PageId::parse);
        let (Some(id), status) = (id, Status::read(found)) else { return Ok(None) };
        if item::text(found, "granted_by") != Some(user_id) || !matches!(status, Status::Active | Status::ReconnectNeeded) {
            return Ok(None);
        }
        Ok(Some(GrantedPage {
            status,
            dead_since: item::number(found, "dead_since"),
            token: self.kept(found, place(user_uuid, id.as_str(), "page_token"))?,
            app_id: item::text(found, "app_id").unwrap_or_default().to_owned(),
            tasks: item::texts(found, "tasks"),
            withheld_since: item::number(found, "withheld_since"),
            version: item::number(found, "version").unwrap_or_default(),
            messaging_ready: item::flag(found, "messaging_ready").unwrap_or_default(),
            messaging_reason: item::text(found, "messaging_reason").map(str::to_owned),
            thread_routing: item::flag(found, THREAD_ROUTING),
            id,
        }))
    }

    pub(super) fn kept(&self, found: &Item, place: Place<'_>) -> Result<Kept, Error> {
        let Some(sealed) = item::bytes(found, "access_token") else { return Ok(Kept::None) };
        match self.keys.open(place, sealed) {
            Ok(token) => Ok(Kept::Open { token, old_key: self.keys.needs_resealing(sealed) }),
            Err(OpenError::Corrupt) => Ok(Kept::Corrupt),
            // The secret may hold it by now.
            Err(OpenError::UnknownKey(id)) => {
                Err(Error::storage_unavailable(format!("{}: sealed with key {id}, which is not known here", place.attribute))
                    .refusing_credentials(true))
            }
        }
    }
}

/// Where a Facebook token lies.
pub(super) fn place<'a>(user_uuid: Uuid, account: &'a str, attribute: &'a str) -> Place<'a> {
    Place { user_uuid, platform: facebook::PLATFORM.name, account, attribute }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LIFE: u64 = 60 * DAY;

    fn grant(store: Status, unconfirmed: bool) -> Grant {
        Grant {
            user_uuid: Uuid::nil(),
            user_id: "1".to_owned(),
            store,
            unconfirmed,
            status: Status::Active,
            dead_since: None,
            dead_seen_at: None,
            progress: None,
            token: Kept::None,
            issued_at: 1000,
            expires_at: None,
            scopes: Vec::new(),
            app_id: String::new(),
            due_at: None,
            pages: Vec::new(),
            generation: 1,
            sealed: None,
        }
    }

    #[test]
    fn a_person_is_due_daily_or_when_two_thirds_are_over() {
        let uuid = Uuid::nil();
        assert_eq!(person_due_at(uuid, 1000, 1000, None), 1000 + DAY);
        assert_eq!(person_due_at(uuid, 1000, 1000, Some(1000 + LIFE)), 1000 + DAY);
        assert_eq!(person_due_at(uuid, 1000, 1000, Some(1000 + 5400)), 1000 + 3600);
        assert_eq!(person_due_at(uuid, 9000, 1000, Some(1000 + 5400)), 9000 + DAY, "what is over is looked at daily");
        assert_eq!(person_due_at(uuid, 4600, 1000, Some(1000 + 5400)), 4600 + DAY, "never in the same second again");
        assert_eq!((DAY, KEEP_DEAD), (86_400, 30 * 86_400));
    }

    #[test]
    fn a_token_fades_with_its_last_third() {
        let grant = grant(Status::Active, false);
        assert!(!grant.is_fading(1000 + LIFE, 1000 + LIFE / 3 * 2 - 1));
        assert!(grant.is_fading(1000 + LIFE, 1000 + LIFE / 3 * 2));
        assert!(grant.is_fading(10, 1000), "and after its end");
    }

    #[test]
    fn progress_is_read_as_it_was_written_and_anything_else_is_none() {
        for step in [Step::Tokens, Step::Messages] {
            for after in [None, PageId::parse("102")] {
                let progress = Progress { step, after };
                assert_eq!(Progress::read(&progress.written()), Some(progress));
            }
        }
        for other in ["", "tokens", "tokens#x", "else#1", "#", "tokens#1#2"] {
            assert_eq!(Progress::read(other), None, "{other}");
        }
    }

    #[test]
    fn a_page_says_what_is_known_when_word_reason_and_routing_are_the_same() {
        let page = |messaging_ready, reason: Option<&str>| GrantedPage {
            id: PageId::parse("1").unwrap(),
            status: Status::Active,
            dead_since: None,
            token: Kept::None,
            app_id: String::new(),
            tasks: Vec::new(),
            withheld_since: None,
            version: 1,
            messaging_ready,
            messaging_reason: reason.map(str::to_owned),
            thread_routing: None,
        };
        let seen = |messaging: Messaging| Seen { messaging: Some(messaging), thread_routing: None };
        let not_checked = Unready::NotChecked.as_str();
        assert!(page(true, None).says(&seen(Ok(()))) && page(false, Some(not_checked)).says(&seen(Err(Unready::NotChecked))));
        assert!(!page(true, None).says(&seen(Err(Unready::NotChecked))) && !page(false, Some(not_checked)).says(&seen(Ok(()))));
        assert!(!page(false, None).says(&seen(Ok(()))) && !page(false, None).says(&seen(Err(Unready::NotChecked))));
        assert!(!page(false, Some(not_checked)).says(&seen(Err(Unready::MissingTask))));

        let routed = |thread_routing| Seen { messaging: None, thread_routing };
        let known = GrantedPage { thread_routing: Some(false), ..page(true, None) };
        assert!(known.says(&routed(Some(false))) && known.says(&routed(None)) && known.says(&seen(Ok(()))));
        assert!(!known.says(&routed(Some(true))) && !page(true, None).says(&routed(Some(false))));
    }

    #[test]
    fn nothing_is_done_for_a_store_that_left_or_may_be_another() {
        assert!(grant(Status::Active, false).is_wanted() && grant(Status::ReconnectNeeded, false).is_wanted());
        assert!(!grant(Status::Uninstalled, false).is_wanted() && !grant(Status::Erasing, false).is_wanted());
        assert!(!grant(Status::Active, true).is_wanted());
    }

    proptest! {
        #[test]
        fn a_token_is_exchanged_again_before_it_ends(id in any::<u128>(), life in 12_u64..LIFE) {
            let (uuid, grant, end) = (Uuid::from_u128(id), grant(Status::Active, false), 1000 + life);
            let mut now = 1000;
            while !grant.is_fading(end, now) {
                let due = person_due_at(uuid, now, 1000, Some(end));
                prop_assert!(due > now && due <= now + DAY, "{now} {due}");
                now = due;
            }
            prop_assert!(now < end, "{now} of {end}");
        }

        #[test]
        fn a_due_time_is_total(id in any::<u128>(), now in any::<u64>(), issued_at in any::<u64>(), expires_at in any::<Option<u64>>()) {
            prop_assert!(person_due_at(Uuid::from_u128(id), now, issued_at, expires_at) >= now);
        }
    }
}
