//! The provider `tiny` with one resource, `tiny_thing`, which remembers nothing: what it is told is what is there. Some names
//! make it misbehave.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::schema::{
    Attribute, Block, Body, Format, Nesting, Presence, Schema, Type,
};
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::{AttributePath, Value};
use lanyard_provider::resources::*;

#[derive(Default)]
pub(crate) struct Tiny {
    pub(crate) stopped: Arc<AtomicBool>,
    /// Applies of the thing named `slow` wait for it, or for a stop; those of `stuck` never end.
    pub(crate) gate: Arc<tokio::sync::Notify>,
    /// Set at the end of such an apply.
    pub(crate) finished: Arc<AtomicBool>,
}

pub(crate) fn attribute(name: &str, kind: Type, presence: Presence) -> Attribute {
    Attribute {
        name: name.to_owned(),
        kind,
        doc: format!("The {name}."),
        presence,
        sensitive: false,
        write_only: false,
        choices: Vec::new(),
        default: Value::Null,
        format: Format::Plain,
        local: false,
        deprecated: None,
    }
}

fn strings(collection: fn(Box<Type>) -> Type) -> Type {
    collection(Box::new(Type::String))
}

pub(crate) fn schema() -> Schema {
    use Presence::{Computed, Optional, OptionalComputed, Required};
    let secret = |attribute| Attribute {
        sensitive: true,
        ..attribute
    };
    let attributes = vec![
        attribute("name", Type::String, Required),
        attribute("flag", Type::Bool, Optional),
        attribute("amount", Type::Number, Optional),
        Attribute {
            choices: vec!["red".to_owned(), "blue".to_owned()],
            ..attribute("colour", Type::String, Optional)
        },
        attribute("list", strings(Type::List), Optional),
        attribute("set", strings(Type::Set), Optional),
        attribute("map", strings(Type::Map), Optional),
        attribute("kept", Type::String, OptionalComputed),
        secret(attribute("password", Type::String, Optional)),
        Attribute {
            write_only: true,
            ..attribute("once", Type::String, Optional)
        },
        Attribute {
            deprecated: Some("Use name.".to_owned()),
            ..attribute("label", Type::String, Optional)
        },
        attribute("id", Type::String, Computed),
        secret(attribute("token", Type::String, Computed)),
        attribute(
            "history",
            Type::List(Box::new(Type::Object(vec![
                ("id".to_owned(), Type::String),
                ("count".to_owned(), Type::Number),
            ]))),
            Computed,
        ),
    ];
    let part = Body::new(
        vec![
            attribute("size", Type::Number, Optional),
            attribute("tags", strings(Type::Set), Optional),
        ],
        Vec::new(),
    );
    let block = |name: &str, nesting| Block {
        name: name.to_owned(),
        doc: format!("The {name}."),
        nesting,
        required: false,
        body: part.clone(),
    };
    Schema {
        name: "thing".to_owned(),
        doc: "A thing.".to_owned(),
        version: 2,
        body: Body::new(
            attributes,
            vec![
                block("single", Nesting::Single),
                block("part", Nesting::List),
            ],
        ),
    }
}

fn empty_schema(name: &str) -> Schema {
    Schema {
        name: name.to_owned(),
        doc: String::new(),
        version: 0,
        body: Body::default(),
    }
}

fn named_schema(name: &str, presence: Presence) -> Schema {
    Schema {
        body: Body::new(
            vec![
                attribute("name", Type::String, presence),
                attribute("answer", Type::String, Presence::Computed),
            ],
            Vec::new(),
        ),
        ..empty_schema(name)
    }
}

#[async_trait]
impl Provider for Tiny {
    fn schema(&self) -> Schema {
        named_schema("tiny", Presence::Optional)
    }

    fn resources(&self) -> Vec<Arc<dyn Resource>> {
        vec![Arc::new(Thing {
            gate: self.gate.clone(),
            finished: self.finished.clone(),
        })]
    }

    fn data_sources(&self) -> Vec<Arc<dyn DataSource>> {
        vec![Arc::new(Source)]
    }

    fn ephemeral_resources(&self) -> Vec<Arc<dyn EphemeralResource>> {
        vec![Arc::new(Moment)]
    }

    fn list_resources(&self) -> Vec<Arc<dyn ListResource>> {
        vec![Arc::new(Things)]
    }

    fn functions(&self) -> Vec<Arc<dyn Function>> {
        vec![Arc::new(Join)]
    }

    fn actions(&self) -> Vec<Arc<dyn Action>> {
        vec![Arc::new(Shout)]
    }

    async fn configure(&self, config: Value, _: String) -> Vec<Diagnostic> {
        match config.get("name").as_str() {
            Some("wrong") => vec![
                Diagnostic::error(Code::InvalidValue, "This name is wrong")
                    .at(AttributePath::attribute("name"))
                    .hint("Use another one."),
            ],
            _ => Vec::new(),
        }
    }

    fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        self.gate.notify_one();
    }
}

struct Thing {
    gate: Arc<tokio::sync::Notify>,
    finished: Arc<AtomicBool>,
}

fn set(value: &mut Value, name: &str, to: impl Into<Value>) {
    let entries = value.as_map_mut().expect("a thing is an object");
    entries.insert(name.to_owned(), to.into());
}

#[async_trait]
impl Resource for Thing {
    fn type_name(&self) -> &'static str {
        "tiny_thing"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    fn identity(&self) -> Option<IdentitySchema> {
        Some(IdentitySchema {
            version: 0,
            attributes: vec![IdentityAttribute {
                name: "id".to_owned(),
                kind: Type::String,
                doc: "The id.".to_owned(),
                required_for_import: true,
            }],
        })
    }

    fn plan(&self, request: PlanRequest) -> PlanResponse {
        let name = request.config.get("name").clone();
        if name.as_str() == Some("panic in plan") {
            panic!("the secret is {}", std::hint::black_box("hunter2"));
        }
        let mut planned = request.proposed;
        set(&mut planned, "history", Value::List(Vec::new()));
        if request.prior.is_null() {
            set(&mut planned, "id", Value::Unknown);
            set(&mut planned, "token", Value::Unknown);
        }
        if planned.get("kept").is_null() {
            set(&mut planned, "kept", "default");
        }
        let renamed = *request.prior.get("name") != name;
        PlanResponse {
            planned,
            requires_replace: if renamed {
                vec![AttributePath::attribute("name")]
            } else {
                Vec::new()
            },
            private: Some(b"planned".to_vec()),
            diagnostics: Vec::new(),
        }
    }

    async fn plan_destroy(&self, request: DestroyRequest) -> DestroyResponse {
        let diagnostics = match request.prior.get("name").as_str() {
            Some("precious") => vec![Diagnostic::error(Code::PreventDestroy, "This thing stays")],
            _ => Vec::new(),
        };
        DestroyResponse {
            diagnostics,
            ..DestroyResponse::default()
        }
    }

    async fn read(&self, request: ReadRequest) -> ReadResponse {
        let state = match request.state.get("name").as_str() {
            Some("gone") => Value::Null,
            Some("panic in read") => panic!("reading"),
            Some("unreachable") => {
                return ReadResponse {
                    diagnostics: vec![Diagnostic::error(
                        Code::ServerUnavailable,
                        "Cannot reach it",
                    )],
                    ..ReadResponse::default()
                };
            }
            _ => request.state,
        };
        ReadResponse {
            state,
            ..ReadResponse::default()
        }
    }

    async fn apply(&self, request: ApplyRequest) -> ApplyResponse {
        let mut state = request.planned;
        let mut diagnostics = Vec::new();
        if state.is_null() {
            return ApplyResponse::default();
        }
        let name = state.get("name").as_str().unwrap_or_default().to_owned();
        match name.as_str() {
            "panic in apply" => panic!("the secret is {}", std::hint::black_box("hunter2")),
            "stuck" => std::future::pending().await,
            "slow" => {
                self.gate.notified().await;
                self.finished.store(true, Ordering::SeqCst);
            }
            "half done" => diagnostics.push(Diagnostic::error(Code::OutcomeUnknown, "Half done")),
            _ => {}
        }
        if request.prior.is_null() {
            set(&mut state, "id", format!("id of {name}"));
        }
        if name == "leaky" {
            set(&mut state, "colour", Secret::new("hunter2"));
        }
        if state.get("token").is_unknown() && name != "half done" {
            set(&mut state, "token", Secret::new(format!("tok_{name}")));
        }
        ApplyResponse {
            state,
            private: None,
            diagnostics,
        }
    }

    async fn import(&self, by: ImportBy) -> ImportResponse {
        let id = match by {
            ImportBy::Id(id) => id,
            ImportBy::Identity(identity) => identity.get("id").as_str().unwrap_or("?").to_owned(),
        };
        if id == "missing" {
            return ImportResponse::default();
        }
        ImportResponse {
            state: Value::map([("id", Value::from(id)), ("name", Value::from("imported"))]),
            ..ImportResponse::default()
        }
    }

    fn move_state(&self, request: MoveRequest) -> MoveResponse {
        let from = request.source_type;
        MoveResponse::failed(
            Diagnostic::error(Code::MoveUnsupported, "Not ours").detail(format!("It is a {from}.")),
        )
    }

    async fn generate_config(&self, state: &Value) -> Result<Value, Diagnostic> {
        let kept = ["name", "part"].map(|name| (name, state.get(name).clone()));
        Ok(Value::map(kept))
    }
}

struct Source;

#[async_trait]
impl DataSource for Source {
    fn type_name(&self) -> &'static str {
        "tiny_source"
    }

    fn schema(&self) -> Schema {
        named_schema("source", Presence::Required)
    }

    async fn read(&self, mut config: Value) -> ReadDataResponse {
        set(&mut config, "answer", "42");
        ReadDataResponse {
            state: config,
            diagnostics: Vec::new(),
        }
    }
}

struct Moment;

#[async_trait]
impl EphemeralResource for Moment {
    fn type_name(&self) -> &'static str {
        "tiny_moment"
    }

    fn schema(&self) -> Schema {
        named_schema("moment", Presence::Required)
    }

    async fn open(&self, mut config: Value) -> OpenResponse {
        set(&mut config, "answer", "soon");
        OpenResponse {
            result: config,
            private: b"open".to_vec(),
            diagnostics: Vec::new(),
        }
    }

    async fn close(&self, private: Vec<u8>) -> Vec<Diagnostic> {
        if private == b"open" {
            Vec::new()
        } else {
            vec![Diagnostic::error(
                Code::InternalError,
                "The private data got lost",
            )]
        }
    }
}

struct Things;

#[async_trait]
impl ListResource for Things {
    fn type_name(&self) -> &'static str {
        "tiny_thing"
    }

    fn schema(&self) -> Schema {
        named_schema("things", Presence::Optional)
    }

    async fn list(&self, request: ListRequest, mut sink: ListSink) -> Vec<Diagnostic> {
        match request.config.get("name").as_str() {
            Some("panic") => panic!("listing"),
            Some("fail") => {
                return vec![Diagnostic::error(Code::UnexpectedAnswer, "The list failed")];
            }
            _ => {}
        }
        for number in 0.. {
            let id = format!("thing {number}");
            let item = ListItem {
                identity: Value::map([("id", Value::from(id.as_str()))]),
                display_name: id.clone(),
                resource: request
                    .include_resource
                    .then(|| Value::map([("id", Value::from(id))])),
                diagnostics: Vec::new(),
            };
            if !sink.send(item).await {
                break;
            }
        }
        Vec::new()
    }
}

struct Join;

impl Function for Join {
    fn name(&self) -> &'static str {
        "join"
    }

    fn signature(&self) -> FunctionSignature {
        let parameter = |name: &str| Parameter {
            name: name.to_owned(),
            kind: Type::String,
            doc: String::new(),
        };
        FunctionSignature {
            summary: "Joins.".to_owned(),
            doc: "Joins texts.".to_owned(),
            parameters: vec![parameter("between")],
            variadic: Some(parameter("texts")),
            returns: Type::String,
        }
    }

    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let texts: Vec<&str> = arguments.iter().filter_map(Value::as_str).collect();
        if let Some(position) = texts.iter().position(|text| *text == "bad") {
            return Err(FunctionError {
                text: "This text is bad.".to_owned(),
                argument: Some(position),
            });
        }
        let (between, texts) = texts.split_first().unwrap();
        Ok(texts.join(between).into())
    }
}

struct Shout;

#[async_trait]
impl Action for Shout {
    fn type_name(&self) -> &'static str {
        "tiny_shout"
    }

    fn schema(&self) -> Schema {
        named_schema("shout", Presence::Required)
    }

    async fn invoke(&self, config: Value, progress: Progress) -> Vec<Diagnostic> {
        progress.report("breathing in");
        match config.get("name").as_str() {
            Some("panic") => panic!("shouting"),
            Some("hoarse") => vec![Diagnostic::error(Code::Unsupported, "No voice")],
            _ => Vec::new(),
        }
    }
}
