//! `lanyard apply --rotate`: a new secret in one step, for whatever exists, whoever made it.

use super::every_server::{EXAMPLES, applied};
use super::story::Story;
use crate::support::server::TokenServer;

/// The addresses of what has a secret.
fn with_secrets(story: &Story) -> Vec<String> {
    let handed_over = story.handed_over().into_iter();
    handed_over.map(|(address, _)| address).collect()
}

#[test]
fn a_new_secret_is_one_step_on_every_server() {
    for (api, example) in EXAMPLES {
        let story = applied(api, example);
        let addresses = with_secrets(&story);
        assert!(!addresses.is_empty(), "{api}");
        for address in addresses {
            let before = story.handed_over().len();
            let planned = story.run(&format!("plan --rotate {address} -o plan.json"));
            if planned.code == Some(1) {
                let impossible = planned.stderr.contains("rotation-impossible");
                // An account as long as its secret, and a token for ingestion.
                let lasts = api == "chronosphere" || address.ends_with(".shipper");
                assert!(impossible && lasts, "{planned}");
                story.fails(
                    &format!("apply --yes --out-file secrets.jsonl --rotate {address}"),
                    &["rotation-impossible"],
                );
                assert_eq!(story.handed_over().len(), before, "{api} {address}");
                continue;
            }
            assert!(
                planned.stdout.contains("asked for with `--rotate`"),
                "{planned}"
            );
            story.succeeds("apply plan.json --out-file secrets.jsonl");
            story.succeeds(&format!(
                "apply --yes --out-file secrets.jsonl --rotate {address}"
            ));
            story.expect_nothing_to_do();
            let secrets = story.handed_over();
            assert_eq!(secrets.len(), before + 2, "{api} {address}");
            let new = &secrets[before..];
            assert!(new.iter().all(|(of, _)| *of == address), "{new:?}");
            assert_ne!(new[0].1, new[1].1, "{api} {address}");
        }
    }
}

/// An import changes nothing; one word more, and there is a secret, beside which the old one works on.
#[test]
fn an_imported_token_gets_a_new_secret_in_one_step() {
    let made_by_hand = Story::new(
        r#"
resource "lanyard_access_token" "ci" {
  name = "ci"
}
"#,
    );
    made_by_hand.apply();
    let [(id, old)] = <[_; 1]>::try_from(made_by_hand.delivered()).expect("one token");
    let story = Story::beside(&made_by_hand);
    story.configure(&format!(
        r#"
import {{
  to = lanyard_access_token.ci
  id = "{id}"
}}

resource "lanyard_access_token" "ci" {{
  name = "ci"

  rotation {{
    grace_period = "48h"
  }}
}}
"#
    ));
    story.expect_nothing_to_do();
    let rotate = "apply --yes --out-file secrets.jsonl --rotate lanyard_access_token.ci";
    story.succeeds(rotate);
    let [(of, new)] = <[_; 1]>::try_from(story.delivered()).expect("one secret");
    assert_eq!(of, id);
    for secret in [old, new] {
        assert!(works(&story.server, &secret));
    }
    story.expect_nothing_to_do();
    story.fails(
        "apply --yes --out-file secrets.jsonl --rotate lanyard_access_token.cj",
        &["nothing-to-rotate", "lanyard_access_token.cj"],
    );
    story.succeeds("plan -o plan.json");
    story.fails(
        "apply plan.json --out-file secrets.jsonl --rotate lanyard_access_token.ci",
        &["would add to the plan that was reviewed"],
    );
    assert_eq!(story.delivered().len(), 1);
}

/// Splunk does not say that it keeps one: when the last was issued tells.
#[test]
fn a_second_rotation_says_that_it_ends_the_one_before_the_last() {
    for api in ["native", "splunk"] {
        let scopes = if api == "splunk" {
            "scopes = [\"api\"]"
        } else {
            ""
        };
        let story = Story::on(
            api,
            &format!(
                "resource \"lanyard_access_token\" \"ci\" {{\n  name = \"ci\"\n  ttl = \"90d\"\n  {scopes}\n  rotation {{\n    grace_period = \"48h\"\n  }}\n}}\n"
            ),
        );
        story.apply();
        let asked = "--rotate lanyard_access_token.ci";
        let told = || {
            let planned = story.run(&format!("plan {asked}"));
            let headline = "for 48h more, and the one before it ends at once";
            assert_eq!(
                planned.stderr.contains("grace-cut-short"),
                planned.stdout.contains(headline),
                "{planned}"
            );
            planned.stdout.contains(headline)
        };
        story.advance_clock(3600);
        assert!(!told(), "{api}");
        story.succeeds(&format!("apply --yes --out-file secrets.jsonl {asked}"));
        story.advance_clock(47 * 3600);
        assert!(told(), "{api}");
        story.expect_nothing_to_do();
        story.succeeds(&format!("plan {asked} -o plan.json"));
        story.succeeds("apply plan.json --out-file secrets.jsonl");
        story.advance_clock(49 * 3600);
        assert!(!told(), "{api}");
    }
}

#[test]
fn an_apply_with_nothing_to_do_says_what_a_plan_says() {
    let story = Story::on(
        "osmo",
        "resource \"lanyard_service_account\" \"sa\" {
           name  = \"ci\"
           roles = [\"osmo-user\"]
         }
         resource \"lanyard_access_token\" \"ci\" {
           name            = \"ci\"
           service_account = lanyard_service_account.sa.id
           ttl             = \"90d\"
           rotation {
             before_expiry = \"10d\"
             grace_period  = \"48h\"
           }
         }",
    );
    story.apply();
    story.succeeds("apply --yes --out-file secrets.jsonl --rotate lanyard_access_token.ci");
    let planned = story.succeeds("plan");
    assert!(
        planned.stdout.contains("an old secret works until "),
        "{planned}"
    );
    let applied = story.succeeds("apply --yes");
    assert_eq!(applied.stderr.trim(), planned.stdout.trim());
}

fn works(server: &TokenServer, secret: &str) -> bool {
    crate::support::native::Native::with_token(server, secret)
        .get("/v1/whoami")
        .status
        == 200
}
