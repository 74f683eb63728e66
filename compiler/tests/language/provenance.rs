//! Who uses a token, wherever it goes on the way.

use lanyard_compiler::language::{Compiled, ConsumerKind};

use crate::support::{compile_files, compiled, right};

const TOKEN: &str = "resource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n}\n";

/// The consumers of a token, as (kind, address, path).
fn consumers<'c>(compiled: &'c Compiled, token: &str) -> Vec<(ConsumerKind, &'c str, &'c str)> {
    compiled
        .configuration
        .consumers
        .get(token)
        .into_iter()
        .flatten()
        .map(|consumer| {
            (
                consumer.kind,
                consumer.address.as_str(),
                consumer.path.as_str(),
            )
        })
        .collect()
}

#[test]
fn a_token_is_followed_through_everything_a_value_can_go_through() {
    for route in [
        "lanyard_access_token.ci.token",
        "local.token",
        "\"Bearer ${lanyard_access_token.ci.token}\"",
        "[for x in [lanyard_access_token.ci.token] : upper(x)][0]",
        "{ a = { b = lanyard_access_token.ci.token } }",
        "jsonencode({ a = lanyard_access_token.ci.token })",
        "true ? lanyard_access_token.ci.token : \"\"",
        "true ? \"\" : lanyard_access_token.ci.token",
        "nonsensitive(lanyard_access_token.ci.token)",
        "try(lanyard_access_token.ci.token, \"\")",
        "coalesce(null, lanyard_access_token.ci.token)",
        "module.pass.out",
        "lanyard_access_token.ci[*].token",
        "merge({}, { a = lanyard_access_token.ci.token }).a",
        "sha256(lanyard_access_token.ci.token)",
        "templatestring(local.template, { t = lanyard_access_token.ci.token })",
        "\"%{ if lanyard_access_token.ci.token != \"\" }yes%{ endif }\"",
        "toset([lanyard_access_token.ci.token])",
        "lookup({ a = lanyard_access_token.ci.token }, \"a\", \"\")",
        "format(\"%s\", lanyard_access_token.ci.token)",
        "provider::other::wrap(lanyard_access_token.ci.token)",
        "{ (data.aws_x.y.key) = lanyard_access_token.ci.token }",
        "[for x in [lanyard_access_token.ci.token] : 1 if data.aws_x.y.wanted]",
        "concat([lanyard_access_token.ci.token], data.aws_x.y.lists...)",
        "[lanyard_access_token.ci.token][data.aws_x.y.index]",
    ] {
        let source = format!(
            "{TOKEN}
            terraform {{
              required_providers {{
                other = {{ source = \"example.com/a/other\" }}
              }}
            }}
            locals {{
              token    = lanyard_access_token.ci.token
              template = \"x $${{t}}\"
            }}
            data \"aws_x\" \"y\" {{
            }}
            module \"pass\" {{
              source = \"./pass\"
              in     = local.token
            }}
            resource \"aws_secret\" \"s\" {{
              value = {route}
            }}
            "
        );
        let compiled = right(compile_files(&[
            ("main.tf", &source),
            (
                "pass/main.tf",
                "variable \"in\" {}\nlocals {\n  x = [var.in]\n}\noutput \"out\" {\n  value = local.x[0]\n}\n",
            ),
        ]));
        assert_eq!(
            consumers(&compiled, "lanyard_access_token.ci"),
            [(ConsumerKind::Argument, "aws_secret.s", "value")],
            "{route}"
        );
    }
}

#[test]
fn every_kind_of_consumer_is_listed_with_its_place() {
    let compiled = compiled(&format!(
        "{TOKEN}
        provider \"aws\" {{
          alias = \"west\"
          key   = lanyard_access_token.ci.token
        }}
        provider \"lanyard\" {{
          alias = \"second\"
          url   = \"https://tokens.example.com\"
          token = lanyard_access_token.ci.token
        }}
        data \"http\" \"h\" {{
          request {{
            header = lanyard_access_token.ci.token
          }}
        }}
        resource \"aws_x\" \"many\" {{
          for_each = {{ a = 1, b = 2 }}
          dynamic \"entry\" {{
            for_each = [lanyard_access_token.ci.token]
            content {{
              secret = entry.value
            }}
          }}
          provisioner \"local-exec\" {{
            command = \"login ${{lanyard_access_token.ci.token}}\"
          }}
        }}
        output \"shown\" {{
          value = nonsensitive(lanyard_access_token.ci.token)
        }}
        output \"hidden\" {{
          value     = lanyard_access_token.ci.token
          sensitive = true
        }}
        output \"name\" {{
          value = lanyard_access_token.ci.name
        }}
        "
    ));
    assert_eq!(
        consumers(&compiled, "lanyard_access_token.ci"),
        [
            (ConsumerKind::Provisioner, "aws_x.many[\"a\"]", "command"),
            (ConsumerKind::Argument, "aws_x.many[\"a\"]", "entry.secret"),
            (ConsumerKind::Provisioner, "aws_x.many[\"b\"]", "command"),
            (ConsumerKind::Argument, "aws_x.many[\"b\"]", "entry.secret"),
            (ConsumerKind::Argument, "data.http.h", "request.header"),
            (ConsumerKind::Output, "output.hidden", ""),
            (ConsumerKind::Output, "output.shown", ""),
            (ConsumerKind::Provider, "provider[\"aws\"].west", "key"),
            (
                ConsumerKind::Provider,
                "provider[\"lanyard\"].second",
                "token"
            ),
        ]
    );
    let sensitive: Vec<Option<bool>> = compiled.configuration.consumers["lanyard_access_token.ci"]
        .iter()
        .filter(|consumer| consumer.kind == ConsumerKind::Output)
        .map(|consumer| consumer.sensitive)
        .collect();
    assert_eq!(sensitive, [Some(true), Some(false)]);
}

#[test]
fn tokens_are_told_apart() {
    let compiled = compiled(
        r#"
        resource "lanyard_access_token" "t" {
          for_each = toset(["a", "b"])
          name     = each.key
        }
        resource "aws_x" "a" {
          value = lanyard_access_token.t["a"].token
        }
        resource "aws_x" "both" {
          value = join(",", [for t in lanyard_access_token.t : t.token])
        }
        "#,
    );
    let of = |key: &str| consumers(&compiled, &format!("lanyard_access_token.t[\"{key}\"]"));
    let a = (ConsumerKind::Argument, "aws_x.a", "value");
    let both = (ConsumerKind::Argument, "aws_x.both", "value");
    assert_eq!(of("a"), [a, both]);
    assert_eq!(of("b"), [both]);
}
