//! The two tables behind one client.

use std::fmt;

use aws_sdk_dynamodb::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    operation::{delete_item::DeleteItemError, put_item::PutItemError, update_item::UpdateItemError},
    types::{ReturnValue, error::ConditionalCheckFailedException},
};

use crate::{Error, calls::timed, clients::Clients, config::Vars};

use super::{
    Failure, Key, Pause, Row, Table, Write,
    attribute::Item,
    write::{Kind, Parts, conditional},
};

/// A client, and the names of a function's tables.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    pub(super) client: Client,
    sessions: Option<String>,
    connections: Option<String>,
}

/// The outcome of a single write.
#[derive(Debug)]
pub(crate) enum Answer {
    /// It was written: the new item, if requested.
    Written(Row),
    /// Its condition failed: the current item, if requested and there is one.
    Refused(Option<Row>),
}

impl Answer {
    pub(crate) const fn is_written(&self) -> bool {
        matches!(self, Self::Written(_))
    }
}

impl Database {
    /// Reads `SESSIONS_TABLE`.
    ///
    /// # Errors
    /// `misconfigured`.
    pub(crate) fn of_sessions(vars: &Vars, clients: &Clients) -> Result<Self, Error> {
        Ok(Self::new(clients.dynamodb(vars)?, Some(name(vars, "SESSIONS_TABLE")?), None))
    }

    /// Reads `SESSIONS_TABLE` and `CONNECTIONS_TABLE`.
    ///
    /// # Errors
    /// `misconfigured`.
    pub(crate) fn of_both(vars: &Vars, clients: &Clients) -> Result<Self, Error> {
        let connections = name(vars, "CONNECTIONS_TABLE")?;
        Ok(Self::new(clients.dynamodb(vars)?, Some(name(vars, "SESSIONS_TABLE")?), Some(connections)))
    }

    /// Reads `CONNECTIONS_TABLE`.
    ///
    /// # Errors
    /// `misconfigured`.
    pub(crate) fn of_connections(vars: &Vars, clients: &Clients) -> Result<Self, Error> {
        Ok(Self::new(clients.dynamodb(vars)?, None, Some(name(vars, "CONNECTIONS_TABLE")?)))
    }

    pub(crate) const fn new(client: Client, sessions: Option<String>, connections: Option<String>) -> Self {
        Self { client, sessions, connections }
    }

    /// One cheap read, so that the connection and credentials are ready before the first request.
    pub(crate) async fn warm_up(&self) {
        let (sessions, both) = (Key::in_sessions("warm-up"), Key::in_connections("warm-up", "warm-up"));
        let key = if self.connections.is_some() { both } else { sessions };
        let Ok(table) = self.name(key.table) else { return };
        let read = self.client.get_item().table_name(table).set_key(Some(key.item()));
        let _ = timed("dynamodb.warm_up", read.send()).await;
    }

    pub(super) fn name(&self, table: Table) -> Result<&str, Failure> {
        let name = match table {
            Table::Sessions => &self.sessions,
            Table::Connections => &self.connections,
        };
        name.as_deref().ok_or_else(|| Failure::unsent("table", "this function was not given this table"))
    }

    /// An item, strongly consistent.
    ///
    /// # Errors
    /// [`Failure`], timed under `name`.
    pub(crate) async fn read(&self, name: &'static str, key: Key) -> Result<Option<Row>, Failure> {
        let read = self.client.get_item().table_name(self.name(key.table)?).consistent_read(true);
        let read = read.set_key(Some(key.item()));
        let output = timed(name, read.send()).await.map_err(|e| Failure::of(name, &e))?;
        Ok(output.item.map(Row))
    }

    /// Writes one item, on the write's condition. Transient errors are retried as the same write.
    ///
    /// # Errors
    /// [`Failure`], timed under `name`.
    pub(crate) async fn write_one(&self, name: &'static str, write: Write) -> Result<Answer, Failure> {
        let table = self.name(write.key.table)?;
        let mut pause = Pause::default();
        loop {
            match self.send(name, table, write.parts()).await {
                Err(failure) if !pause.is_over(&failure).await => {}
                answer => return answer,
            }
        }
    }

    async fn send(&self, name: &'static str, table: &str, parts: Parts) -> Result<Answer, Failure> {
        let item = Some(parts.item);
        match parts.kind {
            Kind::Put => {
                let put = conditional!(self.client.put_item().table_name(table).set_item(item), parts);
                answer(
                    name,
                    timed(name, put.send()).await,
                    |_| None,
                    |error| match error {
                        PutItemError::ConditionalCheckFailedException(refused) => Some(refused),
                        _ => None,
                    },
                )
            }
            Kind::Update => {
                let update = self.client.update_item().table_name(table).set_key(item).set_update_expression(parts.update);
                let update = conditional!(update.set_return_values(parts.returns_new.then_some(ReturnValue::AllNew)), parts);
                answer(
                    name,
                    timed(name, update.send()).await,
                    |output| output.attributes,
                    |error| match error {
                        UpdateItemError::ConditionalCheckFailedException(refused) => Some(refused),
                        _ => None,
                    },
                )
            }
            Kind::Delete => {
                let delete = conditional!(self.client.delete_item().table_name(table).set_key(item), parts);
                answer(
                    name,
                    timed(name, delete.send()).await,
                    |_| None,
                    |error| match error {
                        DeleteItemError::ConditionalCheckFailedException(refused) => Some(refused),
                        _ => None,
                    },
                )
            }
            Kind::Check => Err(Failure::unsent(name, "a check alone writes nothing")),
        }
    }
}

/// A failed condition is an answer; any other error is a failure.
fn answer<O, E: ProvideErrorMetadata, R: fmt::Debug>(
    name: &str,
    result: Result<O, SdkError<E, R>>,
    now: impl FnOnce(O) -> Option<Item>,
    refused: impl FnOnce(&E) -> Option<&ConditionalCheckFailedException>,
) -> Result<Answer, Failure> {
    match result {
        Ok(output) => Ok(Answer::Written(Row(now(output).unwrap_or_default()))),
        Err(error) => match error.as_service_error().and_then(refused) {
            Some(refused) => Ok(Answer::Refused(refused.item().cloned().map(Row))),
            None => Err(Failure::of(name, &error)),
        },
    }
}

fn name(vars: &Vars, variable: &str) -> Result<String, Error> {
    let is_name = |name: &str| (3..=1024).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_graphic());
    vars.checked(variable, None, is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_a_name_or_an_arn() {
        let named = |text: &str| name(&Vars::from_pairs([("T", text)]), "T").is_ok();
        for good in ["abc", "arn:aws:dynamodb:eu-central-1:123456789012:table/links", &"a".repeat(1024)] {
            assert!(named(good), "{good}");
        }
        for bad in ["ab", "a b c", "täble", &"a".repeat(1025), ""] {
            assert!(!named(bad), "{bad}");
        }
    }
}
