//! Whether the account of a token is the same in two revisions.

use super::*;

const MOVED: &str = r#"
resource "lanyard_service_account" "ci" {
  name = "ci"
}
resource "lanyard_access_token" "ci" {
  name            = "ci"
  service_account = lanyard_service_account.ci.id
}
"#;

#[test]
fn an_account_under_another_address_is_the_same_for_its_tokens() {
    let now = |address: &str, key: &str, more: &str| {
        let text = MOVED
            .replace("account\" \"ci\" {", &format!("account\" \"{address}\" {{"))
            .replace("_account.ci.id", &format!("_account.{address}{key}.id"));
        format!("{text}\n{more}")
    };
    let counted = |text: String| text.replace("  name = \"ci\"", "  count = 1\n  name = \"ci\"");
    let moved = |from: &str, to: &str| {
        let [from, to] = [from, to].map(|name| format!("lanyard_service_account.{name}"));
        format!("moved {{\n  from = {from}\n  to = {to}\n}}\n")
    };
    let chain = format!("{}{}", moved("ci", "mid"), moved("mid", "new"));
    for head in [
        now("new", "", &moved("ci", "new")),
        now("new", "", &chain),
        counted(now("ci", "[0]", &moved("ci", "ci[0]"))),
        // Terraform moves it there by itself.
        counted(now("ci", "[0]", "")),
    ] {
        let reviewed = revised(MOVED, &head);
        let counts = reviewed.plan.counts();
        assert_eq!(
            (counts.unchanged, reviewed.plan.changes.len()),
            (2, 2),
            "{head}\n{counts:?}"
        );
    }
    // Without a word of it, the account is another one.
    let reviewed = revised(MOVED, &now("new", "", ""));
    let token = change(&reviewed, "lanyard_access_token.ci");
    assert_eq!(token.action, Action::Replace);
}

#[test]
fn an_account_in_a_module_with_another_name_is_the_same_for_its_tokens() {
    let of = |name: &str, more: &str| {
        let main = format!("module \"{name}\" {{\n  source = \"./m\"\n}}\n{more}");
        compile_all(&[("main.tf", &main), ("m/main.tf", MOVED)])
    };
    let moved = "moved {\n  from = module.a\n  to = module.b\n}\n";
    let reviewed = compare(&of("a", ""), &of("b", moved));
    assert_eq!(reviewed.plan.counts().unchanged, 2);
    assert_eq!(reviewed.plan.changes.len(), 2);
}

#[test]
fn the_tokens_of_an_account_that_is_another_one_are_others() {
    const SERVERS: &str = "provider \"lanyard\" {\n  url = \"https://a.example.com\"\n}\n\
        provider \"lanyard\" {\n  alias = \"b\"\n  url = \"https://b.example.com\"\n}\n";
    let of = |account: &str, description: &str| {
        let text = MOVED.replacen('}', &format!("  {account}\n}}"), 1);
        format!(
            "{SERVERS}{text}resource \"lanyard_service_account\" \"other\" {{\n  name = \"o\"\n  description = \"{description}\"\n}}\n"
        )
    };
    let triggered = "lifecycle {\n    replace_triggered_by = [lanyard_service_account.other]\n  }";
    for (base, head) in [
        (of("", ""), of("provider = lanyard.b", "")),
        (of(triggered, "1"), of(triggered, "2")),
    ] {
        let reviewed = revised(&base, &head);
        for address in ["lanyard_service_account.ci", "lanyard_access_token.ci"] {
            let action = change(&reviewed, address).action;
            assert_eq!(action, Action::Replace, "{address} in {head}");
        }
    }
    let text = of(triggered, "1");
    assert!(revised(&text, &text).is_empty());
}

#[test]
fn a_module_that_is_counted_from_now_on_is_another_one() {
    let of = |count: &str, more: &str| {
        let main = format!("module \"a\" {{\n  source = \"./m\"\n  {count}\n}}\n{more}");
        compile_all(&[("main.tf", &main), ("m/main.tf", MOVED)])
    };
    // Terraform moves a resource to its new key by itself, and no module: so seen with 1.11.4.
    for (from, to) in [("", "count = 1"), ("count = 1", "")] {
        let counts = compare(&of(from, ""), &of(to, "")).plan.counts();
        assert_eq!((counts.create, counts.delete), (2, 2), "{from} to {to}");
    }
    let moved = "moved {\n  from = module.a\n  to = module.a[0]\n}\n";
    let reviewed = compare(&of("", ""), &of("count = 1", moved));
    assert_eq!(reviewed.plan.counts().unchanged, 2);
    assert_eq!(reviewed.plan.changes.len(), 2);
}

#[test]
fn a_built_in_account_stays_whatever_takes_its_place() {
    let account = |name: &str| {
        format!("resource \"lanyard_service_account\" \"a\" {{\n  name = \"{name}\"\n}}\n")
    };
    let stays = |before: &str, after: &str| {
        let [before, after] = [before, after]
            .map(|text| format!("provider \"lanyard\" {{\n  api = \"elasticsearch\"\n}}\n{text}"));
        revised(&before, &after).plan.changes[0].leaves_account()
    };
    let [built_in, own] = ["elastic/fleet-server", "shop/worker"].map(account);
    assert!(stays(&built_in, &own));
    assert!(stays(&built_in, ""));
    assert!(!stays(&own, &built_in));
    assert!(!stays(&own, ""));
}

#[test]
fn an_account_whose_address_is_made_of_its_name_is_replaced_with_it() {
    let folder = |api: &str, said: &str| {
        format!(
            "provider \"lanyard\" {{\n  api = \"{api}\"\n}}\n\
             resource \"lanyard_service_account\" \"a\" {{\n  unrestricted = true\n  {said}\n}}\n\
             output \"a\" {{\n  value = lanyard_service_account.a.token\n  sensitive = true\n}}\n"
        )
    };
    let renamed = |api: &str, more: &str| {
        let [base, head] =
            ["one", "two"].map(|name| folder(api, &format!("name = \"{name}\"\n  {more}")));
        let reviewed = revised(&base, &head);
        let change = &reviewed.plan.changes[0];
        let note = reviewed.circumstances.courses[0].notes.join("; ");
        (
            change.action,
            change.consumers.clone(),
            note.contains("--prune"),
        )
    };
    let used = vec!["output.a".to_owned()];
    assert_eq!(
        renamed("openobserve", ""),
        (Action::Replace, used.clone(), false)
    );
    // An address of its own goes with any name.
    let address = "email = \"robot@example.com\"";
    assert_eq!(
        renamed("openobserve", address),
        (Action::Update, used, false)
    );
    // No account has a secret here.
    assert_eq!(renamed("osmo", ""), (Action::Replace, Vec::new(), false));
    assert_eq!(renamed("native", ""), (Action::Update, Vec::new(), true));
}
