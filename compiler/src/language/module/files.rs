//! Reading the files of one folder: which of them count, in which order, and what a module they make together.

use std::sync::Arc;

use super::decode::decode;
use super::document::respell;
use super::grammar::Grammar;
use super::merge::merge;
use super::{Context, Module};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::bounds;
use crate::language::loader::{LoadError, join};
use crate::language::source::{FileId, Spot};
use crate::language::syntax::{Body, Name, Parsed, SyntaxError, parse_body, parse_json};
use crate::language::which::Parts;

pub(super) fn shown(context: &Context<'_>, folder: &str) -> String {
    if folder.is_empty() {
        context.evaluator.loader.title()
    } else {
        folder.to_owned()
    }
}

/// How a file name says what the file is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spelling {
    Native,
    Json,
}

pub(super) fn read_folder(
    context: &Context<'_>,
    folder: &str,
    caller: Option<Spot>,
) -> Option<Module> {
    let complain = |diagnostic: Diagnostic| match caller {
        Some(spot) => context.complain(spot, diagnostic),
        None => context.evaluator.diagnostics.borrow_mut().push(diagnostic),
    };
    let names = match context.evaluator.loader.files(folder) {
        Ok(names) => names,
        Err(error) => {
            let summary = if caller.is_some() {
                "Unreadable module directory"
            } else {
                "Unreadable configuration folder"
            };
            complain(
                Diagnostic::error(Code::UnreadableFolder, summary).detail(format!(
                    "The folder {:?} cannot be read: {error}.",
                    shown(context, folder)
                )),
            );
            return None;
        }
    };
    let language = context.evaluator.language;
    let Parts {
        program: terraform,
        documents,
        unread,
    } = Parts::of(names, language);
    let mut module = Module {
        folder: folder.to_owned(),
        unread_files: unread,
        ..Module::default()
    };
    if terraform.is_empty() && documents.is_empty() {
        let mut error = Diagnostic::error(Code::NoConfiguration, "No configuration files").detail(format!(
            "The folder {:?} holds neither {} files, nor documents that end in .lanyard.hcl or .lanyard.json.",
            shown(context, folder),
            language
                .endings()
                .iter()
                .rev()
                .map(|(native, json)| format!("{native} nor {json}"))
                .collect::<Vec<_>>()
                .join(" nor ")
        ));
        if caller.is_none() {
            error = error.hint("name the folder that holds the configuration");
        }
        complain(error);
        return None;
    }
    if let (Some(_), Some((document, _))) = (terraform.first(), documents.first()) {
        complain(
            Diagnostic::error(Code::MixedSpellings, "Terraform files and Lanyard documents in one folder")
                .detail(format!("The folder {:?} holds .tf files and {document:?}; which of them is meant cannot be told.", shown(context, folder)))
                .hint("keep them in folders of their own"),
        );
    }
    module.document = terraform.is_empty();
    let files = if module.document {
        documents
    } else {
        terraform
    };
    let (overrides, primary): (Vec<_>, Vec<_>) = files
        .into_iter()
        .map(|(name, is_json)| {
            let spelling = if is_json {
                Spelling::Json
            } else {
                Spelling::Native
            };
            (name, spelling)
        })
        .partition(|(name, _)| language.overrides(name) && !module.document);
    let mut body: Option<Body> = None;
    for (name, spelling) in primary {
        let Some(read) = read_file(context, &mut module, folder, &name, spelling, caller) else {
            continue;
        };
        let read = if module.document {
            respell(context, read)
        } else {
            read
        };
        match &mut body {
            Some(body) => {
                body.attributes.extend(read.attributes);
                body.blocks.extend(read.blocks);
            }
            None => body = Some(read),
        }
    }
    let mut body = body.unwrap_or_else(|| {
        Body::empty(caller.unwrap_or(Spot {
            file: FileId::NONE,
            start: 0,
            end: 0,
        }))
    });
    for (name, spelling) in overrides {
        if let Some(over) = read_file(context, &mut module, folder, &name, spelling, caller) {
            merge(context, &mut body, over);
        }
    }
    decode(context, &mut module, &body);
    Some(module)
}

fn read_file(
    context: &Context<'_>,
    module: &mut Module,
    folder: &str,
    name: &str,
    spelling: Spelling,
    caller: Option<Spot>,
) -> Option<Body> {
    let path = join(folder, name);
    let parsed = match spelling {
        Spelling::Native => read_native(context, &path, caller),
        Spelling::Json => read_text(context, &path, caller).map(|(file, text)| {
            let grammar = if module.document {
                Grammar::Document(context.schemas)
            } else {
                Grammar::Root(context.schemas)
            };
            parse_json(file, &text, &grammar)
        }),
    };
    let Some(Parsed {
        body,
        errors,
        broken,
        ..
    }) = parsed
    else {
        module.broken.insert(Name::from(""));
        return None;
    };
    module.broken.extend(broken);
    for error in errors {
        complain_syntax(context, error);
    }
    Some(body)
}

/// A file in the native spelling. Bytes that are not UTF-8 may stand in comments.
pub(crate) fn read_native(
    context: &Context<'_>,
    path: &str,
    caller: Option<Spot>,
) -> Option<Parsed> {
    let (file, text, odd) = read(context, path, caller)?;
    let parsed = parse_body(file, &text);
    let in_comment = |at: &usize| parsed.comments.iter().any(|comment| comment.contains(at));
    match odd.iter().find(|at| !in_comment(at)) {
        Some(at) => {
            unreadable(context, path, caller, &not_text(*at));
            None
        }
        None => Some(parsed),
    }
}

/// The text of a file and its number; complains when it cannot be read or is not text.
pub(crate) fn read_text(
    context: &Context<'_>,
    path: &str,
    caller: Option<Spot>,
) -> Option<(FileId, Arc<str>)> {
    let (file, text, odd) = read(context, path, caller)?;
    if let Some(at) = odd.first() {
        unreadable(context, path, caller, &not_text(*at));
        return None;
    }
    Some((file, text))
}

fn not_text(at: usize) -> String {
    format!("it is not valid UTF-8 from byte {at} on")
}

/// A file and its number, and where something else stands for bytes that are not UTF-8.
fn read(
    context: &Context<'_>,
    path: &str,
    caller: Option<Spot>,
) -> Option<(FileId, Arc<str>, Vec<usize>)> {
    let problem = match context.evaluator.loader.read(path) {
        Ok(bytes) if bytes.len() > bounds::FILE => "it is larger than 64 MiB".to_owned(),
        Ok(bytes) => {
            let (text, odd) = decoded(bytes);
            let text: Arc<str> = text.into();
            let file = context
                .evaluator
                .sources
                .borrow_mut()
                .add(path.into(), text.clone());
            return Some((file, text, odd));
        }
        Err(LoadError::NotFound) => "it does not exist".to_owned(),
        Err(LoadError::Other(reason)) => reason,
    };
    unreadable(context, path, caller, &problem);
    None
}

/// The text without the mark at its start, and where bytes were replaced in it.
fn decoded(bytes: Vec<u8>) -> (String, Vec<usize>) {
    const MARK: &str = "\u{feff}";
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => {
            let text = text.strip_prefix(MARK).map(str::to_owned).unwrap_or(text);
            return (text, Vec::new());
        }
        Err(error) => error.into_bytes(),
    };
    let bytes = bytes.strip_prefix(MARK.as_bytes()).unwrap_or(&bytes);
    let mut text = String::with_capacity(bytes.len());
    let mut odd = Vec::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            odd.push(text.len());
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    (text, odd)
}

fn unreadable(context: &Context<'_>, path: &str, caller: Option<Spot>, problem: &str) {
    let error = Diagnostic::error(Code::UnreadableFile, "Failed to read file")
        .detail(format!("The file {path:?} cannot be read: {problem}."));
    match caller {
        Some(spot) => context.complain(spot, error),
        None => context.evaluator.diagnostics.borrow_mut().push(error),
    }
}

pub(crate) fn complain_syntax(context: &Context<'_>, error: SyntaxError) {
    let SyntaxError {
        spot,
        summary,
        message,
        limit,
    } = error;
    let code = if limit {
        Code::NestedTooDeeply
    } else {
        Code::Syntax
    };
    let mut diagnostic =
        Diagnostic::error(code, summary).detail(format!("{}.", sentence(&message)));
    if limit {
        diagnostic = diagnostic.hint("split it up with locals");
    }
    context.complain(spot, diagnostic);
}

/// The message as a sentence.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map_or_else(String::new, |first| {
        let first: String = first.to_uppercase().collect();
        format!("{first}{}", letters.as_str().trim_end_matches('.'))
    })
}
