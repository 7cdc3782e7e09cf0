### Die allgemeinen Wörter. Wir sagen "Sie".

-admin = Shopify-Adminbereich
-apps = Einstellungen, Apps

## Around every page

language-name = Deutsch
frame-languages = Sprache
frame-steps = Schritte
frame-step-store = Shop
frame-done = Erledigt
frame-reference = Vorgang
frame-colon = :
frame-reference-hint = Falls Sie um Hilfe bitten, geben Sie bitte dies weiter:
frame-support = Hilfe
frame-privacy = Datenschutz

## Before a sign-in that was not begun on a page of ours

starting-lead = Sie kommen von außerhalb. Bitte prüfen Sie, ob Sie diesen Shop meinen.
starting-store = Ihr Shop
starting-held = Bei einem anderen Shop

## After the store was connected

store-connected-title = Ihr Shop ist verbunden
store-connected-found = Das hat der Assistent in Ihrem Shop gefunden
found-products = Produkte
found-locations = Standorte
found-discounts = Aktive Rabatte
found-or-more = { NUMBER($number) } oder mehr
store-connected-nothing-read = Der Shop ist verbunden, nur seine Daten ließen sich gerade nicht lesen. Sie können trotzdem fortfahren.
store-connected-partly-read = Der Shop ist verbunden, nur ein Teil seiner Daten ließ sich gerade nicht lesen. Sie können trotzdem fortfahren.

## After accounts were connected

accounts-connected-some-unready = Die Verbindung steht, aber noch erreicht nicht jede Nachricht den Assistenten. Unten sehen Sie, woran es liegt und was hilft.
accounts-connected-some-shared = Die Nachrichten sind eingeschaltet, aber auch andere Apps antworten hier. Unten sehen Sie, wo, und wie Sie das ändern.
accounts-connected-store = Antwortet für
accounts-connected-connected = Verbunden
accounts-connected-left-out = Nicht verbunden
accounts-connected-done = Sie sind fertig und können dieses Fenster schließen.

## The list of connections

connections-title = Ihre Verbindungen
connections-store = Ihr Shop
connections-needed = { $some ->
    [one] { NUMBER($some) } von { NUMBER($all) } braucht Sie
   *[other] { NUMBER($some) } von { NUMBER($all) } brauchen Sie
}
connections-linked = Verbunden am
connections-checked = Zuletzt geprüft
store-active = Verbunden
store-reconnect-needed = Zugriff erloschen
store-disconnected = Getrennt
connections-store-reconnect = Shopify nimmt unseren Zugriff auf Ihren Shop nicht mehr an; der Assistent sieht nicht, was Sie verkaufen. Verbinden Sie ihn neu, sonst geht nichts verloren.
connections-store-disconnected = Der Assistent hat keinen Zugriff auf diesen Shop. Verbinden Sie ihn binnen 30 Tagen neu, sind Ihre { $accounts } wieder da; danach wird alles über ihn gelöscht.
account-ready = Empfängt Nachrichten
account-shared = Mit anderen Apps geteilt
account-being-checked = Wird geprüft
account-not-ready = Noch keine Nachrichten
account-reconnect-needed = Zugriff erloschen
account-moved = Umgezogen
account-paused = Pausiert
connections-disconnect = Trennen
connections-disconnect-store = Der Assistent antwortet auf keiner Ihrer { $accounts } mehr, und unser Zugriff auf diesen Shop wird gelöscht. Verbinden Sie ihn binnen 30 Tagen neu, ist alles wieder da; danach wird es endgültig gelöscht.
connections-forget = Aus der Liste entfernen
connections-confirm-forget = Entfernen
connections-uninstall = Auch die App aus meinem Shopify-Shop entfernen
connections-confirm-store = Diesen Shop trennen
store-ended-title = Der Shop ist getrennt
store-ended-access = Unser Zugriff auf ihn ist gelöscht, und der Assistent antwortet auf seinen { $accounts } nicht mehr.
store-ended-app-removed = Die App ist aus Ihrem Shop entfernt.
store-ended-app-not-removed = Die App ließ sich nicht aus Ihrem Shop entfernen. Bitte entfernen Sie sie im { -admin } unter { -apps }.
store-ended-app-kept = Die App selbst ist noch in Ihrem Shop. Entfernen können Sie sie im { -admin } unter { -apps }.
connections-note-removed = Aus der Liste entfernt
connections-sign-out = Abmelden

## To a person who asked to be forgotten

deletion-in-progress =
    .title = Ihre Daten werden gelöscht
    .text = Ihre Anfrage ist angekommen. Was noch fehlt, ist in wenigen Minuten getan; öffnen Sie diese Seite dann noch einmal.
deletion-requested = Angefordert
deletion-deleted = Gelöscht
deletion-records = Gelöschte Einträge
deletion-code = Bestätigungscode

## What this service is

welcome =
    .title = Verbindet Ihren Shop mit einem Assistenten
    .text = Hier werden ein Shopify-Shop und seine { $accounts } verbunden, damit ein Assistent den Kunden antworten kann, die ihnen schreiben. Es beginnt in Ihrem { -admin } oder mit einem eigenen Link.
welcome-run-by = Diesen Dienst betreibt
welcome-ask = Um Hilfe bitten
welcome-ask-sender = Haben Sie eine Frage, wenden Sie sich bitte an die Person, die Sie hierher geschickt hat.
language-chosen =
    .title = Alle Seiten sind jetzt auf Deutsch
    .text = Gehen Sie zurück zu der Seite, auf der Sie waren: Auch sie erscheint auf Deutsch.

## What is refused

error-invalid-shop =
    .title = Das ist keine Adresse eines Shopify-Shops
    .text = Bitte nehmen Sie die dauerhafte Adresse Ihres Shops, die auf .myshopify.com endet. Sie steht im { -admin } unter Einstellungen, Domains.
error-incomplete-link =
    .title = Der Link ist nicht vollständig
    .text = Von diesem Link ist unterwegs etwas verloren gegangen oder verändert worden. Bitte beginnen Sie neu; es dauert nur eine Minute.
error-invalid-hmac =
    .title = Dieser Link kommt nicht von Shopify
    .text = Dieser Link ist nicht von Shopify unterschrieben oder wurde unterwegs verändert. Bitte öffnen Sie die App im { -admin }.
error-stale-request =
    .title = Dieser Link ist zu alt
    .text = Dieser Link von Shopify gilt nicht mehr. Bitte öffnen Sie die App im { -admin } noch einmal.
error-begun-elsewhere =
    .title = Diese Anmeldung wurde nicht hier begonnen
    .text = Diese Antwort gehört zu keiner Anmeldung, die in diesem Browser begonnen wurde. Bitte beginnen Sie neu und bleiben Sie dabei in einem Browser.
error-expired-state =
    .title = Diese Anmeldung ist abgelaufen
    .text = Eine Anmeldung gilt einige Minuten lang. War Ihre bis dahin abgeschlossen, ist alles verbunden; sonst beginnen Sie bitte neu.
error-used-state =
    .title = Diese Anmeldung wurde schon benutzt
    .text = Jede Anmeldung gilt einmal. Bitte beginnen Sie neu.
error-no-session =
    .title = Bitte beginnen Sie in Ihrem Shop
    .text = Ihre Anmeldung vom Shop aus ist beendet. Bitte beginnen Sie noch einmal in Ihrem Shop.
error-access-denied =
    .title = Es wurde nichts verbunden
    .text = Die Verbindung wurde nicht erlaubt. Es hat sich nichts geändert; Sie können es jederzeit noch einmal versuchen.
error-missing-permission =
    .title = Eine Berechtigung fehlt
    .text = Nicht alles wurde erlaubt, was der Assistent braucht. Es hat sich nichts geändert; bitte versuchen Sie es noch einmal und erlauben Sie alles.
error-nothing-to-connect =
    .title = Nichts zum Verbinden
    .text = Die andere Seite hat uns nichts gezeigt, das wir verbinden können. Bitte versuchen Sie es noch einmal, und achten Sie darauf, dass Sie verwalten dürfen, was Sie auswählen.
error-held-elsewhere =
    .title = Anderswo verbunden
    .text = Alles, was Sie ausgewählt haben, gehört zu einem anderen Shop. Gehört etwas davon zu diesem Shop und verwalten Sie es, können Sie es hierher umziehen lassen.
error-too-many-attempts =
    .title = Zu viele Versuche
    .text = Von hier aus wurde diese Anmeldung zu oft geöffnet. Bitte beginnen Sie noch einmal in Ihrem Shop.
error-token-exchange-failed =
    .title = Die Anmeldung wurde abgelehnt
    .text = Diese Anmeldung wurde nicht angenommen. Es hat sich nichts geändert; bitte beginnen Sie neu.
error-provider-error =
    .title = Auf der anderen Seite ging etwas schief
    .text = Die andere Seite hat mit einem eigenen Fehler geantwortet. Es hat sich nichts geändert; bitte beginnen Sie in einer Minute neu.
error-provider-timeout =
    .title = Die andere Seite hat nicht geantwortet
    .text = Das hat zu lange gedauert. Bitte beginnen Sie neu.
error-storage-unavailable =
    .title = Bitte versuchen Sie es gleich noch einmal
    .text = Der Dienst erreicht gerade seinen Speicher nicht. Bitte versuchen Sie es in ein paar Sekunden noch einmal.
error-misconfigured =
    .title = Der Dienst ist nicht richtig eingerichtet
    .text = Das ist ein Fehler auf unserer Seite, an dem Sie nichts ändern können. Bitte versuchen Sie es später noch einmal.
error-not-found =
    .title = Hier ist nichts
    .text = Unter dieser Adresse gibt es nichts. Bitte prüfen Sie den Link.
error-method-not-allowed =
    .title = So geht das nicht
    .text = Auf diese Weise geht es unter dieser Adresse nicht. Bitte beginnen Sie neu.
error-invalid-request =
    .title = Diese Anfrage ist hier unbekannt
    .text = Diese Anfrage fragt nach nichts, was es hier gibt.
error-invalid-signature =
    .title = Die Anfrage ist nicht unterschrieben
    .text = Diese Anfrage ist nicht von dem unterschrieben, von dem sie zu kommen behauptet.
error-payload-too-large =
    .title = Das war zu viel
    .text = Diese Anfrage ist größer als alles, was hier erwartet wird.
error-forbidden =
    .title = Es wurde nichts geändert
    .text = Zu Ihrer Sicherheit geht das nur von Ihrer eigenen Liste der Verbindungen aus. Bitte öffnen Sie die Liste und versuchen Sie es dort noch einmal.

## What is refused, where more is known

detail-begun-elsewhere =
    .title = Diese Anmeldung wurde nicht hier begonnen
    .text = Diese Antwort von { $platform } gehört zu keiner Anmeldung, die in diesem Browser begonnen wurde. Bitte beginnen Sie neu und bleiben Sie dabei in einem Browser.
detail-used =
    .title = Diese Anmeldung wurde schon benutzt
    .text = Diese Anmeldung wurde schon benutzt und ist nicht gelungen. Bitte beginnen Sie neu.
detail-not-started-here =
    .title = Bitte bestätigen Sie das zuerst
    .text = Diese Anmeldung begann nicht auf einer Seite von uns, oder was umziehen soll, wurde dort nicht gewählt. Es wurde nichts begonnen; bitte öffnen Sie den Link und bestätigen Sie ihn.
detail-failed = { $platform } hat mit einem eigenen Fehler geantwortet. Es hat sich nichts geändert; bitte beginnen Sie in einer Minute neu.
detail-dialog-failed = { $platform } konnte die Anmeldung nicht abschließen. Es hat sich nichts geändert; bitte versuchen Sie es noch einmal. Geschieht es wieder, sagen Sie es bitte dem, der Ihnen den Link gegeben hat.
detail-dialog-failed-with-number = { $platform } konnte die Anmeldung nicht abschließen (dortiger Fehler { $number }). Es hat sich nichts geändert; bitte versuchen Sie es noch einmal. Geschieht es wieder, sagen Sie es bitte dem, der Ihnen den Link gegeben hat.
detail-no-answer = { $platform } hat nicht rechtzeitig geantwortet. Bitte beginnen Sie neu.
detail-store-changed =
    .title = Ihr Shop hat sich inzwischen geändert
    .text = Während Ihr Shop verbunden wurde, hat er sich geändert. Bitte beginnen Sie neu.
detail-unknown-code =
    .title = Diese Anfrage gibt es nicht
    .text = Es gibt keine Anfrage mit diesem Code. Codes bewahren wir so lange auf wie unsere Aufzeichnungen.

## The ways on

way-start-again = Vom Shop aus neu beginnen
way-manage = Verbindungen verwalten
way-reconnect-store = Shop neu verbinden
way-move-here = Zu diesem Shop umziehen
way-connections = Verbindungen ansehen
way-reload = Noch einmal versuchen
way-shopify-admin = App im { -admin } öffnen
way-back = Zurück
way-back-to = Zurück zu { $name }
way-back-to-admin = Zurück zu Ihrem { -admin }

## Lists and dates

list-end = { $others } und { $last }
month-01 = Januar
month-02 = Februar
month-03 = März
month-04 = April
month-05 = Mai
month-06 = Juni
month-07 = Juli
month-08 = August
month-09 = September
month-10 = Oktober
month-11 = November
month-12 = Dezember
date = { NUMBER($day) }. { $month } { $year }, { $time } Uhr (UTC)
day = { NUMBER($day) }. { $month } { $year }
account-id = Nummer { $id }
