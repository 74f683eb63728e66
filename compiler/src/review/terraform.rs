//! Terraform's plan (`terraform show -json`) as a plan of ours. What Terraform marks as sensitive is dropped while reading, so no
//! renderer ever sees it.

mod consumers;
mod reasons;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use consumers::consumers;
use reasons::reasons;
use values::{object, path};

use crate::diagnostic::Diagnostic;
use crate::model::facts;
use crate::model::kind::Kind;
use crate::model::server::{Api, capabilities};
use crate::plan::{Action, Change, Plan, PlannedResource};
use crate::value::{AttributePath, Value};

/// Reads the text of a plan. Resources of other providers only count as consumers of tokens.
///
/// # Errors
///
/// The text is no plan of Terraform, or of a format that we do not know.
pub fn parse(text: &str) -> Result<Plan, Diagnostic> {
    let broken = |what: &str| {
        Diagnostic::error("invalid-terraform-plan", "The plan cannot be read")
            .detail(format!("{what}."))
            .hint("Make it with `terraform show -json PLANFILE`, or `tofu show -json PLANFILE`.")
    };
    let json: Json =
        serde_json::from_str(text).map_err(|error| broken(&format!("It is not JSON ({error})")))?;
    let version = json["format_version"].as_str().unwrap_or_default();
    let (Some(changes), true) = (
        json["resource_changes"].as_array(),
        version.starts_with("1."),
    ) else {
        // A plan without any resource has no list of changes.
        return if version.starts_with("1.") && json["planned_values"].is_object() {
            Ok(Plan::default())
        } else {
            Err(broken(
                "It is JSON, but not a plan of Terraform in format 1",
            ))
        };
    };
    let consumers = consumers(&json["configuration"]["root_module"]);
    let restrictable = may_restrict(&json["configuration"]["provider_config"]);
    let changes = changes
        .iter()
        .filter(|change| change["mode"] == "managed")
        .filter_map(|change| {
            let kind = Kind::from_type_name(change["type"].as_str()?)?;
            read(kind, change, &consumers, restrictable)
        })
        .collect();
    Ok(Plan { changes })
}

/// False if every provider block of ours names a server without restrictions. What comes from elsewhere is not in the plan.
fn may_restrict(providers: &Json) -> bool {
    let apis: Option<Vec<Api>> = providers
        .as_object()
        .into_iter()
        .flatten()
        .map(|(_, provider)| provider)
        .filter(|provider| {
            provider["full_name"]
                .as_str()
                .is_some_and(|name| name.rsplit('/').next() == Some("lanyard"))
        })
        .map(|provider| Api::parse(provider["expressions"]["api"]["constant_value"].as_str()?))
        .collect();
    apis.is_none_or(|apis| {
        apis.is_empty() || apis.into_iter().any(|api| capabilities(api).restricts())
    })
}

fn read(
    kind: Kind,
    json: &Json,
    consumers: &BTreeMap<String, BTreeSet<String>>,
    restrictable: bool,
) -> Option<Change> {
    let address = json["address"].as_str()?;
    let change = &json["change"];
    let actions: Vec<&str> = change["actions"]
        .as_array()?
        .iter()
        .filter_map(Json::as_str)
        .collect();
    let action = match actions.as_slice() {
        ["create"] => Action::Create,
        ["update"] => Action::Update,
        ["delete"] => Action::Delete,
        ["delete", "create"] | ["create", "delete"] => Action::Replace,
        // "forget" leaves the object as it is; "read" is for data sources.
        _ => Action::NoOp,
    };
    let body = &facts::schema(kind).body;
    let side = |name: &str| {
        let marks = (
            &change[format!("{name}_sensitive")],
            &change[format!("{name}_unknown")],
        );
        object(body, &change[name], marks.0, marks.1)
    };
    let (prior, planned) = (side("before"), side("after"));
    let requires_replace: Vec<AttributePath> = change["replace_paths"]
        .as_array()
        .into_iter()
        .flatten()
        .map(path)
        .collect();
    let planned = PlannedResource {
        action,
        reasons: reasons(kind, action, json, &prior, &planned, &requires_replace),
        planned,
        requires_replace,
        diagnostics: Vec::new(),
        restrictable,
    };
    let mut change = Change::new(address, kind, prior, Value::Null, planned);
    let without_keys = crate::language::without_keys(address);
    change.consumers = consumers
        .get(&without_keys)
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    Some(change)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Reason;
    use crate::review::{Format, Options, render};

    const PLAN: &str = r#"{
      "format_version": "1.2",
      "resource_changes": [
        {
          "address": "module.a[\"x\"].lanyard_access_token.ci[0]", "mode": "managed", "type": "lanyard_access_token",
          "change": {
            "actions": ["update"],
            "before": {"name": "ci", "description": "hunter2", "token": "lyd_hunter2", "generation": 1, "roles": ["b", "a"],
                       "rotation": {"grace_period": "1h"}, "rotation_reason": null},
            "after": {"name": "ci", "description": "hunter3", "generation": 2, "roles": ["a", "b"],
                      "rotation": {"grace_period": "1h"}, "rotation_reason": "expired"},
            "after_unknown": {"token": true, "rotation": {}},
            "before_sensitive": {"description": true, "token": true},
            "after_sensitive": {"description": true, "token": true}
          }
        },
        {
          "address": "lanyard_access_token.moved", "mode": "managed", "type": "lanyard_access_token",
          "change": {
            "actions": ["delete", "create"], "replace_paths": [["service_account"]],
            "before": {"name": "moved", "service_account": "sa_1"}, "after": {"name": "moved", "service_account": "sa_2"},
            "after_unknown": {"id": true}, "before_sensitive": {}, "after_sensitive": {}
          }
        },
        {"address": "terraform_data.x", "mode": "managed", "type": "terraform_data", "change": {"actions": ["create"]}}
      ],
      "configuration": {"root_module": {"module_calls": {"a": {"module": {
        "resources": [{"address": "terraform_data.user", "expressions": {"input": {"references": ["lanyard_access_token.ci[0].token", "lanyard_access_token.ci[0]", "lanyard_access_token.ci"]}}}],
        "outputs": {"id": {"expression": {"references": ["lanyard_access_token.ci[0].id"]}}}
      }}}}}
    }"#;

    #[test]
    fn a_plan_of_terraform_is_read_without_what_is_sensitive() {
        let plan = parse(PLAN).unwrap();
        for format in Format::ALL {
            let text = render(&plan, format, Options::default());
            assert!(!text.contains("hunter"), "{text}");
        }
        let [rotated, moved] = plan.changes.as_slice() else {
            panic!("two of ours: {plan:?}");
        };
        assert!(rotated.rotates());
        assert_eq!(rotated.consumers, ["module.a.terraform_data.user.input"]);
        assert_eq!(
            rotated.reasons,
            [Reason::Rotation {
                why: "expired".into()
            }]
        );
        assert!(
            rotated
                .fields
                .iter()
                .all(|field| field.path.to_string() != "roles"),
            "sets have no order"
        );
        assert_eq!(moved.action, Action::Replace);
        assert_eq!(
            moved.requires_replace,
            [AttributePath::attribute("service_account")]
        );
    }

    #[test]
    fn what_is_no_plan_is_an_error_in_words() {
        for text in [
            "",
            "[]",
            "{}",
            "{\"format_version\":\"2.0\",\"resource_changes\":[]}",
            "Terraform will perform",
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.hints[0].contains("show -json"), "{text}: {error}");
        }
    }

    #[test]
    fn hostile_json_is_survived() {
        let text = PLAN
            .replace(
                "\"rotation\": {\"grace_period\": \"1h\"}",
                "\"rotation\": [[[7]]]",
            )
            .replace("[\"b\", \"a\"]", "{\"x\": null}");
        assert_ne!(text, PLAN);
        for format in Format::ALL {
            render(&parse(&text).unwrap(), format, Options::default());
        }
    }

    #[test]
    fn all_data_is_only_said_where_it_could_be_restricted() {
        let plan = |api: &str| {
            let text = format!(
                r#"{{
                  "format_version": "1.2",
                  "resource_changes": [{{
                    "address": "lanyard_service_account.ci", "mode": "managed", "type": "lanyard_service_account",
                    "change": {{"actions": ["create"], "before": null, "after": {{"name": "ci", "unrestricted": true}}}}
                  }}],
                  "configuration": {{"provider_config": {{"lanyard": {{
                    "full_name": "registry.terraform.io/lanyard/lanyard", "expressions": {{{api}}}
                  }}}}}}
                }}"#
            );
            render(&parse(&text).unwrap(), Format::Text, Options::default())
        };
        assert!(!plan(r#""api": {"constant_value": "splunk"}"#).contains("all data"));
        assert!(plan(r#""api": {"constant_value": "chronosphere"}"#).contains("all data"));
        assert!(plan(r#""api": {"references": ["var.api"]}"#).contains("all data"));
        assert!(plan("").contains("all data"));
    }
}
