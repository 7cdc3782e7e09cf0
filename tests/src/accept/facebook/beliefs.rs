//! What this project believes of Facebook and no document settles.

use crate::accept::report::Belief;

beliefs! {
    CALLBACK "callback" "A callback has `code` and `state`, and neither permissions nor a token."
    CODE_TOKEN "code-token" "A code gives a token that says when it ends, in `expires_in`."
    LONG_LIVED "long-lived" "The exchange for a longer one gives some sixty days."
    INSPECTION "inspection" "`debug_token` says `is_valid`, our `app_id` and the person's id."
    GRANULAR_SCOPES "granular-scopes" "`granular_scopes` names the Pages of a `pages_*` permission in `target_ids`, or leaves these out for all; never none."
    ACCOUNTS "accounts" "`me/accounts` gives each Page an id, a name, tasks and a token of its own."
    PAGE_TOKEN "page-token" "The token of a Page does not end when it comes from a longer one."
    VERSION "version" "The Graph API answers in the version that was asked for, and says so."
    PROOF "proof" "A timed `appsecret_proof` is taken, and a wrong one refused as 100."
    CODE_ONCE "code-once" "A code that was exchanged is refused as 100 with 36009."
    JUNK_CODE "junk-code" "A code that was never issued is refused as 100 without a subcode."
    PKCE "pkce" "PKCE is enforced: a wrong `code_verifier` is refused."
    WEBHOOKS "webhooks" "Webhooks are signed with the app secret over the raw body, in `X-Hub-Signature-256`."
}
