//! German.

mod errors;

use std::borrow::Cow;

use super::{
    ConnectionsWords, DeletionWords, FrameWords, NoticeWords, PagesConnectedWords, Saying, StartingWords, StoreConnectedWords, Words,
};
use crate::facts::{
    Deletion, Found, LeftOut, Messages, Notice, PageState, Permission, StoreState, Uninstalled, Unready, Unsubscribed, Way,
};

/// The words of the pages in German.
pub static GERMAN: Words = Words {
    tag: "de",
    frame: FrameWords {
        steps: "Schritte",
        step_store: "Shop",
        step_pages: "Facebook-Seiten",
        done: "Erledigt",
        reference: "Vorgang",
        reference_hint: "Falls Sie um Hilfe bitten, geben Sie bitte dies weiter:",
    },
    starting: StartingWords {
        title: "Facebook-Seiten mit diesem Shop verbinden?",
        lead: "Sie kommen von außerhalb. Bitte prüfen Sie, ob Sie diesen Shop meinen.",
        move_title: "Eine Seite zu diesem Shop umziehen?",
        move_lead: "Diese Seiten hat ein anderer Shop. Eine Seite, die Sie umziehen lassen, antwortet für diesen Shop, und der andere verliert sie.",
        without_ids_title: "Welche Seite soll umziehen?",
        without_ids_lead: "Seiten ziehen einzeln um. Verbinden Sie zuerst Ihre Seiten: Dann sehen Sie die, die ein anderer Shop hat, und können jede umziehen lassen.",
        store: "Ihr Shop",
        lines: [
            "Facebook fragt, welche Ihrer Seiten verbunden werden sollen. Wählen Sie nur Seiten dieses Shops.",
            "Der Assistent liest dann, was Kunden diesen Seiten schreiben, und antwortet für diesen Shop.",
            "Verbunden wird erst, wenn Sie bei Facebook zustimmen.",
        ],
        held: "Bei einem anderen Shop",
        unknown: "Den Namen dieser Seite kennen wir nicht. Lassen Sie sie nur umziehen, wenn Sie ihre Nummer kennen.",
    },
    store_connected: StoreConnectedWords {
        title: "Ihr Shop ist verbunden",
        next: "Ein Schritt fehlt noch: Wählen Sie die Facebook-Seiten, auf denen der Assistent Ihren Kunden antworten soll.",
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
    pages_connected: PagesConnectedWords {
        title: |count| if count == 1 { "Ihre Seite ist verbunden" } else { "Ihre Seiten sind verbunden" },
        all_ready: |_| "Die Nachrichten an sie sind eingeschaltet, und der Assistent kann für Ihren Shop antworten.",
        some_unready: "Die Verbindung steht, aber noch erreicht nicht jede Nachricht den Assistenten. Unten sehen Sie, woran es liegt und was hilft.",
        some_shared: "Die Nachrichten sind eingeschaltet, aber auch andere Apps antworten hier. Unten sehen Sie, wo, und wie Sie das ändern.",
        store: "Antwortet für",
        connected: "Verbunden",
        left_out: "Nicht verbunden",
        moved: "Sie ist von einem anderen Shop hierher umgezogen.",
        kept: "Sie bleibt über eine Person verbunden, die auf ihr mehr darf.",
        truncated: "Die Liste Ihrer Seiten kam bei Facebook nicht zum Ende; einige können fehlen. Bitte verbinden Sie diese später.",
        done: "Sie sind fertig und können dieses Fenster schließen.",
    },
    connections: ConnectionsWords {
        title: "Ihre Verbindungen",
        store: "Ihr Shop",
        pages: "Ihre Facebook-Seiten",
        no_pages: "Noch ist keine Seite verbunden. Verbinden Sie eine, und der Assistent kann den Kunden antworten, die ihr schreiben.",
        more_pages: "Weitere Seiten verbinden",
        store_state: |state| match state {
            StoreState::Active => "Verbunden",
            StoreState::ReconnectNeeded => "Zugriff erloschen",
            StoreState::Disconnected => "Getrennt",
        },
        about_store: |state| match state {
            StoreState::Active => None,
            StoreState::ReconnectNeeded => Some(
                "Shopify nimmt unseren Zugriff auf Ihren Shop nicht mehr an; der Assistent sieht nicht, was Sie verkaufen. Verbinden Sie ihn neu, sonst geht nichts verloren.",
            ),
            StoreState::Disconnected => Some(
                "Der Assistent hat keinen Zugriff auf diesen Shop. Verbinden Sie ihn binnen 30 Tagen neu, sind Ihre Seiten wieder da; danach wird alles über ihn gelöscht.",
            ),
        },
        page_state: |state| match state {
            PageState::Active(Messages::Ready) => "Empfängt Nachrichten",
            PageState::Active(Messages::Shared) => "Mit anderen Apps geteilt",
            PageState::Active(Messages::NotReady(unready)) if unready.is_passing() => "Wird geprüft",
            PageState::Active(Messages::NotReady(_)) => "Noch keine Nachrichten",
            PageState::ReconnectNeeded => "Zugriff erloschen",
            PageState::Moved => "Umgezogen",
            PageState::Paused => "Pausiert",
        },
        about_page: |state| match state {
            PageState::Active(Messages::Ready) | PageState::Paused => None,
            PageState::Active(Messages::Shared) => Some(
                "Mehrere Apps teilen sich die Unterhaltungen dieser Seite, und der Assistent beantwortet nur die, die Facebook ihm gibt.",
            ),
            PageState::Active(Messages::NotReady(reason)) => Some(unready(reason)),
            PageState::ReconnectNeeded => {
                Some("Facebook nimmt unseren Zugriff auf diese Seite nicht mehr an. Verbinden Sie sie neu, und der Assistent macht weiter.")
            }
            PageState::Moved => Some("Ein anderer Shop hat diese Seite übernommen; dort wird für sie geantwortet."),
        },
        disconnect: "Trennen",
        disconnect_page: "Der Assistent antwortet hier nicht mehr, und unser Zugriff auf diese Seite wird gelöscht. Braucht keine andere Seite sie, wird auch die Berechtigung bei Facebook zurückgenommen. Sie können die Seite jederzeit wieder verbinden.",
        confirm_page: "Diese Seite trennen",
        disconnect_store: "Der Assistent antwortet auf keiner Ihrer Seiten mehr, und unser Zugriff auf diesen Shop wird gelöscht. Verbinden Sie ihn binnen 30 Tagen neu, ist alles wieder da; danach wird es endgültig gelöscht.",
        forget: "Aus der Liste entfernen",
        forget_page: "Dieser Hinweis verschwindet. Für den Shop, der die Seite jetzt hat, ändert sich nichts.",
        confirm_forget: "Entfernen",
        uninstall: "Auch die App aus meinem Shopify-Shop entfernen",
        confirm_store: "Diesen Shop trennen",
        notice,
        sign_out: "Abmelden",
    },
    deletion: DeletionWords {
        saying: deletion,
        requested: "Angefordert",
        deleted: "Gelöscht",
        records: "Gelöschte Einträge",
        code: "Bestätigungscode",
    },
    welcome: Saying {
        title: "Verbindet Ihren Shop mit einem Assistenten",
        text: Cow::Borrowed(
            "Hier werden ein Shopify-Shop und seine Facebook-Seiten verbunden, damit ein Assistent den Kunden antworten kann, die ihnen schreiben. Es beginnt in Ihrem Shopify-Adminbereich oder mit einem eigenen Link. Fragen Sie bitte die Person, die Sie hierher geschickt hat.",
        ),
    },
    error: errors::error,
    detail: errors::detail,
    way: |way| match way {
        Way::StartAgain => "Vom Shop aus neu beginnen",
        Way::Manage => "Verbindungen verwalten",
        Way::ReconnectStore => "Shop neu verbinden",
        Way::ConnectPages => "Facebook-Seiten verbinden",
        Way::TryFacebookAgain => "Bei Facebook noch einmal versuchen",
        Way::ReconnectPage => "Seite neu verbinden",
        Way::AskAgain => "Facebook erneut um die Berechtigungen bitten",
        Way::GoOn => "Weiter zu Facebook",
        Way::Move => "Zu diesem Shop umziehen",
        Way::OtherPages => "Andere Seiten wählen",
        Way::Connections => "Verbindungen ansehen",
        Way::Reload => "Noch einmal versuchen",
        Way::ShopifyAdmin => "App im Shopify-Adminbereich öffnen",
        Way::ConversationRouting => "Bei Facebook festlegen, wer zuerst antwortet",
    },
    unready,
    left_out: |reason| match reason {
        LeftOut::InsufficientTasks => {
            "Ihre Rolle auf dieser Seite erlaubt dem Assistenten nicht, für sie zu antworten. Wer sie verwaltet, kann Ihnen mehr erlauben oder sie selbst verbinden."
        }
        LeftOut::MissingPermissions(_) => "Bitte verbinden Sie noch einmal und erlauben Sie dem Assistenten auch für diese Seite:",
        LeftOut::Unreadable => {
            "Diese Seite wurde ausgewählt, aber Facebook ließ sie uns nicht lesen. Bitte verbinden Sie sie später noch einmal."
        }
        LeftOut::Gone => "Diese Seite wurde ausgewählt, aber bei Facebook gibt es sie nicht mehr.",
        LeftOut::RateLimited => {
            "Facebook bittet uns zu warten, bevor wir diese Seite lesen. Bitte verbinden Sie sie in einer Stunde; sonst geht nichts verloren."
        }
        LeftOut::HeldElsewhere => "Ein anderer Shop hat diese Seite. Gehört sie hierher, können Sie sie umziehen lassen.",
    },
    permission: |name| {
        Some(match name {
            "pages_messaging" => "Nachrichten beantworten, die Kunden Ihrer Seite schicken",
            "pages_show_list" => "sehen, welche Seiten Sie verwalten",
            "pages_manage_metadata" => "erfahren, wenn eine Nachricht ankommt",
            "pages_read_engagement" => "Namen und Beiträge Ihrer Seite lesen",
            "business_management" => "die Seiten sehen, die Ihrem Unternehmensportfolio gehören",
            "read_products" | "read_product_listings" => "sehen, was Sie verkaufen",
            "read_inventory" => "sehen, was auf Lager ist",
            "read_discounts" => "Ihre Rabatte sehen",
            "read_locations" => "sehen, wo Ihre Ware ist",
            _ => return None,
        })
    },
    months: ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"],
    in_words: |day, month, year, time| format!("{day}. {month} {year}, {time} Uhr (UTC)"),
};

fn unready(reason: Unready) -> &'static str {
    match reason {
        Unready::NotChecked => {
            "Ob Nachrichten an diese Seite den Assistenten erreichen, ließ sich noch nicht prüfen; wir versuchen es binnen eines Tages noch einmal."
        }
        Unready::RateLimited => {
            "Facebook bittet uns zu warten, bevor Nachrichten an diese Seite eingeschaltet werden; wir versuchen es binnen eines Tages noch einmal."
        }
        Unready::MissingTask => {
            "Nachrichten an diese Seite erreichen den Assistenten nicht: Ihre Rolle auf der Seite erlaubt nicht, sie einzuschalten. Verbinden muss sie jemand, der sie verwalten, moderieren oder auf ihr posten darf."
        }
        Unready::MissingPermission => {
            "Nachrichten an diese Seite erreichen den Assistenten nicht: Laut Facebook fehlt eine Berechtigung. Bitte verbinden Sie die Seite neu und erlauben Sie alles, worum gebeten wird."
        }
        Unready::TokenRefused => {
            "Nachrichten an diese Seite erreichen den Assistenten nicht: Facebook nimmt unseren Zugriff auf sie nicht mehr an. Bitte verbinden Sie sie neu."
        }
        Unready::Misconfigured => {
            "Nachrichten an diese Seite erreichen den Assistenten wegen eines Fehlers auf unserer Seite nicht. Wir wissen davon; Sie brauchen nichts zu tun."
        }
        Unready::PageNotSubscribed => {
            "Nachrichten an diese Seite erreichen den Assistenten nicht: Facebook hat das Abonnement nicht behalten. Vielleicht sind Apps in den Einstellungen der Seite abgeschaltet; wir versuchen es binnen eines Tages noch einmal."
        }
        Unready::AppNotSubscribed => {
            "Nachrichten an diese Seite erreichen den Assistenten noch nicht: Die App selbst ist dafür nicht eingeschaltet. Das ist unsere Sache; Sie brauchen nichts zu tun."
        }
    }
}

fn notice(notice: Notice) -> NoticeWords {
    match notice {
        Notice::Page { unsubscribed, permission } => NoticeWords {
            title: "Die Seite ist getrennt",
            parts: vec![
                "Unser Zugriff auf sie ist gelöscht, und der Assistent antwortet dort nicht mehr.",
                match unsubscribed {
                    Unsubscribed::Done => "Facebook schickt uns ihre Nachrichten nicht mehr.",
                    Unsubscribed::Later => {
                        "Facebook ließ sich nicht sofort sagen, dass es uns ihre Nachrichten nicht mehr schicken soll; wir versuchen es weiter."
                    }
                    Unsubscribed::NotPossible => {
                        "Facebook ließ sich nicht sagen, dass es uns ihre Nachrichten nicht mehr schicken soll; wir verwerfen sie."
                    }
                },
                match permission {
                    Permission::Revoked => "Die Berechtigung bei Facebook ist zurückgenommen.",
                    Permission::Kept => "Die Berechtigung bei Facebook bleibt, weil anderes von ihr abhängt.",
                    Permission::NotPossible => {
                        "Die Berechtigung bei Facebook ließ sich von hier aus nicht zurücknehmen. Das können Sie in Ihren Facebook-Einstellungen unter Business-Integrationen tun."
                    }
                    Permission::Later => {
                        "Die Berechtigung bei Facebook wird zurückgenommen, sobald Facebook uns lässt; wir versuchen es weiter."
                    }
                },
            ],
        },
        Notice::Note => NoticeWords { title: "Aus der Liste entfernt", parts: Vec::new() },
        Notice::Store { uninstalled } => NoticeWords {
            title: "Der Shop ist getrennt",
            parts: vec![
                "Unser Zugriff auf ihn ist gelöscht, und der Assistent antwortet auf seinen Seiten nicht mehr.",
                match uninstalled {
                    Uninstalled::Done => "Die App ist aus Ihrem Shop entfernt.",
                    Uninstalled::Failed => {
                        "Die App ließ sich nicht aus Ihrem Shop entfernen. Bitte entfernen Sie sie im Shopify-Adminbereich unter Einstellungen, Apps."
                    }
                    Uninstalled::NotAsked => {
                        "Die App selbst ist noch in Ihrem Shop. Entfernen können Sie sie im Shopify-Adminbereich unter Einstellungen, Apps."
                    }
                },
            ],
        },
    }
}

fn deletion(deletion: Deletion) -> Saying {
    match deletion {
        Deletion::InProgress => Saying::new(
            "Ihre Daten werden gelöscht",
            "Ihre Anfrage ist angekommen. Was noch fehlt, ist in wenigen Minuten getan; öffnen Sie diese Seite dann noch einmal.",
        ),
        Deletion::NothingKept => Saying::new(
            "Hier ist nichts über Sie gespeichert",
            "Wir haben nach allem gesucht, was wegen Ihrer Anmeldung bei Facebook gespeichert sein könnte. Es gab nichts.",
        ),
        Deletion::Deleted => Saying::new(
            "Ihre Daten sind gelöscht",
            "Alles, was wegen Ihrer Anmeldung bei Facebook gespeichert war, ist gelöscht: Ihre Kennung, der Zugriff, den Sie erteilt hatten, und die Kennungen und Namen der Seiten, die damit verbunden waren.",
        ),
        Deletion::AccessDeleted => Saying::new(
            "Ihr Zugriff ist gelöscht",
            "Diese Anfrage kam, als Sie die App entfernt haben: Der Zugriff, den Sie erteilt hatten, wurde damals gelöscht. Die Namen Ihrer Seiten bleiben in den Listen der Shops, mit denen sie verbunden waren. \
             Sollen auch sie gelöscht werden, senden Sie in Ihren Facebook-Einstellungen unter Apps und Websites eine neue Anfrage.",
        ),
    }
}
