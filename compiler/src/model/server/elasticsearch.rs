//! What Elasticsearch can do: tokens of built-in and user-managed service accounts, without an end and without a rotate call.

use super::{
    Api, AttributeCapability as Attribute, Capabilities, DeleteCapability, ExpiryCapability, Limit,
    Recovery, ResourceCapabilities, RotationCapability,
};

const PRINCIPAL: &[Limit] = &[Limit::Shape {
    fits: is_principal,
    description: "`namespace/service`: two parts of letters, digits, `-` and `_` that start with a letter or digit, each at most 128",
}];
const TOKEN_NAME: &[Limit] = &[
    // 256 in all; the generation's number follows the name.
    Limit::Length { min: 1, max: 240 },
    Limit::Shape {
        fits: is_token_name,
        description: "letters, digits, `-` and `_`, not starting with `_`",
    },
];
const ROLES: &[Limit] = &[
    Limit::Count { min: 0, max: 1000 },
    Limit::Each {
        fits: is_role,
        description: "printable ASCII without spaces at its ends, at most 1024",
    },
];

/// Tokens are all that their account is; only the account has roles, and only a user-managed one can be changed.
pub const CAPABILITIES: Capabilities = Capabilities {
    api: Api::Elasticsearch,
    title: "Elasticsearch",
    service_account: ResourceCapabilities {
        absent: None,
        attributes: &[
            Attribute::replace("name").required().limits(PRINCIPAL),
            Attribute::in_place("description"),
            Attribute::in_place("roles").limits(ROLES),
            Attribute::in_place("disabled"),
        ],
        issues_secret: false,
        rotation: RotationCapability::Impossible {
            instead: "The account has no secret of its own: rotate its access tokens.",
        },
        expiry: ExpiryCapability::Never {
            instead: "Accounts do not end: delete the account instead.",
        },
        delete: DeleteCapability::Deletes,
        recovery: Recovery::Reissue,
    },
    access_token: ResourceCapabilities {
        absent: None,
        attributes: &[
            Attribute::replace("name").required().limits(TOKEN_NAME),
            Attribute::replace("service_account").required(),
        ],
        issues_secret: true,
        rotation: RotationCapability::TwoSlots,
        expiry: ExpiryCapability::Never {
            instead: "Its tokens never end: change a value in `rotation.triggers` to replace one, for example the month.",
        },
        delete: DeleteCapability::Deletes,
        recovery: Recovery::DeleteAndCreate,
    },
    access_token_without_account: None,
};

fn is_principal(text: &str) -> bool {
    let part = |text: &str| {
        text.len() <= 128
            && text.starts_with(|character: char| character.is_ascii_alphanumeric())
            && text
                .chars()
                .all(|character| character.is_ascii_alphanumeric() || "-_".contains(character))
    };
    matches!(text.split_once('/'), Some((namespace, service)) if part(namespace) && part(service))
}

fn is_token_name(text: &str) -> bool {
    !text.starts_with('_')
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "-_".contains(character))
}

fn is_role(text: &str) -> bool {
    (1..=1024).contains(&text.len())
        && text.trim() == text
        && text
            .chars()
            .all(|character| (' '..='~').contains(&character))
}
