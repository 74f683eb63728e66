//! Where one cell is tried: a server of its own, a provider in front of it, and one resource on its way.

use lanyard_compiler::diagnostic::{Diagnostic, has_errors};
use lanyard_compiler::model;
use lanyard_compiler::model::server::{Capabilities, capabilities};
use lanyard_compiler::value::Value;
use lanyard_provider::resources::ImportBy;
use lanyard_token_server::{Api, ReferenceServer};
use serde_json::{Value as Json, json};

use super::ground::{Ground, Operation, Verb};
use super::holdings::Holdings;
use crate::provider::core::{Action, Core, Object, server_of, settings_for};

pub(super) struct World {
    pub(super) operation: &'static Operation,
    pub(super) server: ReferenceServer,
    pub(super) capabilities: &'static Capabilities,
    pub(super) object: Object,
    /// Id of the account that tokens belong to.
    pub(super) account: String,
    /// What is there whatever the operation does.
    pub(super) ground: Holdings,
    /// Terraform marks what it made in a create that failed, and replaces it.
    pub(super) tainted: bool,
    /// The state before the operation, with what is kept beside it, and its secret.
    pub(super) before: (Value, Vec<u8>),
    pub(super) secret: Option<String>,
    /// The operation leaves the secret as it is.
    pub(super) keeps: bool,
    pub(super) key: age::x25519::Identity,
}

impl World {
    /// Everything as it is before the operation.
    pub(super) async fn before(ground: &Ground, operation: &'static Operation) -> Self {
        let server = server_of(ground.api);
        let core = Core::on(&server).await;
        let mut account = String::new();
        if let Some(config) = ground.account {
            let mut object = core.account();
            object.apply(parse(config)).await;
            account = object.text("id");
        }
        if ground.api == Api::OpenObserve {
            // It makes an organization's first ingestion token when somebody asks for the list.
            let listed = core.data("lanyard_access_tokens", json!({})).await;
            assert!(listed.is_ok(), "{listed:?}");
        }
        let mut world = Self {
            operation,
            capabilities: capabilities(
                model::server::Api::parse(ground.api.name()).expect("the APIs have one name"),
            ),
            object: core.object(operation.kind),
            account,
            ground: Holdings::of(&server),
            server,
            tainted: false,
            before: (Value::Null, Vec::new()),
            secret: None,
            keeps: false,
            key: age::x25519::Identity::generate(),
        };
        if let Some(theirs) = operation.taken {
            world.take(&core, theirs).await;
        }
        for before in operation.before {
            world.object.apply(world.config(before)).await;
        }
        let seconds = match operation.verb {
            Verb::ApplyLater(_) => 3 * 86_400,
            _ => 3600,
        };
        let moved = world.server.clock().advance_seconds(seconds);
        moved.expect("three days are no distance");
        if matches!(operation.verb, Verb::ApplyLater(_)) {
            assert_eq!(world.object.refresh().await, []);
        }
        world.object.private = at_any_address(&world.object.private);
        world.before = (world.object.state.clone(), world.object.private.clone());
        world.secret = world.token();
        world.keeps = world.secret.is_some() && world.plans_no_secret();
        world
    }

    /// The same again: what comes before an operation is done once, and each trial has a copy.
    pub(super) fn copy(&self) -> Self {
        Self {
            operation: self.operation,
            server: self.server.copy().expect("the reference server starts"),
            capabilities: self.capabilities,
            object: self.object.clone(),
            account: self.account.clone(),
            ground: self.ground.clone(),
            tainted: self.tainted,
            before: self.before.clone(),
            secret: self.secret.clone(),
            keeps: self.keeps,
            key: self.key.clone(),
        }
    }

    fn plans_no_secret(&self) -> bool {
        let config = self.config(self.operation.wanted());
        let plan = self.object.plan(&config).expect("the table can be planned");
        let count = |state: &Value| state.get("generation").clone();
        plan.action != Action::Replace && count(&plan.value) == count(&self.before.0)
    }

    /// Makes what has the name before us.
    async fn take(&self, core: &Core, theirs: &str) {
        let config = self.config(theirs);
        if self.server.api != Api::Native {
            core.object(self.operation.kind).apply(config).await;
            return;
        }
        // Past the provider, which would leave a mark of ownership.
        let answer = crate::support::http::asynchronous()
            .post(format!("{}/v1/access-tokens", self.server.url))
            .bearer_auth(self.server.token.as_deref().unwrap_or_default())
            .header("Content-Type", "application/json")
            .body(
                json!({"name": config["name"], "service_account_id": config["service_account"]})
                    .to_string(),
            )
            .send()
            .await
            .expect("the server answers");
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    /// The calls that the operation makes when nothing is in its way, such as `PATCH /v1/access-tokens/{id}`.
    pub(super) async fn calls(mut self) -> Vec<String> {
        self.server.requests().clear();
        self.object = self.provider(json!({})).await;
        let diagnostics = self.perform().await;
        assert!(
            !has_errors(&diagnostics),
            "{}: {diagnostics:#?}",
            self.operation.name
        );
        let requests = self.server.requests().all();
        requests
            .iter()
            .map(|request| {
                let path: Vec<&str> = request
                    .path
                    .split('/')
                    .map(|part| match part {
                        id if id.starts_with("sa_") || id.starts_with("at_") => "{id}",
                        part => part,
                    })
                    .collect();
                format!("{} {}", request.method, path.join("/"))
            })
            .collect()
    }

    /// What Terraform does once.
    pub(super) async fn perform(&mut self) -> Vec<Diagnostic> {
        match self.operation.verb {
            Verb::Apply(config) | Verb::ApplyLater(config) => {
                let was_null = self.object.state.is_null();
                let (_, diagnostics) = self.object.try_apply(self.config(config)).await;
                self.tainted = was_null && !self.object.state.is_null() && has_errors(&diagnostics);
                diagnostics
            }
            Verb::Delete => self.object.destroy().await,
            Verb::Import => {
                let id = self.object.text("id");
                self.object.import(ImportBy::Id(id)).await
            }
            Verb::Refresh => self.object.refresh().await,
        }
    }

    pub(super) fn config(&self, text: &str) -> Json {
        let mut text = text.replace("ACCOUNT", &self.account);
        // The public key is worked out each time.
        if text.contains("RECIPIENT") {
            text = text.replace("RECIPIENT", &self.key.to_public().to_string());
        }
        parse(&text)
    }

    /// A provider that was just started, with the resource's state.
    pub(super) async fn provider(&self, settings: Json) -> Object {
        let mut all = settings_for(&self.server);
        for (name, value) in settings.as_object().into_iter().flatten() {
            all[name] = value.clone();
        }
        let (core, diagnostics) = Core::configured(all).await;
        assert_eq!(diagnostics, []);
        let mut object = core.object(self.operation.kind);
        object.state = self.object.state.clone();
        object.private = self.object.private.clone();
        object
    }

    /// The secret in the state, decrypted where it is for a recipient.
    pub(super) fn token(&self) -> Option<String> {
        match (
            self.object.state.get("token"),
            self.object.state.get("encrypted_token"),
        ) {
            (Value::Secret(secret), _) => Some(secret.expose().to_owned()),
            (_, Value::String(armored)) => {
                let clear = age::decrypt(&self.key, armored.as_bytes()).ok()?;
                String::from_utf8(clear).ok()
            }
            _ => None,
        }
    }
}

/// What is kept beside a state, without where it was found: a copy of the server has another address, where no plan of this one holds.
fn at_any_address(private: &[u8]) -> Vec<u8> {
    let Ok(mut kept) = serde_json::from_slice::<Json>(private) else {
        return private.to_vec();
    };
    let instance = kept[0].as_str().and_then(|text| text.split_once('@'));
    if let Some((instance, _)) = instance {
        kept[0] = Json::from(instance.to_owned());
    }
    serde_json::to_vec(&kept).expect("JSON can be written")
}

fn parse(text: &str) -> Json {
    serde_json::from_str(text).expect("the table holds JSON")
}
