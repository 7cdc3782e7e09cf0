//! Tells an operator under which marks `connection-tokens` logs accounts: `marks FILE ACCOUNT…`,
//! with the secrets file and one or more store domains or account ids. Prints a line per account
//! and key: the key's id, the mark, the account.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use serde_json::Value;
use shared::{
    config::Vars,
    marks::Marker,
    platform::AccountId,
    providers::{
        PLATFORMS,
        shopify::{self, ShopDomain},
    },
};

fn main() -> io::Result<ExitCode> {
    let mut arguments = std::env::args().skip(1);
    let (Some(file), accounts) = (arguments.next(), arguments.collect::<Vec<_>>()) else {
        return refused("usage: marks FILE ACCOUNT...");
    };
    let secrets: Value = serde_json::from_slice(&std::fs::read(file)?)?;
    let keys = secrets.get("TOKEN_ENCRYPTION_KEYS").and_then(Value::as_str).unwrap_or_default();
    let Ok(markers) = Marker::all(&Vars::from_pairs([("TOKEN_ENCRYPTION_KEYS", keys)])) else {
        return refused("the file has no usable TOKEN_ENCRYPTION_KEYS");
    };
    let mut out = io::stdout();
    for account in accounts {
        let of_accounts = PLATFORMS.accounts().filter_map(|kind| AccountId::parse(kind, &account));
        let mut known: Vec<(&str, String)> = of_accounts.map(|id| (id.kind().platform.name, id.to_string())).collect();
        known.extend(ShopDomain::parse(&account).map(|shop| (shopify::PLATFORM.name, shop.as_str().to_owned())));
        if known.is_empty() {
            return refused(&format!("{account} is neither a store's domain nor an account's id"));
        }
        for (marker, (platform, id)) in markers.iter().flat_map(|marker| known.iter().map(move |known| (marker, known))) {
            writeln!(out, "{} {} {account}", marker.id(), marker.mark(platform, id))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn refused(why: &str) -> io::Result<ExitCode> {
    writeln!(io::stderr(), "{why}")?;
    Ok(ExitCode::from(2))
}
