//! What a check found: that something works, that the plan makes a new object for it, or the error with which the plan refuses it.
//! A check that finds nothing has proved nothing.

use std::sync::Arc;

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::Kind;
use parking_lot::Mutex;

use super::{Resource, Subject};

/// What a check found of one kind of resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    pub(crate) of: &'static str,
    pub(crate) verdict: Verdict,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    Works,
    /// The plan says that a new object is needed for it.
    NewObject,
    /// The plan says that the server cannot.
    Refused {
        code: &'static str,
        summary: String,
        /// The attribute complained of; empty for the resource as a whole.
        path: String,
    },
}

/// What a check has found so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings(Arc<Mutex<Vec<Finding>>>);

impl Findings {
    pub(crate) fn add(&self, of: &'static str, verdict: Verdict) {
        let mut found = self.0.lock();
        found.push(Finding { of, verdict });
    }

    pub(crate) fn all(&self) -> Vec<Finding> {
        let found = self.0.lock();
        found.clone()
    }
}

impl Verdict {
    pub(crate) fn refused(error: &Diagnostic) -> Self {
        Self::Refused {
            code: error.code.name(),
            summary: error.summary.clone(),
            path: error.path.to_string(),
        }
    }
}

impl Subject {
    /// This was asked of such a resource, and done.
    pub(super) fn works(&self, resource: &Resource) {
        self.findings.add(resource.sort(), Verdict::Works);
    }

    /// The server as a whole behaves.
    pub(super) fn behaves(&self) {
        self.findings.add("server", Verdict::Works);
    }

    /// This was asked of such a resource, and refused.
    pub(super) fn refuses(&self, resource: &Resource, error: &Diagnostic) {
        self.findings.add(resource.sort(), Verdict::refused(error));
    }

    /// This was asked of such a resource, and the plan needs a new one.
    pub(super) fn plans_anew(&self, resource: &Resource) {
        let plan = resource.whole_plan(self);
        assert!(
            !plan.requires_replace.is_empty() && !plan.diagnostics.iter().any(Diagnostic::is_error),
            "a new object should be planned: {plan:#?}"
        );
        self.findings.add(resource.sort(), Verdict::NewObject);
    }
}

impl Resource {
    /// What it is called in tables: servers treat tokens of an account and of none differently.
    fn sort(&self) -> &'static str {
        match self.kind {
            Kind::ServiceAccount => "service account",
            Kind::AccessToken if self.config.get("service_account").is_null() => {
                "access token without account"
            }
            Kind::AccessToken => "access token",
        }
    }
}
