//! The provider service: every RPC on one screen, each "from wire, call, to wire" in the file of its family. Problems are
//! always diagnostics, never a gRPC status, and a panic is one more problem.

mod actions;
mod apply;
mod call;
mod catalog;
mod configure;
mod data;
mod ephemeral;
mod functions;
mod generate;
mod identity;
mod import;
mod list;
mod moved;
mod plan;
mod read;
mod schema;
mod upgrade;
mod validate;
mod value;
mod writes;

use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::Stream;
use tonic::{Request, Response, Status};

use crate::generated::tfplugin5 as wire;
use crate::generated::tfplugin5::provider_server::ProviderServer;
use crate::resources::{Attended, Provider};
use catalog::Catalogs;
use writes::Writes;

/// The largest request that is taken: a state is one message.
const MAX_REQUEST: usize = 256 * 1024 * 1024;

/// One provider, as Terraform calls it.
#[derive(Clone)]
pub struct Service(Arc<Inner>);

/// What all calls share.
pub struct Inner {
    provider: Arc<dyn Provider>,
    catalogs: Catalogs,
    writes: Writes,
    open: ephemeral::Open,
    /// No write is left of which anybody would have to learn what became.
    ending: Arc<AtomicBool>,
}

impl Service {
    pub fn new(provider: Arc<dyn Provider>) -> Self {
        Self(Arc::new(Inner {
            catalogs: Catalogs::new(&*provider),
            provider,
            writes: Writes::default(),
            open: ephemeral::Open::default(),
            ending: Arc::default(),
        }))
    }

    /// The service for a gRPC server.
    pub fn server(&self) -> ProviderServer<Self> {
        ProviderServer::new(self.clone())
            .max_decoding_message_size(MAX_REQUEST)
            .max_encoding_message_size(usize::MAX)
    }

    /// Lets no write begin unless this is true, but for those of the end.
    pub fn write_only_while(&self, attended: Attended) {
        let ending = Arc::clone(&self.ending);
        let attended = Box::new(move || ending.load(Ordering::Relaxed) || attended());
        self.provider.write_only_while(attended);
    }

    /// Hurries the calls in flight.
    pub fn stop(&self) {
        self.provider.stop();
    }

    /// Lets no write begin any more, waits until none is in flight, and closes what was left open, the session last.
    pub async fn end(&self) {
        self.writes.close().await;
        self.ending.store(true, Ordering::Relaxed);
        self.open.close().await;
        self.provider.end().await;
    }
}

impl Deref for Service {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

type Events<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

macro_rules! provider_service {
    (
        unary { $($rpc:ident($message:ident) => $family:ident::$function:ident,)* }
        streams { $($stream:ident: $name:ident($events:ident) => $room:ident::$entry:ident,)* }
    ) => {
        #[tonic::async_trait]
        impl wire::provider_server::Provider for Service {
            $(async fn $rpc(
                &self,
                request: Request<wire::$message::Request>,
            ) -> Result<Response<wire::$message::Response>, Status> {
                let answer = call::answer(stringify!($rpc), request.into_inner(), |request| {
                    $family::$function(self.clone(), request)
                });
                Ok(Response::new(answer.await))
            })*

            $(type $name = Events<wire::$events::Event>;

            async fn $stream(
                &self,
                request: Request<wire::$events::Request>,
            ) -> Result<Response<Self::$name>, Status> {
                Ok(Response::new($room::$entry(self.clone(), request.into_inner())))
            })*
        }
    };
}

// GetMetadata is left to the generated code, which answers Unimplemented: only multiplexers call it.
provider_service! {
    unary {
        get_schema(get_provider_schema) => schema::get_schema,
        get_resource_identity_schemas(get_resource_identity_schemas) => schema::get_identity_schemas,
        get_functions(get_functions) => schema::get_functions,

        prepare_provider_config(prepare_provider_config) => configure::prepare,
        configure(configure) => configure::configure,
        stop(stop) => configure::stop,

        validate_resource_type_config(validate_resource_type_config) => validate::resource,
        validate_data_source_config(validate_data_source_config) => validate::data_source,
        validate_ephemeral_resource_config(validate_ephemeral_resource_config) => validate::ephemeral_resource,
        validate_list_resource_config(validate_list_resource_config) => validate::list_resource,
        validate_action_config(validate_action_config) => validate::action,

        upgrade_resource_state(upgrade_resource_state) => upgrade::state,
        upgrade_resource_identity(upgrade_resource_identity) => upgrade::identity,
        read_resource(read_resource) => read::read,
        plan_resource_change(plan_resource_change) => plan::plan,
        apply_resource_change(apply_resource_change) => apply::apply,
        import_resource_state(import_resource_state) => import::import,
        move_resource_state(move_resource_state) => moved::move_state,
        generate_resource_config(generate_resource_config) => generate::generate,

        read_data_source(read_data_source) => data::read,

        open_ephemeral_resource(open_ephemeral_resource) => ephemeral::open,
        renew_ephemeral_resource(renew_ephemeral_resource) => ephemeral::renew,
        close_ephemeral_resource(close_ephemeral_resource) => ephemeral::close,

        call_function(call_function) => functions::call,

        plan_action(plan_action) => actions::plan,
    }
    streams {
        list_resource: ListResourceStream(list_resource) => list::list,
        invoke_action: InvokeActionStream(invoke_action) => actions::invoke,
    }
}
