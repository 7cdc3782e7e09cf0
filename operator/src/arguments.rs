//! The command line.

use std::{path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::times;

/// Shows which merchants need help and why, shows what is linked, and carries out fixes.
///
/// It reads the stack's connections table, but never a token. To change anything it invokes the
/// function token-keeper. docs/operator.md describes an operator's day with it and each command's
/// IAM policy; docs/support.md describes a support call.
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
  operator show acme.myshopify.com            what is linked there, its state, and what to tell the merchant
  operator list --failing                     failing records, with the name that the next line takes
  operator retry 'uuid#7d9f…/store'           have one processed in the next run

Exit status: 0; 1 if the answer is no (nothing found, refused, a key still needed); 2 if it failed.";

/// Which stack.
#[derive(Args, Debug)]
pub(crate) struct StackArguments {
    /// The stack's outputs, as `aws cloudformation describe-stacks --query 'Stacks[0].Outputs'`
    /// prints them; `-` reads them from standard input
    #[arg(long, global = true, env = "STACK_OUTPUTS", value_name = "FILE", help_heading = STACK)]
    pub(crate) outputs: Option<PathBuf>,
    /// Overrides the output ConnectionsTable
    #[arg(long, global = true, env = "CONNECTIONS_TABLE", value_name = "NAME", help_heading = STACK)]
    pub(crate) connections_table: Option<String>,
    /// Overrides the output TokenKeeperFunction
    #[arg(long, global = true, env = "TOKEN_KEEPER", value_name = "FUNCTION", help_heading = STACK)]
    pub(crate) keeper: Option<String>,
    /// Overrides the output LoginUrl; {shop_name} stands for the store's handle
    #[arg(long, global = true, env = "LOGIN_URL", value_name = "URL", help_heading = STACK)]
    pub(crate) login_url: Option<String>,
    /// Overrides the output EventArchiveArn
    #[arg(long, global = true, env = "EVENT_ARCHIVE", value_name = "ARN", help_heading = STACK)]
    pub(crate) event_archive: Option<String>,
    /// Overrides the output EventBusArn
    #[arg(long, global = true, env = "EVENT_BUS", value_name = "ARN", help_heading = STACK)]
    pub(crate) event_bus: Option<String>,
}

const STACK: &str = "Which stack";

/// With whose credentials.
#[derive(Args, Debug)]
pub(crate) struct AwsArguments {
    /// Overrides the region of the environment or the profile
    #[arg(long, global = true, value_name = "REGION", help_heading = STACK)]
    pub(crate) region: Option<String>,
    /// Overrides AWS_PROFILE
    #[arg(long, global = true, value_name = "PROFILE", help_heading = STACK)]
    pub(crate) profile: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List who needs help, store by store; or with --failing, the failing records
    #[command(after_help = LIST_EXAMPLES)]
    List(List),
    /// Show what is linked: each part's state and reason, what is due, what to tell the merchant
    Show {
        /// A store's domain or handle; the id of a Page, a phone number, an Instagram account or a
        /// person; or a UUID
        #[arg(value_name = "SHOP|PAGE|NUMBER|UUID")]
        whom: String,
    },
    /// End all sessions of a store at once: signed-in browsers can do nothing more there. Links
    /// stay
    SignOut {
        /// A store's domain or handle
        shop: String,
    },
    /// Erase a store and everything that depends on it, or everything kept because of a person.
    /// This can't be undone
    Forget {
        /// A store's domain or handle, or a person's id in the app
        #[arg(value_name = "PERSON|SHOP")]
        whom: String,
        /// The platform that knows the person; facebook if not given
        #[arg(long)]
        platform: Option<String>,
        /// Don't ask
        #[arg(long)]
        yes: bool,
    },
    /// Process a failing record in the next run, before it is due
    Retry {
        /// Its name, from list --failing or show
        record: String,
    },
    /// Postpone a failing record, by a week at most. Erasure can't be postponed
    PutOff {
        /// Its name, from list --failing or show
        record: String,
        #[command(flatten)]
        time: Wait,
    },
    /// Give up a record: a job, or a doubt that requests no erasure. Nothing else can be given up
    Drop {
        /// Its name, from list --failing or show
        record: String,
        /// Don't ask
        #[arg(long)]
        yes: bool,
    },
    /// Count the stored tokens by encryption key; with ID, exit with 1 while that key is needed
    Keys {
        /// A key's id, such as k1
        id: Option<String>,
    },
    /// Replay the link events since a time onto the bus, from the archive of 14 days
    #[command(after_help = EVENTS_EXAMPLES)]
    Events(Events),
}

const LIST_EXAMPLES: &str = "\
Examples:
  operator list --state reconnect_needed --age 7d     who has needed help for a week or longer
  operator list --reason password_changed --json
  operator list --platform facebook --limit 1000
  operator list --next 17.1796112400.uuid#7d9f…/store    goes on where the last page ended

It walks the index by_due and reads each store in it: a million stores cost a fifth of a dollar. A store that has been dead
for 30 days is no longer in it; show finds it. The list is not a snapshot: what changes during the walk may be missing or
appear twice.";

const EVENTS_EXAMPLES: &str = "\
Examples:
  operator events --since 2h
  operator events --since 2026-12-01T08:00:00Z --until 2026-12-01T09:30:00Z

Each event is unchanged, including its event_id, and has replay-name in addition. All rules on the bus receive it.";

#[derive(Args, Debug)]
pub(crate) struct List {
    /// Only these states; by default reconnect_needed and silent
    #[arg(long, value_enum, value_delimiter = ',', conflicts_with = "failing")]
    pub(crate) state: Vec<State>,
    /// Only this reason
    #[arg(long, conflicts_with = "failing")]
    pub(crate) reason: Option<String>,
    /// Only stores (shopify), or only accounts of this platform
    #[arg(long, conflicts_with = "failing")]
    pub(crate) platform: Option<String>,
    /// Only what has been in its state for this long, such as 90m, 12h or 7d
    #[arg(long, value_parser = times::duration, conflicts_with = "failing")]
    pub(crate) age: Option<Duration>,
    /// Records whose processing failed, and those an hour overdue
    #[arg(long)]
    pub(crate) failing: bool,
    /// Stop after about this many lines
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: u32,
    /// Continue where the last page ended: the token that it printed
    #[arg(long, value_name = "TOKEN")]
    pub(crate) next: Option<String>,
}

/// The state of something linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum State {
    /// It works
    Active,
    /// It works, but messages don't arrive
    Silent,
    /// Only the merchant can restore it
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
    /// For this many days
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=7))]
    pub(crate) days: Option<u8>,
    /// Until a time, such as 2026-12-03T08:00:00Z
    #[arg(long, value_parser = times::moment)]
    pub(crate) until: Option<u64>,
}

#[derive(Args, Debug)]
pub(crate) struct Events {
    /// Start: a time such as 2026-12-01T08:00:00Z, or how long ago, such as 90m, 12h or 7d
    #[arg(long, value_parser = times::since, value_name = "TIME")]
    pub(crate) since: times::Since,
    /// End, in the same form; by default now
    #[arg(long, value_parser = times::since, value_name = "TIME")]
    pub(crate) until: Option<times::Since>,
    /// Don't wait for the end
    #[arg(long)]
    pub(crate) no_wait: bool,
}

impl State {
    /// The word used in replies and tables.
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
