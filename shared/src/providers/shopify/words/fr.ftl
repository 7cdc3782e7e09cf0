### Ce qui se dit d’une connexion chez Shopify.

linked-before =
    .title = Votre boutique est connectée
    .text = Votre boutique est déjà connectée ; cet écran a seulement été rouvert. Vous pouvez continuer.
being-linked =
    .title = Votre boutique est en cours de connexion
    .text = La connexion de votre boutique est en cours. S’il ne se passe rien d’ici une minute, veuillez recommencer.
declined =
    .title = Rien n’a été connecté
    .text = Selon Shopify, la connexion n’a pas été approuvée. Rien n’a été enregistré ; vous pouvez recommencer quand vous voulez.
missing-permissions =
    .title = Il manque une autorisation
    .text = Tout ce dont l’assistant a besoin pour vendre vos produits n’a pas été autorisé. Veuillez recommencer et l’autoriser à :
refused =
    .title = Shopify a refusé la connexion
    .text = Shopify n’a pas accepté cette connexion. Veuillez recommencer depuis votre boutique.
failed = Shopify a rencontré une erreur
no-answer = Shopify n’a pas répondu

## What a permission allows

permission-products = voir ce que vous vendez
permission-inventory = voir ce qui est en stock
permission-discounts = voir vos réductions
permission-locations = voir où se trouvent vos marchandises
