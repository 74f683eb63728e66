//! The table of what each token server can do, read off the capabilities.

use std::fmt::Write as _;

use crate::model::facts;
use crate::model::kind::Kind;
use crate::model::schema::Body;
use crate::model::server::{
    Api, AttributeCapability, Capabilities, DefaultEnd, DeleteCapability, ExpiryCapability,
    ResourceCapabilities, RotationCapability, UpdateCapability, capabilities,
};

pub(super) fn page() -> String {
    let mut out = String::from(
        "---\n# Generated from the capabilities in `compiler/src/model/server/` by `cargo test -p lanyard-compiler --test generated`; edit \
         those.\npage_title: \"Token servers\"\nsubcategory: \"\"\ndescription: |-\n  What each token server can do.\n---\n\n# Token \
         servers\n\nOne configuration does not fit every server: each takes some attributes and not others. What a server does not take is \
         an error when planning, never later.\n\n",
    );
    header(&mut out, "server");
    let cells: Vec<&str> = servers()
        .iter()
        .map(|server| if server.tells_last_use { "yes" } else { "-" })
        .collect();
    let _ = writeln!(
        out,
        "| says when something was last used | {} |\n",
        cells.join(" | ")
    );
    for kind in Kind::ALL {
        let _ = writeln!(out, "## {}\n", kind.type_name());
        attributes(&mut out, kind);
        lifecycle(&mut out, kind);
    }
    notes(&mut out);
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
}

fn servers() -> Vec<&'static Capabilities> {
    Api::ALL.into_iter().map(capabilities).collect()
}

fn header(out: &mut String, first: &str) {
    let names: Vec<String> = Api::ALL
        .iter()
        .map(|api| format!("`{}`", api.name()))
        .collect();
    let _ = writeln!(
        out,
        "| {first} | {} |\n|---|{}",
        names.join(" | "),
        "---|".repeat(names.len())
    );
}

fn attributes(out: &mut String, kind: Kind) {
    out.push_str(
        "`yes`: changes in place. `rotates`: a change issues a new secret. `replaces`: a change makes a new object. `reads`: the server \
         sets it. `*`: required there.\n\n",
    );
    header(out, "attribute");
    for path in configurable(kind) {
        let cells: Vec<String> = servers()
            .iter()
            .map(|server| cell(kind, server, &path))
            .collect();
        let _ = writeln!(out, "| `{path}` | {} |", cells.join(" | "));
    }
    out.push('\n');
}

/// Attributes and blocks that reach a server, in the order of the schema.
fn configurable(kind: Kind) -> Vec<String> {
    let body = &facts::schema(kind).body;
    let own = |body: &Body| -> Vec<String> {
        body.attributes
            .iter()
            .filter(|attribute| attribute.is_configurable() && !attribute.local)
            .map(|attribute| attribute.name.clone())
            .collect()
    };
    let mut paths = own(body);
    for block in &body.blocks {
        let inner = own(&block.body);
        if inner.is_empty() {
            continue;
        }
        paths.push(block.name.clone());
        paths.extend(
            inner
                .into_iter()
                .map(|name| format!("{}.{name}", block.name)),
        );
    }
    paths
}

fn cell(kind: Kind, server: &Capabilities, path: &str) -> String {
    let main = word(kind.capabilities(server), path);
    match &server.access_token_without_account {
        Some(without) if kind == Kind::AccessToken && word(without, path) != main => {
            format!("{main}; without account: {}", word(without, path))
        }
        _ => main,
    }
}

fn word(resource: &ResourceCapabilities, path: &str) -> String {
    let Some(AttributeCapability {
        required, change, ..
    }) = resource.attribute(path)
    else {
        return "-".to_owned();
    };
    let word = match change {
        UpdateCapability::InPlace | UpdateCapability::Renames => "yes",
        UpdateCapability::Rotate => "rotates",
        UpdateCapability::Replace => "replaces",
        UpdateCapability::Computed => "reads",
    };
    format!("{word}{}", if *required { "*" } else { "" })
}

/// A row's name and its cell for each server.
type Row = (&'static str, fn(&ResourceCapabilities) -> String);

fn lifecycle(out: &mut String, kind: Kind) {
    header(out, "lifecycle");
    let rows: [Row; 5] = [
        ("exists", |resource| {
            if resource.absent.is_none() {
                "yes"
            } else {
                "-"
            }
            .to_owned()
        }),
        ("has a secret", |resource| {
            if resource.issues_secret { "yes" } else { "-" }.to_owned()
        }),
        ("rotation", |resource| {
            if resource.issues_secret {
                rotation(resource.rotation)
            } else {
                "-".to_owned()
            }
        }),
        ("ends by itself", |resource| {
            if resource.issues_secret {
                expiry(resource.expiry)
            } else {
                "-".to_owned()
            }
        }),
        ("deletion", |resource| match resource.delete {
            _ if resource.absent.is_some() => "-".to_owned(),
            DeleteCapability::Deletes => "deletes".to_owned(),
            DeleteCapability::DeletesAlone => "deletes, after its tokens".to_owned(),
            DeleteCapability::Disables { .. } => "disables".to_owned(),
            DeleteCapability::Leaves { .. } => "leaves it".to_owned(),
        }),
    ];
    for (name, row) in rows {
        let cells: Vec<String> = servers()
            .iter()
            .map(|server| {
                let main = row(kind.capabilities(server));
                match &server.access_token_without_account {
                    Some(without) if kind == Kind::AccessToken && row(without) != main => {
                        format!("{main}; without account: {}", row(without))
                    }
                    _ => main,
                }
            })
            .collect();
        let _ = writeln!(out, "| {name} | {} |", cells.join(" | "));
    }
    out.push('\n');
}

fn rotation(rotation: RotationCapability) -> String {
    match rotation {
        RotationCapability::Server {
            max_grace,
            until_first_use,
            tells_former: _,
            of_expired: _,
            ends_early: _,
        } => {
            let grace = max_grace.map_or_else(
                || "any grace period".to_owned(),
                |max| format!("grace period up to {max}"),
            );
            format!(
                "{grace}{}",
                if until_first_use {
                    " or until first use"
                } else {
                    ""
                }
            )
        }
        RotationCapability::TwoSlots => "second token, any grace period".to_owned(),
        RotationCapability::NoOverlap { .. } => "old secret ends at once".to_owned(),
        RotationCapability::Impossible { .. } => "-".to_owned(),
    }
}

fn expiry(expiry: ExpiryCapability) -> String {
    match expiry {
        ExpiryCapability::Never { .. } => "never".to_owned(),
        ExpiryCapability::Supported {
            required,
            whole_days,
            max,
            default,
            change: _,
        } => {
            let mut words = vec![if required { "required" } else { "optional" }.to_owned()];
            words.extend(whole_days.then(|| "to the day".to_owned()));
            words.extend(max.map(|max| format!("at most {max}")));
            words.extend(match default {
                DefaultEnd::Never => None,
                DefaultEnd::OfTheServer => Some("has a default".to_owned()),
                DefaultEnd::After(length) => Some(format!("{length} by default")),
            });
            words.join(", ")
        }
    }
}

/// What to do instead of what a server cannot do.
fn notes(out: &mut String) {
    out.push_str("## What to do instead\n\n");
    for server in servers() {
        let mut lines: Vec<String> = Vec::new();
        let resources = Kind::ALL.map(|kind| (kind.type_name(), kind.capabilities(server)));
        let extra = server
            .access_token_without_account
            .as_ref()
            .map(|without| ("lanyard_access_token without service account", without));
        for (name, resource) in resources.into_iter().chain(extra) {
            if let Some(instead) = resource.absent {
                lines.push(format!("`{name}`: does not exist. {instead}"));
                continue;
            }
            if let (
                true,
                RotationCapability::NoOverlap { instead }
                | RotationCapability::Impossible { instead },
            ) = (resource.issues_secret, resource.rotation)
            {
                lines.push(format!("`{name}`: {instead}"));
            }
            if let (true, ExpiryCapability::Never { instead }) =
                (resource.issues_secret, resource.expiry)
            {
                lines.push(format!("`{name}`: {instead}"));
            }
            if let DeleteCapability::Disables { warning } | DeleteCapability::Leaves { warning } =
                resource.delete
            {
                lines.push(format!("`{name}`: {warning}"));
            }
        }
        if !lines.is_empty() {
            let _ = writeln!(out, "### {}\n", server.title);
            for line in lines {
                let _ = writeln!(out, "- {line}");
            }
            out.push('\n');
        }
    }
}
