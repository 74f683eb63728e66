//! The words that not every program reads, and who reads them. What decoding allows, what it says about a word that the other program
//! has, and the page about the language all follow this table.

use super::which::Language;

/// Where in a configuration a word stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    File,
    Terraform,
    Variable,
    Output,
    Module,
    /// The `lifecycle` block of a `module`.
    ModuleLifecycle,
    Provider,
    Lifecycle,
    /// The `lifecycle` block of a data source or an ephemeral resource.
    ReadLifecycle,
    TerraformData,
}

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Argument,
    Block,
}

/// One word.
pub(crate) struct Word {
    place: Place,
    form: Form,
    pub(crate) name: &'static str,
    /// The minor version of Terraform 1 that brought it; `None` if it has none of it.
    terraform: Option<u32>,
    /// Whether OpenTofu 1.12 has it.
    opentofu: bool,
}

const fn word(
    place: Place,
    form: Form,
    name: &'static str,
    terraform: Option<u32>,
    opentofu: bool,
) -> Word {
    Word {
        place,
        form,
        name,
        terraform,
        opentofu,
    }
}

use Form::{Argument, Block};

#[rustfmt::skip]
static WORDS: &[Word] = &[
    word(Place::File, Block, "language", None, true),
    word(Place::File, Block, "required_providers", None, true),
    word(Place::File, Block, "action", Some(14), false),
    word(Place::File, Block, "list", Some(14), false),
    word(Place::Terraform, Block, "encryption", None, true),
    word(Place::Terraform, Block, "state_store", Some(16), false),
    word(Place::Variable, Argument, "const", Some(15), true),
    word(Place::Variable, Argument, "deprecated", Some(15), true),
    word(Place::Output, Argument, "deprecated", Some(15), true),
    word(Place::Output, Argument, "type", Some(15), false),
    word(Place::Module, Block, "lifecycle", None, true),
    word(Place::Module, Argument, "ignore_nested_deprecations", Some(15), false),
    word(Place::ModuleLifecycle, Argument, "enabled", None, true),
    word(Place::Provider, Argument, "for_each", None, true),
    word(Place::Lifecycle, Argument, "enabled", None, true),
    word(Place::Lifecycle, Argument, "destroy", Some(16), true),
    word(Place::Lifecycle, Block, "action_trigger", Some(14), false),
    word(Place::ReadLifecycle, Argument, "enabled", None, true),
    word(Place::TerraformData, Block, "store", Some(16), false),
];

impl Word {
    pub(crate) fn is_of(&self, language: Language) -> bool {
        match language {
            Language::Terraform => self.terraform.is_some(),
            Language::OpenTofu => self.opentofu,
        }
    }
}

/// The words of a place in a language.
pub(crate) fn of(
    place: Place,
    form: Form,
    language: Language,
) -> impl Iterator<Item = &'static str> {
    let words = WORDS
        .iter()
        .filter(move |word| word.place == place && word.form == form && word.is_of(language));
    words.map(|word| word.name)
}

/// The minor version of Terraform 1 that brought a word, if not every version has it.
pub(crate) fn since(place: Place, name: &str) -> Option<u32> {
    let mut words = WORDS.iter();
    words
        .find(|word| word.place == place && word.name == name)?
        .terraform
}

/// Who else has a word that a language does not have in this place.
pub(crate) fn other_program(place: Place, name: &str, language: Language) -> Option<String> {
    let word = WORDS
        .iter()
        .find(|word| word.place == place && word.name == name)?;
    let other = match (language, word.terraform) {
        _ if word.is_of(language) => return None,
        (Language::Terraform, _) => Language::OpenTofu,
        (Language::OpenTofu, Some(_)) => Language::Terraform,
        (Language::OpenTofu, None) => return None,
    };
    let version = match word.terraform {
        Some(minor) => format!("{} 1.{minor} and newer have it", other.title()),
        None => format!("{} 1.12 has it", other.title()),
    };
    Some(format!("{version}; {}", how_to_say(other)))
}

/// How to say which language is meant.
pub(crate) fn how_to_say(language: Language) -> String {
    format!(
        "if this folder is {}'s, say `--language {name}`, or `language = \"{name}\"` in lanyard.toml",
        language.title(),
        name = language.name()
    )
}

/// The rows of the page: where, what, and what each of Terraform 1.11, Terraform 1.15 and OpenTofu 1.12 makes of it.
pub(super) fn rows() -> impl Iterator<Item = [String; 4]> {
    WORDS.iter().map(|word| {
        let terraform = |minor: u32| match word.terraform {
            Some(since) if since <= minor => "read".to_owned(),
            Some(since) => format!("an error; read from 1.{since} on"),
            None => "an error".to_owned(),
        };
        let written = match (word.place.block(), word.form) {
            (None, _) => format!("`{} {{ … }}`", word.name),
            (Some(block), Argument) => format!("`{block} {{ {} = … }}`", word.name),
            (Some(block), Block) => format!("`{block} {{ {} {{ … }} }}`", word.name),
        };
        let opentofu = if word.opentofu { "read" } else { "an error" };
        [written, terraform(11), terraform(15), opentofu.to_owned()]
    })
}

impl Place {
    fn block(self) -> Option<&'static str> {
        Some(match self {
            Self::File => return None,
            Self::Terraform => "terraform",
            Self::Variable => "variable",
            Self::Output => "output",
            Self::Module => "module",
            Self::ModuleLifecycle => "module … lifecycle",
            Self::Provider => "provider",
            Self::Lifecycle => "resource … lifecycle",
            Self::ReadLifecycle => "data … lifecycle",
            Self::TerraformData => "terraform_data",
        })
    }
}
