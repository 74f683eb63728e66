//! A managed resource: planned, created, read, updated, deleted, imported.

use async_trait::async_trait;
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::schema::Schema;
use lanyard_compiler::value::{AttributePath, Value};

use super::IdentitySchema;

/// One kind of managed resource.
#[async_trait]
pub trait Resource: Send + Sync + 'static {
    /// The full type name, for example `lanyard_access_token`.
    fn type_name(&self) -> &'static str;

    fn schema(&self) -> Schema;

    /// The identity's shape, if the resource has one: each part is the state's attribute of the same name.
    fn identity(&self) -> Option<IdentitySchema> {
        None
    }

    /// Checks one block of configuration, which may hold unknown values; the provider may be unconfigured.
    ///
    /// The rpc layer itself complains about computed attributes that are set, deprecated ones, values outside an attribute's
    /// choices, and write-only ones where Terraform is too old, unless an error at the same path is returned here.
    fn validate(&self, config: &Value) -> Vec<Diagnostic> {
        let _ = config;
        Vec::new()
    }

    /// Decides what a change will look like. Pure: Terraform asks twice, perhaps days apart, and both answers must agree.
    fn plan(&self, request: PlanRequest) -> PlanResponse;

    /// Refuses or warns before a deletion, at plan time.
    async fn plan_destroy(&self, request: DestroyRequest) -> DestroyResponse {
        let _ = request;
        DestroyResponse::default()
    }

    /// Warns of a planned change whose consequences depend on who we are; `planned` is null for a deletion. May ask the server.
    /// `private` is what Terraform keeps beside the prior state, or beside that of what something new replaces.
    async fn caution(
        &self,
        prior: &Value,
        planned: &Value,
        replaces: bool,
        private: &[u8],
    ) -> Vec<Diagnostic> {
        let _ = (prior, planned, replaces, private);
        Vec::new()
    }

    /// Asks the server how the object is now.
    async fn read(&self, request: ReadRequest) -> ReadResponse;

    /// Creates, updates or deletes: see [`ApplyRequest::kind`]. Always runs to its end, whatever Terraform does meanwhile.
    async fn apply(&self, request: ApplyRequest) -> ApplyResponse;

    /// Finds an existing object. The state returned may be sparse: Terraform reads it next.
    async fn import(&self, by: ImportBy) -> ImportResponse;

    /// Takes over the state of another resource type (`moved` blocks), perhaps of another provider. Nothing is configured.
    fn move_state(&self, request: MoveRequest) -> MoveResponse;

    /// The configuration a person would have written for this state. Terraform shows errors alone of this, and plans the object next.
    async fn generate_config(&self, state: &Value) -> Result<Value, Diagnostic>;
}

/// Everything known when a change is planned. Never a deletion.
#[derive(Clone, Debug, Default)]
pub struct PlanRequest {
    /// Null for a creation.
    pub prior: Value,
    /// What the user wrote; may hold unknown values.
    pub config: Value,
    /// Terraform's merge: the configuration, and prior values for computed attributes that are not configured.
    pub proposed: Value,
    /// What the last apply stored beside the state; for a creation, empty or what planning the object that it replaces stored.
    pub private: Vec<u8>,
}

/// A planned change.
#[derive(Clone, Debug, Default)]
pub struct PlanResponse {
    /// Configured values unchanged; computed ones known, or unknown exactly where this change will change them.
    pub planned: Value,
    /// Attributes whose change forces a new object. Through a set, name the set itself.
    pub requires_replace: Vec<AttributePath>,
    /// `None` keeps the private data.
    pub private: Option<Vec<u8>>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Everything known when a deletion is planned.
#[derive(Clone, Debug, Default)]
pub struct DestroyRequest {
    pub prior: Value,
    /// What the last apply stored beside the state.
    pub private: Vec<u8>,
}

/// A planned deletion.
#[derive(Clone, Debug, Default)]
pub struct DestroyResponse {
    /// `None` keeps the private data.
    pub private: Option<Vec<u8>>,
    pub diagnostics: Vec<Diagnostic>,
}

/// What is stored about an object that is to be read again.
#[derive(Clone, Debug, Default)]
pub struct ReadRequest {
    /// Never null; sparse directly after an import.
    pub state: Value,
    pub private: Vec<u8>,
}

/// The object as it is.
#[derive(Clone, Debug, Default)]
pub struct ReadResponse {
    /// Null only if the server says for certain that the object is gone. Ignored when there are errors.
    pub state: Value,
    /// `None` keeps the private data.
    pub private: Option<Vec<u8>>,
    pub diagnostics: Vec<Diagnostic>,
}

/// A planned change that is to be made.
#[derive(Clone, Debug, Default)]
pub struct ApplyRequest {
    /// Null for a creation.
    pub prior: Value,
    /// Null for a deletion.
    pub planned: Value,
    /// What the user wrote, wholly known, the only place with write-only values; null for a deletion.
    pub config: Value,
    /// What planning stored.
    pub private: Vec<u8>,
}

/// What an [`ApplyRequest`] asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApplyKind {
    Create,
    Update,
    Delete,
}

impl ApplyRequest {
    pub fn kind(&self) -> ApplyKind {
        match (self.prior.is_null(), self.planned.is_null()) {
            (_, true) => ApplyKind::Delete,
            (true, false) => ApplyKind::Create,
            (false, false) => ApplyKind::Update,
        }
    }
}

/// What was made of it.
#[derive(Clone, Debug, Default)]
pub struct ApplyResponse {
    /// What really is there now, errors or not: once an object exists, its id and secret stand here. Unknown values are
    /// replaced by null. Null means that nothing is there.
    pub state: Value,
    /// `None` keeps the private data.
    pub private: Option<Vec<u8>>,
    pub diagnostics: Vec<Diagnostic>,
}

/// How the user names the object to import.
#[derive(Clone, Debug)]
pub enum ImportBy {
    /// The text of `terraform import` or of an import block's `id`; never empty.
    Id(String),
    /// An import block's `identity`; parts that are optional for import may be null.
    Identity(Value),
}

/// An object found by an import.
#[derive(Clone, Debug, Default)]
pub struct ImportResponse {
    pub state: Value,
    pub private: Vec<u8>,
    pub diagnostics: Vec<Diagnostic>,
}

impl ImportResponse {
    pub fn failed(diagnostic: Diagnostic) -> Self {
        Self {
            diagnostics: vec![diagnostic],
            ..Self::default()
        }
    }
}

/// State of another type that is to become this one.
#[derive(Clone, Debug)]
pub struct MoveRequest {
    /// `HOST/NAMESPACE/TYPE` of the provider that wrote it.
    pub source_provider: String,
    pub source_type: String,
    pub source_version: i64,
    pub state: serde_json::Value,
}

/// The state in this type's shape.
#[derive(Clone, Debug, Default)]
pub struct MoveResponse {
    pub state: Value,
    pub private: Vec<u8>,
    pub diagnostics: Vec<Diagnostic>,
}

impl MoveResponse {
    pub fn failed(diagnostic: Diagnostic) -> Self {
        Self {
            diagnostics: vec![diagnostic],
            ..Self::default()
        }
    }
}
