//! Coming over from the vendors' own Terraform providers without losing a secret: a resource of theirs becomes one of ours, its
//! state by a `moved` block, its configuration by [`rewrite`].
//!
//! What the vendors' resources look like are facts of their published schemas. Each vendor has one file that says its source and
//! version, and takes a state apart attribute by attribute: what cannot come along is named.

pub mod declared;
pub mod diff;
pub mod fix;
pub mod rewrite;

mod carried;
mod chronosphere;
mod openobserve;
mod splunk;
mod text;

use serde_json::Value as Json;

use crate::diagnostic::{Code, Diagnostic};
use crate::model::Kind;
use crate::value::Value;

use carried::{Carried, Unreadable};

/// State of another provider's resource, as Terraform hands it over.
#[derive(Clone, Debug)]
pub struct Source<'a> {
    /// `HOST/NAMESPACE/TYPE` of the provider that wrote it.
    pub provider: &'a str,
    pub type_name: &'a str,
    pub schema_version: i64,
    pub state: Json,
}

/// A state in our shape, and what to tell about it.
#[derive(Clone, Debug)]
pub struct Moved {
    pub state: Value,
    pub warnings: Vec<Diagnostic>,
}

/// A vendor's resource type that becomes one of ours.
struct Origin {
    type_name: &'static str,
    /// `NAMESPACE/TYPE` under which the vendor publishes the provider, today's first.
    providers: &'static [&'static str],
    /// The version of the state's shape that `carry` reads.
    schema_version: i64,
    kind: Kind,
    carry: fn(Json) -> Result<Carried, Unreadable>,
}

const ORIGINS: &[Origin] = &[
    chronosphere::SERVICE_ACCOUNT,
    splunk::ORG_TOKEN,
    openobserve::SERVICE_ACCOUNT,
    openobserve::INGESTION_TOKEN,
];

/// The public registries: a provider's name means the same on both.
const REGISTRIES: [&str; 2] = ["registry.terraform.io", "registry.opentofu.org"];

/// The state of `source` as one of ours, its secret included.
pub fn moved(kind: Kind, source: Source<'_>) -> Result<Moved, Diagnostic> {
    let origin = origin(kind, &source)?;
    let Source {
        type_name, state, ..
    } = source;
    let Carried { state, left } =
        (origin.carry)(state).map_err(|problem| problem.diagnostic(type_name))?;
    let mut warnings = Vec::new();
    if !left.is_empty() {
        warnings.push(carried::left_behind(type_name, &left));
    }
    Ok(Moved { state, warnings })
}

fn origin(kind: Kind, source: &Source<'_>) -> Result<&'static Origin, Diagnostic> {
    let Source {
        provider,
        type_name,
        schema_version,
        state: _,
    } = source;
    let Some(origin) = ORIGINS
        .iter()
        .find(|origin| origin.type_name == *type_name && origin.kind == kind)
    else {
        return Err(no_origin(kind, type_name));
    };
    let published = provider.split_once('/').is_some_and(|(registry, name)| {
        REGISTRIES.contains(&registry) && origin.providers.contains(&name)
    });
    // OpenTofu says only which name the type begins with (`ImpliedProvider`, internal/tofu/upgrade_resource_state.go of 1.11.3).
    let is_implied = type_name.split('_').next() == Some(*provider);
    if !published && !is_implied {
        return Err(Diagnostic::error(
            Code::MovedFromAnotherProvider,
            "The state to move is not of the provider that is known",
        )
        .detail(format!(
            "{type_name} is moved from {provider}; known is the one of {}.",
            origin.providers.join(" or ")
        ))
        .hint(format!(
            "If it is the same provider under another address: terraform state replace-provider {provider} {}/{}",
            REGISTRIES[0], origin.providers[0]
        )));
    }
    let known = origin.schema_version;
    if *schema_version > known {
        return Err(Diagnostic::error(
            Code::MovedFromNewerSchema,
            "The state to move is newer than what is known of it",
        )
        .detail(format!(
            "The state of {type_name} has version {schema_version} of its schema; the newest known is {known}."
        ))
        .hint("Use a newer version of Lanyard's provider, if there is one.")
        .hint(IMPORT_INSTEAD));
    }
    if *schema_version < known {
        return Err(Diagnostic::error(
            Code::MovedFromOlderSchema,
            "The state to move is too old",
        )
        .detail(format!(
            "The state of {type_name} has version {schema_version} of its schema; known is {known}."
        ))
        .hint(WRITE_AGAIN));
    }
    Ok(origin)
}

const IMPORT_INSTEAD: &str = "Or remove the old resource with a removed block and import the object: a secret that the server shows only once does not come along then.";
const WRITE_AGAIN: &str = "Take the `moved` block out, write the state with a current version of the vendor's provider (terraform apply -refresh-only), then move it.";

fn no_origin(kind: Kind, type_name: &str) -> Diagnostic {
    let target = kind.type_name();
    let complaint = Diagnostic::error(Code::MoveUnsupported, "This resource type cannot be moved")
        .detail(format!("State of {type_name} cannot become {target}."));
    let elsewhere = ORIGINS.iter().find(|origin| origin.type_name == type_name);
    match elsewhere {
        Some(origin) => complaint.hint(format!(
            "It becomes a {}: let the `moved` block lead to one.",
            origin.kind.type_name()
        )),
        None => {
            let known: Vec<_> = ORIGINS
                .iter()
                .filter(|origin| origin.kind == kind)
                .map(|origin| origin.type_name)
                .collect();
            complaint
                .hint(format!("What can: {}.", known.join(", ")))
                .hint("Remove the old resource with a removed block and import the object instead.")
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn source(
        provider: &'static str,
        type_name: &'static str,
        schema_version: i64,
    ) -> Source<'static> {
        Source {
            provider,
            type_name,
            schema_version,
            state: json!({ "id": "ci", "name": "ci", "secret": "s3cr3t" }),
        }
    }

    #[test]
    fn only_what_is_known_is_moved() {
        const SPLUNK: &str = "registry.terraform.io/splunk-terraform/signalfx";
        let org_token = "signalfx_org_token";
        for (kind, source, expected) in [
            (
                Kind::ServiceAccount,
                source(SPLUNK, org_token, 0),
                "move-unsupported",
            ),
            (
                Kind::AccessToken,
                source(SPLUNK, "signalfx_detector", 0),
                "move-unsupported",
            ),
            (
                Kind::AccessToken,
                source("registry.terraform.io/evil/signalfx", org_token, 0),
                "moved-from-another-provider",
            ),
            (
                Kind::AccessToken,
                source("splunk", org_token, 0),
                "moved-from-another-provider",
            ),
            (
                Kind::AccessToken,
                source("tf.example.com/splunk-terraform/signalfx", org_token, 0),
                "moved-from-another-provider",
            ),
            (
                Kind::AccessToken,
                source(SPLUNK, org_token, 1),
                "moved-from-newer-schema",
            ),
            (
                Kind::AccessToken,
                source(SPLUNK, org_token, -1),
                "moved-from-older-schema",
            ),
        ] {
            let complaint = moved(kind, source).unwrap_err();
            assert_eq!(complaint.code.name(), expected, "{complaint}");
            assert!(!complaint.hints.is_empty(), "{complaint}");
        }
        for registry in REGISTRIES {
            let provider: &'static str =
                Box::leak(format!("{registry}/splunk-terraform/signalfx").into_boxed_str());
            moved(Kind::AccessToken, source(provider, org_token, 0)).unwrap();
        }
        // As OpenTofu before 1.12 says it.
        moved(Kind::AccessToken, source("signalfx", org_token, 0)).unwrap();
    }

    #[test]
    fn what_cannot_be_read_is_named_and_not_shown() {
        for (state, named) in [
            (
                json!({ "id": "ci", "name": "ci", "secret": "s3cr3t", "disabled": "s3cr3t" }),
                "`disabled`",
            ),
            (json!({ "name": "ci", "secret": "s3cr3t" }), "`id`"),
            (json!("s3cr3t"), "no object"),
            (Json::Null, "no object"),
        ] {
            let source = Source {
                state,
                ..source(
                    "registry.terraform.io/splunk-terraform/signalfx",
                    "signalfx_org_token",
                    0,
                )
            };
            let complaint = moved(Kind::AccessToken, source).unwrap_err();
            assert_eq!(complaint.code, Code::MovedStateUnreadable);
            assert!(complaint.detail.contains(named), "{complaint}");
            assert!(!complaint.to_string().contains("s3cr3t"), "{complaint}");
        }
    }
}
