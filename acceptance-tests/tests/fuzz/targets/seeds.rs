//! Inputs that are in the repository anyway.

use std::path::{Path, PathBuf};

/// The contents of all files with this ending below some folders of the repository, small ones only.
pub(crate) fn files(folders: &[&str], ending: &str) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    for folder in folders {
        collect(&root.join(folder), ending, &mut found);
    }
    found.sort();
    found
        .iter()
        .map(|file| std::fs::read(file).unwrap())
        .filter(|text| text.len() < 4096)
        .collect()
}

fn collect(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, ending, found);
        } else if path.to_str().unwrap().ends_with(ending) {
            found.push(path);
        }
    }
}

pub(crate) fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}
