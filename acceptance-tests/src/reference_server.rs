//! Starting and stopping a server from synchronous code: tests and the command.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::dialects::{Api, Credentials};
use crate::faults::{FaultError, FaultRule, Faults};
use crate::recent_secrets::RecentSecrets;
use crate::secret;
use crate::serving::listen;
use crate::serving::profile::Profile;
use crate::serving::rate_limit::RateLimit;
use crate::serving::requests::Requests;
use crate::serving::secret_log::SecretLog;
use crate::serving::server::Server;
use crate::serving::tls::{CaFile, Tls, TlsError};
use crate::store::{Database, OpenError, Operator, Store, StoreError};

/// How to start a server. [`Options::new`] is an in-memory one on a free port of the loopback interface.
#[derive(Clone, Debug)]
pub struct Options {
    /// The API to speak.
    pub api: Api,
    /// Address and port; port 0 takes a free one.
    pub listen: String,
    /// Where to keep the data.
    pub database: Database,
    /// Whether to speak HTTPS.
    pub tls: bool,
    /// Faults from the start.
    pub faults: Vec<FaultRule>,
    /// Requests per second that each credential may make.
    pub rate_limit: Option<u32>,
    /// Where to note secrets for leak searches.
    pub secret_log: Option<PathBuf>,
    /// Waited before each answer.
    pub latency: Duration,
}

impl Options {
    /// In memory, on a free port of the loopback interface, without TLS, limits and faults.
    #[must_use]
    pub fn new(api: Api) -> Self {
        Self {
            api,
            listen: "127.0.0.1:0".to_owned(),
            database: Database::Memory,
            tls: false,
            faults: Vec::new(),
            rate_limit: None,
            secret_log: None,
            latency: Duration::ZERO,
        }
    }
}

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is taken, not this machine's, or no address.
    #[error("cannot listen on {listen}: {source}{}", listen_hint(source))]
    Listen {
        /// As it was given.
        listen: String,
        /// What the system said.
        source: io::Error,
    },
    /// The database cannot be used.
    #[error("{error}{hint}", error = .0, hint = open_hint(.0))]
    Database(#[from] OpenError),
    /// The database was opened, but refused to be written.
    #[error("cannot write to the database: {0}")]
    Write(#[from] StoreError),
    /// The fault rules make no sense.
    #[error(transparent)]
    Faults(#[from] FaultError),
    /// There is no certificate to speak TLS with.
    #[error("{0}")]
    Tls(String),
    /// The secret log cannot be written.
    #[error("cannot write the secret log {path}: {source}", path = .path.display())]
    SecretLog {
        /// As it was given.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The system refused a thread.
    #[error("cannot start the server's threads: {0}")]
    Threads(io::Error),
}

/// A running server; dropping it stops it.
pub struct ReferenceServer {
    /// Where it answers, without a slash at the end.
    pub url: String,
    /// The operator's token, where the API signs in with one.
    pub token: Option<String>,
    /// The operator's name, where the API signs in with one.
    pub username: Option<String>,
    /// The operator's password, where the API signs in with one.
    pub password: Option<String>,
    /// The organization to name, where the API has them.
    pub organization: Option<String>,
    /// The certificate authority to trust, as a PEM file, when it speaks TLS.
    pub ca_file: Option<PathBuf>,
    /// The API it speaks.
    pub api: Api,
    server: Arc<Server>,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
    _ca_file: Option<CaFile>,
}

impl ReferenceServer {
    /// Starts a server on threads of its own and returns once it accepts connections.
    pub fn start(options: Options) -> Result<Self, StartError> {
        let server = assemble(&options, Store::open(&options.database)?)?;
        let credentials = mint_operator(&server, options.api)?;
        Self::run(&options, Arc::new(server), credentials)
    }

    /// Starts another one, in memory and as [`Options::new`] has it, that knows what this one has stored by now: its objects, its clock, and
    /// its operator.
    pub fn copy(&self) -> Result<Self, StartError> {
        let options = Options::new(self.api);
        let server = assemble(&options, self.server.store().copy()?)?;
        let credentials = Credentials {
            token: self.token.clone(),
            username: self.username.clone(),
            password: self.password.clone(),
            organization: self.organization.clone(),
        };
        Self::run(&options, Arc::new(server), credentials)
    }

    fn run(
        options: &Options,
        server: Arc<Server>,
        credentials: Credentials,
    ) -> Result<Self, StartError> {
        let tls = options
            .tls
            .then(|| Tls::new(&options.database))
            .transpose()
            .map_err(|error: TlsError| StartError::Tls(error.to_string()))?;
        let (listener, address) = bind(&options.listen)?;
        let scheme = server.scheme;
        let (acceptor, ca_file) = tls.map(|tls| (tls.acceptor, tls.ca_file)).unzip();
        let (stop, stopped) = watch::channel(false);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(StartError::Threads)?;
        let served = Arc::clone(&server);
        let thread = std::thread::Builder::new()
            .name("lanyard-token-server".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    // Registering a bound listener fails only without an IO driver, and this runtime has one.
                    if let Ok(listener) = tokio::net::TcpListener::from_std(listener) {
                        listen::run(listener, acceptor, served, stopped).await;
                    }
                });
                // Does not wait for slow faults that are still asleep.
                runtime.shutdown_background();
            })
            .map_err(StartError::Threads)?;
        Ok(Self {
            url: format!("{scheme}://{address}"),
            token: credentials.token,
            username: credentials.username,
            password: credentials.password,
            organization: credentials.organization,
            ca_file: ca_file.as_ref().map(|file| file.path.clone()),
            api: options.api,
            server,
            stop,
            thread: Some(thread),
            _ca_file: ca_file,
        })
    }

    /// The server's clock, to be read and moved.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.server.clock.clone()
    }

    /// The fault rules in force.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.server.faults
    }

    /// The requests so far.
    #[must_use]
    pub fn requests(&self) -> &Requests {
        &self.server.requests
    }

    /// Looks into the store, past every API: what is really there. No request is answered meanwhile.
    pub fn store<T>(&self, look: impl FnOnce(&Store) -> T) -> T {
        look(&self.server.store())
    }
}

impl Drop for ReferenceServer {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if let Some(thread) = self.thread.take() {
            // A panic on that thread was already reported there.
            let _ = thread.join();
        }
    }
}

fn assemble(options: &Options, store: Store) -> Result<Server, StartError> {
    let store = Arc::new(Mutex::new(store));
    let faults = Faults::default();
    faults.replace(options.faults.clone())?;
    let secret_log = match &options.secret_log {
        None => SecretLog::default(),
        Some(path) => SecretLog::open(path).map_err(|source| StartError::SecretLog {
            path: path.clone(),
            source,
        })?,
    };
    Ok(Server {
        dialect: options.api.dialect(),
        clock: Clock::new(Arc::clone(&store))?,
        store,
        faults,
        requests: Requests::default(),
        rate_limit: options.rate_limit.map(RateLimit::new),
        latency: options.latency,
        secret_log,
        recent_secrets: RecentSecrets::default(),
        profile: Profile::default(),
        scheme: if options.tls { "https" } else { "http" },
    })
}

fn mint_operator(server: &Server, api: Api) -> Result<Credentials, StoreError> {
    let minted = secret::mint();
    let operator = Operator {
        id: format!("op_{}", secret::random_base62(16)),
    };
    let now = server.clock.now();
    server
        .store()
        .insert_operator(&operator, &secret::hash(&minted), now)?;
    api.dialect().prepare(&server.store(), now)?;
    server.secret_log.add(&minted);
    Ok(api.dialect().credentials(&minted))
}

fn bind(listen: &str) -> Result<(TcpListener, SocketAddr), StartError> {
    let bound = TcpListener::bind(listen).and_then(|listener| {
        listener.set_nonblocking(true)?;
        let mut address = listener.local_addr()?;
        // Every interface includes the loopback one; its address is one that can be called.
        if address.ip().is_unspecified() {
            address.set_ip(Ipv4Addr::LOCALHOST.into());
        }
        Ok((listener, address))
    });
    bound.map_err(|source| StartError::Listen {
        listen: listen.to_owned(),
        source,
    })
}

fn listen_hint(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::AddrInUse => {
            "\nhint: another program has this port; port 0 takes a free one, e.g. --listen 127.0.0.1:0"
        }
        io::ErrorKind::PermissionDenied => {
            "\nhint: ports below 1024 need privileges; take a higher one, or 0 for a free one"
        }
        io::ErrorKind::InvalidInput => {
            "\nhint: give an address and a port, e.g. --listen 127.0.0.1:8080"
        }
        _ => "",
    }
}

fn open_hint(error: &OpenError) -> &'static str {
    match error {
        OpenError::Unusable { .. } => {
            "\nhint: name a file in a folder that exists and that you may write to, or `memory`"
        }
        OpenError::Newer { .. } => "\nhint: start the newer version, or name another file",
    }
}
