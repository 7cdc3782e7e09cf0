//! German.

mod errors;

use super::{
    AccountsConnectedWords, ConnectionsWords, DeletionWords, FrameWords, GeneralStartingWords, GeneralWays, Language, Saying,
    StoreConnectedWords, StoreEndedWords, WelcomeWords, Words,
};
use crate::facts::{AccountState, Found, Messages, StoreState, Uninstalled};

/// The words of the pages in German.
pub static GERMAN: Words = Words {
    language: Language::German,
    frame: FrameWords {
        steps: "Schritte",
        step_store: "Shop",
        done: "Erledigt",
        reference: "Vorgang",
        reference_hint: "Falls Sie um Hilfe bitten, geben Sie bitte dies weiter:",
        support: "Hilfe",
        privacy: "Datenschutz",
    },
    starting: GeneralStartingWords {
        lead: "Sie kommen von außerhalb. Bitte prüfen Sie, ob Sie diesen Shop meinen.",
        store: "Ihr Shop",
        held: "Bei einem anderen Shop",
    },
    store_connected: StoreConnectedWords {
        title: "Ihr Shop ist verbunden",
        found: "Das hat der Assistent in Ihrem Shop gefunden",
        kind: |found| match found {
            Found::Products => "Produkte",
            Found::Locations => "Standorte",
            Found::Discounts => "Aktive Rabatte",
        },
        or_more: |number| format!("{number} oder mehr"),
        nothing_read: "Der Shop ist verbunden, nur seine Daten ließen sich gerade nicht lesen. Sie können trotzdem fortfahren.",
        partly_read: "Der Shop ist verbunden, nur ein Teil seiner Daten ließ sich gerade nicht lesen. Sie können trotzdem fortfahren.",
    },
    accounts_connected: AccountsConnectedWords {
        some_unready: "Die Verbindung steht, aber noch erreicht nicht jede Nachricht den Assistenten. Unten sehen Sie, woran es liegt und was hilft.",
        some_shared: "Die Nachrichten sind eingeschaltet, aber auch andere Apps antworten hier. Unten sehen Sie, wo, und wie Sie das ändern.",
        store: "Antwortet für",
        connected: "Verbunden",
        left_out: "Nicht verbunden",
        done: "Sie sind fertig und können dieses Fenster schließen.",
    },
    connections: ConnectionsWords {
        title: "Ihre Verbindungen",
        store: "Ihr Shop",
        needed: |some, all| format!("{some} von {all} {} Sie", if some == 1 { "braucht" } else { "brauchen" }),
        linked: "Verbunden am",
        checked: "Zuletzt geprüft",
        store_state: |state| match state {
            StoreState::Active => "Verbunden",
            StoreState::ReconnectNeeded => "Zugriff erloschen",
            StoreState::Disconnected => "Getrennt",
        },
        store_reconnect: "Shopify nimmt unseren Zugriff auf Ihren Shop nicht mehr an; der Assistent sieht nicht, was Sie verkaufen. Verbinden Sie ihn neu, sonst geht nichts verloren.",
        store_disconnected: |accounts| {
            format!(
                "Der Assistent hat keinen Zugriff auf diesen Shop. Verbinden Sie ihn binnen 30 Tagen neu, sind Ihre {accounts} wieder da; danach wird alles über ihn gelöscht."
            )
        },
        account_state: |state| match state {
            AccountState::Active(Messages::Ready) => "Empfängt Nachrichten",
            AccountState::Active(Messages::Shared) => "Mit anderen Apps geteilt",
            AccountState::Active(Messages::NotReady(unready)) if unready.is_passing() => "Wird geprüft",
            AccountState::Active(Messages::NotReady(_)) => "Noch keine Nachrichten",
            AccountState::ReconnectNeeded => "Zugriff erloschen",
            AccountState::Moved => "Umgezogen",
            AccountState::Paused => "Pausiert",
        },
        disconnect: "Trennen",
        disconnect_store: |accounts| {
            format!(
                "Der Assistent antwortet auf keiner Ihrer {accounts} mehr, und unser Zugriff auf diesen Shop wird gelöscht. Verbinden Sie ihn binnen 30 Tagen neu, ist alles wieder da; danach wird es endgültig gelöscht."
            )
        },
        forget: "Aus der Liste entfernen",
        confirm_forget: "Entfernen",
        uninstall: "Auch die App aus meinem Shopify-Shop entfernen",
        confirm_store: "Diesen Shop trennen",
        ended: StoreEndedWords {
            title: "Der Shop ist getrennt",
            access: |accounts| format!("Unser Zugriff auf ihn ist gelöscht, und der Assistent antwortet auf seinen {accounts} nicht mehr."),
            app: |app| match app {
                Uninstalled::Done => "Die App ist aus Ihrem Shop entfernt.",
                Uninstalled::Failed => {
                    "Die App ließ sich nicht aus Ihrem Shop entfernen. Bitte entfernen Sie sie im Shopify-Adminbereich unter Einstellungen, Apps."
                }
                Uninstalled::NotAsked => {
                    "Die App selbst ist noch in Ihrem Shop. Entfernen können Sie sie im Shopify-Adminbereich unter Einstellungen, Apps."
                }
            },
        },
        note_removed: "Aus der Liste entfernt",
        sign_out: "Abmelden",
    },
    deletion: DeletionWords {
        in_progress: Saying::fixed(
            "Ihre Daten werden gelöscht",
            "Ihre Anfrage ist angekommen. Was noch fehlt, ist in wenigen Minuten getan; öffnen Sie diese Seite dann noch einmal.",
        ),
        requested: "Angefordert",
        deleted: "Gelöscht",
        records: "Gelöschte Einträge",
        code: "Bestätigungscode",
    },
    welcome: WelcomeWords {
        about: |accounts| {
            Saying::new(
                "Verbindet Ihren Shop mit einem Assistenten",
                format!(
                    "Hier werden ein Shopify-Shop und seine {accounts} verbunden, damit ein Assistent den Kunden antworten kann, die ihnen schreiben. Es beginnt in Ihrem Shopify-Adminbereich oder mit einem eigenen Link."
                ),
            )
        },
        run_by: "Diesen Dienst betreibt",
        ask: "Um Hilfe bitten",
        ask_sender: "Haben Sie eine Frage, wenden Sie sich bitte an die Person, die Sie hierher geschickt hat.",
    },
    error: errors::error,
    detail: errors::DETAIL,
    ways: GeneralWays {
        start_again: "Vom Shop aus neu beginnen",
        manage: "Verbindungen verwalten",
        reconnect_store: "Shop neu verbinden",
        move_here: "Zu diesem Shop umziehen",
        connections: "Verbindungen ansehen",
        reload: "Noch einmal versuchen",
        shopify_admin: "App im Shopify-Adminbereich öffnen",
        back: "Zurück",
        back_to: |name| format!("Zurück zu {name}"),
        back_to_admin: "Zurück zu Ihrem Shopify-Adminbereich",
    },
    and: "und",
    months: ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"],
    in_words: |day, month, year, time| format!("{day}. {month} {year}, {time} Uhr (UTC)"),
    on_day: |day, month, year| format!("{day}. {month} {year}"),
    id: |id| format!("Nummer {id}"),
};
