//! One resource: create, update, rotate, replace or delete, and every value of the state to come.

use super::diff::{Difference, differences, merge};
use super::meaning::{same, time_at};
use super::{Action, PlannedResource, Reason, expiry, rotation};
use crate::diagnostic::Diagnostic;
use crate::model::access_token::Status;
use crate::model::checks;
use crate::model::facts;
use crate::model::kind::Kind;
use crate::model::schema::Format;
use crate::model::server::{
    Capabilities, Change, DeleteCapability, ResourceCapabilities, RotationCapability,
};
use crate::value::{AttributePath, Value};

/// Plans one resource. `server` is `None` while the provider's settings are not known; `prior` is null for a creation and
/// `config` for a deletion. Whatever the configuration leaves unknown stays unknown.
pub fn plan_resource(
    kind: Kind,
    server: Option<&Capabilities>,
    prior: &Value,
    config: &Value,
) -> PlannedResource {
    if config.is_null() {
        return deletion(kind, server, prior);
    }
    let request = Request {
        kind,
        server,
        capabilities: server.map(|server| kind.capabilities_for(server, config)),
        prior,
        config,
    };
    let mut planned = if prior.is_null() {
        request.create()
    } else {
        request.update()
    };
    let errors = checks::validate(kind, server, config)
        .into_iter()
        .filter(Diagnostic::is_error);
    planned.diagnostics.extend(errors);
    planned
}

fn deletion(kind: Kind, server: Option<&Capabilities>, prior: &Value) -> PlannedResource {
    let mut plan = PlannedResource::new(Action::Delete, Value::Null);
    if prior.is_null() {
        plan.action = Action::NoOp;
        return plan;
    }
    let tokens_exist = server.is_none_or(|server| server.access_token.absent.is_none());
    if kind == Kind::ServiceAccount && tokens_exist {
        plan.reasons.push(Reason::Cascade {
            what: "its access tokens end with it".to_owned(),
        });
    }
    match server.map(|server| kind.capabilities_for(server, prior).delete) {
        Some(DeleteCapability::Disables { warning } | DeleteCapability::Leaves { warning }) => {
            plan.diagnostics.push(
                Diagnostic::warning(
                    "deletion-leaves-something",
                    "Destroying leaves something behind",
                )
                .detail(warning),
            );
        }
        Some(DeleteCapability::Deletes) | None => {}
    }
    plan
}

struct Request<'a> {
    kind: Kind,
    server: Option<&'a Capabilities>,
    capabilities: Option<&'a ResourceCapabilities>,
    prior: &'a Value,
    config: &'a Value,
}

/// Whether a secret is replaced.
enum Decision {
    Keep,
    /// Values that are not known yet decide.
    Perhaps(String),
    Rotate {
        why: String,
        /// Values that are not known yet may add to the reason.
        more: bool,
    },
}

impl Request<'_> {
    fn create(&self) -> PlannedResource {
        PlannedResource::new(Action::Create, self.new_object())
    }

    /// The state of an object that does not exist yet.
    fn new_object(&self) -> Value {
        let mut planned = merge(&facts::schema(self.kind).body, self.config, &Value::Null);
        self.leave_out_unsupported(&mut planned);
        set_unrestricted(self.config, &mut planned);
        set(&mut planned, "id", Value::Unknown);
        set(&mut planned, "rotation_due", false.into());
        let issues_secret = self
            .capabilities
            .is_none_or(|capabilities| capabilities.issues_secret);
        // Taking over a token continues its count.
        let adopts = self.config.get("on_conflict") != &Value::Null
            && self.config.get("on_conflict").as_str() != Some("error")
            && self.config.get("on_conflict").as_str() != Some("replace");
        let generation = if adopts { Value::Unknown } else { 1.into() };
        match self.kind {
            Kind::ServiceAccount => {
                set(&mut planned, "created_at", Value::Unknown);
                let known = self.capabilities.is_some();
                set(
                    &mut planned,
                    "token",
                    if issues_secret {
                        Value::Unknown
                    } else {
                        Value::Null
                    },
                );
                set(
                    &mut planned,
                    "generation",
                    match (known, issues_secret) {
                        (false, _) => Value::Unknown,
                        (true, true) => generation,
                        (true, false) => Value::Null,
                    },
                );
            }
            Kind::AccessToken => {
                set(
                    &mut planned,
                    "expires_at",
                    expiry::of_new(self.capabilities, self.config),
                );
                set_secret(self.config, &mut planned);
                set(&mut planned, "generation", generation);
                set(&mut planned, "issued_at", Value::Unknown);
                set(&mut planned, "status", Value::Unknown);
                set(
                    &mut planned,
                    "retired",
                    if adopts {
                        Value::Unknown
                    } else {
                        Value::List(Vec::new())
                    },
                );
                let rotate_at = rotate_at(&planned);
                set(&mut planned, "rotate_at", rotate_at);
            }
        }
        planned
    }

    fn update(&self) -> PlannedResource {
        let body = &facts::schema(self.kind).body;
        let mut planned = merge(body, self.config, self.prior);
        set_unrestricted(self.config, &mut planned);
        if self.kind == Kind::AccessToken {
            set(
                &mut planned,
                "expires_at",
                expiry::of_existing(self.capabilities, self.config, self.prior),
            );
        }

        let differences = differences(body, self.prior, &planned);
        let replacements = self.replacements(&differences);
        if !replacements.is_empty() {
            return self.replacement(replacements);
        }
        let mut plan = PlannedResource::new(Action::Update, planned);
        match self.decide_rotation(&differences, &plan.planned) {
            Decision::Keep => self.keep_secret(&mut plan),
            // The apply cannot turn an update into a replacement: what may have to be replaced is.
            Decision::Rotate { why, .. } | Decision::Perhaps(why) if self.cannot_rotate() => {
                let encrypted = self.config.get("recipient").as_str().is_some();
                let secret = if encrypted {
                    "encrypted_token"
                } else {
                    "token"
                };
                return self.replacement(vec![(AttributePath::attribute(secret), why)]);
            }
            Decision::Perhaps(why) => {
                self.rotate(&mut plan.planned, Value::Unknown, Value::Unknown);
                plan.reasons.push(Reason::PossibleRotation { why });
            }
            Decision::Rotate { why, more } => {
                let before = self
                    .prior
                    .get("generation")
                    .as_number()
                    .and_then(|number| number.as_i64());
                let generation = before.unwrap_or(1).saturating_add(1);
                let shown = if more {
                    Value::Unknown
                } else {
                    why.as_str().into()
                };
                self.rotate(&mut plan.planned, generation.into(), shown);
                plan.reasons.push(Reason::Rotation { why });
            }
        }
        self.add_cascade(&mut plan);
        self.add_revocations(&mut plan);
        if plan.planned == *self.prior {
            plan.action = Action::NoOp;
        }
        plan
    }

    /// What this server cannot change on an existing object.
    fn replacements(&self, differences: &[Difference]) -> Vec<(AttributePath, String)> {
        differences
            .iter()
            .filter(|difference| {
                !difference.local && self.change(&difference.name) == Change::Replace
            })
            .map(|difference| {
                let title = self.server.map_or("this server", |server| server.title);
                (
                    difference.path.clone(),
                    format!("cannot be changed in place on {title}"),
                )
            })
            .collect()
    }

    fn replacement(&self, because: Vec<(AttributePath, String)>) -> PlannedResource {
        let mut plan = PlannedResource::new(Action::Replace, self.new_object());
        for (path, why) in because {
            plan.requires_replace.push(path.clone());
            plan.reasons.push(Reason::Replacement { path, why });
        }
        if self.kind == Kind::ServiceAccount {
            plan.reasons.push(Reason::Cascade {
                what: "the access tokens of the account that is replaced end with it".to_owned(),
            });
        }
        plan
    }

    /// What changing the attribute costs; a part of a block costs what the block costs, unless the server says otherwise.
    fn change(&self, name: &str) -> Change {
        if self.kind == Kind::AccessToken && matches!(name, "expires_at" | "ttl") {
            return expiry::change(self.capabilities);
        }
        let Some(capabilities) = self.capabilities else {
            return Change::InPlace;
        };
        let block = name.split('.').next().unwrap_or(name);
        capabilities
            .attribute(name)
            .or_else(|| capabilities.attribute(block))
            .map_or(Change::InPlace, |attribute| attribute.change)
    }

    fn cannot_rotate(&self) -> bool {
        let expired = rotation::parse_status(self.prior.get("status")) == Status::Expired;
        self.capabilities
            .is_some_and(|capabilities| match capabilities.rotation {
                RotationCapability::Impossible { .. } => true,
                RotationCapability::Server { of_expired, .. } => expired && !of_expired,
                RotationCapability::TwoSlots | RotationCapability::NoOverlap { .. } => false,
            })
    }

    /// Decided from the configuration and from what was stored when the state was read; never from the clock.
    fn decide_rotation(&self, differences: &[Difference], planned: &Value) -> Decision {
        let (config, prior) = (self.config, self.prior);
        if self
            .capabilities
            .is_some_and(|capabilities| !capabilities.issues_secret)
            || (self.kind == Kind::ServiceAccount
                && prior.get("generation").is_null()
                && self.server.is_none())
        {
            return Decision::Keep;
        }
        let mut certain: Vec<String> = Vec::new();
        let mut possible: Vec<String> = Vec::new();

        triggers(
            prior.get("rotation"),
            config.get("rotation"),
            &mut certain,
            &mut possible,
        );
        if rotation::holds_secret(prior) && self.kind == Kind::AccessToken {
            match (prior.get("recipient"), config.get("recipient")) {
                (_, Value::Unknown) => possible.push("`recipient` is not known yet".to_owned()),
                (before, after) if before != after => {
                    certain.push("`recipient` changed".to_owned());
                }
                _ => {}
            }
        }
        for difference in differences.iter().filter(|difference| !difference.local) {
            if self.change(&difference.name) == Change::Rotate {
                let why = format!("`{}` changed", difference.path);
                match planned.at(&difference.path) {
                    Some(Value::Unknown) => possible.push(why),
                    _ => certain.push(why),
                }
            }
        }
        if self.kind == Kind::AccessToken {
            self.end_of_life(planned, &mut certain, &mut possible);
        }
        match (certain.is_empty(), possible.is_empty()) {
            (false, more) => Decision::Rotate {
                why: certain.join("; "),
                more: !more,
            },
            (true, false) => Decision::Perhaps(possible.join("; ")),
            (true, true) => Decision::Keep,
        }
    }

    /// A secret that died, or is about to: decided when the state was read.
    fn end_of_life(&self, planned: &Value, certain: &mut Vec<String>, possible: &mut Vec<String>) {
        let prior = self.prior;
        if prior.get("rotation_due").as_bool() != Some(true) {
            return;
        }
        let rotation = planned.get("rotation");
        let ahead = rotation.get("before_expiry");
        let wanted = rotation::holds_secret(prior) || rotation.is_unknown() || !ahead.is_null();
        let was_disabled = prior.get("disabled").as_bool() == Some(true);
        if !wanted || was_disabled && planned.get("disabled").as_bool() == Some(true) {
            return;
        }
        let status = rotation::parse_status(prior.get("status"));
        let dead = matches!(status, Status::Revoked | Status::Expired);
        let end_matters = status != Status::Revoked;
        if end_matters && !expiry::rotation_moves_the_end(self.capabilities, self.config, prior) {
            return;
        }

        let open = |value: &Value| value.is_unknown();
        let secret_or_wish_open = !rotation::holds_secret(prior) && (open(rotation) || open(ahead));
        let point_open = !dead && (open(rotation) || open(ahead) || open(rotation.get("jitter")));
        let end_open = end_matters
            && ["expires_at", "ttl"]
                .iter()
                .any(|name| open(self.config.get(name)));
        let disabled_open = was_disabled && open(planned.get("disabled"));
        if secret_or_wish_open || point_open || end_open || disabled_open {
            possible.push(
                "the secret is due, and values that decide whether it rotates are not known yet"
                    .to_owned(),
            );
            return;
        }
        let end = prior.get("expires_at").as_str().unwrap_or("at its end");
        match status {
            Status::Revoked => certain.push("the secret is no longer accepted".to_owned()),
            Status::Expired => certain.push(format!("expired {end}")),
            Status::Active | Status::Expiring | Status::Disabled if self.is_still_due(planned) => {
                let ahead = prior
                    .get("rotation")
                    .get("before_expiry")
                    .as_str()
                    .unwrap_or_default();
                certain.push(format!("expires {end}, inside before_expiry {ahead}"));
            }
            Status::Active | Status::Expiring | Status::Disabled => {}
        }
    }

    /// Due when it was read, and the configuration did not move the point since.
    fn is_still_due(&self, planned: &Value) -> bool {
        // The point follows from the old end: what counts is how far ahead of it the configuration now wants the rotation.
        let mut moved = planned.clone();
        set(
            &mut moved,
            "expires_at",
            self.prior.get("expires_at").clone(),
        );
        match (
            rotation::rotate_at_of(&moved),
            time_at(self.prior, "rotate_at"),
        ) {
            (Some(wanted), Some(reached)) => wanted <= reached,
            _ => false,
        }
    }

    /// The secret stays: computed values keep what they have, and what follows from stored data alone follows.
    fn keep_secret(&self, plan: &mut PlannedResource) {
        if self.kind != Kind::AccessToken {
            return;
        }
        let planned = &mut plan.planned;
        let moved = ["expires_at", "rotation"]
            .iter()
            .any(|name| planned.get(name) != self.prior.get(name));
        if moved {
            let rotate_at = rotate_at(planned);
            let keep = same(Format::Timestamp, &rotate_at, self.prior.get("rotate_at"));
            set(
                planned,
                "rotate_at",
                if keep {
                    self.prior.get("rotate_at").clone()
                } else {
                    rotate_at
                },
            );
        }
        let was_due = self.prior.get("rotation_due").as_bool() == Some(true);
        let status = rotation::parse_status(self.prior.get("status"));
        let point_moved = planned.get("rotate_at") != self.prior.get("rotate_at");
        let dead = matches!(status, Status::Expired | Status::Revoked);
        if was_due && point_moved && !dead {
            // Whether the new point is reached only the next read can tell.
            set(planned, "rotation_due", false.into());
            if status == Status::Expiring {
                set(planned, "status", "active".into());
            }
        }
        let end_moved = planned.get("expires_at") != self.prior.get("expires_at");
        let toggled = planned.get("disabled") != self.prior.get("disabled");
        if toggled || end_moved && status == Status::Expired {
            set(planned, "status", Value::Unknown);
        }
        let pointless = status == Status::Expired
            && !self.config.get("expires_at").is_null()
            && !expiry::rotation_moves_the_end(self.capabilities, self.config, self.prior);
        if pointless {
            plan.diagnostics.push(
                Diagnostic::warning("end-is-past", "The configured end of an access token is past")
                    .detail(format!("{} expired {}. A rotation cannot help: the new secret would have the same end.",
                        name_of(self.prior), self.prior.get("expires_at").as_str().unwrap_or_default()))
                    .at(AttributePath::attribute("expires_at"))
                    .hint("Set a later `expires_at`, or use `ttl`, which counts from each rotation."),
            );
        }
    }

    /// Marks exactly what a rotation changes.
    fn rotate(&self, planned: &mut Value, generation: Value, why: Value) {
        let certain = !generation.is_unknown();
        set(planned, "generation", generation);
        set(planned, "rotation_reason", why);
        if self.kind == Kind::ServiceAccount {
            set(planned, "token", Value::Unknown);
            set(planned, "rotation_due", false.into());
            return;
        }
        set_secret(self.config, planned);
        let end = expiry::of_rotated(self.capabilities, self.config, self.prior);
        let end_may_stay = !certain && end != *planned.get("expires_at");
        set(
            planned,
            "expires_at",
            if end_may_stay { Value::Unknown } else { end },
        );
        set(planned, "issued_at", Value::Unknown);
        set(planned, "status", Value::Unknown);
        set(
            planned,
            "rotation_due",
            if certain {
                false.into()
            } else {
                Value::Unknown
            },
        );
        let rotate_at = rotate_at(planned);
        set(
            planned,
            "rotate_at",
            if certain { rotate_at } else { Value::Unknown },
        );
        let rotation = self.config.get("rotation");
        let at_once = !rotation.is_unknown()
            && match rotation.get("grace_period") {
                Value::Null => true,
                grace => grace
                    .as_str()
                    .is_some_and(|grace| grace == "0s" || grace == "0"),
            };
        // A recipient keeps every clear secret out of the state, the old one included.
        let hidden = self.config.get("recipient").as_str().is_some();
        let ends = at_once || hidden;
        set(
            planned,
            "previous_token",
            if ends && certain {
                Value::Null
            } else {
                Value::Unknown
            },
        );
        set(planned, "retired", Value::Unknown);
    }

    fn add_cascade(&self, plan: &mut PlannedResource) {
        if self.kind != Kind::ServiceAccount {
            return;
        }
        let (Some(before), Some(after)) = (
            self.prior.get("roles").as_list(),
            plan.planned.get("roles").as_list(),
        ) else {
            return;
        };
        if after.iter().any(Value::is_unknown) {
            return;
        }
        let removed: Vec<&str> = before
            .iter()
            .filter(|role| !after.contains(role))
            .filter_map(Value::as_str)
            .collect();
        if removed.is_empty() {
            return;
        }
        let what = format!("its access tokens lose {}", removed.join(", "));
        plan.diagnostics.push(
            Diagnostic::warning(
                "roles-removed",
                "Removing a role takes it from the account's access tokens",
            )
            .detail(format!(
                "{}: {what}. Adding the role again later does not give it back to them.",
                name_of(self.prior)
            ))
            .at(AttributePath::attribute("roles")),
        );
        plan.reasons.push(Reason::Cascade { what });
    }

    /// Retired tokens whose grace period was over when the state was read are revoked by this update.
    fn add_revocations(&self, plan: &mut PlannedResource) {
        let ids: Vec<String> = rotation::entries(self.prior)
            .filter(|entry| entry.get("due").as_bool() == Some(true))
            .filter_map(|entry| entry.get("id").as_str().map(str::to_owned))
            .collect();
        if ids.is_empty() {
            return;
        }
        if !plan.planned.get("retired").is_unknown() {
            let kept: Vec<Value> = rotation::entries(self.prior)
                .filter(|entry| entry.get("due").as_bool() != Some(true))
                .cloned()
                .collect();
            if kept.is_empty() {
                set(&mut plan.planned, "previous_token", Value::Null);
            }
            set(&mut plan.planned, "retired", Value::List(kept));
        }
        plan.reasons.push(Reason::Revocation { ids });
    }

    /// What the server neither takes nor gives is null from the start.
    fn leave_out_unsupported(&self, planned: &mut Value) {
        let Some(capabilities) = self.capabilities else {
            return;
        };
        for attribute in &facts::schema(self.kind).body.attributes {
            let name = attribute.name.as_str();
            let left_to_server = self.config.get(name).is_null() && planned.get(name).is_unknown();
            if left_to_server && capabilities.attribute(name).is_none() {
                set(planned, name, Value::Null);
            }
        }
    }
}

impl PlannedResource {
    fn new(action: Action, planned: Value) -> Self {
        Self {
            action,
            planned,
            requires_replace: Vec::new(),
            reasons: Vec::new(),
            diagnostics: Vec::new(),
        }
    }
}

/// Where a value stands under a key both before and after, a change of it rotates; adding or removing keys never does.
fn triggers(prior: &Value, config: &Value, certain: &mut Vec<String>, possible: &mut Vec<String>) {
    let before = prior.get("triggers").as_map();
    if before.is_none_or(std::collections::BTreeMap::is_empty) {
        return;
    }
    if config.is_unknown() || config.get("triggers").is_unknown() {
        possible.push("`rotation.triggers` is not known yet".to_owned());
        return;
    }
    for (key, value) in before.into_iter().flatten() {
        // The values may be anything, so only the key is named.
        match config.get("triggers").get(key) {
            Value::Null => {}
            Value::Unknown => {
                possible.push(format!("`rotation.triggers[{key:?}]` is not known yet"));
            }
            after if after != value => {
                certain.push(format!("`rotation.triggers[{key:?}]` changed"));
            }
            _ => {}
        }
    }
}

/// A new secret goes to `token`, or for a recipient to `encrypted_token`.
fn set_secret(config: &Value, planned: &mut Value) {
    let (clear, encrypted) = match config.get("recipient") {
        Value::Null => (Value::Unknown, Value::Null),
        Value::Unknown => (Value::Unknown, Value::Unknown),
        _ => (Value::Null, Value::Unknown),
    };
    set(planned, "token", clear);
    set(planned, "encrypted_token", encrypted);
}

fn set_unrestricted(config: &Value, planned: &mut Value) {
    let is_account = planned
        .as_map()
        .is_some_and(|entries| entries.contains_key("unrestricted"));
    if is_account && config.get("unrestricted").is_null() {
        let value = match planned.get("restriction") {
            Value::Unknown => Value::Unknown,
            restriction => restriction.is_null().into(),
        };
        set(planned, "unrestricted", value);
    }
}

/// The `rotate_at` of a planned state: null, known, or unknown where parts are.
fn rotate_at(planned: &Value) -> Value {
    let rotation = planned.get("rotation");
    let parts = [
        planned.get("expires_at"),
        rotation,
        rotation.get("before_expiry"),
        rotation.get("jitter"),
        planned.get("id"),
    ];
    if planned.get("expires_at").is_null()
        || !rotation.is_unknown() && rotation.get("before_expiry").is_null()
    {
        return Value::Null;
    }
    if parts.iter().any(|part| part.is_unknown()) {
        return Value::Unknown;
    }
    rotation::rotate_at_of(planned)
        .map(|at| at.to_string())
        .into()
}

fn name_of(state: &Value) -> String {
    state
        .get("name")
        .as_str()
        .map_or_else(|| "It".to_owned(), |name| format!("{name:?}"))
}

fn set(object: &mut Value, name: &str, value: Value) {
    if let Some(entries) = object.as_map_mut() {
        entries.insert(name.to_owned(), value);
    }
}
