//! What a file of a configuration declares already, for whoever adds to it.

use std::collections::BTreeSet;

use hcl_edit::structure::{Block, Structure};

/// Resources and imports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// Type and name.
    pub resources: BTreeSet<(String, String)>,
    /// The ids of `import` blocks, where they are written out.
    pub imports: BTreeSet<String>,
}

/// What a text in the native spelling declares; `None` if it cannot be read.
pub fn declared(text: &str) -> Option<Declared> {
    let body = hcl_edit::parser::parse_body(text).ok()?;
    let mut declared = Declared::default();
    for block in body.iter().filter_map(Structure::as_block) {
        let Block { ident, labels, .. } = block;
        match (ident.as_str(), &labels[..]) {
            ("resource", [kind, name]) => {
                let named = (kind.as_str().to_owned(), name.as_str().to_owned());
                declared.resources.insert(named);
            }
            ("import", []) => {
                let id = block
                    .body
                    .get_attribute("id")
                    .and_then(|id| id.value.as_str());
                declared.imports.extend(id.map(str::to_owned));
            }
            _ => {}
        }
    }
    Some(declared)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_and_imports_are_found() {
        let text = "resource \"a\" \"b\" {}\nimport {\n  to = a.b\n  id = \"x\"\n}\nimport {\n  to = a.c\n  id = var.id\n}\n";
        let found = declared(text).unwrap();
        assert_eq!(
            found.resources,
            BTreeSet::from([("a".to_owned(), "b".to_owned())])
        );
        assert_eq!(found.imports, BTreeSet::from(["x".to_owned()]));
        assert_eq!(declared("resource {"), None);
    }
}
