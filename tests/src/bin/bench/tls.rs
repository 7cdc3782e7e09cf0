//! A certificate for this run alone.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto::aws_lc_rs};

/// What serves TLS for 127.0.0.1, and the file with the certificate that a client has to trust for it. None without the
/// `openssl` command.
pub(crate) fn acceptor(folder: &Path) -> Option<(TlsAcceptor, PathBuf)> {
    let (key, certificate) = (folder.join("key.pem"), folder.join("certificate.pem"));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"])
        // Not an authority, though nobody else signed it: a client takes an authority's certificate for no server's.
        .args(["-subj", "/CN=bench", "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "subjectAltName=IP:127.0.0.1"])
        .args([Path::new("-keyout"), &key, Path::new("-out"), &certificate])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    made.ok().filter(std::process::ExitStatus::success)?;
    let chain = vec![CertificateDer::from_pem_file(&certificate).expect("openssl writes PEM")];
    let key = PrivateKeyDer::from_pem_file(&key).expect("openssl writes PEM");
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the defaults fit each other")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("the key is the certificate's");
    Some((TlsAcceptor::from(Arc::new(config)), certificate))
}
