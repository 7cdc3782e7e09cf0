### Ce qui se dit de WhatsApp et de ses numéros de téléphone. Nous vouvoyons.

-integrations = Applications connectées
-apps = Applications et sites web
-manager = gestionnaire WhatsApp
-two-step = Numéros de téléphone, Paramètres, Vérification en deux étapes

## The sign-up

linked-before =
    .title = Vos numéros WhatsApp sont connectés
    .text = Vos numéros WhatsApp sont déjà connectés ; cet écran a seulement été rouvert. Il n’y a plus rien à faire ici.
being-linked =
    .title = Vos numéros WhatsApp sont en cours de connexion
    .text = La connexion de vos numéros WhatsApp est en cours. S’il ne se passe rien d’ici une minute, veuillez recommencer.
declined =
    .title = Rien n’a été connecté
    .text = Selon WhatsApp, la connexion n’a pas été approuvée. Rien n’a changé ; vous pouvez réessayer quand vous voulez. Si vous n’avez pas annulé vous-même, l’application n’est peut-être pas encore ouverte à votre compte : adressez-vous à la personne qui vous a donné le lien.
missing-permissions =
    .title = Il manque une autorisation
    .text = Tout ce dont l’assistant a besoin pour son travail n’a pas été autorisé. WhatsApp vous redemandera le tout lors d’un nouvel essai. Veuillez l’autoriser à :
refused =
    .title = WhatsApp a refusé l’inscription
    .text = WhatsApp n’a pas accepté cette inscription. Veuillez connecter à nouveau votre numéro.
failed = WhatsApp a rencontré une erreur
no-answer = WhatsApp n’a pas répondu

## What a permission allows

permission-messaging = répondre aux messages que les clients envoient à votre numéro
permission-management = voir et gérer vos numéros WhatsApp
permission-events = signaler à Meta ce que donnent les conversations, par exemple des commandes

## Phone numbers

numbers-step = Numéros WhatsApp
numbers-full = numéros WhatsApp
numbers = numéros WhatsApp
starting-title = Connecter votre numéro WhatsApp à cette boutique ?
starting-move-title = Transférer un numéro WhatsApp vers cette boutique ?
starting-move-lead = Ces numéros se trouvent dans une autre boutique. Un numéro que vous transférez répond pour cette boutique, et l’autre le perd.
starting-without-ids-title = Quel numéro WhatsApp voulez-vous transférer ?
starting-without-ids-lead = Les numéros se transfèrent un par un. Connectez d’abord votre numéro : vous verrez alors ceux d’une autre boutique et pourrez transférer chacun d’eux.
starting-line-1 = L’inscription de WhatsApp s’ouvre sur Facebook. Elle demande votre portefeuille business, votre compte WhatsApp Business et votre numéro de téléphone. Choisissez uniquement un compte de cette boutique : tous ses numéros sont connectés, et l’assistant y répond au nom de la boutique.
starting-line-2 = Elle vous demande aussi d’autoriser l’assistant à voir et à gérer vos numéros WhatsApp, et à répondre aux messages que les clients leur envoient. Tout cela lui est nécessaire.
starting-line-3 = Rien n’est connecté avant que vous n’ayez donné votre accord, et vous pouvez déconnecter à tout moment.
starting-unknown = Nous ne savons pas de quel numéro de téléphone il s’agit. Ne le transférez que si vous connaissez son identifiant.
next = Il reste une étape : connectez le numéro WhatsApp sur lequel l’assistant répondra à vos clients.

## After numbers were connected

connected-title = { $count ->
    [one] Votre numéro WhatsApp est connecté
    [many] Vos numéros WhatsApp sont connectés
   *[other] Vos numéros WhatsApp sont connectés
}
connected-all-ready = { $count ->
    [one] Ses messages sont activés, et l’assistant peut répondre pour votre boutique.
    [many] Leurs messages sont activés, et l’assistant peut répondre pour votre boutique.
   *[other] Leurs messages sont activés, et l’assistant peut répondre pour votre boutique.
}
connected-moved = Il a été transféré ici depuis une autre boutique.
connected-kept = Il reste connecté par une personne de votre équipe qui a plus d’autorisations sur ce numéro.
connected-truncated = La liste des numéros de WhatsApp n’est pas arrivée à son terme ; il peut en manquer. Veuillez les connecter plus tard.

## In the list of connections

listed-title = Vos numéros WhatsApp
listed-none = Aucun numéro WhatsApp n’est encore connecté. Connectez-en un, et l’assistant pourra répondre aux clients qui lui écrivent.
listed-more = Connecter d’autres numéros WhatsApp
listed-shared = Plusieurs applications se partagent les conversations de ce numéro, et l’assistant ne répond qu’à celles que WhatsApp lui confie.
listed-reconnect = WhatsApp n’accepte plus notre accès à ce numéro. Reconnectez-le et l’assistant reprendra.
listed-moved = Ce numéro est maintenant connecté à une autre boutique.
listed-disconnect = L’assistant cesse de répondre ici. Si aucun autre numéro n’en dépend, notre accès est supprimé et l’autorisation donnée lors de l’inscription est retirée aussi. Vous pouvez reconnecter le numéro à tout moment.
listed-confirm = Déconnecter ce numéro
listed-forget = Cette note disparaît. Pour la boutique qui a le numéro maintenant, rien ne change.

## Why messages don't arrive

unready-not-checked = Nous n’avons pas encore pu vérifier si les messages de ce numéro arrivent à l’assistant ; nouvel essai d’ici un jour.
unready-rate-limited = WhatsApp nous demande d’attendre avant d’activer les messages de ce numéro ; nouvel essai d’ici un jour.
unready-missing-task = Les messages de ce numéro n’arrivent pas à l’assistant : votre rôle ne permet pas de les activer. Une personne qui a le contrôle total du portefeuille business doit le connecter.
unready-missing-permission = Les messages de ce numéro n’arrivent pas à l’assistant : selon WhatsApp, il manque une autorisation. Veuillez reconnecter le numéro et autoriser tout ce qui est demandé.
unready-token-refused = Les messages de ce numéro n’arrivent pas à l’assistant : WhatsApp n’accepte plus notre accès. Veuillez reconnecter le numéro.
unready-misconfigured = Les messages de ce numéro n’arrivent pas à l’assistant à cause d’une erreur de notre côté. Nous en sommes informés ; vous n’avez rien à faire.
unready-not-subscribed = Les messages de ce numéro n’arrivent pas à l’assistant : Meta n’a pas conservé l’abonnement de votre compte WhatsApp Business ; nouvel essai d’ici un jour.
unready-app-not-subscribed = Les messages de ce numéro n’arrivent pas encore à l’assistant : l’application elle-même ne les reçoit pas encore. C’est à nous de l’activer ; vous n’avez rien à faire.
unready-pin-required = Les messages de ce numéro n’arrivent pas encore à l’assistant : le numéro a un code PIN de vérification en deux étapes que nous ne connaissons pas. Veuillez le saisir dans la liste de vos connexions. Si personne ne le connaît, désactivez la vérification en deux étapes (dans le { -manager }, sous { -two-step }) et choisissez ici un nouveau code PIN.
unready-account-restricted = Les messages de ce numéro n’arrivent pas à l’assistant : Meta a restreint le numéro ou son compte WhatsApp Business. Le { -manager } en indique la raison, et vous pouvez demander un examen auprès de l’assistance aux entreprises de Meta.
unready-not-verified = Les messages de ce numéro n’arrivent pas encore à l’assistant : le numéro doit d’abord être vérifié. Veuillez le faire dans le { -manager }, sous Numéros de téléphone, avec un code reçu par SMS ou par appel. Reconnectez ensuite le numéro.
unready-not-registered = Les messages de ce numéro n’arrivent pas encore à l’assistant : le numéro n’est pas encore enregistré pour cela auprès de WhatsApp ; nouvel essai d’ici un jour.

## The PIN of a number

pin-label = Code PIN à six chiffres
pin-help = Le code PIN de vérification en deux étapes du numéro, et non un code reçu par SMS.
pin-submit = Enregistrer le numéro
pin-taken = Le numéro est enregistré et ses messages sont activés.
pin-refused = WhatsApp n’a pas accepté ce code PIN. La personne qui a configuré le numéro le connaît peut-être. Si personne ne le connaît, désactivez la vérification en deux étapes (dans le { -manager }, sous { -two-step }) et choisissez ici un nouveau code PIN.
pin-later = Le numéro n’a pas pu être enregistré maintenant : WhatsApp n’a pas répondu, ou les quelques essais possibles en trois jours sont épuisés. Veuillez réessayer plus tard.
pin-kept = Le numéro garde son code PIN de vérification en deux étapes. Pour utiliser le numéro ailleurs, désactivez la vérification en deux étapes (dans le { -manager }, sous { -two-step }) ; vous pouvez alors choisir un nouveau code PIN.

## Why a number or an account was not connected

left-out-insufficient-tasks = Votre rôle ne permet pas à l’assistant de répondre pour ce numéro. Une personne qui a le contrôle total du portefeuille business peut vous donner plus de droits, ou le connecter.
left-out-missing-permissions = Veuillez connecter à nouveau et autoriser l’assistant, pour ce compte aussi, à :
left-out-unreadable = Cet élément a été choisi, mais WhatsApp ne nous a pas laissés le lire. Veuillez le reconnecter plus tard.
left-out-gone = Cet élément a été choisi, mais il n’existe plus sur WhatsApp.
left-out-rate-limited = WhatsApp nous demande d’attendre avant de lire cet élément. Veuillez le connecter dans une heure ; rien d’autre n’est perdu.
left-out-held-elsewhere = Ce numéro se trouve dans une autre boutique. Si sa place est ici, vous pouvez le transférer : l’assistant y répond alors pour cette boutique, et l’autre le perd.
left-out-too-many = C’était plus que ce qu’une seule inscription connecte. Veuillez connecter encore une fois et choisir uniquement ce qui manque.

## What disconnecting a number did

ended-title = Le numéro est déconnecté
ended-access = L’assistant n’y répond plus.
ended-unsubscribed = Les messages du numéro n’arrivent plus à l’assistant.
ended-unsubscribed-later = Nous n’avons pas pu demander tout de suite à WhatsApp de ne plus nous envoyer ses messages ; nous réessayons.
ended-not-unsubscribed = Nous n’avons pas pu demander à WhatsApp de ne plus nous envoyer ses messages ; nous les ignorons.
ended-revoked = Notre accès est supprimé, et l’autorisation donnée lors de l’inscription est retirée.
ended-kept = Notre accès et l’autorisation donnée lors de l’inscription restent, car d’autres éléments en dépendent.
ended-revoked-later = L’autorisation donnée lors de l’inscription sera retirée dès que WhatsApp le permettra ; nous réessayons.
ended-not-revoked = Notre accès est supprimé. L’autorisation donnée lors de l’inscription n’a pas pu être retirée d’ici. Vous pouvez le faire dans les paramètres de votre portefeuille business, sous { -integrations }.

## To a person who asked to be forgotten

deletion-nothing-kept =
    .title = Rien à votre sujet n’est conservé ici
    .text = Nous avons cherché tout ce qui aurait pu être conservé à cause de votre inscription à WhatsApp. Il n’y avait rien.
deletion-deleted =
    .title = Vos données ont été supprimées
    .text = Tout ce qui était conservé à cause de votre inscription à WhatsApp a été supprimé : votre identifiant, l’accès que vous aviez donné, ainsi que les identifiants, les noms et les numéros de téléphone connectés par ce biais.
deletion-access-deleted =
    .title = Votre accès a été supprimé
    .text = Cette demande est arrivée quand vous avez supprimé l’application : l’accès que vous aviez donné a alors été supprimé. Vos numéros de téléphone restent dans les listes des boutiques auxquelles ils étaient connectés. Pour les faire supprimer aussi, envoyez une nouvelle demande depuis vos paramètres Facebook, sous { -apps }.

## The ways on

way-connect = Connecter votre numéro WhatsApp
way-try-again = Réessayer sur WhatsApp
way-reconnect = Reconnecter
way-ask-again = Redemander les autorisations à WhatsApp
way-go-on = Continuer vers WhatsApp
way-choose-others = Choisir d’autres numéros
way-conversation-routing = Choisir sur WhatsApp qui répond en premier
way-own-page = Voir le numéro
way-test-message = Envoyer un message de test

## What is refused

refusal-none =
    .title = Aucun numéro à connecter
    .text = WhatsApp ne nous a montré aucun numéro de téléphone que nous puissions connecter. Veuillez réessayer, aller jusqu’au bout de l’inscription et choisir un compte avec un numéro de téléphone.
refusal-held-elsewhere =
    .title = Le numéro est connecté ailleurs
    .text = Tous les numéros que vous avez choisis se trouvent dans une autre boutique. Si l’un d’eux appartient à cette boutique et que vous le gérez, vous pouvez le transférer ici : l’assistant y répond alors pour cette boutique, et l’autre le perd.
refusal-too-many-attempts =
    .title = Trop de tentatives
    .text = L’inscription de WhatsApp a été ouverte trop souvent d’ici. Veuillez recommencer depuis votre boutique.
refusal-missing-for-these =
    .title = Il manque une autorisation
    .text = Une autorisation manque pour les comptes que vous avez choisis. Veuillez connecter à nouveau et autoriser l’assistant, pour ces comptes aussi, à :
refusal-hidden =
    .title = Il manque une autorisation
    .text = WhatsApp ne nous laisse pas voir vos numéros. Veuillez connecter à nouveau et autoriser l’accès.
refusal-store-first =
    .title = Veuillez commencer depuis votre boutique
    .text = Veuillez d’abord ouvrir l’application depuis votre boutique ; votre numéro WhatsApp pourra ensuite y être connecté.
