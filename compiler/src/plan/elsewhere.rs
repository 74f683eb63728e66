//! An object that is in another organization than the one that the provider is set to.

use crate::diagnostic::{Code, Diagnostic};
use crate::model::State;
use crate::model::server::Capabilities;
use crate::value::AttributePath;

/// The warning about an object that the state has in another organization: it stays there, and what is new is made elsewhere. A slip in
/// the setting shows nowhere else until something is created.
pub fn in_another_organization(
    server: &Capabilities,
    prior: &State,
    organization: &str,
) -> Option<Diagnostic> {
    let its_own = server.organization_of(prior.id.as_deref()?)?;
    (its_own != organization).then(|| {
        Diagnostic::warning(
            Code::AnotherOrganization,
            "The state is of another organization than the provider",
        )
        .at(AttributePath::root())
        .detail(format!(
            "This {} is in the organization {its_own:?} of {}, and `organization` in the provider block, or LANYARD_ORGANIZATION, is {organization:?}. What exists stays where it is; what is new, or replaces something, would be made in {organization:?}.",
            prior.kind().title(),
            server.title,
        ))
        .hint("Correct `organization`, if it is a slip.")
        .hint("To move to another organization: destroy with the old setting, then apply with the new one.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;
    use crate::model::server::{Api, capabilities};

    #[test]
    fn only_an_id_that_names_another_organization_is_told() {
        let told = |api: Api, id: Option<&str>| {
            let mut state = State::nothing(Kind::AccessToken);
            state.id = id.map(str::to_owned);
            in_another_organization(capabilities(api), &state, "defualt").map(|told| told.code)
        };
        let another = Some(Code::AnotherOrganization);
        assert_eq!(told(Api::Openobserve, Some("default/ci")), another);
        assert_eq!(told(Api::Openobserve, Some("defualt/ci")), None);
        assert_eq!(told(Api::Openobserve, None), None);
        for api in Api::ALL.into_iter().filter(|api| *api != Api::Openobserve) {
            assert_eq!(told(api, Some("default/ci")), None, "{api:?}");
        }
    }
}
