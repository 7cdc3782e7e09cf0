//! The scenes: each brings about items of some kinds, in shapes that do not get in each other's
//! way.

mod departed;
mod doubted;
mod leaving;
mod linked;
mod needing;
mod numbers;
mod sealed;
mod unfinished;

use super::reading::Reading;
use crate::settings::Variables;
use crate::world::{World, WorldBuilder};

/// The key that seals.
pub(super) const FIRST_KEY: &str = "k1:Z29sZGVuIGtleSBvbmUsIHdoaWNoIG9wZW5zIG5vbmU=";
/// The key that comes first for the keeper where everything is sealed anew.
pub(super) const SECOND_KEY: &str = "k2:Z29sZGVuIGtleSB0d28sIHdoaWNoIG9wZW5zIG5vbmU=";

/// The configuration of Facebook Login for Business.
const CONFIGURATION: &str = "123456";

/// The permissions with which Instagram comes along.
const WITH_INSTAGRAM: &str = "pages_messaging,pages_show_list,pages_manage_metadata,instagram_basic,instagram_manage_messages";

/// A state of the tables, and what is read in it.
pub struct Scene {
    /// What its recording is called.
    pub name: &'static str,
    /// What stands in the tables, and what of it is written by hand.
    pub about: &'static str,
}

const ALL: &[Scene] = &[
    Scene {
        name: "linked",
        about: "Stores with and without Pages, their sessions, states that were used, and events. \
                All of it is written by the functions.",
    },
    Scene {
        name: "held",
        about: "A Page that moved to another store, and a session whose flow left one behind. All \
                of it is written by the functions.",
    },
    Scene {
        name: "needing",
        about: "Stores, Pages and persons that need a new connection, and what the keeper has \
                noted on others. Written by hand: when some of it died, `dead_seen_at`, \
                `progress`, and what is due.",
    },
    Scene {
        name: "failing",
        about: "What could not be dealt with once, and can't again. Written by hand: the ends of \
                tokens, and what is due.",
    },
    Scene {
        name: "departed",
        about: "Stores that uninstalled the app or were disconnected, the jobs that are left, and \
                what is remembered of webhooks. Written by hand: when two of them uninstalled it, \
                and what is due.",
    },
    Scene {
        name: "doubted",
        about: "Doubts of every sort, and stores that are being erased. Written by hand: the ends \
                of access tokens, and what is due.",
    },
    Scene {
        name: "leaving",
        about: "Persons who removed the app or want to be forgotten, at every stage. Written by \
                hand: what is due, and once that persons are marked, which is taken away again.",
    },
    Scene {
        name: "unfinished",
        about: "Links whose shop is not known or not compared yet, tokens that do not end, leases \
                of holders that died. Written by hand: when a refresh token was issued, that a \
                token does not end, and what is due.",
    },
    Scene {
        name: "business",
        about: "Grants of a business portfolio, whose tokens do not end. Written by hand: what is \
                due.",
    },
    Scene {
        name: "instagram",
        about: "Pages with their Instagram accounts, of which one is granted for none. Written by \
                hand: what is due.",
    },
    Scene {
        name: "numbers",
        about: "WhatsApp numbers of two portfolios: one was disconnected while Meta did not answer, \
                one waits for its PIN, and its account is said to be removed. Written by hand: when that was \
                linked, and what is due.",
    },
    Scene {
        name: "resealing",
        about: "A walk that seals anew, stopped in its middle, and one that marks persons. Written \
                by hand: both notes of the keeper.",
    },
    Scene {
        name: "resealing-again",
        about: "A second walk that seals anew, stopped in its middle; persons are to be marked, \
                and one Page is unmarked. Written by hand: both notes of the keeper, and the mark \
                that is missing.",
    },
    Scene {
        name: "resealing-later",
        about: "A first walk that seals anew is over, and the second one is due; all persons are \
                marked. Written by hand: both notes of the keeper.",
    },
    Scene {
        name: "received",
        about: "How deliveries of messages went in a half-hour, and up to when every subscription \
                was read back. Written by hand: both notes.",
    },
    Scene {
        name: "earlier",
        about: "What versions before the first recording wrote, all of it by hand: a walk's note \
                by `next`, a store among the routine that is erased, a store and a doubt and a \
                Page without what came later.",
    },
];

/// All scenes.
#[must_use]
pub fn all() -> &'static [Scene] {
    ALL
}

/// The scene of a name.
///
/// # Panics
///
/// When there is none.
#[must_use]
pub fn scene(name: &str) -> &'static Scene {
    ALL.iter().find(|scene| scene.name == name).unwrap_or_else(|| panic!("no scene {name}"))
}

impl Scene {
    /// How long after its items were written it is read, in seconds: long enough for a dead
    /// holder's lease to be over, and so that nothing which is written then has a moment of theirs.
    pub(super) fn aged(&self) -> i64 {
        // The used states are past their time as well; but what a session has to tell is, too.
        if self.name == "linked" { 1000 } else { 120 }
    }

    /// A world for it.
    pub(super) fn builder(&self, settings: &Variables) -> WorldBuilder {
        let mut usual = World::builder().lazily();
        for (name, value) in settings {
            usual = usual.setting(name, value);
        }
        match self.name {
            "business" => {
                let usual = usual.setting("FACEBOOK_CONFIG_ID", CONFIGURATION);
                usual.facebook_app(|app| app.config_id = Some(CONFIGURATION.to_owned()))
            }
            "instagram" => usual.setting("FACEBOOK_SCOPES", WITH_INSTAGRAM),
            "numbers" => usual.whatsapp(),
            name if name.starts_with("resealing") || name == "earlier" => {
                let keys = [SECOND_KEY, FIRST_KEY].join(",");
                usual.env_of("token-keeper", "TOKEN_ENCRYPTION_KEYS", &keys)
            }
            _ => usual,
        }
    }

    /// Brings it about; what is then read.
    pub async fn reach(&self, world: &World) -> Vec<Reading> {
        match self.name {
            "linked" => linked::linked(world).await,
            "held" => linked::held(world).await,
            "business" => linked::business(world).await,
            "instagram" => linked::instagram(world).await,
            "numbers" => numbers::reach(world).await,
            "needing" => needing::needing(world).await,
            "failing" => needing::failing(world).await,
            "departed" => departed::reach(world).await,
            "doubted" => doubted::reach(world).await,
            "leaving" => leaving::reach(world).await,
            "unfinished" => unfinished::reach(world).await,
            "resealing" => sealed::first(world).await,
            "resealing-again" => sealed::again(world).await,
            "resealing-later" => sealed::later(world).await,
            "received" => sealed::received(world).await,
            "earlier" => sealed::earlier(world).await,
            name => panic!("no scene {name}"),
        }
    }
}
