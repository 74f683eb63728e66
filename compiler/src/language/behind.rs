//! What an expression finally depends on, for a comparison of two revisions: its words, and those of everything that they lead to.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use parking_lot::Mutex;

use super::configuration::{Instance, Mode, Provider};
use super::evaluate::{Evaluator, ReadFile};
use super::graph::{Item, Node, qualified};
use super::inputs::Inputs;
use super::module::{Module, ModuleTree, PREFIX, Repetition, Resource, our_provider_names};
use super::resolve::{Resolver, Target};
use super::source::{Sources, Spot};
use super::syntax::{Attribute, Body, Expression, Name, Reference, references};
use super::term::{Term, equal};
use super::which::Language;
use crate::diagnostic::Span;

/// The declarations of a configuration, kept to ask them what stands behind a value that is not known. Without any, nothing is known
/// of that either.
pub struct Words {
    declared: Option<(ModuleTree, Inputs)>,
    /// By their addresses.
    modules: HashMap<String, usize>,
    files: HashMap<String, ReadFile>,
    language: Language,
    /// What was asked already.
    answers: Mutex<Answers>,
}

/// By the place that was asked about, and its node.
type Answers = HashMap<(Node, Span), Arc<Behind>>;

/// What stands behind an expression, in the order in which its words lead there.
pub(crate) type Behind = Vec<Part>;

/// One thing that decides.
pub(crate) enum Part {
    /// What is written.
    Words(String),
    /// The value of a variable of the root module, if it has one.
    Given(Given),
    /// Which instance it is of the module call, or in the end of the block, that stands this deep.
    Key(usize),
    /// A resource of ours: its address without keys; any attribute if none is named.
    Object {
        address: String,
        attribute: Option<String>,
    },
    /// What is in files beside the configuration.
    Files,
}

/// A value that is compared and never shown.
pub(crate) struct Given(Option<Term>);

impl PartialEq for Given {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(another)) => equal(one, another),
            (None, None) => true,
            _ => false,
        }
    }
}

impl Words {
    pub(super) fn new(
        evaluator: &mut Evaluator<'_>,
        declared: Option<(ModuleTree, Inputs)>,
    ) -> Self {
        let modules = declared.iter().flat_map(|(tree, _)| &tree.modules);
        let modules = modules.enumerate();
        Self {
            modules: modules
                .map(|(index, module)| (module.address(), index))
                .collect(),
            declared,
            files: std::mem::take(evaluator.files.get_mut()),
            language: evaluator.language,
            answers: Mutex::default(),
        }
    }

    /// True if both have read the same from the files that both have read. What reads others has other words.
    pub(crate) fn reads_the_same(&self, other: &Self) -> bool {
        let mut files = self.files.iter();
        files.all(|(path, read)| other.files.get(path).is_none_or(|other| other == read))
    }

    /// What stands behind what a managed instance says in a place of its block, or, where that says nothing of its own, in all of it.
    pub(crate) fn behind(
        &self,
        instance: &Instance,
        span: &Span,
        sources: &Sources,
    ) -> Option<Arc<Behind>> {
        let address = instance.resource();
        let (rest, name) = address.rsplit_once('.')?;
        let (outer, kind) = rest.rsplit_once('.').unwrap_or(("", rest));
        let index = *self.modules.get(outer)?;
        let (tree, _) = self.declared.as_ref()?;
        let known = &tree.modules[index].module.resource_index;
        let position = *known.get(&(instance.mode, kind.into(), name.into()))?;
        let node = Node {
            module: index,
            item: Item::Resource(position),
        };
        Some(self.answer(node, span, sources))
    }

    /// Likewise of a provider block.
    pub(crate) fn behind_setting(
        &self,
        provider: &Provider,
        span: &Span,
        sources: &Sources,
    ) -> Option<Arc<Behind>> {
        let (tree, _) = self.declared.as_ref()?;
        let reference = &provider.reference;
        let index = *self.modules.get(&reference.module)?;
        let module = &tree.modules[index].module;
        let mut blocks = module.providers.iter();
        let position = blocks.position(|block| {
            our_provider_names(&module.provider_names)(&block.name)
                && block.alias.as_deref() == reference.alias.as_deref()
        })?;
        let node = Node {
            module: index,
            item: Item::Provider(position),
        };
        Some(self.answer(node, span, sources))
    }

    fn answer(&self, node: Node, span: &Span, sources: &Sources) -> Arc<Behind> {
        let key = (node, span.clone());
        let mut answers = self.answers.lock();
        if let Some(answer) = answers.get(&key) {
            return answer.clone();
        }
        let mut found = Vec::new();
        if let Some((tree, inputs)) = &self.declared {
            let resolver = Resolver {
                language: self.language,
                tree,
                check: None,
            };
            let mut search = Search {
                resolver,
                inputs,
                sources,
                seen: HashSet::new(),
                found,
            };
            search.asked(node, span);
            found = search.found;
        }
        let answer = Arc::new(found);
        answers.insert(key, answer.clone());
        answer
    }
}

impl Default for Words {
    fn default() -> Self {
        Self {
            declared: None,
            modules: HashMap::new(),
            files: HashMap::new(),
            language: Language::Terraform,
            answers: Mutex::default(),
        }
    }
}

/// Where an expression stands.
#[derive(Clone, Copy)]
struct Site<'a> {
    module: usize,
    /// How often its block is there.
    repetition: Option<&'a Arc<Expression>>,
    /// How deep the block stands of which one instance is asked about; `None` where any may be meant.
    depth: Option<usize>,
    /// The instance of the module is that around what is asked about.
    is_around: bool,
}

struct Search<'a> {
    resolver: Resolver<'a>,
    inputs: &'a Inputs,
    sources: &'a Sources,
    /// What was followed, in which module.
    seen: HashSet<(usize, Spot)>,
    found: Behind,
}

impl<'a> Search<'a> {
    fn module(&self, index: usize) -> &'a Module {
        &self.resolver.tree.modules[index].module
    }

    fn words(&mut self, words: impl Into<String>) {
        self.found.push(Part::Words(words.into()));
    }

    fn asked(&mut self, node: Node, span: &Span) {
        let module = self.module(node.module);
        let (body, repetition) = match node.item {
            Item::Resource(index) => {
                let resource = &module.resources[index];
                (&resource.body, resource.repetition.expression())
            }
            Item::Provider(index) => {
                let block = &module.providers[index];
                (&block.body, block.for_each.as_ref())
            }
            _ => return,
        };
        let site = Site {
            module: node.module,
            repetition,
            depth: Some(self.resolver.tree.modules[node.module].path.len()),
            is_around: true,
        };
        let mut around = Vec::new();
        match self.attribute_at(body, span, &mut around) {
            Some(attribute) => {
                for outer in around {
                    self.expression(&outer.expression, site);
                }
                self.expression(&attribute.expression, site);
            }
            None => self.body(body, site),
        }
    }

    /// The attribute that stands in a place, with those of the `dynamic` blocks around it.
    fn attribute_at(
        &self,
        body: &'a Body,
        span: &Span,
        around: &mut Vec<&'a Attribute>,
    ) -> Option<&'a Attribute> {
        let mut attributes = body.attributes.iter();
        let found = attributes.find(|attribute| self.sources.span(attribute.spot()) == *span);
        if found.is_some() {
            return found;
        }
        body.blocks.iter().find_map(|block| {
            let before = around.len();
            if &*block.kind == "dynamic" {
                around.extend(&block.body.attributes);
            }
            let found = self.attribute_at(&block.body, span, around);
            if found.is_none() {
                around.truncate(before);
            }
            found
        })
    }

    fn body(&mut self, body: &'a Body, site: Site<'a>) {
        for attribute in &body.attributes {
            self.words(&*attribute.name);
            self.expression(&attribute.expression, site);
        }
        for block in &body.blocks {
            self.words(&*block.kind);
            for label in &block.labels {
                self.words(&*label.text);
            }
            self.body(&block.body, site);
        }
    }

    fn expression(&mut self, expression: &'a Expression, site: Site<'a>) {
        if !self.seen.insert((site.module, expression.spot)) {
            return;
        }
        let text = self.sources.slice(expression.spot);
        if text.contains("file") {
            self.found.push(Part::Files);
        }
        self.words(text);
        let mut all = Vec::new();
        references(expression, self.resolver.language, &mut |reference| {
            all.push(reference);
        });
        for reference in all {
            self.reference(&reference, site);
        }
    }

    fn reference(&mut self, reference: &Reference, site: Site<'a>) {
        if matches!(&*reference.root, "each" | "count") {
            self.found.extend(site.depth.map(Part::Key));
            let step = reference.steps.first().map(AsRef::as_ref);
            // An address tells the key: which others there are makes no difference.
            if site.depth.is_some() && matches!(step, Some("key" | "index")) {
                return;
            }
            if let Some(repetition) = site.repetition {
                self.expression(repetition, site);
            }
            return;
        }
        // What leads nowhere is the element of a `dynamic` block, or was complained about.
        let Ok(targets) = self.resolver.resolve(site.module, reference) else {
            return;
        };
        for target in targets {
            if let Target::Node(node) = target {
                self.node(node, reference, site);
            }
        }
    }

    fn node(&mut self, node: Node, reference: &Reference, site: Site<'a>) {
        let module = self.module(node.module);
        let here = Site {
            module: node.module,
            repetition: None,
            depth: None,
            is_around: site.is_around && node.module == site.module,
        };
        match node.item {
            Item::Local(index) => self.expression(&module.locals.items[index].expression, here),
            Item::Variable(index) => self.variable(node.module, index, here),
            Item::Output(index) => self.expression(&module.outputs.items[index].value, here),
            Item::Call(index) | Item::Arguments(index) => {
                let call = &module.calls.items[index];
                let settings = [
                    &call.source,
                    &call.version,
                    &call.repetition.expression().cloned(),
                ]
                .map(|setting| setting.as_ref().map(|setting| setting.spot));
                for spot in settings.into_iter().flatten() {
                    self.words(self.sources.slice(spot));
                }
                if let Some(repetition) = call.repetition.expression() {
                    self.expression(repetition, here);
                }
                if self.resolver.tree.modules[node.module].children[index].is_none() {
                    for argument in &call.arguments.attributes {
                        self.words(&*argument.name);
                        self.expression(&argument.expression, here);
                    }
                }
            }
            Item::Resource(index) => self.resource(node.module, index, reference, here),
            Item::Provider(_) => {}
        }
    }

    fn variable(&mut self, module: usize, index: usize, site: Site<'a>) {
        let variable = &self.module(module).variables.items[index];
        if !self.seen.insert((module, variable.spot)) {
            return;
        }
        self.words(variable.shape.spelling());
        let Some(parent) = self.resolver.tree.modules[module].parent else {
            let given = self.inputs.get(&variable.name).map(|given| &given.term);
            let given = given.or(variable.default.as_ref()).cloned();
            self.found.push(Part::Given(Given(given)));
            return;
        };
        let call = &self.module(parent.module).calls.items[parent.call];
        let mut arguments = call.arguments.attributes.iter();
        let depth = self.resolver.tree.modules[parent.module].path.len();
        match arguments.find(|argument| argument.name == variable.name) {
            Some(argument) => {
                let outside = Site {
                    module: parent.module,
                    repetition: call.repetition.expression(),
                    depth: site.is_around.then_some(depth),
                    is_around: site.is_around,
                };
                self.expression(&argument.expression, outside);
            }
            None => {
                let given = variable.default.clone();
                self.found.push(Part::Given(Given(given)));
            }
        }
    }

    fn resource(&mut self, module: usize, index: usize, reference: &Reference, site: Site<'a>) {
        let resource = &self.module(module).resources[index];
        if resource.mode == Mode::Managed && resource.kind.starts_with(PREFIX) {
            let outer = self.resolver.tree.modules[module].address();
            self.found.push(Part::Object {
                address: qualified(&outer, &resource.address()),
                attribute: attribute_of(resource, reference),
            });
            return;
        }
        if !self.seen.insert((module, resource.spot)) {
            return;
        }
        let inside = Site {
            repetition: resource.repetition.expression(),
            ..site
        };
        if let Repetition::Count(expression)
        | Repetition::ForEach(expression)
        | Repetition::Enabled(expression) = &resource.repetition
        {
            self.expression(expression, site);
        }
        self.body(&resource.body, inside);
        if resource.mode == Mode::Data {
            self.found.push(Part::Files);
        }
        let (name, alias) = resource.provider_names();
        let route = self
            .resolver
            .provider(module, &name, alias.as_deref(), None);
        if let Some(route) = route {
            let block = &self.module(route.module).providers[route.block];
            let there = Site {
                module: route.module,
                repetition: block.for_each.as_ref(),
                depth: None,
                is_around: site.is_around && route.module == module,
            };
            self.body(&block.body, there);
        }
    }
}

/// Which attribute of a resource a reference names.
fn attribute_of(resource: &Resource, reference: &Reference) -> Option<String> {
    let mut steps = reference.steps.iter();
    steps.find(|step| **step == resource.name)?;
    let named = |step: &&Name| !step.starts_with('[');
    steps.find(named).map(|name| name.to_string())
}
