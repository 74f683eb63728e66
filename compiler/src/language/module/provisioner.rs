//! The provisioners that are built into Terraform and OpenTofu: which arguments they take, and how they connect.

use super::Context;
use super::content::ESCAPING;
use super::resource::without_keywords;
use crate::diagnostic::Code;
use crate::language::syntax::{Block, Body};
use crate::language::term::Shape;

/// A block whose arguments are known, as far as their names and types go.
#[derive(Debug)]
pub(crate) struct Known {
    name: &'static str,
    arguments: &'static [(&'static str, Kind)],
    required: &'static str,
    /// Of these, one must be set and no other.
    alternatives: &'static [&'static str],
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Text,
    Number,
    Flag,
    Texts,
    Map,
}

const LOCAL_EXEC: Known = Known {
    name: "local-exec",
    arguments: &[
        ("command", Kind::Text),
        ("interpreter", Kind::Texts),
        ("working_dir", Kind::Text),
        ("environment", Kind::Map),
        ("quiet", Kind::Flag),
    ],
    required: "command",
    alternatives: &[],
};
const FILE: Known = Known {
    name: "file",
    arguments: &[
        ("source", Kind::Text),
        ("content", Kind::Text),
        ("destination", Kind::Text),
    ],
    required: "destination",
    alternatives: &["source", "content"],
};
const REMOTE_EXEC: Known = Known {
    name: "remote-exec",
    arguments: &[
        ("inline", Kind::Texts),
        ("script", Kind::Text),
        ("scripts", Kind::Texts),
    ],
    required: "",
    alternatives: &["inline", "script", "scripts"],
};
const CONNECTION: Known = Known {
    name: "connection",
    arguments: &[
        ("type", Kind::Text),
        ("user", Kind::Text),
        ("password", Kind::Text),
        ("host", Kind::Text),
        ("port", Kind::Number),
        ("timeout", Kind::Text),
        ("script_path", Kind::Text),
        ("target_platform", Kind::Text),
        ("private_key", Kind::Text),
        ("certificate", Kind::Text),
        ("host_key", Kind::Text),
        ("agent", Kind::Flag),
        ("agent_identity", Kind::Text),
        ("proxy_scheme", Kind::Text),
        ("proxy_host", Kind::Text),
        ("proxy_port", Kind::Number),
        ("proxy_user_name", Kind::Text),
        ("proxy_user_password", Kind::Text),
        ("bastion_host", Kind::Text),
        ("bastion_host_key", Kind::Text),
        ("bastion_port", Kind::Number),
        ("bastion_user", Kind::Text),
        ("bastion_password", Kind::Text),
        ("bastion_private_key", Kind::Text),
        ("bastion_certificate", Kind::Text),
        ("https", Kind::Flag),
        ("insecure", Kind::Flag),
        ("use_ntlm", Kind::Flag),
        ("cacert", Kind::Text),
    ],
    required: "host",
    alternatives: &[],
};

/// What Terraform had once, and refuses.
const REMOVED: [&str; 4] = ["chef", "habitat", "puppet", "salt-masterless"];

impl Known {
    /// `None` for those of others, whose arguments are not known.
    pub(crate) fn provisioner(kind: &str) -> Option<&'static Self> {
        const BUILT_IN: [&Known; 3] = [&LOCAL_EXEC, &FILE, &REMOTE_EXEC];
        BUILT_IN.into_iter().find(|known| known.name == kind)
    }

    pub(crate) fn connection() -> &'static Self {
        const KNOWN: &Known = &CONNECTION;
        KNOWN
    }

    pub(crate) fn shape(&self, argument: &str) -> Option<Shape> {
        let (_, kind) = self.arguments.iter().find(|(name, _)| *name == argument)?;
        Some(match kind {
            Kind::Text => Shape::String,
            Kind::Number => Shape::Number,
            Kind::Flag => Shape::Bool,
            Kind::Texts => Shape::list(Shape::String),
            Kind::Map => Shape::map(Shape::String),
        })
    }

    /// Arguments of which one must be set and no other.
    pub(crate) fn alternatives(&self) -> &'static [&'static str] {
        self.alternatives
    }

    fn check(&self, context: &Context<'_>, body: &Body) {
        let names: Vec<&str> = self.arguments.iter().map(|(name, _)| *name).collect();
        context.check(body, &names, &[]);
    }
}

/// Complains of a provisioner that no program would run; `outer` is how its resource connects.
pub(super) fn check(context: &Context<'_>, block: &Block, outer: Option<&Block>) {
    let Some(kind) = block.labels.first() else {
        return;
    };
    if REMOVED.contains(&kind.text.as_ref()) {
        context.error(
            kind.spot,
            Code::InvalidValue,
            &format!("The {:?} provisioner has been removed", kind.text),
            "Terraform and OpenTofu have it no more.",
        );
        return;
    }
    let inner = only_connection(context, &block.body);
    if let Some(inner) = inner {
        check_connection(context, inner);
    }
    if let Some(connection) = outer.or(inner)
        && [inner, outer]
            .into_iter()
            .flatten()
            .all(|connection| connection.body.attribute("host").is_none())
    {
        context.required(&connection.body, connection.head, "host");
    }
    let Some(known) = Known::provisioner(&kind.text) else {
        return;
    };
    let mut own = without_keywords(context, &block.body);
    own.blocks
        .retain(|inner| !matches!(inner.kind.as_ref(), "connection" | "lifecycle" | ESCAPING));
    known.check(context, &own);
    if !known.required.is_empty() {
        context.required(&own, block.head, known.required);
    }
}

pub(super) fn check_connection(context: &Context<'_>, block: &Block) {
    Known::connection().check(context, &block.body);
}

/// The connection of a body. Complains where there are two.
pub(super) fn only_connection<'b>(context: &Context<'_>, body: &'b Body) -> Option<&'b Block> {
    context.single(body, "connection")
}
