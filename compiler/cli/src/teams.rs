//! A module for each team: its folder, what calls it, and what goes into it.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::language::addition;
use lanyard_compiler::migration::declared::Call;
use lanyard_compiler::plan::adoption::Chosen;

use crate::disk::Disk;
use crate::hcl::{Body, identifier, quoted};
use crate::into::{Beside, File, declared_in, folder_of, taken_in_module, text_of};
use crate::target::Target;
use crate::written::{Bonds, Style, Written, texts_of_module};

/// What a module's file is called.
const FILE: &str = "main.tf";

/// The modules below a folder.
pub(crate) struct Teams<'a> {
    /// The file that calls them.
    file: &'a File,
    /// Their folder, as seen from that of the file.
    below: String,
    modules: BTreeMap<String, Module>,
}

struct Module {
    /// The provider that it is given.
    provider: String,
    is_called: bool,
    written: Written,
    /// What its file holds; `None` where there is none.
    text: Option<String>,
    new: Vec<String>,
}

impl<'a> Teams<'a> {
    pub(crate) fn below(file: &'a File, folder: &Path) -> Result<Self, Diagnostic> {
        let parts: Option<Vec<&str>> = folder
            .components()
            .filter(|part| *part != Component::CurDir)
            .map(|part| match part {
                Component::Normal(name) => name.to_str(),
                _ => None,
            })
            .collect();
        let parts = parts.filter(|parts| !parts.is_empty()).ok_or_else(|| {
            Diagnostic::error(Code::UnwritableFile, "There can be no modules here")
                .detail(format!(
                    "{}: no folder below that of the file is meant.",
                    folder.display()
                ))
                .hint("For example: --modules teams")
        })?;
        Ok(Self {
            file,
            below: parts.join("/"),
            modules: BTreeMap::new(),
        })
    }

    /// Writes what is of one team into its module. Returns what stands in the file that calls it.
    pub(crate) fn add(
        &mut self,
        team: &str,
        chosen: &Chosen<'_>,
        target: &Target,
        bond: &Bonds<'_>,
        style: Style,
    ) -> Result<String, Diagnostic> {
        let provider = target.provider_name();
        let name = self.name(team, &provider)?;
        let source = self.source(&name);
        let Some(module) = self.modules.get_mut(&name) else {
            return Ok(String::new());
        };
        let written = &mut module.written;
        let (imports, resources) = texts_of_module(chosen, target, bond, style, written, &name);
        module.new.push(resources);
        if std::mem::replace(&mut module.is_called, true) {
            return Ok(imports);
        }
        let mut call = Body::default();
        call.attribute("source", &source.into());
        if provider != "lanyard" {
            call.expression("providers", format!("{{\n  lanyard = {provider}\n}}"));
        }
        let mut file = Body::default();
        file.block(format!("module {}", quoted(&name)), call);
        Ok(format!("{}\n{imports}", file.to_text()))
    }

    /// The files of the modules.
    pub(crate) fn files(self) -> Vec<Beside> {
        let below = self.below;
        self.modules
            .into_iter()
            .map(|(name, module)| Beside {
                name: format!("{below}/{name}/{FILE}"),
                text: module.text,
                new: module.new.join("\n"),
            })
            .collect()
    }

    fn source(&self, name: &str) -> String {
        format!("./{}/{name}", self.below)
    }

    /// The name of a team's module: one that is there and is given this provider, or a new one.
    fn name(&mut self, team: &str, provider: &str) -> Result<String, Diagnostic> {
        let base = identifier(team);
        let mut name = base.clone();
        let mut count = 1;
        loop {
            let is_fit = match (self.modules.get(&name), self.file.declared.call(&name)) {
                (Some(module), _) => module.provider == provider,
                (None, Some(call)) => self.fits(&name, call, provider),
                // A module that is moved or removed is not called any more, and another one must not be taken for it.
                (None, None) => !self.file.declared.speaks_of_module(&name),
            };
            if is_fit {
                break;
            }
            count += 1;
            name = format!("{base}_{count}");
        }
        if !self.modules.contains_key(&name) {
            let module = self.module(&name, provider)?;
            self.modules.insert(name.clone(), module);
        }
        Ok(name)
    }

    fn fits(&self, name: &str, call: &Call, provider: &str) -> bool {
        call.source.as_deref() == Some(&*self.source(name))
            && call.lanyard.as_deref().unwrap_or("lanyard") == provider
            && !call.is_repeated
    }

    fn module(&self, name: &str, provider: &str) -> Result<Module, Diagnostic> {
        let folder = folder_of(&self.file.path).join(&self.below).join(name);
        let declared = declared_in(&folder, self.file.language)?;
        let is_called = self.file.declared.call(name).is_some();
        let refused = |why: &str| {
            Diagnostic::error(Code::UnwritableFile, "Nothing can be added to this folder")
                .detail(format!("{}: {why}.", folder.display()))
        };
        if !is_called && !declared.is_empty() {
            return Err(refused("it is there, and no module of this name is called")
                .hint("Name another folder for the modules, or call it."));
        }
        if let Err(why) = addition(&Disk::new(&folder), Some(self.file.language), FILE) {
            return Err(
                refused(&format!("nothing can be added to its {FILE}: {why}"))
                    .hint("Move what stands in the way to a file of another name."),
            );
        }
        let new = match declared.requires("lanyard") {
            Some(true) => Vec::new(),
            Some(false) => {
                return Err(
                    refused("it requires providers, and Lanyard's is not among them").hint(
                        "Add to its required_providers: lanyard = { source = \"lanyard/lanyard\" }",
                    ),
                );
            }
            None => vec![requirement()],
        };
        Ok(Module {
            provider: provider.to_owned(),
            is_called,
            written: taken_in_module(&declared, &self.file.declared, name),
            text: text_of(&folder.join(FILE))?,
            new,
        })
    }
}

/// Without it, Terraform would look for a provider of another origin.
fn requirement() -> String {
    let mut terraform = Body::default();
    let mut required = Body::default();
    required.expression("lanyard", "{\n  source = \"lanyard/lanyard\"\n}".to_owned());
    terraform.block("required_providers", required);
    let mut file = Body::default();
    file.block("terraform", terraform);
    file.to_text()
}
