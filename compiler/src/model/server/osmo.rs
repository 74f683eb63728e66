//! What NVIDIA OSMO can do: users that serve as accounts, and tokens that end with a day.

use super::{
    Api, AttributeCapability as Attribute, Capabilities, DefaultEnd, DeleteCapability,
    ExpiryCapability, Limit, Naming, Recovery, ResourceCapabilities, RotationCapability,
    UpdateCapability, split_generation,
};
use crate::model::lifetime::Lifetime;

const USER: &[Limit] = &[Limit::Pattern {
    fits: is_user,
    description: "letters, digits and `_ . @ -`, with a letter or digit at both ends",
}];
const TOKEN_NAME: &[Limit] = &[Limit::Pattern {
    fits: is_token_name,
    description: "letters, digits, `-` and `_`, starting with a letter and ending with a letter or digit, but not with `--` and a number, which marks later secrets",
}];

/// The API demands an end; without one in the configuration Lanyard asks for 31 days, as the vendor's own client does
/// (`src/cli/access_token.py`).
pub const DEFAULT_LIFETIME: Lifetime = Lifetime::from_seconds(31 * 86_400);

/// A token cannot be changed: what would change it issues a new one beside it, and the old one ends after its grace period.
pub const CAPABILITIES: Capabilities = Capabilities {
    api: Api::Osmo,
    title: "NVIDIA OSMO",
    tells_last_use: false,
    keeps_owners: false,
    believes_user_names: true,
    organization_of_credential: false,
    organization_in_ids: false,
    service_account: ResourceCapabilities {
        absent: None,
        naming: Naming::Name,
        attributes: &[
            Attribute::replace("name").required().limits(USER),
            Attribute::in_place("roles"),
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
            Attribute::replace("name").required().limits(TOKEN_NAME),
            Attribute::replace("service_account").required(),
            Attribute::rotate("description"),
            Attribute::rotate("roles").limits(&[Limit::Count {
                min: 1,
                max: usize::MAX,
            }]),
            Attribute::rotate("expires_at"),
            Attribute::rotate("ttl"),
        ],
        issues_secret: true,
        creation_ends: None,
        rotation: RotationCapability::TwoSlots,
        expiry: ExpiryCapability::Supported {
            required: false,
            whole_days: true,
            // Its operator says how long a token may last (`max_token_duration`, 365 days unless said otherwise); the server tells.
            max: None,
            default: DefaultEnd::After(DEFAULT_LIFETIME),
            change: UpdateCapability::Rotate,
        },
        delete: DeleteCapability::Deletes,
        recovery: Recovery::DeleteAndCreate,
    },
    access_token_without_account: None,
    built_in_service_account: None,
    built_in_access_token: None,
};

fn is_user(text: &str) -> bool {
    let at_end = |character: char| character.is_ascii_alphanumeric();
    text.starts_with(at_end)
        && text.ends_with(at_end)
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "_.@-".contains(character))
}

fn is_token_name(text: &str) -> bool {
    text.starts_with(|character: char| character.is_ascii_alphabetic())
        && text.ends_with(|character: char| character.is_ascii_alphanumeric())
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "-_".contains(character))
        && split_generation(text).is_none()
}
