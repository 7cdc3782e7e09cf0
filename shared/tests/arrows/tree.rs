//! The files of some crates as a tree of modules, and the arrows between them: who names whom.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Call, Source, Use};

/// The first place in `from` that names something in `to`. Modules are given by their full path:
/// `shared::store::flows`.
#[derive(Clone, Debug)]
pub(crate) struct Arrow {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) name: String,
}

/// All files by module.
pub(crate) struct Tree {
    files: BTreeMap<String, File>,
    methods: Methods,
}

/// A type: its module and its name.
type Type = (String, String);

/// The files that define a type's method by name: one, in Rust that compiles, unless `impl`s with
/// other type parameters have such a method too.
type Methods = BTreeMap<String, BTreeMap<Type, BTreeSet<String>>>;

struct File {
    path: String,
    source: Source,
}

/// What a path refers to.
enum Target {
    Module(String),
    ItemOf(String),
}

impl Tree {
    /// Reads each crate, given its name and root file, following its `mod` lines.
    pub(crate) fn read(crates: &[(String, String)], text: impl Fn(&str) -> String) -> Self {
        let mut files = BTreeMap::new();
        let mut open = crates.to_vec();
        while let Some((module, path)) = open.pop() {
            let source = Source::parse(&text(&path));
            let folder = path.strip_suffix("/lib.rs").or(path.strip_suffix("/main.rs")).or(path.strip_suffix(".rs"));
            let folder = folder.unwrap_or_default();
            open.extend(source.children.iter().map(|child| (format!("{module}::{child}"), format!("{folder}/{child}.rs"))));
            files.insert(module, File { path, source });
        }
        let mut tree = Self { files, methods: Methods::new() };
        let mut methods = Methods::new();
        for (module, file) in &tree.files {
            for (of, name) in &file.source.methods {
                let Some(of) = tree.type_of(module, of) else { continue };
                methods.entry(name.clone()).or_default().entry(of).or_default().insert(module.clone());
            }
        }
        tree.methods = methods;
        tree
    }

    /// The arrows from a file to another, one per pair.
    pub(crate) fn arrows(&self) -> Vec<Arrow> {
        let mut arrows: BTreeMap<(&str, String), Arrow> = BTreeMap::new();
        for (from, file) in &self.files {
            for (to, line, name) in self.imports(from).into_iter().chain(self.through_methods(from)) {
                let arrow = Arrow { from: from.clone(), to: to.clone(), file: file.path.clone(), line, name };
                let first = arrows.entry((from, to)).or_insert_with(|| arrow.clone());
                if line < first.line {
                    *first = arrow;
                }
            }
        }
        arrows.into_values().filter(|arrow| arrow.from != arrow.to).collect()
    }

    /// What `module` names from others, through `use` and paths. A `use` of a module alone says
    /// nothing yet: what is used from it appears in a path.
    fn imports(&self, module: &str) -> Vec<(String, usize, String)> {
        let source = &self.files[module].source;
        let uses = source.uses.iter().filter(|one| !self.is_mere_reexport(module, one));
        let uses = uses.filter_map(|one| match self.resolve(module, &one.path)? {
            Target::Module(_) if one.name.is_some() => None,
            Target::Module(to) | Target::ItemOf(to) => Some((to, one.line, one.path.join("::"))),
        });
        let paths = source.paths.iter().filter_map(|(path, line)| match self.resolve(module, path)? {
            Target::Module(_) => None,
            Target::ItemOf(to) => Some((to, *line, path.join("::"))),
        });
        uses.chain(paths).collect()
    }

    /// Whether a parent re-exports what its child defines without using it itself.
    fn is_mere_reexport(&self, module: &str, one: &Use) -> bool {
        let Some(Target::ItemOf(to) | Target::Module(to)) = self.resolve(module, &one.path) else { return false };
        let used = one.name.as_ref().is_some_and(|name| self.files[module].source.words.contains(name));
        one.public && is_within(&to, module) && !used
    }

    /// The methods that `module` calls whose type has its methods in several files, or in a file
    /// other than its own: no path shows that such a call is an import.
    fn through_methods(&self, module: &str) -> Vec<(String, usize, String)> {
        let calls = self.files[module].source.calls.iter();
        calls
            .filter_map(|call| {
                let (of, definers) = self.called(module, call)?;
                let [definer] = definers.iter().collect::<Vec<_>>()[..] else { return None };
                let told = || (definer.clone(), call.line, format!("{}.{}()", call.receiver, call.method));
                (self.is_spread(of) && root(definer) == root(module)).then(told)
            })
            .collect()
    }

    /// The type whose method is called, and where that is defined. Types are not inferred here, so
    /// they are recognized by
    /// - the source: `self` in an `impl`, `Self::name` and `Type::name`;
    /// - the receiver's name: `tables` and `self.tables` are `Tables`;
    /// - the method's name, if no other type and no trait of the workspace has it. It must have two
    ///   words: one-word names are common in other libraries, too.
    fn called(&self, module: &str, call: &Call) -> Option<(&Type, &BTreeSet<String>)> {
        let types = self.methods.get(&call.method)?;
        if let Some(of) = &call.of {
            return types.get_key_value(&self.type_of(module, of)?);
        }
        let only = |mut types: Vec<_>| types.pop().filter(|_| types.is_empty());
        let so_called = only(types.iter().filter(|((_, name), _)| snake_case(name) == call.receiver).collect());
        so_called.or_else(|| only(types.iter().collect()).filter(|_| call.method.contains('_')))
    }

    fn is_spread(&self, of: &Type) -> bool {
        self.methods.values().filter_map(|types| types.get(of)).flatten().any(|definer| *definer != of.0)
    }

    /// The type that a path in `module` leads to.
    fn type_of(&self, module: &str, path: &[String]) -> Option<Type> {
        let name = path.last()?;
        match self.resolve(module, path)? {
            Target::ItemOf(of) => Some((of, name.clone())),
            Target::Module(_) => None,
        }
    }

    /// Where a path in `module` leads, unless outside these crates.
    fn resolve(&self, module: &str, path: &[String]) -> Option<Target> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => self.walk(module.split("::").next()?, rest),
            "self" => self.walk(module, rest),
            "super" => {
                let supers = path.iter().take_while(|word| *word == "super").count();
                let above = (0..supers).try_fold(module, |module, _| Some(module.rsplit_once("::")?.0))?;
                self.walk(above, &path[supers..])
            }
            name if self.child(module, name).is_some() || self.files[module].source.items.contains(name) => self.walk(module, path),
            name if self.bound(module, name).is_some() => self.walk(module, path),
            name => self.files.contains_key(name).then(|| self.walk(name, rest))?,
        }
    }

    /// Follows `path` from `at`, through re-exports.
    fn walk(&self, at: &str, path: &[String]) -> Option<Target> {
        let Some((name, rest)) = path.split_first() else { return Some(Target::Module(at.to_owned())) };
        if let Some(child) = self.child(at, name) {
            return self.walk(&child, rest);
        }
        if self.files[at].source.items.contains(name) {
            return Some(Target::ItemOf(at.to_owned()));
        }
        match self.bound(at, name) {
            Some(Target::Module(module)) => self.walk(&module, rest),
            Some(item) => Some(item),
            None => Some(Target::ItemOf(at.to_owned())),
        }
    }

    fn child(&self, module: &str, name: &str) -> Option<String> {
        Some(format!("{module}::{name}")).filter(|child| self.files.contains_key(child))
    }

    /// What a `use` in `module` binds `name` to.
    fn bound(&self, module: &str, name: &str) -> Option<Target> {
        let uses = &self.files[module].source.uses;
        if let Some(one) = uses.iter().find(|one| one.name.as_deref() == Some(name)) {
            return self.resolve(module, &one.path);
        }
        uses.iter().filter(|one| one.name.is_none()).find_map(|glob| match self.resolve(module, &glob.path)? {
            Target::Module(of) if of != module && self.files[&of].source.items.contains(name) => Some(Target::ItemOf(of)),
            _ => None,
        })
    }
}

/// The crate of a module.
fn root(module: &str) -> &str {
    module.split("::").next().unwrap_or_default()
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}

/// Whether `module` is `folder` or below it.
pub(crate) fn is_within(module: &str, folder: &str) -> bool {
    module.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}
