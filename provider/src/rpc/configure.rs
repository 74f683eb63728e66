//! The provider's settings, and the user's wish to stop.

use lanyard_compiler::diagnostic::has_errors;

use super::Service;
use super::call::{Answer, Refuse, refuse};
use super::value;
use crate::generated::tfplugin5 as wire;
use crate::resources::checks::{self, WriteOnly};
use crate::wire::diagnostics;
use wire::{configure, prepare_provider_config, stop};

refuse! {
    prepare_provider_config;
    configure;
}

impl Refuse for stop::Request {
    type Response = stop::Response;

    fn refusal(&self) -> stop::Response {
        stop::Response::default()
    }

    fn complain(_: &mut stop::Response, _: Vec<wire::Diagnostic>) {
        // Terraform ignores what a stop answers, so it says nothing.
    }
}

pub(super) async fn prepare(
    service: Service,
    request: prepare_provider_config::Request,
) -> Answer<prepare_provider_config::Response> {
    let settings = service.settings();
    let config = value::received(request.config.clone(), &settings.shape)?;
    let found = checks::merged(
        service.provider.prepare(&config),
        checks::configuration(&settings.schema.body, &config, WriteOnly::Refused),
    );
    Ok(prepare_provider_config::Response {
        prepared_config: request.config,
        diagnostics: diagnostics(&found, Some(&settings.shape)),
    })
}

pub(super) async fn configure(
    service: Service,
    request: configure::Request,
) -> Answer<configure::Response> {
    let settings = service.settings();
    let config = value::received(request.config, &settings.shape)?;
    let found = service
        .provider
        .configure(config, request.terraform_version)
        .await;
    tracing::debug!(failed = has_errors(&found), "configured");
    Ok(configure::Response {
        diagnostics: diagnostics(&found, Some(&settings.shape)),
    })
}

pub(super) async fn stop(service: Service, _: stop::Request) -> Answer<stop::Response> {
    service.stop();
    Ok(stop::Response::default())
}
