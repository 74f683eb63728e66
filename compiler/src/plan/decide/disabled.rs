//! A token that its server cannot delete: who wanted an end to its secret has disabled it, and enabling it brings the same secret back.

use super::{Existing, name_of};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::server::{Capabilities, DeleteCapability};
use crate::model::state::{Open, Planned, State};
use crate::value::AttributePath;

/// The warning about the secret of such a token; `None` where a token can be deleted.
pub(in crate::plan) fn comes_back(server: &Capabilities, token: &State) -> Option<Diagnostic> {
    let disables = matches!(
        token.capabilities(server).delete,
        DeleteCapability::Disables { .. }
    );
    disables.then(|| {
        Diagnostic::warning(
            Code::SecretComesBack,
            "Once it is enabled again, an access token has the same secret",
        )
        .at(AttributePath::attribute("disabled"))
    })
}

impl Existing<'_> {
    /// Leaves such a token disabled unless the configuration says otherwise, in words.
    pub(super) fn stays_disabled(&self, planned: &mut State<Planned>) -> Option<Diagnostic> {
        if self.prior.disabled != Some(true) || self.config.disabled == Open::some(true) {
            return None;
        }
        let told = comes_back(self.server?, self.prior)?;
        let name = name_of(self.prior);
        if !self.config.disabled.is_null() {
            return Some(told.detail(format!(
                "{name} is disabled on the server. If that is because its secret has leaked, leave `disabled = false` out."
            )));
        }
        planned.disabled = Open::some(true);
        Some(
            told.detail(format!(
                "{name} is disabled on the server, and stays so: its secret may have leaked."
            ))
            .hint("To enable it, with the secret that it had, write `disabled = false`.")
            .hint("To leave it so, write `disabled = true`."),
        )
    }
}
