//! The files of some crates as a tree of modules, and the arrows between them: who names whom.

use std::collections::BTreeMap;

use super::source::{Source, Use};

/// Types whose methods are spread over the files of a folder: no path shows that a call of one is an
/// import.
pub(crate) struct Handles {
    pub(crate) folder: &'static str,
    pub(crate) types: &'static [&'static str],
    /// What a handle is called where its methods are.
    pub(crate) receivers: &'static [&'static str],
    /// Modules whose methods may be called without an arrow, and their children's.
    pub(crate) base: &'static [&'static str],
}

/// The first place in `from` that names something of `to`. Modules are told by their whole path:
/// `shared::store::flows`.
#[derive(Clone, Debug)]
pub(crate) struct Arrow {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) name: String,
}

/// All files by their modules.
pub(crate) struct Tree {
    files: BTreeMap<String, File>,
    handles: Handles,
}

struct File {
    path: String,
    source: Source,
}

/// What a path leads to.
enum Target {
    Module(String),
    ItemOf(String),
}

impl Tree {
    /// Reads each crate, told by its name and its root file, as far as its `mod` lines lead.
    pub(crate) fn read(crates: &[(String, String)], handles: Handles, text: impl Fn(&str) -> String) -> Self {
        let mut files = BTreeMap::new();
        let mut open = crates.to_vec();
        while let Some((module, path)) = open.pop() {
            let source = Source::parse(&text(&path), handles.types);
            let folder = path.strip_suffix("/lib.rs").or(path.strip_suffix("/main.rs")).or(path.strip_suffix(".rs"));
            let folder = folder.unwrap_or_default();
            open.extend(source.children.iter().map(|child| (format!("{module}::{child}"), format!("{folder}/{child}.rs"))));
            files.insert(module, File { path, source });
        }
        Self { files, handles }
    }

    /// The arrows from a file to another one, the first of each pair.
    pub(crate) fn arrows(&self) -> Vec<Arrow> {
        let mut arrows: BTreeMap<(&str, String), Arrow> = BTreeMap::new();
        for (from, file) in &self.files {
            for (to, line, name) in self.imports(from).into_iter().chain(self.through_handles(from)) {
                let arrow = Arrow { from: from.clone(), to: to.clone(), file: file.path.clone(), line, name };
                let first = arrows.entry((from, to)).or_insert_with(|| arrow.clone());
                if line < first.line {
                    *first = arrow;
                }
            }
        }
        arrows.into_values().filter(|arrow| arrow.from != arrow.to).collect()
    }

    /// What `module` names of others, by `use` and by paths. A `use` of a module alone says nothing
    /// yet: what is used of it stands in a path.
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

    /// Whether a parent passes on what a child of it defines, without using it itself.
    fn is_mere_reexport(&self, module: &str, one: &Use) -> bool {
        let Some(Target::ItemOf(to) | Target::Module(to)) = self.resolve(module, &one.path) else { return false };
        let used = one.name.as_ref().is_some_and(|name| self.files[module].source.words.contains(name));
        one.public && is_within(&to, module) && !used
    }

    /// What `module` calls of a handle's methods that exactly one other file defines.
    fn through_handles(&self, module: &str) -> Vec<(String, usize, String)> {
        let (handles, source) = (&self.handles, &self.files[module].source);
        let calls = source.calls.iter().filter(|(receiver, method, _)| {
            let of_another_type = receiver == "self" && source.functions.contains(method);
            is_within(module, handles.folder) && handles.receivers.contains(&receiver.as_str()) && !of_another_type
        });
        calls
            .filter_map(|(receiver, method, line)| {
                let mut definers = self.files.iter().filter(|(_, other)| other.source.methods.contains(method));
                let (definer, None) = (definers.next()?.0, definers.next()) else { return None };
                let told = || (definer.clone(), *line, format!("{receiver}.{method}()"));
                (definer != handles.folder && !handles.base.iter().any(|base| is_within(definer, base))).then(told)
            })
            .collect()
    }

    /// Where a path that stands in `module` leads, unless out of these crates.
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

    /// Follows `path` from `at` on, through re-exports.
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

/// Whether `module` is `folder` or below it.
pub(crate) fn is_within(module: &str, folder: &str) -> bool {
    module.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}
