### As palavras gerais, em português do Brasil. Tratamos por "você".

-admin = admin da Shopify
-apps = Configurações, Apps

## Around every page

language-name = Português
frame-languages = Idioma
frame-steps = Etapas
frame-step-store = Loja
frame-done = Concluído
frame-reference = Referência
frame-colon = :
frame-reference-hint = Se pedir ajuda, informe o seguinte:
frame-support = Ajuda
frame-privacy = Privacidade

## Before a sign-in that was not begun on a page of ours

starting-lead = Você veio de outro site. Confira se esta é a loja que você quer conectar.
starting-store = Sua loja
starting-held = Em outra loja

## After the store was connected

store-connected-title = Sua loja está conectada
store-connected-found = O que o assistente encontrou na sua loja
found-products = Produtos
found-locations = Locais
found-discounts = Descontos ativos
found-or-more = { NUMBER($number) } ou mais
store-connected-nothing-read = A loja está conectada, mas não conseguimos ler os dados dela agora. Você pode continuar mesmo assim.
store-connected-partly-read = A loja está conectada, mas não conseguimos ler alguns dos dados dela agora. Você pode continuar mesmo assim.

## After accounts were connected

accounts-connected-some-unready = A conexão está feita, mas nem todas as mensagens chegam ao assistente ainda. Veja abaixo o motivo e o que fazer.
accounts-connected-some-shared = As mensagens estão ativadas, mas outros apps também respondem aqui. Veja abaixo onde e como mudar isso.
accounts-connected-store = Respostas por
accounts-connected-connected = Conectadas
accounts-connected-left-out = Não conectadas
accounts-connected-done = Tudo pronto. Você pode fechar esta janela.

## The list of connections

connections-title = Suas conexões
connections-store = Loja
connections-needed = { $some ->
    [one] { NUMBER($some) } de { NUMBER($all) } precisa de você
    [many] { NUMBER($some) } de { NUMBER($all) } precisam de você
   *[other] { NUMBER($some) } de { NUMBER($all) } precisam de você
}
connections-linked = Conectada em
connections-checked = Última verificação:
store-active = Conectada
store-reconnect-needed = Precisa reconectar
store-disconnected = Desconectada
connections-store-reconnect = A Shopify não aceita mais nosso acesso à sua loja, por isso o assistente não vê o que você vende. Reconecte-a; nada mais se perde.
connections-store-disconnected = O assistente não tem acesso a esta loja. Conecte-a novamente em até 30 dias após a saída e suas { $accounts } voltam; depois disso, tudo sobre ela é excluído.
account-ready = Recebe mensagens
account-shared = Dividida com outros apps
account-being-checked = Em verificação
account-not-ready = Ainda sem mensagens
account-reconnect-needed = Precisa reconectar
account-moved = Transferida
account-paused = Pausada
connections-disconnect = Desconectar
connections-disconnect-store = O assistente deixa de responder nas suas { $accounts } e nosso acesso a esta loja é excluído. Conecte-a novamente em até 30 dias e tudo volta; depois disso, tudo é excluído definitivamente.
connections-forget = Remover desta lista
connections-confirm-forget = Remover
connections-uninstall = Desinstalar também o app da minha loja da Shopify
connections-confirm-store = Desconectar esta loja
store-ended-title = A loja está desconectada
store-ended-access = Nosso acesso a ela foi excluído, e o assistente não responde mais nas suas { $accounts }.
store-ended-app-removed = O app foi removido da sua loja.
store-ended-app-not-removed = Não foi possível desinstalar o app da sua loja. Desinstale-o no { -admin }, em { -apps }.
store-ended-app-kept = O app continua na sua loja. Você pode desinstalá-lo no { -admin }, em { -apps }.
connections-note-removed = Removido da lista
connections-sign-out = Sair

## To a person who asked to be forgotten

deletion-in-progress =
    .title = Seus dados estão sendo excluídos
    .text = Recebemos sua solicitação. O que falta termina em alguns minutos; abra esta página de novo depois disso.
deletion-requested = Solicitado
deletion-deleted = Excluído
deletion-records = Registros excluídos
deletion-code = Código de confirmação

## What this service is

welcome =
    .title = Conecta sua loja a um assistente
    .text = Aqui uma loja da Shopify e suas { $accounts } são conectadas para que um assistente responda aos clientes que escrevem. Tudo começa no { -admin } ou com um link próprio.
welcome-run-by = Este serviço é oferecido por
welcome-ask = Pedir ajuda
welcome-ask-sender = Se tiver alguma dúvida, fale com quem enviou você para cá.
language-chosen =
    .title = As páginas agora estão em português
    .text = Volte para onde você estava: essa página também aparece em português.

## What is refused

error-invalid-shop =
    .title = Este não é o endereço de uma loja da Shopify
    .text = Use o endereço permanente da sua loja, que termina em .myshopify.com. Ele está no { -admin }, em Configurações, Domínios.
error-incomplete-link =
    .title = O link não está completo
    .text = Algo deste link se perdeu ou mudou no caminho. Comece de novo; leva só um minuto.
error-invalid-hmac =
    .title = Este link não vem da Shopify
    .text = Este link não foi assinado pela Shopify ou mudou no caminho. Abra o app pelo { -admin }.
error-stale-request =
    .title = Este link é antigo demais
    .text = Este link da Shopify não vale mais. Abra o app de novo pelo { -admin }.
error-begun-elsewhere =
    .title = Este login não começou aqui
    .text = Esta resposta não pertence a nenhum login iniciado neste navegador. Comece de novo e não troque de navegador no caminho.
error-expired-state =
    .title = Este login expirou
    .text = Um login vale por alguns minutos. Se o seu já tinha terminado, tudo está conectado; caso contrário, comece de novo.
error-used-state =
    .title = Este login já foi usado
    .text = Cada login vale uma vez só. Comece de novo.
error-no-session =
    .title = Comece pela sua loja
    .text = A sessão aberta pela sua loja terminou. Comece de novo pela sua loja.
error-access-denied =
    .title = Nada foi conectado
    .text = A conexão não foi aprovada. Nada mudou; você pode tentar de novo quando quiser.
error-missing-permission =
    .title = Falta uma permissão
    .text = Nem tudo o que o assistente precisa foi permitido. Nada mudou; tente mais uma vez e permita tudo.
error-nothing-to-connect =
    .title = Nada para conectar
    .text = O outro serviço não nos mostrou nada que possamos conectar. Tente de novo e verifique se você pode gerenciar o que escolher.
error-held-elsewhere =
    .title = Conectado em outro lugar
    .text = Tudo o que você escolheu está em outra loja. Se algo pertence a esta loja e é você quem gerencia, pode transferir para cá.
error-too-many-attempts =
    .title = Tentativas demais
    .text = Este login foi aberto vezes demais a partir daqui. Comece de novo pela sua loja.
error-token-exchange-failed =
    .title = O login foi recusado
    .text = Este login não foi aceito. Nada mudou; comece de novo.
error-provider-error =
    .title = Houve um erro no outro serviço
    .text = O outro serviço respondeu com um erro próprio. Nada mudou; comece de novo em um minuto.
error-provider-timeout =
    .title = O outro serviço não respondeu
    .text = Isso demorou demais. Comece de novo.
error-storage-unavailable =
    .title = Tente de novo em instantes
    .text = O serviço não consegue acessar seus dados agora. Tente de novo em alguns segundos.
error-misconfigured =
    .title = O serviço não está bem configurado
    .text = É um erro nosso, e você não pode fazer nada a respeito. Tente de novo mais tarde.
error-not-found =
    .title = Não há nada aqui
    .text = Não há nada neste endereço. Confira o link.
error-method-not-allowed =
    .title = Assim não é possível
    .text = Este endereço não funciona dessa forma. Comece de novo.
error-invalid-request =
    .title = Esta solicitação não é conhecida aqui
    .text = Esta solicitação não pede nada que exista aqui.
error-invalid-signature =
    .title = A solicitação não está assinada
    .text = Esta solicitação não foi assinada por quem diz tê-la enviado.
error-payload-too-large =
    .title = É grande demais
    .text = Esta solicitação é maior do que qualquer uma esperada aqui.
error-forbidden =
    .title = Nada mudou
    .text = Para sua segurança, isso só funciona na sua própria lista de conexões. Abra a lista e tente de novo por lá.

## What is refused, where more is known

detail-begun-elsewhere =
    .title = Este login não começou aqui
    .text = Esta resposta do serviço { $platform } não pertence a nenhum login iniciado neste navegador. Comece de novo e não troque de navegador no caminho.
detail-used =
    .title = Este login já foi usado
    .text = Este login já foi usado e não deu certo. Comece de novo.
detail-not-started-here =
    .title = Confirme primeiro
    .text = Este login, ou o que ele deve transferir, não partiu de uma página nossa. Nada foi iniciado; abra o link e confirme.
detail-failed = O serviço { $platform } respondeu com um erro próprio. Nada mudou; comece de novo em um minuto.
detail-dialog-failed = O serviço { $platform } não conseguiu concluir o login. Nada mudou; tente de novo. Se acontecer outra vez, avise quem enviou o link.
detail-dialog-failed-with-number = O serviço { $platform } não conseguiu concluir o login (erro { $number } do serviço). Nada mudou; tente de novo. Se acontecer outra vez, avise quem enviou o link.
detail-no-answer = O serviço { $platform } não respondeu a tempo. Comece de novo.
detail-store-changed =
    .title = Sua loja mudou nesse meio-tempo
    .text = Sua loja mudou enquanto era conectada. Comece de novo.
detail-unknown-code =
    .title = Essa solicitação não existe
    .text = Não há nenhuma solicitação com este código. Guardamos os códigos pelo mesmo tempo que nossos registros.

## The ways on

way-start-again = Começar de novo pela sua loja
way-manage = Gerenciar suas conexões
way-reconnect-store = Reconectar a loja
way-move-here = Transferir para esta loja
way-connections = Ver suas conexões
way-reload = Tentar de novo
way-shopify-admin = Abrir o app pelo { -admin }
way-back = Voltar
way-back-to = Voltar para { $name }
way-back-to-admin = Voltar ao { -admin }

## Lists and dates

list-end = { $others } e { $last }
month-01 = janeiro
month-02 = fevereiro
month-03 = março
month-04 = abril
month-05 = maio
month-06 = junho
month-07 = julho
month-08 = agosto
month-09 = setembro
month-10 = outubro
month-11 = novembro
month-12 = dezembro
date = { $day ->
    [1] 1º
   *[other] { NUMBER($day) }
} de { $month } de { $year }, { $time } (UTC)
day = { $day ->
    [1] 1º
   *[other] { NUMBER($day) }
} de { $month } de { $year }
account-id = Número { $id }
