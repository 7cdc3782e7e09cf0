//! The command line.

use std::{path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::times;

/// Who needs help, and why; what is linked; what is done about it.
///
/// It reads the stack's connections table and never a token. What changes something is done by the
/// function token-keeper, which it invokes. docs/operator.md is an operator's day with it, and has
/// the IAM policy of each command; docs/support.md is a support call.
#[derive(Debug, Parser)]
#[command(name = "operator", version, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) stack: StackArguments,
    #[command(flatten)]
    pub(crate) aws: AwsArguments,
    /// Print JSON, for programs
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

const EXAMPLES: &str = "\
Examples:
  aws cloudformation describe-stacks --stack-name messenger-link --query 'Stacks[0].Outputs' >.local/outputs.json
  export STACK_OUTPUTS=.local/outputs.json
  operator list                               who needs help
  operator show acme.myshopify.com            what is linked there, how it is, and what to tell the merchant
  operator list --failing                     records that fail, with a name that the next line takes
  operator retry 'uuid#7d9f…/store'           have one looked after in the next run

Ends with 0; with 1 where the answer is no (nothing found, refused, a key still needed); with 2 where it could not be done.";

/// Which stack.
#[derive(Args, Debug)]
pub(crate) struct StackArguments {
    /// The stack's outputs, as `aws cloudformation describe-stacks --query 'Stacks[0].Outputs'`
    /// prints them; `-` reads them from standard input
    #[arg(long, global = true, env = "STACK_OUTPUTS", value_name = "FILE", help_heading = STACK)]
    pub(crate) outputs: Option<PathBuf>,
    /// In place of the output ConnectionsTable
    #[arg(long, global = true, env = "CONNECTIONS_TABLE", value_name = "NAME", help_heading = STACK)]
    pub(crate) connections_table: Option<String>,
    /// In place of the output TokenKeeperFunction
    #[arg(long, global = true, env = "TOKEN_KEEPER", value_name = "FUNCTION", help_heading = STACK)]
    pub(crate) keeper: Option<String>,
    /// In place of the output LoginUrl; {shop_name} stands for the store's handle
    #[arg(long, global = true, env = "LOGIN_URL", value_name = "URL", help_heading = STACK)]
    pub(crate) login_url: Option<String>,
    /// In place of the output EventArchiveArn
    #[arg(long, global = true, env = "EVENT_ARCHIVE", value_name = "ARN", help_heading = STACK)]
    pub(crate) event_archive: Option<String>,
    /// In place of the output EventBusArn
    #[arg(long, global = true, env = "EVENT_BUS", value_name = "ARN", help_heading = STACK)]
    pub(crate) event_bus: Option<String>,
}

const STACK: &str = "Which stack";

/// With whose credentials.
#[derive(Args, Debug)]
pub(crate) struct AwsArguments {
    /// In place of the region of the environment or the profile
    #[arg(long, global = true, value_name = "REGION", help_heading = STACK)]
    pub(crate) region: Option<String>,
    /// In place of AWS_PROFILE
    #[arg(long, global = true, value_name = "PROFILE", help_heading = STACK)]
    pub(crate) profile: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Who needs help, store by store; or with --failing, which records fail
    #[command(after_help = LIST_EXAMPLES)]
    List(List),
    /// What is linked: how each part is and why, what is due, and what to tell the merchant
    Show {
        /// A store's domain or handle; the id of a Page, a phone number, an Instagram account or a
        /// person; or a UUID
        #[arg(value_name = "SHOP|PAGE|NUMBER|UUID")]
        whom: String,
    },
    /// End all sessions of a store at once: no browser that is signed in can do anything there.
    /// What is linked stays
    SignOut {
        /// A store's domain or handle
        shop: String,
    },
    /// Erase a store and all that hangs on it, or all that is kept because of a person. Nothing
    /// brings it back
    Forget {
        /// A store's domain, its handle, or the id that a person has in the app
        #[arg(value_name = "PERSON|SHOP")]
        whom: String,
        /// The platform that knows the person; facebook if not given
        #[arg(long)]
        platform: Option<String>,
        /// Don't ask
        #[arg(long)]
        yes: bool,
    },
    /// Have a record that fails looked after in the next run, in place of waiting for its time
    Retry {
        /// Its name, from list --failing or show
        record: String,
    },
    /// Have a record that fails wait, for a week at most. What is to be erased waits for nothing
    PutOff {
        /// Its name, from list --failing or show
        record: String,
        #[command(flatten)]
        time: Wait,
    },
    /// Give a record up: a job, or a doubt that asks for no erasing. Nothing else may be given up
    Drop {
        /// Its name, from list --failing or show
        record: String,
        /// Don't ask
        #[arg(long)]
        yes: bool,
    },
    /// Count the stored tokens by encryption key; with ID, end with 1 while that key is needed
    Keys {
        /// A key's id, such as k1
        id: Option<String>,
    },
    /// Put the events of links on the bus again that happened since a moment, from the archive of
    /// 14 days
    #[command(after_help = EVENTS_EXAMPLES)]
    Events(Events),
}

const LIST_EXAMPLES: &str = "\
Examples:
  operator list --state reconnect_needed --age 7d     who has needed help for a week or longer
  operator list --reason password_changed --json
  operator list --platform facebook --limit 1000
  operator list --next 17.1796112400.uuid#7d9f…/store    goes on where the last page ended

It goes through the index by_due and reads each store that stands there: a million stores cost a fifth of a dollar. A store
that has been dead for 30 days stands there no longer; show finds it. The list is no snapshot: what changes meanwhile may
be left out or come twice.";

const EVENTS_EXAMPLES: &str = "\
Examples:
  operator events --since 2h
  operator events --since 2026-12-01T08:00:00Z --until 2026-12-01T09:30:00Z

Each event comes as it was, with its event_id, and with replay-name beside it. All rules on the bus get it.";

#[derive(Args, Debug)]
pub(crate) struct List {
    /// Only what is in one of these states; if none is given, reconnect_needed and silent
    #[arg(long, value_enum, value_delimiter = ',', conflicts_with = "failing")]
    pub(crate) state: Vec<State>,
    /// Only what is there for this reason
    #[arg(long, conflicts_with = "failing")]
    pub(crate) reason: Option<String>,
    /// Only stores (shopify), or only accounts of this platform
    #[arg(long, conflicts_with = "failing")]
    pub(crate) platform: Option<String>,
    /// Only what has been so for this long, such as 90m, 12h or 7d
    #[arg(long, value_parser = times::duration, conflicts_with = "failing")]
    pub(crate) age: Option<Duration>,
    /// Records that could not be dealt with, and those that have been due for an hour
    #[arg(long)]
    pub(crate) failing: bool,
    /// End after about so many lines
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: u32,
    /// Go on where the last page ended: what it said
    #[arg(long, value_name = "TOKEN")]
    pub(crate) next: Option<String>,
}

/// How something linked is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum State {
    /// It works
    Active,
    /// It works, and messages don't arrive
    Silent,
    /// Only the merchant can bring it back
    ReconnectNeeded,
    /// The store removed the app, or was disconnected here
    Uninstalled,
    /// The store is being erased
    Erasing,
    /// Another store holds the account now
    Moved,
}

#[derive(Args, Clone, Copy, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct Wait {
    /// For so many days
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=7))]
    pub(crate) days: Option<u8>,
    /// Until a moment, such as 2026-12-03T08:00:00Z
    #[arg(long, value_parser = times::moment)]
    pub(crate) until: Option<u64>,
}

#[derive(Args, Debug)]
pub(crate) struct Events {
    /// Since when: a moment such as 2026-12-01T08:00:00Z, or so long ago, such as 90m, 12h or 7d
    #[arg(long, value_parser = times::since, value_name = "TIME")]
    pub(crate) since: times::Since,
    /// Until when, likewise; now if not given
    #[arg(long, value_parser = times::since, value_name = "TIME")]
    pub(crate) until: Option<times::Since>,
    /// Don't wait for the end
    #[arg(long)]
    pub(crate) no_wait: bool,
}

impl State {
    /// The word, as it stands in replies and tables.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Silent => "silent",
            Self::ReconnectNeeded => "reconnect_needed",
            Self::Uninstalled => "uninstalled",
            Self::Erasing => "erasing",
            Self::Moved => "moved",
        }
    }
}

#[cfg(test)]
mod tests;
