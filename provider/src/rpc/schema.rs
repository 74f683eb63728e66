//! Schemas: asked for once per run at most, because a later process may rely on what an earlier one said.

use lanyard_compiler::model::schema::Schema;

use super::Service;
use super::call::{Answer, refuse};
use super::catalog::{Catalog, Described, Offer};
use crate::generated::tfplugin5 as wire;
use crate::wire as codec;
use wire::{get_functions, get_provider_schema, get_resource_identity_schemas};

refuse! {
    get_provider_schema;
    get_resource_identity_schemas;
    get_functions;
}

pub(super) async fn get_schema(
    service: Service,
    _: get_provider_schema::Request,
) -> Answer<get_provider_schema::Response> {
    let catalogs = &service.catalogs;
    Ok(get_provider_schema::Response {
        provider: Some(codec::schema(&service.settings().schema)),
        resource_schemas: schemas(&catalogs.resources, codec::schema),
        data_source_schemas: schemas(&catalogs.data_sources, codec::schema),
        ephemeral_resource_schemas: schemas(&catalogs.ephemeral_resources, codec::schema),
        list_resource_schemas: schemas(&catalogs.list_resources, codec::schema),
        action_schemas: schemas(&catalogs.actions, |schema| wire::ActionSchema {
            schema: Some(codec::schema(schema)),
        }),
        functions: functions(&service),
        server_capabilities: Some(wire::ServerCapabilities {
            // Deletions can be refused, and what dies with them named, before anybody says yes.
            plan_destroy: true,
            // One process per run is asked for its schemas instead of all of them.
            get_provider_schema_optional: true,
            move_resource_state: true,
            generate_resource_config: true,
        }),
        diagnostics: Vec::new(),
    })
}

pub(super) async fn get_identity_schemas(
    service: Service,
    _: get_resource_identity_schemas::Request,
) -> Answer<get_resource_identity_schemas::Response> {
    let identity_schemas = service
        .catalogs
        .resources
        .iter()
        .filter_map(|(name, entry)| {
            let (identity, _) = entry.described().identity.as_ref()?;
            Some((name.to_owned(), codec::identity_schema(identity)))
        })
        .collect();
    Ok(get_resource_identity_schemas::Response {
        identity_schemas,
        diagnostics: Vec::new(),
    })
}

pub(super) async fn get_functions(
    service: Service,
    _: get_functions::Request,
) -> Answer<get_functions::Response> {
    Ok(get_functions::Response {
        functions: functions(&service),
        diagnostics: Vec::new(),
    })
}

impl Service {
    /// The provider's own settings.
    pub(super) fn settings(&self) -> &Described {
        self.catalogs
            .settings
            .get_or_init(|| Described::new(self.provider.schema(), None))
    }
}

fn schemas<T: Offer + ?Sized, S>(
    catalog: &Catalog<T>,
    schema: impl Fn(&Schema) -> S,
) -> std::collections::BTreeMap<String, S> {
    catalog
        .iter()
        .map(|(name, entry)| (name.to_owned(), schema(&entry.described().schema)))
        .collect()
}

fn functions(service: &Service) -> std::collections::BTreeMap<String, wire::Function> {
    let functions = service.catalogs.functions.iter();
    functions
        .map(|(name, function)| ((*name).to_owned(), codec::function(&function.signature())))
        .collect()
}
