//! No complaint repeats what may be a secret, whichever attribute it was set in, and none repeats what somebody marked as sensitive.

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::language::{self, MemoryLoader, Schemas};
use lanyard_compiler::model::checks::validate_without_state;
use lanyard_compiler::model::facts;
use lanyard_compiler::model::kind::Kind;
use lanyard_compiler::model::schema::{Attribute, Body, Nesting, Type};
use lanyard_compiler::model::server::{Api, capabilities};
use lanyard_compiler::model::settings::{self, Completed};
use lanyard_compiler::model::{AccessToken, ServiceAccount, Settings, decode};
use lanyard_compiler::plan::plan_resource;
use lanyard_compiler::value::Value;

/// What people have for secrets, and addresses with one in it; and what of each nothing may repeat.
const SECRETS: [(&str, &str); 12] = [
    ("hunter2", "hunter2"),
    ("lyd_hunter2-S3cret", "hunter2"),
    (" HUNTER2 hunter2 ", "hunter2"),
    ("https://x:y/hunter2 ", "hunter2"),
    ("http://tokens.example.com/hunter2", "hunter2"),
    // What the servers issue, and what is at hand beside them.
    ("lyd_correcthorse", "correcthorse"),
    (
        "AAEAAWFwcHMvd29ya2VyL2NpOnRlc3Q",
        "aaeaawfwcHMvd29ya2VyL2NpOnRlc3Q",
    ),
    (
        "eyJhbGciOiJIUzI.eyJzdWIiOiJjaSJ.cXVpdGVzZWNyZXQ",
        "cXVpdGVzZWNyZXQ",
    ),
    ("ghp_abcdefghijklmnop", "abcdefghijklmnop"),
    ("d41d8cd98f00b204e9800998ecf8427e", "d41d8cd98f00b204"),
    ("f47ac10b-58cc-4372-a567-0e02b2c3d479", "a567-0e02b2c3d479"),
    ("correct horse battery staple", "battery"),
];

fn wrong(attribute: &Attribute, secret: &str) -> Vec<Value> {
    let text = Value::from(secret);
    match attribute.kind {
        Type::Set(_) | Type::List(_) => vec![
            Value::set([text.clone(), "".into()]),
            Value::set([text, "viewer".into()]),
        ],
        Type::Map(_) => {
            let labels = |key: &str| Value::map([(key.to_owned(), text.clone())]);
            vec![labels("team"), labels(secret)]
        }
        _ => vec![text],
    }
}

/// Configurations with a secret in one attribute each, those of blocks included.
fn spoiled(body: &Body, secret: &str) -> Vec<(String, Value)> {
    let empty = || {
        let mut entries = body.empty();
        for attribute in &body.attributes {
            let given = ["name", "type"].contains(&attribute.name.as_str());
            let value = if given { "ci".into() } else { Value::Null };
            entries.insert(attribute.name.as_str(), value);
        }
        entries
    };
    let mut all = Vec::new();
    let configured = body.attributes.iter().filter(|a| a.is_configurable());
    for attribute in configured.filter(|attribute| !attribute.sensitive) {
        for value in wrong(attribute, secret) {
            let mut config = empty();
            config.insert(attribute.name.as_str(), value);
            all.push((attribute.name.clone(), Value::Map(config)));
        }
    }
    for block in &body.blocks {
        for (name, inside) in spoiled(&block.body, secret) {
            let mut config = empty();
            let value = match block.nesting {
                Nesting::Single => inside,
                Nesting::List => Value::List(vec![inside]),
            };
            config.insert(block.name.as_str(), value);
            all.push((format!("{}.{name}", block.name), Value::Map(config)));
        }
    }
    all
}

#[track_caller]
fn keeps_it(secret: &str, place: &str, told: &[Diagnostic]) {
    for diagnostic in told {
        let told = diagnostic.to_string();
        // Where it stands is told as it is in the configuration.
        let path = format!(" (at `{}`)", diagnostic.path);
        let told = told.replacen(&path, "", 1).to_lowercase();
        assert!(!told.contains(&secret.to_lowercase()), "{place}: {told}");
    }
}

#[test]
fn no_attribute_of_a_resource_repeats_a_secret() {
    let mut complaints = 0;
    for kind in Kind::ALL {
        for (secret, place, config) in SECRETS.iter().flat_map(|(text, secret)| {
            let spoiled = spoiled(&facts::schema(kind).body, text).into_iter();
            spoiled.map(move |(place, config)| (secret, place, config))
        }) {
            let unread = match kind {
                Kind::ServiceAccount => decode::<ServiceAccount>(&config).err(),
                Kind::AccessToken => decode::<AccessToken>(&config).err(),
            };
            keeps_it(secret, &place, &unread.into_iter().collect::<Vec<_>>());
            for api in Api::ALL.map(Some).into_iter().chain([None]) {
                let server = api.map(capabilities);
                let told = validate_without_state(kind, server, &config);
                complaints += told.len();
                keeps_it(secret, &place, &told);
                let plan = plan_resource(kind, server, &Value::Null, &config);
                keeps_it(secret, &place, &plan.diagnostics);
            }
        }
    }
    assert!(complaints > 500, "{complaints}");
}

#[test]
fn no_setting_repeats_a_secret() {
    let body = &facts::settings().body;
    for (text, secret) in SECRETS {
        for (place, config) in spoiled(body, text) {
            keeps_it(secret, &place, &settings::check(&config));
            keeps_it(secret, &place, &settings::check_complete(&config));
            let unread = decode::<Settings>(&config).err();
            keeps_it(secret, &place, &unread.into_iter().collect::<Vec<_>>());
        }
        for attribute in &body.attributes {
            let named = format!("LANYARD_{}", attribute.name.to_uppercase());
            let environment = |asked: &str| (asked == named).then(|| text.to_owned());
            match Completed::new(&Value::map([("name", Value::Null)]), environment) {
                Err(told) => keeps_it(secret, &named, &told),
                Ok(settings) => {
                    let told = settings::check(&settings.values).into_iter();
                    let told: Vec<_> = told.map(|told| settings.locate(told)).collect();
                    keeps_it(secret, &named, &told);
                }
            }
        }
    }
}

/// What `lanyard validate` says where a variable stands in an attribute.
fn told(attribute: &str, block: &str, value: &str, sensitive: bool) -> String {
    let text = format!(
        "variable \"s\" {{\n  sensitive = {sensitive}\n  default = {value:?}\n}}\n{}",
        block.replace('@', &format!("{attribute} = var.s"))
    );
    let loader = MemoryLoader::new([("main.tf", text.as_str())]);
    let compiled = language::compile(&loader, &language::Options::default(), &Schemas::lanyard());
    let configuration = compiled.configuration;
    let mut told = compiled.diagnostics;
    for provider in &configuration.providers {
        let problems = settings::check(&provider.config).into_iter();
        told.extend(problems.map(|problem| provider.locate(problem)));
    }
    for (instance, kind, _) in configuration.managed() {
        for api in Api::ALL {
            let server = Some(capabilities(api));
            let problems = validate_without_state(kind, server, &instance.config).into_iter();
            told.extend(problems.map(|problem| instance.locate(problem)));
        }
    }
    told.iter().map(ToString::to_string).collect()
}

/// Every attribute, and a file with `@` where it is set.
fn places() -> Vec<(String, String)> {
    fn within(body: &Body, around: &str, found: &mut Vec<(String, String)>) {
        for attribute in body.attributes.iter().filter(|a| a.is_configurable()) {
            let is_text = matches!(attribute.kind, Type::Bool | Type::Number | Type::String);
            if is_text && !attribute.sensitive {
                found.push((attribute.name.clone(), around.to_owned()));
            }
        }
        for block in &body.blocks {
            let inside = around.replace('@', &format!("{} {{\n@\n}}", block.name));
            within(&block.body, &inside, found);
        }
    }
    let mut found = Vec::new();
    for kind in Kind::ALL {
        let around = format!("resource \"{}\" \"a\" {{\n@\n}}", kind.type_name());
        within(&facts::schema(kind).body, &around, &mut found);
    }
    within(
        &facts::settings().body,
        "provider \"lanyard\" {\n@\n}",
        &mut found,
    );
    found
}

#[test]
fn a_sensitive_value_is_told_by_its_place_whatever_its_form() {
    for (attribute, block) in places() {
        for value in ["hunter2", "97x", "2027-13-97", "97", "pleace"] {
            let told = told(&attribute, &block, value, true);
            let shown = told.contains(value);
            assert!(!shown, "{attribute} in {block}\n{value}: {told}");
        }
    }
}

#[test]
fn a_value_that_nobody_calls_sensitive_is_told() {
    let told = told(
        "ttl",
        "resource \"lanyard_access_token\" \"a\" {\n  name = \"a\"\n  @\n}",
        "three weeks",
        false,
    );
    assert!(told.contains("`ttl` is \"three weeks\""), "{told}");
}
