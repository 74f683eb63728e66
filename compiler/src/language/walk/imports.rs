//! `import` blocks: what is imported to where, and what cannot be.

use std::sync::Arc;

use super::lower::output_value;
use super::moves::{Declared, Located, last_key};
use super::repetition::{Keys, Repeating};
use super::{Place, Repeated, Walk};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::configuration::{Import, Key, without_keys};
use crate::language::graph::qualified;
use crate::language::module::{ImportBlock, ProviderName, Repetition, Statement, object};
use crate::language::source::FileId;
use crate::language::syntax::{Expression, Node, Path, PathStep, as_path, parse_expression};
use crate::language::term::{Content, Shape, Term, as_usize, convert};
use crate::language::which::Language;
use crate::value::Value;

impl Walk<'_> {
    /// Terraform reads those of every module from 1.16 on, for each of its instances.
    pub(super) fn imports(&mut self, tree: usize) {
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
        let mut blocks: Vec<&ImportBlock> = module.imports.iter().collect();
        if self.evaluator.language == Language::OpenTofu {
            // It complains of what `for_each` gives beside addresses that are written down.
            blocks.sort_by_key(|block| block.for_each.is_some());
        }
        for block in blocks {
            if tree > 0 {
                let what = format_args!("an import block in a module");
                self.evaluator.required.note(what, 16, block.spot);
            }
            let path = self.respelled_path(tree, &block.outline);
            match self.declared(tree, &path) {
                Declared::Resource(found) => self.check_import_provider(block, &path, found),
                Declared::Perhaps => {}
                Declared::Module(..) | Declared::Nothing => {
                    let error = Diagnostic::error(
                        Code::ImportTargetMissing,
                        "Configuration for import target does not exist",
                    )
                    .detail(format!(
                        "There is no resource block for {}.",
                        without_keys(&path.to_string())
                    ));
                    self.evaluator.complain(block.to.spot, error);
                    continue;
                }
            }
            for instance in self.of_module[tree].clone() {
                self.import(instance, block);
            }
        }
    }

    /// The provider of what is imported is the resource's: an import block can only repeat it.
    fn check_import_provider(&self, block: &ImportBlock, path: &Path, found: Located) {
        let Some(provider) = &block.provider else {
            return;
        };
        let resource = &self.module(found.module).resources[found.resource];
        let is_inside = path.steps.first() == Some(&PathStep::Name("module".into()));
        let same = resource.provider.as_ref().map(ProviderName::names) == Some(provider.names());
        if same && !is_inside {
            return;
        }
        let problem = if is_inside {
            "What is imported into a module belongs to the provider that the module gets: say so in the block of its call."
        } else {
            "What is imported belongs to the provider that the block of the resource names: say so there."
        };
        let error = Diagnostic::error(Code::InvalidImport, "Invalid import provider argument")
            .detail(problem);
        self.evaluator.complain(provider.path.spot, error);
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
            if !self.is_first_import(&to, block) {
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

    /// False, after a complaint, for what another block imports to already. In Terraform only addresses that are written down are held
    /// against each other; of what `for_each` gives the last one counts.
    fn is_first_import(&mut self, to: &str, block: &ImportBlock) -> bool {
        let is_written = block.for_each.is_none();
        let Some(was_written) = self.imported.insert(to.to_owned(), is_written) else {
            return true;
        };
        if self.evaluator.language == Language::Terraform && !(is_written && was_written) {
            self.result.imports.retain(|import| import.to != to);
            return true;
        }
        let error = Diagnostic::error(
            Code::InvalidImport,
            format!("Duplicate import configuration for {to:?}"),
        )
        .detail("Each instance of a resource can have only one import block.");
        let spot = match self.evaluator.language {
            Language::Terraform => block.to.spot,
            Language::OpenTofu => block.spot,
        };
        self.evaluator.complain(spot, error);
        false
    }

    /// Why nothing can be imported to an address: its key is not one of the resource's.
    fn wrong_target(&self, to: &str, file: FileId) -> Option<Diagnostic> {
        let expression = as_path(&parse_expression(file, to).ok()?)?;
        let Declared::Resource(found) = self.declared(0, &expression) else {
            return None;
        };
        let repetition = &self.module(found.module).resources[found.resource].repetition;
        let problem = match (repetition, last_key(&expression)) {
            (Repetition::Once | Repetition::Enabled(_), None)
            | (Repetition::Count(_), Some(PathStep::Index(_)))
            | (Repetition::ForEach(_), Some(PathStep::Key(_))) => {
                return self.no_instance(to, found);
            }
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

    /// An instance that does not exist, where all instances of its resource are known.
    fn no_instance(&self, to: &str, found: Located) -> Option<Diagnostic> {
        if self.instances_of(found)?.contains(to) {
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
        let marks = term.deep_marks();
        let invalid = |problem: &str| {
            let error = Diagnostic::error(Code::InvalidImport, "Invalid import id argument");
            self.evaluator.complain(id.spot, error.detail(problem));
            false
        };
        if self.evaluator.failed_since(mark) {
            return false;
        }
        if self.evaluator.language == Language::OpenTofu
            && (marks.is_sensitive() || marks.is_ephemeral())
        {
            return invalid("The id is sensitive or ephemeral, and it is shown in plans.");
        }
        if term.is_unknown() {
            return true;
        }
        match convert(&term, &Shape::String) {
            _ if term.is_null() => invalid("The id is null."),
            Ok(text) if text.as_str() == Some("") => invalid("The id is empty."),
            Ok(_) => true,
            Err(_) => invalid("The id is no text."),
        }
    }

    /// As everywhere in OpenTofu, and also the items of a list. Terraform takes all that has items, and lets values be sensitive.
    fn import_keys(&self, for_each: Option<&Arc<Expression>>, instance: usize) -> Option<Keys> {
        let place = Place::module(instance);
        let Some(expression) = for_each else {
            return self.keys(&Repetition::Once, place, Repeating::Import);
        };
        let is_terraform = self.evaluator.language == Language::Terraform;
        let mark = self.evaluator.mark();
        let (term, marks) = self.evaluate(expression, place).unmarked();
        if is_terraform && self.evaluator.failed_since(mark) {
            return None;
        }
        let keys = |items: Vec<(Key, Option<Term>)>| {
            Some(Keys {
                repeated: Repeated::ForEach,
                items,
            })
        };
        let is_open = !marks.is_ephemeral() && (is_terraform || !marks.is_sensitive());
        match &term.content {
            Content::Null(_) if is_open && is_terraform => keys(Vec::new()),
            Content::List(_) | Content::Tuple(_) if is_open => {
                let items = term.as_items().unwrap_or_default().iter();
                let items = items.map(|item| Some(item.clone().marked(&marks)));
                keys((0..).map(Key::Index).zip(items).collect())
            }
            Content::Set(set) if is_open && is_terraform && term.is_wholly_known() => {
                let items = (0..).zip(&set.items);
                let items = items.map(|(position, item)| {
                    let key = match &item.content {
                        Content::String(name) => Key::Name(name.clone()),
                        Content::Number(number) => Key::Index(
                            as_usize(number)
                                .and_then(|number| u64::try_from(number).ok())
                                .unwrap_or(position),
                        ),
                        _ => Key::Index(position),
                    };
                    (key, Some(item.clone().marked(&marks)))
                });
                keys(items.collect())
            }
            Content::Map(entries) | Content::Object(entries) if is_open && is_terraform => {
                let entries = entries.entries.iter();
                let items = entries.map(|(name, value)| {
                    (Key::Name(name.clone()), Some(value.clone().marked(&marks)))
                });
                keys(items.collect())
            }
            _ => self.keys(
                &Repetition::ForEach(expression.clone()),
                place,
                Repeating::Import,
            ),
        }
    }

    /// The address that an instance of the block imports to; `None` after a complaint.
    fn import_target(&self, expression: &Expression, place: Place<'_>) -> Option<String> {
        let tree = self.instances[place.instance].tree;
        let mut steps = Vec::new();
        self.target_steps(expression, place, &mut steps)?;
        let path = Path {
            steps,
            spot: expression.spot,
        };
        let path = object(path, Statement::Import, self.evaluator.language).ok()?;
        Some(self.respelled(tree, &path))
    }

    fn target_steps(
        &self,
        expression: &Expression,
        place: Place<'_>,
        steps: &mut Vec<PathStep>,
    ) -> Option<()> {
        match &expression.node {
            Node::Variable(name) => steps.push(PathStep::Name(name.clone())),
            Node::Attribute(inner, name, _) => {
                self.target_steps(inner, place, steps)?;
                steps.push(PathStep::Name(name.clone()));
            }
            Node::Index(inner, key) => {
                self.target_steps(inner, place, steps)?;
                steps.push(self.target_key(key, place)?);
            }
            _ => return None,
        }
        Some(())
    }

    fn target_key(&self, expression: &Expression, place: Place<'_>) -> Option<PathStep> {
        let mark = self.evaluator.mark();
        let (key, marks) = self.evaluate(expression, place).unmarked();
        if self.evaluator.failed_since(mark) {
            return None;
        }
        let problem = match &key.content {
            _ if marks.is_sensitive() => "The key is sensitive, and addresses are shown.",
            _ if marks.is_ephemeral() => {
                "The key is ephemeral, and an address must be the same at every plan."
            }
            Content::String(name) => return Some(PathStep::Key(name.clone())),
            Content::Number(number) => match as_usize(number) {
                Some(index) => return Some(PathStep::Index(index)),
                None => "The key of an instance is a text or a whole number from zero on.",
            },
            Content::Unknown(_) => {
                self.unknown_instances(expression.spot, mark, Repeating::Import, "to");
                return None;
            }
            _ => "The key of an instance is a text or a whole number.",
        };
        let error =
            Diagnostic::error(Code::InvalidImport, "Invalid import address").detail(problem);
        self.evaluator.complain(expression.spot, error);
        None
    }
}
