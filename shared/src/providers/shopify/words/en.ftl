### What is said about a sign-in at Shopify.

linked-before =
    .title = Your store is connected
    .text = Your store is connected already; this page was only opened once more. You can go on.
being-linked =
    .title = Your store is being connected
    .text = Your store is being connected at this moment. If nothing happens within a minute, please start again.
declined =
    .title = Nothing was connected
    .text = Shopify reports that the connection was not approved. Nothing was stored; you can start again whenever you like.
# A list of permissions follows.
missing-permissions =
    .title = A permission is missing
    .text = Not everything was allowed that the assistant needs to sell your products. Please start again and allow it to:
refused =
    .title = Shopify refused the sign-in
    .text = Shopify did not accept this sign-in. Please start again from your store.
failed = Shopify made a mistake
no-answer = Shopify did not answer

## What a permission allows: the end of "allow the assistant to"

permission-products = see what you sell
permission-inventory = see what is in stock
permission-discounts = see your discounts
permission-locations = see where your goods are
