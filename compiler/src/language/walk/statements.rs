//! `import`, `moved` and `removed` blocks, and the order of the result.

use std::cmp::Ordering;
use std::sync::Arc;

use super::lower::output_value;
use super::moves::{Declared, last_key};
use super::repetition::{Keys, Repeating};
use super::{Place, Repeated, Walk};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::configuration::{Import, Key, Links, Moved, Provider, Removed, without_keys};
use crate::language::graph::qualified;
use crate::language::module::{ImportBlock, Repetition};
use crate::language::resolve::our_kind;
use crate::language::source::FileId;
use crate::language::syntax::{Expression, Node, Path, PathStep, as_path, parse_expression};
use crate::language::term::{Content, Shape, Term, convert};
use crate::language::which::Language;
use crate::value::Value;

impl Walk<'_> {
    pub(super) fn statements(&mut self) {
        for tree in 0..self.tree.modules.len() {
            let module = self.module(tree);
            let prefix = self.tree.modules[tree].address();
            for block in &module.moved {
                let moved = Moved {
                    from: qualified(&prefix, &self.respelled(tree, &block.from)),
                    to: qualified(&prefix, &self.respelled(tree, &block.to)),
                    span: self.evaluator.sources.borrow().span(block.spot),
                };
                self.result.moved.push(moved);
            }
            for block in &module.removed {
                let removed = Removed {
                    from: qualified(&prefix, &self.respelled(tree, &block.from)),
                    destroy: block.destroy,
                    span: self.evaluator.sources.borrow().span(block.spot),
                };
                self.result.removed.push(removed);
            }
            self.forgotten(tree);
            self.check_moves(tree);
            self.imports(tree);
        }
        self.default_providers();
        self.result
            .instances
            .sort_by(|left, right| natural(&left.address, &right.address));
        self.result
            .providers
            .sort_by(|left, right| left.reference.cmp(&right.reference));
    }

    /// Instances that go, by their own keys or with those of a module around them, stay on their server where `destroy = false` says
    /// so: as if a `removed` block did.
    fn forgotten(&mut self, tree: usize) {
        let repeats = |repetition: &Repetition| repetition.expression().is_some();
        let mut around = std::iter::successors(self.tree.modules[tree].parent, |parent| {
            self.tree.modules[parent.module].parent
        });
        let in_repeated = around.any(|parent| {
            let calls = &self.module(parent.module).calls;
            repeats(&calls.items[parent.call].repetition)
        });
        let prefix = self.tree.modules[tree].address();
        for resource in &self.module(tree).resources {
            if resource.lifecycle.forgets && (in_repeated || repeats(&resource.repetition)) {
                self.result.removed.push(Removed {
                    from: qualified(&prefix, &resource.address()),
                    destroy: false,
                    span: self.evaluator.sources.borrow().span(resource.spot),
                });
            }
        }
    }

    /// Types of our documents get their prefix.
    fn respelled(&self, tree: usize, path: &Path) -> String {
        self.respelled_path(tree, path).to_string()
    }

    /// True if a path leads to a resource block, or into a module that is not on disk.
    fn is_declared(&self, tree: usize, path: &Path) -> bool {
        matches!(
            self.declared(tree, path),
            Declared::Resource(..) | Declared::Perhaps
        )
    }

    fn respelled_path(&self, tree: usize, path: &Path) -> Path {
        let module = self.module(tree);
        let mut path = path.clone();
        if module.document
            && let Some(PathStep::Name(first)) = path.steps.first_mut()
        {
            *first = our_kind(module, first);
        }
        path
    }

    /// Terraform reads those of every module from 1.16 on, for each of its instances.
    fn imports(&mut self, tree: usize) {
        let module = self.module(tree);
        if tree > 0
            && self.evaluator.language == Language::OpenTofu
            && let Some(block) = module.imports.first()
        {
            let error = Diagnostic::error(Code::InvalidImport, "Invalid import configuration")
                .detail("An import block can stand only in the root module.");
            self.evaluator.complain(block.spot, error);
            return;
        }
        for block in &module.imports {
            if tree > 0 {
                let what = format_args!("an import block in a module");
                self.evaluator.required.note(what, 16, block.spot);
            }
            if let Some(path) = as_path(&block.to).map(|path| self.respelled_path(tree, &path))
                && !self.is_declared(tree, &path)
            {
                let error = Diagnostic::error(
                    Code::ImportTargetMissing,
                    "Configuration for import target does not exist",
                )
                .detail(format!("There is no resource block for {path}."));
                self.evaluator.complain(block.to.spot, error);
                continue;
            }
            for instance in self.of_module[tree].clone() {
                self.import(instance, block);
            }
        }
    }

    fn import(&mut self, instance: usize, block: &ImportBlock) {
        let tree = self.instances[instance].tree;
        let Some(keys) = self.import_keys(block.for_each.as_ref(), instance) else {
            return;
        };
        for (key, value) in &keys.items {
            let place = Place {
                repetition: Some((key, value.as_ref())),
                ..Place::module(instance)
            };
            let Some(to) = self.import_target(&block.to, place) else {
                let error = Diagnostic::error(Code::InvalidImport, "Invalid import address")
                    .detail("The import block's \"to\" argument must be a resource address, whose keys may be expressions.");
                self.evaluator.complain(block.to.spot, error);
                return;
            };
            let to = qualified(&self.instances[instance].address, &to);
            if let Some(problem) = self.wrong_target(&to, block.to.spot.file) {
                self.evaluator.complain(block.to.spot, problem);
                return;
            }
            // What a module above says of a resource counts instead of what its own module says.
            let resource = without_keys(&to);
            if *self.importing.entry(resource).or_insert(tree) != tree {
                continue;
            }
            if !self.imported.insert(to.clone()) {
                let error = Diagnostic::error(
                    Code::InvalidImport,
                    format!("Duplicate import configuration for {to:?}"),
                )
                .detail("Each instance of a resource can have only one import block.");
                self.evaluator.complain(block.to.spot, error);
                return;
            }
            if !self.is_id(block.id.as_deref(), place) {
                return;
            }
            if !to.contains(crate::language::module::PREFIX) {
                continue;
            }
            let value = |expression: &Option<Arc<Expression>>| match expression {
                Some(expression) => output_value(&self.evaluate(expression, place)),
                None => Value::Null,
            };
            let import = Import {
                id: value(&block.id),
                identity: value(&block.identity),
                to,
                span: self.evaluator.sources.borrow().span(block.spot),
            };
            self.result.imports.push(import);
        }
    }

    /// Why nothing can be imported to an address: its key is not one of the resource's.
    fn wrong_target(&self, to: &str, file: FileId) -> Option<Diagnostic> {
        let expression = as_path(&parse_expression(file, to).ok()?)?;
        let Declared::Resource(repetition, _) = self.declared(0, &expression) else {
            return None;
        };
        let problem = match (repetition, last_key(&expression)) {
            (Repetition::Once | Repetition::Enabled(_), None)
            | (Repetition::Count(_), Some(PathStep::Index(_)))
            | (Repetition::ForEach(_), Some(PathStep::Key(_))) => return self.no_instance(to),
            (Repetition::ForEach(_), _) => {
                "The resource has `for_each`, so its instances have texts as keys."
            }
            (Repetition::Count(_), _) => {
                "The resource has `count`, so its instances have numbers as keys."
            }
            (Repetition::Once | Repetition::Enabled(_), Some(_)) => {
                "The resource has neither `count` nor `for_each`, so it has no instances with keys."
            }
        };
        Some(
            Diagnostic::error(Code::InvalidImport, "Invalid import 'to' expression")
                .detail(problem),
        )
    }

    /// An instance of ours that does not exist beside others of its resource that do.
    fn no_instance(&self, to: &str) -> Option<Diagnostic> {
        if self.siblings(to)?.contains(to) {
            return None;
        }
        let error = Diagnostic::error(
            Code::ImportTargetMissing,
            "Configuration for import target does not exist",
        );
        Some(error.detail(format!("There is no instance {to}.")))
    }

    /// False, after a complaint, for the id of an import block that cannot be one.
    fn is_id(&self, id: Option<&Expression>, place: Place<'_>) -> bool {
        let Some(id) = id else {
            return true;
        };
        let mark = self.evaluator.mark();
        let term = self.evaluate(id, place);
        if self.evaluator.failed_since(mark) || term.is_unknown() {
            return !self.evaluator.failed_since(mark);
        }
        let text = convert(&term, &Shape::String);
        let problem = match &text {
            _ if term.is_null() => "The id is null.".to_owned(),
            Ok(text) if text.as_str() == Some("") => "The id is empty.".to_owned(),
            Ok(_) => return true,
            Err(_) => "The id is no text.".to_owned(),
        };
        let error = Diagnostic::error(Code::InvalidImport, "Invalid import id argument");
        self.evaluator.complain(id.spot, error.detail(problem));
        false
    }

    /// As everywhere, and also the items of a list.
    fn import_keys(&self, for_each: Option<&Arc<Expression>>, instance: usize) -> Option<Keys> {
        let place = Place::module(instance);
        let Some(expression) = for_each else {
            return self.keys(&Repetition::Once, place, Repeating::Import);
        };
        let term = self.evaluate(expression, place);
        if let Content::List(_) | Content::Tuple(_) = &term.content
            && !term.weight().marked
        {
            let items = term.as_items().unwrap_or_default().iter().cloned();
            return Some(Keys {
                repeated: Repeated::ForEach,
                items: (0..).map(Key::Index).zip(items.map(Some)).collect(),
            });
        }
        self.keys(
            &Repetition::ForEach(expression.clone()),
            place,
            Repeating::Import,
        )
    }

    fn import_target(&self, expression: &Expression, place: Place<'_>) -> Option<String> {
        if matches!(expression.node, Node::JsonText { .. }) {
            let tree = self.instances[place.instance].tree;
            return as_path(expression).map(|path| self.respelled(tree, &path));
        }
        match &expression.node {
            Node::Variable(name) => {
                let module = self.module(self.instances[place.instance].tree);
                Some(our_kind(module, name).to_string())
            }
            Node::Attribute(inner, name, _) => {
                let before = self.import_target(inner, place)?;
                Some(format!("{before}.{name}"))
            }
            Node::Index(inner, key) => {
                let before = self.import_target(inner, place)?;
                let key: Term = self.evaluate(key, place);
                match &key.content {
                    Content::String(name) => Some(format!("{before}[{name:?}]")),
                    Content::Number(number) => Some(format!("{before}[{number}]")),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Resources without any provider block get their settings from the environment.
    fn default_providers(&mut self) {
        let mut missing = std::collections::BTreeSet::new();
        for instance in &self.result.instances {
            let there = self
                .result
                .providers
                .iter()
                .any(|provider| provider.reference == *instance.provider);
            if !there {
                missing.insert(instance.provider.clone());
            }
        }
        for reference in missing {
            let schema = &self.schemas.provider().body;
            let attributes = schema
                .attributes
                .iter()
                .map(|attribute| attribute.name.clone());
            let blocks = schema.blocks.iter().map(|block| block.name.clone());
            self.result.providers.push(Provider {
                reference: reference.as_ref().clone(),
                config: Value::map(attributes.chain(blocks).map(|name| (name, Value::Null))),
                marks: std::collections::BTreeMap::new(),
                links: Links::default(),
                spans: Arc::default(),
                span: None,
            });
        }
    }
}

/// Text order, but numbers by their value: `x[9]` before `x[10]`.
pub(super) fn natural(left: &str, right: &str) -> Ordering {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let same = same_start(left, right);
    let (mut left, mut right) = (&left[same..], &right[same..]);
    loop {
        match (left.first(), right.first()) {
            (Some(one), Some(other)) if one.is_ascii_digit() && other.is_ascii_digit() => {
                let (one, rest) = number(left);
                let (other, other_rest) = number(right);
                let order = one.len().cmp(&other.len()).then_with(|| one.cmp(other));
                if order != Ordering::Equal {
                    return order;
                }
                (left, right) = (rest, other_rest);
            }
            (Some(one), Some(other)) if one == other => {
                (left, right) = (&left[1..], &right[1..]);
            }
            (one, other) => return one.cmp(&other),
        }
    }
}

/// How much is the same in both, without the digits at its end: addresses mostly differ near theirs.
fn same_start(left: &[u8], right: &[u8]) -> usize {
    let (blocks, other_blocks) = (left.as_chunks::<8>().0, right.as_chunks::<8>().0);
    let blocks = blocks.iter().zip(other_blocks);
    let whole = 8 * blocks.take_while(|(one, other)| one == other).count();
    let letters = left[whole..].iter().zip(&right[whole..]);
    let same = whole + letters.take_while(|(one, other)| one == other).count();
    let digits = left[..same].iter().rev();
    same - digits.take_while(|byte| byte.is_ascii_digit()).count()
}

/// The digits at the start, leading zeros aside, and what follows.
fn number(text: &[u8]) -> (&[u8], &[u8]) {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(length);
    let zeros = digits.iter().take_while(|byte| **byte == b'0').count();
    (&digits[zeros.min(length - 1)..], rest)
}
