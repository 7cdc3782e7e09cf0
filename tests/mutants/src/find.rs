//! Finds where each mutant goes.

use std::ops::Range;

use proc_macro2::Span;
use syn::{
    spanned::Spanned as _,
    visit::{self, Visit},
};

use crate::{Mutant, Place};

/// A piece of the source that is written otherwise. Regions lie in one another or apart.
#[derive(Debug)]
pub(crate) struct Region {
    pub(crate) range: Range<usize>,
    /// Of two regions of one range, the lower one is the outer one.
    pub(crate) depth: u8,
    pub(crate) change: Change,
}

/// The number of a mutant and what it puts in place of the original.
pub(crate) type Choice = (usize, String);

#[derive(Debug)]
pub(crate) enum Change {
    /// A function's block, which returns at once.
    Body(Vec<Choice>),
    /// An expression that is another one.
    Expression(Vec<Choice>),
    /// A match arm: what its guard is, where it has one, and who deletes it.
    Arm { guards: Vec<Choice>, deleted: Vec<usize>, guarded: bool },
    /// Left out: the `const` of a function, which could not ask for a switch.
    Nothing,
}

/// The regions of a file, and its mutants with the note of whether they were placed.
pub(crate) fn regions(source: &str, mutants: Vec<Mutant>) -> syn::Result<(Vec<Region>, Vec<Mutant>)> {
    let mut finder = Finder { source, mutants, regions: Vec::new() };
    finder.visit_file(&syn::parse_file(source)?);
    Ok((finder.regions, finder.mutants))
}

struct Finder<'a> {
    source: &'a str,
    mutants: Vec<Mutant>,
    regions: Vec<Region>,
}

impl Finder<'_> {
    /// The mutants of a genre that begin where `span` does.
    fn take(&mut self, genre: &str, span: Span) -> Vec<Choice> {
        let at = Place { line: span.start().line, column: span.start().column + 1 };
        let here = self.mutants.iter_mut().filter(|mutant| mutant.genre == genre && mutant.span.start == at);
        let take = |mutant: &mut Mutant| {
            mutant.placed = true;
            (mutant.number, mutant.replacement.clone())
        };
        here.map(take).collect()
    }

    fn text(&self, span: Span) -> &str {
        &self.source[span.byte_range()]
    }

    fn add(&mut self, range: Range<usize>, depth: u8, change: Change) {
        self.regions.push(Region { range, depth, change });
    }

    fn function(&mut self, signature: &syn::Signature, block: &syn::Block) {
        // cargo-mutants has the place of what is in the braces.
        let Some(first) = block.stmts.first() else { return };
        let choices = self.take("FnValue", first.span());
        if !choices.is_empty() {
            self.add(block.span().byte_range(), 0, Change::Body(choices));
        }
        if let Some(keyword) = &signature.constness {
            self.add(keyword.span.byte_range(), 0, Change::Nothing);
        }
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.function(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.function(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.function(&function.sig, block);
        }
        visit::visit_trait_item_fn(self, function);
    }

    // What is evaluated when it is compiled can't ask for a switch.
    fn visit_item_const(&mut self, _: &'ast syn::ItemConst) {}
    fn visit_impl_item_const(&mut self, _: &'ast syn::ImplItemConst) {}
    fn visit_item_static(&mut self, _: &'ast syn::ItemStatic) {}

    // What is for tests alone has no mutants.
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        let for_tests = |attribute: &syn::Attribute| attribute.path().is_ident("cfg") && self.text(attribute.span()).contains("test");
        if !module.attrs.iter().any(for_tests) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        // A chain of `let` has no other operator than its own.
        if !is_let(&binary.left) && !is_let(&binary.right) {
            let (left, right) = (binary.left.span().byte_range(), binary.right.span().byte_range());
            let with = |(number, operator): Choice| (number, format!("{} {operator} {}", &self.source[left.clone()], &self.source[right.clone()]));
            let choices: Vec<_> = self.take("BinaryOperator", binary.op.span()).into_iter().map(with).collect();
            if !choices.is_empty() {
                self.add(left.start..right.end, 3, Change::Expression(choices));
            }
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_unary(&mut self, unary: &'ast syn::ExprUnary) {
        let operand = self.text(unary.expr.span()).to_owned();
        let choices: Vec<_> = self.take("UnaryOperator", unary.op.span()).into_iter().map(|(number, _)| (number, operand.clone())).collect();
        if !choices.is_empty() {
            self.add(unary.span().byte_range(), 4, Change::Expression(choices));
        }
        visit::visit_expr_unary(self, unary);
    }

    fn visit_expr_struct(&mut self, structure: &'ast syn::ExprStruct) {
        let whole = structure.span().byte_range();
        let starts = structure.fields.iter().map(|field| field.span().byte_range().start);
        let starts: Vec<usize> = starts.chain(structure.dot2_token.map(|rest| rest.span().byte_range().start)).collect();
        let mut choices = Vec::new();
        for (field, next) in structure.fields.iter().zip(starts.iter().skip(1)) {
            let without = format!("{}{}", &self.source[whole.start..field.span().byte_range().start], &self.source[*next..whole.end]);
            choices.extend(self.take("StructField", field.span()).into_iter().map(|(number, _)| (number, without.clone())));
        }
        if !choices.is_empty() {
            self.add(whole, 2, Change::Expression(choices));
        }
        visit::visit_expr_struct(self, structure);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        let deleted: Vec<usize> = self.take("MatchArm", arm.span()).into_iter().map(|(number, _)| number).collect();
        let (range, guards) = match &arm.guard {
            Some((_, guard)) if is_let(guard) => (guard.span().byte_range(), Vec::new()),
            Some((_, guard)) => (guard.span().byte_range(), self.take("MatchArmGuard", guard.span())),
            None => {
                let end = arm.pat.span().byte_range().end;
                (end..end, Vec::new())
            }
        };
        if !deleted.is_empty() || !guards.is_empty() {
            self.add(range, 1, Change::Arm { guards, deleted, guarded: arm.guard.is_some() });
        }
        visit::visit_arm(self, arm);
    }
}

fn is_let(expression: &syn::Expr) -> bool {
    match expression {
        syn::Expr::Let(_) => true,
        syn::Expr::Binary(binary) => is_let(&binary.left) || is_let(&binary.right),
        syn::Expr::Paren(inner) => is_let(&inner.expr),
        _ => false,
    }
}
