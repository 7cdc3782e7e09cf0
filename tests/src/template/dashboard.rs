//! The dashboard of the template, as CloudWatch reads it.

use serde_json::Value;

use super::Template;

impl Template {
    /// The dashboard's body, with references as `${…}`. Where it depends on a condition, 1 takes
    /// the first alternative, which has everything, and 2 the second, which has the least.
    ///
    /// # Panics
    ///
    /// When there is none, or it holds what is not understood here.
    pub fn dashboard(&self, alternative: usize) -> Value {
        let (_, dashboard) = self.resources("AWS::CloudWatch::Dashboard").next().expect("there is a dashboard");
        let text = filled(&dashboard["DashboardBody"], alternative);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("the dashboard's body: {error}"))
    }
}

/// A text with its parts filled in.
fn filled(value: &Value, alternative: usize) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(function) => match function.iter().next().map(|(name, of)| (name.as_str(), of)) {
            Some(("Ref", id)) => format!("${{{}}}", id.as_str().unwrap()),
            Some(("Fn::GetAtt", of)) => format!("${{{}.{}}}", of[0].as_str().unwrap(), of[1].as_str().unwrap()),
            Some(("Fn::If", of)) => filled(&of[alternative], alternative),
            Some(("Fn::Sub", Value::Array(of))) => {
                let parts = of[1].as_object().unwrap().iter();
                parts.fold(filled(&of[0], alternative), |text, (name, part)| {
                    let place = format!("${{{name}}}");
                    assert!(text.contains(&place), "nothing needs {name}");
                    text.replace(&place, &filled(part, alternative))
                })
            }
            Some(("Fn::Sub", text)) => text.as_str().unwrap().to_owned(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other}"),
    }
}

/// The rows of a graph, written out as CloudWatch does: `.` repeats the value in that place of the
/// row before, `...` as many as are left out.
///
/// # Panics
///
/// When a row is no list.
pub fn written_out(rows: &[Value]) -> Vec<Value> {
    let mut before: Vec<String> = Vec::new();
    let row = |row: &Value| {
        let (mut names, rest): (Vec<Value>, Vec<Value>) = row.as_array().unwrap().iter().cloned().partition(Value::is_string);
        if let Some(place) = names.iter().position(|name| name == "...") {
            let count = before.len() + 1 - names.len();
            names.splice(place..=place, before[place..place + count].iter().cloned().map(Value::from));
        }
        let names = names.iter().filter_map(Value::as_str).enumerate();
        before = names.map(|(place, name)| if name == "." { before[place].clone() } else { name.to_owned() }).collect();
        before.iter().cloned().map(Value::from).chain(rest).collect()
    };
    rows.iter().map(row).collect()
}
