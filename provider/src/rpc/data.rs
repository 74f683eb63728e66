//! Reading a data source.

use super::Service;
use super::call::{Answer, refuse};
use super::value::{received, sent};
use crate::generated::tfplugin5::read_data_source;
use crate::resources::ReadDataResponse;
use crate::wire::{Unknowns, diagnostics};

refuse! {
    read_data_source;
}

pub(super) async fn read(
    service: Service,
    request: read_data_source::Request,
) -> Answer<read_data_source::Response> {
    let entry = service.catalogs.data_sources.find(&request.type_name)?;
    let shape = &entry.described().shape;
    let config = received(request.config, shape)?;
    let ReadDataResponse {
        state,
        diagnostics: mut found,
    } = entry.item.read(config).await;
    Ok(read_data_source::Response {
        state: sent(&state, shape, Unknowns::Forgotten, &mut found),
        diagnostics: diagnostics(&found, Some(shape)),
    })
}
