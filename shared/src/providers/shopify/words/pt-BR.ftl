### O que se diz de um login na Shopify.

linked-before =
    .title = Sua loja está conectada
    .text = Sua loja já está conectada; esta tela só foi aberta mais uma vez. Você pode continuar.
being-linked =
    .title = Sua loja está sendo conectada
    .text = Sua loja está sendo conectada neste momento. Se nada acontecer em um minuto, comece de novo.
declined =
    .title = Nada foi conectado
    .text = Segundo a Shopify, a conexão não foi aprovada. Nada foi salvo; você pode começar de novo quando quiser.
missing-permissions =
    .title = Falta uma permissão
    .text = Nem tudo o que o assistente precisa para vender seus produtos foi permitido. Comece de novo e permita que ele possa:
refused =
    .title = A Shopify recusou o login
    .text = A Shopify não aceitou este login. Comece de novo pela sua loja.
failed = Houve um erro na Shopify
no-answer = A Shopify não respondeu

## What a permission allows

permission-products = ver o que você vende
permission-inventory = ver o que há em estoque
permission-discounts = ver seus descontos
permission-locations = ver onde estão seus produtos
