//! Checks of one block of configuration; any value may be unknown. Terraform asks before anything is configured, and again while it
//! plans: by then, what depends on the server is checked against what that very server can do.

use super::Service;
use super::call::{Answer, refuse};
use super::catalog::{Catalog, Offer};
use super::value;
use crate::generated::tfplugin5 as wire;
use crate::resources::checks::{self, WriteOnly};
use crate::wire::diagnostics;
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::value::Value;
use wire::{
    validate_action_config, validate_data_source_config, validate_ephemeral_resource_config,
    validate_list_resource_config, validate_resource_type_config,
};

refuse! {
    validate_resource_type_config;
    validate_data_source_config;
    validate_ephemeral_resource_config;
    validate_list_resource_config;
    validate_action_config;
}

pub(super) async fn resource(
    service: Service,
    request: validate_resource_type_config::Request,
) -> Answer<validate_resource_type_config::Response> {
    let write_only = match request.client_capabilities {
        Some(client) if client.write_only_attributes_allowed => WriteOnly::Kept,
        _ => WriteOnly::Refused,
    };
    let learned = service.provider.learn().await;
    let diagnostics = validate(
        &service.catalogs.resources,
        &request.type_name,
        request.config,
        write_only,
        |resource, config| checks::merged(resource.validate(config), learned),
    )?;
    Ok(validate_resource_type_config::Response { diagnostics })
}

pub(super) async fn data_source(
    service: Service,
    request: validate_data_source_config::Request,
) -> Answer<validate_data_source_config::Response> {
    let diagnostics = validate(
        &service.catalogs.data_sources,
        &request.type_name,
        request.config,
        WriteOnly::Refused,
        |source, config| source.validate(config),
    )?;
    Ok(validate_data_source_config::Response { diagnostics })
}

pub(super) async fn ephemeral_resource(
    service: Service,
    request: validate_ephemeral_resource_config::Request,
) -> Answer<validate_ephemeral_resource_config::Response> {
    let learned = service.provider.learn().await;
    let diagnostics = validate(
        &service.catalogs.ephemeral_resources,
        &request.type_name,
        request.config,
        WriteOnly::Refused,
        |resource, config| checks::merged(resource.validate(config), learned),
    )?;
    Ok(validate_ephemeral_resource_config::Response { diagnostics })
}

pub(super) async fn list_resource(
    service: Service,
    request: validate_list_resource_config::Request,
) -> Answer<validate_list_resource_config::Response> {
    let diagnostics = validate(
        &service.catalogs.list_resources,
        &request.type_name,
        request.config,
        WriteOnly::Refused,
        |list, config| list.validate(config),
    )?;
    Ok(validate_list_resource_config::Response { diagnostics })
}

pub(super) async fn action(
    service: Service,
    request: validate_action_config::Request,
) -> Answer<validate_action_config::Response> {
    let learned = service.provider.learn().await;
    let diagnostics = validate(
        &service.catalogs.actions,
        &request.type_name,
        request.config,
        WriteOnly::Refused,
        |action, config| checks::merged(action.validate(config), learned),
    )?;
    Ok(validate_action_config::Response { diagnostics })
}

fn validate<T: Offer + ?Sized>(
    catalog: &Catalog<T>,
    type_name: &str,
    config: Option<wire::DynamicValue>,
    write_only: WriteOnly,
    check: impl FnOnce(&T, &Value) -> Vec<Diagnostic>,
) -> Answer<Vec<wire::Diagnostic>> {
    let entry = catalog.find(type_name)?;
    let described = entry.described();
    let config = value::received(config, &described.shape)?;
    let found = checks::merged(
        check(&entry.item, &config),
        checks::configuration(&described.schema.body, &config, write_only),
    );
    Ok(diagnostics(&found, Some(&described.shape)))
}
