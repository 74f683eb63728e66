//! The token server that this process is configured for, shared by everything that talks to it.

use std::future::Future;
use std::sync::Arc;

use lanyard_compiler::diagnostic::{Code, Diagnostic, Severity};
use lanyard_compiler::model::server::{Api, Capabilities, capabilities};
use lanyard_compiler::model::settings::expected_kind;
use lanyard_compiler::model::{AccessToken, Settings};
use lanyard_compiler::plan::in_use::InUse;
use lanyard_compiler::redaction::KnownSecrets;
use lanyard_compiler::value::Value;
use lanyard_servers::{Filter, Record as _, TokenServer, engine};
use parking_lot::RwLock;
use tokio::sync::{OnceCell, watch};

use super::planned::Walk;
use super::settings;
use super::trouble::Troubles;

/// Holds the latest configuration. Debugging runs many configurations through one process, so each call takes what stands here
/// when it begins and keeps it.
#[derive(Default)]
pub(super) struct Connection {
    latest: RwLock<Latest>,
    stopped: watch::Sender<bool>,
}

#[derive(Clone, Default)]
struct Latest {
    configuration: Configuration,
    troubles: Arc<Troubles>,
    planned: Arc<Walk>,
    in_use: Arc<OnceCell<InUse>>,
    listed_secrets: Arc<OnceCell<Arc<KnownSecrets>>>,
}

/// How much is known of the server.
#[derive(Clone, Default)]
enum Configuration {
    /// Nothing: `terraform validate` with an empty provider block.
    #[default]
    Nothing,
    /// At most which kind of server it is; enough to judge a configuration.
    Kind(Option<Api>),
    /// Some settings are known only after apply; enough to plan.
    Later {
        api: Option<Api>,
        unknown: Vec<String>,
    },
    /// Everything.
    Server(Arc<dyn TokenServer>, Arc<Settings>),
}

impl Connection {
    /// At most the kind of server is known.
    pub(super) fn expect_kind(&self, api: Option<Api>) {
        self.set(Configuration::Kind(api));
    }

    /// The settings named in `unknown` follow when something else is applied.
    pub(super) fn configure_later(&self, api: Option<Api>, unknown: Vec<String>) {
        self.set(Configuration::Later { api, unknown });
    }

    pub(super) fn configure(&self, server: Arc<dyn TokenServer>, settings: Settings) {
        self.set(Configuration::Server(server, Arc::new(settings)));
    }

    /// How the server is reached; `None` while that is not known.
    pub(super) fn settings(&self) -> Option<Arc<Settings>> {
        match self.get() {
            Configuration::Server(_, settings) => Some(settings),
            _ => None,
        }
    }

    /// What the server can do; `None` while nobody knows which kind of server it is.
    pub(super) fn capabilities(&self) -> Option<&'static Capabilities> {
        let api = match self.get() {
            Configuration::Nothing => expected_kind(&Value::Null, settings::from_process),
            Configuration::Kind(api) | Configuration::Later { api, .. } => api,
            Configuration::Server(server, _) => return Some(server.capabilities()),
        };
        api.map(capabilities)
    }

    /// Asks the server what it can do, if there is one and nobody asked before.
    pub(super) async fn probe(&self) -> Option<Diagnostic> {
        let Configuration::Server(server, _) = self.get() else {
            return None;
        };
        // Who is interrupted has other things to say.
        self.unless_stopped(engine::probe(server.as_ref()))
            .await
            .ok()
            .flatten()
    }

    /// Ends what signing in left at the server.
    pub(super) async fn sign_out(&self) {
        if let Configuration::Server(server, _) = self.get() {
            server.sign_out().await;
        }
    }

    /// The server, for a call about a managed object that cannot wait.
    pub(super) fn server(&self) -> Result<Arc<dyn TokenServer>, Diagnostic> {
        self.server_or(|settings| {
            settings
                .so("nothing can be asked of the server now. What is in the state or new can be planned.")
                .hint("Apply what these settings come from first, for example with -target, and then plan again.")
        })
    }

    /// The warning that what exists is taken from the state, while it is not known how to reach the server: where a managed token is
    /// the provider's own, that is so in each plan that rotates it.
    pub(super) fn planned_from_state(&self) -> Option<Diagnostic> {
        let Configuration::Later { unknown, .. } = self.get() else {
            return None;
        };
        let told = KnownLater(unknown)
            .so("existing objects are planned as the state has them, without asking the server.");
        Some(Diagnostic {
            severity: Severity::Warning,
            code: Code::PlannedFromState,
            summary: "Existing objects are planned from the state".to_owned(),
            ..told.hint("What changed on the server since the last refresh shows in the next plan.")
        })
    }

    /// The server, for a data source, which Terraform can be told to read later.
    pub(super) fn server_to_look_up(&self) -> Result<Arc<dyn TokenServer>, Diagnostic> {
        self.server_or(|settings| {
            settings
                .so("nothing can be looked up now.")
                .hint("Add `depends_on` with the resources that these settings come from to the data block: Terraform then reads it while applying, after them.")
        })
    }

    fn server_or(
        &self,
        known_later: impl FnOnce(KnownLater) -> Diagnostic,
    ) -> Result<Arc<dyn TokenServer>, Diagnostic> {
        match self.get() {
            Configuration::Server(server, _) => Ok(server),
            Configuration::Later { unknown, .. } => Err(known_later(KnownLater(unknown))),
            Configuration::Nothing | Configuration::Kind(_) => Err(Diagnostic::error(
                Code::ProviderNotConfigured,
                "The provider is not configured",
            )
            .detail("Terraform asked for an object before it configured the provider.")
            .hint("Please report this with the command that you ran.")),
        }
    }

    /// The user asked to stop: nobody waits for reads any more.
    pub(super) fn stop(&self) {
        self.stopped.send_replace(true);
    }

    /// Waits for a read, but no longer than the user does: a server that does not answer may take minutes, retries included.
    pub(super) async fn unless_stopped<T>(
        &self,
        read: impl Future<Output = T>,
    ) -> Result<T, Diagnostic> {
        let mut stopped = self.stopped.subscribe();
        tokio::select! {
            biased;
            answer = read => Ok(answer),
            // An error means that the provider itself is gone.
            _ = stopped.wait_for(|stopped| *stopped) => Err(Diagnostic::error(
                Code::Interrupted,
                "The run was interrupted",
            )
            .detail("The token server had not answered yet. Nothing was changed.")),
        }
    }

    /// What already went wrong since this configuration was taken into use.
    pub(super) fn troubles(&self) -> Arc<Troubles> {
        self.latest().troubles
    }

    /// The credential that we sign in with, as far as it can be told; asked once.
    pub(super) async fn in_use(&self) -> InUse {
        let latest = self.latest();
        let Configuration::Server(server, settings) = &latest.configuration else {
            return InUse::default();
        };
        let asked = latest.in_use.get_or_init(|| async {
            let identity = self.unless_stopped(engine::identity(server.as_ref())).await;
            // Who may not ask that is warned by what the settings say alone.
            let known = identity.and_then(|identity| identity).ok();
            let secrets = [&settings.token, &settings.password];
            InUse {
                secrets: secrets.into_iter().flatten().cloned().collect(),
                ..known.as_ref().map(InUse::from).unwrap_or_default()
            }
        });
        asked.await.clone()
    }

    /// The secrets that its server shows to whoever lists its tokens, to find them where they stand in clear; asked once.
    pub(super) async fn listed_secrets(&self) -> Result<Arc<KnownSecrets>, Diagnostic> {
        let latest = self.latest();
        let listed = latest.listed_secrets.get_or_try_init(|| async {
            let records = match &latest.configuration {
                Configuration::Server(server, _) if server.capabilities().lists_secrets() => {
                    let filter = Filter::default();
                    let list = engine::list_all::<AccessToken>(server.as_ref(), &filter);
                    let listed = self.unless_stopped(list).await?;
                    listed.map_err(|error| error.diagnostic())?
                }
                _ => Vec::new(),
            };
            let secrets = records.iter().filter_map(|record| record.secret().cloned());
            Ok(Arc::new(KnownSecrets::new(secrets)))
        });
        listed.await.cloned()
    }

    /// What was planned since then.
    pub(super) fn planned(&self) -> Arc<Walk> {
        self.latest().planned
    }

    /// The warning that the server's clock is not believed, once.
    pub(super) fn doubts_the_clock(&self, server: &dyn TokenServer) -> Option<Diagnostic> {
        let warning = server.clock().doubt?.warning();
        self.troubles().is_first(&warning).then_some(warning)
    }

    fn get(&self) -> Configuration {
        self.latest().configuration
    }

    fn latest(&self) -> Latest {
        self.latest.read().clone()
    }

    fn set(&self, configuration: Configuration) {
        self.stopped.send_replace(false);
        *self.latest.write() = Latest {
            configuration,
            troubles: Arc::default(),
            planned: Arc::default(),
            in_use: Arc::default(),
            listed_secrets: Arc::default(),
        };
    }
}

/// Settings whose values are known only after apply.
struct KnownLater(Vec<String>);

impl KnownLater {
    /// The complaint about a call that needs them; `consequence` ends its sentence.
    fn so(&self, consequence: &str) -> Diagnostic {
        let names: Vec<String> = self.0.iter().map(|name| format!("`{name}`")).collect();
        let (settings, verb) = match names.as_slice() {
            [one] => (one.clone(), "is"),
            _ => (names.join(", "), "are"),
        };
        Diagnostic::error(
            Code::SettingsKnownAfterApply,
            "The token server cannot be reached while planning",
        )
        .detail(format!(
            "In the provider block, {settings} {verb} known only after apply, so {consequence}"
        ))
    }
}
