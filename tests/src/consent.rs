//! The pages of the local providers: plain HTML, no scripts, and every button with an id that a browser test can click.

use crate::faults::Fault;
use crate::provider::Provider;

/// Where the form that switches faults goes.
pub(crate) const FAULTS_PATH: &str = "/_local/faults";

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#222;\
    overflow-wrap:anywhere}select{max-width:100%}input{font:inherit;max-width:100%}pre{white-space:pre-wrap}\
    h1{font-size:1.4rem}fieldset{min-width:0;border:1px solid #ccc;border-radius:.4rem;margin:1rem 0}label{display:block}\
    button{font:inherit;padding:.4rem .9rem;margin:.3rem .3rem .3rem 0}.main{background:#06c;color:#fff;border:0;\
    border-radius:.4rem}.local{background:#fff3cd;padding:.5rem .8rem;border-radius:.4rem}.local p{margin:0}code{word-break:break-all}";

/// Text that stands for itself in HTML, attributes included.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A whole page. `provider` is `Shopify` or `Facebook`; `body` is HTML already.
pub(crate) fn page(provider: &str, title: &str, body: &str) -> String {
    styled_page(provider, title, "", body)
}

/// The same with rules of its own.
pub(crate) fn styled_page(provider: &str, title: &str, style: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title} - local {provider}</title><style>{STYLE}{style}</style></head><body>\
         <header class=\"local\"><p>This is the <strong>local {provider}</strong>, a stand-in for development. Nothing here \
         reaches the real one.</p></header><main><h1>{title}</h1>{body}</main></body></html>",
        title = escape(title),
    )
}

/// A button that sends its form with `decision` set to its id.
pub(crate) fn decision(id: &str, label: &str) -> String {
    let main = if id == "approve" { " class=\"main\"" } else { "" };
    format!("<button type=\"submit\" id=\"{id}\" name=\"decision\" value=\"{id}\"{main}>{}</button>", escape(label))
}

/// A box that can be unticked, ticked at first.
pub(crate) fn ticked(name: &str, value: &str, label: &str) -> String {
    let (value, label) = (escape(value), escape(label));
    format!("<label><input type=\"checkbox\" name=\"{name}\" value=\"{value}\" id=\"{name}-{value}\" checked> {label}</label>")
}

/// A field the person doesn't see.
pub(crate) fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escape(value))
}

/// A group of inputs under a heading.
pub(crate) fn group(legend: &str, content: &str) -> String {
    format!("<fieldset><legend>{}</legend>{content}</fieldset>", escape(legend))
}

/// The form that makes one of the following calls fail, and leads back to this page.
pub(crate) fn faults_form(provider: &Provider, back: &str) -> String {
    let option = |text: &str| format!("<option>{}</option>", escape(text));
    let calls: String = provider.calls().into_iter().map(option).collect();
    let faults: String = Fault::matrix().iter().map(|(name, _)| option(name)).collect();
    let content = format!(
        "{back}<select name=\"call\" id=\"fault-call\" aria-label=\"Call\">{calls}</select> \
         <select name=\"fault\" id=\"fault\" aria-label=\"Fault\">{faults}</select> \
         <button type=\"submit\" id=\"switch-on\">Let it fail once</button></form>\
         <form method=\"post\" action=\"{FAULTS_PATH}\">{back}<button type=\"submit\" id=\"clear\">Switch all faults off</button>",
        back = hidden("back", back),
    );
    let form = format!("<form method=\"post\" action=\"{FAULTS_PATH}\">{content}</form>");
    group("Make a following call fail", &form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_request_holds_stays_text() {
        let page = page("Shopify", "<script>", &ticked("scopes", "\"><b>", "'&"));
        assert!(!page.contains("<script>") && !page.contains("<b>"));
        assert!(page.contains("value=\"&quot;&gt;&lt;b&gt;\""));
    }
}
