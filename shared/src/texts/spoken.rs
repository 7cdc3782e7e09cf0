//! Maps messages of the word files to words. A word without a message does not compile, nor does a
//! message without a word.

use super::messages::{de, en, es, fr, pt_br};
use super::{
    AccountsConnectedWords, ConnectionsWords, DeletionWords, DetailWords, FrameWords, GeneralStartingWords, GeneralWays, Language,
    StoreConnectedWords, StoreEndedWords, WelcomeWords, Words,
};
use crate::Code;
use crate::facts::{AccountState, Found, Messages, StoreState, Uninstalled};
use crate::platform::words::saying;

/// The words of the pages in English, and of all JSON.
pub static ENGLISH: Words = words!(English, en);
/// In German.
pub static GERMAN: Words = words!(German, de);
/// In Spanish.
pub static SPANISH: Words = words!(Spanish, es);
/// In French.
pub static FRENCH: Words = words!(French, fr);
/// In Brazilian Portuguese.
pub static PORTUGUESE: Words = words!(Portuguese, pt_br);

/// The words of a messages module.
macro_rules! words {
    ($language:ident, $said:ident) => {
        Words {
            language: Language::$language,
            frame: FrameWords {
                language_name: $said::LANGUAGE_NAME,
                languages: $said::FRAME_LANGUAGES,
                steps: $said::FRAME_STEPS,
                step_store: $said::FRAME_STEP_STORE,
                done: $said::FRAME_DONE,
                colon: $said::FRAME_COLON,
                reference: $said::FRAME_REFERENCE,
                reference_hint: $said::FRAME_REFERENCE_HINT,
                support: $said::FRAME_SUPPORT,
                privacy: $said::FRAME_PRIVACY,
            },
            starting: GeneralStartingWords { lead: $said::STARTING_LEAD, store: $said::STARTING_STORE, held: $said::STARTING_HELD },
            store_connected: StoreConnectedWords {
                title: $said::STORE_CONNECTED_TITLE,
                found: $said::STORE_CONNECTED_FOUND,
                kind: |found| match found {
                    Found::Products => $said::FOUND_PRODUCTS,
                    Found::Locations => $said::FOUND_LOCATIONS,
                    Found::Discounts => $said::FOUND_DISCOUNTS,
                },
                or_more: $said::found_or_more,
                nothing_read: $said::STORE_CONNECTED_NOTHING_READ,
                partly_read: $said::STORE_CONNECTED_PARTLY_READ,
            },
            accounts_connected: AccountsConnectedWords {
                some_unready: $said::ACCOUNTS_CONNECTED_SOME_UNREADY,
                some_shared: $said::ACCOUNTS_CONNECTED_SOME_SHARED,
                store: $said::ACCOUNTS_CONNECTED_STORE,
                connected: $said::ACCOUNTS_CONNECTED_CONNECTED,
                left_out: $said::ACCOUNTS_CONNECTED_LEFT_OUT,
                done: $said::ACCOUNTS_CONNECTED_DONE,
            },
            connections: ConnectionsWords {
                title: $said::CONNECTIONS_TITLE,
                store: $said::CONNECTIONS_STORE,
                needed: |some, all| $said::connections_needed(all, some),
                linked: $said::CONNECTIONS_LINKED,
                checked: $said::CONNECTIONS_CHECKED,
                store_state: |state| match state {
                    StoreState::Active => $said::STORE_ACTIVE,
                    StoreState::ReconnectNeeded => $said::STORE_RECONNECT_NEEDED,
                    StoreState::Disconnected => $said::STORE_DISCONNECTED,
                },
                store_reconnect: $said::CONNECTIONS_STORE_RECONNECT,
                store_disconnected: $said::connections_store_disconnected,
                account_state: |state| match state {
                    AccountState::Active(Messages::Ready) => $said::ACCOUNT_READY,
                    AccountState::Active(Messages::Shared) => $said::ACCOUNT_SHARED,
                    AccountState::Active(Messages::NotReady(unready)) if unready.is_passing() => $said::ACCOUNT_BEING_CHECKED,
                    AccountState::Active(Messages::NotReady(_)) => $said::ACCOUNT_NOT_READY,
                    AccountState::ReconnectNeeded => $said::ACCOUNT_RECONNECT_NEEDED,
                    AccountState::Moved => $said::ACCOUNT_MOVED,
                    AccountState::Paused => $said::ACCOUNT_PAUSED,
                },
                disconnect: $said::CONNECTIONS_DISCONNECT,
                disconnect_store: $said::connections_disconnect_store,
                forget: $said::CONNECTIONS_FORGET,
                confirm_forget: $said::CONNECTIONS_CONFIRM_FORGET,
                uninstall: $said::CONNECTIONS_UNINSTALL,
                confirm_store: $said::CONNECTIONS_CONFIRM_STORE,
                ended: StoreEndedWords {
                    title: $said::STORE_ENDED_TITLE,
                    access: $said::store_ended_access,
                    app: |app| match app {
                        Uninstalled::Done => $said::STORE_ENDED_APP_REMOVED,
                        Uninstalled::Failed => $said::STORE_ENDED_APP_NOT_REMOVED,
                        Uninstalled::NotAsked => $said::STORE_ENDED_APP_KEPT,
                    },
                },
                note_removed: $said::CONNECTIONS_NOTE_REMOVED,
                sign_out: $said::CONNECTIONS_SIGN_OUT,
            },
            deletion: DeletionWords {
                in_progress: saying!($said::deletion_in_progress),
                requested: $said::DELETION_REQUESTED,
                deleted: $said::DELETION_DELETED,
                records: $said::DELETION_RECORDS,
                code: $said::DELETION_CODE,
            },
            welcome: WelcomeWords {
                about: |accounts| saying!($said::welcome, accounts),
                run_by: $said::WELCOME_RUN_BY,
                ask: $said::WELCOME_ASK,
                ask_sender: $said::WELCOME_ASK_SENDER,
            },
            language_chosen: saying!($said::language_chosen),
            error: |code| match code {
                Code::InvalidShop => saying!($said::error_invalid_shop),
                Code::MissingParameter | Code::RepeatedParameter | Code::MalformedParameter => saying!($said::error_incomplete_link),
                Code::InvalidHmac => saying!($said::error_invalid_hmac),
                Code::StaleRequest => saying!($said::error_stale_request),
                Code::MalformedState | Code::InvalidState => saying!($said::error_begun_elsewhere),
                Code::ExpiredState => saying!($said::error_expired_state),
                Code::UsedState => saying!($said::error_used_state),
                Code::MissingSession | Code::InvalidSession => saying!($said::error_no_session),
                Code::AccessDenied => saying!($said::error_access_denied),
                Code::MissingPermission => saying!($said::error_missing_permission),
                Code::NoPage | Code::NoPhoneNumber => saying!($said::error_nothing_to_connect),
                Code::HeldElsewhere => saying!($said::error_held_elsewhere),
                Code::TooManyAttempts => saying!($said::error_too_many_attempts),
                Code::TokenExchangeFailed => saying!($said::error_token_exchange_failed),
                Code::ProviderError => saying!($said::error_provider_error),
                Code::ProviderTimeout => saying!($said::error_provider_timeout),
                Code::StorageUnavailable => saying!($said::error_storage_unavailable),
                Code::Misconfigured => saying!($said::error_misconfigured),
                Code::NotFound => saying!($said::error_not_found),
                Code::MethodNotAllowed => saying!($said::error_method_not_allowed),
                Code::InvalidRequest => saying!($said::error_invalid_request),
                Code::InvalidSignature => saying!($said::error_invalid_signature),
                Code::PayloadTooLarge => saying!($said::error_payload_too_large),
                Code::Forbidden => saying!($said::error_forbidden),
            },
            detail: DetailWords {
                begun_elsewhere: |platform| saying!($said::detail_begun_elsewhere, platform),
                used: saying!($said::detail_used),
                not_started_here: saying!($said::detail_not_started_here),
                failed: $said::detail_failed,
                dialog_failed: |platform, number| match number {
                    Some(number) => $said::detail_dialog_failed_with_number(number, platform),
                    None => $said::detail_dialog_failed(platform),
                },
                no_answer: $said::detail_no_answer,
                store_changed: saying!($said::detail_store_changed),
                unknown_code: saying!($said::detail_unknown_code),
            },
            ways: GeneralWays {
                start_again: $said::WAY_START_AGAIN,
                manage: $said::WAY_MANAGE,
                reconnect_store: $said::WAY_RECONNECT_STORE,
                move_here: $said::WAY_MOVE_HERE,
                connections: $said::WAY_CONNECTIONS,
                reload: $said::WAY_RELOAD,
                shopify_admin: $said::WAY_SHOPIFY_ADMIN,
                back: $said::WAY_BACK,
                back_to: $said::way_back_to,
                back_to_admin: $said::WAY_BACK_TO_ADMIN,
            },
            list_end: |others, last| $said::list_end(last, others),
            months: [
                $said::MONTH_01,
                $said::MONTH_02,
                $said::MONTH_03,
                $said::MONTH_04,
                $said::MONTH_05,
                $said::MONTH_06,
                $said::MONTH_07,
                $said::MONTH_08,
                $said::MONTH_09,
                $said::MONTH_10,
                $said::MONTH_11,
                $said::MONTH_12,
            ],
            in_words: |day, month, year, time| $said::date(day, month, time, year),
            on_day: $said::day,
            id: $said::account_id,
        }
    };
}
use words;
