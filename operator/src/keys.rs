//! Shows which encryption keys the stored tokens still need.

use serde_json::json;
use shared::{Vars, clients::Clients, store::keep::keys::keys_in_use};

use crate::{failure::Failure, output::Output};

/// Counts the encrypted values of the table by key; it decrypts none, and needs no key.
pub(crate) async fn keys(clients: &Clients, table: &str, id: Option<&str>, output: &mut Output) -> Result<(), Failure> {
    output.progress("reading the table …");
    let counted = keys_in_use(&Vars::default(), clients, table).await?;
    let is_needed = id.map(|id| counted.values.contains_key(id) || counted.unreadable > 0);
    if output.is_json() {
        output.json(&json!({ "values": counted.values, "unreadable": counted.unreadable, "needed": is_needed }));
    } else {
        let unreadable = (counted.unreadable > 0).then(|| ["unreadable".to_owned(), counted.unreadable.to_string()]);
        let values = counted.values.iter().map(|(id, values)| [id.clone(), values.to_string()]);
        output.table(["KEY", "VALUES"], values.chain(unreadable));
    }
    match (id, is_needed) {
        (Some(id), Some(true)) => Err(Failure::no(format!("{id} is still needed"))),
        (Some(id), _) if !output.is_json() => {
            output.line(format!("{id} is no longer needed"));
            Ok(())
        }
        _ => Ok(()),
    }
}
