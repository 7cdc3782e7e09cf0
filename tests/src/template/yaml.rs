//! YAML with CloudFormation's short tags, as JSON; anchors and merge keys are written out, as SAM does before it deploys.

use saphyr::{LoadableYamlNode as _, Scalar, ScanError, Tag, Yaml};
use serde_json::{Map, Value, json};

/// Reads the first document; an empty text is `null`.
pub(super) fn parse(text: &str) -> Result<Value, ScanError> {
    let documents = Yaml::load_from_str(text)?;
    Ok(documents.first().map_or(Value::Null, json))
}

fn json(node: &Yaml<'_>) -> Value {
    match node {
        Yaml::Value(scalar) => self::scalar(scalar),
        Yaml::Sequence(items) => items.iter().map(json).collect(),
        Yaml::Mapping(entries) => merged(entries.iter().map(|(key, value)| (key_text(key), json(value)))),
        Yaml::Tagged(tag, node) => written_out(tag, json(node)),
        // Resolved while loading; a null is where it could not be.
        Yaml::Representation(..) | Yaml::Alias(_) | Yaml::BadValue => Value::Null,
    }
}

/// A mapping with what `<<` brings in: the first of several mappings goes before the others, and what stands beside it before all.
fn merged(entries: impl Iterator<Item = (String, Value)>) -> Value {
    let (mut own, mut brought) = (Map::new(), Vec::new());
    for (key, value) in entries {
        match value {
            Value::Array(several) if key == "<<" => brought.extend(several),
            one if key == "<<" => brought.push(one),
            value => _ = own.insert(key, value),
        }
    }
    for mapping in brought {
        let Value::Object(mapping) = mapping else { panic!("<< brings in no mapping: {mapping}") };
        for (key, value) in mapping {
            own.entry(key).or_insert(value);
        }
    }
    own.into()
}

fn scalar(scalar: &Scalar<'_>) -> Value {
    match scalar {
        Scalar::Null => Value::Null,
        Scalar::Boolean(value) => json!(value),
        Scalar::Integer(value) => json!(value),
        Scalar::FloatingPoint(value) => json!(value.into_inner()),
        Scalar::String(value) => json!(value),
    }
}

fn key_text(key: &Yaml<'_>) -> String {
    match json(key) {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// `!Ref X` is `{"Ref": "X"}`, `!GetAtt X.Y` is `{"Fn::GetAtt": ["X", "Y"]}`, any other `!Name` is `{"Fn::Name": …}`.
fn written_out(tag: &Tag, value: Value) -> Value {
    let value = match (tag.suffix.as_str(), &value) {
        ("GetAtt", Value::String(text)) => text.splitn(2, '.').collect(),
        _ => value,
    };
    let name = match tag.suffix.as_str() {
        plain @ ("Ref" | "Condition") => plain.to_owned(),
        function => format!("Fn::{function}"),
    };
    json!({ name: value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_tags_are_written_out() {
        let text = "a: !Ref X\nb: !GetAtt T.Arn\nc: !Sub 'x-${A}'\nd: !If [C, 1, !Ref AWS::NoValue]\ne: '2.0'";
        let expected = json!({
            "a": { "Ref": "X" },
            "b": { "Fn::GetAtt": ["T", "Arn"] },
            "c": { "Fn::Sub": "x-${A}" },
            "d": { "Fn::If": ["C", 1, { "Ref": "AWS::NoValue" }] },
            "e": "2.0",
        });
        assert_eq!(parse(text).unwrap(), expected);
    }

    #[test]
    fn anchors_and_merge_keys_are_written_out() {
        let text = "a: &a {x: 1, y: &y !Ref P}\nb: {<<: *a, x: 2}\nc:\n  z: *y\n  <<: [{x: 3}, *a]\nd: {<<: &d {<<: *a, z: 0}}\ne: *d";
        let reference = json!({ "Ref": "P" });
        let expected = json!({
            "a": { "x": 1, "y": reference },
            "b": { "x": 2, "y": reference },
            "c": { "x": 3, "y": reference, "z": reference },
            "d": { "x": 1, "y": reference, "z": 0 },
            "e": { "x": 1, "y": reference, "z": 0 },
        });
        assert_eq!(parse(text).unwrap(), expected);
    }
}
