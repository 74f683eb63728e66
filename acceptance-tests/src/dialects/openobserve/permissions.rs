//! What a caller's roles permit to do with service accounts, on the enterprise edition. It is asked before anything else, and its object
//! is taken from the path as it was sent: an address that is percent-encoded there is another object.

use http::{Method, StatusCode};

use super::caller::Caller;
use super::fault::Refusal;
use super::{ACCOUNT, ACCOUNTS, BULK, profile, roles};
use crate::serving::call::Call;
use crate::serving::server::Server;
use crate::store::Store;

/// Objects with what is permitted on each.
pub(super) struct Permissions(pub(super) Vec<(String, String)>);

impl Permissions {
    /// Whether one of these is permitted on the account, or on all of the organization.
    pub(super) fn allow(&self, verbs: &[&str], organization: &str, account: &str) -> bool {
        let all = format!("_all_{organization}");
        self.0.iter().any(|(object, permission)| {
            let object = object.strip_prefix("service_accounts:");
            object.is_some_and(|object| object == account || object == all)
                && (permission == "AllowAll" || verbs.contains(&permission.as_str()))
        })
    }
}

/// Asks the roles of a caller who is no administrator. Whoever's roles permit nothing at all stays what they are.
pub(super) fn check(
    server: &Server,
    store: &Store,
    call: &Call,
    pattern: &str,
    caller: &mut Caller,
) -> Result<(), Refusal> {
    let is_asked = [ACCOUNTS, ACCOUNT, BULK].contains(&pattern);
    if caller.administers || !is_asked || profile::is_open_source(server) {
        return Ok(());
    }
    let mut pieces = call.path.split('/').skip(2);
    let organization = pieces.next().unwrap_or_default();
    let account = pieces.nth(1).unwrap_or_default();
    let permissions = Permissions(roles::permissions_of(store, organization, &caller.email)?);
    if permissions.0.is_empty() {
        return Ok(());
    }
    let verb = match call.method {
        Method::POST => "AllowPost",
        Method::PUT => "AllowPut",
        _ => "AllowDelete",
    };
    // A list shows what is permitted, and of a bulk each is asked for.
    let goes_by_each = call.method == Method::GET || pattern == BULK;
    if !goes_by_each && !permissions.allow(&[verb], organization, account) {
        return Err(refused());
    }
    caller.administers = true;
    caller.permissions = Some(permissions);
    Ok(())
}

pub(super) fn refused() -> Refusal {
    Refusal::text(StatusCode::FORBIDDEN, "Unauthorized Access")
}
