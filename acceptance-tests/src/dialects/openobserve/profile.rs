//! Which edition and version the server plays, and how late its caches are: switches of the control `/-/profile`.
//! Without any it is the enterprise edition of v0.93 without lag, whose accounts may do all that members may.

use jiff::{SignedDuration, Timestamp};

use crate::serving::server::Server;

const LATEST: &str = "v0.93.0";

/// `{"edition": "oss"}`: no single sign-on, no roles.
pub(super) fn is_open_source(server: &Server) -> bool {
    server.profile.text("edition").as_deref() == Some("oss")
}

/// `{"rbac": true}`: an account without a role is permitted nothing. What permissions of roles there are decides about service
/// accounts with and without it.
pub(super) fn enforces_roles(server: &Server) -> bool {
    !is_open_source(server) && server.profile.is_on("rbac")
}

/// `{"service_accounts": false}`: the whole feature is off.
pub(super) fn has_accounts(server: &Server) -> bool {
    !server.profile.is_off("service_accounts")
}

/// `{"system_account": true}`: each organization lists the vendor's own account.
pub(super) fn has_system_account(server: &Server) -> bool {
    !is_open_source(server) && server.profile.is_on("system_account")
}

/// `{"swallowed_duplicates": true}`: who creates an account that is there already is answered as if it had been made a moment later than
/// somebody else's: 200, with a token that never works.
pub(super) fn swallows_duplicates(server: &Server) -> bool {
    server.profile.is_on("swallowed_duplicates")
}

/// `{"version": "v0.70.3"}`.
pub(super) fn version(server: &Server) -> String {
    let version = server.profile.text("version");
    version.unwrap_or_else(|| LATEST.to_owned())
}

/// Before v0.80 tokens could be read again, one account at a time.
pub(super) fn shows_tokens_again(server: &Server) -> bool {
    minor_and_patch(&version(server)).0 < 80
}

/// From v0.91.0 to v0.91.5 a rotation replaced the wrong secret.
pub(super) fn rotates_the_wrong_token(server: &Server) -> bool {
    let (minor, patch) = minor_and_patch(&version(server));
    minor == 91 && patch <= 5
}

/// `{"cache_lag_milliseconds": 500}`: by the server's clock, lists and token checks show what was then.
pub(super) fn cache_lag(server: &Server) -> SignedDuration {
    SignedDuration::from_millis(server.profile.number("cache_lag_milliseconds").max(0))
}

/// The time whose state lists show.
pub(super) fn lists_as_of(server: &Server, now: Timestamp) -> Option<Timestamp> {
    let lag = cache_lag(server);
    if lag.is_zero() {
        return None;
    }
    now.checked_sub(lag).ok()
}

fn minor_and_patch(version: &str) -> (u32, u32) {
    let mut numbers = version.trim_start_matches('v').split('.').skip(1);
    let mut next = || {
        let digits = numbers.next().unwrap_or_default();
        let digits = digits.split('-').next().unwrap_or_default();
        digits.parse().unwrap_or(0)
    };
    (next(), next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_with_and_without_a_suffix() {
        assert_eq!(minor_and_patch("v0.70.3"), (70, 3));
        assert_eq!(minor_and_patch("0.93.0-dev"), (93, 0));
    }
}
