//! JSON Schemas of what the `lanyard` command prints and saves, so that programs can rely on it.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

use crate::plan::file as saved_plan;
use crate::{desired_state, review};

/// A published format: its name on the command line, and its schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Our own documents, `*.lanyard.json`.
    Document,
    /// `lanyard compile`.
    DesiredState,
    /// `lanyard plan --format json` and `lanyard review --format json`.
    Plan,
    /// `lanyard plan -o FILE`.
    SavedPlan,
}

impl Format {
    pub const ALL: [Self; 4] = [
        Self::Document,
        Self::DesiredState,
        Self::Plan,
        Self::SavedPlan,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::DesiredState => "desired-state",
            Self::Plan => "plan",
            Self::SavedPlan => "saved-plan",
        }
    }

    /// The JSON Schema, ending with a newline.
    pub fn schema(self) -> String {
        let schema = match self {
            Self::Document => return super::json_schema(),
            Self::DesiredState => schema::<desired_state::Document<'_>>(),
            Self::Plan => schema::<review::json::Document<'_>>(),
            Self::SavedPlan => schema::<saved_plan::Document>(),
        };
        format!("{:#}\n", schema.as_value())
    }
}

/// The schema of a document as it is written.
fn schema<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12()
        .for_serialize()
        .with(|settings| settings.inline_subschemas = true)
        .into_generator()
        .into_root_schema_for::<T>()
}
