//! Configurations: every complaint stands inside its file and can be shown in a terminal, what was understood can be planned, and
//! values survive being printed and read again.

use std::sync::LazyLock;

use lanyard_compiler::language::{
    Colour, Compiled, MemoryLoader, MissingVariables, Mode, Options, Schemas, compile, report,
};
use lanyard_compiler::model::Kind;
use lanyard_compiler::model::checks;
use lanyard_compiler::model::server::{Api, capabilities};
use lanyard_compiler::plan::plan_resource;
use lanyard_compiler::value::Value;

use super::{Target, seeds};

const CORPUS: &[&str] = &[
    "compiler/tests/language/corpus",
    "compiler/tests/language/mistakes",
];

const WORDS: &[&str] = &[
    "resource \"lanyard_access_token\" \"a\" {\n",
    "resource \"lanyard_service_account\" \"a\" {\n",
    "variable \"v\" {\n",
    "locals {\n",
    "output \"o\" {\n",
    "module \"m\" {\n",
    "data \"lanyard_server\" \"d\" {\n",
    "provider \"lanyard\" {\n",
    "dynamic \"alert\" {\n",
    "content {\n",
    "lifecycle {\n",
    "moved {\n",
    "removed {\n",
    "import {\n",
    "validation {\n",
    "check \"c\" {\n",
    "provisioner \"local-exec\" {\n",
    "terraform {\n",
    "rotation {\n",
    "precondition {\n",
    "}\n",
    "source = \"./m\"\n",
    "for_each = ",
    "count = ",
    "default = ",
    "value = ",
    "type = ",
    "sensitive = true\n",
    "ephemeral = true\n",
    "=>",
    "...",
    "[*]",
    ".*",
    "${",
    "%{",
    "~}",
    "$${",
    "<<EOT\n",
    "<<-EOT\n",
    "EOT\n",
    "%{ for x in y }",
    "%{ endfor }",
    "%{ if x }",
    "%{ else }",
    "%{ endif }",
    "for ",
    " in ",
    "if ",
    "? 1 : 2",
    "each.key",
    "each.value",
    "count.index",
    "local.a",
    "var.v",
    "module.m.o",
    "self.id",
    "path.module",
    "terraform.workspace",
    "lanyard_access_token.a.token",
    "data.lanyard_server.d",
    "upper(",
    "try(",
    "can(",
    "jsonencode(",
    "jsondecode(",
    "yamldecode(",
    "yamlencode(",
    "regex(",
    "replace(",
    "format(",
    "formatlist(",
    "templatefile(",
    "templatestring(",
    "file(",
    "fileset(",
    "setproduct(",
    "range(",
    "cidrsubnet(",
    "timeadd(",
    "formatdate(",
    "merge(",
    "flatten(",
    "lookup(",
    "sensitive(",
    "ephemeralasnull(",
    "csvdecode(",
    "textdecodebase64(",
    "substr(",
    "indent(",
    "provider::terraform::encode_expr(",
    "optional(",
    "object({",
    "list(any)",
    "&&",
    "||",
    "==",
    "!=",
    ">=",
    "/*",
    "*/",
    "#",
    "//",
];

pub(crate) fn terraform_files() -> Target {
    Target {
        name: "terraform_files",
        seeds: || seeds::files(&[CORPUS[0], CORPUS[1], "examples"], ".tf"),
        words: WORDS,
        check: |input| drop(take("main.tf", input)),
    }
}

pub(crate) fn json_files() -> Target {
    Target {
        name: "json_files",
        seeds: || {
            let own = r#"{"service_account":{"ci":{"name":"ci","roles":["editor"]}},
                "access_token":{"a":{"name":"a","service_account":"${service_account.ci.id}","ttl":"90d","rotation":{"grace_period":"2h"}}}}"#;
            let mut found = seeds::files(CORPUS, ".tf.json");
            found.extend(seeds::texts(&[own]));
            found
        },
        words: &[
            "\"resource\":",
            "\"lanyard_access_token\":",
            "\"variable\":",
            "\"locals\":",
            "\"output\":",
            "\"module\":",
            "\"//\":",
            "\"default\":",
            "\"for_each\":",
            "\"dynamic\":",
            "\"${",
            "}\"",
            "\"value\":",
            "\"access_token\":",
            "\\u0000",
            "\\ud800",
            "\\u00e9",
            "{}",
            "[]",
            "[{}]",
            "1.5e3",
            "\"source\":",
            "\"./m\"",
        ],
        check: |input| {
            take("main.tf.json", input);
            take("main.lanyard.json", input);
        },
    }
}

pub(crate) fn own_documents() -> Target {
    Target {
        name: "own_documents",
        seeds: || {
            let mut found = seeds::files(CORPUS, ".lanyard.hcl");
            found.extend(seeds::texts(&[
                "server \"native\" {\n  url = \"https://tokens.example.com\"\n}\n\nservice_account \"ci\" {\n  name  = \"ci\"\n  \
                 roles = [\"editor\"]\n}\n",
                "access_token \"deploy\" {\n  for_each = toset([\"a\", \"b\"])\n  name = \"deploy-${each.key}\"\n  ttl = \"90d\"\n\n  \
                 rotation {\n    before_expiry = \"14d\"\n    grace_period  = \"48h\"\n    triggers = { a = 1 }\n  }\n}\n",
            ]));
            found
        },
        words: &[
            "server \"splunk\" {\n",
            "service_account \"a\" {\n",
            "access_token \"a\" {\n",
            "restriction {\n",
            "labels = {\n",
            "alert {\n",
            "limits {\n",
            "visibility {\n",
            "level = ",
            "expires_at = ",
            "ttl = ",
            "recipient = ",
            "on_conflict = ",
            "service_account.ci.id",
            "access_token.deploy[\"a\"].token",
            "for_each = ",
            "each.key",
            "}\n",
        ],
        check: |input| drop(take("main.lanyard.hcl", input)),
    }
}

pub(crate) fn variable_files() -> Target {
    Target {
        name: "variable_files",
        seeds: || {
            let mut found = seeds::files(CORPUS, ".tfvars");
            found.extend(seeds::files(CORPUS, ".tfvars.json"));
            found
        },
        words: &[
            "v = ",
            "w = ",
            "[",
            "{ a = 1 }",
            "<<EOT\n",
            "EOT\n",
            "\"${1 + 1}\"",
            "null",
            "true",
        ],
        check: |input| {
            let declared = b"variable \"v\" {\n  type = map(list(string))\n  default = {}\n}\nvariable \"w\" {\n  default = 1\n}\n";
            for name in ["terraform.tfvars", "x.auto.tfvars.json"] {
                take_all(&[("main.tf", declared), (name, input)], &Options::default());
            }
        },
    }
}

pub(crate) fn expressions() -> Target {
    Target {
        name: "expressions",
        seeds: || {
            let all = seeds::files(&CORPUS[..1], ".tf");
            let texts = all.iter().filter_map(|text| std::str::from_utf8(text).ok());
            texts
                .flat_map(str::lines)
                .filter_map(|line| line.trim().strip_prefix("value"))
                .filter_map(|rest| rest.trim().strip_prefix('='))
                .map(|expression| expression.trim().as_bytes().to_vec())
                .collect()
        },
        words: WORDS,
        check: prints_and_reads_again,
    }
}

pub(crate) fn templates() -> Target {
    Target {
        name: "templates",
        seeds: || {
            let mut found = seeds::files(CORPUS, ".tftpl");
            found.extend(seeds::texts(&[
                "Hello, ${name}!\n%{ for item in items ~}\n- ${item}\n%{ endfor ~}\n",
                "%{ if name == \"x\" }a%{ else }b%{ endif }",
                "$${literal} %%{literal} ${upper(name)} ${jsonencode(items)}",
            ]));
            found
        },
        words: &[
            "${",
            "}",
            "%{",
            "~}",
            "%{~",
            "%{ if ",
            "%{ else }",
            "%{ endif }",
            "%{ for x in items }",
            "%{ endfor }",
            "$${",
            "%%{",
            "name",
            "items",
            "items[0]",
            "nothing",
            "jsonencode(",
            "\\n",
            "templatestring(",
        ],
        check: |input| {
            let main = b"output \"o\" {\n  value = templatefile(\"t\", { name = \"n\", items = [1, 2] })\n}\n";
            take_all(&[("main.tf", main), ("t", input)], &Options::default());
        },
    }
}

fn take(name: &str, input: &[u8]) -> Compiled {
    let module = b"variable \"a\" {\n  default = 1\n}\noutput \"o\" {\n  value = var.a\n}\n";
    let mut options = Options::default();
    take_all(&[(name, input), ("m/main.tf", module)], &options);
    options.missing_variables = MissingVariables::Unknown;
    take_all(&[(name, input), ("m/main.tf", module)], &options)
}

/// Compiles, and holds the outcome to what is promised of it.
fn take_all(files: &[(&str, &[u8])], options: &Options) -> Compiled {
    static SCHEMAS: LazyLock<Schemas> = LazyLock::new(Schemas::lanyard);
    let compiled = compile(&MemoryLoader::new(files.iter().copied()), options, &SCHEMAS);
    for diagnostic in &compiled.diagnostics {
        let Some(span) = &diagnostic.span else {
            continue;
        };
        let text = compiled.sources.text(&span.file);
        let text = text.unwrap_or_else(|| panic!("{diagnostic} is about a file that was not read"));
        assert!(
            text.get(span.range.clone()).is_some(),
            "{diagnostic} is outside of its file"
        );
        assert!(
            compiled.sources.position(span).is_some(),
            "{diagnostic} has no line"
        );
    }
    let shown = report(&compiled.diagnostics, &compiled.sources, Colour::Plain);
    assert_eq!(shown.is_empty(), compiled.diagnostics.is_empty());
    let control = shown
        .chars()
        .find(|letter| letter.is_control() && !"\n\t".contains(*letter));
    assert_eq!(control, None, "a terminal would obey this: {shown:?}");
    if !compiled.has_errors() {
        plan(&compiled);
    }
    compiled
}

/// What was understood can be checked and planned for any server.
fn plan(compiled: &Compiled) {
    for instance in &compiled.configuration.instances {
        let kind = Kind::ALL
            .into_iter()
            .find(|kind| *kind.name() == *instance.kind);
        let (Some(kind), Mode::Managed) = (kind, instance.mode) else {
            continue;
        };
        for server in [
            None,
            Some(Api::Native),
            Some(Api::Splunk),
            Some(Api::Chronosphere),
        ] {
            let server = server.map(capabilities);
            for problem in checks::validate(kind, server, &instance.config) {
                let span = instance.span_of(&problem.path);
                assert!(
                    compiled.sources.position(span).is_some(),
                    "{problem} has no line"
                );
            }
            plan_resource(kind, server, &Value::Null, &instance.config);
        }
    }
}

/// Whatever an expression comes to, its JSON, YAML and HCL mean the same when they are read again.
fn prints_and_reads_again(expression: &[u8]) {
    let around =
        |before: &str, after: &str| [before.as_bytes(), expression, after.as_bytes()].concat();
    let compiled = take(
        "main.tf",
        &around(
            "locals {\n  a = { b = [1, null] }\n  v = ",
            "\n}\noutput \"json\" {\n  value = jsonencode(local.v)\n}\n\
             output \"json_again\" {\n  value = jsonencode(jsondecode(jsonencode(local.v)))\n}\n\
             output \"yaml_again\" {\n  value = jsonencode(yamldecode(yamlencode(local.v)))\n}\n\
             output \"hcl\" {\n  value = provider::terraform::encode_expr(local.v)\n}\n",
        ),
    );
    if compiled.has_errors() {
        return;
    }
    let output = |name: &str| {
        let outputs = &compiled.configuration.outputs;
        outputs
            .iter()
            .find(|output| output.name == name)
            .map(|output| &output.value)
    };
    if let Some(Value::String(json)) = output("json") {
        for again in ["json_again", "yaml_again"] {
            assert_eq!(
                output(again).and_then(Value::as_str),
                Some(json.as_str()),
                "{again}"
            );
        }
    }
    if let Some(Value::String(hcl)) = output("hcl") {
        let text = format!(
            "output \"hcl\" {{\n  value = provider::terraform::encode_expr(\n{hcl}\n)\n}}\n"
        );
        let again = take("main.tf", text.as_bytes());
        let again = again
            .configuration
            .outputs
            .first()
            .and_then(|output| output.value.as_str());
        assert_eq!(again, Some(hcl.as_str()), "encode_expr");
    }
}
