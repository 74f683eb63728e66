//! The reference in `docs/` is what the model says. Locally this writes what is stale; in CI it fails instead.

use std::fs;
use std::path::{Path, PathBuf};

use lanyard_compiler::reference;

const COMMAND: &str = "cargo test -p lanyard-compiler --test generated";

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the package lies in the repository")
        .to_owned()
}

/// Text with the line ends that the generator uses, whatever the checkout made of them.
fn read(path: &Path) -> Option<String> {
    fs::read_to_string(path)
        .ok()
        .map(|text| text.replace("\r\n", "\n"))
}

#[test]
fn the_reference_is_current() {
    let repository = repository();
    let example = |path: &str| read(&repository.join("examples").join(path));
    let stale: Vec<_> = reference::files(&example)
        .into_iter()
        .filter(|file| read(&repository.join(&file.path)).as_ref() != Some(&file.text))
        .collect();
    let names: Vec<_> = stale.iter().map(|file| file.path.as_str()).collect();
    if std::env::var_os("CI").is_some() {
        assert!(
            stale.is_empty(),
            "stale: {}; run `{COMMAND}` and commit what it writes",
            names.join(", ")
        );
    }
    for file in &stale {
        let path = repository.join(&file.path);
        fs::create_dir_all(path.parent().expect("a generated file lies in a folder")).unwrap();
        fs::write(path, &file.text).unwrap();
    }
}

#[test]
fn every_attribute_stands_in_its_page() {
    use lanyard_compiler::model::{Kind, facts};
    let files = reference::files(&|_| None);
    for kind in Kind::ALL {
        let page = files
            .iter()
            .find(|file| {
                file.path
                    .ends_with(&format!("resources/{}.md", kind.name()))
            })
            .unwrap();
        facts::schema(kind).body.walk(&mut |path, attribute| {
            assert!(
                page.text.contains(&format!("- `{}` (", attribute.name)),
                "{path} is missing in {}",
                page.path
            );
        });
    }
}
