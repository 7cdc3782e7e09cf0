### Was über eine Anmeldung bei Shopify gesagt wird.

linked-before =
    .title = Ihr Shop ist verbunden
    .text = Ihr Shop ist bereits verbunden; diese Seite wurde nur noch einmal geöffnet. Sie können weitermachen.
being-linked =
    .title = Ihr Shop wird gerade verbunden
    .text = Ihr Shop wird in diesem Augenblick verbunden. Geschieht binnen einer Minute nichts, beginnen Sie bitte neu.
declined =
    .title = Es wurde nichts verbunden
    .text = Laut Shopify wurde die Verbindung nicht erlaubt. Es wurde nichts gespeichert; Sie können jederzeit neu beginnen.
missing-permissions =
    .title = Eine Berechtigung fehlt
    .text = Nicht alles wurde erlaubt, was der Assistent braucht, um Ihre Produkte zu verkaufen. Bitte beginnen Sie neu und erlauben Sie ihm:
refused =
    .title = Shopify hat die Anmeldung abgelehnt
    .text = Shopify hat diese Anmeldung nicht angenommen. Bitte beginnen Sie noch einmal in Ihrem Shop.
failed = Bei Shopify ging etwas schief
no-answer = Shopify hat nicht geantwortet

## What a permission allows

permission-products = sehen, was Sie verkaufen
permission-inventory = sehen, was auf Lager ist
permission-discounts = Ihre Rabatte sehen
permission-locations = sehen, wo Ihre Ware ist
