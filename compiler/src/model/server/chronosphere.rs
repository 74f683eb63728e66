//! What Chronosphere can do: service accounts that carry one secret for life, and nothing else.

use super::{
    Api, AttributeCapability as Attribute, Capabilities, DeleteCapability, ExpiryCapability, Limit,
    Naming, Recovery, ResourceCapabilities, RotationCapability,
};

const SLUG: &[Limit] = &[
    Limit::Length { min: 1, max: 254 },
    Limit::Pattern {
        fits: is_slug,
        description: "letters, digits, `-` and `_`",
    },
];

/// No operation changes an account: every change of it is a new account with a new secret.
pub const CAPABILITIES: Capabilities = Capabilities {
    api: Api::Chronosphere,
    title: "Chronosphere",
    tells_last_use: false,
    keeps_owners: false,
    believes_user_names: false,
    organization_of_credential: false,
    organization_in_ids: false,
    service_account: ResourceCapabilities {
        absent: None,
        naming: Naming::NameAndSlug { slug },
        attributes: &[
            Attribute::replace("name")
                .required()
                .limits(&[Limit::Length { min: 1, max: 254 }]),
            Attribute::replace("slug").limits(SLUG),
            Attribute::computed("email"),
            // One of `unrestricted` and `restriction` has to stand.
            Attribute::replace("unrestricted").required(),
            Attribute::replace("restriction"),
            Attribute::replace("restriction.permission").required(),
            Attribute::replace("restriction.labels").limits(&[Limit::Count { min: 0, max: 2 }]),
        ],
        issues_secret: true,
        creation_ends: None,
        rotation: RotationCapability::Impossible {
            instead: "The secret lasts as long as its account: create a second account under another name, move its users, \
                      then delete the first.",
        },
        expiry: ExpiryCapability::Never {
            instead: "Secrets of its accounts never end: delete the account instead.",
        },
        delete: DeleteCapability::Deletes,
        recovery: Recovery::DeleteAndCreate,
    },
    access_token: ResourceCapabilities::absent(
        "Each service account carries one secret: use `token` of `lanyard_service_account`, and a second account where a second \
         secret is needed.",
    ),
    access_token_without_account: None,
    built_in_service_account: None,
    built_in_access_token: None,
};

/// A slug like the server's own: the name in small letters, with dashes for what is no letter or digit. `None` if it has none of
/// either.
pub fn slug(name: &str) -> Option<String> {
    let words: Vec<String> = name
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let slug: String = words.join("-").chars().take(254).collect();
    (!slug.is_empty()).then_some(slug)
}

fn is_slug(text: &str) -> bool {
    text.chars()
        .all(|character| character.is_ascii_alphanumeric() || "-_".contains(character))
}
