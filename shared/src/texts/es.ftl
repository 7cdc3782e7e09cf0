### Las palabras generales. Tuteamos, como Shopify y Meta.

-admin = panel de control de Shopify
-apps = Configuración, Aplicaciones

## Around every page

language-name = Español
frame-languages = Idioma
frame-steps = Pasos
frame-step-store = Tienda
frame-done = Listo
frame-reference = Referencia
frame-colon = :
frame-reference-hint = Si pides ayuda, indica lo siguiente:
frame-support = Ayuda
frame-privacy = Privacidad

## Before a sign-in that was not begun on a page of ours

starting-lead = Llegaste aquí desde otro sitio. Comprueba que esta es la tienda que quieres conectar.
starting-store = Tu tienda
starting-held = En otra tienda

## After the store was connected

store-connected-title = Tu tienda está conectada
store-connected-found = Lo que el asistente encontró en tu tienda
found-products = Productos
found-locations = Sucursales
found-discounts = Descuentos activos
found-or-more = { NUMBER($number) } o más
store-connected-nothing-read = La tienda está conectada, pero ahora no pudimos leer sus datos. Puedes continuar de todos modos.
store-connected-partly-read = La tienda está conectada, pero ahora no pudimos leer algunos de sus datos. Puedes continuar de todos modos.

## After accounts were connected

accounts-connected-some-unready = La conexión está hecha, pero todavía no todos los mensajes llegan al asistente. Más abajo ves por qué y qué hacer.
accounts-connected-some-shared = Los mensajes están activados, pero aquí también responden otras aplicaciones. Más abajo ves dónde y cómo cambiarlo.
accounts-connected-store = Se responde por
accounts-connected-connected = Conectadas
accounts-connected-left-out = Sin conectar
accounts-connected-done = Ya está todo. Puedes cerrar esta ventana.

## The list of connections

connections-title = Tus conexiones
connections-store = Tienda
connections-needed = { $some ->
    [one] { NUMBER($some) } de { NUMBER($all) } te necesita
    [many] { NUMBER($some) } de { NUMBER($all) } te necesitan
   *[other] { NUMBER($some) } de { NUMBER($all) } te necesitan
}
connections-linked = Conectada el
connections-checked = Última comprobación:
store-active = Conectada
store-reconnect-needed = Hay que reconectarla
store-disconnected = Desconectada
connections-store-reconnect = Shopify ya no acepta nuestro acceso a tu tienda, así que el asistente no puede ver lo que vendes. Vuelve a conectarla; no se pierde nada más.
connections-store-disconnected = El asistente no tiene acceso a esta tienda. Si la conectas de nuevo en los 30 días siguientes a la desconexión, recuperas tus { $accounts }; después se elimina todo lo relacionado con ella.
account-ready = Recibe mensajes
account-shared = Compartida con otras aplicaciones
account-being-checked = En comprobación
account-not-ready = Aún sin mensajes
account-reconnect-needed = Hay que reconectarla
account-moved = Trasladada
account-paused = En pausa
connections-disconnect = Desconectar
connections-disconnect-store = El asistente deja de responder en tus { $accounts } y eliminamos nuestro acceso a esta tienda. Si la conectas de nuevo en 30 días, lo recuperas todo; después se elimina definitivamente.
connections-forget = Quitar de esta lista
connections-confirm-forget = Quitar
connections-uninstall = Desinstalar también la aplicación de mi tienda Shopify
connections-confirm-store = Desconectar esta tienda
store-ended-title = La tienda está desconectada
store-ended-access = Eliminamos nuestro acceso a ella, y el asistente ya no responde en sus { $accounts }.
store-ended-app-removed = La aplicación ya no está en tu tienda.
store-ended-app-not-removed = No pudimos desinstalar la aplicación de tu tienda. Desinstálala en el { -admin }, en { -apps }.
store-ended-app-kept = La aplicación sigue en tu tienda. Puedes desinstalarla en el { -admin }, en { -apps }.
connections-note-removed = Se quitó de la lista
connections-sign-out = Cerrar sesión

## To a person who asked to be forgotten

deletion-in-progress =
    .title = Estamos eliminando tus datos
    .text = Recibimos tu solicitud. Lo que falta estará listo en unos minutos; vuelve a abrir esta página entonces.
deletion-requested = Solicitado
deletion-deleted = Eliminado
deletion-records = Registros eliminados
deletion-code = Código de confirmación

## What this service is

welcome =
    .title = Conecta tu tienda con un asistente
    .text = Aquí se conectan una tienda Shopify y sus { $accounts } para que un asistente responda a los clientes que escriben. Se empieza en el { -admin } o con un enlace propio.
welcome-run-by = Este servicio lo ofrece
welcome-ask = Pedir ayuda
welcome-ask-sender = Si tienes alguna pregunta, dirígete a quien te envió aquí.
language-chosen =
    .title = Las páginas ahora están en español
    .text = Vuelve a donde estabas: esa página también aparecerá en español.

## What is refused

error-invalid-shop =
    .title = Esta no es la dirección de una tienda Shopify
    .text = Usa la dirección permanente de tu tienda, la que termina en .myshopify.com. La encuentras en el { -admin }, en Configuración, Dominios.
error-incomplete-link =
    .title = El enlace no está completo
    .text = Algo de este enlace se perdió o cambió por el camino. Empieza de nuevo; es cosa de un minuto.
error-invalid-hmac =
    .title = Este enlace no viene de Shopify
    .text = Shopify no firmó este enlace, o el enlace cambió por el camino. Abre la aplicación desde el { -admin }.
error-stale-request =
    .title = Este enlace es demasiado antiguo
    .text = Este enlace de Shopify ya no es válido. Abre la aplicación otra vez desde el { -admin }.
error-begun-elsewhere =
    .title = Este inicio de sesión no empezó aquí
    .text = Esta respuesta no corresponde a ningún inicio de sesión de este navegador. Empieza de nuevo y no cambies de navegador durante el proceso.
error-expired-state =
    .title = Este inicio de sesión caducó
    .text = Un inicio de sesión vale unos minutos. Si el tuyo ya había terminado, todo está conectado; si no, empieza de nuevo.
error-used-state =
    .title = Este inicio de sesión ya se usó
    .text = Cada inicio de sesión vale una sola vez. Empieza de nuevo.
error-no-session =
    .title = Empieza desde tu tienda
    .text = La sesión que abriste desde tu tienda terminó. Empieza de nuevo desde tu tienda.
error-access-denied =
    .title = No se conectó nada
    .text = La conexión no se aprobó. No cambió nada; puedes intentarlo de nuevo cuando quieras.
error-missing-permission =
    .title = Falta un permiso
    .text = No se permitió todo lo que el asistente necesita. No cambió nada; inténtalo otra vez y permítelo todo.
error-nothing-to-connect =
    .title = No hay nada que conectar
    .text = La otra parte no nos mostró nada que podamos conectar. Inténtalo de nuevo y asegúrate de poder administrar lo que elijas.
error-held-elsewhere =
    .title = Conectado en otro lugar
    .text = Todo lo que elegiste está en otra tienda. Si algo pertenece a esta tienda y tú lo administras, puedes trasladarlo aquí.
error-too-many-attempts =
    .title = Demasiados intentos
    .text = Este inicio de sesión se abrió demasiadas veces desde aquí. Empieza de nuevo desde tu tienda.
error-token-exchange-failed =
    .title = Se rechazó el inicio de sesión
    .text = Este inicio de sesión no se aceptó. No cambió nada; empieza de nuevo.
error-provider-error =
    .title = Hubo un error en la otra parte
    .text = La otra parte respondió con un error suyo. No cambió nada; empieza de nuevo dentro de un minuto.
error-provider-timeout =
    .title = La otra parte no respondió
    .text = Esto tardó demasiado. Empieza de nuevo.
error-storage-unavailable =
    .title = Inténtalo de nuevo en un momento
    .text = El servicio no puede acceder ahora a sus datos. Inténtalo de nuevo en unos segundos.
error-misconfigured =
    .title = El servicio no está bien configurado
    .text = Es un error nuestro y no puedes hacer nada al respecto. Inténtalo de nuevo más tarde.
error-not-found =
    .title = Aquí no hay nada
    .text = En esta dirección no hay nada. Revisa el enlace.
error-method-not-allowed =
    .title = Así no es posible
    .text = Esta dirección no funciona de esta manera. Empieza de nuevo.
error-invalid-request =
    .title = No conocemos esta solicitud
    .text = Esta solicitud no pide nada que exista aquí.
error-invalid-signature =
    .title = La solicitud no está firmada
    .text = Esta solicitud no lleva la firma de quien dice enviarla.
error-payload-too-large =
    .title = Es demasiado
    .text = Esta solicitud es mayor que cualquiera de las que se esperan aquí.
error-forbidden =
    .title = No cambió nada
    .text = Por tu seguridad, esto solo funciona desde tu propia lista de conexiones. Abre la lista e inténtalo desde allí.

## What is refused, where more is known

detail-begun-elsewhere =
    .title = Este inicio de sesión no empezó aquí
    .text = Esta respuesta de { $platform } no corresponde a ningún inicio de sesión de este navegador. Empieza de nuevo y no cambies de navegador durante el proceso.
detail-used =
    .title = Este inicio de sesión ya se usó
    .text = Este inicio de sesión ya se usó y no funcionó. Empieza de nuevo.
detail-not-started-here =
    .title = Primero confírmalo
    .text = Este inicio de sesión, o lo que debía trasladar, no salió de una página nuestra. No empezó nada; abre el enlace y confírmalo.
detail-failed = { $platform } respondió con un error suyo. No cambió nada; empieza de nuevo dentro de un minuto.
detail-dialog-failed = { $platform } no pudo completar el inicio de sesión. No cambió nada; inténtalo de nuevo. Si vuelve a ocurrir, avisa a quien te dio el enlace.
detail-dialog-failed-with-number = { $platform } no pudo completar el inicio de sesión (su error { $number }). No cambió nada; inténtalo de nuevo. Si vuelve a ocurrir, avisa a quien te dio el enlace.
detail-no-answer = { $platform } no respondió a tiempo. Empieza de nuevo.
detail-store-changed =
    .title = Tu tienda cambió mientras tanto
    .text = Tu tienda cambió mientras la conectábamos. Empieza de nuevo.
detail-unknown-code =
    .title = Esa solicitud no existe
    .text = No hay ninguna solicitud con este código. Guardamos los códigos tanto tiempo como nuestros registros.

## The ways on

way-start-again = Empezar de nuevo desde tu tienda
way-manage = Administrar tus conexiones
way-reconnect-store = Volver a conectar la tienda
way-move-here = Trasladar a esta tienda
way-connections = Ver tus conexiones
way-reload = Intentar de nuevo
way-shopify-admin = Abrir la aplicación en el { -admin }
way-back = Volver
way-back-to = Volver a { $name }
way-back-to-admin = Volver al { -admin }

## Lists and dates

# Ante el sonido "i" sería "e"; ninguno de los nombres de cuentas empieza así.
list-end = { $others } y { $last }
month-01 = enero
month-02 = febrero
month-03 = marzo
month-04 = abril
month-05 = mayo
month-06 = junio
month-07 = julio
month-08 = agosto
month-09 = septiembre
month-10 = octubre
month-11 = noviembre
month-12 = diciembre
date = { NUMBER($day) } de { $month } de { $year }, { $time } (UTC)
day = { NUMBER($day) } de { $month } de { $year }
account-id = Número { $id }
