//! A recording as a file.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::moments::Item;
use super::reading::Read;
use crate::settings::Variables;
use crate::template::project_dir;

/// Lines are no longer than this where a value can be broken into more of them.
const WIDTH: usize = 140;

/// A recording.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Golden {
    /// What stands in the tables, and what of it was written by hand.
    pub about: String,
    /// The Unix second at which the readings began.
    pub time: i64,
    /// The credentials and keys of the functions, which open nothing but this.
    pub settings: Variables,
    /// What the local Shopify knew.
    pub shopify: Value,
    /// What the local Facebook knew.
    pub facebook: Value,
    /// The sessions table.
    pub sessions: Vec<Item>,
    /// The connections table.
    pub connections: Vec<Item>,
    /// What was read in it, one after the other.
    pub readings: Vec<Read>,
}

/// Where the recordings lie.
#[must_use]
pub fn folder() -> PathBuf {
    project_dir().join("tests/golden")
}

impl Golden {
    /// Reads the recording of a scene.
    ///
    /// # Panics
    ///
    /// When there is none.
    #[must_use]
    pub fn load(scene: &str) -> Self {
        let path = folder().join(format!("{scene}.json"));
        let text = std::fs::read_to_string(&path);
        let text = text.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Writes the recording of a scene.
    ///
    /// # Panics
    ///
    /// When the folder can't be written.
    pub fn save(&self, scene: &str) {
        let path = folder().join(format!("{scene}.json"));
        let value = serde_json::to_value(self).expect("a recording is JSON");
        let mut text = String::new();
        write(&mut text, &value, 0, 0);
        text.push('\n');
        let written = std::fs::create_dir_all(folder()).and_then(|()| std::fs::write(&path, text));
        written.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// The items of both tables.
    pub fn items(&self) -> impl Iterator<Item = (&'static str, &Item)> {
        let sessions = self.sessions.iter().map(|item| ("sessions", item));
        sessions.chain(self.connections.iter().map(|item| ("connections", item)))
    }
}

/// JSON with a line for whatever fits into one; `before` is what stands in the line already.
fn write(text: &mut String, value: &Value, indent: usize, before: usize) {
    let short = value.to_string();
    let is_broken = indent + before + short.len() >= WIDTH;
    let inner = "\n".to_owned() + &" ".repeat(indent + 1);
    match value {
        Value::Object(members) if is_broken => {
            for (index, (name, member)) in members.iter().enumerate() {
                let name = format!("{}: ", Value::from(name.as_str()));
                text.push_str(if index == 0 { "{" } else { "," });
                text.push_str(&(inner.clone() + &name));
                write(text, member, indent + 1, name.len());
            }
            text.push_str(&("\n".to_owned() + &" ".repeat(indent) + "}"));
        }
        Value::Array(members) if is_broken => {
            for (index, member) in members.iter().enumerate() {
                text.push_str(if index == 0 { "[" } else { "," });
                text.push_str(&inner);
                write(text, member, indent + 1, 0);
            }
            text.push_str(&("\n".to_owned() + &" ".repeat(indent) + "]"));
        }
        _ => text.push_str(&short),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_is_the_same_json() {
        let long = "x".repeat(WIDTH);
        let list = json!([1, { "b": long, "c": [] }, [long, {}]]);
        let value = json!({ "a": list, "d": null, "e": { "f": "g" } });
        let mut text = String::new();
        write(&mut text, &value, 0, 0);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        assert!(text.contains("\n \"e\": {\"f\":\"g\"}\n"), "{text}");
    }
}
