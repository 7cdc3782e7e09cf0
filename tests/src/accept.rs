//! `./dev accept`: one link by hand with the real apps of `.env`, and what the provider did beside what this project believes of it. The local providers share the project's
//! misunderstandings; here it meets the real ones. The beliefs are the open questions of `docs/counterparts.md`.

/// A list of beliefs.
macro_rules! beliefs {
    ($($id:ident $name:literal $text:literal)*) => {
        $(pub(super) static $id: Belief = Belief { name: $name, text: $text };)*
        /// All of them, in the order in which they are looked at.
        pub static BELIEFS: &[&Belief] = &[$(&$id),*];
    };
}

mod callback;
pub mod facebook;
pub mod report;
pub mod shopify;

use std::fs;

use shared::clock::Clock;

use crate::local;
use crate::template::project_dir;

use report::Report;

/// Where the report of a provider goes.
fn file(provider: &str) -> std::path::PathBuf {
    project_dir().join(format!(".local/accept-{provider}.md"))
}

/// Asks one provider, with a person at the browser; says whether every belief that could be looked at holds.
///
/// # Errors
///
/// What to do about it, for the person at the terminal.
pub async fn run(mut arguments: impl Iterator<Item = String>) -> Result<bool, String> {
    const USAGE: &str = "Say which provider: ./dev accept facebook, or with a development store ./dev accept shopify YOUR-STORE";
    let (provider, shop) = (arguments.next().unwrap_or_default(), arguments.next());
    let report = match (provider.as_str(), shop) {
        ("shopify", Some(shop)) => {
            let variables = local::credentials_of_real_apps()?;
            let redirect_uri = variables["SHOPIFY_REDIRECT_URI"].clone();
            let clock = Clock::system();
            shopify::walk(&variables, &shop, &clock, async |url| callback::by_hand(&url, &redirect_uri).await).await?
        }
        ("facebook", _) => {
            let variables = local::credentials_of_real_apps()?;
            let redirect_uri = variables["FACEBOOK_REDIRECT_URI"].clone();
            facebook::walk(&variables, &Clock::system(), async |url| callback::by_hand(&url, &redirect_uri).await).await?
        }
        ("whatsapp", _) => return Err("./dev accept whatsapp is not built yet.".to_owned()),
        _ => return Err(USAGE.to_owned()),
    };
    told(&provider, &report)
}

#[expect(clippy::print_stdout, reason = "this is a command, and that is its output")]
fn told(provider: &str, report: &Report) -> Result<bool, String> {
    let (text, file) = (report.text(), file(provider));
    println!("\n{text}");
    let folder = file.parent().unwrap_or(&file);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&file, &text))
        .map_err(|error| format!("{} can't be written: {error}", file.display()))?;
    println!("It is in {} too, and holds no secret.", file.display());
    Ok(report.holds())
}
