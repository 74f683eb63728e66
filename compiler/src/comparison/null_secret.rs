//! Who takes the clear secret of a token that has its secret only for a `recipient`: `token` is null there.

use super::dependencies::consumer_name;
use crate::diagnostic::{Code, Diagnostic};
use crate::language::{Configuration, Receives};

/// The warnings about a configuration alone, one for each who takes such a secret, at its place.
pub fn null_secrets(configuration: &Configuration) -> Vec<Diagnostic> {
    let all = configuration.consumers.iter();
    let told = all.flat_map(|(address, consumers)| {
        let takers = consumers
            .iter()
            .filter(|one| one.receives == Receives::Null && one.kind.keeps_secret());
        takers.map(move |one| {
            let name = consumer_name(one.kind, &one.address, &one.path);
            Diagnostic::warning(Code::TokenIsNull, "A secret that is taken is null")
                .span(one.span.clone())
                .detail(format!(
                    "{name} takes the `{}` of {address}, which is null: its secret is encrypted for `recipient`.",
                    one.attribute
                ))
                .hint("Take `encrypted_token`, or leave `recipient` out.")
        })
    });
    told.collect()
}
