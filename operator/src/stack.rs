//! Which stack to use: its outputs, and options that replace them.

use std::{collections::HashMap, fs, io::Read as _, path::Path};

use serde_json::Value;

use crate::{arguments::StackArguments, failure::Failure};

/// What is known about the stack.
#[derive(Debug, Default)]
pub(crate) struct Stack(HashMap<&'static str, String>);

const CONNECTIONS_TABLE: &str = "ConnectionsTable";
const KEEPER: &str = "TokenKeeperFunction";
const LOGIN_URL: &str = "LoginUrl";
const ARCHIVE: &str = "EventArchiveArn";
const BUS: &str = "EventBusArn";

impl Stack {
    pub(crate) fn new(arguments: &StackArguments) -> Result<Self, Failure> {
        let outputs = arguments.outputs.as_deref().map(read).transpose()?.unwrap_or_default();
        let given = [
            (CONNECTIONS_TABLE, &arguments.connections_table),
            (KEEPER, &arguments.keeper),
            (LOGIN_URL, &arguments.login_url),
            (ARCHIVE, &arguments.event_archive),
            (BUS, &arguments.event_bus),
        ];
        let known = given.into_iter().filter_map(|(name, given)| {
            let value = given.clone().or_else(|| output(&outputs, name))?;
            Some((name, value))
        });
        Ok(Self(known.collect()))
    }

    pub(crate) fn connections_table(&self) -> Result<&str, Failure> {
        self.needed(CONNECTIONS_TABLE, "--connections-table")
    }

    pub(crate) fn keeper(&self) -> Result<&str, Failure> {
        self.needed(KEEPER, "--keeper")
    }

    pub(crate) fn event_archive(&self) -> Result<&str, Failure> {
        self.needed(ARCHIVE, "--event-archive (a stack with EventArchiveDays=0 has none)")
    }

    pub(crate) fn event_bus(&self) -> Result<&str, Failure> {
        self.needed(BUS, "--event-bus")
    }

    /// Where a store's merchant connects again, if that is known.
    pub(crate) fn login_url(&self, shop: &str) -> Option<String> {
        let handle = shop.split('.').next()?;
        Some(self.0.get(LOGIN_URL)?.replace("{shop_name}", handle))
    }

    fn needed(&self, output: &str, option: &str) -> Result<&str, Failure> {
        let missing = || {
            Failure::broken(format!("which stack? --outputs FILE names no {output}; otherwise {option}. operator --help has an example"))
        };
        self.0.get(output).map(String::as_str).ok_or_else(missing)
    }
}

/// What `describe-stacks` prints: a list of outputs, or a whole description.
fn read(file: &Path) -> Result<Value, Failure> {
    let text = if file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        fs::read_to_string(file)
    };
    let text = text.map_err(|error| Failure::broken(format!("{}: {error}", file.display())))?;
    let outputs: Value =
        serde_json::from_str(&text).map_err(|_| Failure::broken(format!("{} holds no outputs of a stack", file.display())))?;
    Ok(outputs.pointer("/Stacks/0/Outputs").cloned().unwrap_or(outputs))
}

fn output(outputs: &Value, name: &str) -> Option<String> {
    let output = outputs.as_array()?.iter().find(|output| output.get("OutputKey").and_then(Value::as_str) == Some(name))?;
    output.get("OutputValue")?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_stack_is_known_by_its_outputs_and_their_overrides() {
        let file = std::env::temp_dir().join(format!("outputs-{}.json", std::process::id()));
        let outputs = json!([{ "OutputKey": "ConnectionsTable", "OutputValue": "links" }, { "OutputKey": "LoginUrl", "OutputValue": "https://x/shopify/{shop_name}/login" }]);
        let whole = json!({ "Stacks": [{ "Outputs": outputs }] });
        for written in [outputs, whole] {
            fs::write(&file, written.to_string()).unwrap();
            let arguments = |keeper: Option<&str>| StackArguments {
                outputs: Some(file.clone()),
                connections_table: None,
                keeper: keeper.map(str::to_owned),
                login_url: None,
                event_archive: None,
                event_bus: None,
            };
            let stack = Stack::new(&arguments(None)).unwrap();
            assert_eq!(stack.connections_table().unwrap(), "links");
            assert_eq!(stack.login_url("acme.myshopify.com").unwrap(), "https://x/shopify/acme/login");
            assert!(stack.keeper().is_err());
            assert_eq!(Stack::new(&arguments(Some("f"))).unwrap().keeper().unwrap(), "f");
        }
        fs::write(&file, "no outputs").unwrap();
        assert!(read(&file).is_err());
        fs::remove_file(&file).unwrap();
        assert!(read(&file).is_err());
    }
}
