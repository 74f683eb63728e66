//! A folder of Terraform files with a vendor's resources becomes one with ours, in place: what needs no change stays byte for byte.
//! `hcl-edit` says where things are, and nothing of what it prints is used: it does not keep every escape. Either the whole folder
//! can be rewritten, or nothing: whatever needs a person is named with its place.

mod file;
mod references;
mod resource;
mod text;
mod vendors;

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Span};
use file::{Changed, Parsed};
use vendors::{MAPPINGS, Vendor};

/// A file of the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    pub name: String,
    pub text: String,
}

/// What becomes of a folder.
#[derive(Clone, Debug, Default)]
pub struct Rewritten {
    /// The files that change, with their new text; empty if a person is needed.
    pub files: Vec<SourceFile>,
    /// How many resources become ours.
    pub resources: usize,
    /// What needs a person first.
    pub persons: Vec<Diagnostic>,
    /// What speaks of a vendor and stays as it is.
    pub left: Vec<Diagnostic>,
}

/// Rewrites a folder's `.tf` files. `.tf.json` files are looked at, and need a person where they speak of a vendor's resource.
pub fn rewrite(files: &[SourceFile]) -> Rewritten {
    let mut rewritten = Rewritten::default();
    let speaks = |file: &&SourceFile| {
        MAPPINGS
            .iter()
            .any(|mapping| file.text.contains(mapping.theirs))
    };
    let mut parsed = Vec::new();
    for file in files {
        if file.name.ends_with(".tf") {
            match hcl_edit::parser::parse_body(&file.text) {
                Ok(body) => parsed.push((
                    file,
                    Parsed {
                        text: &file.text,
                        body,
                    },
                )),
                Err(_) if !speaks(&file) => {}
                Err(_) => rewritten.persons.push(person(
                    file,
                    0..0,
                    "The file cannot be read: lanyard validate says what is wrong with it",
                )),
            }
        } else if speaks(&file) {
            rewritten.persons.push(person(
                file,
                0..0,
                "Files in JSON are not rewritten: change this one by hand",
            ));
        }
    }
    let mut vendors: Vec<&'static Vendor> = Vec::new();
    for (mapping, _) in parsed.iter().flat_map(|(_, parsed)| parsed.resources()) {
        rewritten.resources += 1;
        if !vendors
            .iter()
            .any(|vendor| vendor.provider == mapping.vendor.provider)
        {
            vendors.push(mapping.vendor);
        }
    }
    if rewritten.resources == 0 {
        return rewritten;
    }
    if vendors.len() > 1
        && let Some((file, _)) = parsed.first()
    {
        rewritten.persons.push(person(
            file,
            0..0,
            "Resources of several vendors stand in one folder, and one provider block of Lanyard is for one server: give the resources of one vendor a folder of their own first",
        ));
    }
    let adds_provider = !parsed
        .iter()
        .any(|(_, parsed)| parsed.has_provider("lanyard"));
    let required = parsed
        .iter()
        .position(|(_, parsed)| parsed.required_providers().is_some());
    let first = parsed
        .iter()
        .position(|(_, parsed)| !parsed.resources().is_empty());
    for (index, (file, parsed)) in parsed.iter().enumerate() {
        if file.text.contains('\r') && speaks(file) {
            rewritten.persons.push(person(
                file,
                0..0,
                "The file has line ends of Windows: give it those of Unix first",
            ));
        }
        let Changed {
            mut text,
            persons,
            left,
        } = parsed.rewritten(&vendors, adds_provider);
        rewritten.persons.extend(
            persons
                .into_iter()
                .map(|(range, why)| person(file, range, &why)),
        );
        rewritten.left.extend(
            left.into_iter()
                .map(|(range, why)| stays(file, range, &why)),
        );
        if required == Some(index)
            && let Ok(body) = hcl_edit::parser::parse_body(&text)
        {
            let now = Parsed { text: &text, body };
            let edit = now
                .required_providers()
                .and_then(|block| file::require(&text, block));
            if let Some(edit) = edit {
                text = text::apply(&text, &[edit]);
            }
        }
        if required.is_none() && first == Some(index) {
            text = format!(
                "terraform {{\n  required_providers {{\n    lanyard = {{\n      source = \"lanyard/lanyard\"\n    }}\n  }}\n}}\n\n{text}"
            );
        }
        if text != file.text {
            rewritten.files.push(SourceFile {
                name: file.name.clone(),
                text,
            });
        }
    }
    if !rewritten.persons.is_empty() {
        rewritten.files.clear();
    }
    rewritten
}

fn person(file: &SourceFile, range: std::ops::Range<usize>, why: &str) -> Diagnostic {
    let place = Arc::from(file.name.as_str());
    Diagnostic::error(Code::MigrationNeedsAPerson, "This needs a person first")
        .detail(format!("{why}."))
        .span(Span { file: place, range })
}

fn stays(file: &SourceFile, range: std::ops::Range<usize>, why: &str) -> Diagnostic {
    let place = Arc::from(file.name.as_str());
    Diagnostic::warning(Code::MigrationLeavesAsItIs, "This stays as it is")
        .detail(format!("{why}."))
        .span(Span { file: place, range })
}
