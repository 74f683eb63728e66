//! A provider that does nothing but have a schema: what Terraform itself pays for it is all that it costs.

use std::sync::Arc;

use async_trait::async_trait;
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::schema::{
    Attribute, Block, Body, Format, Nesting, Presence, Schema, Type,
};
use lanyard_compiler::value::Value;
use lanyard_provider::resources::{
    ApplyRequest, ApplyResponse, DestroyRequest, DestroyResponse, IdentityAttribute,
    IdentitySchema, ImportBy, ImportResponse, MoveRequest, MoveResponse, PlanRequest, PlanResponse,
    Provider, ReadRequest, ReadResponse, Resource,
};

/// What the resource has beside `name` and `id`, so often.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Shape {
    /// Optional texts that nobody gives.
    pub(crate) nulls: usize,
    /// Computed texts of ten letters.
    pub(crate) texts: usize,
    /// Computed lists of one text.
    pub(crate) lists: usize,
    /// Computed sets of one text.
    pub(crate) sets: usize,
    /// Computed texts that are null and sensitive.
    pub(crate) secrets: usize,
    /// Blocks that do not stand, of one object each.
    pub(crate) blocks: usize,
    /// Blocks that do not stand, of any number of objects.
    pub(crate) repeated: usize,
    /// Attributes of each such block.
    pub(crate) leaves: usize,
    /// Keys of the objects in a computed list that is empty.
    pub(crate) keys: usize,
    /// Bytes of one computed text.
    pub(crate) bytes: usize,
    /// Bytes kept beside the state.
    pub(crate) private: usize,
    /// Warnings when it is planned.
    pub(crate) warnings: usize,
    pub(crate) identity: usize,
    /// Letters of documentation for each attribute.
    pub(crate) documentation: usize,
}

impl Shape {
    /// `nulls=10 sets=2`
    pub(crate) fn read(text: &str) -> Self {
        let mut shape = Self::default();
        for word in text.split_whitespace() {
            let Some((name, count)) = word.split_once('=') else {
                continue;
            };
            let count = count.parse().unwrap_or_default();
            *match name {
                "nulls" => &mut shape.nulls,
                "texts" => &mut shape.texts,
                "lists" => &mut shape.lists,
                "sets" => &mut shape.sets,
                "secrets" => &mut shape.secrets,
                "blocks" => &mut shape.blocks,
                "repeated" => &mut shape.repeated,
                "leaves" => &mut shape.leaves,
                "keys" => &mut shape.keys,
                "bytes" => &mut shape.bytes,
                "private" => &mut shape.private,
                "warnings" => &mut shape.warnings,
                "identity" => &mut shape.identity,
                "documentation" => &mut shape.documentation,
                _ => continue,
            } = count;
        }
        shape
    }

    fn body(&self) -> Body {
        use Presence::{Computed, Optional};
        let text = || Type::String;
        let many = |count, name: &'static str, kind: &dyn Fn() -> Type, presence| {
            (0..count)
                .map(move |index| (format!("{name}_{index}"), kind(), presence))
                .map(|(name, kind, presence)| self.attribute(name, kind, presence))
                .collect::<Vec<_>>()
        };
        let mut attributes = vec![
            self.attribute("name".to_owned(), Type::String, Presence::Required),
            self.attribute("id".to_owned(), Type::String, Computed),
        ];
        attributes.extend(many(self.nulls, "null", &text, Optional));
        attributes.extend(many(self.texts, "text", &text, Computed));
        let strings = || Box::new(Type::String);
        attributes.extend(many(
            self.lists,
            "list",
            &|| Type::List(strings()),
            Computed,
        ));
        attributes.extend(many(self.sets, "set", &|| Type::Set(strings()), Computed));
        let secrets = many(self.secrets, "secret", &text, Computed);
        attributes.extend(secrets.into_iter().map(|secret| Attribute {
            sensitive: true,
            ..secret
        }));
        if self.bytes > 0 {
            attributes.push(self.attribute("bytes".to_owned(), Type::String, Computed));
        }
        if self.keys > 0 {
            let keys = (0..self.keys).map(|key| (format!("key_{key}"), Type::String));
            let kind = Type::List(Box::new(Type::Object(keys.collect())));
            attributes.push(self.attribute("objects".to_owned(), kind, Computed));
        }
        let block = |name: String, nesting| Block {
            name,
            doc: String::new(),
            nesting,
            required: false,
            body: Body::new(many(self.leaves, "leaf", &text, Optional), Vec::new()),
        };
        let single = (0..self.blocks).map(|index| block(format!("block_{index}"), Nesting::Single));
        let repeated =
            (0..self.repeated).map(|index| block(format!("repeated_{index}"), Nesting::List));
        let blocks = single.chain(repeated).collect();
        Body::new(attributes, blocks)
    }

    fn attribute(&self, name: String, kind: Type, presence: Presence) -> Attribute {
        Attribute {
            name,
            kind,
            doc: "x".repeat(self.documentation),
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

    /// What is computed, all of it known when it is planned, so that each variant is planned and applied alike.
    fn fill(&self, value: &mut Value) {
        let Some(entries) = value.as_map_mut() else {
            return;
        };
        let mut set = |name: String, to: Value| {
            entries.insert(name, to);
        };
        let text = || Value::from("0123456789");
        for index in 0..self.texts {
            set(format!("text_{index}"), text());
        }
        for index in 0..self.lists {
            set(format!("list_{index}"), Value::List(vec![text()]));
        }
        for index in 0..self.sets {
            set(format!("set_{index}"), Value::set([text()]));
        }
        for index in 0..self.secrets {
            set(format!("secret_{index}"), Value::Null);
        }
        if self.keys > 0 {
            set("objects".to_owned(), Value::List(Vec::new()));
        }
        if self.bytes > 0 {
            set("bytes".to_owned(), "x".repeat(self.bytes).as_str().into());
        }
    }
}

pub(crate) fn provider(shape: Shape) -> Arc<dyn Provider> {
    Arc::new(Stub(shape))
}

struct Stub(Shape);

#[async_trait]
impl Provider for Stub {
    fn schema(&self) -> Schema {
        Schema {
            name: "stub".to_owned(),
            doc: String::new(),
            version: 0,
            body: Body::default(),
        }
    }

    fn resources(&self) -> Vec<Arc<dyn Resource>> {
        vec![Arc::new(Thing(self.0))]
    }

    async fn configure(&self, _: Value, _: String) -> Vec<Diagnostic> {
        Vec::new()
    }
}

struct Thing(Shape);

#[async_trait]
impl Resource for Thing {
    fn type_name(&self) -> &'static str {
        "stub_thing"
    }

    fn schema(&self) -> Schema {
        Schema {
            name: "thing".to_owned(),
            doc: String::new(),
            version: 0,
            body: self.0.body(),
        }
    }

    fn identity(&self) -> Option<IdentitySchema> {
        (self.0.identity > 0).then(|| IdentitySchema {
            version: 0,
            attributes: vec![IdentityAttribute {
                name: "id".to_owned(),
                kind: Type::String,
                doc: String::new(),
                required_for_import: true,
            }],
        })
    }

    fn plan(&self, request: PlanRequest) -> PlanResponse {
        let mut planned = request.proposed;
        if request.prior.is_null()
            && let Some(entries) = planned.as_map_mut()
        {
            entries.insert("id".to_owned(), Value::Unknown);
        }
        self.0.fill(&mut planned);
        PlanResponse {
            planned,
            diagnostics: self.warnings(),
            ..PlanResponse::default()
        }
    }

    async fn plan_destroy(&self, _: DestroyRequest) -> DestroyResponse {
        DestroyResponse::default()
    }

    async fn read(&self, request: ReadRequest) -> ReadResponse {
        ReadResponse {
            state: request.state,
            ..ReadResponse::default()
        }
    }

    async fn apply(&self, request: ApplyRequest) -> ApplyResponse {
        let mut state = request.planned;
        let name = state.get("name").clone();
        if let Some(entries) = state.as_map_mut() {
            entries.insert("id".to_owned(), name);
        }
        ApplyResponse {
            state,
            private: Some(vec![b'x'; self.0.private]),
            ..ApplyResponse::default()
        }
    }

    async fn import(&self, _: ImportBy) -> ImportResponse {
        ImportResponse::default()
    }

    fn move_state(&self, _: MoveRequest) -> MoveResponse {
        MoveResponse::default()
    }

    async fn generate_config(&self, _: &Value) -> Result<Value, Diagnostic> {
        Ok(Value::Null)
    }
}

impl Thing {
    fn warnings(&self) -> Vec<Diagnostic> {
        (0..self.0.warnings)
            .map(|index| {
                Diagnostic::warning(Code::InvalidValue, format!("Warning {index}"))
                    .detail("It says what, where, and what to do next.")
            })
            .collect()
    }
}
