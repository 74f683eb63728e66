//! Terraform's plan (`terraform show -json`) as a plan of ours. What Terraform marks as sensitive is dropped while reading, so no
//! renderer ever sees it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use crate::diagnostic::Diagnostic;
use crate::model::facts;
use crate::model::kind::Kind;
use crate::model::schema::{Body, Nesting, Type};
use crate::model::server::{Api, capabilities};
use crate::plan::{Action, Change, Plan, PlannedResource, Reason};
use crate::secret::Secret;
use crate::value::{AttributePath, Number, Value};

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

fn reasons(
    kind: Kind,
    action: Action,
    json: &Json,
    prior: &Value,
    planned: &Value,
    forcing: &[AttributePath],
) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let why = planned.get("rotation_reason").as_str();
    match action {
        Action::Update if prior.get("generation") != planned.get("generation") => {
            let why = why
                .unwrap_or("values that are not known yet decide")
                .to_owned();
            reasons.push(if planned.get("generation").is_unknown() {
                Reason::PossibleRotation { why }
            } else {
                Reason::Rotation { why }
            });
        }
        Action::Replace => {
            reasons.extend(forcing.iter().map(|path| Reason::Replacement {
                path: path.clone(),
                why: "cannot be changed in place".to_owned(),
            }));
            if forcing.is_empty() {
                reasons.push(Reason::Replacement {
                    path: AttributePath::root(),
                    why: action_reason(json)
                        .unwrap_or("Terraform says so")
                        .to_owned(),
                });
            }
        }
        Action::Delete => {
            let why = action_reason(json).map(|why| Reason::Cascade {
                what: why.to_owned(),
            });
            reasons.extend(why);
        }
        Action::NoOp | Action::Create | Action::Update => {}
    }
    if kind == Kind::ServiceAccount && matches!(action, Action::Delete | Action::Replace) {
        reasons.push(Reason::Cascade {
            what: "its access tokens end with it".to_owned(),
        });
    }
    reasons
}

/// Terraform's reasons, in words.
fn action_reason(json: &Json) -> Option<&'static str> {
    Some(match json["action_reason"].as_str()? {
        "replace_because_tainted" => "an earlier apply could not finish it",
        "replace_by_request" => "`-replace` asks for it",
        "replace_by_triggers" => "`replace_triggered_by` asks for it",
        "delete_because_no_resource_config" => "it is not in the configuration any more",
        "delete_because_wrong_repetition" => "`count` or `for_each` was added or removed",
        "delete_because_count_index" => "`count` became smaller",
        "delete_because_each_key" => "`for_each` has no such key any more",
        "delete_because_no_module" => "its module is not in the configuration any more",
        "delete_because_no_move_target" => "`moved` leads nowhere",
        _ => return None,
    })
}

/// One side of a change in the shape of the schema.
fn object(body: &Body, json: &Json, sensitive: &Json, unknown: &Json) -> Value {
    if json.is_null() && !unknown.is_object() {
        return Value::Null;
    }
    let mut entries = body.empty();
    for attribute in &body.attributes {
        let name = attribute.name.as_str();
        let hidden = attribute.sensitive || is_marked(&sensitive[name]);
        let value = if is_marked(&unknown[name]) {
            Value::Unknown
        } else if json[name].is_null() {
            Value::Null
        } else if hidden {
            Value::Secret(Secret::new(""))
        } else {
            value(&attribute.kind, &json[name])
        };
        entries.insert(name, value);
    }
    for block in &body.blocks {
        let name = block.name.as_str();
        let inner = |index: Option<usize>| {
            let pick = |side: &Json| match index {
                Some(index) => side[name][index].clone(),
                None => side[name].clone(),
            };
            object(&block.body, &pick(json), &pick(sensitive), &pick(unknown))
        };
        let value = match (block.nesting, &json[name]) {
            _ if unknown[name] == true => Value::Unknown,
            (Nesting::List, Json::Array(items)) => {
                Value::List((0..items.len()).map(|index| inner(Some(index))).collect())
            }
            (Nesting::List, _) => Value::List(Vec::new()),
            (Nesting::Single, _) => inner(None),
        };
        entries.insert(name, value);
    }
    Value::Map(entries)
}

/// True if the value, or part of it, is marked.
fn is_marked(mark: &Json) -> bool {
    match mark {
        Json::Bool(marked) => *marked,
        Json::Array(items) => items.iter().any(is_marked),
        Json::Object(entries) => entries.values().any(is_marked),
        _ => false,
    }
}

fn value(kind: &Type, json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => {
            Number::parse(&number.to_string()).map_or(Value::Null, Value::Number)
        }
        Json::String(text) => Value::String(text.clone()),
        Json::Array(items) => {
            let items = items.iter();
            match kind {
                Type::Set(inner) => Value::set(items.map(|item| value(inner, item))),
                Type::List(inner) => Value::List(items.map(|item| value(inner, item)).collect()),
                _ => Value::List(items.map(|item| value(kind, item)).collect()),
            }
        }
        Json::Object(entries) => Value::map(entries.iter().map(|(name, item)| {
            let kind = match kind {
                Type::Map(inner) => inner,
                Type::Object(fields) => fields
                    .iter()
                    .find(|(field, _)| field == name)
                    .map_or(kind, |(_, kind)| kind),
                _ => kind,
            };
            (name.clone(), value(kind, item))
        })),
    }
}

fn path(json: &Json) -> AttributePath {
    json.as_array()
        .into_iter()
        .flatten()
        .fold(AttributePath::root(), |path, step| match step {
            Json::String(name) => path.then(name),
            Json::Number(index) => path.index(
                index
                    .as_u64()
                    .and_then(|index| usize::try_from(index).ok())
                    .unwrap_or_default(),
            ),
            _ => path,
        })
}

/// Who refers to a secret of ours directly, by the resource's address without keys.
fn consumers(root: &Json) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    collect_module(root, "", &mut found);
    found
}

fn collect_module(module: &Json, prefix: &str, found: &mut BTreeMap<String, BTreeSet<String>>) {
    for resource in module["resources"].as_array().into_iter().flatten() {
        let address = format!(
            "{prefix}{}",
            resource["address"].as_str().unwrap_or_default()
        );
        collect(&resource["expressions"], prefix, &address, found);
        for provisioner in resource["provisioners"].as_array().into_iter().flatten() {
            collect(
                &provisioner["expressions"],
                prefix,
                &format!("{address} (provisioner)"),
                found,
            );
        }
    }
    for (name, output) in module["outputs"].as_object().into_iter().flatten() {
        collect(
            &output["expression"],
            prefix,
            &format!("{prefix}output.{name}"),
            found,
        );
    }
    for (name, call) in module["module_calls"].as_object().into_iter().flatten() {
        let inner = format!("{prefix}module.{name}.");
        collect(
            &call["expressions"],
            prefix,
            inner.trim_end_matches('.'),
            found,
        );
        collect_module(&call["module"], &inner, found);
    }
}

/// Notes every reference to a secret inside an expression; `consumer` grows by the names of the arguments.
fn collect(
    expression: &Json,
    prefix: &str,
    consumer: &str,
    found: &mut BTreeMap<String, BTreeSet<String>>,
) {
    const SECRETS: [&str; 3] = ["token", "encrypted_token", "previous_token"];
    match expression {
        Json::Object(entries) => {
            for reference in entries
                .get("references")
                .and_then(Json::as_array)
                .into_iter()
                .flatten()
            {
                let plain = crate::language::without_keys(reference.as_str().unwrap_or_default());
                let parts: Vec<&str> = plain.split('.').collect();
                if let [kind, name, attribute, ..] = parts.as_slice()
                    && Kind::from_type_name(kind).is_some()
                    && SECRETS.contains(attribute)
                {
                    let address = format!("{prefix}{kind}.{name}");
                    found
                        .entry(address)
                        .or_default()
                        .insert(consumer.to_owned());
                }
            }
            for (name, inner) in entries.iter().filter(|(name, _)| *name != "references") {
                collect(inner, prefix, &format!("{consumer}.{name}"), found);
            }
        }
        Json::Array(items) => items
            .iter()
            .for_each(|item| collect(item, prefix, consumer, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
