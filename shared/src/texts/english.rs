//! English.

mod errors;

use std::borrow::Cow;

use super::{
    ConnectionsWords, DeletionWords, FrameWords, NoticeWords, PagesConnectedWords, Saying, StartingWords, StoreConnectedWords, Words,
};
use crate::facts::{
    Deletion, Found, LeftOut, Messages, Notice, PageState, Permission, StoreState, Uninstalled, Unready, Unsubscribed, Way,
};

/// The words of the pages in English, and of all JSON.
pub static ENGLISH: Words = Words {
    tag: "en",
    frame: FrameWords {
        steps: "Steps",
        step_store: "Store",
        step_pages: "Facebook Pages",
        done: "Done",
        reference: "Reference",
        reference_hint: "If you ask for help, please pass this on:",
    },
    starting: StartingWords {
        title: "Connect Facebook Pages to this store?",
        lead: "You came here from outside. Please check that this is the store that you mean.",
        move_title: "Move a Page to this store?",
        move_lead: "Another store holds these Pages. A Page that you move answers for this store, and the other one loses it.",
        without_ids_title: "Which Page do you want to move?",
        without_ids_lead: "Pages move one by one. Connect your Pages first: then you see those that another store holds, each with a way to move it.",
        store: "Your store",
        lines: [
            "Facebook asks which of your Pages to connect. Choose only Pages of this store.",
            "The assistant then reads what customers write to these Pages, and answers for this store.",
            "Nothing is connected before you agree at Facebook.",
        ],
        held: "At another store",
        unknown: "We don't know this Page's name. Only move it if you know its number.",
    },
    store_connected: StoreConnectedWords {
        title: "Your store is connected",
        next: "One step is left: choose the Facebook Pages on which the assistant answers your customers.",
        found: "What the assistant found in your store",
        kind: |found| match found {
            Found::Products => "Products",
            Found::Locations => "Locations",
            Found::Discounts => "Active discounts",
        },
        or_more: |number| format!("{number} or more"),
        nothing_read: "The store is connected, but its data could not be read just now. You can go on all the same.",
        partly_read: "The store is connected, but some of its data could not be read just now. You can go on all the same.",
    },
    pages_connected: PagesConnectedWords {
        title: |count| if count == 1 { "Your Page is connected" } else { "Your Pages are connected" },
        all_ready: |count| {
            if count == 1 {
                "Messages to it are switched on, and the assistant can answer for your store."
            } else {
                "Messages to them are switched on, and the assistant can answer for your store."
            }
        },
        some_unready: "The connection stands, but not every message reaches the assistant yet. Below you see why, and what helps.",
        some_shared: "Messages are switched on, but other apps answer here too. Below you see where, and how to change that.",
        store: "Answered for",
        connected: "Connected",
        left_out: "Not connected",
        moved: "It moved here from another store.",
        kept: "It stays connected through a person who may do more on it.",
        truncated: "Facebook's list of Pages did not come to its end, so some may be missing. Please connect those later.",
        done: "You are done and can close this window.",
    },
    connections: ConnectionsWords {
        title: "Your connections",
        store: "Store",
        pages: "Facebook Pages",
        no_pages: "No Page is connected yet. Connect one, and the assistant can answer the customers who write to it.",
        more_pages: "Connect more Pages",
        store_state: |state| match state {
            StoreState::Active => "Connected",
            StoreState::ReconnectNeeded => "Reconnect needed",
            StoreState::Disconnected => "Disconnected",
        },
        about_store: |state| match state {
            StoreState::Active => None,
            StoreState::ReconnectNeeded => Some(
                "Shopify no longer accepts our access to your store, so the assistant can't see what you sell. Reconnect it; nothing else is lost.",
            ),
            StoreState::Disconnected => Some(
                "The assistant has no access to this store. Connect it again within 30 days of leaving and your Pages are back; after that everything about it is deleted.",
            ),
        },
        page_state: |state| match state {
            PageState::Active(Messages::Ready) => "Receives messages",
            PageState::Active(Messages::Shared) => "Shared with other apps",
            PageState::Active(Messages::NotReady(unready)) if unready.is_passing() => "Being checked",
            PageState::Active(Messages::NotReady(_)) => "No messages yet",
            PageState::ReconnectNeeded => "Reconnect needed",
            PageState::Moved => "Moved away",
            PageState::Paused => "Paused",
        },
        about_page: |state| match state {
            // The store says why.
            PageState::Active(Messages::Ready) | PageState::Paused => None,
            PageState::Active(Messages::Shared) => {
                Some("Several apps share this Page's conversations, and the assistant answers only those that Facebook gives to it.")
            }
            PageState::Active(Messages::NotReady(reason)) => Some(unready(reason)),
            PageState::ReconnectNeeded => {
                Some("Facebook no longer accepts our access to this Page. Connect it again and the assistant goes on.")
            }
            PageState::Moved => Some("Another store has taken this Page over, and it is answered for there."),
        },
        disconnect: "Disconnect",
        disconnect_page: "The assistant stops answering here, and our access to this Page is deleted. If no other Page depends on it, the permission that was given at Facebook is withdrawn too. You can connect the Page again at any time.",
        confirm_page: "Disconnect this Page",
        disconnect_store: "The assistant stops answering on all your Pages, and our access to this store is deleted. Connect it again within 30 days and everything is back; after that it is deleted for good.",
        forget: "Remove from this list",
        forget_page: "This note goes away. For the store that has the Page now, nothing changes.",
        confirm_forget: "Remove it",
        uninstall: "Also remove the app from my Shopify store",
        confirm_store: "Disconnect this store",
        notice,
        sign_out: "Sign out",
    },
    deletion: DeletionWords {
        saying: deletion,
        requested: "Requested",
        deleted: "Deleted",
        records: "Records deleted",
        code: "Confirmation code",
    },
    welcome: Saying {
        title: "Connects your store with an assistant",
        text: Cow::Borrowed(
            "Here a Shopify store and its Facebook Pages are connected, so that an assistant can answer the customers who write to them. It starts in your Shopify admin, or with a link of your own. Ask whoever sent you here.",
        ),
    },
    error: errors::error,
    detail: errors::detail,
    way: |way| match way {
        Way::StartAgain => "Start again from your store",
        Way::Manage => "Manage your connections",
        Way::ReconnectStore => "Connect the store again",
        Way::ConnectPages => "Connect your Facebook Pages",
        Way::TryFacebookAgain => "Try again at Facebook",
        Way::ReconnectPage => "Connect again",
        Way::AskAgain => "Ask Facebook for the permissions again",
        Way::GoOn => "Go on to Facebook",
        Way::Move => "Move to this store",
        Way::OtherPages => "Choose other Pages",
        Way::Connections => "See your connections",
        Way::Reload => "Try again",
        Way::ShopifyAdmin => "Open the app from your Shopify admin",
        Way::ConversationRouting => "Choose at Facebook who answers first",
    },
    unready,
    left_out: |reason| match reason {
        LeftOut::InsufficientTasks => {
            "Your role on this Page does not allow the assistant to answer for it. Somebody who may manage it can give you more, or connect it."
        }
        LeftOut::MissingPermissions(_) => "Please connect again and allow the assistant on this Page as well to:",
        LeftOut::Unreadable => "This Page was chosen, but Facebook did not let us read it. Please connect it again later.",
        LeftOut::Gone => "This Page was chosen, but Facebook knows no such Page any more.",
        LeftOut::RateLimited => "Facebook asks us to wait before we read this Page. Please connect it in an hour; nothing else is lost.",
        LeftOut::HeldElsewhere => "Another store holds this Page. If it belongs here, you can move it.",
    },
    permission: |name| {
        Some(match name {
            "pages_messaging" => "answer the messages that customers send to your Page",
            "pages_show_list" => "see which Pages you manage",
            "pages_manage_metadata" => "be told when a message arrives",
            "pages_read_engagement" => "read your Page's name and posts",
            "business_management" => "see the Pages that your business portfolio owns",
            "read_products" | "read_product_listings" => "see what you sell",
            "read_inventory" => "see what is in stock",
            "read_discounts" => "see your discounts",
            "read_locations" => "see where your goods are",
            _ => return None,
        })
    },
    months: ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
    in_words: |day, month, year, time| format!("{day} {month} {year}, {time} UTC"),
};

fn unready(reason: Unready) -> &'static str {
    match reason {
        Unready::NotChecked => {
            "Whether messages to this Page reach the assistant could not be checked yet; that is tried again within a day."
        }
        Unready::RateLimited => "Facebook asks us to wait before messages to this Page are switched on; that is tried again within a day.",
        Unready::MissingTask => {
            "Messages to this Page don't reach the assistant: your role on the Page does not allow to switch them on. Somebody who may manage, moderate or post on it has to connect it."
        }
        Unready::MissingPermission => {
            "Messages to this Page don't reach the assistant: Facebook says that a permission is missing. Please connect the Page again and allow everything that is asked for."
        }
        Unready::TokenRefused => {
            "Messages to this Page don't reach the assistant: Facebook no longer accepts our access to it. Please connect it again."
        }
        Unready::Misconfigured => {
            "Messages to this Page don't reach the assistant because of a mistake on our side. We have been told of it; you need not do anything."
        }
        Unready::PageNotSubscribed => {
            "Messages to this Page don't reach the assistant: Facebook did not keep the subscription. The Page may have switched off apps in its settings; that is tried again within a day."
        }
        Unready::AppNotSubscribed => {
            "Messages to this Page don't reach the assistant yet: the app itself does not listen for them. That is for us to switch on; you need not do anything."
        }
    }
}

fn notice(notice: Notice) -> NoticeWords {
    match notice {
        Notice::Page { unsubscribed, permission } => NoticeWords {
            title: "The Page is disconnected",
            parts: vec![
                "Our access to it is deleted, and the assistant no longer answers there.",
                match unsubscribed {
                    Unsubscribed::Done => "Facebook no longer sends us its messages.",
                    Unsubscribed::Later => "Facebook could not be told at once to send us no more of its messages; we keep trying.",
                    Unsubscribed::NotPossible => "Facebook could not be told to send us no more of its messages; they are dropped.",
                },
                match permission {
                    Permission::Revoked => "The permission that was given at Facebook is withdrawn.",
                    Permission::Kept => "The permission that was given at Facebook stays, because others depend on it.",
                    Permission::NotPossible => {
                        "The permission that was given at Facebook could not be withdrawn from here. You can do that in your Facebook settings, under Business integrations."
                    }
                    Permission::Later => {
                        "The permission that was given at Facebook is withdrawn as soon as Facebook lets us; we keep trying."
                    }
                },
            ],
        },
        Notice::Note => NoticeWords { title: "Removed from the list", parts: Vec::new() },
        Notice::Store { uninstalled } => NoticeWords {
            title: "The store is disconnected",
            parts: vec![
                "Our access to it is deleted, and the assistant no longer answers on its Pages.",
                match uninstalled {
                    Uninstalled::Done => "The app is removed from your store.",
                    Uninstalled::Failed => {
                        "The app could not be removed from your store. Please remove it in your Shopify admin, under Settings, Apps."
                    }
                    Uninstalled::NotAsked => {
                        "The app itself is still in your store. You can remove it in your Shopify admin, under Settings, Apps."
                    }
                },
            ],
        },
    }
}

fn deletion(deletion: Deletion) -> Saying {
    match deletion {
        Deletion::InProgress => Saying::new(
            "Your data is being deleted",
            "Your request has arrived. What is left of it is done within minutes; open this page again then.",
        ),
        Deletion::NothingKept => Saying::new(
            "Nothing about you is kept here",
            "We looked for everything that could have been kept because of your Facebook login. There was nothing.",
        ),
        Deletion::Deleted => Saying::new(
            "Your data was deleted",
            "Everything that was kept because of your Facebook login was deleted: your id, the access that you gave, and the ids and names of the Pages that were connected with it.",
        ),
        Deletion::AccessDeleted => Saying::new(
            "Your access was deleted",
            "This request came when you removed the app: the access that you gave was deleted then. The names of your Pages stay in the lists of the stores they were connected to. \
             To have those deleted as well, send a new request for deletion in your Facebook settings, under Apps and Websites.",
        ),
    }
}
