//! A small stand-in for Terraform core: it drives the provider's resources through the calls that core makes, in core's order, and
//! demands what core demands. Stories with the real Terraform prove the wire; these tests reach every corner in milliseconds.

use std::collections::BTreeMap;
use std::sync::Arc;

use lanyard_compiler::diagnostic::{Diagnostic, has_errors};
use lanyard_compiler::model::schema::{Body, Nesting, Type};
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::{Number, Value};
use lanyard_provider::resources::{
    ApplyRequest, DataSource, DestroyRequest, DestroyResponse, ImportBy, PlanRequest, Provider,
    ReadRequest, Resource, provider,
};
use lanyard_token_server::{Api, Options, ReferenceServer};
use serde_json::{Value as Json, json};

use super::oracle;

/// Text in a test's configuration that stands for a value known only after apply.
pub(crate) const UNKNOWN: &str = "(known after apply)";

/// What core decided to do with an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Create,
    NoOp,
    Update,
    Replace,
}

/// A provider in the middle of a walk.
pub(crate) struct Core {
    pub(crate) provider: Arc<dyn Provider>,
}

/// An in-memory reference server.
pub(crate) fn native_server() -> ReferenceServer {
    server_of(Api::Native)
}

/// Likewise, and a provider that is configured for it.
pub(crate) async fn on_native() -> (ReferenceServer, Core) {
    let server = native_server();
    let core = Core::on(&server).await;
    (server, core)
}

/// An in-memory reference server that speaks this API.
pub(crate) fn server_of(api: Api) -> ReferenceServer {
    ReferenceServer::start(Options::new(api)).expect("the reference server starts")
}

/// The provider block that reaches a server.
pub(crate) fn settings_for(server: &ReferenceServer) -> Json {
    // Some servers take either; a provider wants one.
    let by_password = server.token.is_none();
    json!({
        "api": server.api.name(),
        "url": server.url,
        "token": server.token,
        "username": server.username.as_ref().filter(|_| by_password),
        "password": server.password.as_ref().filter(|_| by_password),
        "organization": server.organization,
        "max_retries": 0,
        // Tests move the server's clock, and this machine's stays where it is.
        "clock_tolerance": "1000w",
    })
}

impl Core {
    /// A provider that is configured for the server.
    pub(crate) async fn on(server: &ReferenceServer) -> Self {
        let (core, diagnostics) = Self::configured(settings_for(server)).await;
        assert_eq!(diagnostics, []);
        core
    }

    /// Likewise, for a caller that plans each instance once, as Terraform does and says by its version.
    pub(crate) async fn planning_once(server: &ReferenceServer) -> Self {
        let core = Self::on(server).await;
        let config = shape(&core.provider.schema().body, &settings_for(server));
        let version = "1.14.0".to_owned();
        assert_eq!(core.provider.configure(config, version).await, []);
        core
    }

    /// A provider after the two calls of core that hand it its settings.
    pub(crate) async fn configured(settings: Json) -> (Self, Vec<Diagnostic>) {
        let core = Self {
            provider: provider(),
        };
        let config = shape(&core.provider.schema().body, &settings);
        let mut diagnostics = core.provider.prepare(&config);
        if !has_errors(&diagnostics) {
            diagnostics.extend(core.provider.configure(config, "a test".to_owned()).await);
        }
        (core, diagnostics)
    }

    /// An object of this type that is not created yet.
    pub(crate) fn object(&self, type_name: &str) -> Object {
        let resource = self
            .provider
            .resources()
            .into_iter()
            .find(|resource| resource.type_name() == type_name)
            .expect("the resource type exists");
        Object {
            body: resource.schema().body,
            resource,
            state: Value::Null,
            private: Vec::new(),
        }
    }

    pub(crate) fn account(&self) -> Object {
        self.object("lanyard_service_account")
    }

    pub(crate) fn token(&self) -> Object {
        self.object("lanyard_access_token")
    }

    /// Reads a data source.
    pub(crate) async fn data(
        &self,
        type_name: &str,
        config: Json,
    ) -> Result<Value, Vec<Diagnostic>> {
        let source: Arc<dyn DataSource> = self
            .provider
            .data_sources()
            .into_iter()
            .find(|source| source.type_name() == type_name)
            .expect("the data source exists");
        let body = source.schema().body;
        let config = shape(&body, &config);
        let diagnostics = source.validate(&config);
        if has_errors(&diagnostics) {
            return Err(diagnostics);
        }
        let answer = source.read(config.clone()).await;
        if has_errors(&answer.diagnostics) {
            return Err(answer.diagnostics);
        }
        assert!(answer.state.is_wholly_known());
        assert_eq!(
            oracle::invalid_plan(&body, &Value::Null, &config, &answer.state),
            Vec::<String>::new()
        );
        Ok(answer.state)
    }
}

/// One resource instance, with its state.
#[derive(Clone)]
pub(crate) struct Object {
    resource: Arc<dyn Resource>,
    body: Body,
    pub(crate) state: Value,
    /// What the provider has core keep beside the state; empty for a state that came from elsewhere.
    pub(crate) private: Vec<u8>,
}

/// A plan that passed core's checks.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) action: Action,
    pub(crate) value: Value,
    pub(crate) warnings: Vec<Diagnostic>,
}

impl Object {
    pub(crate) fn validate(&self, config: &Json) -> Vec<Diagnostic> {
        self.resource.validate(&shape(&self.body, config))
    }

    /// Validates and plans, as core does before each change.
    pub(crate) fn plan(&self, config: &Json) -> Result<Planned, Vec<Diagnostic>> {
        self.plan_value(&shape(&self.body, config))
    }

    /// Validates and plans a configuration that is a value already.
    pub(crate) fn plan_value(&self, config: &Value) -> Result<Planned, Vec<Diagnostic>> {
        let diagnostics = self.resource.validate(config);
        if has_errors(&diagnostics) {
            return Err(diagnostics);
        }
        self.plan_from(&self.state, config)
    }

    /// What is said about the consequences of destroying it.
    pub(crate) async fn caution_of_destroying(&self) -> Vec<Diagnostic> {
        self.resource
            .caution(&self.state, &Value::Null, false, &[])
            .await
    }

    /// The configuration that core would send.
    pub(crate) fn shape(&self, config: &Json) -> Value {
        shape(&self.body, config)
    }

    /// The configuration that is generated for the state.
    pub(crate) async fn generate(&self) -> Value {
        let config = self.resource.generate_config(&self.state).await;
        config.expect("it can be told")
    }

    fn plan_from(&self, prior: &Value, config: &Value) -> Result<Planned, Vec<Diagnostic>> {
        let response = self.resource.plan(PlanRequest {
            prior: prior.clone(),
            config: config.clone(),
            private: self.private.clone(),
            ..PlanRequest::default()
        });
        if has_errors(&response.diagnostics) {
            return Err(response.diagnostics);
        }
        let complaints = oracle::invalid_plan(&self.body, prior, config, &response.planned);
        assert_eq!(complaints, Vec::<String>::new(), "invalid plan");
        let replaced: Vec<String> = response
            .requires_replace
            .iter()
            .filter(|path| prior.at(path) != response.planned.at(path))
            .map(ToString::to_string)
            .collect();
        let action = if prior.is_null() {
            Action::Create
        } else if !replaced.is_empty() {
            Action::Replace
        } else if *prior == response.planned {
            Action::NoOp
        } else {
            Action::Update
        };
        Ok(Planned {
            action,
            value: response.planned,
            warnings: response.diagnostics,
        })
    }

    /// Plans, plans again as the apply walk does, makes the change, checks what came of it, reads it back and demands that
    /// nothing is left to do.
    pub(crate) async fn apply(&mut self, config: Json) -> Action {
        let (action, diagnostics) = self.try_apply(config.clone()).await;
        assert!(!has_errors(&diagnostics), "{diagnostics:#?}");
        let before = self.state.clone();
        let diagnostics = self.refresh().await;
        assert_eq!(diagnostics, []);
        assert_eq!(
            self.state, before,
            "reading back shows a change that nobody made"
        );
        let again = self.plan(&config).expect("the second plan succeeds");
        assert_eq!(
            again.action,
            Action::NoOp,
            "from {:#?}\nto {:#?}",
            self.state,
            again.value
        );
        action
    }

    /// Plans and applies once, keeping whatever state comes back, as core does.
    pub(crate) async fn try_apply(&mut self, config: Json) -> (Action, Vec<Diagnostic>) {
        let shaped = shape(&self.body, &config);
        let first = match self.plan(&config) {
            Ok(planned) => planned,
            Err(diagnostics) => return (Action::NoOp, diagnostics),
        };
        let second = self
            .plan(&config)
            .expect("the second plan is like the first");
        assert_eq!(
            first.value, second.value,
            "the plan is not a function of its input"
        );
        self.apply_planned(first, shaped).await
    }

    /// Makes a change that was planned, perhaps long ago and by another process.
    pub(crate) async fn apply_planned(
        &mut self,
        first: Planned,
        shaped: Value,
    ) -> (Action, Vec<Diagnostic>) {
        match first.action {
            Action::NoOp => return (Action::NoOp, Vec::new()),
            Action::Replace => {
                let diagnostics = self.destroy().await;
                if has_errors(&diagnostics) {
                    return (Action::Replace, diagnostics);
                }
            }
            Action::Create | Action::Update => {}
        }
        let planned = match first.action {
            Action::Replace => {
                self.plan_from(&Value::Null, &shaped)
                    .expect("the new object can be planned")
                    .value
            }
            _ => first.value,
        };
        let answer = self
            .resource
            .apply(ApplyRequest {
                prior: self.state.clone(),
                planned: planned.clone(),
                config: shaped,
                private: self.private.clone(),
            })
            .await;
        assert!(
            answer.state.is_wholly_known(),
            "unknown values in {:#?}",
            answer.state
        );
        if !has_errors(&answer.diagnostics) {
            let complaints = oracle::inconsistent_result(&planned, &answer.state);
            assert_eq!(complaints, Vec::<String>::new(), "inconsistent result");
        }
        // Core keeps the prior state when an update fails without an answer.
        if !(answer.state.is_null() && has_errors(&answer.diagnostics) && !self.state.is_null()) {
            self.state = answer.state;
            self.private = answer.private.unwrap_or_default();
        }
        (first.action, answer.diagnostics)
    }

    /// Reads the object again. On errors the state stays.
    pub(crate) async fn refresh(&mut self) -> Vec<Diagnostic> {
        let answer = self
            .resource
            .read(ReadRequest {
                state: self.state.clone(),
                private: self.private.clone(),
            })
            .await;
        if !has_errors(&answer.diagnostics) {
            assert!(answer.state.is_wholly_known());
            self.state = answer.state;
            if let Some(private) = answer.private {
                self.private = private;
            }
        }
        answer.diagnostics
    }

    /// The plan of its deletion.
    async fn planned_deletion(&self) -> DestroyResponse {
        let request = DestroyRequest {
            prior: self.state.clone(),
            private: self.private.clone(),
        };
        self.resource.plan_destroy(request).await
    }

    /// What that says.
    pub(crate) async fn plan_destroy(&self) -> Vec<Diagnostic> {
        self.planned_deletion().await.diagnostics
    }

    /// Plans and makes its deletion.
    pub(crate) async fn destroy(&mut self) -> Vec<Diagnostic> {
        let plan = self.planned_deletion().await;
        if has_errors(&plan.diagnostics) {
            return plan.diagnostics;
        }
        let private = plan.private.unwrap_or_else(|| self.private.clone());
        let answer = self
            .resource
            .apply(ApplyRequest {
                prior: self.state.clone(),
                private: private.clone(),
                ..ApplyRequest::default()
            })
            .await;
        if has_errors(&answer.diagnostics) {
            if !answer.state.is_null() {
                self.state = answer.state;
                self.private = answer.private.unwrap_or(private);
            }
        } else {
            assert!(answer.state.is_null(), "a deletion must leave nothing");
            self.state = Value::Null;
            self.private.clear();
        }
        answer.diagnostics
    }

    /// Imports and reads, as core does.
    pub(crate) async fn import(&mut self, by: ImportBy) -> Vec<Diagnostic> {
        let answer = self.resource.import(by).await;
        let mut diagnostics = answer.diagnostics;
        if has_errors(&diagnostics) {
            return diagnostics;
        }
        self.state = answer.state;
        self.private = answer.private;
        diagnostics.extend(self.refresh().await);
        diagnostics
    }

    /// The text of one attribute of the state; for a secret, its clear text.
    pub(crate) fn text(&self, name: &str) -> String {
        match self.state.get(name) {
            Value::String(text) => text.clone(),
            Value::Secret(secret) => secret.expose().to_owned(),
            other => panic!("{name} is {other:?}"),
        }
    }
}

/// JSON -> the value core would send: every attribute and block of the schema, sets sorted, secrets wrapped.
pub(crate) fn shape(body: &Body, json: &Json) -> Value {
    let mut entries = BTreeMap::new();
    for name in json.as_object().into_iter().flatten().map(|(name, _)| name) {
        assert!(
            body.attribute(name).is_some() || body.block(name).is_some(),
            "the schema has no {name}"
        );
    }
    for attribute in &body.attributes {
        let value = typed(&attribute.kind, &json[&attribute.name]);
        let value = match value {
            Value::String(text) if attribute.sensitive => Value::Secret(Secret::new(text)),
            value => value,
        };
        entries.insert(attribute.name.clone(), value);
    }
    for block in &body.blocks {
        let value = match (&json[&block.name], block.nesting) {
            (Json::Null, Nesting::Single) => Value::Null,
            (Json::Null, Nesting::List) => Value::List(Vec::new()),
            (Json::String(text), _) if text == UNKNOWN => Value::Unknown,
            (inner, Nesting::Single) => shape(&block.body, inner),
            (inner, Nesting::List) => Value::List(
                inner
                    .as_array()
                    .expect("a list of blocks")
                    .iter()
                    .map(|item| shape(&block.body, item))
                    .collect(),
            ),
        };
        entries.insert(block.name.clone(), value);
    }
    Value::Map(entries.into())
}

fn typed(kind: &Type, json: &Json) -> Value {
    match (kind, json) {
        (_, Json::Null) => Value::Null,
        (_, Json::String(text)) if text == UNKNOWN => Value::Unknown,
        (Type::Bool, Json::Bool(value)) => Value::Bool(*value),
        (Type::Number, Json::Number(number)) => {
            Value::Number(Number::parse(&number.to_string()).expect("a number"))
        }
        (Type::String, Json::String(text)) => text.as_str().into(),
        (Type::List(inner), Json::Array(items)) => {
            Value::List(items.iter().map(|item| typed(inner, item)).collect())
        }
        (Type::Set(inner), Json::Array(items)) => {
            Value::set(items.iter().map(|item| typed(inner, item)))
        }
        (Type::Map(inner), Json::Object(entries)) => Value::map(
            entries
                .iter()
                .map(|(key, item)| (key.clone(), typed(inner, item))),
        ),
        _ => panic!("core would have refused {json} as {kind:?}"),
    }
}
