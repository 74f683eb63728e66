//! What OpenObserve can do: service accounts with one secret each, and ingestion tokens of an organization that cannot be deleted.

use super::{
    Api, AttributeCapability as Attribute, BuiltIn, Capabilities, DeleteCapability,
    ExpiryCapability, Limit, Naming, Recovery, ResourceCapabilities, RotationCapability,
};

const LONGEST_NAME: usize = 64;
const ACCOUNT_NAME: &[Limit] = &[
    Limit::Length {
        min: 1,
        max: LONGEST_NAME,
    },
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
/// It is kept as the first name of a user, which the server trims.
const DESCRIPTION: &[Limit] = &[
    Limit::Length { min: 0, max: 100 },
    Limit::Pattern {
        fits: is_trimmed,
        description: "a text without white space at its beginning and end, which OpenObserve takes away",
    },
];
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
        keeps_owners: false,
        believes_user_names: false,
        organization_of_credential: false,
        organization_in_ids: true,
        service_account: ResourceCapabilities {
            absent: None,
            naming: Naming::Address {
                address,
                name_of,
                name_for,
            },
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

/// The name that an address of this organization was made of; `None` for one that somebody chose, which goes with any name.
pub fn name_within<'a>(address: &'a str, organization: &str) -> Option<&'a str> {
    let end = format!(".{organization}@sa.internal").to_lowercase();
    address
        .strip_suffix(&end)
        .filter(|name| (1..=LONGEST_NAME).contains(&name.len()) && is_account_name(name))
}

/// Likewise, by the account's id.
fn name_of(id: &str) -> Option<&str> {
    let (organization, address) = id.split_once('/')?;
    name_within(address, organization)
}

/// A name for an account that is known by its address alone: what stands before the `@`, or else all of it, spelled as names are. Two
/// addresses may give the same.
pub fn name_for(address: &str) -> String {
    let local = address.split('@').next().unwrap_or_default();
    let name = [local, address]
        .into_iter()
        .map(spelled)
        .find(|name| !name.is_empty());
    name.unwrap_or_else(|| "account".to_owned())
}

fn spelled(text: &str) -> String {
    let words: Vec<String> = text
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let mut name = words.join("-");
    name.truncate(LONGEST_NAME);
    name.trim_end_matches('-').to_owned()
}

/// Every organization has this one from the start.
pub fn is_default(name: &str) -> bool {
    name == "default"
}

fn is_trimmed(text: &str) -> bool {
    text.trim() == text
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_gives_a_name_that_is_taken() {
        let long = format!("{}-b@example.com", "a".repeat(63));
        for (email, name) in [
            ("ci.pipeline@example.com", "ci-pipeline"),
            ("CI_Pipeline+1@example.com", "ci-pipeline-1"),
            ("-x-@example.com", "x"),
            ("+@x.io", "x-io"),
            ("plain", "plain"),
            (&long, &"a".repeat(63)),
        ] {
            assert_eq!(name_for(email), name);
            assert!(is_account_name(name) && (1..=LONGEST_NAME).contains(&name.len()));
        }
    }

    #[test]
    fn a_name_is_in_an_address_that_was_made_of_it_alone() {
        for name in ["ci", "ci-2"] {
            assert_eq!(name_within(&address(name, "2rGx"), "2rGx"), Some(name));
        }
        for chosen in [
            "ci@example.com",
            "ci.other@sa.internal",
            ".2rgx@sa.internal",
            // Nobody could write these as a name.
            "ci_deploy.2rgx@sa.internal",
            "ci.deploy.2rgx@sa.internal",
        ] {
            assert_eq!(name_within(chosen, "2rGx"), None, "{chosen}");
        }
    }
}
