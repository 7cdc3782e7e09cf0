//! Invokes `token-keeper`: Lambda's `Invoke`, signed with AWS's own signer. Lambda's SDK would turn
//! on event streams in every other client of the workspace, and be the largest of them, for this
//! one call: <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use aws_config::SdkConfig;
use aws_credential_types::provider::ProvideCredentials as _;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4::SigningParams,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Client, Response, redirect::Policy};
use serde_json::Value;

use crate::failure::Failure;

const CONNECT: Duration = Duration::from_secs(5);
/// The keeper runs for five minutes at most, and answers before that.
const INVOCATION: Duration = Duration::from_secs(310);
/// Lambda's limit for a reply.
const MAX_REPLY: usize = 6 * 1024 * 1024;
/// Characters that need no escape in a path (RFC 3986, section 2.3).
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The function that makes all changes.
pub(crate) struct Keeper {
    config: SdkConfig,
    client: Client,
    url: String,
}

impl Keeper {
    /// The function with this name or ARN, at the endpoint from the environment or the region's
    /// own.
    pub(crate) fn new(config: &SdkConfig, function: &str) -> Result<Self, Failure> {
        let variable = |name: &str| std::env::var(name).ok().filter(|url| !url.is_empty());
        let region = config.region().ok_or_else(|| Failure::broken("which region? --region, AWS_REGION or the profile says it"))?;
        let endpoint =
            variable("AWS_ENDPOINT_URL_LAMBDA").or_else(|| variable("AWS_ENDPOINT_URL")).unwrap_or_else(|| endpoint(region.as_ref()));
        let url = url(&endpoint, function);
        let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let tls = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| Failure::broken(format!("TLS: {error}")))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        // Without retries: the user sees the outcome, and can try again.
        let client = Client::builder().tls_backend_preconfigured(tls).redirect(Policy::none()).retry(reqwest::retry::never());
        let client = client.connect_timeout(CONNECT).timeout(INVOCATION).build();
        let client = client.map_err(|_| Failure::broken("the HTTP client can't be set up"))?;
        Ok(Self { config: config.clone(), client, url })
    }

    /// Invokes it; an error reply is a failure.
    pub(crate) async fn ask(&self, payload: &Value) -> Result<Value, Failure> {
        let payload = payload.to_string();
        let mut request = self.client.post(&self.url);
        for (name, value) in self.signed(payload.as_bytes()).await? {
            request = request.header(name, value);
        }
        let reply = request.body(payload).send().await.map_err(|error| not_answered(&error))?;
        let status = reply.status();
        let header = |name: &str| Some(reply.headers().get(name)?.to_str().ok()?.to_owned());
        let (error_type, function_error) = (header("x-amzn-errortype"), header("x-amz-function-error"));
        let answer: Option<Value> = serde_json::from_slice(&body(reply).await?).ok();
        if !status.is_success() {
            let message = answer.as_ref().and_then(|answer| answer.get("message").or(answer.get("Message"))?.as_str());
            let code = error_type.as_deref().and_then(|code| code.split(':').next()).unwrap_or(status.as_str());
            return Err(Failure::broken(format!("lambda:InvokeFunction: {code}: {}", message.unwrap_or("no more is known"))));
        }
        if let Some(error) = function_error {
            return Err(Failure::broken(format!("token-keeper ended by itself ({error}); its log says why")));
        }
        told(answer.ok_or_else(|| Failure::broken("token-keeper gave no answer that can be read"))?)
    }

    /// The headers that authenticate the caller.
    async fn signed(&self, payload: &[u8]) -> Result<Vec<(String, String)>, Failure> {
        let provider = self.config.credentials_provider().ok_or_else(|| Failure::broken("there are no AWS credentials"))?;
        let credentials = provider.provide_credentials().await.map_err(|error| Failure::broken(format!("AWS credentials: {error}")))?;
        let identity = credentials.into();
        let region = self.config.region().map(ToString::to_string).unwrap_or_default();
        let unsigned = |error: String| Failure::broken(format!("the request can't be signed: {error}"));
        let parameters = SigningParams::builder().identity(&identity).region(&region).name("lambda").time(SystemTime::now());
        let parameters = parameters.settings(SigningSettings::default()).build().map_err(|error| unsigned(error.to_string()))?;
        let request = SignableRequest::new("POST", &self.url, std::iter::empty(), SignableBody::Bytes(payload));
        let signed = request.and_then(|request| sign(request, &parameters.into())).map_err(|error| unsigned(error.to_string()))?;
        let (instructions, _) = signed.into_parts();
        Ok(instructions.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }
}

/// The function's reply; an error reply is a failure.
fn told(answer: Value) -> Result<Value, Failure> {
    let word = |name: &str| answer.pointer(&format!("/error/{name}")).and_then(Value::as_str);
    match (word("code"), word("detail").unwrap_or("no more is known")) {
        (None, _) => Ok(answer),
        (Some("invalid_request"), detail) => Err(Failure::no(format!("refused: {detail}"))),
        (Some(code), detail) => Err(Failure::broken(format!("token-keeper: {code}: {detail}"))),
    }
}

async fn body(mut reply: Response) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = reply.chunk().await.map_err(|error| not_answered(&error))? {
        if body.len() + chunk.len() > MAX_REPLY {
            return Err(Failure::broken("lambda:InvokeFunction: the answer is larger than any of Lambda's"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The innermost says what is wrong.
fn not_answered(error: &reqwest::Error) -> Failure {
    let mut inner: &dyn std::error::Error = error;
    while let Some(next) = inner.source() {
        inner = next;
    }
    Failure::broken(format!(
        "lambda:InvokeFunction: {}",
        if error.is_timeout() { "no answer in time".to_owned() } else { inner.to_string() }
    ))
}

/// Where a region's Lambda answers:
/// <https://docs.aws.amazon.com/general/latest/gr/lambda-service.html>.
fn endpoint(region: &str) -> String {
    let china = if region.starts_with("cn-") { ".cn" } else { "" };
    format!("https://lambda.{region}.amazonaws.com{china}")
}

fn url(endpoint: &str, function: &str) -> String {
    format!("{}/2015-03-31/functions/{}/invocations", endpoint.trim_end_matches('/'), utf8_percent_encode(function, IN_PATH))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_function_is_invoked_at_its_regions_endpoint_by_name_and_alias() {
        assert_eq!(
            url(&endpoint("eu-central-1"), "messenger-link-TokenKeeper_1:live"),
            "https://lambda.eu-central-1.amazonaws.com/2015-03-31/functions/messenger-link-TokenKeeper_1%3Alive/invocations"
        );
        assert_eq!(url("http://127.0.0.1:9000/", "token-keeper"), "http://127.0.0.1:9000/2015-03-31/functions/token-keeper/invocations");
        assert_eq!(endpoint("cn-north-1"), "https://lambda.cn-north-1.amazonaws.com.cn");
    }

    #[test]
    fn refusals_and_failures_are_distinguished() {
        assert_eq!(told(json!({ "erased": "whole" })).unwrap(), json!({ "erased": "whole" }));
        let refused = told(json!({ "error": { "code": "invalid_request", "detail": "No." } }));
        assert!(matches!(refused, Err(Failure::No(text)) if text == "refused: No."));
        let failed = told(json!({ "error": { "code": "storage_unavailable", "detail": "Later." } }));
        assert!(matches!(failed, Err(Failure::Broken(text)) if text == "token-keeper: storage_unavailable: Later."));
    }
}
