//! Another DynamoDB implementation in place of the engine in this process: a server that keeps accounts apart by the access key's id, as ministack does.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// Names the server, such as `http://127.0.0.1:4566`.
const VARIABLE: &str = "E2E_DYNAMODB_ENDPOINT";
const LIMIT: Duration = Duration::from_secs(20);

/// An account of its own at that server.
pub(super) struct Other {
    pub(super) endpoint: String,
    pub(super) account: String,
}

impl Other {
    pub(super) fn from_env() -> Option<Self> {
        let endpoint = std::env::var(VARIABLE).ok().filter(|endpoint| !endpoint.is_empty())?;
        let account = format!("{:012}", u64::from_be_bytes(crate::random::bytes()) % 1_000_000_000_000);
        Some(Self { endpoint: endpoint.trim_end_matches('/').to_owned(), account })
    }

    /// Nobody checks the signature.
    pub(super) fn authorization(&self) -> String {
        format!("AWS4-HMAC-SHA256 Credential={}/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0", self.account)
    }

    /// One call, from code that can't wait otherwise.
    pub(super) fn call(&self, operation: &str, body: &Value) -> Result<Value, String> {
        let (status, reply) = self.exchange(operation, &body.to_string()).map_err(|error| format!("{operation}: {error}"))?;
        if status != 200 {
            return Err(format!("{operation}: {status}: {reply}"));
        }
        serde_json::from_str(&reply).map_err(|error| format!("{operation}: {error}: {reply}"))
    }

    /// HTTP 1.0, whose replies come whole and end with the connection.
    fn exchange(&self, operation: &str, body: &str) -> std::io::Result<(u16, String)> {
        let address = self.endpoint.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(LIMIT))?;
        write!(
            stream,
            "POST / HTTP/1.0\r\nHost: {address}\r\nX-Amz-Target: DynamoDB_20120810.{operation}\r\nContent-Type: application/x-amz-json-1.0\r\n\
             Authorization: {}\r\nContent-Length: {}\r\n\r\n{body}",
            self.authorization(),
            body.len()
        )?;
        let mut reply = String::new();
        stream.read_to_string(&mut reply)?;
        let (head, body) = reply.split_once("\r\n\r\n").unwrap_or_default();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
        Ok((status, body.to_owned()))
    }
}
