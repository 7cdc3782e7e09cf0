//! English.

use crate::platform::words::*;

/// The sign-in.
pub(super) const SIGN_IN: PlatformWords = PlatformWords {
    linked_before: Saying::fixed(
        "Your Pages are connected",
        "Your Pages are connected already; this page was only opened once more. There is nothing more to do here.",
    ),
    being_linked: Saying::fixed(
        "Your Pages are being connected",
        "Your Pages are being connected at this moment. If nothing happens within a minute, please start again.",
    ),
    declined: Saying::fixed(
        "Nothing was connected",
        "Facebook reports that the connection was not approved. Nothing was changed; you can try again whenever you like. \
             If you did not cancel it yourself, the app may not be open to your account yet: please ask whoever gave you the link.",
    ),
    missing_permissions: Saying::fixed(
        "A permission is missing",
        "Not everything was allowed that the assistant needs for its work. Facebook asks for it again when you try once more. Please allow it to:",
    ),
    refused: Saying::fixed("Facebook refused the sign-in", "Facebook did not accept this sign-in. Please connect your Pages again."),
    failed: "Facebook made a mistake",
    no_answer: "Facebook did not answer",
    permission: |name| {
        Some(match name {
            "pages_messaging" => "answer the messages that customers send to your Page",
            "pages_show_list" => "see which Pages you manage",
            "pages_manage_metadata" => "be told when a message arrives",
            "pages_read_engagement" => "read your Page's name and posts",
            "business_management" => "see the Pages that your business portfolio owns",
            _ => return None,
        })
    },
};

/// Pages.
pub(super) const PAGES: AccountWords = AccountWords {
    full_plural: "Facebook Pages",
    plural: "Pages",
    starting: StartingWords {
        title: "Connect Facebook Pages to this store?",
        move_title: "Move a Page to this store?",
        move_lead: "Another store holds these Pages. A Page that you move answers for this store, and the other one loses it.",
        without_ids_title: "Which Page do you want to move?",
        without_ids_lead: "Pages move one by one. Connect your Pages first: then you see those that another store holds, each with a way to move it.",
        lines: [
            "Facebook asks which of your Pages to connect. Choose only Pages of this store: the assistant answers there in its name.",
            "It also asks you to allow the assistant to see which Pages you manage, to be told when a customer writes, and to answer. It needs all of that.",
            "Nothing is connected before you agree at Facebook, and you can disconnect it again at any time.",
        ],
        unknown: "We don't know this Page's name. Only move it if you know its number.",
    },
    next: "One step is left: choose the Facebook Pages on which the assistant answers your customers.",
    connected: ConnectedWords {
        title: |count| if count == 1 { "Your Page is connected" } else { "Your Pages are connected" },
        all_ready: |count| {
            if count == 1 {
                "Messages to it are switched on, and the assistant can answer for your store."
            } else {
                "Messages to them are switched on, and the assistant can answer for your store."
            }
        },
        moved: "It moved here from another store.",
        kept: "It stays connected through a colleague with more permissions on this Page.",
        truncated: "Facebook's list of Pages did not come to its end, so some may be missing. Please connect those later.",
    },
    listed: ListedWords {
        title: "Facebook Pages",
        none: "No Page is connected yet. Connect one, and the assistant can answer the customers who write to it.",
        more: "Connect more Pages",
        shared: "Several apps share this Page's conversations, and the assistant answers only those that Facebook gives to it.",
        reconnect: "Facebook no longer accepts our access to this Page. Connect it again and the assistant goes on.",
        moved: "This Page is now connected to another store.",
        disconnect: "The assistant stops answering here, and our access to this Page is deleted. If no other Page depends on it, the permission that was given at Facebook is withdrawn too. You can connect the Page again at any time.",
        confirm: "Disconnect this Page",
        forget: "This note goes away. For the store that has the Page now, nothing changes.",
    },
    unready: UnreadyWords {
        not_checked: "Whether messages to this Page reach the assistant could not be checked yet; that is tried again within a day.",
        rate_limited: "Facebook asks us to wait before messages to this Page are switched on; that is tried again within a day.",
        missing_task: "Messages to this Page don't reach the assistant: your role on the Page does not allow to switch them on. Somebody who may manage, moderate or post on it has to connect it.",
        missing_permission: "Messages to this Page don't reach the assistant: Facebook says that a permission is missing. Please connect the Page again and allow everything that is asked for.",
        token_refused: "Messages to this Page don't reach the assistant: Facebook no longer accepts our access to it. Please connect it again.",
        misconfigured: "Messages to this Page don't reach the assistant because of a mistake on our side. We have been told of it; you need not do anything.",
        not_subscribed: "Messages to this Page don't reach the assistant: Facebook did not keep the subscription. The Page may have switched off apps in its settings; that is tried again within a day.",
        app_not_subscribed: "Messages to this Page don't reach the assistant yet: the app itself does not listen for them. That is for us to switch on; you need not do anything.",
    },
    left_out: LeftOutWords {
        insufficient_tasks: "Your role on this Page does not allow the assistant to answer for it. Somebody who may manage it can give you more, or connect it.",
        missing_permissions: "Please connect again and allow the assistant on this Page as well to:",
        unreadable: "This Page was chosen, but Facebook did not let us read it. Please connect it again later.",
        gone: "This Page was chosen, but Facebook knows no such Page any more.",
        rate_limited: "Facebook asks us to wait before we read this Page. Please connect it in an hour; nothing else is lost.",
        held_elsewhere: "Another store holds this Page. If it belongs here, you can move it: the assistant then answers on it for this store, and the other store loses it.",
    },
    ended: EndedWords {
        title: "The Page is disconnected",
        access: "Our access to it is deleted, and the assistant no longer answers there.",
        unsubscribed: "Facebook no longer sends us its messages.",
        unsubscribed_later: "Facebook could not be told at once to send us no more of its messages; we keep trying.",
        not_unsubscribed: "Facebook could not be told to send us no more of its messages; they are dropped.",
        revoked: "The permission that was given at Facebook is withdrawn.",
        kept: "The permission that was given at Facebook stays, because others depend on it.",
        revoked_later: "The permission that was given at Facebook is withdrawn as soon as Facebook lets us; we keep trying.",
        not_revoked: "The permission that was given at Facebook could not be withdrawn from here. You can do that in your Facebook settings, under Business integrations.",
    },
    deletion: DeletionSayings {
        nothing_kept: Saying::fixed(
            "Nothing about you is kept here",
            "We looked for everything that could have been kept because of your Facebook login. There was nothing.",
        ),
        deleted: Saying::fixed(
            "Your data was deleted",
            "Everything that was kept because of your Facebook login was deleted: your id, the access that you gave, and the ids and names of the Pages that were connected with it.",
        ),
        access_deleted: Saying::fixed(
            "Your access was deleted",
            "This request came when you removed the app: the access that you gave was deleted then. The names of your Pages stay in the lists of the stores they were connected to. \
             To have those deleted as well, send a new request for deletion in your Facebook settings, under Apps and Websites.",
        ),
    },
    ways: WayWords {
        connect: "Connect your Facebook Pages",
        try_again: "Try again at Facebook",
        reconnect: "Connect again",
        ask_again: "Ask Facebook for the permissions again",
        go_on: "Go on to Facebook",
        choose_others: "Choose other Pages",
        conversation_routing: "Choose at Facebook who answers first",
        own_page: "See the Page",
        test_message: "Send a test message",
    },
    refusals: RefusalWords {
        none: Saying::fixed(
            "No Page to connect",
            "Facebook showed us no Page that we can connect. Please try again, choose a Page, and make sure that you may manage it.",
        ),
        held_elsewhere: Saying::fixed(
            "The Page is connected elsewhere",
            "Another store holds every Page that you chose. If one of them belongs to this store and you manage it, you can move it here: the assistant then answers on it for this store, and the other store loses it.",
        ),
        too_many_attempts: Saying::fixed(
            "Too many attempts",
            "Facebook was opened too often from here. Please start again from your store.",
        ),
        missing_for_these: Saying::fixed(
            "A permission is missing",
            "A permission was not granted for the Pages that you chose. Please connect again and allow the assistant on these Pages as well to:",
        ),
        hidden: Saying::fixed(
            "A permission is missing",
            "Facebook does not let us see your Pages. Please connect again and allow access to them.",
        ),
        store_first: Saying::fixed(
            "Please start from your store",
            "Please open the app from your store first; then your Facebook Pages can be connected to it.",
        ),
    },
};
