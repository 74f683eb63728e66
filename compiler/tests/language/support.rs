//! Compiling configurations that live in memory.

use lanyard_compiler::language::{
    Colour, Compiled, Instance, MemoryLoader, Options, Schemas, compile, report,
};

/// Compiles files given as (path, content).
pub(crate) fn compile_files(files: &[(&str, &str)]) -> Compiled {
    compile_with(files, &Options::default())
}

pub(crate) fn compile_with(files: &[(&str, &str)], options: &Options) -> Compiled {
    let loader = MemoryLoader::new(files.iter().map(|(path, content)| (path, *content)));
    compile(&loader, options, &Schemas::lanyard())
}

/// Compiles one `main.tf` that must be right.
pub(crate) fn compiled(source: &str) -> Compiled {
    right(compile_files(&[("main.tf", source)]))
}

/// Asserts that nothing was complained about.
pub(crate) fn right(compiled: Compiled) -> Compiled {
    assert!(compiled.diagnostics.is_empty(), "{}", shown(&compiled));
    compiled
}

/// The report of a compilation, without colour.
pub(crate) fn shown(compiled: &Compiled) -> String {
    report(&compiled.diagnostics, &compiled.sources, Colour::Plain)
}

/// The instance at an address.
pub(crate) fn instance<'c>(compiled: &'c Compiled, address: &str) -> &'c Instance {
    let instances = &compiled.configuration.instances;
    instances
        .iter()
        .find(|instance| instance.address == address)
        .unwrap_or_else(|| {
            let all: Vec<&str> = instances
                .iter()
                .map(|instance| instance.address.as_str())
                .collect();
            panic!("no instance {address} among {all:?}\n{}", shown(compiled))
        })
}
