//! What a configuration can declare besides its known instances: what is not known is not absent.

use std::collections::BTreeSet;

use super::ProviderReference;
use crate::diagnostic::Span;
use crate::model::Kind;

/// A place that can declare objects nobody knows yet. While there is one, what a server has and no instance speaks of may still be
/// declared.
#[derive(Clone, Debug, PartialEq)]
pub struct Unread {
    pub why: WhyUnread,
    /// The kind of what it can declare; `None` for any.
    pub kind: Option<Kind>,
    /// The provider that it would belong to; `None` for any.
    pub provider: Option<ProviderReference>,
    pub span: Option<Span>,
}

/// Why it is not known what a place declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhyUnread {
    /// A module, by its address, that is not on disk.
    Module(String),
    /// A resource or module, by its address, whose `count` or `for_each` is not known.
    Instances(String),
    /// An instance, by its address, with an attribute that would tell which object it is.
    Identity(String, &'static str),
    /// An instance, by its address, whose server is not known.
    Server(String),
    /// A file, by its path, that is no part of what was read.
    File(String),
}

impl std::fmt::Display for WhyUnread {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Module(address) => write!(formatter, "{address} is not on disk"),
            Self::Instances(address) => {
                write!(formatter, "the instances of {address} are not known yet")
            }
            Self::Identity(address, attribute) => {
                write!(formatter, "the `{attribute}` of {address} is not known yet")
            }
            Self::Server(address) => write!(formatter, "the server of {address} is not known yet"),
            Self::File(path) => write!(formatter, "{path} was not read"),
        }
    }
}

/// Why it is not known what these places declare, each reason once.
pub(crate) fn reasons<'a>(places: impl IntoIterator<Item = &'a Unread>) -> Vec<String> {
    let told: BTreeSet<String> = places
        .into_iter()
        .map(|place| place.why.to_string())
        .collect();
    told.into_iter().collect()
}

impl WhyUnread {
    /// What a person can do about it.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Module(_) => {
                "Run `terraform init`, which puts modules on disk, or take the call out."
            }
            Self::Instances(_) | Self::Identity(..) | Self::Server(_) => {
                "Give it a value that is known now, for example with `--var`, or apply with Terraform, which waits for it."
            }
            Self::File(_) => {
                "Name every file of the configuration, or the folder, or take the file out of it."
            }
        }
    }
}
