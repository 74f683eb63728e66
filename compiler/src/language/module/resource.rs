//! `resource`, `data` and `ephemeral` blocks, and what they share with `module`: repetition, order, lifecycle.

use crate::diagnostic::Code;
use std::sync::Arc;

use super::decode::provider_name;
use super::ignored::ignore_changes;
use super::provisioner::{Known, check, check_connection, only_connection};
use super::{Context, LifecycleBlock, PREFIX, ProviderName, Provisioner, Repetition, Resource};
use crate::language::configuration::Mode;
use crate::language::syntax::{
    Block, Body, Expression, Name, Node, as_keyword, as_text, parse_expression, references,
};
use crate::language::term::Shape;
use crate::language::which::Language;
use crate::language::words::Place;

pub(super) const META_ATTRIBUTES: [&str; 4] = ["count", "for_each", "provider", "depends_on"];
const META_BLOCKS: [&str; 4] = ["lifecycle", "connection", "provisioner", "locals"];

pub(super) fn resource(context: &Context<'_>, block: &Block, mode: Mode) -> Option<Resource> {
    let [kind, name] = context.labels(block, ["type", "name"])?;
    context.check_name(&kind, block.labels[0].spot, "resource type name");
    context.check_name(&name, block.labels[1].spot, "resource name");
    let body = &block.body;
    let (provisioners, connection): (Vec<&Block>, Vec<&Block>) = body
        .blocks
        .iter()
        .filter(|inner| matches!(inner.kind.as_ref(), "provisioner" | "connection"))
        .partition(|inner| inner.kind.as_ref() == "provisioner");
    let outer = only_connection(context, body);
    for provisioner in &provisioners {
        context.labels(provisioner, ["type"]);
        check(context, provisioner, outer);
    }
    if !provisioners.is_empty()
        && let Some(outer) = outer
    {
        check_connection(context, outer);
    }
    if mode != Mode::Managed {
        for extra in provisioners.iter().chain(&connection) {
            context.error(
                extra.head,
                Code::UnknownBlock,
                "Unsupported block type",
                format!(
                    "Blocks of type {:?} are allowed only in a resource block.",
                    extra.kind
                ),
            );
        }
    }
    if provisioners.iter().any(|one| runs_on_destroy(&one.body)) {
        for connection in &connection {
            check_references_on_destroy(context, &connection.body);
        }
    }
    // Nobody connects to a resource that nothing is run on.
    let connection = match provisioners.is_empty() {
        true => Vec::new(),
        false => connection,
    };
    Some(Resource {
        mode,
        repetition: repetition(context, body, context.single(body, "lifecycle")),
        provider: body
            .attribute("provider")
            .and_then(|attribute| provider_name(context, &attribute.expression)),
        depends_on: context.paths(body, "depends_on"),
        lifecycle: lifecycle(context, body, mode, &kind),
        check: None,
        provisioners: provisioners
            .into_iter()
            .map(|inner| Provisioner {
                known: inner
                    .labels
                    .first()
                    .and_then(|kind| Known::provisioner(&kind.text)),
                body: provisioner(context, &inner.body),
                spot: inner.head,
            })
            .chain(connection.into_iter().map(|inner| Provisioner {
                known: Some(Known::connection()),
                body: inner.body.clone(),
                spot: inner.head,
            }))
            .collect(),
        body: without_meta(context, body),
        spot: block.head,
        kind_spot: block.labels[0].spot,
        kind,
        name,
    })
}

/// What a provisioner does, after a look at what it may refer to.
pub(super) fn provisioner(context: &Context<'_>, whole: &Body) -> Body {
    let body = without_keywords(context, whole);
    if runs_on_destroy(whole) {
        check_references_on_destroy(context, &body);
        for connection in whole.blocks_of("connection") {
            check_references_on_destroy(context, &connection.body);
        }
    }
    body
}

/// True for a provisioner that runs when its resource is destroyed.
pub(super) fn runs_on_destroy(provisioner: &Body) -> bool {
    let when = provisioner.attribute("when").and_then(|attribute| {
        as_keyword(&attribute.expression).or_else(|| as_text(&attribute.expression))
    });
    when.is_some_and(|word| *word == *"destroy")
}

/// Nothing but the resource itself is there for certain when it is destroyed.
fn check_references_on_destroy(context: &Context<'_>, body: &Body) {
    for attribute in &body.attributes {
        let mut is_wrong = false;
        references(
            &attribute.expression,
            context.evaluator.language,
            &mut |reference| {
                let steps: Vec<&str> = reference.steps.iter().map(AsRef::as_ref).collect();
                is_wrong |= !matches!(
                    (reference.root.as_ref(), steps.as_slice()),
                    ("self" | "path" | "terraform" | "tofu", _)
                        | ("count", ["index"])
                        | ("each", ["key"])
                );
            },
        );
        if is_wrong {
            context.error(
                attribute.expression.spot,
                Code::InvalidReference,
                "Invalid reference from destroy provisioner",
                "What runs when a resource is destroyed may refer only to the resource, by self, count.index or each.key: others may be gone already.",
            );
        }
    }
}

/// The body of a provisioner without `when` and `on_failure`, which take words and no values.
pub(super) fn without_keywords(context: &Context<'_>, whole: &Body) -> Body {
    const KEYWORDS: [(&str, [&str; 2]); 2] = [
        ("when", ["create", "destroy"]),
        ("on_failure", ["continue", "fail"]),
    ];
    let mut body = whole.clone();
    for (name, [one, other]) in KEYWORDS {
        let Some(attribute) = body.attribute(name) else {
            continue;
        };
        // The old spelling is in quotes.
        let word = as_keyword(&attribute.expression).or_else(|| as_text(&attribute.expression));
        if word.is_none_or(|word| *word != *one && *word != *other) {
            context.error(
                attribute.expression.spot,
                Code::InvalidValue,
                &format!("Invalid {name:?} keyword"),
                format!("The argument {name:?} is either {one} or {other}."),
            );
        }
        body.attributes
            .retain(|attribute| attribute.name.as_ref() != name);
    }
    context.unescape(whole, &mut body);
    body
}

/// The body with only what belongs to the type itself.
fn without_meta(context: &Context<'_>, body: &Body) -> Body {
    let attributes = body.attributes.iter();
    let blocks = body.blocks.iter();
    let mut rest = Body::empty(body.spot);
    rest.overridden = body.overridden.clone();
    rest.attributes = attributes
        .filter(|attribute| !META_ATTRIBUTES.contains(&attribute.name.as_ref()))
        .cloned()
        .collect();
    rest.blocks = blocks
        .filter(|block| !META_BLOCKS.contains(&block.kind.as_ref()))
        .cloned()
        .collect();
    context.unescape(body, &mut rest);
    rest.types_own()
}

/// How many instances a block has; in OpenTofu its `lifecycle` may say that, too.
pub(super) fn repetition(
    context: &Context<'_>,
    body: &Body,
    lifecycle: Option<&Block>,
) -> Repetition {
    let enabled = lifecycle
        .filter(|_| context.evaluator.language == Language::OpenTofu)
        .and_then(|block| block.body.attribute("enabled"));
    let ways = [
        (body.attribute("count"), Repetition::Count as fn(_) -> _),
        (body.attribute("for_each"), Repetition::ForEach),
        (enabled, Repetition::Enabled),
    ];
    let given: Vec<_> = ways
        .into_iter()
        .filter_map(|(attribute, repetition)| Some((attribute?, repetition)))
        .collect();
    if let [(first, _), .., (last, _)] = given.as_slice() {
        // As OpenTofu has it.
        let spot = if enabled.is_some() {
            first.name_spot
        } else {
            last.name_spot
        };
        let (first, second) = (&first.name, &last.name);
        context.error(
            spot,
            Code::CountAndForEach,
            &format!("Invalid combination of {first:?} and {second:?}"),
            format!("The {first:?} and {second:?} meta-arguments are mutually exclusive: only one may be used."),
        );
    }
    given
        .first()
        .map_or(Repetition::Once, |(attribute, repetition)| {
            repetition(attribute.expression.clone())
        })
}

fn lifecycle(context: &Context<'_>, body: &Body, mode: Mode, kind: &str) -> LifecycleBlock {
    let Some(block) = context.single(body, "lifecycle") else {
        return LifecycleBlock::default();
    };
    let inner = &block.body;
    let (place, attributes): (Place, &[&'static str]) = match mode {
        Mode::Managed => (
            Place::Lifecycle,
            &[
                "create_before_destroy",
                "prevent_destroy",
                "ignore_changes",
                "replace_triggered_by",
            ],
        ),
        Mode::Data | Mode::Ephemeral => (Place::ReadLifecycle, &[]),
    };
    context.check_words(place, inner, attributes, &["precondition", "postcondition"]);
    if context.evaluator.language == Language::Terraform {
        for trigger in inner.blocks_of("action_trigger") {
            action_trigger(context, trigger);
        }
    }
    let prevent_destroy = inner
        .attribute("prevent_destroy")
        .map(|attribute| attribute.expression.clone());
    if context.evaluator.language == Language::Terraform {
        context.constant(inner, "prevent_destroy", &Shape::Bool);
    }
    let destroy = context.constant(inner, "destroy", &Shape::Bool);
    LifecycleBlock {
        create_before_destroy: context.constant_bool(inner, "create_before_destroy"),
        prevent_destroy,
        forgets: destroy.is_some_and(|term| term.as_bool() == Some(false)),
        ignore_changes: ignore_changes(context, inner, kind),
        replace_triggered_by: triggers(context, inner),
        preconditions: context.rules(inner, "precondition"),
        postconditions: context.rules(inner, "postcondition"),
    }
}

/// Terraform's own checks of a block that says when an action runs.
fn action_trigger(context: &Context<'_>, block: &Block) {
    const EVENTS: [&str; 6] = [
        "before_create",
        "after_create",
        "before_update",
        "after_update",
        "before_destroy",
        "after_destroy",
    ];
    let body = &block.body;
    let events = body.attribute("events").map(|events| &events.expression);
    let Some(Node::Tuple(events)) = events.map(|events| &events.node) else {
        return;
    };
    let condition = body.attribute("condition");
    let is_event =
        |event: &Expression| as_keyword(event).is_some_and(|word| EVENTS.contains(&word.as_ref()));
    if !events.iter().any(is_event) {
        context.error(
            block.head,
            Code::InvalidValue,
            "No events specified",
            "At least one event must say when the action runs.",
        );
    }
    for event in events {
        let word = as_keyword(event);
        match (word.as_deref(), condition) {
            (Some(word), _) if !EVENTS.contains(&word) => context.error(
                event.spot,
                Code::InvalidValue,
                &format!("Invalid \"event\" value {word}"),
                format!("The events are {}.", EVENTS.join(", ")),
            ),
            (Some("before_destroy" | "after_destroy"), Some(condition)) => context.error(
                condition.expression.spot,
                Code::InvalidValue,
                "Condition on destroy action",
                "An action that runs when something is destroyed cannot have a condition.",
            ),
            _ => {}
        }
    }
}

fn triggers(context: &Context<'_>, body: &Body) -> Vec<Arc<Expression>> {
    let Some(attribute) = body.attribute("replace_triggered_by") else {
        return Vec::new();
    };
    match &attribute.expression.node {
        Node::Tuple(items) => {
            for item in items {
                check_trigger(context, item);
            }
            items.iter().cloned().map(Arc::new).collect()
        }
        _ => {
            context.error(
                attribute.expression.spot,
                Code::ConstantRequired,
                "Invalid replace_triggered_by expression",
                "The argument must be a list of references, in brackets.",
            );
            Vec::new()
        }
    }
}

/// Complains of what is no reference to one resource.
fn check_trigger(context: &Context<'_>, trigger: &Expression) {
    let parsed = match &trigger.node {
        Node::JsonText { raw, .. } => parse_expression(trigger.spot.file, raw).ok(),
        _ => None,
    };
    let (mut resources, mut is_wrong) = (0, false);
    references(
        parsed.as_ref().unwrap_or(trigger),
        context.evaluator.language,
        &mut |reference| {
            let step = reference.steps.first().map(AsRef::as_ref);
            match (reference.root.as_ref(), step) {
                ("each", Some("key")) | ("count", Some("index")) => {}
                (
                    "each" | "count" | "var" | "local" | "module" | "path" | "terraform" | "tofu"
                    | "self",
                    _,
                ) => is_wrong = true,
                _ => resources += 1,
            }
        },
    );
    if is_wrong || resources != 1 {
        context.error(
            trigger.spot,
            Code::InvalidReference,
            "Invalid replace_triggered_by expression",
            "Each item must refer to one resource, with only count.index and each.key in its keys.",
        );
    }
}

/// The provider a resource type belongs to unless it says otherwise: what stands before the first underscore.
fn implied_provider(kind: &str) -> Name {
    kind.split('_').next().unwrap_or_default().into()
}

impl Resource {
    /// True for our own types.
    pub(crate) fn is_ours(&self) -> bool {
        self.kind.starts_with(PREFIX)
    }

    /// Our type's name without prefix.
    pub(crate) fn our_kind(&self) -> Option<&str> {
        self.kind.strip_prefix(PREFIX)
    }

    /// The local name and alias of the provider that manages it.
    pub(crate) fn provider_names(&self) -> (Name, Option<Name>) {
        match self.provider.as_ref().and_then(ProviderName::names) {
            Some((name, alias)) => (name.clone(), alias.cloned()),
            None => (implied_provider(&self.kind), None),
        }
    }

    /// True for resources whose values come only from the configuration.
    pub(crate) fn is_terraform_data(&self) -> bool {
        self.mode == Mode::Managed && &*self.kind == "terraform_data"
    }
}
