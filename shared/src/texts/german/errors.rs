//! Refusals in German.

use crate::{Code, Detail, error::FirstUse, platform::Platform, texts::Saying};

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
            "Keine Seite zum Verbinden",
            "Facebook hat uns keine Seite gezeigt, die wir verbinden können. Bitte versuchen Sie es noch einmal, wählen Sie eine Seite aus, und achten Sie darauf, dass Sie sie verwalten dürfen.",
        ),
        Code::HeldElsewhere => (
            "Die Seite ist anderswo verbunden",
            "Alle Seiten, die Sie ausgewählt haben, gehören zu einem anderen Shop. Gehört eine davon zu diesem Shop und verwalten Sie sie, können Sie sie hierher umziehen lassen.",
        ),
        Code::TooManyAttempts => {
            ("Zu viele Versuche", "Von hier aus wurde Facebook zu oft geöffnet. Bitte beginnen Sie noch einmal in Ihrem Shop.")
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

pub(super) fn detail(detail: &Detail) -> Option<Saying> {
    Some(match detail {
        Detail::General | Detail::Technical(_) | Detail::HeldElsewhere(_) => return None,
        Detail::BegunElsewhere(provider) => Saying::new(
            "Diese Anmeldung wurde nicht hier begonnen",
            format!(
                "Diese Antwort von {} gehört zu keiner Anmeldung, die in diesem Browser begonnen wurde. Bitte beginnen Sie neu und bleiben Sie dabei in einem Browser.",
                provider.label
            ),
        ),
        Detail::Used(provider, first_use) => used(provider, *first_use),
        Detail::Declined(platform) if platform.account.is_none() => Saying::new(
            "Es wurde nichts verbunden",
            "Laut Shopify wurde die Verbindung nicht erlaubt. Es wurde nichts gespeichert; Sie können jederzeit neu beginnen.",
        ),
        Detail::Declined(_) => Saying::new(
            "Es wurde nichts verbunden",
            "Laut Facebook wurde die Verbindung nicht erlaubt. Es hat sich nichts geändert; Sie können es jederzeit noch einmal versuchen. \
             Falls Sie nicht selbst abgebrochen haben, ist die App für Ihr Konto vielleicht noch nicht freigegeben: Bitte fragen Sie, wer Ihnen den Link gegeben hat.",
        ),
        Detail::MissingPermissions(platform, _) if platform.account.is_none() => Saying::new(
            "Eine Berechtigung fehlt",
            "Nicht alles wurde erlaubt, was der Assistent braucht, um Ihre Produkte zu verkaufen. Bitte beginnen Sie neu und erlauben Sie ihm:",
        ),
        Detail::MissingPermissions(..) => Saying::new(
            "Eine Berechtigung fehlt",
            "Nicht alles wurde erlaubt, was der Assistent für seine Arbeit braucht. Facebook fragt noch einmal danach, wenn Sie es wieder versuchen. Bitte erlauben Sie ihm:",
        ),
        Detail::MissingForPages(_) => Saying::new(
            "Eine Berechtigung fehlt",
            "Für die Seiten, die Sie ausgewählt haben, fehlt eine Berechtigung. Bitte verbinden Sie noch einmal und erlauben Sie dem Assistenten auch für diese Seiten:",
        ),
        Detail::PagesHidden => Saying::new(
            "Eine Berechtigung fehlt",
            "Facebook lässt uns Ihre Seiten nicht sehen. Bitte verbinden Sie noch einmal und erlauben Sie den Zugriff auf sie.",
        ),
        Detail::NotStartedHere => Saying::new(
            "Bitte bestätigen Sie das zuerst",
            "Diese Anmeldung begann nicht auf einer Seite von uns, oder was umziehen soll, wurde dort nicht gewählt. Es wurde nichts begonnen; bitte öffnen Sie den Link und bestätigen Sie ihn.",
        ),
        Detail::ProviderFailed(provider) => Saying::new(
            by_provider(provider, "Bei Shopify ging etwas schief", "Bei Facebook ging etwas schief"),
            format!(
                "{} hat mit einem eigenen Fehler geantwortet. Es hat sich nichts geändert; bitte beginnen Sie in einer Minute neu.",
                provider.label
            ),
        ),
        Detail::DialogFailed(number) => Saying::new(
            "Bei Facebook ging etwas schief",
            format!(
                "Facebook konnte die Anmeldung nicht abschließen{}. Es hat sich nichts geändert; bitte versuchen Sie es noch einmal. Geschieht es wieder, sagen Sie es bitte dem, der Ihnen den Link gegeben hat.",
                number.as_ref().map(|number| format!(" (Fehler {number} bei Facebook)")).unwrap_or_default()
            ),
        ),
        Detail::NoAnswer(provider) => Saying::new(
            by_provider(provider, "Shopify hat nicht geantwortet", "Facebook hat nicht geantwortet"),
            format!("{} hat nicht rechtzeitig geantwortet. Bitte beginnen Sie neu.", provider.label),
        ),
        Detail::SignInRefused(platform) if platform.account.is_none() => Saying::new(
            "Shopify hat die Anmeldung abgelehnt",
            "Shopify hat diese Anmeldung nicht angenommen. Bitte beginnen Sie noch einmal in Ihrem Shop.",
        ),
        Detail::SignInRefused(_) => Saying::new(
            "Facebook hat die Anmeldung abgelehnt",
            "Facebook hat diese Anmeldung nicht angenommen. Bitte verbinden Sie Ihre Seiten noch einmal.",
        ),
        Detail::StoreChanged => Saying::new(
            "Ihr Shop hat sich inzwischen geändert",
            "Während Ihr Shop verbunden wurde, hat er sich geändert. Bitte beginnen Sie neu.",
        ),
        Detail::StoreFirst => Saying::new(
            "Bitte beginnen Sie in Ihrem Shop",
            "Bitte öffnen Sie die App zuerst in Ihrem Shop; danach lassen sich Ihre Facebook-Seiten mit ihm verbinden.",
        ),
        Detail::UnknownConfirmationCode => Saying::new(
            "Diese Anfrage gibt es nicht",
            "Es gibt keine Anfrage mit diesem Code. Codes bewahren wir so lange auf wie unsere Aufzeichnungen.",
        ),
    })
}

fn used(platform: &Platform, first_use: FirstUse) -> Saying {
    match (platform.account.is_none(), first_use) {
        (true, FirstUse::Linked) => Saying::new(
            "Ihr Shop ist verbunden",
            "Ihr Shop ist bereits verbunden; diese Seite wurde nur noch einmal geöffnet. Sie können weitermachen.",
        ),
        (false, FirstUse::Linked) => Saying::new(
            "Ihre Seiten sind verbunden",
            "Ihre Seiten sind bereits verbunden; diese Seite wurde nur noch einmal geöffnet. Hier ist nichts mehr zu tun.",
        ),
        (true, FirstUse::InFlight) => Saying::new(
            "Ihr Shop wird gerade verbunden",
            "Ihr Shop wird in diesem Augenblick verbunden. Geschieht binnen einer Minute nichts, beginnen Sie bitte neu.",
        ),
        (false, FirstUse::InFlight) => Saying::new(
            "Ihre Seiten werden gerade verbunden",
            "Ihre Seiten werden in diesem Augenblick verbunden. Geschieht binnen einer Minute nichts, beginnen Sie bitte neu.",
        ),
        (_, FirstUse::Failed) => Saying::new(
            "Diese Anmeldung wurde schon benutzt",
            "Diese Anmeldung wurde schon benutzt und ist nicht gelungen. Bitte beginnen Sie neu.",
        ),
    }
}

fn by_provider(platform: &Platform, shopify: &'static str, facebook: &'static str) -> &'static str {
    if platform.account.is_none() { shopify } else { facebook }
}
