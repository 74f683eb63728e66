//! What to ask of each server: resources as it wants them. What a server does not have is not left out here but told, so that the
//! check can demand the refusal.

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::Kind;
use lanyard_compiler::model::server::{Api, ResourceCapabilities, RotationCapability};
use lanyard_compiler::plan::{PlannedResource, plan_resource};
use lanyard_compiler::value::Value;

use super::subject::texts;
use super::{Resource, Subject};

impl Subject {
    pub(super) fn api(&self) -> Api {
        self.capabilities().api
    }

    /// A service account as this server wants one.
    pub(super) fn new_account(&self, name: &str) -> Resource {
        match self.api() {
            Api::Chronosphere => Resource::account(name).with("unrestricted", true),
            Api::Elasticsearch => Resource::account(&format!("shop/{name}")),
            Api::Osmo => Resource::account(name).with("roles", texts(&["osmo-user"])),
            Api::Native | Api::Openobserve | Api::Splunk => Resource::account(name),
        }
    }

    /// An account that exists; `None` where there are none.
    pub(super) async fn any_account(&self, name: &str) -> Option<Resource> {
        if self.capabilities().service_account.absent.is_some() {
            return None;
        }
        let mut account = self.new_account(name);
        account.apply(self).await;
        Some(account)
    }

    /// Every kind of access token that this server has, none of them applied: of an account, and of none.
    pub(super) async fn new_tokens(&self, name: &str) -> Vec<Resource> {
        let server = self.capabilities();
        let plain = Resource::new(Kind::AccessToken).with("name", name);
        let mut tokens = Vec::new();
        if server.access_token.absent.is_none()
            && server.access_token.attribute("service_account").is_some()
            && let Some(account) = self.any_account(&format!("account-of-{name}")).await
        {
            tokens.push(plain.clone().with("service_account", account.id()));
        }
        let without_account = server.access_token_without_account.is_some()
            || server.access_token.absent.is_none()
                && server
                    .access_token
                    .attribute("service_account")
                    .is_none_or(|attribute| !attribute.required);
        if without_account && self.api() != Api::Native {
            tokens.push(plain);
        }
        tokens
    }

    /// Everything that carries a secret here.
    pub(super) async fn new_secrets(&self, name: &str) -> Vec<Resource> {
        let mut secrets = self.new_tokens(name).await;
        if self.capabilities().service_account.issues_secret {
            secrets.push(self.new_account(name));
        }
        assert!(!secrets.is_empty());
        secrets
    }

    /// What the paths of all writes begin with.
    pub(super) fn writes(&self) -> &'static str {
        match self.api() {
            Api::Native => "/v1/",
            Api::Chronosphere => "/api/v1/config",
            Api::Elasticsearch => "/_security",
            Api::Openobserve => "/api/default/",
            Api::Osmo => "/api/auth/user",
            Api::Splunk => "/v2/token",
        }
    }
}

impl Resource {
    pub(super) fn can<'a>(&self, subject: &'a Subject) -> &'a ResourceCapabilities {
        self.kind
            .capabilities_for(subject.capabilities(), &self.config)
    }

    pub(super) fn can_rotate(&self, subject: &Subject) -> bool {
        !matches!(
            self.can(subject).rotation,
            RotationCapability::Impossible { .. }
        )
    }

    /// OpenObserve's accounts have one secret each: a token resource is that secret, and its name is nobody's.
    pub(super) fn is_its_accounts_own_secret(&self, subject: &Subject) -> bool {
        subject.api() == Api::Openobserve
            && self.kind == Kind::AccessToken
            && !self.config.get("service_account").is_null()
    }

    pub(super) fn whole_plan(&self, subject: &Subject) -> PlannedResource {
        plan_resource(
            self.kind,
            Some(subject.capabilities()),
            &self.state,
            &self.config,
        )
    }

    /// The complaints of a plan that must fail.
    pub(super) fn refusal(&self, subject: &Subject) -> Vec<Diagnostic> {
        let plan = self.whole_plan(subject);
        let errors: Vec<_> = plan
            .diagnostics
            .into_iter()
            .filter(Diagnostic::is_error)
            .collect();
        assert!(
            !errors.is_empty(),
            "{} should refuse {:?}",
            subject.capabilities().title,
            self.config
        );
        subject.refuses(self, &errors[0]);
        errors
    }

    /// Made with its first trigger. False where nothing can rotate, and the plan refuses it.
    pub(super) async fn begins_to_rotate(&mut self, subject: &Subject) -> bool {
        self.trigger("first", Value::Null);
        if !self.can_rotate(subject) {
            self.refusal(subject);
            return false;
        }
        self.apply(subject).await;
        true
    }

    /// The next value of a trigger.
    pub(super) fn trigger(&mut self, round: &str, grace_period: Value) {
        self.rotation(&[
            ("grace_period", grace_period),
            ("triggers", Value::map([("round", Value::from(round))])),
        ]);
    }
}
