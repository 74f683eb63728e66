//! Records and capabilities -> the answers of data sources, and those -> values.

use jiff::Timestamp;
use serde::Serialize;

use super::{
    AccessTokenSummary, FoundAccessToken, FoundServiceAccount, ResourceDescription,
    RestrictionFacts, ServerDescription, ServiceAccountSummary,
};
use crate::model::access_token::Visibility;
use crate::model::record::{AccessTokenRecord, ServiceAccountRecord, Standing};
use crate::model::server::{
    AttributeCapability, Capabilities, ResourceCapabilities, UpdateCapability,
};
use crate::model::service_account::Restriction;
use crate::value::Value;

/// The answer about an account.
pub fn service_account(record: &ServiceAccountRecord) -> FoundServiceAccount {
    FoundServiceAccount {
        slug: record.slug.clone(),
        email: record.email.clone(),
        description: record.description.clone(),
        roles: record.roles.clone(),
        disabled: record.disabled,
        unrestricted: record.restriction.is_none(),
        restriction: record.restriction.as_ref().map(restriction),
        created_at: record.created_at,
        last_used_at: record.last_used_at,
        managed_by: record.managed_by.clone(),
    }
}

/// An account in a list.
pub fn service_account_summary(record: &ServiceAccountRecord) -> ServiceAccountSummary {
    ServiceAccountSummary {
        id: record.id.clone(),
        name: record.name.clone(),
        description: record.description.clone(),
        email: record.email.clone(),
        roles: record.roles.clone(),
        disabled: record.disabled,
        unrestricted: record.restriction.is_none(),
        created_at: record.created_at.map(|time| time.to_string()),
    }
}

/// The answer about a token, at a time by the server's clock.
pub fn access_token(record: &AccessTokenRecord, now: Timestamp) -> FoundAccessToken {
    FoundAccessToken {
        description: record.description.clone(),
        roles: record.roles.clone(),
        scopes: record.scopes.clone(),
        expires_at: record.expires_at,
        disabled: record.disabled,
        status: status(record, now).to_owned(),
        visibility: record.visibility.as_ref().map(visibility),
        issued_at: record.issued_at,
        generation: record.generation,
        created_at: record.created_at,
        last_used_at: record.last_used_at,
        managed_by: record.managed_by.clone(),
    }
}

/// A token in a list, at a time by the server's clock.
pub fn access_token_summary(record: &AccessTokenRecord, now: Timestamp) -> AccessTokenSummary {
    AccessTokenSummary {
        id: record.id.clone(),
        name: record.name.clone(),
        service_account: record.service_account.clone(),
        expires_at: record.expires_at.map(|time| time.to_string()),
        disabled: record.disabled,
        status: status(record, now).to_owned(),
        issued_at: record.issued_at.map(|time| time.to_string()),
        last_used_at: record.last_used_at.map(|time| time.to_string()),
    }
}

/// The answer about a server.
pub fn server(capabilities: &Capabilities) -> ServerDescription {
    ServerDescription {
        api: capabilities.api.name().to_owned(),
        title: capabilities.title.to_owned(),
        service_accounts: resource(&capabilities.service_account),
        access_tokens: resource(&capabilities.access_token),
    }
}

/// The answer about a restriction.
pub fn restriction(restriction: &Restriction) -> RestrictionFacts {
    RestrictionFacts {
        permission: restriction.permission.name().to_owned(),
        labels: restriction.labels.clone(),
    }
}

/// An answer over the arguments, as a value of the data source's schema.
pub fn value(arguments: &Value, answer: &impl Serialize) -> Value {
    match (arguments.clone(), Value::plain(answer)) {
        (Value::Map(mut state), Value::Map(answer)) => {
            state.extend(answer);
            Value::Map(state)
        }
        (_, answer) => answer,
    }
}

fn status(record: &AccessTokenRecord, now: Timestamp) -> &'static str {
    match record.standing {
        Standing::Revoked => "revoked",
        Standing::Disabled => "disabled",
        Standing::Expired => "expired",
        _ if record.disabled => "disabled",
        Standing::Unsaid if record.expires_at.is_some_and(|end| end <= now) => "expired",
        Standing::Unsaid | Standing::Active => "active",
    }
}

fn visibility(visibility: &Visibility) -> String {
    visibility.level.name().to_owned()
}

fn resource(capabilities: &ResourceCapabilities) -> ResourceDescription {
    let paths = |wanted: fn(&AttributeCapability) -> bool| {
        let wanted = capabilities
            .attributes
            .iter()
            .filter(|attribute| wanted(attribute));
        wanted.map(|attribute| attribute.path.to_owned()).collect()
    };
    ResourceDescription {
        supported: capabilities.absent.is_none(),
        attributes: paths(|_| true),
        required: paths(|attribute| attribute.required),
        replaced_by: paths(|attribute| attribute.change == UpdateCapability::Replace),
        rotation: capabilities.rotation.name().to_owned(),
        expiry: capabilities.expiry.is_supported(),
    }
}
