//! State -> configuration, for `-generate-config-out`.

use super::Service;
use super::call::{Answer, refuse};
use super::value::{received, sent};
use crate::generated::tfplugin5::generate_resource_config;
use crate::wire::{Unknowns, diagnostics};

refuse! {
    generate_resource_config;
}

pub(super) async fn generate(
    service: Service,
    request: generate_resource_config::Request,
) -> Answer<generate_resource_config::Response> {
    let entry = service.catalogs.resources.find(&request.type_name)?;
    let shape = &entry.described().shape;
    let state = received(request.state, shape)?;
    let config = entry.item.generate_config(&state).await;
    let config = config.map_err(|problem| vec![problem])?;
    let mut found = Vec::new();
    Ok(generate_resource_config::Response {
        config: sent(&config, shape, Unknowns::Forgotten, &mut found),
        diagnostics: diagnostics(&found, Some(shape)),
    })
}
