//! A log line: one JSON object with time, level, the event's fields, and what all lines of the
//! current request have in common.
//!
//! tracing-subscriber's own JSON can neither add that to other crates' lines at the top level, nor
//! contain a nested object such as the metrics.

use std::fmt;

use lambda_http::lambda_runtime;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::{fmt::format::Writer, registry::LookupSpan};

use crate::calls::{self, Marks};

/// The field whose text is members of the line, already as JSON.
pub(super) const MEMBERS: &str = "members";

/// Writes lines.
pub(super) struct Line;

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'writer> FormatFields<'writer> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut time = String::new();
        SystemTime.format_time(&mut Writer::new(&mut time))?;
        let mut fields = Fields(String::with_capacity(512));
        fields.text("timestamp", &time);
        fields.text("level", event.metadata().level().as_str());
        event.record(&mut fields);
        fields.text("target", event.metadata().target());
        calls::with_marks(|marks| {
            let ids = [("request_id", &marks.request_id), ("lambda_request_id", &marks.lambda_request_id)];
            let known = ids.into_iter().filter(|(_, id)| !id.is_empty());
            let known = known.chain(marks.trace_id.iter().map(|id| ("trace_id", id))).chain(marks.journey.iter().map(|id| ("journey", id)));
            for (name, id) in known {
                fields.text(name, id);
            }
        });
        writeln!(writer, "{{{}}}", fields.0)
    }
}

/// What all log lines of an event have in common.
pub(super) fn marks(context: &lambda_runtime::Context, request_id: &str) -> Marks {
    // `Root=1-…;Parent=…;Sampled=…`: the root is the trace id.
    let roots = context.xray_trace_id.iter().flat_map(|header| header.split(';')).filter_map(|part| part.strip_prefix("Root="));
    let trace_id = roots.map(|root| root.chars().take(64).collect()).next();
    Marks { request_id: request_id.to_owned(), lambda_request_id: context.request_id.clone(), trace_id, journey: None }
}

/// Members of a JSON object.
struct Fields(String);

impl Fields {
    fn text(&mut self, name: &str, value: &str) {
        let value = serde_json::to_string(value).unwrap_or_default();
        self.raw(name, &value);
    }

    /// Names are those of tracing's fields, which need no escaping.
    fn raw(&mut self, name: &str, json: &str) {
        self.separate();
        self.0 += "\"";
        self.0 += name;
        self.0 += "\":";
        self.0 += json;
    }

    fn separate(&mut self) {
        if !self.0.is_empty() {
            self.0.push(',');
        }
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == MEMBERS {
            self.separate();
            self.0 += value;
        } else {
            self.text(field.name(), value);
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.raw(field.name(), &value.to_string());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.raw(field.name(), &value.to_string());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.raw(field.name(), &serde_json::Value::from(value).to_string());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.raw(field.name(), if value { "true" } else { "false" });
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.text(field.name(), &format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use serde_json::{Value, json};

    use super::*;
    use crate::calls::{in_hand, on_journey};

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// The lines that `work` logs, without their times.
    fn lines(work: impl FnOnce()) -> Vec<Value> {
        let written = Written::default();
        let writer = written.clone();
        let subscriber = tracing_subscriber::fmt().event_format(Line).with_writer(move || writer.clone()).finish();
        tracing::subscriber::with_default(subscriber, work);
        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        text.lines()
            .map(|line| {
                let mut line: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
                let time = line.as_object_mut().unwrap().remove("timestamp").unwrap();
                assert!(time.as_str().unwrap().ends_with('Z'), "{time}");
                line
            })
            .collect()
    }

    #[test]
    fn fields_keep_their_type_and_absent_ones_are_left_out() {
        let found = lines(|| {
            let none: Option<&str> = None;
            tracing::warn!(a = 1_u64, b = -2, c = true, d = 0.5, e = "\"x\"\n", f = ?Some("y"), g = none, "said");
        });
        let target = module_path!();
        let expected = json!({ "level": "WARN", "message": "said", "target": target, "a": 1, "b": -2, "c": true, "d": 0.5, "e": "\"x\"\n", "f": "Some(\"y\")" });
        assert_eq!(found, [expected]);
    }

    #[test]
    fn only_lines_within_an_event_have_its_marks() {
        let marks =
            Marks { request_id: "r".to_owned(), lambda_request_id: "l".to_owned(), trace_id: Some("1-2-3".to_owned()), ..Marks::default() };
        let found = lines(|| {
            tracing::info!("before");
            futures_util::FutureExt::now_or_never(in_hand(marks, async {
                tracing::info!("first");
                on_journey("j".to_owned());
                tracing::info!(members = "\"x\":[1],\"_aws\":{}", "second");
            }))
            .unwrap();
        });
        let marks = |line: &Value| ["request_id", "lambda_request_id", "trace_id", "journey"].map(|name| line[name].clone());
        assert_eq!(marks(&found[0]), [Value::Null, Value::Null, Value::Null, Value::Null]);
        assert_eq!(marks(&found[1]), [json!("r"), json!("l"), json!("1-2-3"), Value::Null]);
        assert_eq!(marks(&found[2]), [json!("r"), json!("l"), json!("1-2-3"), json!("j")]);
        assert_eq!((&found[2]["x"], &found[2]["_aws"], &found[2]["members"]), (&json!([1]), &json!({}), &Value::Null));
    }
}
