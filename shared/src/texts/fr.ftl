### Les mots généraux. Nous vouvoyons. L'espace devant : ; ? ! et dans « » devient fine et insécable à la compilation.

-admin = interface administrateur Shopify
-apps = Paramètres, Applications

## Around every page

language-name = Français
frame-languages = Langue
frame-steps = Étapes
frame-step-store = Boutique
frame-done = Terminé
frame-reference = Référence
frame-colon = { " " }:
frame-reference-hint = Si vous demandez de l’aide, veuillez indiquer ceci :
frame-support = Aide
frame-privacy = Confidentialité

## Before a sign-in that was not begun on a page of ours

starting-lead = Vous venez d’un autre site. Veuillez vérifier qu’il s’agit bien de la boutique voulue.
starting-store = Votre boutique
starting-held = Dans une autre boutique

## After the store was connected

store-connected-title = Votre boutique est connectée
store-connected-found = Ce que l’assistant a trouvé dans votre boutique
found-products = Produits
found-locations = Emplacements
found-discounts = Réductions actives
found-or-more = { NUMBER($number) } ou plus
store-connected-nothing-read = La boutique est connectée, mais ses données n’ont pas pu être lues pour l’instant. Vous pouvez continuer quand même.
store-connected-partly-read = La boutique est connectée, mais une partie de ses données n’a pas pu être lue pour l’instant. Vous pouvez continuer quand même.

## After accounts were connected

accounts-connected-some-unready = La connexion est établie, mais tous les messages n’arrivent pas encore à l’assistant. Vous voyez ci-dessous pourquoi, et que faire.
accounts-connected-some-shared = Les messages sont activés, mais d’autres applications répondent ici aussi. Vous voyez ci-dessous où, et comment le changer.
accounts-connected-store = Réponses pour
accounts-connected-connected = Connectées
accounts-connected-left-out = Non connectées
accounts-connected-done = C’est terminé. Vous pouvez fermer cette fenêtre.

## The list of connections

connections-title = Vos connexions
connections-store = Boutique
connections-needed = { $some ->
    [one] { NUMBER($some) } sur { NUMBER($all) } a besoin de vous
    [many] { NUMBER($some) } sur { NUMBER($all) } ont besoin de vous
   *[other] { NUMBER($some) } sur { NUMBER($all) } ont besoin de vous
}
connections-linked = Date de connexion
connections-checked = Dernière vérification
store-active = Connectée
store-reconnect-needed = À reconnecter
store-disconnected = Déconnectée
connections-store-reconnect = Shopify n’accepte plus notre accès à votre boutique : l’assistant ne voit plus ce que vous vendez. Reconnectez-la ; rien d’autre n’est perdu.
connections-store-disconnected = L’assistant n’a pas accès à cette boutique. Reconnectez-la dans les 30 jours qui suivent son départ et vos { $accounts } reviennent ; ensuite, tout ce qui la concerne est supprimé.
account-ready = Reçoit les messages
account-shared = Partagée avec d’autres applications
account-being-checked = En cours de vérification
account-not-ready = Pas encore de messages
account-reconnect-needed = À reconnecter
account-moved = Transférée
account-paused = En pause
connections-disconnect = Déconnecter
connections-disconnect-store = L’assistant cesse de répondre sur vos { $accounts }, et notre accès à cette boutique est supprimé. Reconnectez-la dans les 30 jours et tout revient ; ensuite, tout est supprimé définitivement.
connections-forget = Retirer de cette liste
connections-confirm-forget = Retirer
connections-uninstall = Désinstaller aussi l’application de ma boutique Shopify
connections-confirm-store = Déconnecter cette boutique
store-ended-title = La boutique est déconnectée
store-ended-access = Notre accès est supprimé, et l’assistant ne répond plus sur ses { $accounts }.
store-ended-app-removed = L’application est désinstallée de votre boutique.
store-ended-app-not-removed = L’application n’a pas pu être désinstallée de votre boutique. Veuillez la désinstaller dans votre { -admin }, sous { -apps }.
store-ended-app-kept = L’application elle-même est toujours dans votre boutique. Vous pouvez la désinstaller dans votre { -admin }, sous { -apps }.
connections-note-removed = Retiré de la liste
connections-sign-out = Se déconnecter

## To a person who asked to be forgotten

deletion-in-progress =
    .title = Vos données sont en cours de suppression
    .text = Votre demande est arrivée. Ce qui reste sera fait en quelques minutes ; rouvrez alors cette page.
deletion-requested = Demandé
deletion-deleted = Supprimé
deletion-records = Enregistrements supprimés
deletion-code = Code de confirmation

## What this service is

welcome =
    .title = Connecte votre boutique à un assistant
    .text = Ici, on connecte une boutique Shopify et ses { $accounts }, pour qu’un assistant réponde aux clients qui écrivent. Tout commence dans votre { -admin }, ou par un lien personnel.
welcome-run-by = Ce service est proposé par
welcome-ask = Demander de l’aide
welcome-ask-sender = Pour toute question, adressez-vous à la personne qui vous a envoyé ici.
language-chosen =
    .title = Les pages sont maintenant en français
    .text = Revenez là où vous étiez : cette page s’affichera aussi en français.

## What is refused

error-invalid-shop =
    .title = Ce n’est pas l’adresse d’une boutique Shopify
    .text = Veuillez utiliser l’adresse permanente de votre boutique, qui se termine par .myshopify.com. Elle figure dans votre { -admin }, sous Paramètres, Domaines.
error-incomplete-link =
    .title = Le lien n’est pas complet
    .text = Une partie de ce lien s’est perdue ou a changé en chemin. Veuillez recommencer ; cela ne prend qu’une minute.
error-invalid-hmac =
    .title = Ce lien ne vient pas de Shopify
    .text = Ce lien n’a pas été signé par Shopify, ou il a changé en chemin. Veuillez ouvrir l’application depuis votre { -admin }.
error-stale-request =
    .title = Ce lien est trop ancien
    .text = Ce lien de Shopify n’est plus valable. Veuillez rouvrir l’application depuis votre { -admin }.
error-begun-elsewhere =
    .title = Cette connexion n’a pas commencé ici
    .text = Cette réponse ne correspond à aucune connexion commencée dans ce navigateur. Veuillez recommencer, sans changer de navigateur en chemin.
error-expired-state =
    .title = Cette connexion a expiré
    .text = Une connexion est valable quelques minutes. Si la vôtre était déjà terminée, tout est connecté ; sinon, veuillez recommencer.
error-used-state =
    .title = Cette connexion a déjà servi
    .text = Chaque connexion ne sert qu’une fois. Veuillez recommencer.
error-no-session =
    .title = Veuillez commencer depuis votre boutique
    .text = La session ouverte depuis votre boutique est terminée. Veuillez recommencer depuis votre boutique.
error-access-denied =
    .title = Rien n’a été connecté
    .text = La connexion n’a pas été approuvée. Rien n’a changé ; vous pouvez réessayer quand vous voulez.
error-missing-permission =
    .title = Il manque une autorisation
    .text = Tout ce dont l’assistant a besoin n’a pas été autorisé. Rien n’a changé ; veuillez réessayer et tout autoriser.
error-nothing-to-connect =
    .title = Rien à connecter
    .text = L’autre service ne nous a rien montré que nous puissions connecter. Veuillez réessayer, et vérifiez que vous pouvez gérer ce que vous choisissez.
error-held-elsewhere =
    .title = Connecté ailleurs
    .text = Tout ce que vous avez choisi se trouve dans une autre boutique. Si une partie appartient à cette boutique et que vous la gérez, vous pouvez la transférer ici.
error-too-many-attempts =
    .title = Trop de tentatives
    .text = Cette connexion a été ouverte trop souvent d’ici. Veuillez recommencer depuis votre boutique.
error-token-exchange-failed =
    .title = La connexion a été refusée
    .text = Cette connexion n’a pas été acceptée. Rien n’a changé ; veuillez recommencer.
error-provider-error =
    .title = L’autre service a rencontré une erreur
    .text = L’autre service a répondu par une erreur de son côté. Rien n’a changé ; veuillez recommencer dans une minute.
error-provider-timeout =
    .title = L’autre service n’a pas répondu
    .text = Cela a pris trop de temps. Veuillez recommencer.
error-storage-unavailable =
    .title = Veuillez réessayer dans un instant
    .text = Le service n’accède pas à ses données pour l’instant. Veuillez réessayer dans quelques secondes.
error-misconfigured =
    .title = Le service n’est pas bien configuré
    .text = C’est une erreur de notre côté, à laquelle vous ne pouvez rien. Veuillez réessayer plus tard.
error-not-found =
    .title = Il n’y a rien ici
    .text = Il n’y a rien à cette adresse. Veuillez vérifier le lien.
error-method-not-allowed =
    .title = Impossible de cette façon
    .text = Cette adresse ne fonctionne pas ainsi. Veuillez recommencer.
error-invalid-request =
    .title = Cette demande n’est pas connue ici
    .text = Cette demande ne porte sur rien de connu ici.
error-invalid-signature =
    .title = La demande n’est pas signée
    .text = Cette demande n’est pas signée par celui dont elle dit venir.
error-payload-too-large =
    .title = C’est trop
    .text = Cette demande dépasse tout ce qui est attendu ici.
error-forbidden =
    .title = Rien n’a changé
    .text = Pour votre sécurité, cela ne fonctionne que depuis votre propre liste de connexions. Veuillez ouvrir la liste et réessayer.

## What is refused, where more is known

detail-begun-elsewhere =
    .title = Cette connexion n’a pas commencé ici
    .text = Cette réponse de { $platform } ne correspond à aucune connexion commencée dans ce navigateur. Veuillez recommencer, sans changer de navigateur en chemin.
detail-used =
    .title = Cette connexion a déjà servi
    .text = Cette connexion a déjà servi et n’a pas abouti. Veuillez recommencer.
detail-not-started-here =
    .title = Veuillez d’abord confirmer
    .text = Cette connexion, ou ce qu’elle doit transférer, ne vient pas d’une de nos pages. Rien n’a commencé ; veuillez ouvrir le lien et confirmer.
detail-failed = { $platform } a répondu par une erreur de son côté. Rien n’a changé ; veuillez recommencer dans une minute.
detail-dialog-failed = { $platform } n’a pas pu terminer la connexion. Rien n’a changé ; veuillez réessayer. Si cela se reproduit, prévenez la personne qui vous a donné le lien.
detail-dialog-failed-with-number = { $platform } n’a pas pu terminer la connexion (son erreur { $number }). Rien n’a changé ; veuillez réessayer. Si cela se reproduit, prévenez la personne qui vous a donné le lien.
detail-no-answer = { $platform } n’a pas répondu à temps. Veuillez recommencer.
detail-store-changed =
    .title = Votre boutique a changé entre-temps
    .text = Votre boutique a changé pendant sa connexion. Veuillez recommencer.
detail-unknown-code =
    .title = Cette demande n’existe pas
    .text = Aucune demande ne porte ce code. Nous gardons les codes aussi longtemps que nos enregistrements.

## The ways on

way-start-again = Recommencer depuis votre boutique
way-manage = Gérer vos connexions
way-reconnect-store = Reconnecter la boutique
way-move-here = Transférer vers cette boutique
way-connections = Voir vos connexions
way-reload = Réessayer
way-shopify-admin = Ouvrir l’application dans votre { -admin }
way-back = Retour
way-back-to = Retour à { $name }
way-back-to-admin = Retour à votre { -admin }

## Lists and dates

list-end = { $others } et { $last }
month-01 = janvier
month-02 = février
month-03 = mars
month-04 = avril
month-05 = mai
month-06 = juin
month-07 = juillet
month-08 = août
month-09 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre
date = { $day ->
    [1] 1er
   *[other] { NUMBER($day) }
} { $month } { $year } à { $time } (UTC)
day = { $day ->
    [1] 1er
   *[other] { NUMBER($day) }
} { $month } { $year }
account-id = Numéro { $id }
