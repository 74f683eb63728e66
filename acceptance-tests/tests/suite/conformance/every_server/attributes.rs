//! What is configured: taken, changed as the server declares, or refused before anything is sent.

use lanyard_compiler::diagnostic::has_errors;
use lanyard_compiler::model::server::{DeleteCapability, UpdateCapability};
use lanyard_compiler::model::{Kind, facts};
use lanyard_compiler::plan::Action;
use lanyard_compiler::value::Value;

use super::Subject;
use super::subject::{block, texts};

pub(crate) async fn what_a_server_does_not_take_is_refused_at_plan(subject: Subject) {
    let mut resources = subject.new_tokens("deploy").await;
    if subject.capabilities().service_account.absent.is_none() {
        resources.push(subject.new_account("ci"));
    }
    let mut refused = 0;
    for resource in resources {
        for (name, value) in samples(resource.kind) {
            let takes = resource
                .can(&subject)
                .attribute(name)
                .is_some_and(|attribute| attribute.change != UpdateCapability::Computed);
            if takes {
                continue;
            }
            let asked = resource.clone().with(name, value);
            let refusal = asked.refusal(&subject);
            assert!(
                refusal
                    .iter()
                    .any(|error| error.path.to_string().starts_with(name)),
                "{name}: {refusal:#?}"
            );
            refused += 1;
        }
    }
    assert!(refused > 0);
}

/// Everything that can be configured and that a server may not have, with a value that means something.
fn samples(kind: Kind) -> Vec<(&'static str, Value)> {
    let samples = match kind {
        Kind::ServiceAccount => vec![
            ("slug", "ci-robot".into()),
            ("email", "ci@example.com".into()),
            ("description", "d".into()),
            ("roles", texts(&["viewer"])),
            ("disabled", true.into()),
            // True is what holds anyway where nothing can be restricted.
            ("unrestricted", false.into()),
            (
                "restriction",
                block(kind, "restriction", &[("permission", "READ".into())]),
            ),
        ],
        Kind::AccessToken => vec![
            ("service_account", "ci-robot".into()),
            ("description", "d".into()),
            ("roles", texts(&["viewer"])),
            ("scopes", texts(&["ingest"])),
            ("expires_at", "2090-01-31T00:00:00Z".into()),
            ("ttl", "30d".into()),
            ("disabled", true.into()),
            (
                "visibility",
                block(kind, "visibility", &[("level", "everyone".into())]),
            ),
            ("limits", block(kind, "limits", &[("hosts", 5.into())])),
            (
                "alert",
                Value::List(vec![block(kind, "alert", &[("type", "Email".into())])]),
            ),
        ],
    };
    let body = &facts::schema(kind).body;
    let attributes = body.attributes.iter();
    let configurable = attributes.filter(|attribute| attribute.is_configurable());
    let optional = configurable.filter(|attribute| !attribute.local && attribute.name != "name");
    for name in optional.map(|attribute| &attribute.name) {
        assert!(samples.iter().any(|(sample, _)| sample == name), "{name}");
    }
    samples
}

pub(crate) async fn a_description_changes_as_the_server_declares(subject: Subject) {
    let mut resources = subject.new_tokens("deploy").await;
    if subject.capabilities().service_account.absent.is_none() {
        resources.push(subject.new_account("ci"));
    }
    for mut resource in resources {
        let Some(capability) = resource.can(&subject).attribute("description") else {
            resource.set("description", "one");
            resource.refusal(&subject);
            continue;
        };
        resource.set("description", "one");
        resource.apply(&subject).await;
        assert_eq!(resource.state.get("description"), &"one".into());
        let secret = resource.state.get("token").clone();
        resource.set("description", "two ü&=+");
        let plan = resource.whole_plan(&subject);
        match capability.change {
            // The new object would need the name that the old one keeps.
            UpdateCapability::Replace
                if resource.can(&subject).delete != DeleteCapability::Deletes =>
            {
                resource.refusal(&subject);
                continue;
            }
            UpdateCapability::Replace => {
                subject.plans_anew(&resource);
                continue;
            }
            UpdateCapability::InPlace
            | UpdateCapability::Renames
            | UpdateCapability::Rotate
            | UpdateCapability::Computed => {
                assert_eq!(plan.action, Action::Update);
            }
        }
        resource.apply(&subject).await;
        assert_eq!(resource.state.get("description"), &"two ü&=+".into());
        assert_eq!(
            *resource.state.get("token") == secret,
            capability.change == UpdateCapability::InPlace
        );
        subject.works(&resource);
    }
}

pub(crate) async fn a_rename_is_made_as_the_server_declares(subject: Subject) {
    for mut resource in subject.new_secrets("deploy").await {
        let change = resource
            .can(&subject)
            .attribute("name")
            .map_or(UpdateCapability::InPlace, |attribute| attribute.change);
        resource.trigger("1", "2d".into());
        if has_errors(&resource.whole_plan(&subject).diagnostics) {
            resource.set("rotation", Value::Null);
        }
        resource.apply(&subject).await;
        let (before, secret) = (resource.config.clone(), resource.secret().clone());
        let renamed = match before.get("name").as_str() {
            Some(name) => name.replace("deploy", "ship"),
            None => "ship".to_owned(),
        };
        resource.set("name", renamed.as_str());
        let plan = resource.whole_plan(&subject);
        if change == UpdateCapability::Replace {
            subject.plans_anew(&resource);
            continue;
        }
        assert_eq!(
            plan.planned.get("id").is_unknown(),
            change == UpdateCapability::Renames
        );
        resource.apply(&subject).await;
        assert_eq!(resource.state.get("name"), &renamed.as_str().into());
        assert_eq!(resource.secret(), &secret, "a rename keeps the secret");
        if change == UpdateCapability::Renames {
            assert_eq!(resource.id(), renamed);
            // What the server keeps alive follows the next name; and both at once.
            resource.trigger("2", "2d".into());
            resource.apply(&subject).await;
            resource.set("name", "ship/a b");
            resource.apply(&subject).await;
            let retired = resource.state.get("retired").as_list().unwrap();
            assert_eq!(retired.len(), 1);
            assert_eq!(retired[0].get("id"), &"ship/a b".into());
            assert!(subject.lets_in(&resource, &secret).await);
            resource.set("name", "ship-3");
            resource.trigger("3", Value::Null);
            resource.apply(&subject).await;
            assert_eq!(resource.id(), "ship-3");
        }
        assert!(subject.lets_in(&resource, resource.secret()).await);
        subject.works(&resource);
    }
}
