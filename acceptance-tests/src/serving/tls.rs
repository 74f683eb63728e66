//! TLS with a private certificate authority, made anew at each start: a client trusts `ca_file` and nothing else
//! need be installed.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

use crate::store::Database;

/// The names a client may call the server by.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

pub(crate) struct Tls {
    pub(crate) acceptor: TlsAcceptor,
    pub(crate) ca_file: CaFile,
}

/// The authority's certificate as PEM; one in the temporary folder is removed with the server.
pub(crate) struct CaFile {
    pub(crate) path: PathBuf,
    temporary: bool,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    #[error("cannot make the server's certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    #[error("cannot use the server's certificate: {0}")]
    Configuration(#[from] rustls::Error),
    #[error("cannot write the certificate authority to {path}: {source}", path = .path.display())]
    CaFile { path: PathBuf, source: io::Error },
}

impl Tls {
    pub(crate) fn new(database: &Database) -> Result<Self, TlsError> {
        let authority = authority()?;
        let key = KeyPair::generate()?;
        let mut leaf = CertificateParams::new(NAMES.map(str::to_owned))?;
        leaf.distinguished_name
            .push(DnType::CommonName, "lanyard-token-server");
        leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        leaf.use_authority_key_identifier_extension = true;
        let leaf = leaf.signed_by(&key, &authority)?;

        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(
                vec![leaf.der().clone()],
                PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der())),
            )?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            ca_file: CaFile::write(database, &authority.pem())?,
        })
    }
}

fn authority() -> Result<CertifiedIssuer<'static, KeyPair>, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params
        .distinguished_name
        .push(DnType::CommonName, "lanyard-token-server authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}

impl CaFile {
    fn write(database: &Database, pem: &str) -> Result<Self, TlsError> {
        let (path, temporary) = match database {
            Database::File(path) => (beside(path), false),
            Database::Memory => (temporary_path(), true),
        };
        let mut options = OpenOptions::new();
        options.write(true);
        // In the shared temporary folder, never follow what somebody else put there.
        if temporary {
            options.create_new(true);
        } else {
            options.create(true).truncate(true);
        }
        let written = options
            .open(&path)
            .and_then(|mut file| file.write_all(pem.as_bytes()));
        match written {
            Ok(()) => Ok(Self { path, temporary }),
            Err(source) => Err(TlsError::CaFile { path, source }),
        }
    }
}

impl Drop for CaFile {
    fn drop(&mut self) {
        if self.temporary {
            // A file that stays behind holds nothing secret.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".ca.pem");
    std::path::absolute(&name).unwrap_or_else(|_| PathBuf::from(name))
}

fn temporary_path() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let unique = format!(
        "lanyard-token-server-{}-{}-{}.ca.pem",
        std::process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed),
        crate::secret::random_base62(8),
    );
    std::env::temp_dir().join(unique)
}
