//! An account and a token of it that are one secret.

use crate::diagnostic::{Code, Diagnostic, sentence};

/// The complaint about a token that is the one secret of its account, where the account renews that as well; both are named as the user
/// knows them.
pub fn two_renew_one_secret(server: &str, token: &str, account: &str) -> Diagnostic {
    Diagnostic::error(Code::SecretHeldTwice, "Two resources would renew one secret")
        .detail(format!(
            "{} has one secret for an account: {token} is that of {account}, whose `rotation` block renews it too: each apply would end the other's.",
            sentence(server),
        ))
        .hint(format!("Remove the `rotation` block of {account}, and let its users take the `token` of {token}; or remove {token}."))
}
