### Was über WhatsApp und seine Telefonnummern gesagt wird. Wir sagen "Sie".

-integrations = Verbundene Apps
-apps = Apps und Websites
-manager = WhatsApp Manager
-two-step = Telefonnummern, Einstellungen, Verifizierung in zwei Schritten

## The sign-up

linked-before =
    .title = Ihre WhatsApp-Nummern sind verbunden
    .text = Ihre WhatsApp-Nummern sind bereits verbunden; diese Seite wurde nur noch einmal geöffnet. Hier ist nichts mehr zu tun.
being-linked =
    .title = Ihre WhatsApp-Nummern werden gerade verbunden
    .text = Ihre WhatsApp-Nummern werden in diesem Augenblick verbunden. Geschieht binnen einer Minute nichts, beginnen Sie bitte neu.
declined =
    .title = Es wurde nichts verbunden
    .text = Laut WhatsApp wurde die Verbindung nicht erlaubt. Es hat sich nichts geändert; Sie können es jederzeit noch einmal versuchen. Falls Sie nicht selbst abgebrochen haben, ist die App für Ihr Konto vielleicht noch nicht freigegeben: Bitte fragen Sie, wer Ihnen den Link gegeben hat.
missing-permissions =
    .title = Eine Berechtigung fehlt
    .text = Nicht alles wurde erlaubt, was der Assistent für seine Arbeit braucht. WhatsApp fragt nach allem zusammen, wenn Sie es wieder versuchen. Bitte erlauben Sie ihm:
refused =
    .title = WhatsApp hat die Anmeldung abgelehnt
    .text = WhatsApp hat diese Anmeldung nicht angenommen. Bitte verbinden Sie Ihre Nummer noch einmal.
failed = Bei WhatsApp ging etwas schief
no-answer = WhatsApp hat nicht geantwortet

## What a permission allows

permission-messaging = Nachrichten beantworten, die Kunden an Ihre Nummer schicken
permission-management = Ihre WhatsApp-Nummern sehen und verwalten
permission-events = Meta mitteilen, was aus Unterhaltungen wird, zum Beispiel Bestellungen

## Phone numbers

numbers-step = WhatsApp-Nummern
numbers-full = WhatsApp-Nummern
numbers = WhatsApp-Nummern
starting-title = WhatsApp-Nummer mit diesem Shop verbinden?
starting-move-title = Eine WhatsApp-Nummer zu diesem Shop umziehen?
starting-move-lead = Diese Nummern hat ein anderer Shop. Eine Nummer, die Sie umziehen lassen, antwortet für diesen Shop, und der andere verliert sie.
starting-without-ids-title = Welche WhatsApp-Nummer soll umziehen?
starting-without-ids-lead = Nummern ziehen einzeln um. Verbinden Sie zuerst Ihre Nummer: Dann sehen Sie die, die ein anderer Shop hat, und können jede umziehen lassen.
starting-line-1 = Die Anmeldung von WhatsApp öffnet sich bei Facebook. Sie fragt nach Ihrem Unternehmensportfolio, Ihrem WhatsApp Business-Konto und Ihrer Telefonnummer. Wählen Sie nur ein Konto dieses Shops: Alle seine Nummern werden verbunden, und der Assistent antwortet dort im Namen des Shops.
starting-line-2 = Außerdem sollen Sie dem Assistenten erlauben, Ihre WhatsApp-Nummern zu sehen und zu verwalten und die Nachrichten zu beantworten, die Kunden an sie schicken. Er braucht das alles.
starting-line-3 = Verbunden wird erst, wenn Sie dort zustimmen, und Sie können die Verbindung jederzeit wieder trennen.
starting-unknown = Welche Telefonnummer das ist, wissen wir nicht. Lassen Sie sie nur umziehen, wenn Sie ihre Kennung kennen.
next = Ein Schritt fehlt noch: Verbinden Sie die WhatsApp-Nummer, auf der der Assistent Ihren Kunden antworten soll.

## After numbers were connected

connected-title = { $count ->
    [one] Ihre WhatsApp-Nummer ist verbunden
   *[other] Ihre WhatsApp-Nummern sind verbunden
}
connected-all-ready = Die Nachrichten an sie sind eingeschaltet, und der Assistent kann für Ihren Shop antworten.
connected-moved = Sie ist von einem anderen Shop hierher umgezogen.
connected-kept = Sie bleibt über jemanden aus Ihrem Team verbunden, der für diese Nummer mehr Berechtigungen hat.
connected-truncated = Die Liste Ihrer Nummern kam bei WhatsApp nicht zum Ende; einige können fehlen. Bitte verbinden Sie diese später.

## In the list of connections

listed-title = Ihre WhatsApp-Nummern
listed-none = Noch ist keine WhatsApp-Nummer verbunden. Verbinden Sie eine, und der Assistent kann den Kunden antworten, die ihr schreiben.
listed-more = Weitere WhatsApp-Nummern verbinden
listed-shared = Mehrere Apps teilen sich die Unterhaltungen dieser Nummer, und der Assistent beantwortet nur die, die WhatsApp ihm gibt.
listed-reconnect = WhatsApp nimmt unseren Zugriff auf diese Nummer nicht mehr an. Verbinden Sie sie neu, und der Assistent macht weiter.
listed-moved = Diese Nummer ist jetzt mit einem anderen Shop verbunden.
listed-disconnect = Der Assistent antwortet hier nicht mehr. Hängt keine andere Nummer davon ab, wird unser Zugriff gelöscht und auch die Berechtigung aus der Anmeldung zurückgenommen. Sie können die Nummer jederzeit wieder verbinden.
listed-confirm = Diese Nummer trennen
listed-forget = Dieser Hinweis verschwindet. Für den Shop, der die Nummer jetzt hat, ändert sich nichts.

## Why messages don't arrive

unready-not-checked = Ob Nachrichten an diese Nummer den Assistenten erreichen, ließ sich noch nicht prüfen; wir versuchen es binnen eines Tages noch einmal.
unready-rate-limited = WhatsApp bittet uns zu warten, bevor Nachrichten an diese Nummer eingeschaltet werden; wir versuchen es binnen eines Tages noch einmal.
unready-missing-task = Nachrichten an diese Nummer erreichen den Assistenten nicht: Ihre Rolle erlaubt nicht, sie einzuschalten. Verbinden muss die Nummer jemand, der die volle Kontrolle über das Unternehmensportfolio hat.
unready-missing-permission = Nachrichten an diese Nummer erreichen den Assistenten nicht: Laut WhatsApp fehlt eine Berechtigung. Bitte verbinden Sie die Nummer neu und erlauben Sie alles, worum gebeten wird.
unready-token-refused = Nachrichten an diese Nummer erreichen den Assistenten nicht: WhatsApp nimmt unseren Zugriff auf sie nicht mehr an. Bitte verbinden Sie sie neu.
unready-misconfigured = Nachrichten an diese Nummer erreichen den Assistenten wegen eines Fehlers auf unserer Seite nicht. Wir wissen davon; Sie brauchen nichts zu tun.
unready-not-subscribed = Nachrichten an diese Nummer erreichen den Assistenten nicht: Meta hat das Abonnement Ihres WhatsApp Business-Kontos nicht behalten; wir versuchen es binnen eines Tages noch einmal.
unready-app-not-subscribed = Nachrichten an diese Nummer erreichen den Assistenten noch nicht: Die App selbst ist dafür nicht eingeschaltet. Das ist unsere Sache; Sie brauchen nichts zu tun.
unready-pin-required = Nachrichten an diese Nummer erreichen den Assistenten noch nicht: Sie hat eine PIN für die Verifizierung in zwei Schritten, die wir nicht kennen. Bitte geben Sie sie in der Liste Ihrer Verbindungen ein. Kennt sie niemand, schalten Sie die Verifizierung in zwei Schritten aus (im { -manager } unter { -two-step }) und wählen Sie hier eine neue PIN.
unready-account-restricted = Nachrichten an diese Nummer erreichen den Assistenten nicht: Meta hat die Nummer oder ihr WhatsApp Business-Konto eingeschränkt. Warum, sehen Sie im { -manager }; eine Überprüfung beantragen Sie beim Business-Support von Meta.
unready-not-verified = Nachrichten an diese Nummer erreichen den Assistenten noch nicht: Sie muss zuerst verifiziert werden. Bitte tun Sie das im { -manager } unter Telefonnummern, mit einem Code, der per SMS oder Anruf kommt. Verbinden Sie die Nummer danach neu.
unready-not-registered = Nachrichten an diese Nummer erreichen den Assistenten noch nicht: Die Nummer ist bei WhatsApp noch nicht dafür registriert; wir versuchen es binnen eines Tages noch einmal.

## The PIN of a number

pin-label = Sechsstellige PIN
pin-help = Die PIN der Nummer für die Verifizierung in zwei Schritten, kein Code aus einer SMS.
pin-submit = Nummer registrieren
pin-taken = Die Nummer ist registriert, und die Nachrichten an sie sind eingeschaltet.
pin-refused = WhatsApp hat diese PIN nicht angenommen. Vielleicht kennt sie, wer die Nummer eingerichtet hat. Kennt sie niemand, schalten Sie die Verifizierung in zwei Schritten aus (im { -manager } unter { -two-step }) und wählen Sie hier eine neue PIN.
pin-later = Die Nummer ließ sich jetzt nicht registrieren: WhatsApp hat nicht geantwortet, oder die wenigen Versuche, die es in drei Tagen gibt, sind verbraucht. Bitte versuchen Sie es später noch einmal.
pin-kept = Die Nummer behält ihre PIN für die Verifizierung in zwei Schritten. Um die Nummer anderswo zu nutzen, schalten Sie die Verifizierung in zwei Schritten aus (im { -manager } unter { -two-step }); dann können Sie eine neue PIN wählen.

## Why a number or an account was not connected

left-out-insufficient-tasks = Ihre Rolle erlaubt dem Assistenten nicht, für diese Nummer zu antworten. Wer die volle Kontrolle über das Unternehmensportfolio hat, kann Ihnen mehr erlauben oder sie selbst verbinden.
left-out-missing-permissions = Bitte verbinden Sie noch einmal und erlauben Sie dem Assistenten auch für dieses Konto:
left-out-unreadable = Das wurde ausgewählt, aber WhatsApp ließ es uns nicht lesen. Bitte verbinden Sie es später noch einmal.
left-out-gone = Das wurde ausgewählt, aber WhatsApp kennt es nicht mehr.
left-out-rate-limited = WhatsApp bittet uns zu warten, bevor wir das lesen. Bitte verbinden Sie es in einer Stunde; sonst geht nichts verloren.
left-out-held-elsewhere = Ein anderer Shop hat diese Nummer. Gehört sie hierher, können Sie sie umziehen lassen: Dann antwortet der Assistent dort für diesen Shop, und der andere Shop verliert sie.
left-out-too-many = Das war mehr, als eine Anmeldung verbindet. Bitte verbinden Sie noch einmal und wählen Sie nur, was fehlt.

## What disconnecting a number did

ended-title = Die Nummer ist getrennt
ended-access = Der Assistent antwortet dort nicht mehr.
ended-unsubscribed = Die Nachrichten an die Nummer erreichen den Assistenten nicht mehr.
ended-unsubscribed-later = WhatsApp ließ sich nicht sofort sagen, dass es uns ihre Nachrichten nicht mehr schicken soll; wir versuchen es weiter.
ended-not-unsubscribed = WhatsApp ließ sich nicht sagen, dass es uns ihre Nachrichten nicht mehr schicken soll; wir verwerfen sie.
ended-revoked = Unser Zugriff ist gelöscht, und die Berechtigung aus der Anmeldung ist zurückgenommen.
ended-kept = Unser Zugriff und die Berechtigung aus der Anmeldung bleiben, weil anderes von ihnen abhängt.
ended-revoked-later = Die Berechtigung aus der Anmeldung wird zurückgenommen, sobald WhatsApp uns lässt; wir versuchen es weiter.
ended-not-revoked = Unser Zugriff ist gelöscht. Die Berechtigung aus der Anmeldung ließ sich von hier aus nicht zurücknehmen. Das können Sie in den Einstellungen Ihres Unternehmensportfolios unter { -integrations } tun.

## To a person who asked to be forgotten

deletion-nothing-kept =
    .title = Hier ist nichts über Sie gespeichert
    .text = Wir haben nach allem gesucht, was wegen Ihrer Anmeldung für WhatsApp gespeichert sein könnte. Es gab nichts.
deletion-deleted =
    .title = Ihre Daten sind gelöscht
    .text = Alles, was wegen Ihrer Anmeldung für WhatsApp gespeichert war, ist gelöscht: Ihre Kennung, der Zugriff, den Sie erteilt hatten, und die Kennungen, Namen und Telefonnummern, die damit verbunden waren.
deletion-access-deleted =
    .title = Ihr Zugriff ist gelöscht
    .text = Diese Anfrage kam, als Sie die App entfernt haben: Der Zugriff, den Sie erteilt hatten, wurde damals gelöscht. Ihre Telefonnummern bleiben in den Listen der Shops, mit denen sie verbunden waren. Sollen auch sie gelöscht werden, senden Sie in Ihren Facebook-Einstellungen unter { -apps } eine neue Anfrage.

## The ways on

way-connect = WhatsApp-Nummer verbinden
way-try-again = Bei WhatsApp noch einmal versuchen
way-reconnect = Nummer neu verbinden
way-ask-again = WhatsApp erneut um die Berechtigungen bitten
way-go-on = Weiter zu WhatsApp
way-choose-others = Andere Nummern wählen
way-conversation-routing = Bei WhatsApp festlegen, wer zuerst antwortet
way-own-page = Nummer ansehen
way-test-message = Eine Testnachricht senden

## What is refused

refusal-none =
    .title = Keine Nummer zum Verbinden
    .text = WhatsApp hat uns keine Telefonnummer gezeigt, die wir verbinden können. Bitte versuchen Sie es noch einmal, gehen Sie durch die Anmeldung bis zum Ende, und wählen Sie ein Konto mit einer Telefonnummer.
refusal-held-elsewhere =
    .title = Die Nummer ist anderswo verbunden
    .text = Alle Nummern, die Sie ausgewählt haben, gehören zu einem anderen Shop. Gehört eine davon zu diesem Shop und verwalten Sie sie, können Sie sie hierher umziehen lassen: Dann antwortet der Assistent dort für diesen Shop, und der andere Shop verliert sie.
refusal-too-many-attempts =
    .title = Zu viele Versuche
    .text = Von hier aus wurde die Anmeldung von WhatsApp zu oft geöffnet. Bitte beginnen Sie noch einmal in Ihrem Shop.
refusal-missing-for-these =
    .title = Eine Berechtigung fehlt
    .text = Für die Konten, die Sie ausgewählt haben, fehlt eine Berechtigung. Bitte verbinden Sie noch einmal und erlauben Sie dem Assistenten auch für diese Konten:
refusal-hidden =
    .title = Eine Berechtigung fehlt
    .text = WhatsApp lässt uns Ihre Nummern nicht sehen. Bitte verbinden Sie noch einmal und erlauben Sie den Zugriff auf sie.
refusal-store-first =
    .title = Bitte beginnen Sie in Ihrem Shop
    .text = Bitte öffnen Sie die App zuerst in Ihrem Shop; danach lässt sich Ihre WhatsApp-Nummer mit ihm verbinden.
