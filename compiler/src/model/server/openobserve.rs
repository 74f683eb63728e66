//! What OpenObserve can do: service accounts with one secret each, and ingestion tokens of an organization that cannot be deleted.

use super::{
    Api, AttributeCapability as Attribute, BuiltIn, Capabilities, DeleteCapability,
    ExpiryCapability, Limit, Naming, Recovery, ResourceCapabilities, RotationCapability,
};

const ACCOUNT_NAME: &[Limit] = &[
    Limit::Length { min: 1, max: 64 },
    Limit::Pattern {
        fits: is_account_name,
        description: "lower-case letters, digits and inner `-`",
    },
];
const EMAIL: &[Limit] = &[
    Limit::Length { min: 3, max: 100 },
    Limit::Pattern {
        fits: is_email,
        description: "an e-mail address: letters, digits and `_ + - .` before the `@`, a domain with a dot after it",
    },
];
const DESCRIPTION: &[Limit] = &[Limit::Length { min: 0, max: 100 }];
const INGESTION_NAME: &[Limit] = &[
    Limit::Length { min: 1, max: 256 },
    Limit::Pattern {
        fits: is_ingestion_name,
        description: "letters, digits, `-` and `_`",
    },
];
const NEVER: ExpiryCapability = ExpiryCapability::Never {
    instead: "Its tokens never end: use `rotation.every`, for example \"60d\".",
};
const ROTATION: RotationCapability = RotationCapability::NoOverlap {
    instead: "An account has one secret, and the new one ends the old one at once: where both must work for a while, use two \
              accounts and rotate them in turn.",
};

const ONE_SECRET: &str = "An account of OpenObserve has one secret: this access token is a new one, and the one before it, such as `token` of \
     the service account's own resource, ends at once. Let users take the secret from this resource alone.";

const NAME: Attribute = Attribute::replace("name").required().limits(ACCOUNT_NAME);
const ADDRESS: Attribute = Attribute::replace("email").limits(EMAIL);
const ABOUT: Attribute = Attribute::in_place("description").limits(DESCRIPTION);

const OWN_SECRET: &[Attribute] = &[
    // Only Lanyard knows the name: the account has one secret, which has none.
    Attribute::in_place("name").required(),
    Attribute::replace("service_account"),
];
const INGESTION: &[Attribute] = &[
    Attribute::replace("name").required().limits(INGESTION_NAME),
    Attribute::replace("service_account"),
    Attribute::replace("description"),
    Attribute::in_place("disabled"),
];

/// Its description is the server's.
const DEFAULT: &[Attribute] = &[
    Attribute::replace("name").required(),
    Attribute::replace("service_account"),
    Attribute::in_place("disabled"),
];

const OF_ACCOUNTS: &[Attribute] = &[NAME, ADDRESS, ABOUT, Attribute::in_place("roles")];
const WITHOUT_ROLES: &[Attribute] = &[NAME, ADDRESS, ABOUT];
const TITLE: &str = "OpenObserve";
const OPEN_SOURCE_TITLE: &str = "the open-source edition of OpenObserve";

/// An account has exactly one secret per organization; a token that belongs to no account is one of the organization's for
/// ingestion.
pub const CAPABILITIES: Capabilities = capabilities(TITLE, OF_ACCOUNTS, DEFAULT_TOKEN);

/// The open-source edition has no roles.
pub static OPEN_SOURCE: Capabilities =
    capabilities(OPEN_SOURCE_TITLE, WITHOUT_ROLES, DEFAULT_TOKEN);

/// In other organizations than `default`: for the root user, and nothing tells whether we are that, the call that rotates the default
/// ingestion token would rotate the one of the organization `default`.
pub static ELSEWHERE: Capabilities = capabilities(TITLE, OF_ACCOUNTS, DEFAULT_TOKEN_ELSEWHERE);

/// Likewise, in the open-source edition.
pub static OPEN_SOURCE_ELSEWHERE: Capabilities =
    capabilities(OPEN_SOURCE_TITLE, WITHOUT_ROLES, DEFAULT_TOKEN_ELSEWHERE);

const KEEPS_ITS_SECRET: RotationCapability = RotationCapability::Impossible {
    instead: "An ingestion token keeps its secret: create a second one under another name, move its users, then disable the first.",
};
/// The only ingestion token that can be given another secret.
const DEFAULT_TOKEN: BuiltIn = BuiltIn {
    is_one: is_default,
    can: ingestion(
        DEFAULT,
        RotationCapability::NoOverlap {
            instead: "The new secret of the default ingestion token ends the old one at once: where both must work for a while, let \
                      users move to a token under another name.",
        },
    ),
};
const DEFAULT_TOKEN_ELSEWHERE: BuiltIn = BuiltIn {
    is_one: is_default,
    can: ingestion(DEFAULT, KEEPS_ITS_SECRET),
};

const fn capabilities(
    title: &'static str,
    of_accounts: &'static [Attribute],
    default_token: BuiltIn,
) -> Capabilities {
    Capabilities {
        api: Api::Openobserve,
        title,
        tells_last_use: false,
        believes_user_names: false,
        organization_of_credential: false,
        service_account: ResourceCapabilities {
            absent: None,
            naming: Naming::Address { address },
            attributes: of_accounts,
            issues_secret: true,
            creation_ends: None,
            rotation: ROTATION,
            expiry: NEVER,
            delete: DeleteCapability::Deletes,
            recovery: Recovery::Reissue,
        },
        access_token: ResourceCapabilities {
            absent: None,
            naming: Naming::Account,
            attributes: OWN_SECRET,
            issues_secret: true,
            creation_ends: Some(ONE_SECRET),
            rotation: ROTATION,
            expiry: NEVER,
            delete: DeleteCapability::Deletes,
            recovery: Recovery::Reissue,
        },
        access_token_without_account: Some(ingestion(INGESTION, KEEPS_ITS_SECRET)),
        built_in_service_account: None,
        built_in_access_token: Some(default_token),
    }
}

const fn ingestion(
    attributes: &'static [Attribute],
    rotation: RotationCapability,
) -> ResourceCapabilities {
    ResourceCapabilities {
        absent: None,
        naming: Naming::Name,
        attributes,
        issues_secret: true,
        creation_ends: None,
        rotation,
        expiry: NEVER,
        delete: DeleteCapability::Disables {
            warning: "OpenObserve cannot delete an ingestion token: it is disabled, and its name stays taken.",
        },
        recovery: Recovery::ReadSecret,
    }
}

/// What the vendor's own pages make of a name.
pub fn address(name: &str, organization: &str) -> String {
    format!("{name}.{organization}@sa.internal").to_lowercase()
}

/// Every organization has this one from the start.
pub fn is_default(name: &str) -> bool {
    name == "default"
}

fn is_account_name(text: &str) -> bool {
    !text.starts_with('-')
        && !text.ends_with('-')
        && text.chars().all(|character| {
            character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-'
        })
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let atom = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|character| character.is_ascii_alphanumeric() || "_+-".contains(character))
    };
    let label = |text: &str| {
        !text.is_empty()
            && !text.starts_with('-')
            && !text.ends_with('-')
            && text
                .chars()
                .all(|character| character.is_ascii_alphanumeric() || character == '-')
    };
    let Some((_, last)) = domain.rsplit_once('.') else {
        return false;
    };
    local.split('.').all(atom)
        && domain.split('.').all(label)
        && (2..=63).contains(&last.len())
        && last
            .chars()
            .all(|character| character.is_ascii_alphabetic())
}

fn is_ingestion_name(text: &str) -> bool {
    text.chars()
        .all(|character| character.is_alphanumeric() || "-_".contains(character))
}
