//! Searches for secrets in all the forms in which they could slip out: as they are, cut, escaped, encoded, decoded.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};
use serde_json::Value;

use crate::database::StoredItem;

/// Shorter than this a find may be chance.
const SHORTEST: usize = 8;
/// So much of a long secret's beginning or end gives it away as well.
const PART: usize = 16;

/// Things that must not be found, each with a name for the message.
#[derive(Debug, Clone, Default)]
pub struct Secrets {
    names: Vec<String>,
    /// Each form, and of which secret it is.
    forms: Vec<(usize, Vec<u8>)>,
    /// One pass over a text looks for all of them. Made with the first search.
    finder: OnceLock<AhoCorasick>,
}

impl Secrets {
    /// Adds one.
    ///
    /// # Panics
    ///
    /// When it is too short to be searched for.
    pub fn add(&mut self, name: &str, secret: &str) {
        assert!(secret.len() >= SHORTEST, "{name} is too short to be searched for: {secret:?}");
        let mut forms = vec![secret.as_bytes().to_vec(), utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string().into_bytes()];
        if secret.len() >= 2 * PART {
            forms.push(secret.as_bytes()[..PART].to_vec());
            forms.push(secret.as_bytes()[secret.len() - PART..].to_vec());
        }
        let mut raw = vec![secret.as_bytes().to_vec()];
        raw.extend(decoded(secret.as_bytes()).into_iter().filter(|bytes| bytes.len() >= SHORTEST));
        for bytes in raw {
            forms.push(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into_bytes());
            forms.push(STANDARD_NO_PAD.encode(&bytes).into_bytes());
            forms.push(URL_SAFE_NO_PAD.encode(&bytes).into_bytes());
            forms.push(bytes);
        }
        assert!(forms.iter().all(|form| form.len() >= SHORTEST), "no form is shorter than the secret allows");
        self.forms.extend(forms.into_iter().map(|form| (self.names.len(), form)));
        self.finder = OnceLock::new();
        self.names.push(name.to_owned());
    }

    /// Adds several of one kind.
    pub fn add_all<T: AsRef<str>>(&mut self, name: &str, secrets: impl IntoIterator<Item = T>) {
        for secret in secrets {
            self.add(name, secret.as_ref());
        }
    }

    /// The names of all.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The names of those that are in a text, or in what the text's words decode to.
    #[must_use]
    pub fn found_in(&self, text: &[u8]) -> Vec<&str> {
        let mut haystacks = vec![text.to_vec(), percent_decode(text).collect(), text.to_ascii_lowercase()];
        let words = text.split(|byte| !(byte.is_ascii_alphanumeric() || b"-_+/=".contains(byte)));
        haystacks.extend(words.filter(|word| word.len() >= SHORTEST).flat_map(decoded));
        let found: BTreeSet<usize> = haystacks.iter().flat_map(|haystack| self.found(haystack)).collect();
        found.into_iter().map(|place| self.names[place].as_str()).collect()
    }

    fn found<'a>(&'a self, haystack: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
        let finder = self.finder.get_or_init(|| {
            let forms = self.forms.iter().map(|(_, form)| form);
            AhoCorasick::new(forms).expect("so few forms can be looked for at once")
        });
        finder.find_overlapping_iter(haystack).map(|found| self.forms[found.pattern().as_usize()].0)
    }

    /// Demands that none is in a text.
    ///
    /// # Panics
    ///
    /// With the names of those that are, and the text.
    pub fn assert_not_in(&self, place: &str, text: impl AsRef<[u8]>) {
        let found = self.found_in(text.as_ref());
        assert!(found.is_empty(), "{found:?} in {place}: {}", String::from_utf8_lossy(text.as_ref()));
    }

    /// Demands that none is in an attribute of an item, names and keys included.
    ///
    /// # Panics
    ///
    /// As [`Self::assert_not_in`].
    pub fn assert_not_stored(&self, item: &StoredItem) {
        for (name, value) in &item.attributes {
            let place = format!("attribute {name} of {:?} in {}", item.text("pk"), item.table);
            self.assert_not_in(&place, name);
            values(value, &mut |bytes| self.assert_not_in(&place, bytes));
        }
    }
}

/// Every name and value within an attribute; binary ones as they are, besides the base64 that stands for them.
fn values(attribute: &Value, visit: &mut impl FnMut(&[u8])) {
    match attribute {
        Value::Object(members) => {
            for (name, member) in members {
                visit(name.as_bytes());
                if let (true, Some(bytes)) = (name == "B", member.as_str().and_then(|text| STANDARD.decode(text).ok())) {
                    visit(&bytes);
                }
                values(member, visit);
            }
        }
        Value::Array(members) => members.iter().for_each(|member| values(member, visit)),
        Value::String(text) => visit(text.as_bytes()),
        _ => {}
    }
}

fn decoded(word: &[u8]) -> Vec<Vec<u8>> {
    let unpadded = word.split(|byte| *byte == b'=').next().unwrap_or_default();
    let base64 = [STANDARD_NO_PAD.decode(unpadded).ok(), URL_SAFE_NO_PAD.decode(unpadded).ok()];
    base64.into_iter().flatten().chain(from_hex(word)).collect()
}

fn from_hex(word: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let whole = word.len().is_multiple_of(2);
    word.chunks_exact(2).map(|pair| Some(digit(pair[0])? * 16 + digit(pair[1])?)).collect::<Option<Vec<u8>>>().filter(|_| whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const SECRET: &str = "shpat_MARKER0123456789abcdef0123456789abcdef";

    #[test]
    fn a_planted_secret_is_found_in_every_form() {
        let mut secrets = Secrets::default();
        secrets.add("token", SECRET);
        secrets.add("cookie", &URL_SAFE_NO_PAD.encode([7; 32]));
        let hex: String = SECRET.bytes().map(|byte| format!("{byte:02X}")).collect();
        for text in [
            SECRET.to_owned(),
            format!("?x={SECRET}&y"),
            utf8_percent_encode(SECRET, NON_ALPHANUMERIC).to_string(),
            STANDARD.encode(SECRET),
            URL_SAFE_NO_PAD.encode(format!("..{SECRET}")),
            hex,
            SECRET[..PART].to_owned(),
            SECRET[SECRET.len() - PART..].to_owned(),
        ] {
            assert_eq!(secrets.found_in(format!("{{\"a\": \"{text}\"}}").as_bytes()), ["token"], "{text}");
        }
        for text in [STANDARD.encode([7; 32]), "07".repeat(32), URL_SAFE_NO_PAD.encode([7; 32])] {
            assert_eq!(secrets.found_in(text.as_bytes()), ["cookie"], "{text}");
        }
        assert!(secrets.found_in(b"nothing of the kind, k1, a2b9, shpat_").is_empty());
    }

    #[test]
    fn a_planted_secret_is_found_in_every_kind_of_attribute() {
        let mut secrets = Secrets::default();
        secrets.add("token", SECRET);
        let bytes = [b"\0\x01".as_slice(), SECRET.as_bytes()].concat();
        for attribute in [
            json!({"S": SECRET}),
            json!({"B": STANDARD.encode(bytes)}),
            json!({"L": [{"S": SECRET}]}),
            json!({"M": {SECRET: {"N": "1"}}}),
            json!({"M": {"a": {"M": {"b": {"S": STANDARD.encode(SECRET)}}}}}),
        ] {
            let item = StoredItem { table: "sessions".to_owned(), attributes: [("a".to_owned(), attribute.clone())].into_iter().collect() };
            let search = std::panic::catch_unwind(|| secrets.assert_not_stored(&item));
            assert!(search.is_err(), "not found in {attribute}");
        }
    }
}
