//! A stream of what the plugin prints. Nothing is printed; the parent opens it all the same.

use futures_util::stream::{Pending, pending};
use tonic::{Request, Response, Status};

use crate::generated::plugin::grpc_stdio_server::GrpcStdio;
use crate::generated::plugin::{Empty, StdioData};

#[derive(Clone)]
pub(super) struct Stdio;

#[tonic::async_trait]
impl GrpcStdio for Stdio {
    type StreamStdioStream = Pending<Result<StdioData, Status>>;

    /// Open and silent until the connection ends.
    async fn stream_stdio(
        &self,
        _: Request<Empty>,
    ) -> Result<Response<Self::StreamStdioStream>, Status> {
        Ok(Response::new(pending()))
    }
}
