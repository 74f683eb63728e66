//! What a reviewer reads.

use lanyard_compiler::model::kind::Kind;
use lanyard_compiler::model::server::{Api, capabilities};
use lanyard_compiler::plan::file::{SavedPlan, SavedServer};
use lanyard_compiler::plan::{self, Change, Plan};
use lanyard_compiler::review::{Forge, Format, Options, render};
use lanyard_compiler::value::Value;

use crate::world::{NATIVE, config, create, read, rotation, time, token, with};

fn change(address: &str, prior: Value, config: Value) -> Change {
    let planned = plan::plan_resource(Kind::AccessToken, Some(NATIVE), &prior, &config);
    Change::new(address, Kind::AccessToken, prior, config, planned)
}

fn example() -> Plan {
    let start = time("2026-11-22T10:00:00Z");
    let rotating = token([
        ("ttl", "90d".into()),
        (
            "rotation",
            rotation([
                ("before_expiry", "14d".into()),
                ("grace_period", "48h".into()),
            ]),
        ),
    ]);
    let due = read(&create(&rotating, start), time("2027-02-07T10:00:00Z"));
    let mut due = change("lanyard_access_token.due", due, rotating);
    due.consumers = [
        "kubernetes_secret.deploy.data",
        "github_actions_secret.ci.plaintext_value",
        "module.shop.provider[\"registry.terraform.io/hashicorp/vault\"].token",
        "output.ci_token",
    ]
    .map(str::to_owned)
    .into();
    let plain = create(
        &token([
            ("name", "plain".into()),
            ("roles", Value::set(["viewer".into()])),
        ]),
        start,
    );
    let widened = token([
        ("name", "plain".into()),
        ("roles", Value::set(["admin".into(), "viewer".into()])),
    ]);
    let scoped = |scopes: &[&str]| {
        let scopes = scopes.iter().copied().map(Value::from);
        token([("name", "wide".into()), ("scopes", Value::set(scopes))])
    };
    let narrow = create(&scoped(&["samples:read"]), start);
    let wide = scoped(&["samples:read", "samples:write"]);
    let mut moved = change(
        "lanyard_access_token.moved",
        plain.clone(),
        with(widened.clone(), "service_account", "sa_2"),
    );
    moved.consumers.push("output.moved".to_owned());

    let account = config(
        Kind::ServiceAccount,
        [
            ("name", "ci".into()),
            (
                "restriction",
                Value::map([("permission", Value::from("READ")), ("labels", Value::Null)]),
            ),
        ],
    );
    let planned = plan::plan_resource(Kind::ServiceAccount, Some(NATIVE), &Value::Null, &account);
    Plan {
        changes: vec![
            Change::new(
                "lanyard_service_account.ci",
                Kind::ServiceAccount,
                Value::Null,
                account,
                planned,
            ),
            change(
                "lanyard_access_token.same",
                plain.clone(),
                token([("name", "plain".into())]),
            ),
            due,
            change("lanyard_access_token.wide", narrow, wide),
            moved,
            change("lanyard_access_token.gone", plain, Value::Null),
        ],
    }
}

#[test]
fn the_most_dangerous_comes_first() {
    insta::assert_snapshot!(render(&example(), Format::Text, Options::default()));
}

#[test]
fn a_comment_is_one_table_and_folded_details() {
    insta::assert_snapshot!(render(&example(), Format::Markdown, Options::default()));
}

#[test]
fn programs_read_the_same() {
    let json: serde_json::Value =
        serde_json::from_str(&render(&example(), Format::Json, Options::default())).unwrap();
    assert_eq!(json["format_version"], "1.2");
    assert_eq!(json["summary"]["rotate"], 1);
    let addresses: Vec<_> = json["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["address"].as_str().unwrap())
        .collect();
    assert_eq!(addresses[0], "lanyard_access_token.gone");
    assert_eq!(addresses.len(), 5);
}

#[test]
fn no_format_shows_a_secret() {
    let plan = example();
    assert!(!plan.changes[2].prior.get("token").is_null());
    for format in Format::ALL {
        let shown = render(
            &plan,
            format,
            Options {
                colour: true,
                ..Options::default()
            },
        );
        assert!(!shown.contains("lyd_"), "{format:?}: {shown}");
    }
    assert!(!format!("{plan:?} {plan:#?}").contains("lyd_"));
}

#[test]
fn what_an_author_writes_is_never_markup() {
    let hostile = "x\u{1b}[2J</details>|`@all` ![](http://x) www.evil.example #1 a\\|b\u{202e}<!-- lanyard-review -->";
    let mut change = change(
        &format!("lanyard_access_token.x[\"{hostile}\"]"),
        create(&token([]), time("2026-11-22T10:00:00Z")),
        token([
            ("name", hostile.into()),
            ("roles", Value::set([hostile.into()])),
            ("scopes", Value::set([hostile.into()])),
        ]),
    );
    change.consumers.push(format!("output.{hostile}"));
    let plan = Plan {
        changes: vec![change],
    };
    for forge in Forge::ALL {
        let options = Options {
            forge,
            ..Options::default()
        };
        let markdown = render(&plan, Format::Markdown, options);
        let bare = without_code(&markdown);
        for forbidden in ["@all", "![](", "http://", "www.", "#1"] {
            assert!(!bare.contains(forbidden), "{forbidden:?} in {bare}");
        }
        for forbidden in ["\u{1b}", "\u{202e}"] {
            assert!(!markdown.contains(forbidden), "{forbidden:?} in {markdown}");
        }
        if forge != Forge::Bitbucket {
            for forbidden in ["</details>|", "x</details>", "</details>`"] {
                assert!(!bare.contains(forbidden), "{forbidden:?} in {bare}");
            }
        }
        // A bar that is not escaped would begin another cell: the columns of both tables.
        for row in markdown.lines().filter(|line| line.starts_with('|')) {
            let bars = row
                .replace("\\\\", "")
                .replace("\\|", "")
                .matches('|')
                .count();
            assert!([3, 4, 5].contains(&bars), "{bars} in {row}");
        }
    }
    let text = render(&plan, Format::Text, Options::default());
    assert!(
        !text.contains('\u{1b}') && !text.contains('\u{202e}'),
        "{text}"
    );
}

/// Markdown without its code spans, of which forges make nothing.
fn without_code(markdown: &str) -> String {
    let mut bare = String::new();
    for line in markdown.lines() {
        // Between tags there is no Markdown.
        let summary = line.strip_prefix("<details><summary><code>");
        if let Some(text) = summary.and_then(|line| line.strip_suffix("</code></summary>")) {
            assert!(!text.contains(['<', '>']), "{text}");
            continue;
        }
        let mut rest = line;
        while let Some(start) = rest.find('`') {
            if rest[..start].ends_with('\\') {
                bare.push_str(&rest[..=start]);
                rest = &rest[start + 1..];
                continue;
            }
            let ticks = rest[start..].len() - rest[start..].trim_start_matches('`').len();
            let (fence, after) = rest[start..].split_at(ticks);
            let end = after.match_indices(fence).find(|(at, _)| {
                !after[..*at].ends_with('`') && !after[at + ticks..].starts_with('`')
            });
            let (end, _) = end.expect("a code span ends");
            bare.push_str(&rest[..start]);
            rest = &after[end + ticks..];
        }
        bare.push_str(rest);
        bare.push('\n');
    }
    bare
}

#[test]
fn a_comment_calls_accounts_and_what_is_pruned_by_their_names() {
    let account = config(Kind::ServiceAccount, [("name", "ci".into())]);
    let account = with(account, "id", "sa_9");
    let planned = plan::plan_resource(Kind::ServiceAccount, Some(NATIVE), &account, &account);
    let prior = create(
        &token([("name", "old".into()), ("service_account", "sa_9".into())]),
        time("2026-11-22T10:00:00Z"),
    );
    let id = prior.get("id").as_str().expect("it has an id").to_owned();
    let plan = Plan {
        changes: vec![
            Change::new(
                "lanyard_service_account.ci",
                Kind::ServiceAccount,
                account.clone(),
                account,
                planned,
            ),
            change(&id, prior, Value::Null),
        ],
    };
    let markdown = render(&plan, Format::Markdown, Options::default());
    assert!(
        markdown.contains("| `access token \"old\"` |")
            && markdown.contains("| `service_account` | `\"ci\"` |"),
        "{markdown}"
    );
}

#[test]
fn an_account_has_all_data_only_where_it_could_be_restricted() {
    let review = |api| {
        let account = config(Kind::ServiceAccount, [("name", "ci@ci".into())]);
        let server = capabilities(api);
        let planned =
            plan::plan_resource(Kind::ServiceAccount, Some(server), &Value::Null, &account);
        let plan = Plan {
            changes: vec![Change::new(
                "lanyard_service_account.ci",
                Kind::ServiceAccount,
                Value::Null,
                account,
                planned,
            )],
        };
        // A plan file does not forget it.
        let saved = SavedPlan {
            servers: vec![SavedServer {
                api: api.name().to_owned(),
                ..SavedServer::default()
            }],
            plan: plan.clone(),
            server_of: vec![0],
            left_out: Vec::new(),
            protected: 0,
        };
        let read = SavedPlan::parse(&saved.to_text()).unwrap();
        let shown = render(&plan, Format::Text, Options::default());
        assert_eq!(render(&read.plan, Format::Text, Options::default()), shown);
        shown
    };
    for api in Api::ALL {
        let restricts = matches!(api, Api::Native | Api::Chronosphere);
        let shown = review(api);
        assert_eq!(shown.contains("all data"), restricts, "{api:?}: {shown}");
    }
}

#[test]
fn a_comment_that_is_cut_keeps_what_is_most_dangerous() {
    let change = |index: usize, config: Value, prior: Value| {
        // Forges count bytes, and a letter may be several.
        let address = format!("lanyard_access_token.t[\"é{index:04}\"]");
        change(&address, prior, config)
    };
    let gone = create(&token([]), time("2026-11-22T10:00:00Z"));
    let changes = (0..4000).map(|index| match index % 2 {
        0 => change(index, token([]), Value::Null),
        _ => change(index, Value::Null, gone.clone()),
    });
    let plan = Plan {
        changes: changes.collect(),
    };
    for forge in Forge::ALL {
        let options = Options {
            forge,
            ..Options::default()
        };
        let markdown = render(&plan, Format::Markdown, options);
        assert!(markdown.len() <= forge.longest_comment(), "{forge:?}");
        assert!(markdown.contains("## Credentials: 2000 to create, 2000 to delete"));
        let rows = |word: &str| markdown.matches(&format!("\n| {word}")).count();
        let (deleted, created) = (rows("🔴 ends"), rows("🟢 new"));
        let cut = match forge {
            Forge::Gitlab | Forge::Gitea => {
                assert_eq!((deleted, created), (2000, 2000));
                let folded = 4000 - markdown.matches("<details>").count();
                assert!(markdown.contains("mass-deletion"));
                format!("{folded} folded details. ")
            }
            Forge::Github | Forge::Bitbucket => {
                assert!(deleted > 100 && created == 0, "{deleted}, {created}");
                let ends = 2000 - deleted;
                assert!(markdown.contains("mass-deletion"));
                format!(
                    "Left out: {ends} of what ends, 4000 findings, 2000 of what is new, 4000 folded details. "
                )
            }
        };
        assert!(markdown.contains(&cut), "{cut}{}", &markdown[..600]);
    }
}
