//! Where a secret is: a server, or one organization on it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::settings::one_spelling;

/// One server, or one organization on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(from = "Spelled")]
pub struct Place {
    /// In its one spelling.
    #[serde(rename = "server")]
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization: Option<String>,
    /// The organization that the credential was of, where the server says it and the address does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    told_organization: Option<String>,
}

/// A place as somebody wrote it.
#[derive(Deserialize)]
struct Spelled {
    server: String,
    organization: Option<String>,
    told_organization: Option<String>,
}

impl From<Spelled> for Place {
    fn from(
        Spelled {
            server,
            organization,
            told_organization,
        }: Spelled,
    ) -> Self {
        Self::new(&server, organization).told(told_organization)
    }
}

impl Place {
    pub fn new(url: &str, organization: Option<String>) -> Self {
        Self {
            url: one_spelling(url),
            organization,
            told_organization: None,
        }
    }

    /// With the organization that the server says the credential is of.
    pub fn told(self, told_organization: Option<String>) -> Self {
        Self {
            told_organization,
            ..self
        }
    }

    /// True if both are reached in one way, whatever the credentials are of.
    pub fn has_address_of(&self, other: &Self) -> bool {
        self.url == other.url && self.organization == other.organization
    }

    /// Why it is none of these, and which comes closest. Where nobody says which organization it is or was, it may be another one.
    pub fn apart_from<'a>(&self, here: impl IntoIterator<Item = &'a Self>) -> Apart {
        let mut here = here.into_iter().filter(|here| self.has_address_of(here));
        match (&self.told_organization, here.next()) {
            (_, None) => Apart::Address,
            (None, Some(_)) => Apart::OrganizationNotNoted,
            (Some(_), Some(first)) => {
                let is_told = |here: &Self| here.told_organization.is_some();
                match is_told(first) && here.all(is_told) {
                    true => Apart::Organization,
                    false => Apart::OrganizationNotTold,
                }
            }
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            url,
            organization,
            told_organization,
        } = self;
        // What the server says is where it is; the settings may only say where to sign in.
        match told_organization.as_ref().or(organization.as_ref()) {
            Some(organization) if url.is_empty() => formatter.write_str(organization),
            Some(organization) => write!(formatter, "{url} ({organization})"),
            None => formatter.write_str(url),
        }
    }
}

/// Why a place is not one that a configuration leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Apart {
    Address,
    Organization,
    /// The server does not say which organization the credential is of.
    OrganizationNotTold,
    /// It did not when the delivery was begun.
    OrganizationNotNoted,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organization_of_one_address_is_not_the_next() {
        let place = |told: Option<&str>| {
            Place::new("https://t.example/", None).told(told.map(str::to_owned))
        };
        assert_eq!(place(Some("a")), place(Some("a")));
        for (noted, here, expected) in [
            (Some("a"), &[Some("b")][..], Apart::Organization),
            (Some("a"), &[Some("b"), None], Apart::OrganizationNotTold),
            // It may be of another one.
            (None, &[Some("a")], Apart::OrganizationNotNoted),
            (None, &[], Apart::Address),
        ] {
            let here: Vec<Place> = here.iter().map(|told| place(*told)).collect();
            assert!(!here.contains(&place(noted)));
            let apart = place(noted).apart_from(&here);
            assert_eq!(apart, expected, "{noted:?} {here:?}");
        }
        let elsewhere = Place::new("https://t.example", Some("a".into()));
        assert_eq!(place(None).apart_from([&elsewhere]), Apart::Address);
        assert_eq!(place(Some("a")).to_string(), "https://t.example (a)");
        let told = elsewhere.told(Some("b".into()));
        assert_eq!(told.to_string(), "https://t.example (b)");
    }
}
