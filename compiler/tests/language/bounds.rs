//! Every bound is where the table of the reference page says: as much is taken, and one more is refused by the code that stands there.

use lanyard_compiler::language::reference_page;

use crate::support::{compile_files, shown};

/// One row of the table: what may be, how much of it, and the code of what is beyond.
fn bound(what: &str) -> (usize, String) {
    let page = reference_page("");
    let row = page
        .lines()
        .find_map(|line| line.strip_prefix(&format!("| {what} | ")))
        .unwrap_or_else(|| panic!("no row {what}"));
    let (most, code) = row.split_once(" | ").unwrap();
    let number = most.replace(',', "");
    let number = match number.strip_suffix(" MiB") {
        Some(mebibytes) => mebibytes.parse::<usize>().unwrap() * 1024 * 1024,
        None => number.parse().unwrap(),
    };
    (number, code.trim_matches(['`', '|', ' ']).to_owned())
}

/// Compiles what `files` makes of the bound, of one less and of one more.
fn check(what: &str, files: impl Fn(usize) -> Vec<(String, String)>) {
    let (most, code) = bound(what);
    for (count, is_beyond) in [(most - 1, false), (most, false), (most + 1, true)] {
        let files = files(count);
        let files: Vec<(&str, &str)> = files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect();
        let said = shown(&compile_files(&files));
        let refused = said.contains(&format!("error[{code}]"));
        assert_eq!(refused, is_beyond, "{what}: {count}\n{said:.2000}");
        assert!(
            refused || !said.contains("error["),
            "{what}: {count}\n{said:.2000}"
        );
    }
}

fn main(text: String) -> Vec<(String, String)> {
    vec![("main.tf".to_owned(), text)]
}

fn output(value: &str) -> Vec<(String, String)> {
    main(format!("output \"o\" {{\n  value = {value}\n}}\n"))
}

#[test]
fn levels_end_where_the_table_says() {
    check(
        "levels of blocks, brackets, quotes and the expressions in them",
        |levels| {
            // The block and the innermost expression, and two for each pair of brackets with what stands in it.
            let pairs = (levels - 2) / 2;
            let inner = if levels % 2 == 0 { "1" } else { "-1" };
            output(&format!(
                "{}{inner}{}",
                "[".repeat(pairs),
                "]".repeat(pairs)
            ))
        },
    );
    check(
        "levels of `%{ if }` and `%{ for }` in a template",
        |levels| {
            let text = format!(
                "{}x{}",
                "%{ if true }".repeat(levels),
                "%{ endif }".repeat(levels)
            );
            output(&format!("<<EOT\n{text}\nEOT"))
        },
    );
    check(
        "levels of arrays and objects in a `.tf.json` file",
        |levels| {
            // The file, `output` and its body.
            let inner = levels - 3;
            let value = format!("{}1{}", "[".repeat(inner), "]".repeat(inner));
            vec![(
                "main.tf.json".to_owned(),
                format!("{{\"output\": {{\"o\": {{\"value\": {value}}}}}}}"),
            )]
        },
    );
    check("levels of collections in one value", |levels| {
        let mut text = "locals {\n  v1 = []\n".to_owned();
        for level in 2..=levels {
            text.push_str(&format!("  v{level} = [local.v{}]\n", level - 1));
        }
        main(text + "}\n")
    });
    check("levels of modules", |levels| {
        let call = |folder: &str| format!("module \"m\" {{\n  source = \"./{folder}\"\n}}\n");
        let mut files = main(call("m"));
        for level in 1..levels {
            files.push((format!("{}main.tf", "m/".repeat(level)), call("m")));
        }
        files.push((format!("{}main.tf", "m/".repeat(levels)), String::new()));
        files
    });
    check("attributes and indices in one reference", |steps| {
        main(format!(
            "resource \"a_b\" \"c\" {{}}\noutput \"o\" {{\n  value = a_b.c{}\n}}\n",
            ".x".repeat(steps - 2)
        ))
    });
}

#[test]
fn what_is_counted_ends_where_the_table_says() {
    check("calls of modules, those inside modules included", |calls| {
        let text: String = (0..calls)
            .map(|call| format!("module \"m{call}\" {{\n  source = \"./m\"\n}}\n"))
            .collect();
        let mut files = main(text);
        files.push(("m/main.tf".to_owned(), String::new()));
        files
    });
    check("instances of one other block", |count| {
        main(format!(
            "resource \"a_b\" \"c\" {{\n  count = {count}\n}}\n"
        ))
    });
    check(
        "alternatives by braces in a pattern of `fileset`",
        |alternatives| {
            let names: Vec<String> = (0..alternatives).map(|name| name.to_string()).collect();
            output(&format!("fileset(\".\", \"{{{}}}\")", names.join(",")))
        },
    );
}

#[test]
fn a_text_ends_where_the_table_says() {
    check("length of a text", |length| {
        let kibibyte = "x".repeat(1024);
        let (whole, rest) = (length / 1024, length % 1024);
        main(format!(
            "locals {{\n  k = \"{kibibyte}\"\n  m = join(\"\", [for i in range({}) : local.k])\n  n = join(\"\", [for i in range({}) : local.m])\n  \
             o = join(\"\", [for i in range({}) : local.k])\n  l = \"${{local.n}}${{local.o}}{}\"\n}}\n",
            1024.min(whole),
            whole / 1024,
            whole % 1024,
            "x".repeat(rest)
        ))
    });
}
