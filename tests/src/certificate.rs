//! Certificates that a test makes for itself and that nobody else trusts.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::CertifiedKey;
use sha2::{Digest as _, Sha256};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// A certificate that signed itself, with its key.
pub struct Certificate {
    /// Serves TLS with it.
    pub acceptor: TlsAcceptor,
    /// For a client that reads the authorities it trusts from a file.
    pub pem: String,
    /// SHA-256 of its public key (RFC 5280, `SubjectPublicKeyInfo`) in base64, for a client that trusts a key.
    pub key_fingerprint: String,
}

impl Certificate {
    /// For these names: domains, domains with a `*` in front, or addresses.
    ///
    /// # Panics
    ///
    /// When a name is none.
    #[must_use]
    pub fn issue(names: &[&str]) -> Self {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(names).expect("names of a certificate");
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("the defaults fit each other")
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .expect("the key is the certificate's");
        Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            pem: cert.pem(),
            key_fingerprint: STANDARD.encode(Sha256::digest(rcgen::PublicKeyData::subject_public_key_info(&signing_key))),
        }
    }
}
