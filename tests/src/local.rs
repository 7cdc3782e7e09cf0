//! The local run: the database in a file, a local Shopify and a local Facebook (or the real ones), and the functions
//! under `cargo lambda watch`. Problems are texts for the person at the terminal that say what to do.

mod arguments;
mod bot;
mod dotenv;
mod feed;
mod folder;
mod group;
mod ipv6;
mod output;
mod pipes;
mod ports;
mod providers;
mod watch;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;

use tokio::signal::unix::{SignalKind, signal};

use crate::database::Database;
use crate::event_bus::{EventBus, LINK_BUS, MESSAGE_BUS, Put};
use crate::gateway::watch_routes;
use crate::settings::{self, Variables};
use crate::template::{Template, project_dir};

use arguments::Arguments;
use bot::Bot;
use dotenv::Dotenv;
use folder::Folder;
use ipv6::Ipv6;
use ports::Ports;
use providers::Providers;
use watch::{Warm, Watch};

/// Runs everything until Ctrl-C.
///
/// # Errors
///
/// When something can't be started, or ends by itself.
pub async fn run(arguments: impl Iterator<Item = String>) -> Result<(), String> {
    let Arguments { ports, bot: chosen } = Arguments::read(arguments)?;
    let dotenv = read_dotenv()?;
    ports.check(dotenv.is_real)?;
    let folder = Folder::open(project_dir().join(".local"))?;

    let mut stop = Stop::listen()?;
    let settings = settings(&dotenv, &folder, ports)?;
    let providers = if dotenv.is_real { None } else { Some(Providers::start(&settings, ports)?) };
    let file = folder.path(if dotenv.is_real { "real-links.db" } else { "links.db" });
    let database = Database::open(&file.to_string_lossy(), ports.database)
        .await
        .map_err(|error| format!("The database can't be opened in {}: {error}", file.display()))?;

    let bus = EventBus::try_start(&[MESSAGE_BUS, LINK_BUS]).map_err(|error| format!("The local message bus does not start: {error}"))?;
    if let Some(providers) = &providers {
        providers.show_bus(&bus);
    }

    let behind_routes: BTreeSet<String> = watch_routes().into_iter().map(|route| route.function).collect();
    let functions = Template::load().environments().into_keys();
    let functions: Vec<_> =
        functions.map(|name| if behind_routes.contains(&name) { Warm::Asked(name) } else { Warm::Invoked(name) }).collect();
    let environment = environment(settings.clone(), &database, &bus, ports, &providers);
    say("Starting the functions …");
    let mut watch = Watch::start(&folder, &environment, ports.service)?;
    let output = watch.output().clone();
    let shown = output.clone();
    bus.on_put(move |put| shown.take(&line_of(put)));
    let _ipv6 = Ipv6::start(ports.service).await;
    let of_bot = bot::environment(ports, dotenv.is_real);
    let file_of_bot = bot::write_environment(&folder, &of_bot)?;
    let mut bot = None;
    let working = async {
        watch.warm_up(&functions, ports.service).await.map_err(|problem| output.explain(&problem))?;
        let bot = bot.insert(Bot::start(chosen, dotenv.is_real, &of_bot, &bus, &output).await);
        announce(&settings, ports, &providers, &bot.told, [&file, output.path(), &file_of_bot]);
        output.show();
        let ended = watch.ended();
        tokio::pin!(ended);
        loop {
            tokio::select! {
                problem = &mut ended => return Err(output.explain(&problem)),
                problem = bot.ended() => output.take(&problem),
            }
        }
    };
    let ended = tokio::select! {
        ended = working => ended,
        () = stop.wanted() => Ok(()),
        () = pipes::carry(&database, &bus) => Ok(()),
    };
    say("\nStopping …");
    if let Some(bot) = bot {
        bot.stop().await;
    }
    watch.stop().await;
    ended
}

/// The variables of `.env`, which must hold the credentials of real apps, with the redirect URIs of the local run where it names none.
pub(crate) fn credentials_of_real_apps() -> Result<Variables, String> {
    let dotenv = read_dotenv()?;
    if !dotenv.is_real {
        return Err("This asks the real providers. Copy .env.example to .env and fill in the credentials of both apps.".to_owned());
    }
    let mut variables = settings::redirect_uris("http://localhost:9000");
    variables.extend(dotenv.variables);
    Ok(variables)
}

fn read_dotenv() -> Result<Dotenv, String> {
    match std::fs::read_to_string(project_dir().join(".env")) {
        Ok(text) => dotenv::parse(&text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => dotenv::parse(""),
        Err(error) => Err(format!(".env can't be read: {error}")),
    }
}

/// What the functions are configured with, credentials included.
fn settings(dotenv: &Dotenv, folder: &Folder, ports: Ports) -> Result<Variables, String> {
    let mut settings = settings::redirect_uris(&ports.origin());
    let mut whatsapp = settings::whatsapp(&ports.origin());
    if dotenv.is_real {
        // On where `.env` names a configuration.
        whatsapp.remove("WHATSAPP_CONFIG_ID");
    }
    settings.extend(whatsapp);
    // With real apps only the service's own secrets come from here: the rest is overwritten below.
    settings.extend(folder.credentials()?);
    settings.extend(dotenv.variables.clone());
    Ok(settings)
}

/// The settings and what leads to the local parts. Region and credentials are there because the AWS SDK demands some.
fn environment(settings: Variables, database: &Database, bus: &EventBus, ports: Ports, providers: &Option<Providers>) -> Variables {
    let mut environment = settings;
    environment.extend(database.env());
    environment.extend(bus.env());
    environment.extend(settings::variables([
        ("AWS_REGION", "us-east-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", "local".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "local".to_owned()),
        ("AWS_LAMBDA_LOG_FORMAT", "JSON".to_owned()),
    ]));
    if providers.is_some() {
        let (shopify, facebook) = (Ports::url(ports.shopify), Ports::url(ports.facebook));
        environment.extend(settings::provider_endpoints(&shopify, &facebook));
    }
    environment
}

/// An event of the bus as a line of the output.
fn line_of(put: &Put) -> String {
    serde_json::json!({ "bus": put.bus, "source": put.source, "detail-type": put.detail_type, "detail": put.detail }).to_string()
}

fn announce(settings: &Variables, ports: Ports, providers: &Option<Providers>, bot: &str, [links, log, of_bot]: [&Path; 3]) {
    let mut redirect_uris = ["SHOPIFY_REDIRECT_URI", "FACEBOOK_REDIRECT_URI"].map(|name| settings[name].as_str()).to_vec();
    let origin = redirect_uris[0].trim_end_matches("/shopify/callback");
    if settings.contains_key("WHATSAPP_CONFIG_ID") {
        redirect_uris.push(&settings["WHATSAPP_REDIRECT_URI"]);
    }
    let how = match providers {
        Some(_) => format!(
            "  Open {origin}/shopify/acme/login\n\n  \
             acme stands for any store. Shopify and Facebook are local ones here:\n  \
             Shopify   {}\n  \
             Facebook  {facebook}/settings (where people leave the app)\n            \
             {facebook}/messenger (where you are a customer)\n            \
             {facebook}/whatsapp (what merchants have there, and their customers)\n            \
             {facebook}/inbox (what else customers do, and what was delivered)",
            Ports::url(ports.shopify),
            facebook = Ports::url(ports.facebook),
        ),
        None => format!(
            "  Open {origin}/shopify/YOUR-STORE/login\n\n  \
             With the real Shopify and Facebook, as .env says. The apps must know:\n  \
             {}\n",
            redirect_uris.join("\n  ")
        ),
    };
    let rule = "─".repeat(72);
    let database = Ports::url(ports.database);
    let invoke = format!("cargo lambda invoke -P {}", ports.service);
    say(&format!(
        "\n{rule}\n\n{how}\n  Database  {database} (in {})\n  Log       below, and in {}\n  Bot       {bot}\n            \
         one of your own gets each message, and what happens to links, as JSON by POST (--bot URL); its variables: {}\n\n  \
         What the bot gets, once a store is linked, and a run of the keeper:\n  \
         {invoke} connection-tokens --data-ascii '{{\"shop\":\"acme.myshopify.com\"}}'\n  \
         {invoke} token-keeper --data-ascii '{{}}'\n\n  \
         A change of the code takes effect at the next request. Ctrl-C stops everything.\n\n{rule}\n",
        links.display(),
        log.display(),
        of_bot.display()
    ));
}

/// To the terminal, which may be gone: stopping must go on without it.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// The signals that ask to stop.
struct Stop {
    signals: [tokio::signal::unix::Signal; 3],
}

impl Stop {
    fn listen() -> Result<Self, String> {
        let [interrupt, terminate, hangup] = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()]
            .map(|kind| signal(kind).map_err(|error| format!("Signals can't be received: {error}")));
        Ok(Self { signals: [interrupt?, terminate?, hangup?] })
    }

    async fn wanted(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.signals;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}
