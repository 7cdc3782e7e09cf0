### Lo que se dice de un inicio de sesión en Shopify.

linked-before =
    .title = Tu tienda está conectada
    .text = Tu tienda ya está conectada; esta pantalla solo se abrió una vez más. Puedes continuar.
being-linked =
    .title = Tu tienda se está conectando
    .text = Tu tienda se está conectando en este momento. Si no pasa nada en un minuto, empieza de nuevo.
declined =
    .title = No se conectó nada
    .text = Según Shopify, la conexión no se aprobó. No se guardó nada; puedes empezar de nuevo cuando quieras.
missing-permissions =
    .title = Falta un permiso
    .text = No se permitió todo lo que el asistente necesita para vender tus productos. Empieza de nuevo y permítele:
refused =
    .title = Shopify rechazó el inicio de sesión
    .text = Shopify no aceptó este inicio de sesión. Empieza de nuevo desde tu tienda.
failed = Hubo un error en Shopify
no-answer = Shopify no respondió

## What a permission allows

permission-products = ver lo que vendes
permission-inventory = ver lo que hay en el inventario
permission-discounts = ver tus descuentos
permission-locations = ver dónde está tu mercancía
