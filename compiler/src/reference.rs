//! Schema facts -> the reference: one page per resource and data source in the layout of Terraform's registry, a JSON Schema of our
//! own documents, the table of what each token server can do, and the list of what can be complained of. Nothing in it is written by hand but the examples.

mod codes;
pub mod formats;
mod json_schema;
mod page;
mod servers;

use crate::model::action::{self, ActionKind};
use crate::model::data::{self, DataKind};
use crate::model::ephemeral;
use crate::model::facts;
use crate::model::kind::Kind;
use crate::model::schema::Attribute;
use crate::model::token_exchange;

/// A generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Relative to the repository, with `/`.
    pub path: String,
    pub text: String,
}

/// Every generated file of the reference. `example` gives the text of a file under `examples/`, by its path there, if it exists.
pub fn files(example: &dyn Fn(&str) -> Option<String>) -> Vec<File> {
    let mut files = vec![File {
        path: "docs/index.md".to_owned(),
        text: page::provider(
            facts::settings(),
            example("provider/provider.tf").as_deref(),
        ),
    }];
    for kind in Kind::ALL {
        let folder = format!("resources/{}", kind.type_name());
        let page = page::Page {
            type_name: kind.type_name(),
            category: "Resource",
            schema: facts::schema(kind),
            example: example(&format!("{folder}/resource.tf")),
            import_block: example(&format!("{folder}/import-by-string-id.tf")),
            import_command: example(&format!("{folder}/import.sh")),
        };
        files.push(File {
            path: format!("docs/resources/{}.md", kind.name()),
            text: page.render(),
        });
    }
    for kind in DataKind::ALL {
        let page = page::Page {
            type_name: kind.type_name(),
            category: "Data Source",
            schema: data::schema(kind),
            example: example(&format!("data-sources/{}/data-source.tf", kind.type_name())),
            import_block: None,
            import_command: None,
        };
        files.push(File {
            path: format!("docs/data-sources/{}.md", kind.name()),
            text: page.render(),
        });
    }
    files.extend(lists(example));
    files.push(File {
        path: "docs/ephemeral-resources/access_token.md".to_owned(),
        text: page::Page {
            type_name: "lanyard_access_token",
            category: "Ephemeral Resource",
            schema: ephemeral::schema(),
            example: example("ephemeral-resources/lanyard_access_token/ephemeral-resource.tf"),
            import_block: None,
            import_command: None,
        }
        .render(),
    });
    files.push(File {
        path: "docs/ephemeral-resources/token_exchange.md".to_owned(),
        text: page::Page {
            type_name: "lanyard_token_exchange",
            category: "Ephemeral Resource",
            schema: token_exchange::schema(),
            example: example("ephemeral-resources/lanyard_token_exchange/ephemeral-resource.tf"),
            import_block: None,
            import_command: None,
        }
        .render(),
    });
    for kind in ActionKind::ALL {
        let page = page::Page {
            type_name: kind.type_name(),
            category: "Action",
            schema: action::schema(kind),
            example: example(&format!("actions/{}/action.tf", kind.type_name())),
            import_block: None,
            import_command: None,
        };
        files.push(File {
            path: format!("docs/actions/{}.md", kind.name()),
            text: page.render(),
        });
    }
    files.push(File {
        path: "docs/reference/token-servers.md".to_owned(),
        text: servers::page(),
    });
    files.push(File {
        path: "docs/reference/diagnostics.md".to_owned(),
        text: codes::page(),
    });
    files.push(File {
        path: "docs/reference/lanyard.schema.json".to_owned(),
        text: json_schema::document(),
    });
    let printed = formats::Format::ALL.into_iter();
    files.extend(
        printed
            .filter(|format| *format != formats::Format::Document)
            .map(|format| File {
                path: format!("docs/reference/{}.schema.json", format.name()),
                text: format.schema(),
            }),
    );
    files
}

/// List resources take the arguments of the data source that lists the same objects.
fn lists(example: &dyn Fn(&str) -> Option<String>) -> Vec<File> {
    let kinds = [
        (Kind::ServiceAccount, DataKind::ServiceAccounts),
        (Kind::AccessToken, DataKind::AccessTokens),
    ];
    kinds
        .into_iter()
        .map(|(kind, listed)| {
            let mut schema = data::schema(listed).clone();
            schema.body.attributes.retain(Attribute::is_configurable);
            let path = format!(
                "list-resources/{}/list-resource.tfquery.hcl",
                kind.type_name()
            );
            let page = page::Page {
                type_name: kind.type_name(),
                category: "List Resource",
                schema: &schema,
                example: example(&path),
                import_block: None,
                import_command: None,
            };
            File {
                path: format!("docs/list-resources/{}.md", kind.name()),
                text: page.render(),
            }
        })
        .collect()
}

/// The JSON Schema of our own documents (`*.lanyard.json`).
pub fn json_schema() -> String {
    json_schema::document()
}
