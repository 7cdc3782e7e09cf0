//! Parses Rust source as far as arrows need it: modules, imports, paths, items, methods and calls.
//! Comments, strings and test-only code are left out.

use std::collections::BTreeSet;

/// A word or a symbol, with its line.
#[derive(Clone, Debug)]
struct Token {
    text: String,
    line: usize,
}

/// One name that a `use` brings in; a glob has no name.
#[derive(Debug)]
pub(crate) struct Use {
    pub(crate) path: Vec<String>,
    pub(crate) name: Option<String>,
    pub(crate) public: bool,
    pub(crate) line: usize,
}

/// The content of one file.
#[derive(Debug, Default)]
pub(crate) struct Source {
    /// `mod x;`
    pub(crate) children: BTreeSet<String>,
    pub(crate) uses: Vec<Use>,
    /// Paths of two or more words outside `use`.
    pub(crate) paths: Vec<(Vec<String>, usize)>,
    /// Single words outside `use`.
    pub(crate) words: BTreeSet<String>,
    /// Top-level items.
    pub(crate) items: BTreeSet<String>,
    /// Methods of `impl Type { … }` and `trait Type { … }`, with the path of the type.
    pub(crate) methods: Vec<(Vec<String>, String)>,
    pub(crate) calls: Vec<Call>,
}

/// `receiver.method(` or `Type::method(`
#[derive(Debug)]
pub(crate) struct Call {
    /// The type, if the source gives it: by its path, or because `self` has it.
    pub(crate) of: Option<Vec<String>>,
    pub(crate) receiver: String,
    pub(crate) method: String,
    pub(crate) line: usize,
}

/// `impl Type {`, `impl Trait for Type {` or `trait Type {`
struct Block {
    of: Vec<String>,
    /// It defines the type's own methods, not those of a trait defined elsewhere.
    own: bool,
}

const ITEMS: [&str; 9] = ["fn", "struct", "enum", "union", "trait", "type", "const", "static", "macro_rules"];

impl Source {
    pub(crate) fn parse(text: &str) -> Self {
        let mut source = Self::default();
        let tokens = without_tests(&tokens(text));
        let word = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
        let (mut at, mut depth, mut block) = (0, 0_usize, None::<Block>);
        while let Some(Token { text, line }) = tokens.get(at) {
            let before = at.checked_sub(1).map_or("", &word);
            match text.as_str() {
                "{" => depth += 1,
                "}" => {
                    depth -= 1;
                    block = block.filter(|_| depth > 0);
                }
                "impl" if depth == 0 && ["", "}", ";", "]", "unsafe"].contains(&before) => block = Some(Block::read(&tokens[at + 1..])),
                "mod" if is_word(word(at + 1)) => {
                    assert_eq!(word(at + 2), ";", "line {line}: modules that are not tests are files of their own");
                    source.children.insert(word(at + 1).to_owned());
                    at += 2;
                }
                "use" => {
                    let public = before == "pub" || before == ")";
                    at += 1;
                    source.read_use(&tokens, &mut at, &[], public);
                }
                kind if ITEMS.contains(&kind) => {
                    let name = word(at + if word(at + 1) == "!" { 2 } else { 1 }).to_owned();
                    if kind == "fn" {
                        let own = block.as_ref().filter(|block| block.own && depth == 1);
                        source.methods.extend(own.map(|block| (block.of.clone(), name.clone())));
                        at += 1;
                    }
                    if kind == "trait" && depth == 0 {
                        block = Some(Block { of: vec![name.clone()], own: true });
                    }
                    source.items.extend((depth == 0).then_some(name));
                }
                first if is_word(first) && before != "::" && before != "." => {
                    let length = (0..).take_while(|n| word(at + 2 * n + 1) == "::" && is_word(word(at + 2 * n + 2))).count();
                    if length == 0 {
                        source.words.insert(first.to_owned());
                    } else {
                        let path: Vec<_> = (0..=length).map(|n| word(at + 2 * n).to_owned()).collect();
                        let (method, of) = path.split_last().expect("two words");
                        let of = if of == ["Self"] { block.as_ref().map(|block| block.of.clone()) } else { Some(of.to_vec()) };
                        source.calls.push(Call { of, receiver: first.to_owned(), method: method.clone(), line: *line });
                        source.paths.push((path, *line));
                    }
                    at += 2 * length;
                }
                _ => {}
            }
            if word(at + 1) == "." && is_word(word(at + 2)) && ["(", "::"].contains(&word(at + 3)) {
                let of = block.as_ref().filter(|_| word(at) == "self").map(|block| block.of.clone());
                let line = tokens[at + 2].line;
                source.calls.push(Call { of, receiver: word(at).to_owned(), method: word(at + 2).to_owned(), line });
            }
            at += 1;
        }
        source
    }

    /// Reads one branch of a `use`, and leaves `at` after it.
    fn read_use(&mut self, tokens: &[Token], at: &mut usize, trunk: &[String], public: bool) {
        let mut path = trunk.to_vec();
        let line = tokens[*at].line;
        loop {
            match tokens[*at].text.as_str() {
                "{" => {
                    *at += 1;
                    while tokens[*at].text != "}" {
                        self.read_use(tokens, at, &path, public);
                        *at += usize::from(tokens[*at].text == ",");
                    }
                    *at += 1;
                    return;
                }
                "*" => {
                    *at += 1;
                    self.uses.push(Use { path, name: None, public, line });
                    return;
                }
                "as" => {
                    let name = Some(tokens[*at + 1].text.clone());
                    *at += 2;
                    self.uses.push(Use { path, name, public, line });
                    return;
                }
                "::" => *at += 1,
                "self" if !path.is_empty() => *at += 1,
                word if is_word(word) => {
                    path.push(word.to_owned());
                    *at += 1;
                }
                _ => {
                    let name = path.last().cloned();
                    self.uses.push(Use { path, name, public, line });
                    return;
                }
            }
        }
    }
}

impl Block {
    /// Reads what follows `impl`.
    fn read(tokens: &[Token]) -> Self {
        let (mut words, mut depth, mut own, mut before) = (Vec::new(), 0_usize, true, "");
        for Token { text, .. } in tokens {
            match text.as_str() {
                "{" | "where" => break,
                "<" => depth += 1,
                ">" if before != "-" => depth -= 1,
                "for" if depth == 0 => {
                    words.clear();
                    own = false;
                }
                word if depth == 0 && is_word(word) => words.push(word.to_owned()),
                _ => {}
            }
            before = text;
        }
        Self { of: words, own }
    }
}

/// Drops each item under `#[cfg(test)]`.
fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let mut left = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if !starts_with(&tokens[at..], &["#", "[", "cfg", "(", "test", ")", "]"]) {
            left.push(tokens[at].clone());
            at += 1;
            continue;
        }
        at += 7;
        let mut depth = 0;
        loop {
            match tokens[at].text.as_str() {
                "{" | "(" | "[" => depth += 1,
                "}" | ")" | "]" => depth -= 1,
                _ => {}
            }
            at += 1;
            if depth == 0 && matches!(tokens[at - 1].text.as_str(), "}" | ";") {
                break;
            }
        }
    }
    left
}

fn starts_with(tokens: &[Token], texts: &[&str]) -> bool {
    tokens.len() >= texts.len() && tokens.iter().zip(texts).all(|(token, text)| token.text == *text)
}

fn is_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// Words, `::` and other symbols; only a quote is left of a string or character.
fn tokens(text: &str) -> Vec<Token> {
    let (mut tokens, mut rest, mut line) = (Vec::new(), text, 1);
    while let Some(first) = rest.chars().next() {
        let (length, text) = match first {
            _ if rest.starts_with("//") => (until(rest, 0, "\n"), None),
            _ if rest.starts_with("/*") => (until(rest, 0, "*/"), None),
            _ if first.is_whitespace() => (first.len_utf8(), None),
            _ if rest.starts_with("::") => (2, Some("::")),
            '\'' => (quoted_or_lifetime(rest), Some("\"")),
            _ => match string(rest) {
                Some(length) => (length, Some("\"")),
                None => {
                    let length = word(rest).max(first.len_utf8());
                    (length, Some(&rest[..length]))
                }
            },
        };
        tokens.extend(text.map(|text| Token { text: text.to_owned(), line }));
        let (token, behind) = rest.split_at(length);
        line += token.matches('\n').count();
        rest = behind;
    }
    tokens
}

fn until(text: &str, from: usize, end: &str) -> usize {
    text[from..].find(end).map_or(text.len(), |at| from + at + end.len())
}

/// The length of the word at the start of `text`.
fn word(text: &str) -> usize {
    text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())
}

/// The length of the string at the start of `text`, if there is one: `"…"`, `b"…"`, `r#"…"#`.
fn string(text: &str) -> Option<usize> {
    let prefix = word(text);
    let hashes = text[prefix..].len() - text[prefix..].trim_start_matches('#').len();
    let inside = prefix + hashes + 1;
    if !["", "b", "c", "r", "br"].contains(&&text[..prefix]) || !text[inside - 1..].starts_with('"') {
        return None;
    }
    if text[..prefix].ends_with('r') {
        return Some(until(text, inside, &format!("\"{}", "#".repeat(hashes))));
    }
    let mut escaped = false;
    let end = text[inside..].find(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    end.map(|end| inside + end + 1)
}

/// The length of `'x'`, `'\n'` or `'lifetime`.
fn quoted_or_lifetime(text: &str) -> usize {
    let mut inside = text[1..].chars();
    match (inside.next(), inside.next()) {
        (Some('\\'), _) => until(text, 3, "'"),
        (Some(one), Some('\'')) => one.len_utf8() + 2,
        _ => 1 + word(&text[1..]),
    }
}
