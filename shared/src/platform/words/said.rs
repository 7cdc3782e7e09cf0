//! Turns messages, which the build generates from the languages' files, into words.

/// Applies `$words` to the messages of each language, from `$messages`.
macro_rules! in_each_language {
    ($messages:ident, $words:ident) => {{
        use $messages::{de, en, es, fr, pt_br};
        $crate::platform::words::InEachLanguage {
            english: $words!(en),
            german: $words!(de),
            spanish: $words!(es),
            french: $words!(fr),
            portuguese: $words!(pt_br),
        }
    }};
}
pub(crate) use in_each_language;

/// A message's title and text as a [`Saying`]; the text may have parameters.
macro_rules! saying {
    ($said:ident::$message:ident) => {
        $crate::platform::words::Saying::fixed($said::$message::TITLE, $said::$message::TEXT)
    };
    ($said:ident::$message:ident, $($parameter:expr),+) => {
        $crate::platform::words::Saying::new($said::$message::TITLE, $said::$message::text($($parameter),+))
    };
}
pub(crate) use saying;

/// The words about signing in, from the messages of `$said`, with the message for each of the
/// platform's permissions.
macro_rules! sign_in_words {
    ($said:ident, { $($($name:literal)|+ => $permission:ident,)* }) => {{
        use $crate::platform::words::*;
        PlatformWords {
            linked_before: saying!($said::linked_before),
            being_linked: saying!($said::being_linked),
            declined: saying!($said::declined),
            missing_permissions: saying!($said::missing_permissions),
            refused: saying!($said::refused),
            failed: $said::FAILED,
            no_answer: $said::NO_ANSWER,
            permission: |name| {
                Some(match name {
                    $($($name)|+ => $said::$permission,)*
                    _ => return None,
                })
            },
        }
    }};
}
pub(crate) use sign_in_words;

/// The words about a kind of account, from the messages of `$said`. The messages that name the kind
/// differ from platform to platform.
macro_rules! account_words {
    ($said:ident, [$step:ident, $full_plural:ident, $plural:ident], $registering:expr) => {{
        use $crate::platform::words::*;
        AccountWords {
            step: $said::$step,
            full_plural: $said::$full_plural,
            plural: $said::$plural,
            starting: StartingWords {
                title: $said::STARTING_TITLE,
                move_title: $said::STARTING_MOVE_TITLE,
                move_lead: $said::STARTING_MOVE_LEAD,
                without_ids_title: $said::STARTING_WITHOUT_IDS_TITLE,
                without_ids_lead: $said::STARTING_WITHOUT_IDS_LEAD,
                lines: [$said::STARTING_LINE_1, $said::STARTING_LINE_2, $said::STARTING_LINE_3],
                unknown: $said::STARTING_UNKNOWN,
            },
            next: $said::NEXT,
            connected: ConnectedWords {
                title: $said::connected_title,
                all_ready: $said::connected_all_ready,
                moved: $said::CONNECTED_MOVED,
                kept: $said::CONNECTED_KEPT,
                truncated: $said::CONNECTED_TRUNCATED,
            },
            listed: ListedWords {
                title: $said::LISTED_TITLE,
                none: $said::LISTED_NONE,
                more: $said::LISTED_MORE,
                shared: $said::LISTED_SHARED,
                reconnect: $said::LISTED_RECONNECT,
                moved: $said::LISTED_MOVED,
                disconnect: $said::LISTED_DISCONNECT,
                confirm: $said::LISTED_CONFIRM,
                forget: $said::LISTED_FORGET,
            },
            unready: UnreadyWords {
                not_checked: $said::UNREADY_NOT_CHECKED,
                rate_limited: $said::UNREADY_RATE_LIMITED,
                missing_task: $said::UNREADY_MISSING_TASK,
                missing_permission: $said::UNREADY_MISSING_PERMISSION,
                token_refused: $said::UNREADY_TOKEN_REFUSED,
                misconfigured: $said::UNREADY_MISCONFIGURED,
                not_subscribed: $said::UNREADY_NOT_SUBSCRIBED,
                app_not_subscribed: $said::UNREADY_APP_NOT_SUBSCRIBED,
            },
            registering: $registering,
            left_out: LeftOutWords {
                insufficient_tasks: $said::LEFT_OUT_INSUFFICIENT_TASKS,
                missing_permissions: $said::LEFT_OUT_MISSING_PERMISSIONS,
                unreadable: $said::LEFT_OUT_UNREADABLE,
                gone: $said::LEFT_OUT_GONE,
                rate_limited: $said::LEFT_OUT_RATE_LIMITED,
                held_elsewhere: $said::LEFT_OUT_HELD_ELSEWHERE,
                too_many: $said::LEFT_OUT_TOO_MANY,
            },
            ended: EndedWords {
                title: $said::ENDED_TITLE,
                access: $said::ENDED_ACCESS,
                unsubscribed: $said::ENDED_UNSUBSCRIBED,
                unsubscribed_later: $said::ENDED_UNSUBSCRIBED_LATER,
                not_unsubscribed: $said::ENDED_NOT_UNSUBSCRIBED,
                revoked: $said::ENDED_REVOKED,
                kept: $said::ENDED_KEPT,
                revoked_later: $said::ENDED_REVOKED_LATER,
                not_revoked: $said::ENDED_NOT_REVOKED,
            },
            deletion: DeletionSayings {
                nothing_kept: saying!($said::deletion_nothing_kept),
                deleted: saying!($said::deletion_deleted),
                access_deleted: saying!($said::deletion_access_deleted),
            },
            ways: WayWords {
                connect: $said::WAY_CONNECT,
                try_again: $said::WAY_TRY_AGAIN,
                reconnect: $said::WAY_RECONNECT,
                ask_again: $said::WAY_ASK_AGAIN,
                go_on: $said::WAY_GO_ON,
                choose_others: $said::WAY_CHOOSE_OTHERS,
                conversation_routing: $said::WAY_CONVERSATION_ROUTING,
                own_page: $said::WAY_OWN_PAGE,
                test_message: $said::WAY_TEST_MESSAGE,
            },
            refusals: RefusalWords {
                none: saying!($said::refusal_none),
                held_elsewhere: saying!($said::refusal_held_elsewhere),
                too_many_attempts: saying!($said::refusal_too_many_attempts),
                missing_for_these: saying!($said::refusal_missing_for_these),
                hidden: saying!($said::refusal_hidden),
                store_first: saying!($said::refusal_store_first),
            },
        }
    }};
}
pub(crate) use account_words;
