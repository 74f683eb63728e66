//! The state of an object that does not exist yet.

use super::secret::{rotate_at, set_secret};
use super::{Case, Draft};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::access_token::OnConflict;
use crate::model::kind::Kind;
use crate::model::server::RotationCapability;
use crate::model::state::{Open, Planned, State};
use crate::plan::{Action, PlannedResource, expiry};
use crate::value::Value;

impl Case<'_> {
    pub(super) fn create(&self) -> PlannedResource {
        let mut plan = PlannedResource::new(Action::Create, Value::Null);
        plan.diagnostics.extend(
            self.capabilities
                .and_then(|capabilities| capabilities.creation_ends)
                .map(|warning| {
                    Diagnostic::warning(
                        Code::CreationEndsSomething,
                        "Creating an access token ends another secret",
                    )
                    .detail(warning)
                }),
        );
        let state = self.new_object();
        Draft { plan, state }.done(self)
    }

    pub(super) fn new_object(&self) -> State<Planned> {
        let mut planned = self.merged(&Value::Null);
        planned.id = Open::Unknown;
        planned.rotation_due = Open::some(false);
        let issues_secret = self
            .capabilities
            .is_none_or(|capabilities| capabilities.issues_secret);
        // Taking over a token continues its count; so does replacing it where nothing but the count tells the two apart.
        let slots = self
            .capabilities
            .is_none_or(|capabilities| capabilities.rotation == RotationCapability::TwoSlots);
        let adopts = match &self.config.on_conflict {
            Open::Known(None | Some(OnConflict::Error)) => false,
            Open::Known(Some(OnConflict::Replace)) => slots,
            Open::Known(Some(OnConflict::Adopt)) | Open::Unknown => true,
        };
        let generation = if adopts { Open::Unknown } else { Open::some(1) };
        match self.kind {
            Kind::ServiceAccount => {
                planned.created_at = Open::Unknown;
                planned.token = if issues_secret {
                    Open::Unknown
                } else {
                    Open::NULL
                };
                planned.generation = match (self.capabilities.is_some(), issues_secret) {
                    (false, _) => Open::Unknown,
                    (true, true) => generation,
                    (true, false) => Open::NULL,
                };
            }
            Kind::AccessToken => {
                planned.expires_at = expiry::of_new(self.capabilities, &self.config);
                set_secret(&self.config, &mut planned);
                planned.generation = generation;
                planned.issued_at = Open::Unknown;
                planned.status = Open::Unknown;
                planned.retired = if adopts {
                    Open::Unknown
                } else {
                    Open::some(Vec::new())
                };
                planned.rotate_at = rotate_at(self.server, &planned);
            }
        }
        planned
    }
}
