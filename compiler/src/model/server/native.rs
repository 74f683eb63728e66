//! What a server of the native token server API can do.

use super::{
    Api, AttributeCapability as Attribute, Capabilities, DefaultEnd, DeleteCapability,
    ExpiryCapability, Limit, Naming, Recovery, ResourceCapabilities, RotationCapability,
    UpdateCapability,
};
use crate::model::lifetime::Lifetime;

const NAME: &[Limit] = &[
    Limit::Length { min: 1, max: 128 },
    Limit::Pattern {
        fits: is_name,
        description: "text without control characters and without spaces at its ends",
    },
];
const ROLES: &[Limit] = &[Limit::Each {
    fits: is_role,
    description: "lower-case letters, digits, `-` and `_`, starting with a letter, at most 63",
}];
const SCOPES: &[Limit] = &[Limit::Each {
    fits: is_scope,
    description: "lower-case letters, digits and `_ . : -`, starting with a letter, at most 64",
}];

/// The native API takes everything but what belongs to one vendor alone.
pub const CAPABILITIES: Capabilities = Capabilities {
    api: Api::Native,
    title: "the native token server",
    tells_last_use: true,
    keeps_owners: true,
    believes_user_names: false,
    organization_of_credential: false,
    organization_in_ids: false,
    service_account: ResourceCapabilities {
        absent: None,
        naming: Naming::Name,
        attributes: &[
            Attribute::in_place("name").required().limits(NAME),
            Attribute::in_place("description").limits(&[Limit::Length { min: 0, max: 1024 }]),
            Attribute::in_place("roles").limits(ROLES),
            Attribute::in_place("disabled"),
            Attribute::in_place("unrestricted"),
            Attribute::in_place("restriction"),
            Attribute::in_place("restriction.permission").required(),
            Attribute::in_place("restriction.labels").limits(&[Limit::Count { min: 0, max: 2 }]),
        ],
        issues_secret: false,
        creation_ends: None,
        rotation: RotationCapability::Impossible {
            instead: "The account has no secret of its own: rotate its access tokens.",
        },
        expiry: ExpiryCapability::Never {
            instead: "Set `expires_at` or `ttl` on the account's access tokens.",
        },
        delete: DeleteCapability::Deletes,
        recovery: Recovery::Reissue,
    },
    access_token: ResourceCapabilities {
        absent: None,
        naming: Naming::Name,
        attributes: &[
            Attribute::in_place("name").required().limits(NAME),
            Attribute::replace("service_account"),
            Attribute::in_place("description").limits(&[Limit::Length { min: 0, max: 1024 }]),
            Attribute::in_place("roles").limits(ROLES),
            Attribute::in_place("scopes").limits(SCOPES),
            Attribute::in_place("expires_at"),
            Attribute::in_place("ttl"),
            Attribute::in_place("disabled"),
            Attribute::in_place("visibility"),
            Attribute::in_place("visibility.level").required(),
            Attribute::in_place("visibility.users"),
            Attribute::in_place("visibility.teams"),
        ],
        issues_secret: true,
        creation_ends: None,
        rotation: RotationCapability::Server {
            max_grace: Some(Lifetime::from_seconds(5_184_000)),
            until_first_use: true,
            tells_former: true,
            of_expired: true,
            ends_early: true,
        },
        expiry: ExpiryCapability::Supported {
            required: false,
            whole_days: false,
            max: None,
            default: DefaultEnd::Never,
            change: UpdateCapability::InPlace,
        },
        delete: DeleteCapability::Deletes,
        recovery: Recovery::ClientMinted,
    },
    access_token_without_account: None,
    built_in_service_account: None,
    built_in_access_token: None,
};

fn is_name(text: &str) -> bool {
    text.trim() == text && !text.chars().any(char::is_control)
}

fn is_role(text: &str) -> bool {
    text.len() <= 63
        && text.starts_with(|character: char| character.is_ascii_lowercase())
        && text.chars().all(|character| {
            character.is_ascii_lowercase() || character.is_ascii_digit() || "-_".contains(character)
        })
}

fn is_scope(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|character: char| character.is_ascii_lowercase())
        && text.chars().all(|character| {
            character.is_ascii_lowercase()
                || character.is_ascii_digit()
                || "_.:-".contains(character)
        })
}
