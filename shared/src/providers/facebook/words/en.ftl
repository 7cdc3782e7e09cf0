### What is said about Facebook and its Pages. In Facebook's own words: docs/translating.md.

-integrations = Business integrations
-apps = Apps and Websites

## The sign-in

linked-before =
    .title = Your Pages are connected
    .text = Your Pages are connected already; this page was only opened once more. There is nothing more to do here.
being-linked =
    .title = Your Pages are being connected
    .text = Your Pages are being connected at this moment. If nothing happens within a minute, please start again.
declined =
    .title = Nothing was connected
    .text = Facebook reports that the connection was not approved. Nothing was changed; you can try again whenever you like. If you did not cancel it yourself, the app may not be open to your account yet: please ask whoever gave you the link.
# A list of permissions follows.
missing-permissions =
    .title = A permission is missing
    .text = Not everything was allowed that the assistant needs for its work. Facebook asks for it again when you try once more. Please allow it to:
refused =
    .title = Facebook refused the sign-in
    .text = Facebook did not accept this sign-in. Please connect your Pages again.
failed = Facebook made a mistake
no-answer = Facebook did not answer

## What a permission allows: the end of "allow the assistant to"

permission-messaging = answer the messages that customers send to your Page
permission-show-list = see which Pages you manage
permission-metadata = be told when a message arrives
permission-engagement = read your Page's name and posts
permission-business = see the Pages that your business portfolio owns

## Pages

# The name of a step, alone.
pages-step = Facebook Pages
# In a sentence, where Facebook is not known yet.
pages-full = Facebook Pages
pages = Pages
starting-title = Connect Facebook Pages to this store?
starting-move-title = Move a Page to this store?
starting-move-lead = Another store holds these Pages. A Page that you move answers for this store, and the other one loses it.
starting-without-ids-title = Which Page do you want to move?
starting-without-ids-lead = Pages move one by one. Connect your Pages first: then you see those that another store holds, each with a way to move it.
starting-line-1 = Facebook asks which of your Pages to connect. Choose only Pages of this store: the assistant answers there in its name.
starting-line-2 = It also asks you to allow the assistant to see which Pages you manage, to be told when a customer writes, and to answer. It needs all of that.
starting-line-3 = Nothing is connected before you agree at Facebook, and you can disconnect it again at any time.
starting-unknown = We don't know this Page's name. Only move it if you know its number.
# After the store was connected.
next = One step is left: choose the Facebook Pages on which the assistant answers your customers.

## After Pages were connected

connected-title = { $count ->
    [one] Your Page is connected
   *[other] Your Pages are connected
}
connected-all-ready = { $count ->
    [one] Messages to it are switched on, and the assistant can answer for your store.
   *[other] Messages to them are switched on, and the assistant can answer for your store.
}
connected-moved = It moved here from another store.
connected-kept = It stays connected through a colleague with more permissions on this Page.
connected-truncated = Facebook's list of Pages did not come to its end, so some may be missing. Please connect those later.

## In the list of connections

listed-title = Facebook Pages
listed-none = No Page is connected yet. Connect one, and the assistant can answer the customers who write to it.
listed-more = Connect more Pages
listed-shared = Several apps share this Page's conversations, and the assistant answers only those that Facebook gives to it.
listed-reconnect = Facebook no longer accepts our access to this Page. Connect it again and the assistant goes on.
listed-moved = This Page is now connected to another store.
listed-disconnect = The assistant stops answering here, and our access to this Page is deleted. If no other Page depends on it, the permission that was given at Facebook is withdrawn too. You can connect the Page again at any time.
listed-confirm = Disconnect this Page
listed-forget = This note goes away. For the store that has the Page now, nothing changes.

## Why messages don't arrive

unready-not-checked = Whether messages to this Page reach the assistant could not be checked yet; that is tried again within a day.
unready-rate-limited = Facebook asks us to wait before messages to this Page are switched on; that is tried again within a day.
unready-missing-task = Messages to this Page don't reach the assistant: your role on the Page does not allow you to switch them on. Somebody who may manage, moderate or post on it has to connect it.
unready-missing-permission = Messages to this Page don't reach the assistant: Facebook says that a permission is missing. Please connect the Page again and allow everything that is asked for.
unready-token-refused = Messages to this Page don't reach the assistant: Facebook no longer accepts our access to it. Please connect it again.
unready-misconfigured = Messages to this Page don't reach the assistant because of a mistake on our side. We have been told of it; you need not do anything.
unready-not-subscribed = Messages to this Page don't reach the assistant: Facebook did not keep the subscription. The Page may have switched off apps in its settings; that is tried again within a day.
unready-app-not-subscribed = Messages to this Page don't reach the assistant yet: the app itself does not listen for them. That is for us to switch on; you need not do anything.

## Why a Page was not connected

left-out-insufficient-tasks = Your role on this Page does not allow the assistant to answer for it. Somebody who may manage it can give you more, or connect it.
# A list of permissions follows.
left-out-missing-permissions = Please connect again and allow the assistant on this Page as well to:
left-out-unreadable = This Page was chosen, but Facebook did not let us read it. Please connect it again later.
left-out-gone = This Page was chosen, but Facebook knows no such Page any more.
left-out-rate-limited = Facebook asks us to wait before we read this Page. Please connect it in an hour; nothing else is lost.
left-out-held-elsewhere = Another store holds this Page. If it belongs here, you can move it: the assistant then answers on it for this store, and the other store loses it.
left-out-too-many = This Page is beyond what one sign-in connects. Please connect once more, and choose only the Pages that are missing.

## What disconnecting a Page did

ended-title = The Page is disconnected
ended-access = Our access to it is deleted, and the assistant no longer answers there.
ended-unsubscribed = Facebook no longer sends us its messages.
ended-unsubscribed-later = Facebook could not be told at once to send us no more of its messages; we keep trying.
ended-not-unsubscribed = Facebook could not be told to send us no more of its messages; they are dropped.
ended-revoked = The permission that was given at Facebook is withdrawn.
ended-kept = The permission that was given at Facebook stays, because others depend on it.
ended-revoked-later = The permission that was given at Facebook is withdrawn as soon as Facebook lets us; we keep trying.
ended-not-revoked = The permission that was given at Facebook could not be withdrawn from here. You can do that in your Facebook settings, under { -integrations }.

## To a person who asked to be forgotten

deletion-nothing-kept =
    .title = Nothing about you is kept here
    .text = We looked for everything that could have been kept because of your Facebook login. There was nothing.
deletion-deleted =
    .title = Your data was deleted
    .text = Everything that was kept because of your Facebook login was deleted: your id, the access that you gave, and the ids and names of the Pages that were connected with it.
deletion-access-deleted =
    .title = Your access was deleted
    .text = This request came when you removed the app: the access that you gave was deleted then. The names of your Pages stay in the lists of the stores they were connected to. To have those deleted as well, send a new request for deletion in your Facebook settings, under { -apps }.

## The ways on

way-connect = Connect your Facebook Pages
way-try-again = Try again at Facebook
way-reconnect = Connect again
way-ask-again = Ask Facebook for the permissions again
way-go-on = Go on to Facebook
way-choose-others = Choose other Pages
way-conversation-routing = Choose at Facebook who answers first
way-own-page = See the Page
way-test-message = Send a test message

## What is refused

refusal-none =
    .title = No Page to connect
    .text = Facebook showed us no Page that we can connect. Please try again, choose a Page, and make sure that you may manage it.
refusal-held-elsewhere =
    .title = The Page is connected elsewhere
    .text = Another store holds every Page that you chose. If one of them belongs to this store and you manage it, you can move it here: the assistant then answers on it for this store, and the other store loses it.
refusal-too-many-attempts =
    .title = Too many attempts
    .text = Facebook was opened too often from here. Please start again from your store.
# A list of permissions follows.
refusal-missing-for-these =
    .title = A permission is missing
    .text = A permission was not granted for the Pages that you chose. Please connect again and allow the assistant on these Pages as well to:
refusal-hidden =
    .title = A permission is missing
    .text = Facebook does not let us see your Pages. Please connect again and allow access to them.
refusal-store-first =
    .title = Please start from your store
    .text = Please open the app from your store first; then your Facebook Pages can be connected to it.
