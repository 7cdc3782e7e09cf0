### What is said about WhatsApp and its phone numbers. In Meta's own words: docs/translating.md.

-integrations = Connected apps
-apps = Apps and Websites
-manager = WhatsApp Manager
# The way within WhatsApp Manager.
-two-step = Phone numbers, Settings, Two-step verification

## The sign-up

linked-before =
    .title = Your WhatsApp numbers are connected
    .text = Your WhatsApp numbers are connected already; this page was only opened once more. There is nothing more to do here.
being-linked =
    .title = Your WhatsApp numbers are being connected
    .text = Your WhatsApp numbers are being connected at this moment. If nothing happens within a minute, please start again.
declined =
    .title = Nothing was connected
    .text = WhatsApp reports that the connection was not approved. Nothing was changed; you can try again whenever you like. If you did not cancel it yourself, the app may not be open to your account yet: please ask whoever gave you the link.
# A list of permissions follows.
missing-permissions =
    .title = A permission is missing
    .text = Not everything was allowed that the assistant needs for its work. WhatsApp asks for all of it together when you try once more. Please allow it to:
refused =
    .title = WhatsApp refused the sign-up
    .text = WhatsApp did not accept this sign-up. Please connect your number again.
failed = WhatsApp made a mistake
no-answer = WhatsApp did not answer

## What a permission allows: the end of "allow the assistant to"

permission-messaging = answer the messages that customers send to your number
permission-management = see and manage your WhatsApp numbers
permission-events = tell Meta what conversations lead to, such as orders

## Phone numbers

# The name of a step, alone.
numbers-step = WhatsApp numbers
# In a sentence, where WhatsApp is not known yet.
numbers-full = WhatsApp numbers
# In a sentence, also beside the accounts of other platforms: "Pages and WhatsApp numbers".
numbers = WhatsApp numbers
starting-title = Connect your WhatsApp number to this store?
starting-move-title = Move a WhatsApp number to this store?
starting-move-lead = Another store holds these numbers. A number that you move answers for this store, and the other one loses it.
starting-without-ids-title = Which WhatsApp number do you want to move?
starting-without-ids-lead = Numbers move one by one. Connect your number first: then you see those that another store holds, each with a way to move it.
starting-line-1 = WhatsApp's sign-up opens at Facebook. It asks for your business portfolio, your WhatsApp Business Account and your phone number. Choose only an account of this store: all of its numbers are connected, and the assistant answers there in the store's name.
starting-line-2 = It also asks you to allow the assistant to see and manage your WhatsApp numbers, and to answer the messages that customers send to them. It needs all of that.
starting-line-3 = Nothing is connected before you agree there, and you can disconnect it again at any time.
starting-unknown = We don't know which phone number this is. Only move it if you know its id.
# After the store was connected.
next = One step is left: connect the WhatsApp number on which the assistant answers your customers.

## After numbers were connected

connected-title = { $count ->
    [one] Your WhatsApp number is connected
   *[other] Your WhatsApp numbers are connected
}
connected-all-ready = { $count ->
    [one] Messages to it are switched on, and the assistant can answer for your store.
   *[other] Messages to them are switched on, and the assistant can answer for your store.
}
connected-moved = It moved here from another store.
connected-kept = It stays connected through a colleague with more permissions on this number.
connected-truncated = WhatsApp's list of numbers did not come to its end, so some may be missing. Please connect those later.

## In the list of connections

listed-title = WhatsApp numbers
listed-none = No WhatsApp number is connected yet. Connect one, and the assistant can answer the customers who write to it.
listed-more = Connect more WhatsApp numbers
listed-shared = Several apps share this number's conversations, and the assistant answers only those that WhatsApp gives to it.
listed-reconnect = WhatsApp no longer accepts our access to this number. Connect it again and the assistant goes on.
listed-moved = This number is now connected to another store.
listed-disconnect = The assistant stops answering here. If no other number depends on it, our access is deleted, and the permission that was given in the sign-up is withdrawn too. You can connect the number again at any time.
listed-confirm = Disconnect this number
listed-forget = This note goes away. For the store that has the number now, nothing changes.

## Why messages don't arrive

unready-not-checked = Whether messages to this number reach the assistant could not be checked yet; that is tried again within a day.
unready-rate-limited = WhatsApp asks us to wait before messages to this number are switched on; that is tried again within a day.
unready-missing-task = Messages to this number don't reach the assistant: your role does not allow you to switch them on. Somebody with full control of the business portfolio has to connect it.
unready-missing-permission = Messages to this number don't reach the assistant: WhatsApp says that a permission is missing. Please connect the number again and allow everything that is asked for.
unready-token-refused = Messages to this number don't reach the assistant: WhatsApp no longer accepts our access to it. Please connect it again.
unready-misconfigured = Messages to this number don't reach the assistant because of a mistake on our side. We have been told of it; you need not do anything.
unready-not-subscribed = Messages to this number don't reach the assistant: Meta did not keep the subscription of your WhatsApp Business Account; that is tried again within a day.
unready-app-not-subscribed = Messages to this number don't reach the assistant yet: the app itself does not listen for them. That is for us to switch on; you need not do anything.
unready-pin-required = Messages to this number don't reach the assistant yet: it has a PIN for two-step verification that we don't know. Please enter it in the list of your connections. If nobody knows it, turn two-step verification off (in { -manager }, under { -two-step }) and choose a new PIN here.
unready-account-restricted = Messages to this number don't reach the assistant: Meta restricted the number or its WhatsApp Business Account. You see why in { -manager }, and can ask for a review in Meta's Business Support Home.
unready-not-verified = Messages to this number don't reach the assistant yet: it has to be verified first. Please do that in { -manager }, under Phone numbers, with a code that comes by SMS or call. Then connect the number again.
unready-not-registered = Messages to this number don't reach the assistant yet: the number is not registered for it at WhatsApp; that is tried again within a day.

## The PIN of a number

pin-label = Six-digit PIN
pin-help = The number's PIN for two-step verification, not a code from an SMS.
pin-submit = Register the number
pin-taken = The number is registered, and messages to it are switched on.
pin-refused = WhatsApp did not accept this PIN. Whoever set up the number may know it. If nobody does, turn two-step verification off (in { -manager }, under { -two-step }) and choose a new PIN here.
pin-later = The number could not be registered now: WhatsApp did not answer, or the few tries that there are in three days are used up. Please try again later.
# After a number was disconnected.
pin-kept = The number keeps its PIN for two-step verification. To use the number elsewhere, turn two-step verification off (in { -manager }, under { -two-step }); you can then choose a new PIN.

## Why a number or an account was not connected

left-out-insufficient-tasks = Your role does not allow the assistant to answer for this number. Somebody with full control of the business portfolio can give you more, or connect it.
# A list of permissions follows.
left-out-missing-permissions = Please connect again and allow the assistant for this account as well to:
left-out-unreadable = This was chosen, but WhatsApp did not let us read it. Please connect it again later.
left-out-gone = This was chosen, but WhatsApp does not know it any more.
left-out-rate-limited = WhatsApp asks us to wait before we read this. Please connect it in an hour; nothing else is lost.
left-out-held-elsewhere = Another store holds this number. If it belongs here, you can move it: the assistant then answers on it for this store, and the other store loses it.
left-out-too-many = This was more than one sign-up connects. Please connect once more, and choose only what is missing.

## What disconnecting a number did

ended-title = The number is disconnected
ended-access = The assistant no longer answers there.
ended-unsubscribed = The number's messages no longer reach the assistant.
ended-unsubscribed-later = WhatsApp could not be told at once to send us no more of its messages; we keep trying.
ended-not-unsubscribed = WhatsApp could not be told to send us no more of its messages; they are dropped.
ended-revoked = Our access is deleted, and the permission that was given in the sign-up is withdrawn.
ended-kept = Our access and the permission that was given in the sign-up stay, because others depend on them.
ended-revoked-later = The permission that was given in the sign-up is withdrawn as soon as WhatsApp lets us; we keep trying.
ended-not-revoked = Our access is deleted. The permission that was given in the sign-up could not be withdrawn from here. You can do that in the settings of your business portfolio, under { -integrations }.

## To a person who asked to be forgotten

deletion-nothing-kept =
    .title = Nothing about you is kept here
    .text = We looked for everything that could have been kept because of your sign-up for WhatsApp. There was nothing.
deletion-deleted =
    .title = Your data was deleted
    .text = Everything that was kept because of your sign-up for WhatsApp was deleted: your id, the access that you gave, and the ids, names and phone numbers that were connected with it.
deletion-access-deleted =
    .title = Your access was deleted
    .text = This request came when you removed the app: the access that you gave was deleted then. Your phone numbers stay in the lists of the stores they were connected to. To have those deleted as well, send a new request for deletion in your Facebook settings, under { -apps }.

## The ways on

way-connect = Connect your WhatsApp number
way-try-again = Try again at WhatsApp
way-reconnect = Connect again
way-ask-again = Ask WhatsApp for the permissions again
way-go-on = Go on to WhatsApp
way-choose-others = Choose other numbers
way-conversation-routing = Choose at WhatsApp who answers first
way-own-page = See the number
way-test-message = Send a test message

## What is refused

refusal-none =
    .title = No number to connect
    .text = WhatsApp showed us no phone number that we can connect. Please try again, go through the sign-up to its end, and choose an account with a phone number.
refusal-held-elsewhere =
    .title = The number is connected elsewhere
    .text = Another store holds every number that you chose. If one of them belongs to this store and you manage it, you can move it here: the assistant then answers on it for this store, and the other store loses it.
refusal-too-many-attempts =
    .title = Too many attempts
    .text = WhatsApp's sign-up was opened too often from here. Please start again from your store.
# A list of permissions follows.
refusal-missing-for-these =
    .title = A permission is missing
    .text = A permission was not granted for the accounts that you chose. Please connect again and allow the assistant for these accounts as well to:
refusal-hidden =
    .title = A permission is missing
    .text = WhatsApp does not let us see your numbers. Please connect again and allow access to them.
refusal-store-first =
    .title = Please start from your store
    .text = Please open the app from your store first; then your WhatsApp number can be connected to it.
