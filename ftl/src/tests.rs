use super::{File, compile};

const ENGLISH: &str = "\
# What stands around.
steps = Steps
held = The { $platform } store holds it.
left =
    .title = { $count ->
        [one] One is left
       *[other] More are left
    }
    .text = { NUMBER($count) } are left at { $platform }.
";

fn english(text: &str) -> File<'_> {
    File { path: "en.ftl", tag: "en", variant: "English", text }
}

fn spanish(text: &str) -> File<'_> {
    File { path: "es.ftl", tag: "es", variant: "Spanish", text }
}

fn rust(text: &str) -> String {
    compile(&[english(text)]).unwrap()
}

/// The problems of `text` in English.
fn wrong(text: &str) -> String {
    compile(&[english(text)]).unwrap_err().join("\n")
}

/// The problems of `text` as a translation of [`ENGLISH`].
fn wrong_translation(text: &str) -> String {
    compile(&[english(ENGLISH), spanish(text)]).unwrap_err().join("\n")
}

const SPANISH: &str = "\
steps = Pasos
held = La tienda de { $platform } la tiene.
left =
    .title = { $count ->
        [one] Queda una
        [many] Quedan muchas
       *[other] Quedan varias
    }
    .text = En { $platform } quedan { $count }.
";

#[test]
fn messages_become_constants_and_functions() {
    let module = |language: &str, steps: &str, held: &str, many: [&str; 2], text: &str| {
        format!(
            "pub(crate) fn held(platform: &str) -> String {{ {held} }}\npub(crate) mod left {{\n\
             pub(crate) fn text(count: usize, platform: &str) -> String {{ {text} }}\n\
             pub(crate) fn title(count: usize) -> &'static str {{ match crate::texts::Language::{language}.plural(count) \
             {{ {}_ => {} }} }}\n}}\npub(crate) const STEPS: &str = {steps};\n",
            many[0], many[1],
        )
    };
    let english = module(
        "English",
        "\"Steps\"",
        "[\"The \", platform, \" store holds it.\"].concat()",
        ["crate::texts::Plural::One => \"One is left\", ", "\"More are left\""],
        "[crate::texts::Language::English.number(count).as_str(), \" are left at \", platform, \".\"].concat()",
    );
    let spanish_module = module(
        "Spanish",
        "\"Pasos\"",
        "[\"La tienda de \", platform, \" la tiene.\"].concat()",
        ["crate::texts::Plural::One => \"Queda una\", crate::texts::Plural::Many => \"Quedan muchas\", ", "\"Quedan varias\""],
        "[\"En \", platform, \" quedan \", crate::texts::Language::Spanish.number(count).as_str(), \".\"].concat()",
    );
    let expected = format!("pub(crate) mod en {{\n{english}}}\npub(crate) mod es {{\n{spanish_module}}}\n");
    assert_eq!(compile(&[self::english(ENGLISH), spanish(SPANISH)]).unwrap(), expected);
    assert_eq!(compile(&[]).unwrap(), "");
}

#[test]
fn references_to_terms_and_messages_are_resolved() {
    assert!(rust("-admin = Shopify admin\nopen = Open the { -admin }.").contains("\"Open the Shopify admin.\""));
    assert!(rust("a = { b }, { c.text }{ \"\\u00A0\" }{ 7 }\nb = B\nc = C\n    .text = D").contains("const A: &str = \"B, D\\u{a0}7\";"));
}

#[test]
fn a_select_may_be_inside_a_sentence_and_match_numbers() {
    let function = "match day { 1 => \"1er\", _ => day }";
    let french = rust("date = Le { $day ->\n    [1] 1er\n   *[other] { $day }\n} { $month }");
    let language = "crate::texts::Language::English";
    assert!(
        french.contains(&format!(
            "[\"Le \", (match day {{ 1 => [\"1er\"].concat(), _ => [{language}.number(day).as_str()].concat() }}).as_str(), \" \", month]"
        )) && !french.contains(function),
        "{french}"
    );
}

#[test]
fn a_translation_may_ignore_a_selector() {
    let both = compile(&[english("a = { $n ->\n    [one] It\n   *[other] They\n}"), spanish("a = Eso")]).unwrap();
    assert!(both.contains("mod es {\npub(crate) fn a(_n: usize) -> &'static str { \"Eso\" }"), "{both}");
}

#[test]
fn french_has_narrow_no_break_spaces_before_punctuation() {
    let french = |text| compile(&[File { path: "fr.ftl", tag: "fr-CA", variant: "French", text }]).unwrap();
    assert!(
        french("a = « Oui » : non ; quoi ? Oh ! https://x.y")
            .contains("\"«\\u{202f}Oui\\u{202f}» : non".replace(" :", "\\u{202f}:").as_str())
    );
    assert!(french("a = { $b } : { $n ->\n    [1] un ?\n   *[other] x\n}").contains("un\\u{202f}?"));
    assert!(rust("a = Oh !").contains("\"Oh !\""));
}

#[test]
fn a_syntax_error_is_reported_with_its_line() {
    assert!(wrong("a = A\nb\n").contains("en.ftl, line 2: Expected a token starting with"), "{}", wrong("a = A\nb\n"));
    assert!(wrong("a = { $n ->\n    [one] x\n}").contains("default variant"));
}

#[test]
fn duplicate_and_unused_definitions_are_reported() {
    assert_eq!(wrong("a = A\na = B"), "en.ftl: `a` stands twice");
    assert_eq!(wrong("-brand = B\na = A"), "en.ftl: the term `-brand` is used nowhere");
}

#[test]
fn unsupported_syntax_is_reported() {
    for (text, what) in [
        ("a = One\n    two", "`a` goes over several lines: write it in one, however long"),
        ("a = { DATETIME($n) }", "`a` uses DATETIME: there is NUMBER($parameter), without options, and nothing else"),
        ("a = { NUMBER($n, minimumFractionDigits: 2) }", "`a` uses NUMBER: there is"),
        ("a = { \"x\" ->\n   *[other] x\n}", "`a` chooses by something that is no parameter"),
        ("a = { $n ->\n    [1.5] x\n   *[other] y\n}", "`a` chooses by [1.5], which is no whole number"),
        ("a = { b }", "`a` uses `b`, which is not in this file"),
        ("a = { -b }", "`a` uses `-b`, which is not in this file"),
        ("a = { b }\nb = { a }", "`a` uses `a`, which leads back to itself"),
        ("-b = B\na = { -b(case: \"x\") }", "`a` uses the term `-b` with an attribute or arguments"),
    ] {
        assert!(wrong(text).contains(&format!("en.ftl: {what}")), "{text}: {}", wrong(text));
    }
}

#[test]
fn a_select_needs_the_plural_categories_of_its_language() {
    let choice = |cases: &str| wrong(&format!("a = {{ $n ->\n{cases}\n}}"));
    assert_eq!(choice(" *[one] x\n  [other] y"), "en.ftl: `a` must have *[other], with the star");
    assert_eq!(
        choice("  [one] x\n  [many] y\n *[other] z"),
        "en.ftl: `a` has a variant [many], which the language does not know: it knows [one], [other]"
    );
    assert_eq!(choice("  [one] x\n  [one] y\n *[other] z"), "en.ftl: `a` has a variant twice");
    let es = SPANISH.replace("        [many] Quedan muchas\n", "");
    assert_eq!(wrong_translation(&es), "es.ftl: `left.title` lacks the variant [many]");
    let unknown = compile(&[File { path: "x.ftl", tag: "no tag", variant: "X", text: "" }]).unwrap_err();
    assert_eq!(unknown, ["x.ftl: `no tag` is no language tag"]);
}

#[test]
fn a_translation_has_the_messages_of_the_reference_and_no_others() {
    assert_eq!(wrong_translation(&SPANISH.replace("steps = Pasos\n", "")), "es.ftl: `steps` is missing: translate it from en.ftl");
    assert_eq!(wrong_translation(&format!("{SPANISH}more = Más\n")), "es.ftl: `more` is not in en.ftl: take it out");
}

#[test]
fn a_translation_uses_the_parameters_of_the_reference() {
    for (from, to, what) in [
        ("La tienda de { $platform }", "La tienda", "`held` lacks the parameter { $platform }"),
        ("La tienda de { $platform }", "{ $shop }, { $platform }", "`held` has a parameter { $shop } that en.ftl does not give it"),
        ("La tienda de { $platform }", "{ NUMBER($platform) }", "`held` takes { $platform } for a number, which it is not"),
        ("quedan { $count }", "quedan", "`left.text` lacks the parameter { $count }"),
        ("Quedan varias", "Quedan { $count }", "`left.title` may choose between whole texts, and hold no parameter"),
    ] {
        assert_eq!(wrong_translation(&SPANISH.replace(from, to)), format!("es.ftl: {what}"));
    }
}
