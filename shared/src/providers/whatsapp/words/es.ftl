### Lo que se dice de WhatsApp y sus números de teléfono. Tuteamos.

-integrations = Aplicaciones conectadas
-apps = Aplicaciones y sitios web
-manager = Administrador de WhatsApp
-two-step = Números de teléfono, Configuración, Verificación en dos pasos

## The sign-up

linked-before =
    .title = Tus números de WhatsApp están conectados
    .text = Tus números de WhatsApp ya están conectados; esta pantalla solo se abrió una vez más. Aquí no queda nada por hacer.
being-linked =
    .title = Tus números de WhatsApp se están conectando
    .text = Tus números de WhatsApp se están conectando en este momento. Si no pasa nada en un minuto, empieza de nuevo.
declined =
    .title = No se conectó nada
    .text = Según WhatsApp, la conexión no se aprobó. No cambió nada; puedes intentarlo de nuevo cuando quieras. Si no la cancelaste tú, quizá la aplicación aún no esté disponible para tu cuenta: pregunta a quien te dio el enlace.
missing-permissions =
    .title = Falta un permiso
    .text = No se permitió todo lo que el asistente necesita para su trabajo. WhatsApp lo pide todo junto cuando lo intentes de nuevo. Permítele:
refused =
    .title = WhatsApp rechazó el registro
    .text = WhatsApp no aceptó este registro. Conecta tu número de nuevo.
failed = Hubo un error en WhatsApp
no-answer = WhatsApp no respondió

## What a permission allows

permission-messaging = responder a los mensajes que los clientes envían a tu número
permission-management = ver y administrar tus números de WhatsApp
permission-events = informar a Meta de lo que resulta de las conversaciones, como los pedidos

## Phone numbers

numbers-step = Números de WhatsApp
numbers-full = números de WhatsApp
numbers = números de WhatsApp
starting-title = ¿Conectar tu número de WhatsApp a esta tienda?
starting-move-title = ¿Trasladar un número de WhatsApp a esta tienda?
starting-move-lead = Estos números están en otra tienda. El número que traslades responde por esta tienda, y la otra lo pierde.
starting-without-ids-title = ¿Qué número de WhatsApp quieres trasladar?
starting-without-ids-lead = Los números se trasladan uno a uno. Primero conecta tu número: así ves los que están en otra tienda y puedes trasladar cada uno.
starting-line-1 = El registro de WhatsApp se abre en Facebook. Te pide tu portfolio comercial, tu cuenta de WhatsApp Business y tu número de teléfono. Elige solo una cuenta de esta tienda: se conectan todos sus números, y el asistente responde allí en nombre de la tienda.
starting-line-2 = También te pide que permitas al asistente ver y administrar tus números de WhatsApp y responder a los mensajes que los clientes les envían. Necesita todo eso.
starting-line-3 = Nada se conecta antes de que aceptes allí, y puedes desconectarlo cuando quieras.
starting-unknown = No sabemos qué número de teléfono es. Trasládalo solo si conoces su identificador.
next = Queda un paso: conecta el número de WhatsApp en el que el asistente responderá a tus clientes.

## After numbers were connected

connected-title = { $count ->
    [one] Tu número de WhatsApp está conectado
    [many] Tus números de WhatsApp están conectados
   *[other] Tus números de WhatsApp están conectados
}
connected-all-ready = { $count ->
    [one] Sus mensajes están activados, y el asistente puede responder por tu tienda.
    [many] Los mensajes están activados en todos, y el asistente puede responder por tu tienda.
   *[other] Los mensajes están activados en todos, y el asistente puede responder por tu tienda.
}
connected-moved = Se trasladó aquí desde otra tienda.
connected-kept = Sigue conectado a través de alguien de tu equipo que tiene más permisos en este número.
connected-truncated = La lista de números de WhatsApp no llegó a su fin y pueden faltar algunos. Conéctalos más tarde.

## In the list of connections

listed-title = Tus números de WhatsApp
listed-none = Aún no hay ningún número de WhatsApp conectado. Conecta uno, y el asistente podrá responder a los clientes que le escriban.
listed-more = Conectar más números de WhatsApp
listed-shared = Varias aplicaciones comparten las conversaciones de este número, y el asistente responde solo a las que WhatsApp le pasa.
listed-reconnect = WhatsApp ya no acepta nuestro acceso a este número. Conéctalo de nuevo y el asistente seguirá respondiendo.
listed-moved = Este número está ahora conectado a otra tienda.
listed-disconnect = El asistente deja de responder aquí. Si ningún otro número depende de él, eliminamos nuestro acceso y también se retira el permiso que se dio en el registro. Puedes conectar el número de nuevo cuando quieras.
listed-confirm = Desconectar este número
listed-forget = Esta nota desaparece. Para la tienda que ahora tiene el número no cambia nada.

## Why messages don't arrive

unready-not-checked = Aún no pudimos comprobar si los mensajes a este número llegan al asistente; lo intentaremos de nuevo en el plazo de un día.
unready-rate-limited = WhatsApp nos pide esperar antes de activar los mensajes de este número; lo intentaremos de nuevo en el plazo de un día.
unready-missing-task = Los mensajes a este número no llegan al asistente: tu rol no permite activarlos. Tiene que conectarlo alguien con control total del portfolio comercial.
unready-missing-permission = Los mensajes a este número no llegan al asistente: según WhatsApp, falta un permiso. Conecta el número de nuevo y permite todo lo que se pide.
unready-token-refused = Los mensajes a este número no llegan al asistente: WhatsApp ya no acepta nuestro acceso a él. Conéctalo de nuevo.
unready-misconfigured = Los mensajes a este número no llegan al asistente por un error nuestro. Ya estamos avisados; no tienes que hacer nada.
unready-not-subscribed = Los mensajes a este número no llegan al asistente: Meta no guardó la suscripción de tu cuenta de WhatsApp Business; lo intentaremos de nuevo en el plazo de un día.
unready-app-not-subscribed = Los mensajes a este número aún no llegan al asistente: la propia aplicación no los recibe todavía. Activarlo es cosa nuestra; no tienes que hacer nada.
unready-pin-required = Los mensajes a este número aún no llegan al asistente: el número tiene un PIN de verificación en dos pasos que no conocemos. Escríbelo en la lista de tus conexiones. Si nadie lo conoce, desactiva la verificación en dos pasos (en el { -manager }, en { -two-step }) y elige aquí un PIN nuevo.
unready-account-restricted = Los mensajes a este número no llegan al asistente: Meta restringió el número o su cuenta de WhatsApp Business. Puedes ver el motivo en el { -manager } y solicitar una revisión en la ayuda para empresas de Meta.
unready-not-verified = Los mensajes a este número aún no llegan al asistente: primero hay que verificar el número. Hazlo en el { -manager }, en Números de teléfono, con un código que llega por SMS o llamada. Después conecta el número de nuevo.
unready-not-registered = Los mensajes a este número aún no llegan al asistente: el número aún no está registrado para ello en WhatsApp; lo intentaremos de nuevo en el plazo de un día.

## The PIN of a number

pin-label = PIN de seis dígitos
pin-help = El PIN de verificación en dos pasos del número, no un código de un SMS.
pin-submit = Registrar el número
pin-taken = El número está registrado y sus mensajes están activados.
pin-refused = WhatsApp no aceptó este PIN. Quizá lo conozca quien configuró el número. Si nadie lo conoce, desactiva la verificación en dos pasos (en el { -manager }, en { -two-step }) y elige aquí un PIN nuevo.
pin-later = No se pudo registrar el número ahora: WhatsApp no respondió, o se agotaron los pocos intentos que hay en tres días. Inténtalo de nuevo más tarde.
pin-kept = El número conserva su PIN de verificación en dos pasos. Para usar el número en otro lugar, desactiva la verificación en dos pasos (en el { -manager }, en { -two-step }); entonces puedes elegir un PIN nuevo.

## Why a number or an account was not connected

left-out-insufficient-tasks = Tu rol no permite que el asistente responda por este número. Quien tiene control total del portfolio comercial puede darte más permisos o conectarlo.
left-out-missing-permissions = Conecta de nuevo y permite al asistente, también en esta cuenta:
left-out-unreadable = Esto se eligió, pero WhatsApp no nos dejó leerlo. Conéctalo de nuevo más tarde.
left-out-gone = Esto se eligió, pero ya no existe en WhatsApp.
left-out-rate-limited = WhatsApp nos pide esperar antes de leer esto. Conéctalo dentro de una hora; no se pierde nada más.
left-out-held-elsewhere = Este número está en otra tienda. Si pertenece a esta, puedes trasladarlo: entonces el asistente responde allí por esta tienda, y la otra lo pierde.
left-out-too-many = Esto era más de lo que conecta un solo registro. Conecta otra vez y elige solo lo que falta.

## What disconnecting a number did

ended-title = El número está desconectado
ended-access = El asistente ya no responde allí.
ended-unsubscribed = Los mensajes al número ya no llegan al asistente.
ended-unsubscribed-later = No pudimos pedir enseguida a WhatsApp que deje de enviarnos sus mensajes; lo seguimos intentando.
ended-not-unsubscribed = No pudimos pedir a WhatsApp que deje de enviarnos sus mensajes; los descartamos.
ended-revoked = Eliminamos nuestro acceso y se retiró el permiso que se dio en el registro.
ended-kept = Nuestro acceso y el permiso que se dio en el registro se mantienen, porque otros dependen de ellos.
ended-revoked-later = El permiso que se dio en el registro se retirará en cuanto WhatsApp nos deje; lo seguimos intentando.
ended-not-revoked = Eliminamos nuestro acceso. El permiso que se dio en el registro no se pudo retirar desde aquí. Puedes hacerlo en la configuración de tu portfolio comercial, en { -integrations }.

## To a person who asked to be forgotten

deletion-nothing-kept =
    .title = Aquí no se guarda nada sobre ti
    .text = Buscamos todo lo que pudiera guardarse por tu registro en WhatsApp. No había nada.
deletion-deleted =
    .title = Tus datos se eliminaron
    .text = Se eliminó todo lo que se guardaba por tu registro en WhatsApp: tu identificador, el acceso que diste y los identificadores, nombres y números de teléfono que se conectaron con él.
deletion-access-deleted =
    .title = Tu acceso se eliminó
    .text = Esta solicitud llegó cuando quitaste la aplicación: el acceso que diste se eliminó entonces. Tus números de teléfono siguen en las listas de las tiendas a las que estaban conectados. Para eliminarlos también, envía una nueva solicitud desde la configuración de Facebook, en { -apps }.

## The ways on

way-connect = Conectar tu número de WhatsApp
way-try-again = Intentarlo de nuevo en WhatsApp
way-reconnect = Volver a conectar
way-ask-again = Pedir otra vez los permisos a WhatsApp
way-go-on = Continuar a WhatsApp
way-choose-others = Elegir otros números
way-conversation-routing = Elegir en WhatsApp quién responde primero
way-own-page = Ver el número
way-test-message = Enviar un mensaje de prueba

## What is refused

refusal-none =
    .title = No hay ningún número que conectar
    .text = WhatsApp no nos mostró ningún número de teléfono que podamos conectar. Inténtalo de nuevo, completa el registro hasta el final y elige una cuenta con un número de teléfono.
refusal-held-elsewhere =
    .title = El número está conectado en otro lugar
    .text = Todos los números que elegiste están en otra tienda. Si uno de ellos pertenece a esta tienda y tú lo administras, puedes trasladarlo aquí: entonces el asistente responde allí por esta tienda, y la otra lo pierde.
refusal-too-many-attempts =
    .title = Demasiados intentos
    .text = El registro de WhatsApp se abrió demasiadas veces desde aquí. Empieza de nuevo desde tu tienda.
refusal-missing-for-these =
    .title = Falta un permiso
    .text = Falta un permiso para las cuentas que elegiste. Conecta de nuevo y permite al asistente, también en estas cuentas:
refusal-hidden =
    .title = Falta un permiso
    .text = WhatsApp no nos deja ver tus números. Conecta de nuevo y permite el acceso a ellos.
refusal-store-first =
    .title = Empieza desde tu tienda
    .text = Primero abre la aplicación desde tu tienda; después podrás conectarle tu número de WhatsApp.
