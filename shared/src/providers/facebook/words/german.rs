//! German.

use crate::platform::words::*;

/// The sign-in.
pub(super) const SIGN_IN: PlatformWords = PlatformWords {
    linked_before: Saying::fixed(
        "Ihre Seiten sind verbunden",
        "Ihre Seiten sind bereits verbunden; diese Seite wurde nur noch einmal geöffnet. Hier ist nichts mehr zu tun.",
    ),
    being_linked: Saying::fixed(
        "Ihre Seiten werden gerade verbunden",
        "Ihre Seiten werden in diesem Augenblick verbunden. Geschieht binnen einer Minute nichts, beginnen Sie bitte neu.",
    ),
    declined: Saying::fixed(
        "Es wurde nichts verbunden",
        "Laut Facebook wurde die Verbindung nicht erlaubt. Es hat sich nichts geändert; Sie können es jederzeit noch einmal versuchen. \
             Falls Sie nicht selbst abgebrochen haben, ist die App für Ihr Konto vielleicht noch nicht freigegeben: Bitte fragen Sie, wer Ihnen den Link gegeben hat.",
    ),
    missing_permissions: Saying::fixed(
        "Eine Berechtigung fehlt",
        "Nicht alles wurde erlaubt, was der Assistent für seine Arbeit braucht. Facebook fragt noch einmal danach, wenn Sie es wieder versuchen. Bitte erlauben Sie ihm:",
    ),
    refused: Saying::fixed(
        "Facebook hat die Anmeldung abgelehnt",
        "Facebook hat diese Anmeldung nicht angenommen. Bitte verbinden Sie Ihre Seiten noch einmal.",
    ),
    failed: "Bei Facebook ging etwas schief",
    no_answer: "Facebook hat nicht geantwortet",
    permission: |name| {
        Some(match name {
            "pages_messaging" => "Nachrichten beantworten, die Kunden Ihrer Seite schicken",
            "pages_show_list" => "sehen, welche Seiten Sie verwalten",
            "pages_manage_metadata" => "erfahren, wenn eine Nachricht ankommt",
            "pages_read_engagement" => "Namen und Beiträge Ihrer Seite lesen",
            "business_management" => "die Seiten sehen, die Ihrem Unternehmensportfolio gehören",
            _ => return None,
        })
    },
};

/// Pages.
pub(super) const PAGES: AccountWords = AccountWords {
    full_plural: "Facebook-Seiten",
    plural: "Seiten",
    starting: StartingWords {
        title: "Facebook-Seiten mit diesem Shop verbinden?",
        move_title: "Eine Seite zu diesem Shop umziehen?",
        move_lead: "Diese Seiten hat ein anderer Shop. Eine Seite, die Sie umziehen lassen, antwortet für diesen Shop, und der andere verliert sie.",
        without_ids_title: "Welche Seite soll umziehen?",
        without_ids_lead: "Seiten ziehen einzeln um. Verbinden Sie zuerst Ihre Seiten: Dann sehen Sie die, die ein anderer Shop hat, und können jede umziehen lassen.",
        lines: [
            "Facebook fragt, welche Ihrer Seiten verbunden werden sollen. Wählen Sie nur Seiten dieses Shops: Der Assistent antwortet dort in seinem Namen.",
            "Außerdem sollen Sie dem Assistenten erlauben, zu sehen, welche Seiten Sie verwalten, zu erfahren, wenn ein Kunde schreibt, und zu antworten. Er braucht das alles.",
            "Verbunden wird erst, wenn Sie bei Facebook zustimmen, und Sie können die Verbindung jederzeit wieder trennen.",
        ],
        unknown: "Den Namen dieser Seite kennen wir nicht. Lassen Sie sie nur umziehen, wenn Sie ihre Nummer kennen.",
    },
    next: "Ein Schritt fehlt noch: Wählen Sie die Facebook-Seiten, auf denen der Assistent Ihren Kunden antworten soll.",
    connected: ConnectedWords {
        title: |count| if count == 1 { "Ihre Seite ist verbunden" } else { "Ihre Seiten sind verbunden" },
        all_ready: |_| "Die Nachrichten an sie sind eingeschaltet, und der Assistent kann für Ihren Shop antworten.",
        moved: "Sie ist von einem anderen Shop hierher umgezogen.",
        kept: "Sie bleibt über jemanden aus Ihrem Team verbunden, der auf dieser Seite mehr Berechtigungen hat.",
        truncated: "Die Liste Ihrer Seiten kam bei Facebook nicht zum Ende; einige können fehlen. Bitte verbinden Sie diese später.",
    },
    listed: ListedWords {
        title: "Ihre Facebook-Seiten",
        none: "Noch ist keine Seite verbunden. Verbinden Sie eine, und der Assistent kann den Kunden antworten, die ihr schreiben.",
        more: "Weitere Seiten verbinden",
        shared: "Mehrere Apps teilen sich die Unterhaltungen dieser Seite, und der Assistent beantwortet nur die, die Facebook ihm gibt.",
        reconnect: "Facebook nimmt unseren Zugriff auf diese Seite nicht mehr an. Verbinden Sie sie neu, und der Assistent macht weiter.",
        moved: "Diese Seite ist jetzt mit einem anderen Shop verbunden.",
        disconnect: "Der Assistent antwortet hier nicht mehr, und unser Zugriff auf diese Seite wird gelöscht. Braucht keine andere Seite sie, wird auch die Berechtigung bei Facebook zurückgenommen. Sie können die Seite jederzeit wieder verbinden.",
        confirm: "Diese Seite trennen",
        forget: "Dieser Hinweis verschwindet. Für den Shop, der die Seite jetzt hat, ändert sich nichts.",
    },
    unready: UnreadyWords {
        not_checked: "Ob Nachrichten an diese Seite den Assistenten erreichen, ließ sich noch nicht prüfen; wir versuchen es binnen eines Tages noch einmal.",
        rate_limited: "Facebook bittet uns zu warten, bevor Nachrichten an diese Seite eingeschaltet werden; wir versuchen es binnen eines Tages noch einmal.",
        missing_task: "Nachrichten an diese Seite erreichen den Assistenten nicht: Ihre Rolle auf der Seite erlaubt nicht, sie einzuschalten. Verbinden muss sie jemand, der sie verwalten, moderieren oder auf ihr posten darf.",
        missing_permission: "Nachrichten an diese Seite erreichen den Assistenten nicht: Laut Facebook fehlt eine Berechtigung. Bitte verbinden Sie die Seite neu und erlauben Sie alles, worum gebeten wird.",
        token_refused: "Nachrichten an diese Seite erreichen den Assistenten nicht: Facebook nimmt unseren Zugriff auf sie nicht mehr an. Bitte verbinden Sie sie neu.",
        misconfigured: "Nachrichten an diese Seite erreichen den Assistenten wegen eines Fehlers auf unserer Seite nicht. Wir wissen davon; Sie brauchen nichts zu tun.",
        not_subscribed: "Nachrichten an diese Seite erreichen den Assistenten nicht: Facebook hat das Abonnement nicht behalten. Vielleicht sind Apps in den Einstellungen der Seite abgeschaltet; wir versuchen es binnen eines Tages noch einmal.",
        app_not_subscribed: "Nachrichten an diese Seite erreichen den Assistenten noch nicht: Die App selbst ist dafür nicht eingeschaltet. Das ist unsere Sache; Sie brauchen nichts zu tun.",
    },
    left_out: LeftOutWords {
        insufficient_tasks: "Ihre Rolle auf dieser Seite erlaubt dem Assistenten nicht, für sie zu antworten. Wer sie verwaltet, kann Ihnen mehr erlauben oder sie selbst verbinden.",
        missing_permissions: "Bitte verbinden Sie noch einmal und erlauben Sie dem Assistenten auch für diese Seite:",
        unreadable: "Diese Seite wurde ausgewählt, aber Facebook ließ sie uns nicht lesen. Bitte verbinden Sie sie später noch einmal.",
        gone: "Diese Seite wurde ausgewählt, aber bei Facebook gibt es sie nicht mehr.",
        rate_limited: "Facebook bittet uns zu warten, bevor wir diese Seite lesen. Bitte verbinden Sie sie in einer Stunde; sonst geht nichts verloren.",
        held_elsewhere: "Ein anderer Shop hat diese Seite. Gehört sie hierher, können Sie sie umziehen lassen: Dann antwortet der Assistent dort für diesen Shop, und der andere Shop verliert sie.",
    },
    ended: EndedWords {
        title: "Die Seite ist getrennt",
        access: "Unser Zugriff auf sie ist gelöscht, und der Assistent antwortet dort nicht mehr.",
        unsubscribed: "Facebook schickt uns ihre Nachrichten nicht mehr.",
        unsubscribed_later: "Facebook ließ sich nicht sofort sagen, dass es uns ihre Nachrichten nicht mehr schicken soll; wir versuchen es weiter.",
        not_unsubscribed: "Facebook ließ sich nicht sagen, dass es uns ihre Nachrichten nicht mehr schicken soll; wir verwerfen sie.",
        revoked: "Die Berechtigung bei Facebook ist zurückgenommen.",
        kept: "Die Berechtigung bei Facebook bleibt, weil anderes von ihr abhängt.",
        revoked_later: "Die Berechtigung bei Facebook wird zurückgenommen, sobald Facebook uns lässt; wir versuchen es weiter.",
        not_revoked: "Die Berechtigung bei Facebook ließ sich von hier aus nicht zurücknehmen. Das können Sie in Ihren Facebook-Einstellungen unter Business-Integrationen tun.",
    },
    deletion: DeletionSayings {
        nothing_kept: Saying::fixed(
            "Hier ist nichts über Sie gespeichert",
            "Wir haben nach allem gesucht, was wegen Ihrer Anmeldung bei Facebook gespeichert sein könnte. Es gab nichts.",
        ),
        deleted: Saying::fixed(
            "Ihre Daten sind gelöscht",
            "Alles, was wegen Ihrer Anmeldung bei Facebook gespeichert war, ist gelöscht: Ihre Kennung, der Zugriff, den Sie erteilt hatten, und die Kennungen und Namen der Seiten, die damit verbunden waren.",
        ),
        access_deleted: Saying::fixed(
            "Ihr Zugriff ist gelöscht",
            "Diese Anfrage kam, als Sie die App entfernt haben: Der Zugriff, den Sie erteilt hatten, wurde damals gelöscht. Die Namen Ihrer Seiten bleiben in den Listen der Shops, mit denen sie verbunden waren. \
             Sollen auch sie gelöscht werden, senden Sie in Ihren Facebook-Einstellungen unter Apps und Websites eine neue Anfrage.",
        ),
    },
    ways: WayWords {
        connect: "Facebook-Seiten verbinden",
        try_again: "Bei Facebook noch einmal versuchen",
        reconnect: "Seite neu verbinden",
        ask_again: "Facebook erneut um die Berechtigungen bitten",
        go_on: "Weiter zu Facebook",
        choose_others: "Andere Seiten wählen",
        conversation_routing: "Bei Facebook festlegen, wer zuerst antwortet",
        own_page: "Seite ansehen",
        test_message: "Eine Testnachricht senden",
    },
    refusals: RefusalWords {
        none: Saying::fixed(
            "Keine Seite zum Verbinden",
            "Facebook hat uns keine Seite gezeigt, die wir verbinden können. Bitte versuchen Sie es noch einmal, wählen Sie eine Seite aus, und achten Sie darauf, dass Sie sie verwalten dürfen.",
        ),
        held_elsewhere: Saying::fixed(
            "Die Seite ist anderswo verbunden",
            "Alle Seiten, die Sie ausgewählt haben, gehören zu einem anderen Shop. Gehört eine davon zu diesem Shop und verwalten Sie sie, können Sie sie hierher umziehen lassen: Dann antwortet der Assistent dort für diesen Shop, und der andere Shop verliert sie.",
        ),
        too_many_attempts: Saying::fixed(
            "Zu viele Versuche",
            "Von hier aus wurde Facebook zu oft geöffnet. Bitte beginnen Sie noch einmal in Ihrem Shop.",
        ),
        missing_for_these: Saying::fixed(
            "Eine Berechtigung fehlt",
            "Für die Seiten, die Sie ausgewählt haben, fehlt eine Berechtigung. Bitte verbinden Sie noch einmal und erlauben Sie dem Assistenten auch für diese Seiten:",
        ),
        hidden: Saying::fixed(
            "Eine Berechtigung fehlt",
            "Facebook lässt uns Ihre Seiten nicht sehen. Bitte verbinden Sie noch einmal und erlauben Sie den Zugriff auf sie.",
        ),
        store_first: Saying::fixed(
            "Bitte beginnen Sie in Ihrem Shop",
            "Bitte öffnen Sie die App zuerst in Ihrem Shop; danach lassen sich Ihre Facebook-Seiten mit ihm verbinden.",
        ),
    },
};
