//! The managed resources, service accounts and access tokens alike: the compiler decides, the engine carries out, and this
//! hands the one's words to the other.

use std::sync::Arc;

use async_trait::async_trait;
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::migration;
use lanyard_compiler::model::access_token::OnConflict;
use lanyard_compiler::model::kind::Kind;
use lanyard_compiler::model::schema::{Schema, Type};
use lanyard_compiler::model::server::{Capabilities, Recovery};
use lanyard_compiler::model::state::{Open, Outline};
use lanyard_compiler::model::{State, checks, facts};
use lanyard_compiler::plan::{
    Action, Renewal, ends_successor, generated, in_another_organization, in_use, may_come_back,
    not_known, notices, past_end, plan_resource, plan_validated, unfinished_is_an_error,
};
use lanyard_compiler::value::{AttributePath, Value};
use lanyard_servers::engine::{self, Evidence, Found, PlannedNew, Use};

use super::connection::Connection;
use super::planned::{Likeness, Subject, Walk};
use super::{
    ApplyKind, ApplyRequest, ApplyResponse, DestroyRequest, DestroyResponse, IdentityAttribute,
    IdentitySchema, ImportBy, ImportResponse, MoveRequest, MoveResponse, PlanRequest, PlanResponse,
    ReadRequest, ReadResponse, Resource,
};

pub(super) struct Managed {
    kind: Kind,
    connection: Arc<Connection>,
}

impl Managed {
    pub(super) fn new(kind: Kind, connection: Arc<Connection>) -> Self {
        Self { kind, connection }
    }

    /// Looks at what this walk has planned so far; nothing while the kind of server is not known.
    fn with_subject<T>(
        &self,
        server: Option<&Capabilities>,
        config: &Value,
        look: impl FnOnce(&Walk, &Subject<'_>) -> T,
    ) -> Option<T> {
        let settings = self.connection.settings();
        let subject = Subject {
            kind: self.kind,
            server: server?,
            organization: settings
                .as_ref()
                .and_then(|settings| settings.organization.as_deref()),
            config: &Outline::of(config),
            whole: config,
        };
        Some(look(&self.connection.planned(), &subject))
    }

    /// True if both have one name.
    fn same_name(&self, server: Option<&Capabilities>, old: &Value, new: &Value) -> bool {
        let claims = |object| self.with_subject(server, object, |_, subject| subject.claims());
        let (Some(old), Some(new)) = (claims(old), claims(new)) else {
            return false;
        };
        old.iter().any(|claim| new.contains(claim))
    }

    /// How something new is like the old one; `None` if it cannot take its place, as it has another owner.
    fn likeness(&self, old: &Value, new: &Value) -> Option<Likeness> {
        if self.same_name(self.connection.capabilities(), old, new) {
            return Some(Likeness::Same);
        }
        let old: State = State::read_any(self.kind, old).ok()??;
        let new = Outline::of(new);
        let same_owner = match &*new.service_account {
            Open::Known(owner) => *owner == old.service_account,
            Open::Unknown => true,
        };
        let likeness = match &*new.name {
            Open::Unknown => Likeness::Perhaps,
            Open::Known(_) => Likeness::Renamed,
        };
        same_owner.then_some(likeness)
    }

    /// What is wrong about replacing the old one by what is or may turn out to be of its name.
    fn refuses_to_replace(&self, old: &Value, new: &Value) -> Option<Diagnostic> {
        let may_be_same = [Likeness::Same, Likeness::Perhaps].contains(&self.likeness(old, new)?);
        let server = self.connection.capabilities().filter(|_| may_be_same)?;
        let old: State = State::read_any(self.kind, old).ok()??;
        may_come_back(server, &old, &Outline::of(new))
    }

    /// Of what is tainted Terraform asks for a plan as of what is new, and hands over nothing that stood beside the old one. Where that may
    /// be any of several, the deletion of the old one tells.
    async fn may_come_back_tainted(&self, walk: &Walk, wanted: &Value) -> Option<Diagnostic> {
        let likeness = |old: &Value| self.likeness(old, wanted);
        let is_refused = |old: &Value| self.refuses_to_replace(old, wanted).is_some();
        let old = walk.tainted(self.kind, likeness, is_refused).await?;
        self.refuses_to_replace(&old, wanted).map(or_untaint)
    }

    /// Tells if another state of this run holds the same object; while the server is not known, nobody can.
    fn plans(
        &self,
        prior: Option<&State>,
        planned: &Value,
        private: &[u8],
        intends: Use,
    ) -> Option<Diagnostic> {
        let server = self.connection.server().ok()?;
        let evidence = match Evidence::from_bytes(private) {
            Ok(evidence) => evidence?,
            Err(unreadable) => return Some(unreadable),
        };
        if prior.is_none() || intends == Use::Ends {
            let name = prior.and_then(|prior| prior.name.clone());
            let name = name.or_else(|| name_of(planned)).unwrap_or_default();
            let all = server.capabilities();
            let can = match prior {
                Some(prior) => prior.capabilities(all),
                None => self.kind.capabilities_for(all, planned),
            };
            let elsewhere =
                engine::ends_in_doubt(server.as_ref(), (self.kind, can), &name, &evidence);
            if elsewhere.is_some() {
                return elsewhere;
            }
        }
        match prior {
            None => engine::plans_to_replace(server.as_ref(), self.kind, &evidence),
            Some(prior) => engine::plans(server.as_ref(), prior, &evidence, intends),
        }
    }
}

fn or_untaint(refused: Diagnostic) -> Diagnostic {
    refused.hint("If nothing is wrong with its secret: `terraform untaint` keeps it as it is.")
}

fn name_of(state: &Value) -> Option<String> {
    Outline::of(state).name.value().cloned()
}

#[async_trait]
impl Resource for Managed {
    fn type_name(&self) -> &'static str {
        self.kind.type_name()
    }

    fn schema(&self) -> Schema {
        facts::schema(self.kind).clone()
    }

    /// The `id` alone: which server it is on, the provider block says, and an address may change without the object changing.
    fn identity(&self) -> Option<IdentitySchema> {
        Some(IdentitySchema {
            version: 0,
            attributes: vec![IdentityAttribute {
                name: "id".to_owned(),
                kind: Type::String,
                doc: format!("Identifies the {} on its token server.", self.kind.title()),
                required_for_import: true,
            }],
        })
    }

    fn validate(&self, config: &Value) -> Vec<Diagnostic> {
        let server = self.connection.capabilities();
        self.with_subject(server, config, |walk, subject| walk.checked(subject));
        checks::validate_without_state(self.kind, server, config)
    }

    fn plan(&self, request: PlanRequest) -> PlanResponse {
        // Terraform has had the configuration validated as it was written.
        let known = self.connection.capabilities();
        let evidence = Evidence::from_bytes(&request.private);
        let is_in_doubt = matches!(evidence, Ok(Some(evidence)) if evidence.is_in_doubt());
        let (prior, config) = (&request.prior, &request.config);
        let mut plan = plan_validated(self.kind, known, prior, config, is_in_doubt);
        if let (Some(prior), Some(planned)) = (&plan.prior, &plan.state)
            && plan.action == Action::Update
            && Renewal::of(Some(&**prior), planned).brings_secret()
        {
            let left = self.with_subject(known, config, |walk, subject| {
                walk.roles_left(subject, prior)
            });
            if let Some(left) = left.flatten() {
                plan.set_roles(left);
            }
        }
        // What cannot be read the plan complains of.
        let (prior, planned) = (plan.prior, plan.state);
        let walk = self.connection.planned();
        if let Some(prior) = &prior {
            walk.plans(prior);
        }
        let mut diagnostics = plan.diagnostics;
        let elsewhere = self.with_subject(known, &request.config, |_, subject| {
            in_another_organization(subject.server, prior.as_ref()?, subject.organization?)
        });
        diagnostics.extend(elsewhere.flatten());
        // What is replaced is planned once more, as what is new.
        if plan.action != Action::Replace {
            let told = self.with_subject(known, &request.config, |walk, subject| {
                walk.planned(subject, prior.as_ref(), &Outline::of(&plan.planned))
            });
            diagnostics.extend(told.into_iter().flatten());
        }
        if let Some(prior) = prior.as_ref().filter(|_| plan.action != Action::Replace) {
            diagnostics.extend(walk.leaves(prior, &plan.planned));
        }
        if let Some(prior) = &prior {
            diagnostics.extend(walk.left_out_of(prior));
        }
        if prior
            .as_ref()
            .is_some_and(|prior| walk.enables_account_of(prior))
        {
            diagnostics.retain(|told| told.code != Code::SecretDoesNotWork);
        }
        if let (Some(prior), Some(planned)) = (&prior, &planned)
            && plan.action != Action::Replace
            && !walk.has_imported(prior)
        {
            diagnostics.extend(not_known(prior, planned, known));
        }
        if let (Some(prior), Some(planned), Action::Update) = (&prior, &planned, plan.action) {
            diagnostics.extend(ends_successor(prior, planned));
        }
        if let (Ok(server), Some(planned)) = (self.connection.server(), planned) {
            // An error alone may depend on the clock: what is planned is the same at the apply.
            diagnostics.extend(past_end(
                Some(server.capabilities()),
                prior.as_ref(),
                &planned,
                server.now(),
            ));
        }
        let intends = if plan.requires_replace.is_empty() {
            Use::Keeps
        } else {
            Use::Ends
        };
        diagnostics.extend(self.plans(prior.as_ref(), &plan.planned, &request.private, intends));
        let private = request.prior.is_null().then(|| {
            let server = self.connection.server().ok();
            PlannedNew::on(server.as_deref(), &request.private, &plan.planned).to_bytes()
        });
        PlanResponse {
            planned: plan.planned,
            requires_replace: plan.requires_replace,
            diagnostics,
            // What is kept beside the object that a new one replaces is not the new one's. Terraform hands this over with the deletion of
            // that one, too.
            private,
        }
    }

    async fn plan_destroy(&self, request: DestroyRequest) -> DestroyResponse {
        let DestroyRequest { prior, private } = request;
        let plan = plan_resource(
            self.kind,
            self.connection.capabilities(),
            &prior,
            &Value::Null,
        );
        let mut response = DestroyResponse {
            // A replacement that came to nothing says nothing of it any more.
            private: PlannedNew::from_bytes(&private).map(|new| new.old().unwrap_or_default()),
            diagnostics: plan.diagnostics,
        };
        let prior = State::read(self.kind, &prior);
        if let Ok(prior) = &prior {
            self.connection.planned().plans(prior);
        }
        let evidence = match Evidence::from_bytes(&private) {
            Ok(evidence) => evidence,
            Err(unreadable) => {
                response.diagnostics.push(unreadable);
                return response;
            }
        };
        if let Ok(server) = self.connection.server()
            && let Some(evidence) = evidence
            && let Ok(prior) = prior
        {
            let name = prior.name.clone().unwrap_or_default();
            let can = prior.capabilities(server.capabilities());
            let elsewhere =
                engine::ends_in_doubt(server.as_ref(), (self.kind, can), &name, &evidence);
            if let Some(elsewhere) = elsewhere {
                response.diagnostics.push(elsewhere);
                return response;
            }
            let (evidence, clash) = engine::plans_to_delete(server.as_ref(), &prior, &evidence);
            let known = evidence.map(|evidence| evidence.to_bytes());
            response.private = known.or(response.private);
            response.diagnostics.extend(clash);
        }
        response
    }

    async fn caution(
        &self,
        prior: &Value,
        planned: &Value,
        replaces: bool,
        private: &[u8],
    ) -> Vec<Diagnostic> {
        let walk = self.connection.planned();
        // Terraform was asked for the replacement: `-replace`, or `replace_triggered_by`.
        let replaced = prior.is_null().then(|| walk.replaced(private)).flatten();
        if prior.is_null()
            && replaced.is_none()
            && let Some(refused) = self.may_come_back_tainted(&walk, planned).await
        {
            return vec![refused];
        }
        let before = replaced.as_ref().unwrap_or(prior);
        let replaces = replaces || replaced.is_some();
        if !(before.is_null() || planned.is_null() || replaces) {
            walk.keeps(before, private);
        }
        let (prior, wanted) = (before, planned);
        let action = match () {
            () if prior.is_null() => Action::Create,
            () if planned.is_null() => Action::Delete,
            () if replaces => Action::Replace,
            () if prior == planned => Action::NoOp,
            () => Action::Update,
        };
        let server = self.connection.capabilities();
        let (Ok(Some(prior)), Ok(planned)) = (
            State::read_any(self.kind, prior),
            State::read_any(self.kind, planned),
        ) else {
            return Vec::new();
        };
        let same_name = replaced.is_some() && self.same_name(server, before, wanted);
        let on_conflict = Outline::of(wanted).on_conflict.value().copied();
        let on_conflict = on_conflict.unwrap_or_default();
        if same_name
            && let Some(server) = server
            && let Some(refused) = may_come_back(server, &prior, &Outline::of(wanted))
        {
            return vec![refused];
        }
        let Some(end) = in_use::end(server, action, &prior, planned.as_ref()) else {
            return Vec::new();
        };
        let in_use = self.connection.in_use().await;
        // Of what is planned once more, Terraform shows errors alone.
        let warning = if same_name && on_conflict == OnConflict::Error {
            in_use.refusal(&prior, server)
        } else {
            in_use.warning(&prior, &end)
        };
        warning.into_iter().collect()
    }

    async fn read(&self, request: ReadRequest) -> ReadResponse {
        let troubles = self.connection.troubles();
        let answer = |state: Value, diagnostics: Vec<Diagnostic>| ReadResponse {
            state,
            diagnostics,
            ..ReadResponse::default()
        };
        if let Some(skipped) = troubles.skip(self.kind, &request.state) {
            return answer(request.state, vec![skipped]);
        }
        if let Some(told) = self.connection.planned_from_state() {
            let told = Some(told).filter(|told| troubles.is_first(told));
            return answer(request.state, told.into_iter().collect());
        }
        let prior = match State::read(self.kind, &request.state) {
            Ok(prior) => prior,
            Err(unreadable) => return answer(request.state, vec![unreadable]),
        };
        let evidence = Evidence::from_bytes(&request.private);
        let known = evidence.as_ref().ok().and_then(Option::as_ref);
        let read = match self.connection.server() {
            Ok(server) => self
                .connection
                .unless_stopped(engine::read(server.as_ref(), &prior, known))
                .await
                .unwrap_or_else(|interrupted| Err(vec![interrupted]))
                .map(|found| (found, server)),
            Err(problem) => Err(vec![problem]),
        };
        match read {
            Ok((None, _)) => ReadResponse::default(),
            Ok((
                Some(Found {
                    state,
                    evidence: kept,
                    warning,
                }),
                server,
            )) => {
                let walk = self.connection.planned();
                let capabilities = state.capabilities(server.capabilities());
                if capabilities.recovery == Recovery::ReadSecret {
                    walk.reads(&state);
                }
                if let Some(id) = state.id.clone().filter(|_| state != prior) {
                    walk.differs(self.kind, id, &request.state, &state.write());
                }
                let mut noticed = notices(Some(server.capabilities()), &state, server.now());
                noticed.extend(warning);
                noticed.extend(self.connection.doubts_the_clock(server.as_ref()));
                ReadResponse {
                    // What cannot be read stays, and the plan complains of it.
                    private: evidence
                        .is_ok()
                        .then_some(kept)
                        .flatten()
                        .map(|kept| kept.to_bytes()),
                    ..answer(state.write(), noticed)
                }
            }
            Err(problems) => {
                let said = problems
                    .into_iter()
                    .map(perhaps_our_own)
                    .map(|problem| troubles.once(self.kind, &request.state, problem))
                    .collect();
                answer(request.state, said)
            }
        }
    }

    async fn apply(&self, request: ApplyRequest) -> ApplyResponse {
        let with_server = self.connection.server();
        let begun =
            with_server.and_then(|server| Ok((server, Evidence::from_bytes(&request.private)?)));
        let (server, evidence) = match begun {
            Ok(begun) => begun,
            Err(problem) => {
                return ApplyResponse {
                    state: request.prior,
                    diagnostics: vec![problem],
                    ..ApplyResponse::default()
                };
            }
        };
        let replaces = match request.kind() {
            ApplyKind::Delete => PlannedNew::from_bytes(&request.private),
            ApplyKind::Create | ApplyKind::Update => None,
        };
        let old = replaces.as_ref().and_then(PlannedNew::old);
        if let Some(new) = replaces {
            let name = name_of(&request.prior).unwrap_or_default();
            let named = new.named();
            let refused = named.and_then(|new| self.refuses_to_replace(&request.prior, &new));
            if let Some(mut refused) = refused {
                // Terraform names nothing that is deleted.
                refused.detail = format!("{} {name:?}: {}", self.kind.title(), refused.detail);
                return ApplyResponse {
                    state: request.prior,
                    diagnostics: vec![match &old {
                        Some(_) => refused,
                        None => or_untaint(refused),
                    }],
                    private: Some(old.unwrap_or_default()),
                };
            }
            let here = new.ends_here(server.as_ref(), self.kind, &name).await;
            if let Err(elsewhere) = here {
                return ApplyResponse {
                    state: request.prior,
                    private: old,
                    diagnostics: vec![elsewhere],
                };
            }
            engine::is_replaced(server.as_ref(), self.kind, &request.prior);
        }
        let applied = engine::apply_held(
            &server,
            self.kind,
            &request.prior,
            &request.planned,
            &request.config,
            evidence.as_ref(),
        )
        .await;
        let private = match request.kind() {
            ApplyKind::Delete => applied.evidence.map(|evidence| evidence.to_bytes()).or(old),
            ApplyKind::Update | ApplyKind::Create => applied
                .beside(self.kind, evidence, &request.prior)
                .map(|evidence| evidence.to_bytes()),
        };
        let changes = matches!(request.kind(), ApplyKind::Update);
        let said = applied.diagnostics.into_iter().map(perhaps_our_own);
        let mut diagnostics: Vec<Diagnostic> = said.collect();
        if changes {
            unfinished_is_an_error(&mut diagnostics);
        }
        diagnostics.extend(self.connection.doubts_the_clock(server.as_ref()));
        ApplyResponse {
            state: applied.state,
            private,
            diagnostics,
        }
    }

    async fn import(&self, by: ImportBy) -> ImportResponse {
        let id = match by {
            ImportBy::Id(id) => id,
            ImportBy::Identity(identity) => match Outline::of(&identity).id.value() {
                Some(id) => id.clone(),
                None => return ImportResponse::failed(no_id(self.kind)),
            },
        };
        let server = match self.connection.server() {
            Ok(server) => server,
            Err(problem) => return ImportResponse::failed(problem),
        };
        match engine::import(server.as_ref(), self.kind, &id).await {
            Ok(state) => {
                self.connection.planned().imported(&state);
                ImportResponse {
                    diagnostics: engine::secret_is_missing(&state, server.as_ref())
                        .filter(|warning| self.connection.troubles().is_first(warning))
                        .into_iter()
                        .collect(),
                    private: Evidence::of(&state)
                        .map(|evidence| evidence.to_bytes())
                        .unwrap_or_default(),
                    state: state.write(),
                }
            }
            Err(problem) => ImportResponse::failed(problem),
        }
    }

    fn move_state(&self, request: MoveRequest) -> MoveResponse {
        let MoveRequest {
            source_provider,
            source_type,
            source_version,
            state,
        } = request;
        let source = migration::Source {
            provider: &source_provider,
            type_name: &source_type,
            schema_version: source_version,
            state,
        };
        match migration::moved(self.kind, source) {
            Ok(migration::Moved { state, warnings }) => MoveResponse {
                state,
                diagnostics: warnings,
                ..MoveResponse::default()
            },
            Err(problem) => MoveResponse::failed(problem),
        }
    }

    async fn generate_config(&self, state: &Value) -> Result<Value, Diagnostic> {
        let read: Result<Option<State>, _> = State::read_any(self.kind, state);
        let Ok(Some(state)) = read else {
            return Ok(Value::Null);
        };
        let (walk, id) = (self.connection.planned(), state.id.clone());
        let listed = self.connection.listed_secrets().await?;
        let (config, left_out) = generated(self.connection.capabilities(), state, &listed);
        walk.generated(self.kind, id, left_out);
        Ok(config)
    }
}

/// Where the provider's credential is itself a resource of the configuration, there is a way out of its end.
fn perhaps_our_own(problem: Diagnostic) -> Diagnostic {
    if problem.code != Code::ServerRefusedCredential {
        return problem;
    }
    problem.hint("If it is a token that this configuration manages through another provider block and that has ended, `terraform apply -target=lanyard_access_token.NAME` issues the next one, and this command goes on from there. Where it is managed through this very block, apply once with another credential.")
}

fn no_id(kind: Kind) -> Diagnostic {
    Diagnostic::error(Code::ImportWithoutId, "Nothing says which object to import")
        .at(AttributePath::attribute("id"))
        .detail(format!("The identity of the {} has no `id`.", kind.title()))
        .hint("Give the id under which the token server knows it.")
}
