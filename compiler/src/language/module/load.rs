//! The tree of modules: the root folder, and every module that its calls lead to.

use std::collections::HashMap;
use std::sync::Arc;

use super::early::Early;
use super::files::{read_folder, shown};
use super::installed::Installed;
use super::{Call, Context, Module};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::Options;
use crate::language::bounds;
use crate::language::inputs::{Inputs, gather};
use crate::language::source::Spot;
use crate::language::syntax::Name;

/// All modules of a configuration; the root is the first.
pub(crate) struct ModuleTree {
    pub(crate) modules: Vec<TreeModule>,
}

/// One module at one place in the tree of calls.
pub(crate) struct TreeModule {
    pub(crate) module: Arc<Module>,
    pub(crate) parent: Option<Parent>,
    /// The names of the calls that lead here.
    pub(crate) path: Vec<Name>,
    /// The tree module of each call, in the order of the calls; `None` where the source is not on disk or broken.
    pub(crate) children: Vec<Option<usize>>,
}

#[derive(Clone, Copy)]
pub(crate) struct Parent {
    pub(crate) module: usize,
    pub(crate) call: usize,
}

impl TreeModule {
    /// `module.a.module.b`; empty for the root.
    pub(crate) fn address(&self) -> String {
        let parts: Vec<String> = self
            .path
            .iter()
            .map(|name| format!("module.{name}"))
            .collect();
        parts.join(".")
    }
}

struct Loading<'a> {
    context: &'a Context<'a>,
    folders: HashMap<String, Option<Arc<Module>>>,
    installed: Installed,
    early: Early<'a>,
}

/// Reads the root folder, the values of its variables, and every module it leads to. `None` when the root has no configuration at all.
pub(crate) fn load(context: &Context<'_>, options: &Options) -> Option<(ModuleTree, Inputs)> {
    let root = read_folder(context, "", None).map(Arc::new)?;
    let inputs = gather(context, options, &root);
    let mut loading = Loading {
        context,
        folders: HashMap::from([(String::new(), Some(root.clone()))]),
        installed: Installed::read(context, &options.data_folder),
        early: Early::new(context.evaluator, options, &inputs),
    };
    let mut tree = ModuleTree {
        modules: vec![TreeModule {
            children: vec![None; root.calls.items.len()],
            module: root,
            parent: None,
            path: Vec::new(),
        }],
    };
    let mut at = 0;
    while at < tree.modules.len() {
        for call in 0..tree.modules[at].children.len() {
            loading.call(&mut tree, at, call);
        }
        at += 1;
    }
    for at in 0..tree.modules.len() {
        loading.early.check_providers(&tree, at);
    }
    drop(loading);
    Some((tree, inputs))
}

impl Loading<'_> {
    fn call(&mut self, tree: &mut ModuleTree, at: usize, call_index: usize) {
        let parent = &tree.modules[at];
        let call = &parent.module.calls.items[call_index];
        let Some((folder, spot)) = self.place(tree, at, call) else {
            return;
        };
        let mut path = parent.path.clone();
        path.push(call.name.clone());
        let mut ancestor = Some(at);
        while let Some(index) = ancestor {
            if tree.modules[index].module.folder == folder {
                let error =
                    Diagnostic::error(Code::ModuleCycle, "Module calls itself").detail(format!(
                        "The folder {:?} is already among the modules around this call.",
                        shown(self.context, &folder)
                    ));
                self.context.complain(spot, error);
                return;
            }
            ancestor = tree.modules[index].parent.map(|parent| parent.module);
        }
        // The root module is called by nobody.
        if path.len() > bounds::CALL_DEPTH || tree.modules.len() > bounds::CALLS {
            let error =
                Diagnostic::error(Code::TooManyModules, "Too many modules").detail(format!(
                    "Modules may be nested {} deep, and there may be {} calls in all.",
                    bounds::CALL_DEPTH,
                    bounds::CALLS
                ));
            self.context.complain(spot, error);
            return;
        }
        let Some(module) = self.folder(&folder, Some(spot)) else {
            return;
        };
        let child = tree.modules.len();
        tree.modules.push(TreeModule {
            children: vec![None; module.calls.items.len()],
            module,
            parent: Some(Parent {
                module: at,
                call: call_index,
            }),
            path,
        });
        tree.modules[at].children[call_index] = Some(child);
    }

    /// The folder of the module that is called; `None` if there is none to read.
    fn place(&self, tree: &ModuleTree, at: usize, call: &Call) -> Option<(String, Spot)> {
        let source = call.source.as_ref()?;
        let version = match &call.version {
            Some(version) => self.early.text(tree, at, version, "version")?,
            None => None,
        };
        let text = self.early.text(tree, at, source, "source")?;
        let Some(text) = text else {
            self.context.error(
                source.spot,
                Code::InvalidModuleSource,
                "Unsuitable module source",
                "The source of a module must not be null.",
            );
            return None;
        };
        let parent = &tree.modules[at];
        let mut path = parent.path.clone();
        path.push(call.name.clone());
        let folder = self.installed.folder(
            &path.join("."),
            &parent.module.folder,
            &text,
            version.as_deref(),
        );
        match folder {
            Ok(folder) => Some((folder, source.spot)),
            Err(problem) => {
                self.context.complain(source.spot, problem);
                None
            }
        }
    }

    /// The module in a folder; read once, however often it is called.
    fn folder(&mut self, folder: &str, caller: Option<Spot>) -> Option<Arc<Module>> {
        if let Some(known) = self.folders.get(folder) {
            return known.clone();
        }
        let module = read_folder(self.context, folder, caller).map(Arc::new);
        self.folders.insert(folder.to_owned(), module.clone());
        module
    }
}
