//! Tells an operator by which marks the log of `connection-tokens` knows accounts: `marks FILE ACCOUNT…`, with the file of secrets, and a store's domain or a Page's id each.
//! A line for each account and key: the key's id, the mark, the account.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use serde_json::Value;
use shared::{
    config::Vars,
    marks::Marker,
    providers::{
        facebook::{self, pages::PageId},
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
        let known = match (PageId::parse(&account), ShopDomain::parse(&account)) {
            (Some(page), _) => (facebook::PLATFORM.name, page.to_string()),
            (None, Ok(shop)) => (shopify::PLATFORM.name, shop.as_str().to_owned()),
            (None, Err(_)) => return refused(&format!("{account} is neither a store's domain nor a Page's id")),
        };
        for marker in &markers {
            writeln!(out, "{} {} {account}", marker.id(), marker.mark(known.0, &known.1))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn refused(why: &str) -> io::Result<ExitCode> {
    writeln!(io::stderr(), "{why}")?;
    Ok(ExitCode::from(2))
}
