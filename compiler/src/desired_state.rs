//! The desired state of a configuration as canonical JSON: the same configuration gives the same bytes. Versioned; holds no secret.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json};

use crate::language::{self, Configuration, ConsumerKind, Instance, Marking};
use crate::model::kind::Kind;
use crate::plan::encode::{Marked, encode};
use crate::secret::Secret;
use crate::value::{AttributePath, Value};

/// The version of the format: fields are added within a version, never changed.
const VERSION: &str = "1.0";

/// What a configuration asks for.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Desired state")]
pub(crate) struct Document<'a> {
    /// Within version 1, fields are added and never changed.
    #[schemars(regex(pattern = r"^1\."))]
    format_version: &'static str,
    kind: Tag,
    providers: Vec<Provider>,
    #[schemars(with = "Vec<Resource<'a>>")]
    resources: Resources<'a>,
    outputs: Vec<Output<'a>>,
}

#[derive(Serialize, JsonSchema)]
enum Tag {
    #[serde(rename = "lanyard-desired-state")]
    DesiredState,
}

#[derive(Serialize, JsonSchema)]
struct Provider {
    provider: String,
    /// What is set. A value of `{"$unknown": true}` is known only after apply, one of `{"$sensitive": true}` is not shown.
    settings: Map<String, Json>,
}

/// Written one by one: of a large configuration, all of them at once would be larger than it is.
struct Resources<'a>(&'a Configuration);

impl Serialize for Resources<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let imports = self.0.imported_ids();
        let resources = self.0.managed().map(|(instance, kind, _)| {
            let import = imports.get(instance.address.as_str()).copied();
            resource(instance, kind, import, self.0)
        });
        serializer.collect_seq(resources)
    }
}

#[derive(Serialize, JsonSchema)]
struct Resource<'a> {
    address: &'a str,
    #[serde(rename = "type")]
    kind: Kind,
    provider: String,
    /// The id of the object to import.
    import: Option<&'a str>,
    /// What is set. A value of `{"$unknown": true}` is known only after apply, one of `{"$sensitive": true}` is not shown.
    config: Map<String, Json>,
    references: Vec<Reference<'a>>,
    /// Resources that must come first, without instance keys.
    depends_on: &'a BTreeSet<String>,
    /// Where its secret goes.
    consumers: Vec<Consumer<'a>>,
}

/// A value that will be an attribute of another resource.
#[derive(Serialize, JsonSchema)]
struct Reference<'a> {
    path: String,
    address: &'a str,
    attribute: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct Consumer<'a> {
    kind: ConsumerKind,
    attribute: &'a str,
    address: &'a str,
    path: &'a str,
    /// Whether what receives it is marked as sensitive; null where its provider says so.
    sensitive: Option<bool>,
}

#[derive(Serialize, JsonSchema)]
struct Output<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    value: Marked,
    sensitive: bool,
    /// The access tokens whose secret it shows.
    tokens: Vec<&'a str>,
}

/// Writes the document.
///
/// # Errors
///
/// Those of the writer.
pub fn write(configuration: &Configuration, writer: &mut impl io::Write) -> io::Result<()> {
    let document = Document {
        format_version: VERSION,
        kind: Tag::DesiredState,
        providers: configuration.providers.iter().map(provider).collect(),
        resources: Resources(configuration),
        outputs: configuration.outputs.iter().map(output).collect(),
    };
    serde_json::to_writer_pretty(writer, &document).map_err(io::Error::from)
}

fn provider(provider: &language::Provider) -> Provider {
    Provider {
        provider: provider.reference.to_string(),
        settings: given(&provider.config, &provider.marks),
    }
}

fn resource<'a>(
    instance: &'a Instance,
    kind: Kind,
    import: Option<&'a str>,
    configuration: &'a Configuration,
) -> Resource<'a> {
    let consumers = configuration.consumers.get(&instance.address);
    let links = instance.links.iter();
    Resource {
        address: &instance.address,
        kind,
        provider: instance.provider.to_string(),
        import,
        config: given(&instance.config, &instance.marks),
        references: links
            .map(|(path, link)| Reference {
                path: path.to_string(),
                address: &link.address,
                attribute: &link.attribute,
            })
            .collect(),
        depends_on: &instance.dependencies,
        consumers: consumers.into_iter().flatten().map(consumer).collect(),
    }
}

fn consumer(consumer: &language::Consumer) -> Consumer<'_> {
    let language::Consumer {
        kind,
        attribute,
        address,
        path,
        sensitive,
        shown: _,
        hashed: _,
        receives: _,
        span: _,
    } = consumer;
    Consumer {
        kind: *kind,
        attribute,
        address,
        path,
        sensitive: *sensitive,
    }
}

fn output(output: &language::Output) -> Output<'_> {
    let language::Output {
        name,
        value,
        kind,
        sensitive,
        ephemeral,
        tokens,
        span: _,
    } = output;
    let shown = if *sensitive || *ephemeral {
        Value::Secret(Secret::new(""))
    } else {
        value.clone()
    };
    Output {
        name,
        kind,
        value: Marked(shown),
        sensitive: *sensitive,
        tokens: tokens.iter().map(|link| &*link.address).collect(),
    }
}

/// What the configuration says, without what it leaves out. What is marked sensitive is not shown.
fn given(config: &Value, marks: &BTreeMap<AttributePath, Marking>) -> Map<String, Json> {
    let mut config = config.clone();
    hide(
        &mut config,
        marks
            .iter()
            .filter(|(_, marking)| marking.sensitive || marking.ephemeral)
            .map(|(path, _)| path),
    );
    let entries = config.as_map().into_iter().flatten();
    entries
        .filter(|(_, value)| {
            !value.is_null() && value.as_list().is_none_or(|items| !items.is_empty())
        })
        .map(|(name, value)| (name.to_string(), encode(&without_nulls(value))))
        .collect()
}

/// Puts an empty secret wherever the configuration marks a value as sensitive.
pub fn hide<'a>(value: &mut Value, paths: impl Iterator<Item = &'a AttributePath>) {
    for path in paths {
        if let Some(place) = value.at_mut(path)
            && !place.is_null()
        {
            *place = Value::Secret(Secret::new(""));
        }
    }
}

fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Map(entries) => Value::map(
            entries
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| (name.clone(), without_nulls(value))),
        ),
        Value::List(items) => Value::List(items.iter().map(without_nulls).collect()),
        other => other.clone(),
    }
}
