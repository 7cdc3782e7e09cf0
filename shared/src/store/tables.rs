//! The two handles on the tables.

use crate::{Clock, Error, clients::Clients, config::Vars, encryption::KeyRing, platform::Platforms, providers::PLATFORMS};

use super::table::Database;

const DAY: u64 = 24 * 3600;
/// How long audit records are kept, in seconds, unless configured otherwise.
pub(super) const AUDIT_RETENTION: u64 = 400 * DAY;

/// The sessions table.
#[derive(Clone, Debug)]
pub struct Sessions {
    pub(super) database: Database,
    pub(super) clock: Clock,
    /// The platforms whose accounts are known.
    pub(super) platforms: Platforms,
}

/// Both tables, and the keys to what is sealed in them.
#[derive(Clone, Debug)]
pub struct Tables {
    pub(super) database: Database,
    pub(super) keys: KeyRing,
    pub(super) clock: Clock,
    /// The platforms whose accounts and grants are known.
    pub(super) platforms: Platforms,
    /// How long an audit record is kept, in seconds.
    pub(super) audit_retention: u64,
}

impl Sessions {
    /// Reads `SESSIONS_TABLE`.
    ///
    /// # Errors
    /// `misconfigured`.
    pub fn from_vars(vars: &Vars, clients: &Clients, clock: Clock) -> Result<Self, Error> {
        Ok(Self { database: Database::of_sessions(vars, clients)?, clock, platforms: PLATFORMS })
    }

    /// With platforms other than this service's.
    #[must_use]
    pub const fn of_platforms(mut self, platforms: Platforms) -> Self {
        self.platforms = platforms;
        self
    }

    /// One cheap read, so that the connection and credentials are ready before the first request.
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
        Ok(Self { database: Database::of_both(vars, clients)?, keys, clock, platforms: PLATFORMS, audit_retention: AUDIT_RETENTION })
    }

    /// The same without `SESSIONS_TABLE`, for a function that touches no session.
    ///
    /// # Errors
    /// `misconfigured`.
    pub fn without_sessions(vars: &Vars, clients: &Clients, clock: Clock) -> Result<Self, Error> {
        let keys = KeyRing::from_vars(vars)?;
        let database = Database::of_connections(vars, clients)?;
        Ok(Self { database, keys, clock, platforms: PLATFORMS, audit_retention: AUDIT_RETENTION })
    }

    /// With platforms other than this service's.
    #[must_use]
    pub const fn of_platforms(mut self, platforms: Platforms) -> Self {
        self.platforms = platforms;
        self
    }

    /// The platforms whose accounts and grants are known.
    #[must_use]
    pub const fn platforms(&self) -> Platforms {
        self.platforms
    }

    /// Reads `AUDIT_RETENTION_DAYS`, for a function that erases.
    ///
    /// # Errors
    /// `misconfigured`.
    pub fn with_audits(self, vars: &Vars) -> Result<Self, Error> {
        let days = |text: &str| text.parse::<u64>().ok().filter(|days| (1..=3653).contains(days));
        let text = vars.checked("AUDIT_RETENTION_DAYS", Some("400"), |text| days(text).is_some())?;
        Ok(Self { audit_retention: days(&text).map_or(AUDIT_RETENTION, |days| days * DAY), ..self })
    }

    /// One cheap read, so that the connection and credentials are ready before the first request.
    pub async fn warm_up(&self) {
        self.database.warm_up().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::scripted::Scripted;

    #[test]
    fn audit_records_are_kept_for_the_configured_number_of_days() {
        let tables = Scripted::new(Vec::new()).tables();
        assert_eq!(tables.audit_retention, 400 * DAY);
        let of = |pairs: &[(&str, &str)]| {
            let configured = tables.clone().with_audits(&Vars::from_pairs(pairs.iter().copied()));
            configured.ok().map(|tables| tables.audit_retention)
        };
        assert_eq!(of(&[]), Some(400 * DAY));
        assert_eq!(of(&[("AUDIT_RETENTION_DAYS", "30")]), Some(30 * DAY));
        for bad in ["0", "-1", "3654", "x", "1.5"] {
            assert_eq!(of(&[("AUDIT_RETENTION_DAYS", bad)]), None, "{bad}");
        }
    }
}
