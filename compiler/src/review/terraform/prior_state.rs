//! The state that a plan was made of, as far as it says which access token has which id (actions name tokens by that alone), which secrets
//! there are, and who signs in.

use std::collections::HashMap;
use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Value as Json, json};

use super::document::Mode;
use super::said::{Said, once};
use super::signs_in::Identity;
use super::values::{is_marked, object};
use crate::model::State;
use crate::model::data::DataKind;
use crate::model::facts;
use crate::model::kind::Kind;
use crate::model::state::Shown;
use crate::review::circumstances::Held;
use crate::secret::Secret;
use crate::value::Value;

#[derive(Default)]
pub(super) struct PriorState {
    values: Values,
}

#[derive(Default)]
struct Values {
    root_module: Module,
}

#[derive(Default)]
struct Module {
    resources: Known,
    child_modules: Vec<Self>,
}

/// What it tells.
#[derive(Default)]
pub(super) struct Known {
    /// All access tokens, by their ids.
    pub(super) tokens: HashMap<String, Token>,
    /// Of all that is ours.
    pub(super) secrets: Vec<Secret>,
    pub(super) identities: Vec<Identity>,
    /// All that is ours, but for what is left over of an earlier replacement.
    pub(super) held: Vec<Held>,
    /// Of what is ours, what does not simply work, or may end soon.
    pub(super) unwell: Vec<Unwell>,
    /// The roles of each account, by its id.
    pub(super) roles: HashMap<String, Vec<String>>,
}

/// What an action that names an access token may want to know of it.
pub(super) struct Token {
    pub(super) address: String,
    issued_at: Json,
    expires_at: Json,
    disabled: Json,
    status: Json,
    retired: Json,
}

impl Token {
    /// Its state, as far as it says what becomes of its secrets; `None` where it cannot be read.
    pub(super) fn state(&self, id: &str) -> Option<State<Shown>> {
        let state = json!({
            "id": id, "issued_at": self.issued_at, "expires_at": self.expires_at, "status": self.status, "retired": self.retired,
            "disabled": self.disabled,
        });
        let body = &facts::schema(Kind::AccessToken).body;
        let state = object(body, &state, &Json::Null, &Json::Null);
        State::read_any(Kind::AccessToken, &state).ok().flatten()
    }
}

/// Something whose secret does not work, or is due, or is disabled, or may end soon.
pub(super) struct Unwell {
    pub(super) address: String,
    pub(super) kind: Kind,
    /// Its state, as far as that says so.
    pub(super) state: Value,
    /// True if it works, and all that there may be to say of it is that it ends.
    pub(super) only_ends: bool,
}

#[derive(Default)]
struct Resource {
    address: String,
    mode: Option<Mode>,
    kind: String,
    deposed_key: Option<String>,
    /// Those of others concern nobody here.
    values: Own,
    sensitive: Json,
}

#[derive(Default)]
struct Own {
    id: Json,
    token: Json,
    previous_token: Json,
    access_token: Json,
    service_account: Json,
    encrypted_token: Json,
    name: Json,
    roles: Json,
    disabled: Json,
    issued_at: Json,
    expires_at: Json,
    rotate_at: Json,
    rotation_due: Json,
    status: Json,
    retired: Json,
}

impl Own {
    /// What it says of its secret, if that does not simply work for ever; true if it works until its end.
    fn unwell(&self, kind: Kind, sensitive: &Json) -> Option<(Value, bool)> {
        let is_well = matches!(self.status.as_str(), None | Some("active"));
        let works = is_well && self.rotation_due != true;
        if works && (self.expires_at.is_null() || !self.rotate_at.is_null()) {
            return None;
        }
        let state = json!({
            "id": self.id, "name": self.name, "service_account": self.service_account, "disabled": self.disabled,
            "issued_at": self.issued_at, "expires_at": self.expires_at, "rotate_at": self.rotate_at,
            "rotation_due": self.rotation_due, "status": self.status, "retired": self.retired,
            "token": self.token, "encrypted_token": self.encrypted_token,
        });
        let body = &facts::schema(kind).body;
        Some((object(body, &state, sensitive, &Json::Null), works))
    }

    /// The roles of an account, where they may be shown.
    fn account_roles(&self, kind: Kind, sensitive: &Json) -> Option<(String, Vec<String>)> {
        let may_be_shown = *sensitive != true && !is_marked(&sensitive["roles"]);
        let roles = self.roles.as_array()?;
        let roles = roles.iter().filter_map(Json::as_str).map(str::to_owned);
        let id = self.id.as_str()?;
        (kind == Kind::ServiceAccount && may_be_shown).then(|| (id.to_owned(), roles.collect()))
    }
}

/// Reads an object, of which each key is said once, into what has a default.
macro_rules! read_once {
    ($name:ident { $($key:literal => $field:ident: $how:expr,)* }) => {
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Entries;

                impl<'de> Visitor<'de> for Entries {
                    type Value = $name;

                    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                        formatter.write_str("an object")
                    }

                    // An absent one is written as null.
                    fn visit_unit<E>(self) -> Result<$name, E> {
                        Ok($name::default())
                    }

                    fn visit_map<M: MapAccess<'de>>(self, mut entries: M) -> Result<$name, M::Error> {
                        let mut read = $name::default();
                        once(&mut entries, |key, entries| {
                            match key {
                                $($key => read.$field = $how(entries.next_value()?),)*
                                _ => return Ok(false),
                            }
                            Ok(true)
                        })?;
                        Ok(read)
                    }
                }

                deserializer.deserialize_any(Entries)
            }
        }
    };
}

read_once! { PriorState { "values" => values: as_it_is, } }
read_once! { Values { "root_module" => root_module: as_it_is, } }
read_once! { Module {
    "resources" => resources: as_it_is,
    "child_modules" => child_modules: Option::unwrap_or_default,
} }
read_once! { Resource {
    "address" => address: as_it_is,
    "mode" => mode: Some,
    "type" => kind: as_it_is,
    "deposed_key" => deposed_key: as_it_is,
    "values" => values: as_it_is,
    "sensitive_values" => sensitive: once_only,
} }
read_once! { Own {
    "id" => id: once_only,
    "token" => token: once_only,
    "previous_token" => previous_token: once_only,
    "access_token" => access_token: once_only,
    "service_account" => service_account: once_only,
    "encrypted_token" => encrypted_token: once_only,
    "name" => name: once_only,
    "roles" => roles: once_only,
    "disabled" => disabled: once_only,
    "issued_at" => issued_at: once_only,
    "expires_at" => expires_at: once_only,
    "rotate_at" => rotate_at: once_only,
    "rotation_due" => rotation_due: once_only,
    "status" => status: once_only,
    "retired" => retired: once_only,
} }

fn as_it_is<T>(value: T) -> T {
    value
}

fn once_only(Said(json): Said) -> Json {
    json
}

impl PriorState {
    pub(super) fn read(self) -> Known {
        let mut found = Known::default();
        let mut modules = vec![self.values.root_module];
        while let Some(module) = modules.pop() {
            let Known {
                tokens,
                secrets,
                identities,
                held,
                unwell,
                roles,
            } = module.resources;
            found.tokens.extend(tokens);
            found.secrets.extend(secrets);
            found.identities.extend(identities);
            found.held.extend(held);
            found.unwell.extend(unwell);
            found.roles.extend(roles);
            modules.extend(module.child_modules);
        }
        found
    }
}

impl<'de> Deserialize<'de> for Known {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Resources)
    }
}

/// Keeps of each entry what counts before the next one is read: a state is large.
struct Resources;

impl<'de> Visitor<'de> for Resources {
    type Value = Known;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of resources")
    }

    fn visit_unit<E>(self) -> Result<Known, E> {
        Ok(Known::default())
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut entries: S) -> Result<Known, S::Error> {
        let mut known = Known::default();
        while let Some(resource) = entries.next_element::<Resource>()? {
            let Resource {
                address,
                mode,
                kind,
                deposed_key,
                values,
                sensitive,
            } = resource;
            let is_identity = mode == Some(Mode::Data) && kind == DataKind::Identity.type_name();
            let kind = Kind::from_type_name(&kind).filter(|_| mode == Some(Mode::Managed));
            let state = kind.and_then(|kind| values.unwell(kind, &sensitive));
            known
                .roles
                .extend(kind.and_then(|kind| values.account_roles(kind, &sensitive)));
            let Own {
                id,
                token,
                previous_token,
                access_token,
                service_account,
                issued_at,
                expires_at,
                disabled,
                status,
                retired,
                ..
            } = values;
            if is_identity {
                let text = |json: Json| json.as_str().map(str::to_owned);
                known.identities.push(Identity {
                    address,
                    access_token: text(access_token),
                    service_account: text(service_account),
                });
                continue;
            }
            let Some(kind) = kind else {
                continue;
            };
            let is_shown = sensitive != true && !is_marked(&sensitive["id"]);
            if deposed_key.is_none() {
                known.held.push(Held {
                    address: address.clone(),
                    kind,
                    id: id.as_str().filter(|_| is_shown).map(str::to_owned),
                });
            }
            known.unwell.extend(state.map(|(state, only_ends)| Unwell {
                address: address.clone(),
                kind,
                state,
                only_ends,
            }));
            for secret in [token, previous_token] {
                if let Json::String(secret) = secret {
                    known.secrets.push(Secret::new(secret));
                }
            }
            if let (Kind::AccessToken, Json::String(id)) = (kind, id) {
                let token = Token {
                    address,
                    issued_at,
                    expires_at,
                    disabled,
                    status,
                    retired,
                };
                known.tokens.insert(id, token);
            }
        }
        Ok(known)
    }
}
