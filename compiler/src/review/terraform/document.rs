//! The JSON of a plan as Terraform and OpenTofu write it. Fields that we do not know are theirs to add; a word that we do not know
//! where we know the words is an error: what it means for a credential cannot be told.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

#[derive(Deserialize)]
pub(super) struct Document {
    #[serde(default)]
    pub(super) format_version: String,
    pub(super) resource_changes: Option<Vec<Json>>,
    pub(super) resource_drift: Option<Vec<Json>>,
    pub(super) deferred_changes: Option<Vec<Json>>,
    pub(super) action_invocations: Option<Vec<Json>>,
    pub(super) deferred_action_invocations: Option<Vec<Json>>,
    pub(super) checks: Option<Vec<Json>>,
    #[serde(default)]
    pub(super) errored: bool,
    pub(super) complete: Option<bool>,
    pub(super) applyable: Option<bool>,
    #[serde(default)]
    pub(super) configuration: Json,
    #[serde(default)]
    pub(super) planned_values: Json,
}

#[derive(Deserialize)]
pub(super) struct ResourceChange {
    pub(super) address: String,
    pub(super) previous_address: Option<String>,
    pub(super) deposed: Option<String>,
    pub(super) mode: Mode,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) action_reason: Option<ActionReason>,
    pub(super) change: Change,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Mode {
    Managed,
    Data,
    Ephemeral,
}

#[derive(Deserialize)]
pub(super) struct Change {
    pub(super) actions: Vec<Verb>,
    #[serde(default)]
    pub(super) before: Json,
    #[serde(default)]
    pub(super) after: Json,
    #[serde(default)]
    pub(super) after_unknown: Json,
    #[serde(default)]
    pub(super) before_sensitive: Json,
    #[serde(default)]
    pub(super) after_sensitive: Json,
    #[serde(default)]
    pub(super) replace_paths: Json,
    pub(super) importing: Option<Importing>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Verb {
    NoOp,
    Create,
    Read,
    Update,
    Delete,
    Forget,
    Open,
    Renew,
    Close,
}

#[derive(Deserialize)]
pub(super) struct Importing {
    pub(super) id: Option<String>,
    pub(super) identity: Option<Json>,
}

/// Terraform's reasons, and OpenTofu's.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ActionReason {
    ReplaceBecauseCannotUpdate,
    ReplaceBecauseTainted,
    ReplaceByRequest,
    ReplaceByTriggers,
    DeleteBecauseNoResourceConfig,
    DeleteBecauseWrongRepetition,
    DeleteBecauseCountIndex,
    DeleteBecauseEachKey,
    DeleteBecauseNoModule,
    DeleteBecauseNoMoveTarget,
    DeleteBecauseEnabledFalse,
    ReadBecauseConfigUnknown,
    ReadBecauseDependencyPending,
    ReadBecauseCheckNested,
}

#[derive(Deserialize)]
pub(super) struct Deferred {
    pub(super) reason: Option<String>,
    pub(super) resource_change: Option<Place>,
    pub(super) action_invocation: Option<Place>,
}

#[derive(Deserialize)]
pub(super) struct Place {
    pub(super) address: String,
}

#[derive(Deserialize)]
pub(super) struct Invocation {
    pub(super) address: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) config_values: Json,
    #[serde(default)]
    pub(super) config_sensitive: Json,
    #[serde(default)]
    pub(super) config_unknown: Json,
    pub(super) lifecycle_action_trigger: Option<LifecycleTrigger>,
}

#[derive(Deserialize)]
pub(super) struct LifecycleTrigger {
    pub(super) triggering_resource_address: String,
}

#[derive(Deserialize)]
pub(super) struct Check {
    pub(super) address: CheckAddress,
    pub(super) status: CheckStatus,
    pub(super) instances: Option<Vec<CheckInstance>>,
}

#[derive(Deserialize)]
pub(super) struct CheckAddress {
    pub(super) to_display: String,
}

#[derive(Deserialize)]
pub(super) struct CheckInstance {
    pub(super) problems: Option<Vec<Problem>>,
}

#[derive(Deserialize)]
pub(super) struct Problem {
    pub(super) message: String,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum CheckStatus {
    Pass,
    Fail,
    Error,
    Unknown,
}

/// Reads every entry of a list; a mistake is told with its place.
pub(super) fn each<T: DeserializeOwned>(
    list: Option<Vec<Json>>,
    name: &str,
) -> Result<Vec<T>, String> {
    list.unwrap_or_default()
        .into_iter()
        .enumerate()
        .map(|(index, item)| {
            let whose = match item["address"].as_str() {
                Some(address) => format!(" ({address})"),
                None => String::new(),
            };
            serde_path_to_error::deserialize(item).map_err(|error| {
                let place = format!("{name}[{index}].{}", error.path());
                format!(
                    "`{place}`{whose} is not understood, perhaps a newer Lanyard knows it: {}",
                    error.inner()
                )
            })
        })
        .collect()
}
