//! The parent's way to end the process politely.

use std::sync::Arc;

use tokio::sync::Notify;
use tonic::{Request, Response, Status};

use crate::generated::plugin::Empty;
use crate::generated::plugin::grpc_controller_server::GrpcController;

pub(super) struct Controller(Arc<Notify>);

impl Controller {
    /// `shutdown` is notified when the parent asks for the end.
    pub(super) fn new(shutdown: Arc<Notify>) -> Self {
        Self(shutdown)
    }
}

#[tonic::async_trait]
impl GrpcController for Controller {
    /// Answers at once: the parent waits for the answer without limit, and for the end only two seconds.
    async fn shutdown(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        self.0.notify_one();
        Ok(Response::new(Empty {}))
    }
}
