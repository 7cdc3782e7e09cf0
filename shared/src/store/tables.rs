//! The two handles on the tables.

use crate::{clients::Clients, clock::Clock, config::Vars, encryption::KeyRing, error::Error};

use super::{audit, table::Database};

/// The sessions table.
#[derive(Clone, Debug)]
pub struct Sessions {
    pub(super) database: Database,
    pub(super) clock: Clock,
}

/// Both tables, and the keys for what is sealed in them.
#[derive(Clone, Debug)]
pub struct Tables {
    pub(super) database: Database,
    pub(super) keys: KeyRing,
    pub(super) clock: Clock,
    /// How long an audit record is kept, in seconds.
    pub(super) audit_retention: u64,
}

impl Sessions {
    /// Reads `SESSIONS_TABLE`.
    ///
    /// # Errors
    /// `misconfigured`.
    pub fn from_vars(vars: &Vars, clients: &Clients, clock: Clock) -> Result<Self, Error> {
        Ok(Self { database: Database::of_sessions(vars, clients)?, clock })
    }

    /// One cheap read, so that connection and credentials are ready before the first request.
    pub async fn warm_up(&self) {
        self.database.warm_up().await;
    }
}

impl Tables {
    /// Reads `CONNECTIONS_TABLE`, `SESSIONS_TABLE` and `TOKEN_ENCRYPTION_KEYS`.
    ///
    /// # Errors
    /// `misconfigured`.
    pub fn from_vars(vars: &Vars, clients: &Clients, clock: Clock) -> Result<Self, Error> {
        let keys = KeyRing::from_vars(vars)?;
        Ok(Self { database: Database::of_both(vars, clients)?, keys, clock, audit_retention: audit::DEFAULT_RETENTION })
    }

    /// Reads `AUDIT_RETENTION_DAYS`, for a function that erases.
    ///
    /// # Errors
    /// `misconfigured`.
    pub fn with_audits(self, vars: &Vars) -> Result<Self, Error> {
        Ok(Self { audit_retention: audit::retention(vars)?, ..self })
    }

    /// One cheap read, so that connection and credentials are ready before the first request.
    pub async fn warm_up(&self) {
        self.database.warm_up().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::scripted::{DAY, Scripted};

    #[test]
    fn audit_records_are_kept_for_as_many_days_as_are_configured() {
        let tables = Scripted::new(Vec::new()).tables();
        assert_eq!(tables.audit_retention, 400 * DAY);
        let configured = tables.with_audits(&Vars::from_pairs([("AUDIT_RETENTION_DAYS", "30")])).unwrap();
        assert_eq!(configured.audit_retention, 30 * DAY);
    }
}
