//! What calls cost, in DynamoDB's capacity units.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// Operations whose reply can tell the capacity they consumed.
const METERED: [&str; 10] = [
    "GetItem",
    "Query",
    "Scan",
    "BatchGetItem",
    "TransactGetItems",
    "PutItem",
    "UpdateItem",
    "DeleteItem",
    "BatchWriteItem",
    "TransactWriteItems",
];

/// Calls of one operation and what they consumed.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Capacity {
    /// Calls, failed and repeated ones included.
    pub calls: usize,
    /// Read units.
    pub read: f64,
    /// Write units, of the indexes too. A refused conditional write costs units that no reply tells; they are missing.
    pub write: f64,
}

/// Per operation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Usage(pub BTreeMap<String, Capacity>);

impl Usage {
    /// How often an operation was called.
    pub fn calls(&self, operation: &str) -> usize {
        self.0.get(operation).map_or(0, |capacity| capacity.calls)
    }

    /// All operations together.
    pub fn total(&self) -> Capacity {
        self.0.values().fold(Capacity::default(), |sum, one| Capacity {
            calls: sum.calls + one.calls,
            read: sum.read + one.read,
            write: sum.write + one.write,
        })
    }

    pub(super) fn count_call(&mut self, operation: &str) {
        self.0.entry(operation.to_owned()).or_default().calls += 1;
    }

    pub(super) fn add_reply(&mut self, operation: &str, reply: &[u8]) {
        let reply: Value = serde_json::from_slice(reply).unwrap_or_default();
        let consumed = &reply["ConsumedCapacity"];
        let tables = consumed.as_array().map_or(std::slice::from_ref(consumed), Vec::as_slice);
        let is_read = matches!(operation, "GetItem" | "Query" | "Scan" | "BatchGetItem" | "TransactGetItems");
        let sum = self.0.entry(operation.to_owned()).or_default();
        for table in tables {
            let units = |name: &str| table[name].as_f64();
            let total = units("CapacityUnits").unwrap_or(0.0);
            let (read, write) = (units("ReadCapacityUnits"), units("WriteCapacityUnits"));
            match (read, write) {
                (None, None) if is_read => sum.read += total,
                (None, None) => sum.write += total,
                _ => {
                    sum.read += read.unwrap_or(0.0);
                    sum.write += write.unwrap_or(0.0);
                }
            }
        }
    }
}

/// The request, asking for its capacity unless it already does.
pub(super) fn metered(operation: &str, body: Vec<u8>) -> Vec<u8> {
    if !METERED.contains(&operation) {
        return body;
    }
    match serde_json::from_slice::<Value>(&body) {
        Ok(mut request @ Value::Object(_)) => {
            request["ReturnConsumedCapacity"] = json!("INDEXES");
            request.to_string().into_bytes()
        }
        _ => body,
    }
}
