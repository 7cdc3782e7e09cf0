//! Reads `template.yaml`: what is tested and run locally is what gets deployed.

pub mod dashboard;
mod yaml;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

/// The template, CloudFormation's short tags written out (`!Ref X` as `{"Ref": "X"}`).
pub struct Template(Value);

/// A route of the HTTP API.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// In upper case.
    pub method: String,
    /// With `{name}` for a parameter.
    pub pattern: String,
    /// The function's name, which is its folder's and its binary's.
    pub function: String,
}

/// A DynamoDB table.
#[derive(Debug, Clone)]
pub struct Table {
    /// The logical id without `Table`, in lower case: `sessions`.
    pub name: String,
    /// The body of a `CreateTable` request.
    pub create: Value,
    /// The body of an `UpdateTimeToLive` request.
    pub time_to_live: Value,
}

/// The project's top folder.
pub fn project_dir() -> PathBuf {
    let tests = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("the tests lie in the project").to_owned()
}

impl Template {
    /// Reads the project's template.
    ///
    /// # Panics
    ///
    /// When it can't be read.
    pub fn load() -> Self {
        Self::load_file("template.yaml")
    }

    /// Reads another template of the project.
    ///
    /// # Panics
    ///
    /// When it can't be read.
    pub fn load_file(name: &str) -> Self {
        let path = project_dir().join(name);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self(yaml::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
    }

    /// The whole of it.
    pub fn value(&self) -> &Value {
        &self.0
    }

    /// Logical id and properties of every resource of a type.
    pub fn resources(&self, kind: &str) -> impl Iterator<Item = (&str, &Value)> {
        let all = self.0["Resources"].as_object().into_iter().flatten();
        all.filter(move |(_, resource)| resource["Type"] == kind).map(|(id, resource)| (id.as_str(), &resource["Properties"]))
    }

    /// Every route with its function, in order of method and pattern.
    pub fn routes(&self) -> Vec<Route> {
        let mut routes: Vec<Route> = self
            .resources("AWS::ApiGatewayV2::Route")
            .map(|(id, route)| {
                let key = route["RouteKey"].as_str().unwrap_or_default();
                let (method, pattern) = key.split_once(' ').unwrap_or_else(|| panic!("{id}: route key {key:?}"));
                let target = route["Target"]["Fn::Sub"].as_str().unwrap_or_default();
                let integration = target.trim_start_matches("integrations/${").trim_end_matches('}');
                // Through the alias, which an update moves.
                let alias = self.properties(integration)["IntegrationUri"]["Ref"].as_str().unwrap_or_default();
                let function = alias.strip_suffix(".Alias").unwrap_or_else(|| panic!("{id}: {integration}"));
                Route {
                    method: method.to_owned(),
                    pattern: pattern.to_owned(),
                    function: function_name(self.properties(function)).to_owned(),
                }
            })
            .collect();
        routes.sort();
        routes
    }

    /// The environment of each function by the function's name, values as the template has them.
    pub fn environments(&self) -> BTreeMap<String, BTreeMap<String, Value>> {
        let global = &self.0["Globals"]["Function"];
        self.resources("AWS::Serverless::Function")
            .map(|(_, function)| {
                let variables = [global, function].map(|level| level["Environment"]["Variables"].as_object());
                let variables = variables.into_iter().flatten().flatten();
                let variables = variables.map(|(name, value)| (name.clone(), value.clone())).collect();
                (function_name(function).to_owned(), variables)
            })
            .collect()
    }

    /// How long a function may take.
    ///
    /// # Panics
    ///
    /// When there is no such function.
    pub fn timeout(&self, function: &str) -> Duration {
        let (_, properties) = self
            .resources("AWS::Serverless::Function")
            .find(|(_, properties)| function_name(properties) == function)
            .unwrap_or_else(|| panic!("no function {function}"));
        let own = properties["Timeout"].as_u64();
        let seconds = own.or_else(|| self.0["Globals"]["Function"]["Timeout"].as_u64());
        Duration::from_secs(seconds.unwrap_or_else(|| panic!("{function} has no timeout")))
    }

    /// Every table, in order of name.
    pub fn tables(&self) -> Vec<Table> {
        let mut tables: Vec<Table> = self.resources("AWS::DynamoDB::Table").map(|(id, table)| Table::new(id, table)).collect();
        tables.sort_by(|one, other| one.name.cmp(&other.name));
        tables
    }

    fn properties(&self, id: &str) -> &Value {
        &self.0["Resources"][id]["Properties"]
    }
}

impl Table {
    fn new(id: &str, properties: &Value) -> Self {
        let name = id.trim_end_matches("Table").to_lowercase();
        let mut create = json!({ "TableName": name });
        for part in ["BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes"] {
            if let Some(value) = properties.get(part) {
                create[part] = value.clone();
            }
        }
        let specification = &properties["TimeToLiveSpecification"];
        let time_to_live = json!({ "TableName": name, "TimeToLiveSpecification": specification });
        Self { name, create, time_to_live }
    }

    /// The variable that tells a function the table's name: `SESSIONS_TABLE`.
    pub fn variable(&self) -> String {
        format!("{}_TABLE", self.name.to_uppercase())
    }
}

fn function_name(properties: &Value) -> &str {
    let folder = properties["CodeUri"].as_str().unwrap_or_default();
    folder.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_leads_to_a_function_with_an_environment() {
        let template = Template::load();
        let environments = template.environments();
        let routes = template.routes();
        assert!(!routes.is_empty());
        for route in routes {
            assert!(environments.contains_key(&route.function), "{route:?}");
        }
    }

    #[test]
    fn a_function_has_its_own_timeout_or_the_usual_one() {
        let template = Template::load();
        assert_eq!(template.timeout("shopify-login"), crate::lambda::TIMEOUT);
        assert_eq!(template.timeout("token-keeper"), Duration::from_secs(300));
    }

    #[test]
    fn tables_carry_keys_indexes_and_time_to_live() {
        let tables = Template::load().tables();
        let names: Vec<_> = tables.iter().map(|table| (table.name.as_str(), table.variable())).collect();
        assert_eq!(names, [("connections", "CONNECTIONS_TABLE".to_owned()), ("sessions", "SESSIONS_TABLE".to_owned())]);
        assert_eq!(tables[0].create["GlobalSecondaryIndexes"].as_array().map(Vec::len), Some(2));
        assert_eq!(tables[1].time_to_live["TimeToLiveSpecification"]["AttributeName"], "ttl");
    }
}
