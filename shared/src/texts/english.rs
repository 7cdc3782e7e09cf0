//! English.

mod errors;

use super::{
    AccountsConnectedWords, ConnectionsWords, DeletionWords, FrameWords, GeneralStartingWords, GeneralWays, Language, Saying,
    StoreConnectedWords, StoreEndedWords, WelcomeWords, Words,
};
use crate::facts::{AccountState, Found, Messages, StoreState, Uninstalled};

/// The words of the pages in English, and of all JSON.
pub static ENGLISH: Words = Words {
    language: Language::English,
    frame: FrameWords {
        steps: "Steps",
        step_store: "Store",
        done: "Done",
        reference: "Reference",
        reference_hint: "If you ask for help, please pass this on:",
        support: "Help",
        privacy: "Privacy",
    },
    starting: GeneralStartingWords {
        lead: "You came here from outside. Please check that this is the store that you mean.",
        store: "Your store",
        held: "At another store",
    },
    store_connected: StoreConnectedWords {
        title: "Your store is connected",
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
    accounts_connected: AccountsConnectedWords {
        some_unready: "The connection stands, but not every message reaches the assistant yet. Below you see why, and what helps.",
        some_shared: "Messages are switched on, but other apps answer here too. Below you see where, and how to change that.",
        store: "Answered for",
        connected: "Connected",
        left_out: "Not connected",
        done: "You are done and can close this window.",
    },
    connections: ConnectionsWords {
        title: "Your connections",
        store: "Store",
        needed: |some, all| format!("{some} of {all} {} you", if some == 1 { "needs" } else { "need" }),
        linked: "Connected on",
        checked: "Last checked",
        store_state: |state| match state {
            StoreState::Active => "Connected",
            StoreState::ReconnectNeeded => "Reconnect needed",
            StoreState::Disconnected => "Disconnected",
        },
        store_reconnect: "Shopify no longer accepts our access to your store, so the assistant can't see what you sell. Reconnect it; nothing else is lost.",
        store_disconnected: |accounts| {
            format!(
                "The assistant has no access to this store. Connect it again within 30 days of leaving and your {accounts} are back; after that everything about it is deleted."
            )
        },
        account_state: |state| match state {
            AccountState::Active(Messages::Ready) => "Receives messages",
            AccountState::Active(Messages::Shared) => "Shared with other apps",
            AccountState::Active(Messages::NotReady(unready)) if unready.is_passing() => "Being checked",
            AccountState::Active(Messages::NotReady(_)) => "No messages yet",
            AccountState::ReconnectNeeded => "Reconnect needed",
            AccountState::Moved => "Moved away",
            AccountState::Paused => "Paused",
        },
        disconnect: "Disconnect",
        disconnect_store: |accounts| {
            format!(
                "The assistant stops answering on all your {accounts}, and our access to this store is deleted. Connect it again within 30 days and everything is back; after that it is deleted for good."
            )
        },
        forget: "Remove from this list",
        confirm_forget: "Remove it",
        uninstall: "Also remove the app from my Shopify store",
        confirm_store: "Disconnect this store",
        ended: StoreEndedWords {
            title: "The store is disconnected",
            access: |accounts| format!("Our access to it is deleted, and the assistant no longer answers on its {accounts}."),
            app: |app| match app {
                Uninstalled::Done => "The app is removed from your store.",
                Uninstalled::Failed => {
                    "The app could not be removed from your store. Please remove it in your Shopify admin, under Settings, Apps."
                }
                Uninstalled::NotAsked => {
                    "The app itself is still in your store. You can remove it in your Shopify admin, under Settings, Apps."
                }
            },
        },
        note_removed: "Removed from the list",
        sign_out: "Sign out",
    },
    deletion: DeletionWords {
        in_progress: Saying::fixed(
            "Your data is being deleted",
            "Your request has arrived. What is left of it is done within minutes; open this page again then.",
        ),
        requested: "Requested",
        deleted: "Deleted",
        records: "Records deleted",
        code: "Confirmation code",
    },
    welcome: WelcomeWords {
        about: |accounts| {
            Saying::new(
                "Connects your store with an assistant",
                format!(
                    "Here a Shopify store and its {accounts} are connected, so that an assistant can answer the customers who write to them. It starts in your Shopify admin, or with a link of your own."
                ),
            )
        },
        run_by: "This service is run by",
        ask: "Ask for help",
        ask_sender: "If you have a question, ask whoever sent you here.",
    },
    error: errors::error,
    detail: errors::DETAIL,
    ways: GeneralWays {
        start_again: "Start again from your store",
        manage: "Manage your connections",
        reconnect_store: "Connect the store again",
        move_here: "Move to this store",
        connections: "See your connections",
        reload: "Try again",
        shopify_admin: "Open the app from your Shopify admin",
        back: "Go back",
        back_to: |name| format!("Back to {name}"),
        back_to_admin: "Back to your Shopify admin",
    },
    and: "and",
    months: ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
    in_words: |day, month, year, time| format!("{day} {month} {year}, {time} UTC"),
    on_day: |day, month, year| format!("{day} {month} {year}"),
    id: |id| format!("Number {id}"),
};
