//! What the files of a folder declare already, for whoever adds to it.

use std::collections::{BTreeMap, BTreeSet};

use crate::language::{Body, Node, Path, PathStep, alone, as_path, as_quoted_path, as_text};

/// The provider of a resource of ours that names none.
const DEFAULT: &str = "lanyard";

/// Resources and imports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    resources: BTreeMap<(String, String), Resource>,
    imports: BTreeSet<Import>,
    calls: BTreeMap<String, Call>,
    spoken_of: BTreeSet<Address>,
    /// The local names of required providers; `None` where nothing says which.
    requires: Option<BTreeSet<String>>,
    has_files: bool,
}

/// A `module` block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// Where it comes from, if that is written out.
    pub source: Option<String>,
    /// The provider that it is given as `lanyard`.
    pub lanyard: Option<String>,
    /// True with `count` or `for_each`.
    pub is_repeated: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Resource {
    /// The provider that it names.
    provider: Option<String>,
}

/// What a `moved`, `removed` or `import` block names: a second thing cannot be there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Address {
    /// The module that is called by the folder.
    module: Option<String>,
    /// Type and name of a resource; `None` for all of a module, and for what is in a module of a module.
    resource: Option<(String, String)>,
}

/// An `import` block whose id is written out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Import {
    type_name: String,
    /// The resource's name, if it is one of the folder itself.
    name: Option<String>,
    id: String,
}

impl Declared {
    /// Takes in what a file of this name declares. False if it cannot be read.
    pub fn add(&mut self, name: &str, text: &str) -> bool {
        let Some(body) = alone(name, text) else {
            return false;
        };
        self.has_files = true;
        for block in &body.blocks {
            match (&*block.kind, &block.labels[..]) {
                ("resource", [kind, name]) => {
                    let provider = path(&block.body, "provider");
                    let provider = provider.map(|provider| provider.to_string());
                    let named = (kind.text.to_string(), name.text.to_string());
                    // What overrides a resource may name no provider of its own.
                    let known = self.resources.entry(named);
                    let resource = known.or_insert(Resource { provider: None });
                    resource.provider = provider.or(resource.provider.take());
                }
                ("import", []) => {
                    self.imports.extend(import(&block.body));
                    self.speak_of(&block.body, &["to"]);
                }
                ("moved", []) => self.speak_of(&block.body, &["from", "to"]),
                ("removed", []) => self.speak_of(&block.body, &["from"]),
                ("module", [name]) => {
                    self.calls.insert(name.text.to_string(), call(&block.body));
                }
                ("terraform", []) => {
                    for required in block.body.blocks_of("required_providers") {
                        let names = required.body.attributes.iter();
                        let names = names.map(|provider| provider.name.to_string());
                        self.requires.get_or_insert_default().extend(names);
                    }
                }
                _ => {}
            }
        }
        true
    }

    fn speak_of(&mut self, body: &Body, attributes: &[&str]) {
        let named = attributes.iter().filter_map(|name| path(body, name));
        self.spoken_of
            .extend(named.filter_map(|path| address(&path)));
    }

    /// Types and names of the resources that `moved`, `removed` and `import` blocks speak of: in the folder itself, or in a module that it
    /// calls.
    pub fn spoken_of(&self, module: Option<&str>) -> impl Iterator<Item = (&str, &str)> {
        let spoken_of = self.spoken_of.iter();
        let there = spoken_of.filter(move |address| address.module.as_deref() == module);
        let named = there.filter_map(|address| address.resource.as_ref());
        named.map(|(kind, name)| (kind.as_str(), name.as_str()))
    }

    /// True if such a block speaks of a module of this name, or of what is in it.
    pub fn speaks_of_module(&self, name: &str) -> bool {
        let mut spoken_of = self.spoken_of.iter();
        spoken_of.any(|address| address.module.as_deref() == Some(name))
    }

    /// True where there is no file.
    pub fn is_empty(&self) -> bool {
        !self.has_files
    }

    /// The call of a module by its name.
    pub fn call(&self, name: &str) -> Option<&Call> {
        self.calls.get(name)
    }

    /// Whether a provider is required by this name; `None` where nothing says which are.
    pub fn requires(&self, provider: &str) -> Option<bool> {
        Some(self.requires.as_ref()?.contains(provider))
    }

    /// Types and names of the resources.
    pub fn resources(&self) -> impl Iterator<Item = (&str, &str)> {
        let named = self.resources.keys();
        named.map(|(kind, name)| (kind.as_str(), name.as_str()))
    }

    /// True if an object of this type is imported by its id, as far as is known through this provider: `lanyard`, `lanyard.eu`.
    pub fn imports(&self, type_name: &str, id: &str, provider: Option<&str>) -> bool {
        self.imports.iter().any(|import| {
            let through = import.name.as_ref().and_then(|name| {
                let resource = (import.type_name.clone(), name.clone());
                let provider = self.resources.get(&resource)?.provider.as_deref();
                Some(provider.unwrap_or(DEFAULT))
            });
            import.type_name == type_name
                && import.id == id
                && provider.is_none_or(|provider| through.is_none_or(|through| through == provider))
        })
    }
}

fn import(body: &Body) -> Option<Import> {
    let id = as_text(&body.attribute("id")?.expression)?;
    let mut steps = as_path(&body.attribute("to")?.expression)?.steps;
    if let Some(PathStep::Key(_) | PathStep::Index(_)) = steps.last() {
        steps.pop();
    }
    let [before @ .., PathStep::Name(type_name), PathStep::Name(name)] = &steps[..] else {
        return None;
    };
    Some(Import {
        type_name: type_name.to_string(),
        name: before.is_empty().then(|| name.to_string()),
        id: id.to_string(),
    })
}

fn address(path: &Path) -> Option<Address> {
    let names: Vec<String> = path
        .steps
        .iter()
        .filter_map(|step| match step {
            PathStep::Name(name) => Some(name.to_string()),
            _ => None,
        })
        .collect();
    let (module, rest) = match &names[..] {
        [module, name, rest @ ..] if module == "module" => (Some(name.clone()), rest),
        names => (None, names),
    };
    let resource = match rest {
        [kind, name] if kind != "module" => Some((kind.clone(), name.clone())),
        _ => None,
    };
    let is_meant = module.is_some() || resource.is_some();
    is_meant.then_some(Address { module, resource })
}

fn call(body: &Body) -> Call {
    let source = body
        .attribute("source")
        .and_then(|source| as_text(&source.expression));
    let given = body
        .attribute("providers")
        .map(|providers| &providers.expression.node);
    let lanyard = match given {
        Some(Node::Object(members)) => members
            .iter()
            .find(|(key, _)| as_quoted_path(key).is_some_and(|key| key.to_string() == DEFAULT))
            .and_then(|(_, value)| as_quoted_path(value)),
        _ => None,
    };
    Call {
        source: source.map(|source| source.to_string()),
        lanyard: lanyard.map(|provider| provider.to_string()),
        is_repeated: ["count", "for_each"]
            .iter()
            .any(|name| body.attribute(name).is_some()),
    }
}

fn path(body: &Body, name: &str) -> Option<Path> {
    as_quoted_path(&body.attribute(name)?.expression)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "lanyard_access_token";

    fn declared(files: &[(&str, &str)]) -> Declared {
        let mut declared = Declared::default();
        for (name, text) in files {
            assert!(declared.add(name, text), "{name}");
        }
        declared
    }

    #[test]
    fn resources_and_imports_are_found_in_both_spellings() {
        let native = "\u{feff}resource \"lanyard_access_token\" \"b\" {}\r\nimport {\r\n  to = lanyard_access_token.b\r\n  id = \"x\"\r\n}\r\n\
                      import {\n  to = lanyard_access_token.c\n  id = var.id\n}\nimport {\n  to = module.m[0].lanyard_access_token.d[\"k\"]\n  id = \"y\"\n}\n";
        let json = r#"{"resource": {"lanyard_access_token": {"b": {}}},
            "import": [{"to": "lanyard_access_token.b", "id": "x"}, {"to": "module.m[0].lanyard_access_token.d[\"k\"]", "id": "y"}]}"#;
        let arrays = r#"[{"resource": [{"lanyard_access_token": [{"b": [{}]}]}]},
            {"import": {"to": "lanyard_access_token.b", "id": "x"}}, {"import": {"to": "module.m[0].lanyard_access_token.d[\"k\"]", "id": "y"}}]"#;
        for (name, text) in [
            ("a.tf", native),
            ("a.tofu", native),
            ("a.tf.json", json),
            ("a.tofu.json", json),
            ("a.tf.json", arrays),
        ] {
            let found = declared(&[(name, text)]);
            let resources: Vec<_> = found.resources().collect();
            assert_eq!(resources, [(TOKEN, "b")], "{name}");
            assert!(found.imports(TOKEN, "x", None), "{name}: {found:?}");
            assert!(found.imports(TOKEN, "y", None), "{name}: {found:?}");
            assert!(!found.imports(TOKEN, "z", None), "{name}");
            assert!(
                !found.imports("lanyard_service_account", "x", None),
                "{name}: ids of one type say nothing of another"
            );
        }
        for (name, text) in [
            ("a.tf", "resource {"),
            ("a.tf.json", "{"),
            ("a.tf.json", native),
        ] {
            assert!(!Declared::default().add(name, text), "{name}: {text}");
        }
    }

    #[test]
    fn one_id_on_two_servers_is_imported_from_one() {
        let import = "import {\n  to = lanyard_access_token.ci\n  id = \"ci\"\n}\n";
        let resource = "resource \"lanyard_access_token\" \"ci\" {\n  provider = lanyard.eu\n}\n";
        let found = declared(&[("a.tf", import), ("b.tf", resource)]);
        assert!(found.imports(TOKEN, "ci", Some("lanyard.eu")));
        assert!(!found.imports(TOKEN, "ci", Some("lanyard.us")));
        assert!(
            found.imports(TOKEN, "ci", None),
            "where nobody knows which server"
        );
        let plain = "resource \"lanyard_access_token\" \"ci\" {}\n";
        let found = declared(&[("a.tf", import), ("b.tf", plain)]);
        assert!(found.imports(TOKEN, "ci", Some("lanyard")));
        assert!(!found.imports(TOKEN, "ci", Some("lanyard.us")));
        let alone = declared(&[("a.tf", import)]);
        assert!(
            alone.imports(TOKEN, "ci", Some("lanyard.us")),
            "where nobody knows through which provider"
        );
    }

    #[test]
    fn calls_and_requirements_are_found_in_both_spellings() {
        let native = "terraform {\n  required_providers {\n    lanyard = { source = \"lanyard/lanyard\" }\n  }\n}\n\
                      module \"shop\" {\n  source    = \"./teams/shop\"\n  providers = { lanyard = lanyard.eu }\n}\n\
                      module \"web\" {\n  source   = \"./teams/web\"\n  for_each = {}\n}\n";
        let json = r#"{"terraform": {"required_providers": {"lanyard": {"source": "lanyard/lanyard"}}},
            "module": {"shop": {"source": "./teams/shop", "providers": {"lanyard": "lanyard.eu"}},
                       "web": {"source": "./teams/web", "for_each": {}}}}"#;
        for (name, text) in [("a.tf", native), ("a.tf.json", json)] {
            let found = declared(&[(name, text)]);
            let shop = Call {
                source: Some("./teams/shop".to_owned()),
                lanyard: Some("lanyard.eu".to_owned()),
                is_repeated: false,
            };
            assert_eq!(found.call("shop"), Some(&shop), "{name}");
            assert!(found.call("web").is_some_and(|call| call.is_repeated));
            assert_eq!(found.call("x"), None);
            assert_eq!(found.requires("lanyard"), Some(true), "{name}");
            assert_eq!(found.requires("signalfx"), Some(false), "{name}");
        }
        assert_eq!(Declared::default().requires("lanyard"), None);
        assert!(Declared::default().is_empty());
        assert!(!declared(&[("a.tf", "locals {}\n")]).is_empty());
    }

    #[test]
    fn addresses_that_other_blocks_speak_of_are_known() {
        let native = r#"
            removed {
              from = lanyard_access_token.a
              lifecycle {
                destroy = false
              }
            }
            moved {
              from = lanyard_access_token.b["x"]
              to   = module.shop["y"].lanyard_access_token.c
            }
            moved {
              from = module.web
              to   = module.front.module.web
            }
            import {
              to = lanyard_access_token.d[0]
              id = var.id
            }
        "#;
        let json = r#"{
            "removed": {"from": "lanyard_access_token.a", "lifecycle": {"destroy": false}},
            "moved": [
                {"from": "lanyard_access_token.b[\"x\"]", "to": "module.shop[\"y\"].lanyard_access_token.c"},
                {"from": "module.web", "to": "module.front.module.web"}
            ],
            "import": {"to": "lanyard_access_token.d[0]", "id": "${var.id}"}
        }"#;
        for (name, text) in [("a.tf", native), ("a.tf.json", json)] {
            let found = declared(&[(name, text)]);
            let spoken: Vec<_> = found.spoken_of(None).collect();
            assert_eq!(spoken, [(TOKEN, "a"), (TOKEN, "b"), (TOKEN, "d")], "{name}");
            let spoken: Vec<_> = found.spoken_of(Some("shop")).collect();
            assert_eq!(spoken, [(TOKEN, "c")], "{name}");
            for (module, is) in [("shop", true), ("web", true), ("front", true), ("x", false)] {
                assert_eq!(found.speaks_of_module(module), is, "{name}: {module}");
            }
            assert_eq!(found.resources().count(), 0);
        }
    }
}
