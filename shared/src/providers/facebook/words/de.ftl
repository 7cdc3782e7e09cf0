### Was über Facebook und seine Seiten gesagt wird. Wir sagen "Sie".

-integrations = Business-Integrationen
-apps = Apps und Websites

## The sign-in

linked-before =
    .title = Ihre Seiten sind verbunden
    .text = Ihre Seiten sind bereits verbunden; diese Seite wurde nur noch einmal geöffnet. Hier ist nichts mehr zu tun.
being-linked =
    .title = Ihre Seiten werden gerade verbunden
    .text = Ihre Seiten werden in diesem Augenblick verbunden. Geschieht binnen einer Minute nichts, beginnen Sie bitte neu.
declined =
    .title = Es wurde nichts verbunden
    .text = Laut Facebook wurde die Verbindung nicht erlaubt. Es hat sich nichts geändert; Sie können es jederzeit noch einmal versuchen. Falls Sie nicht selbst abgebrochen haben, ist die App für Ihr Konto vielleicht noch nicht freigegeben: Bitte fragen Sie, wer Ihnen den Link gegeben hat.
missing-permissions =
    .title = Eine Berechtigung fehlt
    .text = Nicht alles wurde erlaubt, was der Assistent für seine Arbeit braucht. Facebook fragt noch einmal danach, wenn Sie es wieder versuchen. Bitte erlauben Sie ihm:
refused =
    .title = Facebook hat die Anmeldung abgelehnt
    .text = Facebook hat diese Anmeldung nicht angenommen. Bitte verbinden Sie Ihre Seiten noch einmal.
failed = Bei Facebook ging etwas schief
no-answer = Facebook hat nicht geantwortet

## What a permission allows

permission-messaging = Nachrichten beantworten, die Kunden Ihrer Seite schicken
permission-show-list = sehen, welche Seiten Sie verwalten
permission-metadata = erfahren, wenn eine Nachricht ankommt
permission-engagement = Namen und Beiträge Ihrer Seite lesen
permission-business = die Seiten sehen, die Ihrem Unternehmensportfolio gehören

## Pages

pages-step = Facebook-Seiten
pages-full = Facebook-Seiten
pages = Seiten
starting-title = Facebook-Seiten mit diesem Shop verbinden?
starting-move-title = Eine Seite zu diesem Shop umziehen?
starting-move-lead = Diese Seiten hat ein anderer Shop. Eine Seite, die Sie umziehen lassen, antwortet für diesen Shop, und der andere verliert sie.
starting-without-ids-title = Welche Seite soll umziehen?
starting-without-ids-lead = Seiten ziehen einzeln um. Verbinden Sie zuerst Ihre Seiten: Dann sehen Sie die, die ein anderer Shop hat, und können jede umziehen lassen.
starting-line-1 = Facebook fragt, welche Ihrer Seiten verbunden werden sollen. Wählen Sie nur Seiten dieses Shops: Der Assistent antwortet dort in seinem Namen.
starting-line-2 = Außerdem sollen Sie dem Assistenten erlauben, zu sehen, welche Seiten Sie verwalten, zu erfahren, wenn ein Kunde schreibt, und zu antworten. Er braucht das alles.
starting-line-3 = Verbunden wird erst, wenn Sie bei Facebook zustimmen, und Sie können die Verbindung jederzeit wieder trennen.
starting-unknown = Den Namen dieser Seite kennen wir nicht. Lassen Sie sie nur umziehen, wenn Sie ihre Nummer kennen.
next = Ein Schritt fehlt noch: Wählen Sie die Facebook-Seiten, auf denen der Assistent Ihren Kunden antworten soll.

## After Pages were connected

connected-title = { $count ->
    [one] Ihre Seite ist verbunden
   *[other] Ihre Seiten sind verbunden
}
connected-all-ready = Die Nachrichten an sie sind eingeschaltet, und der Assistent kann für Ihren Shop antworten.
connected-moved = Sie ist von einem anderen Shop hierher umgezogen.
connected-kept = Sie bleibt über jemanden aus Ihrem Team verbunden, der auf dieser Seite mehr Berechtigungen hat.
connected-truncated = Die Liste Ihrer Seiten kam bei Facebook nicht zum Ende; einige können fehlen. Bitte verbinden Sie diese später.

## In the list of connections

listed-title = Ihre Facebook-Seiten
listed-none = Noch ist keine Seite verbunden. Verbinden Sie eine, und der Assistent kann den Kunden antworten, die ihr schreiben.
listed-more = Weitere Seiten verbinden
listed-shared = Mehrere Apps teilen sich die Unterhaltungen dieser Seite, und der Assistent beantwortet nur die, die Facebook ihm gibt.
listed-reconnect = Facebook nimmt unseren Zugriff auf diese Seite nicht mehr an. Verbinden Sie sie neu, und der Assistent macht weiter.
listed-moved = Diese Seite ist jetzt mit einem anderen Shop verbunden.
listed-disconnect = Der Assistent antwortet hier nicht mehr, und unser Zugriff auf diese Seite wird gelöscht. Braucht keine andere Seite sie, wird auch die Berechtigung bei Facebook zurückgenommen. Sie können die Seite jederzeit wieder verbinden.
listed-confirm = Diese Seite trennen
listed-forget = Dieser Hinweis verschwindet. Für den Shop, der die Seite jetzt hat, ändert sich nichts.

## Why messages don't arrive

unready-not-checked = Ob Nachrichten an diese Seite den Assistenten erreichen, ließ sich noch nicht prüfen; wir versuchen es binnen eines Tages noch einmal.
unready-rate-limited = Facebook bittet uns zu warten, bevor Nachrichten an diese Seite eingeschaltet werden; wir versuchen es binnen eines Tages noch einmal.
unready-missing-task = Nachrichten an diese Seite erreichen den Assistenten nicht: Ihre Rolle auf der Seite erlaubt nicht, sie einzuschalten. Verbinden muss sie jemand, der sie verwalten, moderieren oder auf ihr posten darf.
unready-missing-permission = Nachrichten an diese Seite erreichen den Assistenten nicht: Laut Facebook fehlt eine Berechtigung. Bitte verbinden Sie die Seite neu und erlauben Sie alles, worum gebeten wird.
unready-token-refused = Nachrichten an diese Seite erreichen den Assistenten nicht: Facebook nimmt unseren Zugriff auf sie nicht mehr an. Bitte verbinden Sie sie neu.
unready-misconfigured = Nachrichten an diese Seite erreichen den Assistenten wegen eines Fehlers auf unserer Seite nicht. Wir wissen davon; Sie brauchen nichts zu tun.
unready-not-subscribed = Nachrichten an diese Seite erreichen den Assistenten nicht: Facebook hat das Abonnement nicht behalten. Vielleicht sind Apps in den Einstellungen der Seite abgeschaltet; wir versuchen es binnen eines Tages noch einmal.
unready-app-not-subscribed = Nachrichten an diese Seite erreichen den Assistenten noch nicht: Die App selbst ist dafür nicht eingeschaltet. Das ist unsere Sache; Sie brauchen nichts zu tun.

## Why a Page was not connected

left-out-insufficient-tasks = Ihre Rolle auf dieser Seite erlaubt dem Assistenten nicht, für sie zu antworten. Wer sie verwaltet, kann Ihnen mehr erlauben oder sie selbst verbinden.
left-out-missing-permissions = Bitte verbinden Sie noch einmal und erlauben Sie dem Assistenten auch für diese Seite:
left-out-unreadable = Diese Seite wurde ausgewählt, aber Facebook ließ sie uns nicht lesen. Bitte verbinden Sie sie später noch einmal.
left-out-gone = Diese Seite wurde ausgewählt, aber bei Facebook gibt es sie nicht mehr.
left-out-rate-limited = Facebook bittet uns zu warten, bevor wir diese Seite lesen. Bitte verbinden Sie sie in einer Stunde; sonst geht nichts verloren.
left-out-held-elsewhere = Ein anderer Shop hat diese Seite. Gehört sie hierher, können Sie sie umziehen lassen: Dann antwortet der Assistent dort für diesen Shop, und der andere Shop verliert sie.
left-out-too-many = Diese Seite war mehr, als eine Anmeldung verbindet. Bitte verbinden Sie noch einmal und wählen Sie nur die Seiten, die fehlen.

## What disconnecting a Page did

ended-title = Die Seite ist getrennt
ended-access = Unser Zugriff auf sie ist gelöscht, und der Assistent antwortet dort nicht mehr.
ended-unsubscribed = Facebook schickt uns ihre Nachrichten nicht mehr.
ended-unsubscribed-later = Facebook ließ sich nicht sofort sagen, dass es uns ihre Nachrichten nicht mehr schicken soll; wir versuchen es weiter.
ended-not-unsubscribed = Facebook ließ sich nicht sagen, dass es uns ihre Nachrichten nicht mehr schicken soll; wir verwerfen sie.
ended-revoked = Die Berechtigung bei Facebook ist zurückgenommen.
ended-kept = Die Berechtigung bei Facebook bleibt, weil anderes von ihr abhängt.
ended-revoked-later = Die Berechtigung bei Facebook wird zurückgenommen, sobald Facebook uns lässt; wir versuchen es weiter.
ended-not-revoked = Die Berechtigung bei Facebook ließ sich von hier aus nicht zurücknehmen. Das können Sie in Ihren Facebook-Einstellungen unter { -integrations } tun.

## To a person who asked to be forgotten

deletion-nothing-kept =
    .title = Hier ist nichts über Sie gespeichert
    .text = Wir haben nach allem gesucht, was wegen Ihrer Anmeldung bei Facebook gespeichert sein könnte. Es gab nichts.
deletion-deleted =
    .title = Ihre Daten sind gelöscht
    .text = Alles, was wegen Ihrer Anmeldung bei Facebook gespeichert war, ist gelöscht: Ihre Kennung, der Zugriff, den Sie erteilt hatten, und die Kennungen und Namen der Seiten, die damit verbunden waren.
deletion-access-deleted =
    .title = Ihr Zugriff ist gelöscht
    .text = Diese Anfrage kam, als Sie die App entfernt haben: Der Zugriff, den Sie erteilt hatten, wurde damals gelöscht. Die Namen Ihrer Seiten bleiben in den Listen der Shops, mit denen sie verbunden waren. Sollen auch sie gelöscht werden, senden Sie in Ihren Facebook-Einstellungen unter { -apps } eine neue Anfrage.

## The ways on

way-connect = Facebook-Seiten verbinden
way-try-again = Bei Facebook noch einmal versuchen
way-reconnect = Seite neu verbinden
way-ask-again = Facebook erneut um die Berechtigungen bitten
way-go-on = Weiter zu Facebook
way-choose-others = Andere Seiten wählen
way-conversation-routing = Bei Facebook festlegen, wer zuerst antwortet
way-own-page = Seite ansehen
way-test-message = Eine Testnachricht senden

## What is refused

refusal-none =
    .title = Keine Seite zum Verbinden
    .text = Facebook hat uns keine Seite gezeigt, die wir verbinden können. Bitte versuchen Sie es noch einmal, wählen Sie eine Seite aus, und achten Sie darauf, dass Sie sie verwalten dürfen.
refusal-held-elsewhere =
    .title = Die Seite ist anderswo verbunden
    .text = Alle Seiten, die Sie ausgewählt haben, gehören zu einem anderen Shop. Gehört eine davon zu diesem Shop und verwalten Sie sie, können Sie sie hierher umziehen lassen: Dann antwortet der Assistent dort für diesen Shop, und der andere Shop verliert sie.
refusal-too-many-attempts =
    .title = Zu viele Versuche
    .text = Von hier aus wurde Facebook zu oft geöffnet. Bitte beginnen Sie noch einmal in Ihrem Shop.
refusal-missing-for-these =
    .title = Eine Berechtigung fehlt
    .text = Für die Seiten, die Sie ausgewählt haben, fehlt eine Berechtigung. Bitte verbinden Sie noch einmal und erlauben Sie dem Assistenten auch für diese Seiten:
refusal-hidden =
    .title = Eine Berechtigung fehlt
    .text = Facebook lässt uns Ihre Seiten nicht sehen. Bitte verbinden Sie noch einmal und erlauben Sie den Zugriff auf sie.
refusal-store-first =
    .title = Bitte beginnen Sie in Ihrem Shop
    .text = Bitte öffnen Sie die App zuerst in Ihrem Shop; danach lassen sich Ihre Facebook-Seiten mit ihm verbinden.
