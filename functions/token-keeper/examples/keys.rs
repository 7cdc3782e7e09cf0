//! Tells an operator which encryption keys the stored tokens still need: `keys TABLE [ID]`. With an
//! id it ends with 1 while that key is needed. Credentials and region come from the environment.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use shared::{clients::Clients, config::Vars, store::keep::keys::keys_in_use};

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<ExitCode> {
    let mut arguments = std::env::args().skip(1);
    let (Some(table), id) = (arguments.next(), arguments.next()) else {
        writeln!(io::stderr(), "usage: keys TABLE [ID]")?;
        return Ok(ExitCode::from(2));
    };
    let counted = match keys_in_use(&Vars::from_env(), &Clients::default(), &table).await {
        Ok(counted) => counted,
        Err(error) => {
            writeln!(io::stderr(), "{}", error.cause.unwrap_or_default())?;
            return Ok(ExitCode::from(2));
        }
    };
    let mut out = io::stdout();
    for (id, values) in &counted.values {
        writeln!(out, "{id}: {values} values")?;
    }
    if counted.unreadable > 0 {
        writeln!(out, "unreadable: {} values", counted.unreadable)?;
    }
    let Some(id) = id else { return Ok(ExitCode::SUCCESS) };
    let needed = counted.values.contains_key(&id) || counted.unreadable > 0;
    writeln!(out, "{id} is {}needed", if needed { "still " } else { "no longer " })?;
    Ok(ExitCode::from(u8::from(needed)))
}
