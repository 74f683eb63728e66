//! Terraform's plan (`terraform show -json`) as a plan of ours. What Terraform marks as sensitive is dropped while reading, so no
//! renderer ever sees it.

mod addresses;
mod banners;
mod clear;
mod consumers;
mod deferred;
mod document;
mod events;
mod origins;
mod prior_state;
mod reasons;
mod renamed;
mod said;
mod signs_in;
mod values;

use std::collections::{HashMap, HashSet};

use serde_json::Value as Json;

use consumers::Found;
use document::{Document, ResourceChange, Verb, each, put_off};
use events::Called;
use prior_state::{Known, PriorState, Unwell};
use reasons::reasons;
use signs_in::SignsIn;
use values::path;

use super::circumstances::{
    Circumstances, Course, Held, Manner, Others, Reviewed, ServerPlace, unreadable, way_of,
};
use super::uses::in_modules_of;
use crate::diagnostic::{Code, Diagnostic};
use crate::language::without_keys;
use crate::model::kind::Kind;
use crate::model::server::capabilities;
use crate::model::settings::expected_kind;
use crate::model::{State, state};
use crate::plan::mistaken::{Mistaken, mistaken};
use crate::plan::{Action, Change, PlannedResource, leaves_something, soon_end_kept};
use crate::redaction::KnownSecrets;
use crate::secret::Secret;
use crate::value::{AttributePath, Value};

/// Reads the text of a plan, where no environment says anything. Resources of other providers only count as consumers of tokens.
///
/// # Errors
///
/// The text is no plan of Terraform, is of a format that we do not know, or has a word in it that we do not know.
pub fn parse(text: &str) -> Result<Reviewed, Diagnostic> {
    parse_text(text, |_| None)
}

/// Likewise, where the environment completes what a provider block does not say, and of a text that is given back as soon as it is read: that of a large plan takes as much room as all that is kept of it.
///
/// # Errors
///
/// As [`parse`].
pub fn parse_text(
    text: impl AsRef<str>,
    environment: impl Fn(&str) -> Option<String>,
) -> Result<Reviewed, Diagnostic> {
    let refused = |what: String| {
        Diagnostic::error(Code::InvalidTerraformPlan, "The plan cannot be read")
            .detail(format!("{what}."))
            .hint("Make it with `terraform show -json PLANFILE`, or `tofu show -json PLANFILE`.")
    };
    let document = read_document(text.as_ref()).map_err(|what| match mistaken(text.as_ref()) {
        Some(Mistaken { what, hint }) => {
            let refused = refused(what.to_owned());
            hint.into_iter().fold(refused, Diagnostic::hint)
        }
        None => refused(what),
    });
    drop(text);
    review_of(document?, environment).map_err(refused)
}

fn read_document(text: &str) -> Result<Document, String> {
    let no_plan = || "It is JSON, but not a plan of Terraform in format 1".to_owned();
    let document: Document = serde_json::from_str(text).map_err(|error| match error.is_data() {
        false => format!("It is not JSON ({error})"),
        true if !text.trim_start().starts_with('{') => no_plan(),
        true => format!("It is JSON, but not a plan of Terraform ({error})"),
    })?;
    // A plan without any resource has no list of changes, but it has the values to come.
    let is_plan = document.resource_changes.is_some()
        || document.action_invocations.is_some()
        || document.planned_values.is_some();
    if !document.format_version.starts_with("1.") || !is_plan {
        return Err(no_plan());
    }
    Ok(document)
}

fn review_of(
    mut document: Document,
    environment: impl Fn(&str) -> Option<String>,
) -> Result<Reviewed, String> {
    let mut reviewed = Reviewed::default();
    // Terraform has said so since 1.5.
    let made_at = document.timestamp.as_str();
    reviewed.circumstances.now = made_at.and_then(|made_at| made_at.parse().ok());
    let prior_state = document.prior_state.take().map(PriorState::read);
    let Known {
        mut tokens,
        mut secrets,
        identities,
        mut held,
        unwell,
        roles,
    } = prior_state.unwrap_or_default();
    let variables = document.variables.take();
    let signs_in = SignsIn::of(&document.configuration, variables.as_ref(), identities);
    secrets.extend(signs_in.secrets());
    if document.action_invocations.is_none() && document.deferred_action_invocations.is_none() {
        // Nobody else asks for them, and those of a large plan take room.
        tokens = HashMap::new();
    }
    let drift = document.resource_drift.take().unwrap_or_default();
    let mut drift = drift.all("resource_drift")?;
    let changes = document.resource_changes.take().unwrap_or_default();
    let mut changes = changes.all("resource_changes")?;
    let all = changes.iter_mut().chain(&mut drift);
    let of_others: Vec<Secret> = all
        .flat_map(|one| std::mem::take(&mut one.secrets))
        .collect();
    reviewed.circumstances.others.resources =
        changes.iter().filter(|one| one.is_others_change()).count();
    if document.errored || changes.is_empty() {
        // A plan that only refreshes has no changes, and one that failed not all.
        held.clear();
    }
    let planned: HashSet<&str> = changes.iter().flat_map(ResourceChange::addresses).collect();
    held.retain(|one| !planned.contains(one.address.as_str()));
    let left_out = banners::left_out(&document, &held);
    // Any other plan has an entry for all that does not change, too, but for one that only invokes an action, which may renew a secret.
    let only_refreshes =
        changes.is_empty() && document.action_invocations.is_none() && !document.errored;
    let Found {
        uses,
        providers,
        accounts,
        leaves_roles_out,
    } = consumers::find(
        &document.configuration,
        &changes,
        !clear::look_like_hashes(&changes, &secrets),
    );
    reviewed.circumstances.uses = uses;
    reviewed.circumstances.providers = providers;
    reviewed.circumstances.leaves_roles_out = leaves_roles_out;
    reviewed.circumstances.servers =
        servers(&document.configuration["provider_config"], environment);
    let planned = changes.iter().map(|change| change.address.as_str());
    let mut drifted = events::drifted(&drift, &planned.collect())?;
    reviewed.plan.changes.reserve_exact(changes.len());
    reviewed.circumstances.courses.reserve_exact(changes.len());
    // Each is given back as soon as it is read: both forms of a large plan at once would take much room.
    for change in changes {
        let Some(kind) = change.kind() else {
            continue;
        };
        let (mut change, course) = read(kind, change, &reviewed.circumstances, &drifted)?;
        let account = accounts.get(&without_keys(&change.address));
        let account = account.map(|account| in_modules_of(&change.address, account));
        change.depends_on.extend(account);
        reviewed.plan.changes.push(change);
        reviewed.circumstances.courses.push(course);
    }
    // What it leaves so is nowhere but in the state that it has read.
    if only_refreshes {
        for one in unwell {
            reviewed.leaves(one);
        }
    }
    let invocations = each(document.action_invocations.take(), "action_invocations")?;
    let called = Called::of(tokens, &invocations, &reviewed);
    let invocations = called.invocations(invocations)?;
    let mut waiting = put_off(document.deferred_changes.take(), "deferred_changes")?;
    waiting.extend(put_off(
        document.deferred_action_invocations.take(),
        "deferred_action_invocations",
    )?);
    let later = deferred::later(waiting, &reviewed.circumstances, &called)?;
    for again in called.rotated_again(&reviewed.plan) {
        let note = "an action rotates it as well, and its server keeps one former secret: the one before ends at once";
        reviewed.circumstances.courses[again]
            .notes
            .push(note.to_owned());
    }
    let postponed = later.put_off.changes.iter().map(|(change, _)| change);
    let all = reviewed.plan.changes.iter().chain(drifted.values());
    let known = clear::known(all.chain(postponed), secrets);
    let of_others = KnownSecrets::new(of_others);
    for known in [&known, &of_others] {
        clear::hide_in_drift(known, &mut drifted);
    }
    // Terraform says by `applyable` whether a plan writes into the state what happened outside; OpenTofu does not say.
    let writes = document.applyable != Some(false);
    let happened = events::drift(&drifted, writes, &roles, &reviewed.circumstances);
    let happened: Vec<_> = happened.collect();
    let Circumstances {
        banners,
        asides,
        outside,
        put_off,
        left_out: unplanned,
        ..
    } = &mut reviewed.circumstances;
    asides.extend(invocations);
    *put_off = later.put_off;
    let waits = |one: &Held| {
        let mut waiting = put_off.changes.iter();
        waiting.any(|(change, _)| change.address == one.address)
    };
    held.retain(|one| !waits(one));
    *unplanned = held;
    asides.extend(happened);
    banners.extend(banners::banners(&mut document, &later.told)?);
    banners.extend(left_out);
    let unread = unreadable(reviewed.plan.changes.iter().chain(drifted.values()));
    for banner in unread {
        // What happened outside and what is to do may hold the same.
        if !banners.contains(&banner) {
            banners.push(banner);
        }
    }
    outside.extend(events::moving_power(drifted));
    renamed::tell(&mut reviewed);
    renamed::keep(&mut reviewed);
    signs_in.mark(&mut reviewed);
    clear::hide(&known, &mut reviewed, document.output_changes);
    if !writes {
        reviewed.circumstances.others = Others::default();
    }
    clear::hide_quietly(&of_others, &mut reviewed);
    for known in [&known, &of_others] {
        addresses::hide(known, &mut reviewed);
    }
    Ok(reviewed)
}

impl Reviewed {
    /// Adds what the plan does nothing to.
    fn leaves(&mut self, found: Unwell) {
        let Unwell {
            address,
            kind,
            state,
            only_ends,
        } = found;
        let planned = PlannedResource::new(Action::NoOp, state.clone());
        let mut change = Change::read(address, kind, state, planned);
        let seen = change.seen_before().zip(self.circumstances.now);
        let server = self.circumstances.api_of(&change.address).map(capabilities);
        let ends_soon = seen.and_then(|(seen, now)| soon_end_kept(server, &seen, &seen, now));
        if only_ends && ends_soon.is_none() {
            return;
        }
        let users = self.circumstances.uses.names_of(&change.address);
        change.used_by(users, Change::may_hold_secret);
        self.plan.changes.push(change);
        self.circumstances.courses.push(Course::default());
    }
}

/// The provider blocks of ours, as the configuration's JSON has them.
fn ours(providers: &Json) -> impl Iterator<Item = &Json> {
    let providers = providers.as_object().into_iter().flatten();
    providers.map(|(_, provider)| provider).filter(|provider| {
        let name = provider["full_name"].as_str();
        name.is_some_and(|name| name.rsplit('/').next() == Some("lanyard"))
    })
}

/// The servers that our provider blocks name.
fn servers(providers: &Json, environment: impl Fn(&str) -> Option<String>) -> Vec<ServerPlace> {
    ours(providers)
        .map(|provider| {
            let said = provider["expressions"].as_object().into_iter().flatten();
            // What is no constant is not known here.
            let block = Value::map(said.map(|(name, said)| {
                let constant = said.get("constant_value").map(Value::from);
                let constant = match (name.as_str(), constant) {
                    ("token", Some(Value::String(token))) => Secret::new(token).into(),
                    (_, constant) => constant.unwrap_or(Value::Unknown),
                };
                (name.clone(), constant)
            }));
            let url = block.at(&AttributePath::attribute("url"));
            ServerPlace {
                provider: consumers::provider_address(provider),
                url: url.and_then(Value::as_str).map(str::to_owned),
                api: expected_kind(&block, &environment),
                way: way_of(&block),
                place: None,
            }
        })
        .collect()
}

/// False if its provider names a server without restrictions, or every one does and which one it is is not known. What comes from
/// elsewhere is not in the plan.
fn may_restrict(circumstances: &Circumstances, address: &str) -> bool {
    let restricts =
        |server: &ServerPlace| server.api.is_none_or(|api| capabilities(api).restricts());
    let servers = &circumstances.servers;
    match circumstances.server_of(address) {
        Some(server) => restricts(server),
        None => servers.is_empty() || servers.iter().any(restricts),
    }
}

fn read(
    kind: Kind,
    mut json: ResourceChange,
    circumstances: &Circumstances,
    drifted: &events::Drifted,
) -> Result<(Change, Course), String> {
    let (action, manner) =
        action(&json.change.actions).ok_or_else(|| not_understood("resource_changes", &json))?;
    let (prior, planned) = json.sides.take().unwrap_or_default();
    let strangers = std::mem::take(&mut json.strangers);
    let requires_replace: Vec<AttributePath> = json
        .change
        .replace_paths
        .as_array()
        .into_iter()
        .flatten()
        .map(path)
        .collect();
    let seen = [&prior, &planned].map(|state| State::read_any(kind, state));
    // What cannot be read the change itself complains of.
    let [before, after] = seen
        .each_ref()
        .map(|state| state.as_ref().ok().and_then(Option::as_ref));
    let planned = PlannedResource {
        reasons: reasons(
            kind,
            circumstances.api_of(&json.address).map(capabilities),
            (action, manner),
            &json,
            before,
            after,
            &requires_replace,
        ),
        requires_replace,
        restrictable: may_restrict(circumstances, &json.address),
        ..PlannedResource::new(action, planned)
    };
    let course = events::course(&json, manner, drifted, &planned);
    // What leaves the state is described as what is deleted: all of it.
    let described = match manner {
        Manner::Forgets => Action::Delete,
        _ => action,
    };
    let planned = PlannedResource {
        action: described,
        ..planned
    };
    let mut change = Change::read_as(seen, json.address, kind, prior, planned);
    if action != described {
        change.fields_mut();
        change.action = action;
    }
    if matches!(action, Action::Delete | Action::Replace)
        && let Some(state) = change.seen_before()
        && let Some(api) = circumstances.api_of(&change.address)
    {
        let delete = state.capabilities(capabilities(api)).delete;
        change.diagnostics.extend(leaves_something(delete));
    }
    // Where nothing changes, nothing of it changes either.
    if action != Action::NoOp || manner != Manner::Plain {
        change.diagnostics.extend(strangers.iter().map(stranger));
    }
    // What is left over of an earlier replacement is nobody's secret any more.
    if json.deposed.is_none() {
        let users = circumstances.uses.names_of(&change.address);
        change.used_by(users, Change::may_hold_secret);
    }
    Ok((change, course))
}

/// An attribute of ours that a newer version has.
fn stranger(name: &String) -> Diagnostic {
    state::unreadable(format!("This version knows no attribute `{name}`."))
}

/// Each of the verbs is known, and nobody knows what they mean together in this list.
fn not_understood(list: &str, json: &ResourceChange) -> String {
    let (address, verbs) = (&json.address, &json.change.actions);
    format!(
        "{address}: the actions {verbs:?} of `{list}` are not understood, perhaps a newer Lanyard knows them"
    )
}

/// Terraform's verbs. `None` for what no managed resource can meet.
fn action(verbs: &[Verb]) -> Option<(Action, Manner)> {
    Some(match verbs {
        [Verb::NoOp] => (Action::NoOp, Manner::Plain),
        [Verb::Create] => (Action::Create, Manner::Plain),
        [Verb::Update] => (Action::Update, Manner::Plain),
        [Verb::Delete] => (Action::Delete, Manner::Plain),
        [Verb::Delete, Verb::Create] => (Action::Replace, Manner::Plain),
        [Verb::Create, Verb::Delete] => (Action::Replace, Manner::CreatesFirst),
        [Verb::Forget] => (Action::NoOp, Manner::Forgets),
        [Verb::Forget, Verb::Create] | [Verb::Create, Verb::Forget] => {
            (Action::Replace, Manner::ReplacesAndForgets)
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Reason;
    use crate::review::{Format, Options, render_reviewed as render};

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
        let [rotated, moved] = plan.plan.changes.as_slice() else {
            panic!("two of ours: {plan:?}");
        };
        assert!(rotated.rotates());
        assert_eq!(
            rotated.consumers,
            ["module.a[\"x\"].terraform_data.user.input"]
        );
        assert_eq!(
            rotated.reasons,
            [Reason::Rotation {
                why: "expired".into()
            }]
        );
        assert!(
            rotated
                .fields()
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
        let plan_with = |api: &str, environment: Option<&str>| {
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
            let named = |name: &str| environment.filter(|_| name == "LANYARD_API");
            let reviewed = parse_text(text, |name| named(name).map(str::to_owned)).unwrap();
            render(&reviewed, Format::Text, Options::default())
        };
        let plan = |api: &str| plan_with(api, None);
        assert!(!plan(r#""api": {"constant_value": "splunk"}"#).contains("all data"));
        assert!(plan(r#""api": {"constant_value": "chronosphere"}"#).contains("all data"));
        assert!(plan(r#""api": {"references": ["var.api"]}"#).contains("all data"));
        assert!(plan("").contains("all data"));
        assert!(!plan_with("", Some("elasticsearch")).contains("all data"));
        let said = r#""api": {"constant_value": "chronosphere"}"#;
        assert!(plan_with(said, Some("elasticsearch")).contains("all data"));
        let not_known = r#""api": {"references": ["var.api"]}"#;
        assert!(plan_with(not_known, Some("elasticsearch")).contains("all data"));
    }

    #[test]
    fn an_account_that_no_configuration_has_is_on_the_only_kind_of_server_that_there_is() {
        let told = |more: &str| {
            let plan = format!(
                r#"{{"format_version": "1.2", "resource_changes": [{{
                    "address": "lanyard_service_account.a", "mode": "managed", "type": "lanyard_service_account",
                    "change": {{"actions": ["delete"], "before": {{"id": "x/y", "name": "x/y"}}, "after": null}}}}],
                  "configuration": {{"provider_config": {{"lanyard": {{"name": "lanyard",
                    "full_name": "registry.terraform.io/lanyard/lanyard",
                    "expressions": {{"api": {{"constant_value": "elasticsearch"}}}}}}{more}}}}}}}"#
            );
            render(&parse(&plan).unwrap(), Format::Text, Options::default())
        };
        let stays = "have to go first: it stays while there are any";
        assert!(told("").contains(stays), "{}", told(""));
        let other = r#", "lanyard.b": {"name": "lanyard", "alias": "b", "full_name": "registry.terraform.io/lanyard/lanyard",
            "expressions": {"api": {"constant_value": "native"}}}"#;
        assert!(!told(other).contains(stays), "{}", told(other));
    }
}
