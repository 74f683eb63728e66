//! Schema facts -> the reference: one page per resource and data source in the layout of Terraform's registry, a JSON Schema of our
//! own documents, the table of what each token server can do, and the list of what can be complained of. Nothing in it is written by hand but the examples.

mod codes;
pub mod formats;
mod json_schema;
mod page;
pub mod rules;
mod servers;

use crate::model::action::{self, ActionKind};
use crate::model::data::{self, DataKind};
use crate::model::ephemeral;
use crate::model::facts;
use crate::model::kind::Kind;
use crate::model::schema::{Attribute, Schema};
use crate::model::token_exchange;

use formats::Format;

/// A generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Relative to the repository, with `/`.
    pub path: String,
    pub text: String,
}

/// Every generated file of the reference. `example` gives the text of a file under `examples/`, by its path there, if it exists.
pub fn files(example: &dyn Fn(&str) -> Option<String>) -> Vec<File> {
    let file = |path: &str, text: String| File {
        path: format!("docs/{path}"),
        text,
    };
    let provider = page::provider(
        facts::settings(),
        example("provider/provider.tf").as_deref(),
    );
    let mut files = vec![file("index.md", provider)];
    files.extend(pages().into_iter().map(|page| {
        let Described {
            type_name,
            category,
            folder,
            example: of,
            schema,
        } = page;
        let place = format!("{folder}/{type_name}");
        let page = page::Page {
            type_name,
            category,
            schema: &schema,
            example: example(&format!("{place}/{of}")),
            import_block: example(&format!("{place}/import-by-string-id.tf")),
            import_command: example(&format!("{place}/import.sh")),
        };
        file(&format!("{folder}/{}.md", schema.name), page.render())
    }));
    files.push(file("reference/token-servers.md", servers::page()));
    files.push(file("reference/diagnostics.md", codes::page()));
    files.extend(rules::files());
    files.extend(Format::ALL.into_iter().map(|format| {
        let name = match format {
            // The name that an editor's settings have.
            Format::Document => "lanyard",
            format => format.name(),
        };
        file(&format!("reference/{name}.schema.json"), format.schema())
    }));
    files
}

/// What has a page of its own.
struct Described {
    type_name: &'static str,
    category: &'static str,
    /// Of its page under `docs/`, and of its examples.
    folder: &'static str,
    /// The file with its example.
    example: &'static str,
    schema: Schema,
}

fn pages() -> Vec<Described> {
    let mut pages = Vec::new();
    let mut add = |type_name, (category, folder, example), schema: &Schema| {
        pages.push(Described {
            type_name,
            category,
            folder,
            example,
            schema: schema.clone(),
        });
    };
    let resource = ("Resource", "resources", "resource.tf");
    for kind in Kind::ALL {
        add(kind.type_name(), resource, facts::schema(kind));
    }
    let data_source = ("Data Source", "data-sources", "data-source.tf");
    for kind in DataKind::ALL {
        add(kind.type_name(), data_source, data::schema(kind));
    }
    let list = (
        "List Resource",
        "list-resources",
        "list-resource.tfquery.hcl",
    );
    // They take the arguments of the data source that lists the same objects.
    for (kind, listed) in [
        (Kind::ServiceAccount, DataKind::ServiceAccounts),
        (Kind::AccessToken, DataKind::AccessTokens),
    ] {
        let mut schema = data::schema(listed).clone();
        kind.name().clone_into(&mut schema.name);
        schema.body.attributes.retain(Attribute::is_configurable);
        add(kind.type_name(), list, &schema);
    }
    let ephemeral = (
        "Ephemeral Resource",
        "ephemeral-resources",
        "ephemeral-resource.tf",
    );
    add("lanyard_access_token", ephemeral, ephemeral::schema());
    add(
        "lanyard_token_exchange",
        ephemeral,
        token_exchange::schema(),
    );
    let action = ("Action", "actions", "action.tf");
    for kind in ActionKind::ALL {
        add(kind.type_name(), action, action::schema(kind));
    }
    pages
}
