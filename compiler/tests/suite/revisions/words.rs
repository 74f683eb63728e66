//! Words that are the same in two revisions: what they say is the same only where all behind them is.

use super::*;

/// One token whose period of grace is written as given, beside what that leads to.
fn grace(expression: &str, more: &str) -> String {
    format!(
        "variable \"a\" {{}}\nvariable \"b\" {{}}\nresource \"lanyard_access_token\" \"x\" {{\n  name = \"x\"\n  ttl = \"30d\"\n  \
         rotation {{\n    grace_period = {expression}\n  }}\n}}\n{more}"
    )
}

#[test]
fn the_same_words_are_the_same_only_where_all_behind_them_is() {
    let of = |expression: &str, more: &str, module: &str| {
        let main = grace(expression, more);
        let module = format!("variable \"in\" {{\n  default = null\n}}\n{module}");
        compile_all(&[("main.tf", &main), ("m/main.tf", &module)])
    };
    let call = |more: &str| format!("module \"m\" {{\n  source = \"./m\"\n  {more}\n}}\n");
    let data = |argument: &str| format!("data \"http\" \"x\" {{\n  url = {argument}\n}}\n");
    let provider = |setting: &str| format!("provider \"http\" {{\n  proxy = {setting}\n}}\n");
    let output = |value: &str| format!("output \"out\" {{\n  value = {value}\n}}\n");
    // What it says, and two things that it may lead to: in the folder, and in the module.
    let stories: [(&str, [String; 2], [String; 2]); 9] = [
        (
            "local.g",
            ["var.a", "var.b"].map(|it| format!("locals {{\n  g = {it}\n}}\n")),
            Default::default(),
        ),
        (
            "local.g",
            ["\"1\"", "\"2\""].map(|it| {
                format!("locals {{\n  n = {it}\n  g = \"${{local.n}}${{var.a}}h\"\n}}\n")
            }),
            Default::default(),
        ),
        (
            "\"${var.a}${var.c}h\"",
            ["\"1\"", "\"2\""].map(|it| format!("variable \"c\" {{\n  default = {it}\n}}\n")),
            Default::default(),
        ),
        (
            "data.http.x.body",
            ["var.a", "var.b"].map(data),
            Default::default(),
        ),
        (
            "data.http.x.body",
            ["var.a", "var.b"].map(|it| format!("{}{}", data("\"u\""), provider(it))),
            Default::default(),
        ),
        (
            "module.m.out",
            ["var.a", "var.b"].map(|it| call(&format!("in = {it}"))),
            [(); 2].map(|()| output("var.in")),
        ),
        (
            "module.m.out",
            [(); 2].map(|()| call("in = var.a")),
            ["var.in", "\"${var.in}h\""].map(output),
        ),
        (
            "module.m[\"k\"].out",
            ["var.a", "var.b"].map(|it| {
                call(&format!(
                    "for_each = {{ k = {it} }}\n  in = each.value"
                ))
            }),
            [(); 2].map(|()| output("var.in")),
        ),
        (
            "lanyard_service_account.s.description",
            ["var.a", "var.b"].map(|it| {
                format!(
                    "resource \"lanyard_service_account\" \"s\" {{\n  name = \"s\"\n  description = {it}\n}}\n"
                )
            }),
            Default::default(),
        ),
    ];
    for (expression, [one, other], [inner, outer]) in stories {
        let base = of(expression, &one, &inner);
        assert!(base.diagnostics.is_empty(), "{:?}", base.diagnostics);
        let told = |head: &Compiled| {
            let reviewed = compare(&base, head);
            let change = change(&reviewed, "lanyard_access_token.x").clone();
            (change.action, change.fields().into_owned())
        };
        let same = told(&of(expression, &one, &inner));
        assert_eq!(same.0, Action::NoOp, "{expression}: {one}\n{:?}", same.1);
        let not = told(&of(expression, &other, &outer));
        assert_ne!(not.0, Action::NoOp, "{expression}: {other}{outer}");
    }
}

#[test]
fn each_instance_has_its_own_words_by_its_key() {
    let of = |keys: &str| {
        format!(
            "variable \"a\" {{}}\nresource \"lanyard_access_token\" \"x\" {{\n  for_each = {keys}\n  name = each.key\n  ttl = each.value\n}}\n"
        )
    };
    let moved = "moved {\n  from = lanyard_access_token.x[\"a\"]\n  to = lanyard_access_token.x[\"b\"]\n}\n";
    let text = of("{ a = var.a, b = var.a }").replace("ttl = each.value", "ttl = var.a[each.key]");
    assert!(revised(&text, &text).is_empty());
    let one = text.replace("{ a = var.a, b = var.a }", "{ a = var.a }");
    let other = text.replace("{ a = var.a, b = var.a }", "{ b = var.a }");
    let reviewed = revised(&one, &format!("{other}{moved}"));
    let change = change(&reviewed, "lanyard_access_token.x[\"b\"]");
    let fields = change.fields();
    assert!(fields.iter().any(|field| field.path.to_string() == "ttl"));
}

#[test]
fn an_instance_is_the_same_whichever_others_there_are() {
    for (repetition, name, address) in [
        (
            "for_each = toset([\"a\", KEY])",
            "${var.a}-${each.key}",
            "x[\"a\"]",
        ),
        ("count = KEY", "${var.a}-${count.index}", "x[0]"),
    ] {
        let of = |key: &str| {
            let repetition = repetition.replace("KEY", key);
            format!(
                "variable \"a\" {{}}\nresource \"lanyard_access_token\" \"x\" {{\n  {repetition}\n  name = \"{name}\"\n  ttl = \"1d\"\n}}\n"
            )
        };
        let (base, head) = match repetition.starts_with("count") {
            true => (of("1"), of("2")),
            false => (of("\"b\""), of("\"c\"")),
        };
        let reviewed = revised(&base, &head);
        let same = change(&reviewed, &format!("lanyard_access_token.{address}"));
        assert_eq!(
            same.action,
            Action::NoOp,
            "{repetition}: {:?}",
            same.fields()
        );
    }
    // The value of a key may be another one.
    let of = |value: &str| {
        format!(
            "variable \"a\" {{}}\nvariable \"b\" {{}}\nresource \"lanyard_access_token\" \"x\" {{\n  for_each = {{ a = {value} }}\n  name = each.value\n}}\n"
        )
    };
    let reviewed = revised(&of("var.a"), &of("var.b"));
    let other = change(&reviewed, "lanyard_access_token.x[\"a\"]");
    assert_ne!(other.action, Action::NoOp);
}

#[test]
fn what_a_file_says_is_behind_the_words_that_read_it() {
    let main = grace("\"${file(\"hours\")}${var.a}\"", "");
    let of = |hours: &str| compile_all(&[("main.tf", &main), ("hours", hours)]);
    assert!(compare(&of("1"), &of("1")).is_empty());
    assert!(!compare(&of("1"), &of("2")).is_empty());
}

#[test]
fn what_a_data_source_reads_is_behind_what_it_says() {
    let of = |files: &[(&str, &str)], more: &str| {
        let data = "data \"external\" \"x\" {\n  program = [\"sh\", \"${path.module}/hours\"]\n}\n";
        let main = grace("data.external.x.result.hours", &format!("{data}{more}"));
        let all: Vec<(&str, &str)> = [("main.tf", main.as_str())]
            .into_iter()
            .chain(files.iter().copied())
            .collect();
        compile_all(&all)
    };
    let base = of(&[("hours", "1"), ("other", "1")], "");
    assert!(base.diagnostics.is_empty(), "{:?}", base.diagnostics);
    let another = "data \"local_file\" \"y\" {\n  filename = \"other\"\n}\n";
    for (files, more, is_same) in [
        (&[("hours", "1"), ("other", "2")][..], "", true),
        (&[("hours", "1"), ("other", "2")], another, true),
        (&[("hours", "2"), ("other", "1")], "", false),
        (&[("other", "1")], "", false),
    ] {
        let reviewed = compare(&base, &of(files, more));
        assert_eq!(reviewed.is_empty(), is_same, "{files:?}");
    }
}
