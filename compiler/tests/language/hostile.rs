//! Input made to hurt: whatever stands in the files, compiling ends soon, with complaints and never with a panic. What nobody
//! thought of is tried by `acceptance-tests/tests/fuzz`.

use lanyard_compiler::diagnostic::Code;

use crate::support::{compile_files, shown};

/// Compiles something that must be refused, and gives the codes of the complaints. How long that takes depends on the machine; how much
/// work it is does not, and the codes tell what put an end to it.
fn refused(name: &str, source: &str) -> Vec<&'static str> {
    let compiled = compile_files(&[("main.tf", source)]);
    assert!(compiled.has_errors(), "{name} was accepted");
    // The report has to cope with it as well.
    assert!(!shown(&compiled).is_empty());
    compiled
        .diagnostics
        .iter()
        .map(|one| one.code.name())
        .collect()
}

#[test]
fn deep_nesting_is_refused() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{ a = ", " }"),
        ("upper(", ")"),
        ("\"${", "}\""),
        ("-", ""),
        ("!", ""),
        ("true ? 1 : ", ""),
        ("[for x in [1] : ", "]"),
        ("local.a[", "]"),
        ("{ (", ") = 1 }"),
    ] {
        for depth in [200, 20_000] {
            let source = format!(
                "output \"o\" {{\n  value = {}1{}\n}}\n",
                open.repeat(depth),
                close.repeat(depth)
            );
            let codes = refused(open, &source);
            assert!(codes.contains(&"nested-too-deeply"), "{open}: {codes:?}");
        }
    }
    let blocks = format!("{}{}", "a {\n".repeat(20_000), "}\n".repeat(20_000));
    assert!(refused("blocks", &blocks).contains(&"nested-too-deeply"));
    let steps = format!(
        "output \"o\" {{\n  value = local.a{}\n}}\n",
        ".a".repeat(100_000)
    );
    assert!(refused("steps", &steps).contains(&"nested-too-deeply"));
}

#[test]
fn values_that_double_are_refused() {
    let doubling = |step: &str| {
        let mut source = "locals {\n  v0 = \"0123456789\"\n".to_owned();
        for index in 1..80 {
            let before = format!("local.v{}", index - 1);
            source.push_str(&format!("  v{index} = {}\n", step.replace('@', &before)));
        }
        source + "}\noutput \"o\" {\n  value = local.v79\n}\n"
    };
    for step in [
        "\"${@}${@}\"",
        "join(\"\", [@, @])",
        "replace(@, \"0\", @)",
        "[@, @]",
        "{ a = @, b = @ }",
        "jsonencode([@, @])",
        "concat([@], [@, @])",
        "format(\"%s%s\", @, @)",
    ] {
        let codes = refused(step, &doubling(step));
        let bounded = ["value-too-large", "function-failed", "too-much-work"];
        assert!(
            codes.iter().any(|code| bounded.contains(code)),
            "{step}: {codes:?}"
        );
    }
}

#[test]
fn endless_work_is_refused() {
    let ten = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]";
    let mut nested = "1".to_owned();
    for index in 0..12 {
        nested = format!("length([for x{index} in {ten} : {nested}])");
    }
    let codes = refused(
        "loops",
        &format!("output \"o\" {{\n  value = {nested}\n}}\n"),
    );
    assert!(codes.contains(&"too-much-work"), "{codes:?}");
    // Nobody goes on without.
    let tolerant = format!("output \"o\" {{\n  value = try({nested}, 1) == 1 || true\n}}\n");
    let codes = refused("tolerant", &tolerant);
    assert!(codes.contains(&"too-much-work"), "{codes:?}");
    for (source, code) in [
        (
            "resource \"a_b\" \"c\" {\n  count = 999999999999\n}\n",
            "invalid-count",
        ),
        (
            "resource \"a_b\" \"c\" {\n  count = 1000000\n}\n",
            "invalid-count",
        ),
        (
            "locals {\n  many = setproduct(range(300), range(300))\n}\noutput \"o\" {\n  value = [for a in range(1000) : local.many]\n}\n",
            "value-too-large",
        ),
        (
            "output \"o\" {\n  value = range(0, 1e300)\n}\n",
            "function-failed",
        ),
        (
            "output \"o\" {\n  value = format(\"%999999999d\", 1)\n}\n",
            "function-failed",
        ),
        (
            "output \"o\" {\n  value = 1e999999999\n}\n",
            "nested-too-deeply",
        ),
        (
            "output \"o\" {\n  value = setproduct(range(1000), range(1000), range(1000), range(1000))\n}\n",
            "function-failed",
        ),
    ] {
        let codes = refused(source, source);
        assert!(codes.contains(&code), "{source}: {codes:?}");
    }
}

#[test]
fn yaml_that_grows_or_nests_without_end_is_refused() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\\n".to_owned();
    for index in 1..12 {
        let before = vec![format!("*a{} ", index - 1); 10].join(", ");
        bomb.push_str(&format!("a{index}: &a{index} [{before}]\\n"));
    }
    let deep = "[".repeat(50_000);
    for (name, text) in [("bomb", bomb), ("deep", deep)] {
        let source = format!("output \"o\" {{\n  value = yamldecode(\"{text}\")\n}}\n");
        let codes = refused(name, &source);
        assert!(codes.contains(&"function-failed"), "{name}: {codes:?}");
    }
}

#[test]
fn a_long_chain_of_references_is_no_problem() {
    let mut source = "locals {\n  v0 = 1\n".to_owned();
    for index in 1..100_000 {
        source.push_str(&format!("  v{index} = local.v{} + 1\n", index - 1));
    }
    source.push_str("}\noutput \"o\" {\n  value = local.v99999\n}\n");
    let compiled = compile_files(&[("main.tf", &source)]);
    assert_eq!(shown(&compiled), "");
    let value = &compiled.configuration.outputs[0].value;
    assert_eq!(value.as_number().unwrap().as_i64(), Some(100_000));
}

#[test]
fn a_nest_of_values_through_references_is_refused() {
    let mut source = "locals {\n  v0 = 1\n".to_owned();
    for index in 1..5_000 {
        source.push_str(&format!("  v{index} = [local.v{}]\n", index - 1));
    }
    source.push_str("}\n");
    assert!(refused("nest", &source).contains(&"value-too-large"));
}

#[test]
fn modules_that_call_each_other_are_refused() {
    let call = |folder: &str| format!("module \"m\" {{\n  source = \"{folder}\"\n}}\n");
    let compiled = compile_files(&[
        ("main.tf", &call("./a")),
        ("a/main.tf", &call("../b")),
        ("b/main.tf", &call("../a")),
    ]);
    assert!(
        shown(&compiled).contains("error[module-cycle]"),
        "{}",
        shown(&compiled)
    );
    let itself = compile_files(&[("main.tf", &call("."))]);
    assert!(shown(&itself).contains("error[module-cycle]"));
}

#[test]
fn modules_that_multiply_are_refused() {
    let mut files = Vec::new();
    for level in 0..20 {
        let calls: String = ["x", "y", "z"]
            .iter()
            .map(|name| {
                format!(
                    "module \"{name}\" {{\n  source = \"../m{}\"\n}}\n",
                    level + 1
                )
            })
            .collect();
        files.push((format!("m{level}/main.tf"), calls));
    }
    files.push(("m20/main.tf".to_owned(), "locals {}\n".to_owned()));
    files.push((
        "main.tf".to_owned(),
        "module \"m\" {\n  source = \"./m0\"\n}\n".to_owned(),
    ));
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let compiled = compile_files(&files);
    assert!(shown(&compiled).contains("error[too-many-modules]"));
}

#[test]
fn what_is_not_text_is_refused() {
    use lanyard_compiler::language::{MemoryLoader, Options, Schemas, compile};
    for bytes in [
        &b"output \"o\" {\n value = \"\xff\"\n}"[..],
        b"\xc3\x28",
        b"\xfe\xff\x00a",
    ] {
        for name in ["main.tf", "main.tf.json", "x.lanyard.hcl", "x.lanyard.json"] {
            let loader = MemoryLoader::new([(name, bytes)]);
            let compiled = compile(&loader, &Options::default(), &Schemas::lanyard());
            assert!(compiled.has_errors(), "{name}");
            assert_eq!(compiled.diagnostics[0].code, Code::UnreadableFile);
        }
    }
    let json = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep = compile_files(&[("main.tf.json", &json)]);
    assert!(shown(&deep).contains("error[nested-too-deeply]"));
}

#[test]
fn a_line_is_shown_as_it_is_read() {
    // Between these, a terminal would show the letters the other way round, and the last ones clear the screen.
    let source = "output \"o\" {\n  value = local.x /* \u{202e} \u{2066} \u{1b}[2J */\n}\n";
    let shown = shown(&compile_files(&[("main.tf", source)]));
    assert!(
        shown.contains("local.x /* \u{fffd} \u{fffd} \u{fffd}[2J */"),
        "{shown}"
    );
}

#[test]
fn more_instances_than_a_bound_are_refused_before_they_are_made() {
    let resource = "resource \"lanyard_service_account\" \"x\" {\n  count = 10\n  name  = \"n-${count.index}\"\n}\n";
    let call = |name: &str, count: &str| {
        format!("module \"{name}\" {{\n  source = \"./{name}\"\n  count = {count}\n}}\n")
    };
    for (outer, inner, named) in [("1000", "1000", "main.tf:3"), ("300", "500", "main.tf:3")] {
        let compiled = compile_files(&[
            ("main.tf", &call("a", outer)),
            ("a/main.tf", &call("b", inner)),
            ("a/b/main.tf", resource),
        ]);
        let said = shown(&compiled);
        assert!(said.contains("error[too-many-instances]"), "{said}");
        assert!(said.contains(named), "{said}");
        assert!(said.contains("it can have"), "{said}");
        assert!(compiled.configuration.instances.is_empty());
    }
}

#[test]
fn what_most_configurations_have_is_allowed() {
    let many = "locals {\n  t = <<-EOT\n".to_owned() + &"    plain\n".repeat(50_000) + "  EOT\n}\n";
    let compiled = compile_files(&[(
        "main.tf",
        &(many + "output \"o\" {\n  value = length(local.t)\n}\n"),
    )]);
    assert_eq!(shown(&compiled), "");
    let length = compiled.configuration.outputs[0].value.as_number();
    assert_eq!(length.unwrap().as_i64(), Some(50_000 * 6));
}
