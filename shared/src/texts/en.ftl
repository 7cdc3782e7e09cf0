### The general words. English is the reference of all languages, and what programs read as JSON.
### How to edit, check and add a language: docs/translating.md.

-admin = Shopify admin
-apps = Settings, Apps

## Around every page

language-name = English
# Names the links to the other languages.
frame-languages = Language
frame-steps = Steps
frame-step-store = Store
# Said of a step behind us.
frame-done = Done
# In front of the number of an error.
frame-reference = Reference
# Between what something is and its name: "Reference: abc".
frame-colon = :
frame-reference-hint = If you ask for help, please pass this on:
# Leads to where one asks for help.
frame-support = Help
# Leads to what becomes of one's data.
frame-privacy = Privacy

## Before a sign-in that was not begun on a page of ours

starting-lead = You came here from outside. Please check that this is the store that you mean.
starting-store = Your store
# Above what another store holds.
starting-held = At another store

## After the store was connected

store-connected-title = Your store is connected
store-connected-found = What the assistant found in your store
found-products = Products
found-locations = Locations
found-discounts = Active discounts
found-or-more = { NUMBER($number) } or more
store-connected-nothing-read = The store is connected, but its data could not be read just now. You can go on all the same.
store-connected-partly-read = The store is connected, but some of its data could not be read just now. You can go on all the same.

## After accounts were connected

accounts-connected-some-unready = The connection stands, but not every message reaches the assistant yet. Below you see why, and what helps.
accounts-connected-some-shared = Messages are switched on, but other apps answer here too. Below you see where, and how to change that.
# In front of the store's address.
accounts-connected-store = Answered for
accounts-connected-connected = Connected
accounts-connected-left-out = Not connected
accounts-connected-done = You are done and can close this window.

## The list of connections. $accounts is what the accounts are called: "Pages", or "Pages and …".

connections-title = Your connections
connections-store = Store
# How many connections, of how many, need the merchant.
connections-needed = { $some ->
    [one] { NUMBER($some) } of { NUMBER($all) } needs you
   *[other] { NUMBER($some) } of { NUMBER($all) } need you
}
# A day follows.
connections-linked = Connected on
# A moment follows.
connections-checked = Last checked
store-active = Connected
store-reconnect-needed = Reconnect needed
store-disconnected = Disconnected
connections-store-reconnect = Shopify no longer accepts our access to your store, so the assistant can't see what you sell. Reconnect it; nothing else is lost.
connections-store-disconnected = The assistant has no access to this store. Connect it again within 30 days of leaving and your { $accounts } are back; after that everything about it is deleted.
account-ready = Receives messages
account-shared = Shared with other apps
account-being-checked = Being checked
account-not-ready = No messages yet
account-reconnect-needed = Reconnect needed
account-moved = Moved away
account-paused = Paused
connections-disconnect = Disconnect
connections-disconnect-store = The assistant stops answering on all your { $accounts }, and our access to this store is deleted. Connect it again within 30 days and everything is back; after that it is deleted for good.
connections-forget = Remove from this list
connections-confirm-forget = Remove it
connections-uninstall = Also remove the app from my Shopify store
connections-confirm-store = Disconnect this store
store-ended-title = The store is disconnected
store-ended-access = Our access to it is deleted, and the assistant no longer answers on its { $accounts }.
store-ended-app-removed = The app is removed from your store.
store-ended-app-not-removed = The app could not be removed from your store. Please remove it in your { -admin }, under { -apps }.
store-ended-app-kept = The app itself is still in your store. You can remove it in your { -admin }, under { -apps }.
connections-note-removed = Removed from the list
connections-sign-out = Sign out

## To a person who asked to be forgotten

deletion-in-progress =
    .title = Your data is being deleted
    .text = Your request has arrived. What is left of it is done within minutes; open this page again then.
deletion-requested = Requested
deletion-deleted = Deleted
deletion-records = Records deleted
deletion-code = Confirmation code

## What this service is

welcome =
    .title = Connects your store with an assistant
    .text = Here a Shopify store and its { $accounts } are connected, so that an assistant can answer the customers who write to them. It starts in your { -admin }, or with a link of your own.
# A name follows.
welcome-run-by = This service is run by
welcome-ask = Ask for help
welcome-ask-sender = If you have a question, ask whoever sent you here.
# Said once, after another language was chosen.
language-chosen =
    .title = Pages are now in English
    .text = Go back to where you were: that page is in English as well.

## What is refused

error-invalid-shop =
    .title = That is not a Shopify store address
    .text = Please use your store's permanent address, which ends in .myshopify.com. You find it in your { -admin } under Settings, Domains.
error-incomplete-link =
    .title = The link is not complete
    .text = Something of this link was lost or changed on its way. Please start again; it takes only a minute.
error-invalid-hmac =
    .title = This link does not come from Shopify
    .text = This link was not signed by Shopify, or was changed on its way. Please open the app from your { -admin }.
error-stale-request =
    .title = This link is too old
    .text = This link from Shopify is no longer fresh. Please open the app from your { -admin } again.
error-begun-elsewhere =
    .title = This sign-in was not begun here
    .text = This answer does not belong to a sign-in that was begun in this browser. Please start again, and stay in one browser on the way.
error-expired-state =
    .title = This sign-in has expired
    .text = A sign-in is good for a few minutes. If yours had come to its end by then, everything is connected; otherwise please start again.
error-used-state =
    .title = This sign-in was used already
    .text = Each sign-in counts once. Please start again.
error-no-session =
    .title = Please start from your store
    .text = Your sign-in from the store has ended. Please start again from your store.
error-access-denied =
    .title = Nothing was connected
    .text = The connection was not approved. Nothing was changed; you can try again whenever you like.
error-missing-permission =
    .title = A permission is missing
    .text = Not everything was allowed that the assistant needs. Nothing was changed; please try once more and allow all of it.
error-nothing-to-connect =
    .title = Nothing to connect
    .text = The other side showed us nothing that we can connect. Please try again, and make sure that you may manage what you choose.
error-held-elsewhere =
    .title = Connected elsewhere
    .text = Another store holds all that you chose. If some of it belongs to this store and you manage it, you can move it here.
error-too-many-attempts =
    .title = Too many attempts
    .text = This sign-in was opened too often from here. Please start again from your store.
error-token-exchange-failed =
    .title = The sign-in was refused
    .text = This sign-in was not accepted. Nothing was changed; please start again.
error-provider-error =
    .title = The other side made a mistake
    .text = The other side answered with an error of its own. Nothing was changed; please start again in a minute.
error-provider-timeout =
    .title = The other side did not answer
    .text = This took too long. Please start again.
error-storage-unavailable =
    .title = Please try again in a moment
    .text = The service can't reach its storage right now. Please try again in a few seconds.
error-misconfigured =
    .title = The service is not set up correctly
    .text = That is a mistake on our side, and there is nothing that you can do about it. Please try again later.
error-not-found =
    .title = Nothing here
    .text = There is nothing at this address. Please check the link.
error-method-not-allowed =
    .title = Not possible this way
    .text = This address does not work in this way. Please start again.
error-invalid-request =
    .title = Not a request that is known here
    .text = This request asks for nothing that is known here.
error-invalid-signature =
    .title = The request is not signed
    .text = This request is not signed by whom it claims to come from.
error-payload-too-large =
    .title = Too much was sent
    .text = This request is larger than any that is expected here.
error-forbidden =
    .title = Nothing was changed
    .text = For your safety, this only works from your own list of connections. Please open the list and try again there.

## What is refused, where more is known. $platform is a name: Shopify, Facebook.

detail-begun-elsewhere =
    .title = This sign-in was not begun here
    .text = This answer from { $platform } does not belong to a sign-in that was begun in this browser. Please start again, and stay in one browser on the way.
detail-used =
    .title = This sign-in was used already
    .text = This sign-in was used before and did not succeed. Please start again.
detail-not-started-here =
    .title = Please confirm this first
    .text = This sign-in was not begun on a page of ours, or what it is to move was not. Nothing was started; please open the link and confirm it.
detail-failed = { $platform } answered with an error of its own. Nothing was changed; please start again in a minute.
detail-dialog-failed = { $platform } could not complete the sign-in. Nothing was changed; please try again. If it happens again, please tell whoever gave you the link.
# $number is the platform's own.
detail-dialog-failed-with-number = { $platform } could not complete the sign-in (its error { $number }). Nothing was changed; please try again. If it happens again, please tell whoever gave you the link.
detail-no-answer = { $platform } did not answer in time. Please start again.
detail-store-changed =
    .title = Your store changed meanwhile
    .text = Your store changed while it was being connected. Please start again.
detail-unknown-code =
    .title = No such request
    .text = There is no request with this code. Codes are kept for as long as our records are.

## The ways on

way-start-again = Start again from your store
way-manage = Manage your connections
way-reconnect-store = Connect the store again
# Takes over what another store holds.
way-move-here = Move to this store
way-connections = See your connections
way-reload = Try again
way-shopify-admin = Open the app from your { -admin }
way-back = Go back
# $name is that of who runs this service.
way-back-to = Back to { $name }
way-back-to-admin = Back to your { -admin }

## Lists and dates

# The end of a list: "A, B and C". $others is "A, B".
list-end = { $others } and { $last }
month-01 = January
month-02 = February
month-03 = March
month-04 = April
month-05 = May
month-06 = June
month-07 = July
month-08 = August
month-09 = September
month-10 = October
month-11 = November
month-12 = December
# $time is hours and minutes: 14:03.
date = { NUMBER($day) } { $month } { $year }, { $time } UTC
day = { NUMBER($day) } { $month } { $year }
# Where the name of an account does not say which one it is.
account-id = Number { $id }
