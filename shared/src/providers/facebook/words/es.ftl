### Lo que se dice de Facebook y sus páginas. Tuteamos.

-integrations = Integraciones comerciales
-apps = Aplicaciones y sitios web

## The sign-in

linked-before =
    .title = Tus páginas están conectadas
    .text = Tus páginas ya están conectadas; esta pantalla solo se abrió una vez más. Aquí no queda nada por hacer.
being-linked =
    .title = Tus páginas se están conectando
    .text = Tus páginas se están conectando en este momento. Si no pasa nada en un minuto, empieza de nuevo.
declined =
    .title = No se conectó nada
    .text = Según Facebook, la conexión no se aprobó. No cambió nada; puedes intentarlo de nuevo cuando quieras. Si no la cancelaste tú, quizá la aplicación aún no esté disponible para tu cuenta: pregunta a quien te dio el enlace.
missing-permissions =
    .title = Falta un permiso
    .text = No se permitió todo lo que el asistente necesita para su trabajo. Facebook lo vuelve a pedir cuando lo intentes de nuevo. Permítele:
refused =
    .title = Facebook rechazó el inicio de sesión
    .text = Facebook no aceptó este inicio de sesión. Conecta tus páginas de nuevo.
failed = Hubo un error en Facebook
no-answer = Facebook no respondió

## What a permission allows

permission-messaging = responder a los mensajes que los clientes envían a tu página
permission-show-list = ver qué páginas administras
permission-metadata = enterarse cuando llega un mensaje
permission-engagement = leer el nombre y las publicaciones de tu página
permission-business = ver las páginas que pertenecen a tu portfolio comercial

## Pages

pages-step = Páginas de Facebook
pages-full = páginas de Facebook
pages = páginas
starting-title = ¿Conectar páginas de Facebook a esta tienda?
starting-move-title = ¿Trasladar una página a esta tienda?
starting-move-lead = Estas páginas están en otra tienda. La página que traslades responde por esta tienda, y la otra la pierde.
starting-without-ids-title = ¿Qué página quieres trasladar?
starting-without-ids-lead = Las páginas se trasladan una a una. Primero conecta tus páginas: así ves las que están en otra tienda y puedes trasladar cada una.
starting-line-1 = Facebook pregunta cuáles de tus páginas conectar. Elige solo páginas de esta tienda: el asistente responde allí en su nombre.
starting-line-2 = También te pide que permitas al asistente ver qué páginas administras, enterarse cuando escribe un cliente y responder. Necesita todo eso.
starting-line-3 = Nada se conecta antes de que aceptes en Facebook, y puedes desconectarlo cuando quieras.
starting-unknown = No conocemos el nombre de esta página. Trasládala solo si conoces su número.
next = Queda un paso: elige las páginas de Facebook en las que el asistente responderá a tus clientes.

## After Pages were connected

connected-title = { $count ->
    [one] Tu página está conectada
    [many] Tus páginas están conectadas
   *[other] Tus páginas están conectadas
}
connected-all-ready = { $count ->
    [one] Sus mensajes están activados, y el asistente puede responder por tu tienda.
    [many] Los mensajes están activados en todas, y el asistente puede responder por tu tienda.
   *[other] Los mensajes están activados en todas, y el asistente puede responder por tu tienda.
}
connected-moved = Se trasladó aquí desde otra tienda.
connected-kept = Sigue conectada a través de alguien de tu equipo que tiene más permisos en esta página.
connected-truncated = La lista de páginas de Facebook no llegó a su fin y pueden faltar algunas. Conéctalas más tarde.

## In the list of connections

listed-title = Páginas de Facebook
listed-none = Aún no hay ninguna página conectada. Conecta una, y el asistente podrá responder a los clientes que le escriban.
listed-more = Conectar más páginas
listed-shared = Varias aplicaciones comparten las conversaciones de esta página, y el asistente responde solo a las que Facebook le pasa.
listed-reconnect = Facebook ya no acepta nuestro acceso a esta página. Conéctala de nuevo y el asistente seguirá respondiendo.
listed-moved = Esta página está ahora conectada a otra tienda.
listed-disconnect = El asistente deja de responder aquí y eliminamos nuestro acceso a esta página. Si ninguna otra página depende de él, también se retira el permiso que se dio en Facebook. Puedes conectar la página de nuevo cuando quieras.
listed-confirm = Desconectar esta página
listed-forget = Esta nota desaparece. Para la tienda que ahora tiene la página no cambia nada.

## Why messages don't arrive

unready-not-checked = Aún no pudimos comprobar si los mensajes a esta página llegan al asistente; lo intentaremos de nuevo en el plazo de un día.
unready-rate-limited = Facebook nos pide esperar antes de activar los mensajes de esta página; lo intentaremos de nuevo en el plazo de un día.
unready-missing-task = Los mensajes a esta página no llegan al asistente: tu rol en la página no permite activarlos. Tiene que conectarla alguien que pueda administrarla, moderarla o publicar en ella.
unready-missing-permission = Los mensajes a esta página no llegan al asistente: según Facebook, falta un permiso. Conecta la página de nuevo y permite todo lo que se pide.
unready-token-refused = Los mensajes a esta página no llegan al asistente: Facebook ya no acepta nuestro acceso a ella. Conéctala de nuevo.
unready-misconfigured = Los mensajes a esta página no llegan al asistente por un error nuestro. Ya estamos avisados; no tienes que hacer nada.
unready-not-subscribed = Los mensajes a esta página no llegan al asistente: Facebook no guardó la suscripción. Puede que las aplicaciones estén desactivadas en la configuración de la página; lo intentaremos de nuevo en el plazo de un día.
unready-app-not-subscribed = Los mensajes a esta página aún no llegan al asistente: la propia aplicación no los recibe todavía. Activarlo es cosa nuestra; no tienes que hacer nada.

## Why a Page was not connected

left-out-insufficient-tasks = Tu rol en esta página no permite que el asistente responda por ella. Quien la administra puede darte más permisos o conectarla.
left-out-missing-permissions = Conecta de nuevo y permite al asistente, también en esta página:
left-out-unreadable = Elegiste esta página, pero Facebook no nos dejó leerla. Conéctala de nuevo más tarde.
left-out-gone = Elegiste esta página, pero ya no existe en Facebook.
left-out-rate-limited = Facebook nos pide esperar antes de leer esta página. Conéctala dentro de una hora; no se pierde nada más.
left-out-held-elsewhere = Esta página está en otra tienda. Si pertenece a esta, puedes trasladarla: entonces el asistente responde allí por esta tienda, y la otra la pierde.
left-out-too-many = Esta página era más de lo que conecta un solo inicio de sesión. Conecta otra vez y elige solo las páginas que faltan.

## What disconnecting a Page did

ended-title = La página está desconectada
ended-access = Eliminamos nuestro acceso a ella, y el asistente ya no responde allí.
ended-unsubscribed = Facebook ya no nos envía sus mensajes.
ended-unsubscribed-later = No pudimos pedir enseguida a Facebook que deje de enviarnos sus mensajes; lo seguimos intentando.
ended-not-unsubscribed = No pudimos pedir a Facebook que deje de enviarnos sus mensajes; los descartamos.
ended-revoked = Se retiró el permiso que se dio en Facebook.
ended-kept = El permiso que se dio en Facebook se mantiene, porque otros dependen de él.
ended-revoked-later = El permiso que se dio en Facebook se retirará en cuanto Facebook nos deje; lo seguimos intentando.
ended-not-revoked = El permiso que se dio en Facebook no se pudo retirar desde aquí. Puedes hacerlo en la configuración de Facebook, en { -integrations }.

## To a person who asked to be forgotten

deletion-nothing-kept =
    .title = Aquí no se guarda nada sobre ti
    .text = Buscamos todo lo que pudiera guardarse por tu inicio de sesión con Facebook. No había nada.
deletion-deleted =
    .title = Tus datos se eliminaron
    .text = Se eliminó todo lo que se guardaba por tu inicio de sesión con Facebook: tu identificador, el acceso que diste y los identificadores y nombres de las páginas que se conectaron con él.
deletion-access-deleted =
    .title = Tu acceso se eliminó
    .text = Esta solicitud llegó cuando quitaste la aplicación: el acceso que diste se eliminó entonces. Los nombres de tus páginas siguen en las listas de las tiendas a las que estaban conectadas. Para eliminarlos también, envía una nueva solicitud desde la configuración de Facebook, en { -apps }.

## The ways on

way-connect = Conectar tus páginas de Facebook
way-try-again = Intentarlo de nuevo en Facebook
way-reconnect = Volver a conectar
way-ask-again = Pedir otra vez los permisos a Facebook
way-go-on = Continuar a Facebook
way-choose-others = Elegir otras páginas
way-conversation-routing = Elegir en Facebook quién responde primero
way-own-page = Ver la página
way-test-message = Enviar un mensaje de prueba

## What is refused

refusal-none =
    .title = No hay ninguna página que conectar
    .text = Facebook no nos mostró ninguna página que podamos conectar. Inténtalo de nuevo, elige una página y asegúrate de poder administrarla.
refusal-held-elsewhere =
    .title = La página está conectada en otro lugar
    .text = Todas las páginas que elegiste están en otra tienda. Si una de ellas pertenece a esta tienda y tú la administras, puedes trasladarla aquí: entonces el asistente responde allí por esta tienda, y la otra la pierde.
refusal-too-many-attempts =
    .title = Demasiados intentos
    .text = Facebook se abrió demasiadas veces desde aquí. Empieza de nuevo desde tu tienda.
refusal-missing-for-these =
    .title = Falta un permiso
    .text = Falta un permiso para las páginas que elegiste. Conecta de nuevo y permite al asistente, también en estas páginas:
refusal-hidden =
    .title = Falta un permiso
    .text = Facebook no nos deja ver tus páginas. Conecta de nuevo y permite el acceso a ellas.
refusal-store-first =
    .title = Empieza desde tu tienda
    .text = Primero abre la aplicación desde tu tienda; después podrás conectarle tus páginas de Facebook.
