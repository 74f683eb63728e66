//! The other hand on a server of any kind: what somebody does past Terraform, and whom the server lets in.

use std::future::Future;

use lanyard_compiler::model::server::Api;
use lanyard_compiler::model::{AccessToken, Kind, ServiceAccount, Settings};
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::Value;
use lanyard_servers::{Object as _, anything, connect};

use super::door;
use super::server::{Ready, TokenServer};
use crate::support::states;

/// The server's operator, at a desk of its own.
#[derive(Debug)]
pub(crate) struct Hand {
    operator: Settings,
    runtime: tokio::runtime::Runtime,
}

impl Hand {
    pub(crate) fn on(server: &TokenServer) -> Self {
        let Ready {
            api,
            url,
            token,
            username,
            password,
            organization,
            ca_file,
        } = server.ready.clone();
        Self {
            operator: Settings {
                api: Api::parse(&api),
                url: Some(url),
                token: token.map(Secret::new),
                username,
                password: password.map(Secret::new),
                organization,
                ca_file,
                ..Settings::default()
            },
            runtime: tokio::runtime::Runtime::new().expect("a runtime can be built"),
        }
    }

    /// Whether the server lets in who shows this secret of the object with this id.
    pub(crate) fn lets_in(&self, id: &str, secret: &str) -> bool {
        self.wait(door::lets_in(&self.operator, id, &Secret::new(secret)))
    }

    /// Whether the server has it.
    pub(crate) fn has(&self, kind: Kind, id: &str) -> bool {
        let server = connect(&self.operator).expect("the settings are right");
        let read = match kind {
            Kind::AccessToken => self
                .wait(AccessToken::of(&*server).read(id))
                .map(|read| read.is_some()),
            Kind::ServiceAccount => self
                .wait(ServiceAccount::of(&*server).read(id))
                .map(|read| read.is_some()),
        };
        read.expect("it should be read")
    }

    pub(crate) fn delete(&self, kind: Kind, id: &str) {
        let server = connect(&self.operator).expect("the settings are right");
        let deleted = match kind {
            Kind::AccessToken => self.wait(AccessToken::of(&*server).delete(id)),
            Kind::ServiceAccount => self.wait(ServiceAccount::of(&*server).delete(id)),
        };
        deleted.expect("it should be deleted");
    }

    /// Gives one attribute of an object another value, and leaves the others.
    pub(crate) fn change(&self, kind: Kind, id: &str, attribute: &str, value: impl Into<Value>) {
        let server = connect(&self.operator).expect("the settings are right");
        let current = self.wait(states::import(&*server, kind, id));
        let current = current.expect("it should be there");
        let mut changed = current.clone();
        let entries = changed.as_map_mut().expect("a state is an object");
        entries.insert(attribute.to_owned(), value.into());
        let decoded = "what the server says can be read";
        match kind {
            Kind::AccessToken => {
                let [current, changed] =
                    [current, changed].map(|state| AccessToken::decode(&state).expect(decoded));
                let objects = AccessToken::of(&*server);
                let updated = self.wait(objects.update(id, &current, &changed, &anything));
                updated.expect("it should be changed");
            }
            Kind::ServiceAccount => {
                let [current, changed] =
                    [current, changed].map(|state| ServiceAccount::decode(&state).expect(decoded));
                let objects = ServiceAccount::of(&*server);
                let updated = self.wait(objects.update(id, &current, &changed, &anything));
                updated.expect("it should be changed");
            }
        }
    }

    fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }
}
