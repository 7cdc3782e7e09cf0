//! The terminal program of operators and support desks: who needs help and why, and what to do
//! about it. It reads the connections table, and invokes `token-keeper` for everything else, so
//! that each change passes the same checks.

mod arguments;
mod ask;
mod aws;
mod events;
mod failing;
mod failure;
mod keeper;
mod keys;
mod list;
mod meaning;
mod output;
mod show;
mod stack;
mod times;
mod walk;

use std::process::ExitCode;

use clap::Parser as _;

use arguments::{Arguments, Command};
use aws::Aws;
use failure::Failure;
use output::Output;
use stack::Stack;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut output = Output::new(arguments.json);
    match run(arguments, &mut output).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output.clear_progress();
            output.complain(failure.text());
            failure.exit_code()
        }
    }
}

async fn run(arguments: Arguments, output: &mut Output) -> Result<(), Failure> {
    let stack = Stack::new(&arguments.stack)?;
    let aws = Aws::new(&arguments.aws).await;
    match arguments.command {
        Command::List(wanted) if wanted.failing => failing::list(&aws.directory(&stack)?, &wanted, output).await,
        Command::List(wanted) => list::list(&aws.directory(&stack)?, &wanted, &stack, output).await,
        Command::Show { whom } => show::show(&aws.directory(&stack)?, &whom, &stack, output).await,
        Command::Keys { id } => keys::keys(&aws.clients(), stack.connections_table()?, id.as_deref(), output).await,
        Command::Events(wanted) => events::replay(&aws.event_bridge(), &stack, &wanted, output).await,
        Command::SignOut { shop } => ask::sign_out(&aws.keeper(&stack)?, &shop, output).await,
        Command::Forget { whom, platform, yes } => ask::forget(&aws.keeper(&stack)?, &whom, platform.as_deref(), yes, output).await,
        Command::Retry { record } => ask::retry(&aws.keeper(&stack)?, &record, output).await,
        Command::PutOff { record, time } => ask::put_off(&aws.keeper(&stack)?, &record, time, output).await,
        Command::Drop { record, yes } => ask::drop(&aws.keeper(&stack)?, &record, yes, output).await,
    }
}
