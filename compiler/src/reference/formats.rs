//! JSON Schemas of what the `lanyard` command reads, prints and saves, so that programs can rely on it.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

use crate::plan::file as saved_plan;
use crate::{answers, desired_state, policy, review};

macro_rules! formats {
    ($(#[doc = $doc:literal] $format:ident = $name:literal $schema:expr;)+) => {
        /// A published format.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Format {
            $(#[doc = $doc] $format,)+
        }

        impl Format {
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$format),+];

            /// Its name on the command line.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$format => $name,)+
                }
            }

            /// What it is, in a line.
            pub fn about(self) -> &'static str {
                match self {
                    $(Self::$format => $doc.trim_ascii(),)+
                }
            }

            fn root(self) -> Schema {
                match self {
                    $(Self::$format => $schema,)+
                }
            }
        }
    };
}

formats! {
    /// Documents of our own, `*.lanyard.json`
    Document = "document" super::json_schema::document();
    /// What `compile` prints
    DesiredState = "desired-state" schema::<desired_state::Document<'_>>();
    /// What `plan` and `review` print
    Plan = "plan" schema::<review::json::Document<'_>>();
    /// What `plan -o` saves
    SavedPlan = "saved-plan" schema::<saved_plan::Document>();
    /// `lanyard.toml`, what a configuration's reviewers allow
    Policy = "policy" input::<policy::Document>();
    /// What `validate` prints
    Validate = "validate" schema::<answers::Validity<'_>>();
    /// What `apply` prints
    Apply = "apply" schema::<answers::Applied<'_>>();
    /// What `tokens` prints
    Tokens = "tokens" schema::<answers::TokenList<'_>>();
    /// What `sweep` prints
    Sweep = "sweep" schema::<answers::Swept<'_>>();
    /// What `whoami` prints
    WhoAmI = "whoami" schema::<answers::WhoAmI<'_>>();
}

impl Format {
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The JSON Schema, ending with a newline.
    pub fn schema(self) -> String {
        let mut schema = self.root();
        let id = format!("https://lanyard.dev/schemas/{}-1.json", self.name());
        schema.insert("$id".to_owned(), id.into());
        format!("{:#}\n", schema.as_value())
    }
}

/// The schema of a document as people write it.
fn input<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12()
        .with(|settings| settings.inline_subschemas = true)
        .into_generator()
        .into_root_schema_for::<T>()
}

/// The schema of a document as it is written.
fn schema<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12()
        .for_serialize()
        .with(|settings| settings.inline_subschemas = true)
        .into_generator()
        .into_root_schema_for::<T>()
}
