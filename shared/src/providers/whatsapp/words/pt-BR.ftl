### O que se diz do WhatsApp e dos seus números de telefone. Tratamos por "você".

-integrations = Apps conectados
-apps = Aplicativos e sites
-manager = Gerenciador do WhatsApp
-two-step = Números de telefone, Configurações, Confirmação em duas etapas

## The sign-up

linked-before =
    .title = Seus números do WhatsApp estão conectados
    .text = Seus números do WhatsApp já estão conectados; esta tela só foi aberta mais uma vez. Não há mais nada a fazer aqui.
being-linked =
    .title = Seus números do WhatsApp estão sendo conectados
    .text = Seus números do WhatsApp estão sendo conectados neste momento. Se nada acontecer em um minuto, comece de novo.
declined =
    .title = Nada foi conectado
    .text = Segundo o WhatsApp, a conexão não foi aprovada. Nada mudou; você pode tentar de novo quando quiser. Se não foi você quem cancelou, talvez o app ainda não esteja liberado para sua conta: fale com quem enviou o link.
missing-permissions =
    .title = Falta uma permissão
    .text = Nem tudo o que o assistente precisa para trabalhar foi permitido. O WhatsApp pede tudo junto quando você tentar outra vez. Permita que ele possa:
refused =
    .title = O WhatsApp recusou o cadastro
    .text = O WhatsApp não aceitou este cadastro. Conecte seu número novamente.
failed = Houve um erro no WhatsApp
no-answer = O WhatsApp não respondeu

## What a permission allows

permission-messaging = responder às mensagens que os clientes enviam ao seu número
permission-management = ver e gerenciar seus números do WhatsApp
permission-events = informar à Meta o que resulta das conversas, como os pedidos

## Phone numbers

numbers-step = Números do WhatsApp
# Feminine, as "Páginas" is: the general words agree with both.
numbers-full = contas do WhatsApp
numbers = contas do WhatsApp
starting-title = Conectar seu número do WhatsApp a esta loja?
starting-move-title = Transferir um número do WhatsApp para esta loja?
starting-move-lead = Estes números estão em outra loja. O número que você transferir responde por esta loja, e a outra o perde.
starting-without-ids-title = Qual número do WhatsApp você quer transferir?
starting-without-ids-lead = Os números são transferidos um a um. Primeiro conecte seu número: assim você vê os que estão em outra loja e pode transferir cada um.
starting-line-1 = O cadastro do WhatsApp abre no Facebook. Ele pede seu portfólio empresarial, sua conta do WhatsApp Business e seu número de telefone. Escolha só uma conta desta loja: todos os números dela são conectados, e o assistente responde neles em nome da loja.
starting-line-2 = Ele também pede que você permita que o assistente veja e gerencie seus números do WhatsApp e responda às mensagens que os clientes enviam a eles. O assistente precisa de tudo isso.
starting-line-3 = Nada é conectado antes de você concordar lá, e você pode desconectar quando quiser.
starting-unknown = Não sabemos que número de telefone é este. Só o transfira se você conhecer a identificação dele.
next = Falta uma etapa: conecte o número do WhatsApp em que o assistente vai responder aos seus clientes.

## After numbers were connected

connected-title = { $count ->
    [one] Seu número do WhatsApp está conectado
    [many] Seus números do WhatsApp estão conectados
   *[other] Seus números do WhatsApp estão conectados
}
connected-all-ready = { $count ->
    [one] As mensagens dele estão ativadas, e o assistente pode responder pela sua loja.
    [many] As mensagens deles estão ativadas, e o assistente pode responder pela sua loja.
   *[other] As mensagens deles estão ativadas, e o assistente pode responder pela sua loja.
}
connected-moved = Ele foi transferido de outra loja para cá.
connected-kept = Ele continua conectado por meio de alguém da sua equipe que tem mais permissões neste número.
connected-truncated = A lista de números do WhatsApp não chegou ao fim, e alguns podem faltar. Conecte-os mais tarde.

## In the list of connections

listed-title = Seus números do WhatsApp
listed-none = Nenhum número do WhatsApp está conectado ainda. Conecte um, e o assistente poderá responder aos clientes que escrevem para ele.
listed-more = Conectar mais números do WhatsApp
listed-shared = Vários apps dividem as conversas deste número, e o assistente responde só às que o WhatsApp passa para ele.
listed-reconnect = O WhatsApp não aceita mais nosso acesso a este número. Reconecte-o e o assistente continua.
listed-moved = Este número agora está conectado a outra loja.
listed-disconnect = O assistente deixa de responder aqui. Se nenhum outro número depender dele, nosso acesso é excluído e a permissão dada no cadastro também é retirada. Você pode conectar o número de novo quando quiser.
listed-confirm = Desconectar este número
listed-forget = Este aviso some. Para a loja que tem o número agora, nada muda.

## Why messages don't arrive

unready-not-checked = Ainda não foi possível verificar se as mensagens deste número chegam ao assistente; tentaremos de novo em até um dia.
unready-rate-limited = O WhatsApp pede que esperemos antes de ativar as mensagens deste número; tentaremos de novo em até um dia.
unready-missing-task = As mensagens deste número não chegam ao assistente: sua função não permite ativá-las. Alguém com controle total do portfólio empresarial precisa conectá-lo.
unready-missing-permission = As mensagens deste número não chegam ao assistente: segundo o WhatsApp, falta uma permissão. Reconecte o número e permita tudo o que for pedido.
unready-token-refused = As mensagens deste número não chegam ao assistente: o WhatsApp não aceita mais nosso acesso a ele. Reconecte-o.
unready-misconfigured = As mensagens deste número não chegam ao assistente por um erro nosso. Já fomos avisados; você não precisa fazer nada.
unready-not-subscribed = As mensagens deste número não chegam ao assistente: a Meta não manteve a assinatura da sua conta do WhatsApp Business; tentaremos de novo em até um dia.
unready-app-not-subscribed = As mensagens deste número ainda não chegam ao assistente: o próprio app ainda não as recebe. Cabe a nós ativar isso; você não precisa fazer nada.
unready-pin-required = As mensagens deste número ainda não chegam ao assistente: o número tem um PIN da confirmação em duas etapas que não conhecemos. Digite-o na lista das suas conexões. Se ninguém souber o PIN, desative a confirmação em duas etapas (no { -manager }, em { -two-step }) e escolha aqui um novo PIN.
unready-account-restricted = As mensagens deste número não chegam ao assistente: a Meta restringiu o número ou a conta do WhatsApp Business dele. Você vê o motivo no { -manager } e pode solicitar uma análise no suporte para empresas da Meta.
unready-not-verified = As mensagens deste número ainda não chegam ao assistente: primeiro é preciso verificar o número. Faça isso no { -manager }, em Números de telefone, com um código que chega por SMS ou ligação. Depois reconecte o número.
unready-not-registered = As mensagens deste número ainda não chegam ao assistente: o número ainda não está registrado para isso no WhatsApp; tentaremos de novo em até um dia.

## The PIN of a number

pin-label = PIN de seis dígitos
pin-help = O PIN da confirmação em duas etapas do número, não um código recebido por SMS.
pin-submit = Registrar o número
pin-taken = O número está registrado, e as mensagens dele estão ativadas.
pin-refused = O WhatsApp não aceitou este PIN. Talvez quem configurou o número o conheça. Se ninguém souber o PIN, desative a confirmação em duas etapas (no { -manager }, em { -two-step }) e escolha aqui um novo PIN.
pin-later = Não foi possível registrar o número agora: o WhatsApp não respondeu, ou as poucas tentativas que há em três dias se esgotaram. Tente de novo mais tarde.
pin-kept = O número mantém o PIN da confirmação em duas etapas. Para usar o número em outro lugar, desative a confirmação em duas etapas (no { -manager }, em { -two-step }); então você pode escolher um novo PIN.

## Why a number or an account was not connected

left-out-insufficient-tasks = Sua função não permite que o assistente responda por este número. Quem tem controle total do portfólio empresarial pode dar mais permissões a você ou conectá-lo.
left-out-missing-permissions = Conecte novamente e permita que o assistente, também nesta conta, possa:
left-out-unreadable = Este item foi escolhido, mas o WhatsApp não nos deixou lê-lo. Conecte-o de novo mais tarde.
left-out-gone = Este item foi escolhido, mas não existe mais no WhatsApp.
left-out-rate-limited = O WhatsApp pede que esperemos antes de ler este item. Conecte-o em uma hora; nada mais se perde.
left-out-held-elsewhere = Este número está em outra loja. Se o lugar dele é aqui, você pode transferi-lo: o assistente passa a responder nele por esta loja, e a outra o perde.
left-out-too-many = Era mais do que um só cadastro conecta. Conecte mais uma vez e escolha só o que falta.

## What disconnecting a number did

ended-title = O número está desconectado
ended-access = O assistente não responde mais lá.
ended-unsubscribed = As mensagens do número não chegam mais ao assistente.
ended-unsubscribed-later = Não foi possível pedir de imediato ao WhatsApp que pare de nos enviar as mensagens dele; continuamos tentando.
ended-not-unsubscribed = Não foi possível pedir ao WhatsApp que pare de nos enviar as mensagens dele; nós as descartamos.
ended-revoked = Nosso acesso foi excluído, e a permissão dada no cadastro foi retirada.
ended-kept = Nosso acesso e a permissão dada no cadastro continuam, porque outras coisas dependem deles.
ended-revoked-later = A permissão dada no cadastro será retirada assim que o WhatsApp deixar; continuamos tentando.
ended-not-revoked = Nosso acesso foi excluído. Não foi possível retirar daqui a permissão dada no cadastro. Você pode fazer isso nas configurações do seu portfólio empresarial, em { -integrations }.

## To a person who asked to be forgotten

deletion-nothing-kept =
    .title = Nada sobre você está guardado aqui
    .text = Procuramos tudo o que poderia estar guardado por causa do seu cadastro no WhatsApp. Não havia nada.
deletion-deleted =
    .title = Seus dados foram excluídos
    .text = Tudo o que estava guardado por causa do seu cadastro no WhatsApp foi excluído: sua identificação, o acesso que você deu e as identificações, os nomes e os números de telefone conectados com ele.
deletion-access-deleted =
    .title = Seu acesso foi excluído
    .text = Esta solicitação chegou quando você removeu o app: o acesso que você deu foi excluído naquele momento. Seus números de telefone continuam nas listas das lojas às quais estavam conectados. Para excluí-los também, envie uma nova solicitação nas configurações do Facebook, em { -apps }.

## The ways on

way-connect = Conectar seu número do WhatsApp
way-try-again = Tentar de novo no WhatsApp
way-reconnect = Reconectar
way-ask-again = Pedir as permissões ao WhatsApp de novo
way-go-on = Continuar para o WhatsApp
way-choose-others = Escolher outros números
way-conversation-routing = Escolher no WhatsApp quem responde primeiro
way-own-page = Ver o número
way-test-message = Enviar uma mensagem de teste

## What is refused

refusal-none =
    .title = Nenhum número para conectar
    .text = O WhatsApp não nos mostrou nenhum número de telefone que possamos conectar. Tente de novo, vá até o fim do cadastro e escolha uma conta com um número de telefone.
refusal-held-elsewhere =
    .title = O número está conectado em outro lugar
    .text = Todos os números que você escolheu estão em outra loja. Se um deles pertence a esta loja e é você quem o gerencia, pode transferi-lo para cá: o assistente passa a responder nele por esta loja, e a outra o perde.
refusal-too-many-attempts =
    .title = Tentativas demais
    .text = O cadastro do WhatsApp foi aberto vezes demais a partir daqui. Comece de novo pela sua loja.
refusal-missing-for-these =
    .title = Falta uma permissão
    .text = Falta uma permissão para as contas que você escolheu. Conecte novamente e permita que o assistente, também nestas contas, possa:
refusal-hidden =
    .title = Falta uma permissão
    .text = O WhatsApp não nos deixa ver seus números. Conecte novamente e permita o acesso a eles.
refusal-store-first =
    .title = Comece pela sua loja
    .text = Primeiro abra o app pela sua loja; depois você pode conectar a ela seu número do WhatsApp.
