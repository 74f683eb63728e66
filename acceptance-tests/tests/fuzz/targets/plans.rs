//! Plans that come from a file: our own, and Terraform's.

use lanyard_compiler::model::Kind;
use lanyard_compiler::model::facts;
use lanyard_compiler::model::server::{Api, capabilities};
use lanyard_compiler::plan::file::{SavedPlan, SavedServer};
use lanyard_compiler::plan::{Change, Plan, plan_resource};
use lanyard_compiler::review::{Format, Options, render, terraform};
use lanyard_compiler::value::Value;

use super::{Target, seeds};

pub(crate) fn saved_plans() -> Target {
    Target {
        name: "saved_plans",
        seeds: || vec![saved().to_text().into_bytes()],
        words: &[
            "\"changes\":",
            "\"server\":",
            "\"action\":",
            "\"create\"",
            "\"replace\"",
            "\"prior\":",
            "\"planned\":",
            "\"reasons\":",
            "\"unknown\"",
            "\"requires_replace\":",
            "\"consumers\":",
            "\"kind\":",
            "\"access_token\"",
            "\"secret\"",
            "\"format_version\": \"1.9\"",
        ],
        check: |input| {
            let text = String::from_utf8_lossy(input);
            // Its checksum refuses what is not as it was written, but only after all of it was read.
            if let Ok(saved) = SavedPlan::parse(&text) {
                assert_eq!(SavedPlan::parse(&saved.to_text()).as_ref(), Ok(&saved));
                show(&saved.plan);
            }
        },
    }
}

pub(crate) fn terraform_plans() -> Target {
    Target {
        name: "terraform_plans",
        seeds: || seeds::texts(&[include_str!("terraform_plan.json")]),
        words: &[
            "\"change\":",
            "\"actions\": [\"update\"]",
            "[\"delete\", \"create\"]",
            "[\"no-op\"]",
            "\"before\":",
            "\"after\":",
            "\"after_unknown\":",
            "\"after_sensitive\": true",
            "\"before_sensitive\": {\"rotation\": true}",
            "\"replace_paths\": [[]]",
            "\"references\":",
            "\"expressions\":",
            "\"module_calls\":",
            "\"resources\":",
            "\"rotation\": {}",
            "\"alert\": [{}]",
            "\"retired\": [{\"id\": 1}]",
            "\"roles\":",
            "\"mode\": \"managed\"",
            "\"type\": \"lanyard_service_account\"",
            "\"generation\": 1e99",
            "\"status\":",
            "\"address\":",
        ],
        check: |input| {
            if let Ok(plan) = terraform::parse(&String::from_utf8_lossy(input)) {
                show(&plan.plan);
            }
        },
    }
}

/// In every format, and nothing in it that a terminal or a comment would obey.
fn show(plan: &Plan) {
    for format in Format::ALL {
        let text = render(plan, format, Options::default());
        assert!(
            text.ends_with('\n'),
            "{format:?} does not end its last line"
        );
        // Programs read the JSON, and it escapes what matters to them.
        let obeyed =
            |letter: &char| letter.is_control() && *letter != '\n' && format != Format::Json;
        let reorders =
            |letter: &char| ('\u{202a}'..='\u{202e}').contains(letter) && format != Format::Json;
        let control = text
            .chars()
            .find(|letter| obeyed(letter) || reorders(letter));
        assert_eq!(
            control, None,
            "{format:?}: a terminal would obey this: {text:?}"
        );
        if format == Format::Json {
            serde_json::from_str::<serde_json::Value>(&text).expect("JSON is JSON");
        }
    }
}

/// A plan with a change of each kind.
fn saved() -> SavedPlan {
    let server = Some(capabilities(Api::Native));
    let config = |kind: Kind, entries: &[(&str, Value)]| {
        let mut all = facts::schema(kind).body.empty();
        all.extend(
            entries
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone())),
        );
        Value::Map(all)
    };
    let token = |name: &str| {
        config(
            Kind::AccessToken,
            &[("name", name.into()), ("ttl", "90d".into())],
        )
    };
    let account = config(
        Kind::ServiceAccount,
        &[
            ("name", "ci".into()),
            ("roles", Value::set(["viewer".into()])),
        ],
    );
    let stored = |config: &Value| {
        let mut state = config.clone();
        if let Some(entries) = state.as_map_mut() {
            entries.insert("id".to_owned(), "at_1".into());
            entries.insert("generation".to_owned(), 1.into());
        }
        state
    };
    let changes = [
        (
            Kind::ServiceAccount,
            "lanyard_service_account.ci",
            Value::Null,
            account,
        ),
        (
            Kind::AccessToken,
            "lanyard_access_token.new",
            Value::Null,
            token("new"),
        ),
        (
            Kind::AccessToken,
            "lanyard_access_token.old[\"a\"]",
            stored(&token("old")),
            Value::Null,
        ),
        (
            Kind::AccessToken,
            "module.m[0].lanyard_access_token.x",
            stored(&token("x")),
            token("y"),
        ),
    ];
    let changes: Vec<Change> = changes
        .into_iter()
        .map(|(kind, address, prior, config)| {
            let planned = plan_resource(kind, server, &prior, &config);
            Change::new(address, kind, prior, config, planned)
        })
        .collect();
    SavedPlan {
        servers: vec![SavedServer {
            provider: "provider[\"lanyard\"]".to_owned(),
            api: "native".to_owned(),
            url: "https://tokens.example.com".to_owned(),
            organization: None,
        }],
        server_of: vec![0; changes.len()],
        left_out: Vec::new(),
        protected: 0,
        plan: Plan { changes },
    }
}
