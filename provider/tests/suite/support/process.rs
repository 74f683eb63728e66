//! The provider's executable, started as Terraform starts it, and a client that connects as Terraform connects.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair, PKCS_ECDSA_P521_SHA512};
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::UnixStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tonic::transport::{Channel, Endpoint};

pub(crate) const COOKIE: (&str, &str) = (
    "TF_PLUGIN_MAGIC_COOKIE",
    "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
);

/// The executable with a clean environment.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_terraform-provider-lanyard"));
    command
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A running provider process. Killed when dropped.
pub(crate) struct Process {
    child: Child,
    stdout: BufReader<std::process::ChildStdout>,
    /// The fields of the handshake line.
    pub(crate) fields: Vec<String>,
}

impl Process {
    /// Starts it under the cookie, with sockets in `directory`, and reads the line.
    pub(crate) fn start(directory: &Path, environment: &[(&str, &str)]) -> Self {
        let mut command = command();
        command
            .env(COOKIE.0, COOKIE.1)
            .env("TMPDIR", directory)
            .env("PLUGIN_PROTOCOL_VERSIONS", "6,5")
            .env("PLUGIN_MIN_PORT", "10000")
            .env("PLUGIN_MAX_PORT", "25000")
            .envs(environment.iter().copied());
        Self::spawn(command)
    }

    /// Starts a command and reads its first line; what the test runner prints before it is skipped.
    pub(crate) fn spawn(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::from("running");
        while line.starts_with("running") || line == "\n" {
            line.clear();
            stdout.read_line(&mut line).unwrap();
        }
        let fields = line
            .trim_end_matches('\n')
            .split('|')
            .map(str::to_owned)
            .collect();
        Self {
            child,
            stdout,
            fields,
        }
    }

    pub(crate) fn address(&self) -> &str {
        &self.fields[3]
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([format!("-{name}"), self.child.id().to_string()])
            .status();
        assert!(sent.unwrap().success());
    }

    /// The next line of stdout.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line
    }

    /// Waits for the end: status, the rest of stdout, stderr.
    pub(crate) fn end(mut self) -> (ExitStatus, String, String) {
        let (mut stdout, mut stderr) = (String::new(), String::new());
        self.stdout.read_to_string(&mut stdout).unwrap();
        let mut pipe = self.child.stderr.take().unwrap();
        pipe.read_to_string(&mut stderr).unwrap();
        (self.child.wait().unwrap(), stdout, stderr)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It has usually ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A channel over one stream.
pub(crate) async fn channel<Stream>(stream: Stream) -> Result<Channel, tonic::transport::Error>
where
    Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut stream = Some(TokioIo::new(stream));
    let connector = tower::service_fn(move |_| {
        let stream = stream.take();
        async move { stream.ok_or_else(|| std::io::Error::other("connected once already")) }
    });
    Endpoint::from_static("http://unused")
        .connect_with_connector(connector)
        .await
}

/// A channel to a process without encryption.
pub(crate) async fn plain(process: &Process) -> Channel {
    let stream = UnixStream::connect(process.address()).await.unwrap();
    channel(stream).await.unwrap()
}

/// Terraform's side of the encryption: a certificate on P-521 that calls itself an authority.
pub(crate) struct Client {
    certificate: CertificateDer<'static>,
    key: PrivatePkcs8KeyDer<'static>,
    pub(crate) pem: String,
}

impl Client {
    pub(crate) fn generate() -> Self {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512).unwrap();
        let mut parameters = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = parameters.self_signed(&key).unwrap();
        Self {
            pem: certificate.pem(),
            certificate: certificate.der().clone(),
            key: PrivatePkcs8KeyDer::from(key.serialize_der()),
        }
    }

    /// Connects and proves itself.
    pub(crate) async fn connect(&self, process: &Process) -> TlsStream<UnixStream> {
        let certificate = (vec![self.certificate.clone()], self.key.clone_key());
        connect(process, Some(certificate)).await
    }
}

/// Connects without a certificate.
pub(crate) async fn anonymous(process: &Process) -> TlsStream<UnixStream> {
    connect(process, None).await
}

async fn connect(
    process: &Process,
    certificate: Option<(Vec<CertificateDer<'static>>, PrivatePkcs8KeyDer<'static>)>,
) -> TlsStream<UnixStream> {
    let server = STANDARD_NO_PAD.decode(&process.fields[5]).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(server.into()).unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots);
    let mut config = match certificate {
        Some((chain, key)) => builder.with_client_auth_cert(chain, key.into()).unwrap(),
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    let stream = UnixStream::connect(process.address()).await.unwrap();
    TlsConnector::from(Arc::new(config))
        .connect(ServerName::try_from("localhost").unwrap(), stream)
        .await
        .expect("the server's side of the handshake is in order")
}
