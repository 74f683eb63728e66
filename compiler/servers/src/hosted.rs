//! What servers have in common that only their vendor runs: an address that follows from a name.

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::Settings;
use lanyard_compiler::value::AttributePath;

/// How the address follows from the setting `organization`.
pub(crate) struct Hosting {
    pub(crate) title: &'static str,
    /// The code of the complaint about a name that cannot be one.
    pub(crate) code: Code,
    /// What the vendor calls it: "realm".
    pub(crate) name: &'static str,
    pub(crate) explanation: &'static str,
    pub(crate) remedy: &'static str,
    pub(crate) address: fn(&str) -> String,
}

/// The settings with the address that follows from the name, where only that is given.
pub(crate) fn addressed(settings: &Settings, hosting: &Hosting) -> Result<Settings, Diagnostic> {
    let mut settings = settings.clone();
    let given = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    if given(&settings.url) || !given(&settings.organization) {
        return Ok(settings);
    }
    let name = settings.organization.as_deref().unwrap_or_default().trim();
    let is_name = name
        .chars()
        .all(|character| character.is_ascii_alphanumeric() || character == '-');
    if !is_name {
        return Err(
            Diagnostic::error(hosting.code, format!("The {} is not a name", hosting.name))
                .detail_of(|quote| {
                    format!(
                        "`organization` is {}; for {} it is {}.",
                        quote(name),
                        hosting.title,
                        hosting.explanation
                    )
                })
                .at(AttributePath::attribute("organization"))
                .hint(hosting.remedy),
        );
    }
    settings.url = Some((hosting.address)(name));
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_an_address_and_an_address_wins() {
        let hosting = Hosting {
            title: "Acme",
            code: Code::InvalidRealm,
            name: "realm",
            explanation: "the realm",
            remedy: "Set `url`.",
            address: |realm| format!("https://api.{realm}.example.com"),
        };
        let addressed = |url: Option<&str>, realm: &str| {
            let settings = Settings {
                url: url.map(str::to_owned),
                organization: Some(realm.to_owned()),
                ..Settings::default()
            };
            addressed(&settings, &hosting)
        };
        let url = |url, realm| addressed(url, realm).unwrap().url.unwrap();
        assert_eq!(url(None, "us1"), "https://api.us1.example.com");
        assert_eq!(
            url(Some("https://x.example.com"), "us1"),
            "https://x.example.com"
        );
        for hostile in ["evil.example.com/", "127.0.0.1:1/#"] {
            let refused = addressed(None, hostile).unwrap_err();
            assert_eq!(refused.path.to_string(), "organization");
        }
    }
}
