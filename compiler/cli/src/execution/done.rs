//! A change on its way back from the engine, with the secret that it brought.

use lanyard_compiler::delivery::{Identity, Owner, Place};
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::State;
use lanyard_compiler::plan::Change;
use lanyard_compiler::value::Value;
use lanyard_servers::engine::Applied;

use crate::sinks::{Content, NewSecret};

/// A change that was made, or was tried.
pub(super) struct Done<'a> {
    pub(super) index: usize,
    pub(super) change: &'a Change,
    pub(super) state: Value,
    after: Option<State>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// It has surely issued no secret.
    pub(super) refused: bool,
}

impl<'a> Done<'a> {
    pub(super) fn of(change: &'a Change, index: usize, applied: Applied) -> Self {
        let Applied {
            state,
            mut diagnostics,
            refused,
            ..
        } = applied;
        let after = match State::read_any(change.kind, &state) {
            Ok(after) => after,
            Err(unreadable) => {
                diagnostics.push(unreadable);
                None
            }
        };
        Self {
            index,
            change,
            state,
            after,
            diagnostics,
            refused,
        }
    }

    /// What tells the secret that it has now from others.
    pub(super) fn identity(&self) -> Option<Identity> {
        self.after.as_ref().map(Identity::of)
    }

    /// The secret that it brought, if it did.
    pub(super) fn secret(&self, place: &Place) -> Option<NewSecret<'_>> {
        let after = self.after.as_ref()?;
        Some(NewSecret {
            address: &self.change.address,
            name: after.name.as_deref().unwrap_or_default(),
            id: after.id.as_deref().unwrap_or_default(),
            owner: Owner::of(place, after),
            content: issued(self.change, after)?,
        })
    }
}

/// The secret that a change brought, if it did.
fn issued<'a>(change: &Change, state: &'a State) -> Option<Content<'a>> {
    let before = change.before();
    let before = before.as_ref();
    let same = change.hands_over();
    let clear = state
        .token
        .as_ref()
        .filter(|token| same || before.and_then(|before| before.token.as_ref()) != Some(*token));
    let encrypted = state.encrypted_token.as_ref().filter(|text| {
        same || before.and_then(|before| before.encrypted_token.as_ref()) != Some(*text)
    });
    clear
        .map(Content::Clear)
        .or_else(|| encrypted.map(|text| Content::Encrypted(text)))
}
