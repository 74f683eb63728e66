//! A stream on which plugins may offer further connections. Nothing is ever offered; the parent opens it all the same.

use std::pin::Pin;

use futures_util::{Stream, stream};
use tonic::{Request, Response, Status, Streaming};

use crate::generated::plugin::ConnInfo;
use crate::generated::plugin::grpc_broker_server::GrpcBroker;

#[derive(Clone)]
pub(super) struct Broker;

#[tonic::async_trait]
impl GrpcBroker for Broker {
    type StartStreamStream = Pin<Box<dyn Stream<Item = Result<ConnInfo, Status>> + Send>>;

    /// Open and silent until the parent ends it.
    async fn start_stream(
        &self,
        request: Request<Streaming<ConnInfo>>,
    ) -> Result<Response<Self::StartStreamStream>, Status> {
        let silence = stream::unfold(request.into_inner(), |mut offers| async move {
            while let Ok(Some(_)) = offers.message().await {}
            None
        });
        Ok(Response::new(Box::pin(silence)))
    }
}
