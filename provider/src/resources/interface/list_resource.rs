//! A list resource: what exists on the server, for `terraform query`.

use async_trait::async_trait;
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::schema::Schema;
use lanyard_compiler::value::Value;
use tokio::sync::mpsc;

/// Lists the objects of one kind of resource.
#[async_trait]
pub trait ListResource: Send + Sync + 'static {
    /// The type name of the resource that is listed; it needs an identity.
    fn type_name(&self) -> &'static str;

    /// The arguments that narrow the list.
    fn schema(&self) -> Schema;

    /// Checks the arguments, which may hold unknown values.
    fn validate(&self, config: &Value) -> Vec<Diagnostic> {
        let _ = config;
        Vec::new()
    }

    /// Sends what exists, page by page, until [`ListSink::send`] answers false. The diagnostics returned end the list.
    async fn list(&self, request: ListRequest, sink: ListSink) -> Vec<Diagnostic>;
}

/// What to list.
#[derive(Clone, Debug, Default)]
pub struct ListRequest {
    pub config: Value,
    /// The whole state of each object is wanted, not only its identity.
    pub include_resource: bool,
    /// The most items that are wanted.
    pub limit: usize,
}

/// One object found.
#[derive(Clone, Debug, Default)]
pub struct ListItem {
    /// Null only for an item that is nothing but a warning.
    pub identity: Value,
    /// What a person calls it.
    pub display_name: String,
    /// The state, if it was asked for.
    pub resource: Option<Value>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Where the items go.
#[derive(Debug)]
pub struct ListSink {
    items: mpsc::Sender<ListItem>,
    remaining: usize,
}

impl ListSink {
    /// A sink that takes `limit` items and then asks no more.
    pub fn new(items: mpsc::Sender<ListItem>, limit: usize) -> Self {
        Self {
            items,
            remaining: limit,
        }
    }

    /// Hands out one item. False when no more are wanted: the limit is reached, or nobody listens any more.
    pub async fn send(&mut self, item: ListItem) -> bool {
        if self.remaining == 0 || self.items.send(item).await.is_err() {
            self.remaining = 0;
            return false;
        }
        self.remaining -= 1;
        self.remaining > 0
    }

    /// How many more items are wanted.
    pub fn remaining(&self) -> usize {
        self.remaining
    }
}
