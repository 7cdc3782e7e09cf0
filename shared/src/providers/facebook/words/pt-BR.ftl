### O que se diz do Facebook e das suas Páginas. Tratamos por "você".

-integrations = Integrações comerciais
-apps = Aplicativos e sites

## The sign-in

linked-before =
    .title = Suas Páginas estão conectadas
    .text = Suas Páginas já estão conectadas; esta tela só foi aberta mais uma vez. Não há mais nada a fazer aqui.
being-linked =
    .title = Suas Páginas estão sendo conectadas
    .text = Suas Páginas estão sendo conectadas neste momento. Se nada acontecer em um minuto, comece de novo.
declined =
    .title = Nada foi conectado
    .text = Segundo o Facebook, a conexão não foi aprovada. Nada mudou; você pode tentar de novo quando quiser. Se não foi você quem cancelou, talvez o app ainda não esteja liberado para sua conta: fale com quem enviou o link.
missing-permissions =
    .title = Falta uma permissão
    .text = Nem tudo o que o assistente precisa para trabalhar foi permitido. O Facebook pede de novo quando você tentar outra vez. Permita que ele possa:
refused =
    .title = O Facebook recusou o login
    .text = O Facebook não aceitou este login. Conecte suas Páginas novamente.
failed = Houve um erro no Facebook
no-answer = O Facebook não respondeu

## What a permission allows

permission-messaging = responder às mensagens que os clientes enviam à sua Página
permission-show-list = ver quais Páginas você gerencia
permission-metadata = saber quando uma mensagem chega
permission-engagement = ler o nome e as publicações da sua Página
permission-business = ver as Páginas que pertencem ao seu portfólio empresarial

## Pages

pages-step = Páginas do Facebook
pages-full = Páginas do Facebook
pages = Páginas
starting-title = Conectar Páginas do Facebook a esta loja?
starting-move-title = Transferir uma Página para esta loja?
starting-move-lead = Estas Páginas estão em outra loja. A Página que você transferir responde por esta loja, e a outra a perde.
starting-without-ids-title = Qual Página você quer transferir?
starting-without-ids-lead = As Páginas são transferidas uma a uma. Primeiro conecte suas Páginas: assim você vê as que estão em outra loja e pode transferir cada uma.
starting-line-1 = O Facebook pergunta quais das suas Páginas conectar. Escolha só Páginas desta loja: o assistente responde nelas em nome da loja.
starting-line-2 = Ele também pede que você permita que o assistente veja quais Páginas você gerencia, saiba quando um cliente escreve e responda. O assistente precisa de tudo isso.
starting-line-3 = Nada é conectado antes de você concordar no Facebook, e você pode desconectar quando quiser.
starting-unknown = Não sabemos o nome desta Página. Só a transfira se você conhecer o número dela.
next = Falta uma etapa: escolha as Páginas do Facebook em que o assistente vai responder aos seus clientes.

## After Pages were connected

connected-title = { $count ->
    [one] Sua Página está conectada
    [many] Suas Páginas estão conectadas
   *[other] Suas Páginas estão conectadas
}
connected-all-ready = { $count ->
    [one] As mensagens dela estão ativadas, e o assistente pode responder pela sua loja.
    [many] As mensagens delas estão ativadas, e o assistente pode responder pela sua loja.
   *[other] As mensagens delas estão ativadas, e o assistente pode responder pela sua loja.
}
connected-moved = Ela foi transferida de outra loja para cá.
connected-kept = Ela continua conectada por meio de alguém da sua equipe que tem mais permissões nesta Página.
connected-truncated = A lista de Páginas do Facebook não chegou ao fim, e algumas podem faltar. Conecte-as mais tarde.

## In the list of connections

listed-title = Suas Páginas do Facebook
listed-none = Nenhuma Página está conectada ainda. Conecte uma, e o assistente poderá responder aos clientes que escrevem para ela.
listed-more = Conectar mais Páginas
listed-shared = Vários apps dividem as conversas desta Página, e o assistente responde só às que o Facebook passa para ele.
listed-reconnect = O Facebook não aceita mais nosso acesso a esta Página. Reconecte-a e o assistente continua.
listed-moved = Esta Página agora está conectada a outra loja.
listed-disconnect = O assistente deixa de responder aqui, e nosso acesso a esta Página é excluído. Se nenhuma outra Página depender dela, a permissão dada no Facebook também é retirada. Você pode conectar a Página de novo quando quiser.
listed-confirm = Desconectar esta Página
listed-forget = Este aviso some. Para a loja que tem a Página agora, nada muda.

## Why messages don't arrive

unready-not-checked = Ainda não foi possível verificar se as mensagens desta Página chegam ao assistente; tentaremos de novo em até um dia.
unready-rate-limited = O Facebook pede que esperemos antes de ativar as mensagens desta Página; tentaremos de novo em até um dia.
unready-missing-task = As mensagens desta Página não chegam ao assistente: sua função na Página não permite ativá-las. Alguém que possa gerenciá-la, moderá-la ou publicar nela precisa conectá-la.
unready-missing-permission = As mensagens desta Página não chegam ao assistente: segundo o Facebook, falta uma permissão. Reconecte a Página e permita tudo o que for pedido.
unready-token-refused = As mensagens desta Página não chegam ao assistente: o Facebook não aceita mais nosso acesso a ela. Reconecte-a.
unready-misconfigured = As mensagens desta Página não chegam ao assistente por um erro nosso. Já fomos avisados; você não precisa fazer nada.
unready-not-subscribed = As mensagens desta Página não chegam ao assistente: o Facebook não manteve a assinatura. Talvez os apps estejam desativados nas configurações da Página; tentaremos de novo em até um dia.
unready-app-not-subscribed = As mensagens desta Página ainda não chegam ao assistente: o próprio app ainda não as recebe. Cabe a nós ativar isso; você não precisa fazer nada.

## Why a Page was not connected

left-out-insufficient-tasks = Sua função nesta Página não permite que o assistente responda por ela. Quem a gerencia pode dar mais permissões a você ou conectá-la.
left-out-missing-permissions = Conecte novamente e permita que o assistente, também nesta Página, possa:
left-out-unreadable = Esta Página foi escolhida, mas o Facebook não nos deixou lê-la. Conecte-a de novo mais tarde.
left-out-gone = Esta Página foi escolhida, mas não existe mais no Facebook.
left-out-rate-limited = O Facebook pede que esperemos antes de ler esta Página. Conecte-a em uma hora; nada mais se perde.
left-out-held-elsewhere = Esta Página está em outra loja. Se o lugar dela é aqui, você pode transferi-la: o assistente passa a responder nela por esta loja, e a outra a perde.
left-out-too-many = Esta Página passou do que um só login conecta. Conecte mais uma vez e escolha só as Páginas que faltam.

## What disconnecting a Page did

ended-title = A Página está desconectada
ended-access = Nosso acesso a ela foi excluído, e o assistente não responde mais lá.
ended-unsubscribed = O Facebook não nos envia mais as mensagens dela.
ended-unsubscribed-later = Não foi possível pedir de imediato ao Facebook que pare de nos enviar as mensagens dela; continuamos tentando.
ended-not-unsubscribed = Não foi possível pedir ao Facebook que pare de nos enviar as mensagens dela; nós as descartamos.
ended-revoked = A permissão dada no Facebook foi retirada.
ended-kept = A permissão dada no Facebook continua, porque outras coisas dependem dela.
ended-revoked-later = A permissão dada no Facebook será retirada assim que o Facebook deixar; continuamos tentando.
ended-not-revoked = Não foi possível retirar daqui a permissão dada no Facebook. Você pode fazer isso nas configurações do Facebook, em { -integrations }.

## To a person who asked to be forgotten

deletion-nothing-kept =
    .title = Nada sobre você está guardado aqui
    .text = Procuramos tudo o que poderia estar guardado por causa do seu login com o Facebook. Não havia nada.
deletion-deleted =
    .title = Seus dados foram excluídos
    .text = Tudo o que estava guardado por causa do seu login com o Facebook foi excluído: sua identificação, o acesso que você deu e as identificações e os nomes das Páginas conectadas com ele.
deletion-access-deleted =
    .title = Seu acesso foi excluído
    .text = Esta solicitação chegou quando você removeu o app: o acesso que você deu foi excluído naquele momento. Os nomes das suas Páginas continuam nas listas das lojas às quais estavam conectadas. Para excluí-los também, envie uma nova solicitação nas configurações do Facebook, em { -apps }.

## The ways on

way-connect = Conectar suas Páginas do Facebook
way-try-again = Tentar de novo no Facebook
way-reconnect = Reconectar
way-ask-again = Pedir as permissões ao Facebook de novo
way-go-on = Continuar para o Facebook
way-choose-others = Escolher outras Páginas
way-conversation-routing = Escolher no Facebook quem responde primeiro
way-own-page = Ver a Página
way-test-message = Enviar uma mensagem de teste

## What is refused

refusal-none =
    .title = Nenhuma Página para conectar
    .text = O Facebook não nos mostrou nenhuma Página que possamos conectar. Tente de novo, escolha uma Página e verifique se você pode gerenciá-la.
refusal-held-elsewhere =
    .title = A Página está conectada em outro lugar
    .text = Todas as Páginas que você escolheu estão em outra loja. Se uma delas pertence a esta loja e é você quem a gerencia, pode transferi-la para cá: o assistente passa a responder nela por esta loja, e a outra a perde.
refusal-too-many-attempts =
    .title = Tentativas demais
    .text = O Facebook foi aberto vezes demais a partir daqui. Comece de novo pela sua loja.
refusal-missing-for-these =
    .title = Falta uma permissão
    .text = Falta uma permissão para as Páginas que você escolheu. Conecte novamente e permita que o assistente, também nestas Páginas, possa:
refusal-hidden =
    .title = Falta uma permissão
    .text = O Facebook não nos deixa ver suas Páginas. Conecte novamente e permita o acesso a elas.
refusal-store-first =
    .title = Comece pela sua loja
    .text = Primeiro abra o app pela sua loja; depois você pode conectar a ela suas Páginas do Facebook.
