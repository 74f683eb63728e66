//! The usual health question; Terraform never asks it, other hosts do.

use tonic::{Request, Response, Status};

use crate::generated::health::health_check_response::ServingStatus;
use crate::generated::health::health_server::Health as Question;
use crate::generated::health::{HealthCheckRequest, HealthCheckResponse};

#[derive(Clone)]
pub(super) struct Health;

#[tonic::async_trait]
impl Question for Health {
    async fn check(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        match request.get_ref().service.as_str() {
            "" | "plugin" => Ok(Response::new(HealthCheckResponse {
                status: ServingStatus::Serving.into(),
            })),
            _ => Err(Status::not_found("the only service is called plugin")),
        }
    }
}
