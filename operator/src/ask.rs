//! Commands carried out by `token-keeper`: invokes it, and prints its answer.

use serde_json::{Value, json};
use shared::{clock::rfc3339, providers::shopify::ShopDomain};

use crate::{arguments::Wait, failure::Failure, keeper::Keeper, output::Output};

/// Ends all sessions of a store.
pub(crate) async fn sign_out(keeper: &Keeper, shop: &str, output: &mut Output) -> Result<(), Failure> {
    let shop = domain(shop)?;
    let told = keeper.ask(&json!({ "sign_out": shop.as_str() })).await?;
    if is(&told, "signed_out", "nothing") {
        return Err(Failure::no(format!("nothing is linked under {shop}")));
    }
    let ended = told.get("sessions").and_then(Value::as_u64).unwrap_or_default();
    say(
        output,
        &told,
        &format!("{shop} is signed out: {ended} {} ended. What is linked stays.", if ended == 1 { "session" } else { "sessions" }),
    );
    Ok(())
}

/// Erases a store, or everything kept because of a person.
pub(crate) async fn forget(keeper: &Keeper, whom: &str, platform: Option<&str>, yes: bool, output: &mut Output) -> Result<(), Failure> {
    // A store's handle may be a number too; in that case enter the domain.
    let is_person = platform.is_some() || whom.bytes().all(|letter| letter.is_ascii_digit());
    if is_person {
        meant(output, yes, &format!("Everything that is kept because of the person {whom} is deleted, and nothing brings it back."))?;
        let mut payload = json!({ "forget": whom });
        if let (Some(platform), Some(payload)) = (platform, payload.as_object_mut()) {
            payload.insert("platform".to_owned(), platform.into());
        }
        output.progress("deleting …");
        let told = keeper.ask(&payload).await?;
        let records = told.get("records").and_then(Value::as_u64).unwrap_or_default();
        let code = told.get("confirmation_code").and_then(Value::as_str).unwrap_or_default();
        let done = if is(&told, "forgotten", "whole") { format!("{records} records are deleted.") } else { later().to_owned() };
        say(output, &told, &format!("{done} The code {code} leads to the page that tells the person."));
        return Ok(());
    }
    let shop = domain(whom)?;
    meant(output, yes, &format!("{shop} and all that hangs on it is erased, and nothing brings it back."))?;
    output.progress("erasing …");
    let told = keeper.ask(&json!({ "erase": shop.as_str() })).await?;
    match told.get("erased").and_then(Value::as_str) {
        Some("nothing") => return Err(Failure::no(format!("nothing is linked under {shop}"))),
        Some("whole") => say(output, &told, &format!("{shop} is erased.")),
        _ => say(output, &told, later()),
    }
    Ok(())
}

/// Makes the next run process a record.
pub(crate) async fn retry(keeper: &Keeper, record: &str, output: &mut Output) -> Result<(), Failure> {
    let told = keeper.ask(&json!({ "retry": record })).await?;
    found(&told, "retried", record)?;
    say(output, &told, &format!("{record} is looked after in the next run, within five minutes."));
    Ok(())
}

/// Postpones a record.
pub(crate) async fn put_off(keeper: &Keeper, record: &str, time: Wait, output: &mut Output) -> Result<(), Failure> {
    let mut payload = json!({ "put_off": record });
    if let Some(payload) = payload.as_object_mut() {
        payload.extend(time.days.map(|days| ("days".to_owned(), days.into())));
        payload.extend(time.until.map(|until| ("until".to_owned(), until.into())));
    }
    let told = keeper.ask(&payload).await?;
    found(&told, "put_off", record)?;
    let until = told.get("until").and_then(Value::as_u64).unwrap_or_default();
    say(output, &told, &format!("{record} waits until {}.", rfc3339(until)));
    Ok(())
}

/// Drops a record.
pub(crate) async fn drop(keeper: &Keeper, record: &str, yes: bool, output: &mut Output) -> Result<(), Failure> {
    meant(output, yes, &format!("{record} is given up."))?;
    let told = keeper.ask(&json!({ "drop": record })).await?;
    found(&told, "dropped", record)?;
    say(output, &told, &format!("{record} is given up; an audit record says so."));
    Ok(())
}

fn domain(shop: &str) -> Result<ShopDomain, Failure> {
    ShopDomain::parse_or_handle(shop).map_err(|_| Failure::no(format!("{shop} is no store's domain or handle")))
}

fn meant(output: &mut Output, yes: bool, what: &str) -> Result<(), Failure> {
    if yes || output.is_meant(what) { Ok(()) } else { Err(Failure::no(format!("{what} Nothing was done: --yes says that it is meant."))) }
}

fn found(told: &Value, done: &str, record: &str) -> Result<(), Failure> {
    if is(told, done, "nothing") { Err(Failure::no(format!("nobody looks after {record}, or it is gone"))) } else { Ok(()) }
}

fn is(told: &Value, name: &str, value: &str) -> bool {
    told.get(name).and_then(Value::as_str) == Some(value)
}

const fn later() -> &'static str {
    "It has begun; the next runs do the rest, within minutes."
}

fn say(output: &mut Output, told: &Value, text: &str) {
    if output.is_json() {
        output.json(told);
    } else {
        output.line(text);
    }
}
