//! What a change will look like. Asked at plan time and again before the change is made; both answers must agree.

use lanyard_compiler::value::{AttributePath, Value};

use super::Service;
use super::call::{Answer, refuse};
use super::{identity, value};
use crate::generated::tfplugin5::plan_resource_change;
use crate::resources::{DestroyRequest, DestroyResponse, PlanRequest, PlanResponse};
use crate::wire::{Unknowns, attribute_path, diagnostics};

refuse! {
    // Not what was proposed: write-only values stand in it.
    plan_resource_change => |request: &plan_resource_change::Request| plan_resource_change::Response {
        planned_state: request.prior_state.clone(),
        planned_private: request.prior_private.clone(),
        planned_identity: request.prior_identity.clone(),
        requires_replace: Vec::new(),
        diagnostics: Vec::new(),
    };
}

pub(super) async fn plan(
    service: Service,
    request: plan_resource_change::Request,
) -> Answer<plan_resource_change::Response> {
    let entry = service.catalogs.resources.find(&request.type_name)?;
    let described = entry.described();
    let shape = &described.shape;
    let prior = value::received(request.prior_state, shape)?;
    let proposed = value::received(request.proposed_new_state.clone(), shape)?;
    let mut found = service.provider.learn().await;
    if proposed.is_null() {
        let private = &request.prior_private;
        let caution = entry.item.caution(&prior, &Value::Null, false, private);
        found.extend(caution.await);
        let DestroyResponse {
            private,
            diagnostics: planning,
        } = entry
            .item
            .plan_destroy(DestroyRequest {
                prior,
                private: request.prior_private.to_vec(),
            })
            .await;
        found.extend(planning);
        return Ok(plan_resource_change::Response {
            planned_state: request.proposed_new_state,
            planned_private: private.map_or(request.prior_private, Into::into),
            planned_identity: request.prior_identity,
            requires_replace: Vec::new(),
            diagnostics: diagnostics(&found, Some(shape)),
        });
    }

    let config = value::received(request.config, shape)?;
    let prior_identity = identity::received(request.prior_identity.clone(), described)?;
    let PlanResponse {
        planned,
        requires_replace,
        private,
        diagnostics: planning,
    } = entry.item.plan(PlanRequest {
        prior: prior.clone(),
        config,
        proposed,
        private: request.prior_private.to_vec(),
    });
    found.extend(planning);

    let requires_replace: Vec<_> = requires_replace
        .into_iter()
        .filter(|path| counts(path, &prior, &planned))
        .collect();
    let replaces = !requires_replace.is_empty();
    let private_before = &request.prior_private;
    let caution = entry
        .item
        .caution(&prior, &planned, replaces, private_before);
    found.extend(caution.await);
    let planned_identity = described.identify(&planned);
    // An identity that is partly unknown is allowed for a new object, but Terraform 1.15 then fails to print the plan
    // ("Failed to marshal plan to json: value is not known"); none at all is as good.
    let is_update = !prior.is_null() && requires_replace.is_empty();
    let planned_identity = match (planned_identity.is_wholly_known(), is_update) {
        (true, _) => planned_identity,
        (false, true) => prior_identity,
        (false, false) => Value::Null,
    };
    Ok(plan_resource_change::Response {
        planned_state: value::sent(&planned, shape, Unknowns::Kept, &mut found),
        requires_replace: requires_replace
            .iter()
            .map(|path| attribute_path(path, Some(shape)))
            .collect(),
        planned_private: private.map_or(request.prior_private, Into::into),
        planned_identity: identity::sent(&planned_identity, described, Unknowns::Kept, &mut found),
        diagnostics: diagnostics(&found, Some(shape)),
    })
}

/// True if Terraform takes this path as a reason to replace: it refuses paths that lead nowhere, on either side.
fn counts(path: &AttributePath, prior: &Value, planned: &Value) -> bool {
    !prior.is_null() && (prior.at(path).is_some() || planned.at(path).is_some())
}
