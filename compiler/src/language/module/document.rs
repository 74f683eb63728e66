//! Our own documents, `*.lanyard.hcl` and `*.lanyard.json`: the same model without Terraform around it.
//!
//! ```hcl
//! server "native" {                      # one per token server; the label is the API it speaks
//!   url = "https://tokens.example.com"   # the settings of Terraform's `provider "lanyard"`
//! }
//!
//! service_account "ci" {
//!   name = "ci"
//! }
//!
//! access_token "deploy" {
//!   name            = "deploy"
//!   service_account = service_account.ci.id
//!   ttl             = "90d"
//! }
//! ```
//!
//! A second server has an `alias`, and a resource chooses it with `server = server.eu`. `variable`, `locals`, `output`, `moved`,
//! `import` and `removed` blocks, `count`, `for_each`, `lifecycle` and all expressions are as in Terraform. Addresses are those
//! that Terraform would use (`lanyard_access_token.deploy`), so that a document can become a module and back without its objects
//! being made anew.

use std::sync::Arc;

use super::Context;
use super::grammar::PREFIX;
use crate::diagnostic::{Code, Diagnostic};
use crate::language::configuration::Mode;
use crate::language::syntax::{
    Attribute, Block, Body, Expression, Label, Node, PathStep, as_quoted_path,
};
use crate::language::term::Term;
use crate::suggest::closest;

/// Respells a document's blocks as Terraform's.
pub(super) fn respell(context: &Context<'_>, body: Body) -> Body {
    let Body {
        attributes,
        blocks,
        spot,
        ..
    } = body;
    let mut respelled = Body::empty(spot);
    respelled.attributes = attributes;
    for block in blocks {
        let kind = block.kind.clone();
        match kind.as_ref() {
            "variable" | "locals" | "output" | "moved" | "import" | "removed" | "check" => {
                respelled.blocks.push(block);
            }
            "server" => respelled.blocks.extend(server(context, block)),
            _ if context.schemas.has(Mode::Managed, &kind) => {
                respelled.blocks.push(resource(context, block));
            }
            _ => {
                let known = context.schemas.names(Mode::Managed);
                let others = [
                    "server", "variable", "locals", "output", "moved", "import", "removed", "check",
                ];
                let mut error = Diagnostic::error(Code::UnknownBlock, "Unsupported block type")
                    .detail(format!(
                        "Blocks of type {kind:?} are not expected in a Lanyard document."
                    ));
                let without_prefix = kind.strip_prefix(PREFIX).unwrap_or(&kind);
                if let Some(meant) = closest(without_prefix, known.iter().copied().chain(others)) {
                    error = error.hint(format!("did you mean {meant:?}?"));
                } else if known.contains(&without_prefix) {
                    error = error.hint(format!(
                        "write {without_prefix:?}: documents leave the prefix out"
                    ));
                } else if matches!(
                    kind.as_ref(),
                    "resource" | "provider" | "terraform" | "module" | "data"
                ) {
                    error = error.hint("Terraform's own blocks belong into a .tf file");
                }
                context.complain(block.kind_spot, error);
            }
        }
    }
    respelled
}

fn server(context: &Context<'_>, block: Block) -> Option<Block> {
    let [api] = context.labels(&block, ["api"])?;
    let api_spot = block.labels[0].spot;
    let mut body = block.body;
    if let Some(given) = body.attribute("api") {
        context.error(
            given.name_spot,
            Code::UnknownAttribute,
            "Unsupported argument",
            "The API stands in the label of the server block, not among its arguments.",
        );
        body.attributes
            .retain(|attribute| attribute.name.as_ref() != "api");
    }
    body.attributes.push(Attribute {
        name: "api".into(),
        name_spot: api_spot,
        expression: Arc::new(Expression::new(Node::Literal(Term::string(api)), api_spot)),
    });
    Some(Block {
        kind: "provider".into(),
        kind_spot: block.kind_spot,
        labels: vec![Label {
            text: "lanyard".into(),
            spot: api_spot,
        }],
        body,
        head: block.head,
    })
}

/// `server.eu`, or `server` for the one without an alias.
fn names_server(context: &Context<'_>, expression: &Expression) -> bool {
    let path = as_quoted_path(expression);
    let steps = path.as_ref().map_or(&[][..], |path| &path.steps);
    let is_one = matches!(
        steps,
        [PathStep::Name(first)] | [PathStep::Name(first), _] if &**first == "server"
    );
    if !is_one {
        context.error(
            expression.spot,
            Code::InvalidProvider,
            "Invalid server",
            "The argument `server` names a server of this document by its alias, such as server.eu.",
        );
    }
    is_one
}

fn resource(context: &Context<'_>, mut block: Block) -> Block {
    block.body.attributes.retain(|attribute| {
        attribute.name.as_ref() != "server" || names_server(context, &attribute.expression)
    });
    for attribute in &mut block.body.attributes {
        if attribute.name.as_ref() == "server" {
            attribute.name = "provider".into();
        }
    }
    block.labels.insert(
        0,
        Label {
            text: format!("{PREFIX}{}", block.kind).into(),
            spot: block.kind_spot,
        },
    );
    block.kind = "resource".into();
    block
}
