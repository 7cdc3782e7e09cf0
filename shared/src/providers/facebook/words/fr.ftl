### Ce qui se dit de Facebook et de ses Pages. Nous vouvoyons.

-integrations = Intégrations professionnelles
-apps = Applications et sites web

## The sign-in

linked-before =
    .title = Vos Pages sont connectées
    .text = Vos Pages sont déjà connectées ; cet écran a seulement été rouvert. Il n’y a plus rien à faire ici.
being-linked =
    .title = Vos Pages sont en cours de connexion
    .text = La connexion de vos Pages est en cours. S’il ne se passe rien d’ici une minute, veuillez recommencer.
declined =
    .title = Rien n’a été connecté
    .text = Selon Facebook, la connexion n’a pas été approuvée. Rien n’a changé ; vous pouvez réessayer quand vous voulez. Si vous n’avez pas annulé vous-même, l’application n’est peut-être pas encore ouverte à votre compte : adressez-vous à la personne qui vous a donné le lien.
missing-permissions =
    .title = Il manque une autorisation
    .text = Tout ce dont l’assistant a besoin pour son travail n’a pas été autorisé. Facebook vous le redemandera lors d’un nouvel essai. Veuillez l’autoriser à :
refused =
    .title = Facebook a refusé la connexion
    .text = Facebook n’a pas accepté cette connexion. Veuillez connecter à nouveau vos Pages.
failed = Facebook a rencontré une erreur
no-answer = Facebook n’a pas répondu

## What a permission allows

permission-messaging = répondre aux messages que les clients envoient à votre Page
permission-show-list = voir quelles Pages vous gérez
permission-metadata = savoir quand un message arrive
permission-engagement = lire le nom et les publications de votre Page
permission-business = voir les Pages que possède votre portefeuille business

## Pages

pages-step = Pages Facebook
pages-full = Pages Facebook
pages = Pages
starting-title = Connecter des Pages Facebook à cette boutique ?
starting-move-title = Transférer une Page vers cette boutique ?
starting-move-lead = Ces Pages se trouvent dans une autre boutique. Une Page que vous transférez répond pour cette boutique, et l’autre la perd.
starting-without-ids-title = Quelle Page voulez-vous transférer ?
starting-without-ids-lead = Les Pages se transfèrent une par une. Connectez d’abord vos Pages : vous verrez alors celles d’une autre boutique et pourrez transférer chacune d’elles.
starting-line-1 = Facebook demande lesquelles de vos Pages connecter. Choisissez uniquement des Pages de cette boutique : l’assistant y répond en son nom.
starting-line-2 = Il vous demande aussi d’autoriser l’assistant à voir quelles Pages vous gérez, à savoir quand un client écrit et à répondre. Tout cela lui est nécessaire.
starting-line-3 = Rien n’est connecté avant votre accord sur Facebook, et vous pouvez déconnecter à tout moment.
starting-unknown = Nous ne connaissons pas le nom de cette Page. Ne la transférez que si vous connaissez son numéro.
next = Il reste une étape : choisissez les Pages Facebook sur lesquelles l’assistant répondra à vos clients.

## After Pages were connected

connected-title = { $count ->
    [one] Votre Page est connectée
    [many] Vos Pages sont connectées
   *[other] Vos Pages sont connectées
}
connected-all-ready = { $count ->
    [one] Ses messages sont activés, et l’assistant peut répondre pour votre boutique.
    [many] Leurs messages sont activés, et l’assistant peut répondre pour votre boutique.
   *[other] Leurs messages sont activés, et l’assistant peut répondre pour votre boutique.
}
connected-moved = Elle a été transférée ici depuis une autre boutique.
connected-kept = Elle reste connectée par une personne de votre équipe qui a plus d’autorisations sur cette Page.
connected-truncated = La liste des Pages de Facebook n’est pas arrivée à son terme ; il peut en manquer. Veuillez les connecter plus tard.

## In the list of connections

listed-title = Vos Pages Facebook
listed-none = Aucune Page n’est encore connectée. Connectez-en une, et l’assistant pourra répondre aux clients qui lui écrivent.
listed-more = Connecter d’autres Pages
listed-shared = Plusieurs applications se partagent les conversations de cette Page, et l’assistant ne répond qu’à celles que Facebook lui confie.
listed-reconnect = Facebook n’accepte plus notre accès à cette Page. Reconnectez-la et l’assistant reprendra.
listed-moved = Cette Page est maintenant connectée à une autre boutique.
listed-disconnect = L’assistant cesse de répondre ici, et notre accès à cette Page est supprimé. Si aucune autre Page n’en dépend, l’autorisation donnée sur Facebook est retirée aussi. Vous pouvez reconnecter la Page à tout moment.
listed-confirm = Déconnecter cette Page
listed-forget = Cette note disparaît. Pour la boutique qui a la Page maintenant, rien ne change.

## Why messages don't arrive

unready-not-checked = Nous n’avons pas encore pu vérifier si les messages de cette Page arrivent à l’assistant ; nouvel essai d’ici un jour.
unready-rate-limited = Facebook nous demande d’attendre avant d’activer les messages de cette Page ; nouvel essai d’ici un jour.
unready-missing-task = Les messages de cette Page n’arrivent pas à l’assistant : votre rôle sur la Page ne permet pas de les activer. Une personne qui peut la gérer, la modérer ou y publier doit la connecter.
unready-missing-permission = Les messages de cette Page n’arrivent pas à l’assistant : selon Facebook, il manque une autorisation. Veuillez reconnecter la Page et autoriser tout ce qui est demandé.
unready-token-refused = Les messages de cette Page n’arrivent pas à l’assistant : Facebook n’accepte plus notre accès. Veuillez reconnecter la Page.
unready-misconfigured = Les messages de cette Page n’arrivent pas à l’assistant à cause d’une erreur de notre côté. Nous en sommes informés ; vous n’avez rien à faire.
unready-not-subscribed = Les messages de cette Page n’arrivent pas à l’assistant : Facebook n’a pas conservé l’abonnement. Les applications sont peut-être désactivées dans les paramètres de la Page ; nouvel essai d’ici un jour.
unready-app-not-subscribed = Les messages de cette Page n’arrivent pas encore à l’assistant : l’application elle-même ne les reçoit pas encore. C’est à nous de l’activer ; vous n’avez rien à faire.

## Why a Page was not connected

left-out-insufficient-tasks = Votre rôle sur cette Page ne permet pas à l’assistant de répondre pour elle. Une personne qui la gère peut vous donner plus de droits, ou la connecter.
left-out-missing-permissions = Veuillez connecter à nouveau et autoriser l’assistant, pour cette Page aussi, à :
left-out-unreadable = Cette Page a été choisie, mais Facebook ne nous a pas laissés la lire. Veuillez la reconnecter plus tard.
left-out-gone = Cette Page a été choisie, mais elle n’existe plus sur Facebook.
left-out-rate-limited = Facebook nous demande d’attendre avant de lire cette Page. Veuillez la connecter dans une heure ; rien d’autre n’est perdu.
left-out-held-elsewhere = Cette Page se trouve dans une autre boutique. Si sa place est ici, vous pouvez la transférer : l’assistant y répond alors pour cette boutique, et l’autre la perd.
left-out-too-many = Cette Page dépassait ce qu’une seule connexion peut relier. Veuillez connecter encore une fois et choisir uniquement les Pages qui manquent.

## What disconnecting a Page did

ended-title = La Page est déconnectée
ended-access = Notre accès est supprimé, et l’assistant n’y répond plus.
ended-unsubscribed = Facebook ne nous envoie plus ses messages.
ended-unsubscribed-later = Nous n’avons pas pu demander tout de suite à Facebook de ne plus nous envoyer ses messages ; nous réessayons.
ended-not-unsubscribed = Nous n’avons pas pu demander à Facebook de ne plus nous envoyer ses messages ; nous les ignorons.
ended-revoked = L’autorisation donnée sur Facebook est retirée.
ended-kept = L’autorisation donnée sur Facebook reste, car d’autres éléments en dépendent.
ended-revoked-later = L’autorisation donnée sur Facebook sera retirée dès que Facebook le permettra ; nous réessayons.
ended-not-revoked = L’autorisation donnée sur Facebook n’a pas pu être retirée d’ici. Vous pouvez le faire dans vos paramètres Facebook, sous { -integrations }.

## To a person who asked to be forgotten

deletion-nothing-kept =
    .title = Rien à votre sujet n’est conservé ici
    .text = Nous avons cherché tout ce qui aurait pu être conservé à cause de votre connexion avec Facebook. Il n’y avait rien.
deletion-deleted =
    .title = Vos données ont été supprimées
    .text = Tout ce qui était conservé à cause de votre connexion avec Facebook a été supprimé : votre identifiant, l’accès que vous aviez donné, ainsi que les identifiants et les noms des Pages connectées par ce biais.
deletion-access-deleted =
    .title = Votre accès a été supprimé
    .text = Cette demande est arrivée quand vous avez supprimé l’application : l’accès que vous aviez donné a alors été supprimé. Les noms de vos Pages restent dans les listes des boutiques auxquelles elles étaient connectées. Pour les faire supprimer aussi, envoyez une nouvelle demande depuis vos paramètres Facebook, sous { -apps }.

## The ways on

way-connect = Connecter vos Pages Facebook
way-try-again = Réessayer sur Facebook
way-reconnect = Reconnecter
way-ask-again = Redemander les autorisations à Facebook
way-go-on = Continuer vers Facebook
way-choose-others = Choisir d’autres Pages
way-conversation-routing = Choisir sur Facebook qui répond en premier
way-own-page = Voir la Page
way-test-message = Envoyer un message de test

## What is refused

refusal-none =
    .title = Aucune Page à connecter
    .text = Facebook ne nous a montré aucune Page que nous puissions connecter. Veuillez réessayer, choisir une Page et vérifier que vous pouvez la gérer.
refusal-held-elsewhere =
    .title = La Page est connectée ailleurs
    .text = Toutes les Pages que vous avez choisies se trouvent dans une autre boutique. Si l’une d’elles appartient à cette boutique et que vous la gérez, vous pouvez la transférer ici : l’assistant y répond alors pour cette boutique, et l’autre la perd.
refusal-too-many-attempts =
    .title = Trop de tentatives
    .text = Facebook a été ouvert trop souvent d’ici. Veuillez recommencer depuis votre boutique.
refusal-missing-for-these =
    .title = Il manque une autorisation
    .text = Une autorisation manque pour les Pages que vous avez choisies. Veuillez connecter à nouveau et autoriser l’assistant, pour ces Pages aussi, à :
refusal-hidden =
    .title = Il manque une autorisation
    .text = Facebook ne nous laisse pas voir vos Pages. Veuillez connecter à nouveau et autoriser l’accès.
refusal-store-first =
    .title = Veuillez commencer depuis votre boutique
    .text = Veuillez d’abord ouvrir l’application depuis votre boutique ; vos Pages Facebook pourront ensuite y être connectées.
