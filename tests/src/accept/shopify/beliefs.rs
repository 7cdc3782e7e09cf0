//! What this project believes of Shopify and no document settles.

use crate::accept::report::Belief;

beliefs! {
    CALLBACK_FORM "callback-form" "The signed text of a callback has one of five forms."
    CALLBACK_PARAMETERS "callback-parameters" "A callback has `code`, `hmac`, `shop`, `state` and `timestamp`, and at most `host` besides."
    CALLBACK_TIME "callback-time" "`timestamp` is in seconds, and of the moment of the redirect."
    EXPIRING_PAIR "expiring-pair" "With `expiring=1` a code gives an access token that ends, and a refresh token."
    LIFETIMES "lifetimes" "The access token lives an hour, the refresh token ninety days."
    ACCESS_TOKEN "access-token" "Without `grant_options[]` the token is the store's and not a person's."
    SCOPES "scopes" "`scope` lists what was asked for, but for what another scope implies."
    VERSION "version" "The Admin API answers in the version that was asked for, and says so."
    IDENTITY "identity" "A store has a numeric id, and `myshopifyDomain` is the domain it was linked by."
    REFRESH "refresh" "A refresh gives a new pair."
    REFRESH_AGAIN "refresh-again" "A used refresh token works again as long as its successor was not used."
    REFRESH_SPENT "refresh-spent" "Once its successor was used, a refresh token is refused as 401 `invalid_request`."
    CODE_ONCE "code-once" "A code that was exchanged is refused."
    WEBHOOKS "webhooks" "Webhooks are signed with the client secret over the raw body, in base64."
}
