//! Clients for AWS and the providers, each built at most once per process, at init. A function
//! links only the clients it uses.

use std::{sync::OnceLock, time::Duration};

use aws_config::{
    BehaviorVersion, Region, SdkConfig, environment::EnvironmentVariableCredentialsProvider, retry::RetryConfig,
    stalled_stream_protection::StalledStreamProtectionConfig, timeout::TimeoutConfig,
};
use aws_smithy_http_client::{Builder, tls::Provider, tls::rustls_provider::CryptoMode};

use crate::{Error, Vars, http::Http};

/// The timeout of one attempt at an AWS call. The SDK has none of its own, and someone is waiting
/// for the page.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(1);
/// The timeout of an AWS call with all its attempts.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(3);
/// The same for messages, whose sender gets its answer within a second.
const MESSAGE_ATTEMPT_TIMEOUT: Duration = Duration::from_millis(300);
/// The pause before the second attempt; it doubles from there. (The SDK would wait up to a second.)
const INITIAL_BACKOFF: Duration = Duration::from_millis(25);

/// The clients of one process.
#[derive(Debug, Default)]
pub struct Clients {
    dynamodb: OnceLock<aws_sdk_dynamodb::Client>,
    eventbridge: OnceLock<aws_sdk_eventbridge::Client>,
    http: OnceLock<Http>,
}

impl Clients {
    /// Clients with an existing DynamoDB client.
    #[must_use]
    pub fn with(dynamodb: aws_sdk_dynamodb::Client) -> Self {
        Self { dynamodb: OnceLock::from(dynamodb), ..Self::default() }
    }

    /// The DynamoDB client.
    ///
    /// # Errors
    /// `misconfigured` when the environment names no region.
    pub fn dynamodb(&self, vars: &Vars) -> Result<aws_sdk_dynamodb::Client, Error> {
        if let Some(client) = self.dynamodb.get() {
            return Ok(client.clone());
        }
        let config = aws_config(vars, "AWS_ENDPOINT_URL_DYNAMODB")?;
        Ok(self.dynamodb.get_or_init(|| aws_sdk_dynamodb::Client::new(&config)).clone())
    }

    /// The Secrets Manager client.
    ///
    /// # Errors
    /// As [`Clients::dynamodb`].
    pub fn secrets_manager(vars: &Vars) -> Result<aws_sdk_secretsmanager::Client, Error> {
        Ok(aws_sdk_secretsmanager::Client::new(&aws_config(vars, "AWS_ENDPOINT_URL_SECRETS_MANAGER")?))
    }

    /// The EventBridge client.
    ///
    /// # Errors
    /// As [`Clients::dynamodb`].
    pub fn eventbridge(&self, vars: &Vars) -> Result<aws_sdk_eventbridge::Client, Error> {
        if let Some(client) = self.eventbridge.get() {
            return Ok(client.clone());
        }
        let config = aws_config(vars, "AWS_ENDPOINT_URL_EVENTBRIDGE")?;
        let timeouts = TimeoutConfig::builder().connect_timeout(MESSAGE_ATTEMPT_TIMEOUT).operation_attempt_timeout(MESSAGE_ATTEMPT_TIMEOUT);
        let config = aws_sdk_eventbridge::config::Builder::from(&config).timeout_config(timeouts.build()).build();
        Ok(self.eventbridge.get_or_init(|| aws_sdk_eventbridge::Client::from_conf(config)).clone())
    }

    /// The HTTP client for the providers.
    ///
    /// # Errors
    /// `misconfigured` when TLS can't be set up.
    pub fn http(&self) -> Result<Http, Error> {
        if let Some(http) = self.http.get() {
            return Ok(http.clone());
        }
        let http = Http::new()?;
        Ok(self.http.get_or_init(|| http).clone())
    }
}

/// The SDK's configuration, from the environment alone, where Lambda puts region and credentials.
/// The SDK's default chain would also look for profiles and metadata services, at the price of a
/// megabyte and a few milliseconds of init.
fn aws_config(vars: &Vars, endpoint_variable: &str) -> Result<SdkConfig, Error> {
    let region = vars.optional("AWS_REGION").or_else(|| vars.optional("AWS_DEFAULT_REGION"));
    let region = region.ok_or_else(|| Error::misconfigured("AWS_REGION is not set"))?;
    let endpoint = vars.optional(endpoint_variable).or_else(|| vars.optional("AWS_ENDPOINT_URL"));

    // An endpoint without TLS needs no root certificates, and loading them is the costliest part of
    // init.
    let http = Builder::new();
    let http_client = if endpoint.is_some_and(|url| url.starts_with("http://")) {
        http.build_http()
    } else {
        http.tls_provider(Provider::Rustls(CryptoMode::AwsLc)).build_https()
    };
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(ATTEMPT_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(OPERATION_TIMEOUT)
        .build();
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(region.to_owned()))
        .credentials_provider(aws_sdk_dynamodb::config::SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new()))
        .http_client(http_client)
        .timeout_config(timeouts)
        // Nothing is streamed, and the attempt's timeout also covers the reply's body.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .retry_config(RetryConfig::standard().with_max_attempts(3).with_initial_backoff(INITIAL_BACKOFF));
    config.set_endpoint_url(endpoint.map(str::to_owned));
    Ok(config.build())
}
