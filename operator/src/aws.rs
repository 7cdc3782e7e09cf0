//! AWS clients with the user's credentials, found the way the AWS command line finds them.

use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig, timeout::TimeoutConfig};
use aws_sdk_eventbridge::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_http_client::{Builder, tls::Provider, tls::rustls_provider::CryptoMode};
use shared::{Clock, Vars, clients::Clients, store::Directory};

use crate::{arguments::AwsArguments, failure::Failure, keeper::Keeper, stack::Stack};

/// Allows for a connection from anywhere in the world, while a user waits.
const CONNECT: Duration = Duration::from_secs(5);
const ATTEMPT: Duration = Duration::from_secs(10);

/// The shared client configuration.
pub(crate) struct Aws {
    config: SdkConfig,
}

impl Aws {
    pub(crate) async fn new(arguments: &AwsArguments) -> Self {
        let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT).operation_attempt_timeout(ATTEMPT).build();
        let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
            .http_client(Builder::new().tls_provider(Provider::Rustls(CryptoMode::AwsLc)).build_https())
            .timeout_config(timeouts);
        if let Some(profile) = &arguments.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(region) = &arguments.region {
            loader = loader.region(Region::new(region.clone()));
        }
        Self { config: loader.load().await }
    }

    pub(crate) fn clients(&self) -> Clients {
        Clients::with(aws_sdk_dynamodb::Client::new(&self.config))
    }

    pub(crate) fn directory(&self, stack: &Stack) -> Result<Directory, Failure> {
        let vars = Vars::from_pairs([("CONNECTIONS_TABLE", stack.connections_table()?)]);
        Ok(Directory::from_vars(&vars, &self.clients(), Clock::system())?)
    }

    pub(crate) fn event_bridge(&self) -> aws_sdk_eventbridge::Client {
        aws_sdk_eventbridge::Client::new(&self.config)
    }

    pub(crate) fn keeper(&self, stack: &Stack) -> Result<Keeper, Failure> {
        Keeper::new(&self.config, stack.keeper()?)
    }
}

/// What AWS answered, or why it did not.
pub(crate) fn not_done<E, R>(action: &str, error: &SdkError<E, R>) -> Failure
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug,
{
    if let Some(answer) = error.as_service_error() {
        let (code, message) = (answer.code().unwrap_or("unknown"), answer.message().unwrap_or("no more is known"));
        return Failure::broken(format!("{action}: {code}: {message}"));
    }
    // The innermost says what is wrong: no credentials, no connection.
    let mut inner: &dyn std::error::Error = error;
    while let Some(next) = inner.source() {
        inner = next;
    }
    Failure::broken(format!("{action}: {inner}"))
}
