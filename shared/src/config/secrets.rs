//! The secret in AWS Secrets Manager that holds this service's secrets as one JSON object.

use std::collections::HashMap;

use aws_sdk_secretsmanager::{Client, error::SdkError};

use crate::{Error, Secret, calls::timed};

/// Reads the secret. Build once; each [`SecretStore::fetch`] is one call.
#[derive(Clone, Debug)]
pub struct SecretStore {
    client: Client,
    arn: String,
}

impl SecretStore {
    /// A store for the secret named by `arn`.
    #[must_use]
    pub fn new(client: Client, arn: String) -> Self {
        Self { client, arn }
    }

    /// The secrets by name.
    ///
    /// # Errors
    /// `storage_unavailable` when the store can't be reached or throttles; `misconfigured` when the
    /// secret does not exist, this function may not read it, or it is not a JSON object of strings.
    pub async fn fetch(&self) -> Result<HashMap<String, Secret>, Error> {
        let output = timed("secretsmanager.get_secret_value", self.client.get_secret_value().secret_id(&self.arn).send()).await.map_err(
            |error| {
                let code = match &error {
                    SdkError::ServiceError(service) => service.err().meta().code().unwrap_or("unknown").to_owned(),
                    _ => "unreachable".to_owned(),
                };
                match code.as_str() {
                    "ResourceNotFoundException"
                    | "AccessDeniedException"
                    | "InvalidParameterException"
                    | "InvalidRequestException"
                    | "DecryptionFailure" => Error::misconfigured(format!("SECRETS_ARN can't be read: {code}")),
                    _ => Error::storage_unavailable(format!("Secrets Manager: {code}")),
                }
            },
        )?;
        parse(output.secret_string().unwrap_or_default())
            .ok_or_else(|| Error::misconfigured("SECRETS_ARN does not hold a JSON object of texts"))
    }
}

fn parse(json: &str) -> Option<HashMap<String, Secret>> {
    serde_json::from_str(json).ok()
}
