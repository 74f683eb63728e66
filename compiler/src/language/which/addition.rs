//! Whether a file of some name would be read as a part of a folder's configuration, for whoever adds to it.

use std::fmt;

use super::{LOCK, Language, is_ignored, is_own, locked, spelled};
use crate::language::loader::Loader;

/// Why nothing that is added to a file of this name would be read, or not as it is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It ends in nothing that a configuration's files end in, or is hidden or a backup.
    NotRead,
    Json,
    /// Only OpenTofu reads it, and the folder is Terraform's.
    NotTerraforms,
    /// It changes blocks of other files.
    Override,
    /// OpenTofu reads this file of the folder instead.
    HiddenBy(String),
    /// OpenTofu would read it instead of this file of the folder.
    Hides(String),
}

impl Unfit {
    /// What to do.
    pub fn remedy(&self) -> String {
        match self {
            Self::NotRead | Self::Json => "Name a file that ends in .tf (or in .tofu, for OpenTofu alone); it may stand beside files in JSON, and need not exist.".to_owned(),
            Self::NotTerraforms => "Name a file that ends in .tf.".to_owned(),
            Self::Override => "Name a file that is neither called override nor ends in _override.".to_owned(),
            Self::HiddenBy(other) | Self::Hides(other) => format!("Name {other}, or a file of another name."),
        }
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRead => {
                f.write_str("no program reads a file of this name as a part of its configuration")
            }
            Self::Json => f.write_str("it is in JSON, and what is added is not"),
            Self::NotTerraforms => f.write_str(
                "only OpenTofu reads a file of this name, and the folder is Terraform's",
            ),
            Self::Override => f.write_str(
                "a file of this name changes what other files declare, and can declare nothing new",
            ),
            Self::HiddenBy(other) => write!(f, "OpenTofu reads {other} instead of it"),
            Self::Hides(other) => write!(
                f,
                "OpenTofu would read it instead of {other}, and no longer have what that declares"
            ),
        }
    }
}

/// The language of the loader's root folder with a file of this name in it: the one that is asked for, or what the folder says. An error
/// where blocks that are added to the file would not be a part of the configuration, or would take something out of it.
pub fn addition(
    loader: &dyn Loader,
    asked: Option<Language>,
    name: &str,
) -> Result<Language, Unfit> {
    if is_ignored(name) {
        return Err(Unfit::NotRead);
    }
    let (stem, ending, is_json) = spelled(name, Language::OpenTofu).ok_or(Unfit::NotRead)?;
    if is_json {
        return Err(Unfit::Json);
    }
    let names = loader.files("").unwrap_or_default();
    let has = |name: &str| names.iter().any(|other| other == name);
    let locked = || has(LOCK).then(|| locked(loader)).flatten();
    let language = asked.or_else(locked).unwrap_or_else(|| {
        let mut names = names.iter().map(String::as_str).chain([name]);
        if names.any(|name| is_own(name) && !is_ignored(name)) {
            Language::OpenTofu
        } else {
            Language::Terraform
        }
    });
    if spelled(name, language).is_none() {
        return Err(Unfit::NotTerraforms);
    }
    if language.overrides(name) {
        return Err(Unfit::Override);
    }
    if let Some(other) = language.read_instead_of(name).filter(|other| has(other)) {
        return Err(Unfit::HiddenBy(other));
    }
    let hidden = format!("{stem}{}", ending.replacen(".tofu", ".tf", 1));
    if hidden != name && has(&hidden) && !has(name) {
        return Err(Unfit::Hides(hidden));
    }
    Ok(language)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::MemoryLoader;

    const TERRAFORM: &str = "provider \"registry.terraform.io/a/b\" {}";
    const OPENTOFU: &str = "provider \"registry.opentofu.org/a/b\" {}";

    #[test]
    fn a_file_is_added_where_it_is_read_and_hides_nothing() {
        use Language::{OpenTofu, Terraform};
        use Unfit::{HiddenBy, Hides, Json, NotRead, NotTerraforms, Override};
        let (hidden, hides) = (HiddenBy("t.tofu".to_owned()), Hides("t.tf".to_owned()));
        for (files, asked, name, expected) in [
            (vec!["a.tf"], None, "t.tf", Ok(Terraform)),
            (vec!["a.tf"], None, "a.tf", Ok(Terraform)),
            (vec!["a.tf"], None, "t.tofu", Ok(OpenTofu)),
            (vec!["a.tofu"], None, "t.tf", Ok(OpenTofu)),
            (vec![], None, "t.txt", Err(NotRead)),
            (vec![], None, ".t.tf", Err(NotRead)),
            (vec![], None, "t.tf~", Err(NotRead)),
            (vec![], None, "", Err(NotRead)),
            (vec![], None, "t.tf.json", Err(Json)),
            (vec![], None, "t.tofu.json", Err(Json)),
            (vec!["t.tf"], None, "t.tofu", Err(hides.clone())),
            (vec!["t.tf"], Some(OpenTofu), "t.tofu", Err(hides)),
            // It hides the other already.
            (vec!["t.tf", "t.tofu"], None, "t.tofu", Ok(OpenTofu)),
            // Files in JSON and others hide only their own.
            (vec!["t.tf.json"], None, "t.tofu", Ok(OpenTofu)),
            (vec!["t.tofu.json"], None, "t.tf", Ok(OpenTofu)),
            (vec!["t.tofu"], None, "t.tf", Err(hidden.clone())),
            (vec!["t.tf", "t.tofu"], None, "t.tf", Err(hidden)),
            (vec!["t.tofu"], Some(Terraform), "t.tf", Ok(Terraform)),
            (vec!["t.tofu", "terraform"], None, "t.tf", Ok(Terraform)),
            (vec!["a.tf"], Some(Terraform), "t.tofu", Err(NotTerraforms)),
            (vec!["terraform"], None, "t.tofu", Err(NotTerraforms)),
            (vec!["opentofu"], None, "t.tofu", Ok(OpenTofu)),
            (vec!["terraform"], Some(OpenTofu), "t.tofu", Ok(OpenTofu)),
            (vec![], None, "override.tf", Err(Override)),
            (vec![], None, "t_override.tf", Err(Override)),
            (vec![], None, "t_override.tofu", Err(Override)),
            (vec![], None, "my-override.tf", Ok(Terraform)),
        ] {
            let texts = files.iter().map(|file| match *file {
                "terraform" => (LOCK, TERRAFORM),
                "opentofu" => (LOCK, OPENTOFU),
                file => (file, ""),
            });
            let found = addition(&MemoryLoader::new(texts), asked, name);
            assert_eq!(found, expected, "{name} beside {files:?}, {asked:?}");
        }
    }
}
