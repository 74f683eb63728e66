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
use page::Category;

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
            schema,
        } = page;
        let Category {
            folder,
            example: of,
            ..
        } = category;
        let place = format!("{folder}/{type_name}");
        let page = page::Page {
            type_name,
            category,
            schema: &schema,
            example: example(&format!("{place}/{of}")),
            import_block: example(&format!("{place}/import-by-string-id.tf")),
            import_identity: example(&format!("{place}/import-by-identity.tf")),
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
    category: &'static Category,
    schema: Schema,
}

const RESOURCE: Category = Category {
    title: "Resource",
    folder: "resources",
    example: "resource.tf",
    usage: None,
};

const DATA_SOURCE: Category = Category {
    title: "Data Source",
    folder: "data-sources",
    example: "data-source.tf",
    usage: None,
};

const LIST_RESOURCE: Category = Category {
    title: "List Resource",
    folder: "list-resources",
    example: "list-resource.tfquery.hcl",
    usage: Some(
        "Needs Terraform 1.14. The block stands in a file that ends in `.tfquery.hcl`, beside a configuration with the provider. \
         `terraform query` lists what it finds; `terraform query -generate-config-out=found.tf` writes a resource and an `import` block for \
         each, and the next `terraform apply` takes them over without a change. Elsewhere `lanyard export` writes the same.",
    ),
};

const EPHEMERAL_RESOURCE: Category = Category {
    title: "Ephemeral Resource",
    folder: "ephemeral-resources",
    example: "ephemeral-resource.tf",
    usage: None,
};

const ACTION: Category = Category {
    title: "Action",
    folder: "actions",
    example: "action.tf",
    usage: Some(
        "Needs Terraform 1.14. An action changes nothing in the state and is in no plan of its own: it runs when somebody asks for it with \
         `-invoke`, or when an `action_trigger` in the `lifecycle` of a resource does. A plan that would run it says so.",
    ),
};

fn pages() -> Vec<Described> {
    let mut pages = Vec::new();
    let mut add = |type_name, category, schema: &Schema| {
        pages.push(Described {
            type_name,
            category,
            schema: schema.clone(),
        });
    };
    for kind in Kind::ALL {
        add(kind.type_name(), &RESOURCE, facts::schema(kind));
    }
    for kind in DataKind::ALL {
        add(kind.type_name(), &DATA_SOURCE, data::schema(kind));
    }
    // They take the arguments of the data source that lists the same objects.
    for (kind, listed) in [
        (Kind::ServiceAccount, DataKind::ServiceAccounts),
        (Kind::AccessToken, DataKind::AccessTokens),
    ] {
        let mut schema = data::schema(listed).clone();
        kind.name().clone_into(&mut schema.name);
        schema.body.attributes.retain(Attribute::is_configurable);
        add(kind.type_name(), &LIST_RESOURCE, &schema);
    }
    add(
        "lanyard_access_token",
        &EPHEMERAL_RESOURCE,
        ephemeral::schema(),
    );
    add(
        "lanyard_token_exchange",
        &EPHEMERAL_RESOURCE,
        token_exchange::schema(),
    );
    for kind in ActionKind::ALL {
        add(kind.type_name(), &ACTION, action::schema(kind));
    }
    pages
}
