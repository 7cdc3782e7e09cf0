//! Registers a number, so that it receives messages, with its two-step verification PIN: the one it
//! has or, if it has none, the one that this gives it (`business-phone-numbers/registration`; error
//! codes in `support/error-codes`).

use crate::Secret;
use serde_json::{Value, json};

use crate::facts::{Messaging, Unready};
use crate::http::Outbound;
use crate::providers::grantor::Receiver;
use crate::providers::meta::{Graph, GraphError, Setback};

/// Registers a number. Sent only once: Meta counts each try and allows ten in 72 hours.
///
/// # Errors
/// Why it is not registered.
pub(super) async fn register(graph: &Graph, outbound: &Outbound, number: Receiver<'_>, pin: &Secret) -> Messaging {
    const NAME: &str = "register";
    let call = graph.call(NAME);
    let body = json!({ "messaging_product": "whatsapp", "pin": pin.expose() });
    let request = graph.post_json(outbound, &format!("{}/register", number.id), number.token, &body);
    match graph.send(NAME, request).await {
        // Only Meta's own word counts.
        Ok(answer) if answer.json_of_success().is_some_and(|said: Value| said.get("success") == Some(&Value::Bool(true))) => Ok(()),
        Ok(answer) => {
            Setback::of(call, &answer);
            Err(GraphError::of(&answer).map_or(Unready::NotChecked, |error| unready(error.code)))
        }
        Err(error) => {
            Setback::without_answer(call, error);
            Err(Unready::NotChecked)
        }
    }
}

const fn unready(code: i64) -> Unready {
    match code {
        133_005 | 133_008 | 133_009 => Unready::PinRequired,
        133_015 | 133_016 | 4 | 80_007 | 130_429 => Unready::RateLimited,
        131_031 | 368 => Unready::AccountRestricted,
        133_006 => Unready::NotVerified,
        131_045 | 133_010 => Unready::NotRegistered,
        _ => Unready::NotChecked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_has_its_reason() {
        let words = |codes: &[i64]| codes.iter().map(|code| unready(*code).as_str()).collect::<Vec<_>>();
        assert_eq!(words(&[133_005, 133_008, 133_009]), ["pin_required"; 3]);
        assert_eq!(words(&[133_015, 133_016, 4, 80_007, 130_429]), ["rate_limited"; 5]);
        assert_eq!(words(&[131_031, 368]), ["account_restricted"; 2]);
        assert_eq!(words(&[133_006]), ["not_verified"]);
        assert_eq!(words(&[131_045, 133_010]), ["not_registered"; 2]);
        assert_eq!(words(&[133_000, 190, 1, 0]), ["not_checked"; 4]);
    }
}
