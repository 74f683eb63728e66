//! Texts, lists and times that several objects have.

use serde_json::json;

use super::super::super::rules;
use super::{Named, list};

/// One to 128 characters, none of them a control character, and no space at the start or end.
const NAME_PATTERN: &str = r"^[^ \u0000-\u001f\u007f-\u009f]([^\u0000-\u001f\u007f-\u009f]*[^ \u0000-\u001f\u007f-\u009f])?$";

pub(super) fn all() -> Named {
    vec![
        (
            "Name",
            json!({ "type": "string", "minLength": 1, "maxLength": rules::NAME_LENGTH, "pattern": NAME_PATTERN }),
        ),
        (
            "Description",
            json!({ "type": ["string", "null"], "maxLength": rules::DESCRIPTION_LENGTH }),
        ),
        (
            "Roles",
            list(
                "^[a-z][a-z0-9_-]{0,62}$",
                "Names of roles; the order does not matter. The server knows `viewer`, `editor` and `admin`.",
            ),
        ),
        (
            "Scopes",
            list(
                "^[a-z][a-z0-9_.:-]{0,63}$",
                "What the token is narrowed to: `samples:read`, `samples:write`, `credentials:read`, `credentials:write`, or scopes of other systems. Empty means not narrowed.",
            ),
        ),
        (
            "ManagedBy",
            json!({ "type": ["string", "null"], "pattern": "^[!-~]{1,255}$", "not": { "const": "*" }, "description": "The tool that owns the object." }),
        ),
        (
            "Origin",
            json!({ "type": ["string", "null"], "pattern": "^[!-~]{1,255}$", "description": "Where the tool that made or adopted the object keeps its records of it, in its own words, such as a hash of the place: after a lost answer it tells the tool's own interrupted run from another copy of the tool. The server gives it no meaning." }),
        ),
        (
            "SecretHash",
            json!({ "type": ["string", "null"], "pattern": "^sha256:[0-9a-f]{64}$", "description": "`sha256:` and the SHA-256, in lower-case hex, of the UTF-8 bytes of a secret that the client minted. The answer's `secret` is null then." }),
        ),
        (
            "Time",
            json!({ "type": "string", "format": "date-time", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$", "description": "RFC 3339 in UTC with whole seconds." }),
        ),
        (
            "OptionalTime",
            json!({ "type": ["string", "null"], "format": "date-time", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$" }),
        ),
        (
            "GivenTime",
            json!({ "type": ["string", "null"], "format": "date-time", "description": "RFC 3339; fractions of a second are cut off." }),
        ),
    ]
}
