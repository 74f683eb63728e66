//! What Elasticsearch can do: tokens of built-in and user-managed service accounts, without an end and without a rotate call.

use super::{
    Api, AttributeCapability as Attribute, BuiltIn, Capabilities, DeleteCapability,
    ExpiryCapability, Limit, Naming, Recovery, ResourceCapabilities, RotationCapability,
    split_generation,
};

const PRINCIPAL: &[Limit] = &[Limit::Pattern {
    fits: is_principal,
    description: "`namespace/service`: two parts of letters, digits, `-` and `_` that start with a letter or digit, each at most 128",
}];
const TOKEN_NAME: &[Limit] = &[
    // 256 in all; the generation's number follows the name.
    Limit::Length { min: 1, max: 240 },
    Limit::Pattern {
        fits: is_token_name,
        description: "letters, digits, `-` and `_`, not starting with `_`, and not ending like the name of a later secret (`--2`)",
    },
];
const ROLES: &[Limit] = &[
    Limit::Count { min: 0, max: 1000 },
    Limit::Each {
        fits: is_role,
        description: "printable ASCII without spaces at its ends, at most 507",
    },
];

const NO_SECRET: RotationCapability = RotationCapability::Impossible {
    instead: "The account has no secret of its own: rotate its access tokens.",
};
const NO_END: ExpiryCapability = ExpiryCapability::Never {
    instead: "Accounts do not end: delete the account instead.",
};
const BUILT_IN: ResourceCapabilities = ResourceCapabilities {
    absent: None,
    naming: Naming::Shared,
    attributes: &[Attribute::replace("name").required().limits(PRINCIPAL)],
    issues_secret: false,
    creation_ends: None,
    rotation: NO_SECRET,
    expiry: NO_END,
    delete: DeleteCapability::Leaves {
        warning: "The account is built into Elasticsearch and stays; it only leaves the state.",
    },
    recovery: Recovery::Reissue,
};
const TOKENS: ResourceCapabilities = ResourceCapabilities {
    absent: None,
    naming: Naming::Name,
    attributes: &[
        Attribute::replace("name").required().limits(TOKEN_NAME),
        Attribute::replace("service_account").required(),
    ],
    issues_secret: true,
    creation_ends: None,
    rotation: RotationCapability::TwoSlots,
    expiry: ExpiryCapability::Never {
        instead: "Its tokens never end: use `rotation.every`, for example \"60d\".",
    },
    delete: DeleteCapability::Deletes,
    recovery: Recovery::DeleteAndCreate,
};

/// Tokens are all that their account is; only the account has roles, and only a user-managed one can be changed.
pub const CAPABILITIES: Capabilities = Capabilities {
    api: Api::Elasticsearch,
    title: "Elasticsearch",
    tells_last_use: false,
    keeps_owners: false,
    believes_user_names: false,
    organization_of_credential: false,
    organization_in_ids: false,
    service_account: ResourceCapabilities {
        absent: None,
        naming: Naming::Name,
        attributes: &[
            Attribute::replace("name").required().limits(PRINCIPAL),
            Attribute::in_place("description"),
            Attribute::in_place("roles").limits(ROLES),
            Attribute::in_place("disabled"),
        ],
        issues_secret: false,
        creation_ends: None,
        rotation: NO_SECRET,
        expiry: NO_END,
        delete: DeleteCapability::DeletesAlone,
        recovery: Recovery::Reissue,
    },
    access_token: TOKENS,
    access_token_without_account: None,
    built_in_service_account: Some(BuiltIn {
        is_one: is_built_in,
        can: BUILT_IN,
    }),
    built_in_access_token: None,
};

/// A cluster without user-managed accounts: those that it brings along are all there are.
pub const BUILT_IN_ONLY: Capabilities = Capabilities {
    api: Api::Elasticsearch,
    title: "Elasticsearch",
    tells_last_use: false,
    keeps_owners: false,
    believes_user_names: false,
    organization_of_credential: false,
    organization_in_ids: false,
    service_account: ResourceCapabilities {
        attributes: &[Attribute::replace("name").required().limits(&[Limit::Pattern {
            fits: is_built_in,
            description: "the name of a built-in account, such as `elastic/fleet-server`: this cluster has no others",
        }])],
        ..BUILT_IN
    },
    access_token: TOKENS,
    access_token_without_account: None,
    built_in_service_account: None,
    built_in_access_token: None,
};

/// True for what only the vendor can have, in any letter case: the namespace `elastic`.
pub fn is_built_in(name: &str) -> bool {
    name.split_once('/')
        .is_some_and(|(namespace, _)| namespace.eq_ignore_ascii_case("elastic"))
}

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
        && split_generation(text).is_none()
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "-_".contains(character))
}

fn is_role(text: &str) -> bool {
    (1..=507).contains(&text.len())
        && text.trim() == text
        && text
            .chars()
            .all(|character| (' '..='~').contains(&character))
}
