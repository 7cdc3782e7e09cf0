//! Imports are acyclic: nothing imports, directly or indirectly, from what imports it. That holds
//! for files and for modules, in the library, in each function and in the operator's program.
//! Inside `store` and `providers` some layers are fixed. And the map in docs/architecture.md shows
//! the actual imports.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "whatever goes wrong in here is a failed test"
)]

#[path = "arrows/graph.rs"]
mod graph;
#[path = "arrows/map.rs"]
mod map;
#[path = "arrows/source.rs"]
mod source;
#[path = "arrows/steps.rs"]
mod steps;
#[path = "arrows/tree.rs"]
mod tree;

use std::{collections::BTreeSet, fs, path::Path, slice};

use graph::{Circle, between_children, circles, told};
use map::Map;
use steps::{Step, missteps};
use tree::{Arrow, Tree};

/// What providers share: none of it knows an individual provider.
const OF_ALL_PROVIDERS: [&str; 8] = [
    "shared::providers::credentials",
    "shared::providers::grantor",
    "shared::providers::load",
    "shared::providers::meta",
    "shared::providers::news",
    "shared::providers::permissions",
    "shared::providers::registration",
    "shared::providers::versions",
];

/// The layers inside `store`, from the bottom up, and providers, which know only themselves.
const STEPS: [Step; 8] = [
    Step { from: "shared::store::table", never: "shared::store", but: &[] },
    Step { from: "shared::store::records", never: "shared::store", but: &["shared::store::table"] },
    Step { from: "shared::store", never: "shared::store::link", but: &[] },
    Step { from: "shared::store", never: "shared::store::keep", but: &[] },
    Step { from: "shared::store", never: "shared::store::leave", but: &[] },
    Step { from: "shared::providers::*", never: "shared::providers", but: &OF_ALL_PROVIDERS },
    Step { from: "shared::providers", never: "shared::store", but: &[] },
    Step { from: "shared::store", never: "shared::providers::facebook", but: &[] },
];

#[test]
fn imports_are_acyclic() {
    let circles: String = all_circles(&workspace().arrows()).into_iter().map(|(_, told)| told).collect();
    assert!(circles.is_empty(), "{circles}");
}

#[test]
fn nothing_imports_from_a_layer_above_or_beside_it() {
    let found = missteps(&STEPS, &workspace().arrows());
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_map_is_true() {
    let text = fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let mistakes = Map::read(&text).mistakes(&between_modules(&workspace().arrows()));
    assert!(mistakes.is_empty(), "{mistakes:#?}");
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The library, the functions and the operator's program.
fn workspace() -> Tree {
    let functions = fs::read_dir(root().join("functions")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    // A function that is also a library has a program of a few lines around it.
    let source = |name: &str| ["lib", "main"].map(|file| format!("functions/{name}/src/{file}.rs"));
    let functions = functions.map(|name| {
        let file = source(&name).into_iter().find(|file| root().join(file).exists()).unwrap();
        (name, file)
    });
    let others =
        [("shared", "shared/src/lib.rs"), ("operator", "operator/src/main.rs")].map(|(name, file)| (name.to_owned(), file.to_owned()));
    let crates: Vec<_> = others.into_iter().chain(functions).collect();
    Tree::read(&crates, |path| fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}")))
}

/// Cycles among files, then cycles among each folder's modules that consist of other imports.
fn all_circles(arrows: &[Arrow]) -> Vec<(Circle, String)> {
    let of_files = circles(arrows);
    let mut others = arrows.to_vec();
    others.retain(|arrow| !of_files.iter().any(|circle| circle.contains(&arrow.from) && circle.contains(&arrow.to)));
    let modules = arrows.iter().flat_map(|arrow| [&arrow.from, &arrow.to]);
    let folders: BTreeSet<&str> = modules.flat_map(|module| module.match_indices("::").map(|(at, _)| &module[..at])).collect();
    let of_modules = folders.into_iter().map(|folder| between_children(&others, folder));
    [arrows.to_vec()]
        .into_iter()
        .chain(of_modules)
        .flat_map(|arrows| circles(&arrows).into_iter().map(move |circle| (circle.clone(), told(&circle, &arrows))))
        .collect()
}

/// The arrows between the library's modules, and to them from the functions and the operator's
/// program.
fn between_modules(arrows: &[Arrow]) -> Vec<Arrow> {
    let name = |module: &str| match module.split("::").collect::<Vec<_>>()[..] {
        ["shared"] => None,
        ["shared", name, ..] => Some(name.to_owned()),
        ["operator", ..] => Some("operator".to_owned()),
        _ => Some("functions".to_owned()),
    };
    let named = arrows.iter().filter_map(|arrow| Some(Arrow { from: name(&arrow.from)?, to: name(&arrow.to)?, ..arrow.clone() }));
    named.filter(|arrow| arrow.from != arrow.to).collect()
}

/// Reads `crate a` from in-memory files; the first is its root.
fn in_memory(files: &[(&str, &str)]) -> Vec<Arrow> {
    let crates = [("a".to_owned(), format!("a/{}", files[0].0))];
    let text = |path: &str| files.iter().find(|(name, _)| path[2..] == **name).unwrap_or_else(|| panic!("no {path}")).1.to_owned();
    Tree::read(&crates, text).arrows()
}

fn shown(arrows: &[Arrow]) -> Vec<String> {
    arrows.iter().map(|Arrow { from, to, line, .. }| format!("{from}:{line} -> {to}")).collect()
}

#[test]
fn a_cycle_is_found_across_all_forms_of_import() {
    let arrows = in_memory(&[
        ("lib.rs", "mod x; mod y; mod z; mod leaf;\npub use leaf::Leaf;"),
        ("x.rs", "use std::{fmt, io::{self, Read as _}};\nuse crate::{Leaf, y::{Inner as Other, self}};\nstruct X;"),
        ("y.rs", "mod deep;\npub use deep::Inner;\n// crate::x::X\nconst S: &str = \"crate::x::X\";\nfn y<'a>() { '\\''; 'x' }"),
        ("y/deep.rs", "pub struct Inner;\nfn f() -> Option<u8> { Some(super::super::z::made()) }"),
        ("z.rs", "use super::x;\npub fn made() -> u8 { x::X; 1 }"),
        ("leaf.rs", "pub struct Leaf;\n#[cfg(test)]\nmod tests { use crate::x::X; }\n#[cfg(test)]\nuse crate::y;"),
    ]);
    assert_eq!(shown(&arrows), ["a::x:2 -> a::leaf", "a::x:2 -> a::y::deep", "a::y::deep:2 -> a::z", "a::z:2 -> a::x"]);
    let circle: BTreeSet<String> = ["a::x", "a::y::deep", "a::z"].map(str::to_owned).into();
    assert_eq!(circles(&arrows), [circle.clone()].into());
    assert!(told(&circle, &arrows).contains("y/deep.rs:2: a::y::deep -> a::z (super::super::z::made)"), "{}", told(&circle, &arrows));
    assert_eq!(circles(&arrows[..3]), [].into());
}

#[test]
fn a_parent_that_uses_what_its_child_imports_from_it_is_a_cycle() {
    let child = ("p.rs", "mod c;\npub use c::Child;\npub struct Parent;");
    let passes_on = [("lib.rs", "mod p;"), child, ("p/c.rs", "use super::Parent;\npub struct Child;")];
    assert_eq!(shown(&in_memory(&passes_on)), ["a::p::c:1 -> a::p"]);
    let using = ("p.rs", "mod c;\npub use c::Child;\npub struct Parent(Child);");
    let uses_itself = [passes_on[0], using, passes_on[2]];
    assert_eq!(shown(&in_memory(&uses_itself)), ["a::p:2 -> a::p::c", "a::p::c:1 -> a::p"]);
}

#[test]
fn calling_a_method_in_another_file_than_its_type_is_an_arrow() {
    let types = "pub struct Tables<T>(T);\npub struct Other;\nimpl Other { fn at_home(&self) {} }";
    let b = "impl<'a, F: Fn() -> u8> crate::store::Tables<F> { fn b(&self) {} fn b_too() {} fn twice(&self) {} }";
    let c = "use crate::types::Other;\nimpl Other { fn twice(&self) {} fn twice_too(&self) {} }\ntrait T { fn twice_too(&self); }";
    let arrows = |caller| {
        in_memory(&[
            ("lib.rs", "mod types; mod store; mod b; mod c; mod caller;"),
            ("types.rs", types),
            ("store.rs", "pub use crate::types::Tables;"),
            ("b.rs", b),
            ("c.rs", c),
            ("caller.rs", caller),
        ])
    };
    let called = |caller| {
        let arrows = shown(&arrows(caller));
        let arrows = arrows.iter().filter_map(|arrow| arrow.strip_prefix("a::caller:"));
        arrows.filter(|arrow| !arrow.ends_with("types")).map(str::to_owned).collect::<Vec<_>>()
    };
    for (caller, arrow) in [
        ("impl crate::types::Tables<u8> {\n    fn f(&self) {\n        self\n            .b();\n    }\n}", "4 -> a::b"),
        ("use crate::store::Tables;\nimpl Clone for Tables<u8> {\n    fn clone(&self) { self.twice() }\n}", "3 -> a::b"),
        ("use crate::types::*;\nimpl Other {\n    fn f(&self) { self.twice() }\n}", "3 -> a::c"),
        ("impl crate::types::Tables<u8> {\n    fn f() { Self::b_too() }\n}", "2 -> a::b"),
        ("fn f() { crate::types::Tables::b_too() }", "1 -> a::b"),
        ("fn f(me: &Me) { me.tables.twice() }", "1 -> a::b"),
        ("fn f(any: u8) { any.b_too::<u8>() }", "1 -> a::b"),
    ] {
        assert_eq!(called(caller), [arrow], "{caller}");
    }
    for caller in [
        "fn f(any: u8) { any.b() }",
        "fn f(any: u8) { any.twice(); any.twice_too() }",
        "struct Mine;\nimpl Mine {\n    fn b_too(&self) { self.b_too() }\n}",
        "struct Tables;\nimpl Tables {\n    fn f(&self) { self.b() }\n}",
        "fn f(other: &Other) { other.b() }",
        "impl crate::types::Tables<u8> {\n    fn f(&self) {}\n}\nfn f() { any.b() }",
    ] {
        assert_eq!(called(caller), [""; 0], "{caller}");
    }
    let at_home = shown(&arrows("fn f(other: &u8) { other.at_home() }"));
    assert!(at_home.contains(&"a::caller:1 -> a::types".to_owned()), "{at_home:?}");
}

#[test]
fn a_parent_that_calls_its_childs_method_is_a_cycle() {
    let arrows = in_memory(&[
        ("main.rs", "mod end;\nstruct List;\nimpl List {\n    fn list(&self) { self.carry_out() }\n}"),
        ("end.rs", "impl crate::List {\n    fn carry_out(&self) {}\n}"),
    ]);
    assert_eq!(shown(&arrows), ["a:4 -> a::end", "a::end:1 -> a"]);
}

#[test]
fn folders_must_not_import_each_other_even_through_different_files() {
    let arrows = in_memory(&[
        ("lib.rs", "mod x; mod y;"),
        ("x.rs", "mod one; mod two;"),
        ("x/one.rs", "use crate::y::Y;\n"),
        ("x/two.rs", "pub struct Two;"),
        ("y.rs", "mod deep;\npub struct Y;"),
        ("y/deep.rs", "\nuse crate::x::two::Two;"),
    ]);
    assert_eq!(circles(&arrows), [].into());
    let [(_, found)] = &all_circles(&arrows)[..] else { panic!("one circle") };
    assert!(found.contains("y/deep.rs:2: a::y -> a::x (crate::x::two::Two)") && found.contains("x/one.rs:1"), "{found}");
}

#[test]
fn each_layer_violation_is_found() {
    let arrow = |from: &str, to: &str| Arrow {
        from: format!("shared::{from}"),
        to: format!("shared::{to}"),
        file: "a.rs".to_owned(),
        line: 1,
        name: "it".to_owned(),
    };
    let found = |from: &str, to: &str| missteps(&STEPS, &[arrow(from, to)]);
    let missing = [
        ("store::table::row", "store::records::account"),
        ("store::table::row", "store::tables"),
        ("store::table", "store::jobs"),
        ("store::records::account", "store::jobs"),
        ("store::records::account", "store::tables"),
        ("store::records::account", "store"),
        ("store::jobs", "store::link::accounts"),
        ("store::jobs", "store::keep::due"),
        ("store::jobs", "store::leave::doubts"),
        ("store::keep::due", "store::link::accounts"),
        ("store::leave::doubts", "store::link::accounts"),
        ("store::link::accounts", "store::keep::due"),
        ("store::leave::doubts", "store::keep::due"),
        ("store::link::accounts", "store::leave::doubts"),
        ("store::keep::due", "store::leave::doubts"),
        ("providers::facebook::pages", "providers::shopify::shop"),
        ("providers::shopify", "providers::facebook"),
        ("providers::another", "providers::facebook"),
        ("providers::another", "providers"),
        ("providers::facebook::pages", "store::records::account"),
        ("providers::facebook", "store"),
        ("providers::meta::graph", "providers::facebook"),
        ("store::jobs", "providers::facebook"),
    ];
    for (from, to) in missing {
        assert_eq!(found(from, to).len(), 1, "{from} -> {to}");
    }
    let all = missing.map(|(from, to)| arrow(from, to));
    assert!(STEPS.iter().all(|step| !missteps(slice::from_ref(step), &all).is_empty()));
    for (from, to) in [
        ("store::table::row", "store::table::key"),
        ("store::table::row", "error"),
        ("store::records::account", "store::table::key"),
        ("store::records::account", "store::records::key"),
        ("store::records::account", "providers::shopify::token"),
        ("store::jobs", "store::records::account"),
        ("store::link::accounts::plan", "store::link::accounts"),
        ("store::leave::doubts", "store::jobs"),
        ("store::tables", "store::table::database"),
        ("renewal::live", "store::keep::renewals"),
        ("providers", "providers::facebook"),
        ("providers::facebook::pages", "providers::versions"),
        ("providers::facebook::pages", "providers::facebook"),
        ("providers::facebook", "flow"),
    ] {
        assert_eq!(found(from, to), [""; 0]);
    }
}

#[test]
fn the_map_omits_and_invents_nothing() {
    let map = |arrows: &str| Map::read(&format!("```mermaid\ngraph TD\n{arrows}\n```\n\n`leaf` and `words` know none of them."));
    let arrows = in_memory(&[
        ("lib.rs", "mod x; mod y; mod z; mod leaf; mod words;"),
        ("x.rs", "use crate::{y::Y, z::Z, leaf::Leaf};"),
        ("y.rs", "use crate::z::Z;\npub struct Y;"),
        ("z.rs", "pub struct Z;"),
        ("leaf.rs", "use crate::words::Words;\npub struct Leaf;"),
        ("words.rs", "pub struct Words;"),
    ]);
    let name = |module: &String| module.rsplit("::").next().unwrap().to_owned();
    let real: Vec<Arrow> = arrows.iter().map(|arrow| Arrow { from: name(&arrow.from), to: name(&arrow.to), ..arrow.clone() }).collect();
    assert_eq!(map("x[\"x: one<br>line\"] --> y\ny --> z").mistakes(&real), [""; 0]);
    assert_eq!(map("x --> y & z").mistakes(&real), ["y -> z is not on the map (a/y.rs:1)"]);
    assert_eq!(map("x --> y --> z\nz --> x").mistakes(&real), ["z -> x is on the map and nowhere else"]);
    assert_eq!(map("x --> y & z\ny --> z").mistakes(&real), ["x -> z is shown by a longer way"]);
    let back = Arrow { from: "leaf".to_owned(), to: "z".to_owned(), ..real[0].clone() };
    assert_eq!(map("x --> y --> z").mistakes(&[real, vec![back]].concat()), ["leaf -> z is not on the map (a/leaf.rs:1)"]);
}
