//! Refusals in German.

use crate::{
    Code,
    texts::{DetailWords, Saying},
};

pub(super) fn error(code: Code) -> Saying {
    let (title, text) = match code {
        Code::InvalidShop => (
            "Das ist keine Adresse eines Shopify-Shops",
            "Bitte nehmen Sie die dauerhafte Adresse Ihres Shops, die auf .myshopify.com endet. Sie steht im Shopify-Adminbereich unter Einstellungen, Domains.",
        ),
        Code::MissingParameter | Code::RepeatedParameter | Code::MalformedParameter => (
            "Der Link ist nicht vollständig",
            "Von diesem Link ist unterwegs etwas verloren gegangen oder verändert worden. Bitte beginnen Sie neu; es dauert nur eine Minute.",
        ),
        Code::InvalidHmac => (
            "Dieser Link kommt nicht von Shopify",
            "Dieser Link ist nicht von Shopify unterschrieben oder wurde unterwegs verändert. Bitte öffnen Sie die App im Shopify-Adminbereich.",
        ),
        Code::StaleRequest => (
            "Dieser Link ist zu alt",
            "Dieser Link von Shopify gilt nicht mehr. Bitte öffnen Sie die App im Shopify-Adminbereich noch einmal.",
        ),
        Code::MalformedState | Code::InvalidState => (
            "Diese Anmeldung wurde nicht hier begonnen",
            "Diese Antwort gehört zu keiner Anmeldung, die in diesem Browser begonnen wurde. Bitte beginnen Sie neu und bleiben Sie dabei in einem Browser.",
        ),
        Code::ExpiredState => (
            "Diese Anmeldung ist abgelaufen",
            "Eine Anmeldung gilt einige Minuten lang. War Ihre bis dahin abgeschlossen, ist alles verbunden; sonst beginnen Sie bitte neu.",
        ),
        Code::UsedState => ("Diese Anmeldung wurde schon benutzt", "Jede Anmeldung gilt einmal. Bitte beginnen Sie neu."),
        Code::MissingSession | Code::InvalidSession => {
            ("Bitte beginnen Sie in Ihrem Shop", "Ihre Anmeldung vom Shop aus ist beendet. Bitte beginnen Sie noch einmal in Ihrem Shop.")
        }
        Code::AccessDenied => (
            "Es wurde nichts verbunden",
            "Die Verbindung wurde nicht erlaubt. Es hat sich nichts geändert; Sie können es jederzeit noch einmal versuchen.",
        ),
        Code::MissingPermission => (
            "Eine Berechtigung fehlt",
            "Nicht alles wurde erlaubt, was der Assistent braucht. Es hat sich nichts geändert; bitte versuchen Sie es noch einmal und erlauben Sie alles.",
        ),
        Code::NoPage => (
            "Nichts zum Verbinden",
            "Die andere Seite hat uns nichts gezeigt, das wir verbinden können. Bitte versuchen Sie es noch einmal, und achten Sie darauf, dass Sie verwalten dürfen, was Sie auswählen.",
        ),
        Code::HeldElsewhere => (
            "Anderswo verbunden",
            "Alles, was Sie ausgewählt haben, gehört zu einem anderen Shop. Gehört etwas davon zu diesem Shop und verwalten Sie es, können Sie es hierher umziehen lassen.",
        ),
        Code::TooManyAttempts => {
            ("Zu viele Versuche", "Von hier aus wurde diese Anmeldung zu oft geöffnet. Bitte beginnen Sie noch einmal in Ihrem Shop.")
        }
        Code::TokenExchangeFailed => (
            "Die Anmeldung wurde abgelehnt",
            "Diese Anmeldung wurde nicht angenommen. Es hat sich nichts geändert; bitte beginnen Sie neu.",
        ),
        Code::ProviderError => (
            "Auf der anderen Seite ging etwas schief",
            "Die andere Seite hat mit einem eigenen Fehler geantwortet. Es hat sich nichts geändert; bitte beginnen Sie in einer Minute neu.",
        ),
        Code::ProviderTimeout => ("Die andere Seite hat nicht geantwortet", "Das hat zu lange gedauert. Bitte beginnen Sie neu."),
        Code::StorageUnavailable => (
            "Bitte versuchen Sie es gleich noch einmal",
            "Der Dienst erreicht gerade seinen Speicher nicht. Bitte versuchen Sie es in ein paar Sekunden noch einmal.",
        ),
        Code::Misconfigured => (
            "Der Dienst ist nicht richtig eingerichtet",
            "Das ist ein Fehler auf unserer Seite, an dem Sie nichts ändern können. Bitte versuchen Sie es später noch einmal.",
        ),
        Code::NotFound => ("Hier ist nichts", "Unter dieser Adresse gibt es nichts. Bitte prüfen Sie den Link."),
        Code::MethodNotAllowed => ("So geht das nicht", "Auf diese Weise geht es unter dieser Adresse nicht. Bitte beginnen Sie neu."),
        Code::InvalidRequest => ("Diese Anfrage ist hier unbekannt", "Diese Anfrage fragt nach nichts, was es hier gibt."),
        Code::InvalidSignature => {
            ("Die Anfrage ist nicht unterschrieben", "Diese Anfrage ist nicht von dem unterschrieben, von dem sie zu kommen behauptet.")
        }
        Code::PayloadTooLarge => ("Das war zu viel", "Diese Anfrage ist größer als alles, was hier erwartet wird."),
        Code::Forbidden => (
            "Es wurde nichts geändert",
            "Zu Ihrer Sicherheit geht das nur von Ihrer eigenen Liste der Verbindungen aus. Bitte öffnen Sie die Liste und versuchen Sie es dort noch einmal.",
        ),
    };
    Saying::new(title, text)
}

pub(super) const DETAIL: DetailWords = DetailWords {
    begun_elsewhere: |platform| {
        Saying::new(
            "Diese Anmeldung wurde nicht hier begonnen",
            format!(
                "Diese Antwort von {platform} gehört zu keiner Anmeldung, die in diesem Browser begonnen wurde. Bitte beginnen Sie neu und bleiben Sie dabei in einem Browser."
            ),
        )
    },
    used: Saying::fixed(
        "Diese Anmeldung wurde schon benutzt",
        "Diese Anmeldung wurde schon benutzt und ist nicht gelungen. Bitte beginnen Sie neu.",
    ),
    not_started_here: Saying::fixed(
        "Bitte bestätigen Sie das zuerst",
        "Diese Anmeldung begann nicht auf einer Seite von uns, oder was umziehen soll, wurde dort nicht gewählt. Es wurde nichts begonnen; bitte öffnen Sie den Link und bestätigen Sie ihn.",
    ),
    failed: |platform| {
        format!("{platform} hat mit einem eigenen Fehler geantwortet. Es hat sich nichts geändert; bitte beginnen Sie in einer Minute neu.")
    },
    dialog_failed: |platform, number| {
        let number = number.map(|number| format!(" (Fehler {number} bei {platform})")).unwrap_or_default();
        format!(
            "{platform} konnte die Anmeldung nicht abschließen{number}. Es hat sich nichts geändert; bitte versuchen Sie es noch einmal. Geschieht es wieder, sagen Sie es bitte dem, der Ihnen den Link gegeben hat."
        )
    },
    no_answer: |platform| format!("{platform} hat nicht rechtzeitig geantwortet. Bitte beginnen Sie neu."),
    store_changed: Saying::fixed(
        "Ihr Shop hat sich inzwischen geändert",
        "Während Ihr Shop verbunden wurde, hat er sich geändert. Bitte beginnen Sie neu.",
    ),
    unknown_code: Saying::fixed(
        "Diese Anfrage gibt es nicht",
        "Es gibt keine Anfrage mit diesem Code. Codes bewahren wir so lange auf wie unsere Aufzeichnungen.",
    ),
};
