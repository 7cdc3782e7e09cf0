//! What is said to `./dev run`.

use super::ports::Ports;

const USAGE: &str = "Usage: ./dev run [--port N] [--bot URL | --no-bot]. It uses the ports N to N+3; N is 9000 if not given. \
    The bot gets each message and what happens to links at URL, such as http://localhost:8000/events.";

/// Where it runs, and who answers.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Arguments {
    pub(super) ports: Ports,
    pub(super) bot: Chosen,
}

/// The bot that gets the messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Chosen {
    /// The sample of this project, where it can run.
    Sample,
    /// One that somebody else runs, at this URL.
    At(String),
    /// None.
    Nobody,
}

impl Arguments {
    pub(super) fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let (mut ports, mut bot) = (None, None);
        while let Some(argument) = arguments.next() {
            match &*argument {
                "--port" if ports.is_none() => ports = Some(Ports::read(&arguments.next().unwrap_or_default())?),
                "--bot" if bot.is_none() => {
                    let url = arguments.next().filter(|url| url.parse::<hyper::Uri>().is_ok_and(|url| url.scheme_str() == Some("http")));
                    bot = Some(Chosen::At(url.ok_or("--bot takes a URL on http, such as http://localhost:8000/events.")?));
                }
                "--no-bot" if bot.is_none() => bot = Some(Chosen::Nobody),
                _ => return Err(USAGE.to_owned()),
            }
        }
        Ok(Self { ports: ports.unwrap_or_default(), bot: bot.unwrap_or(Chosen::Sample) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<Arguments, String> {
        Arguments::read(arguments.iter().map(|&argument| argument.to_owned()))
    }

    #[test]
    fn port_and_bot_are_chosen_in_any_order() {
        assert_eq!(read(&[]).unwrap(), Arguments { ports: Ports::default(), bot: Chosen::Sample });
        let url = "http://localhost:8000/events";
        let chosen = Arguments { ports: Ports::read("9100").unwrap(), bot: Chosen::At(url.to_owned()) };
        assert_eq!(read(&["--port", "9100", "--bot", url]).unwrap(), chosen);
        assert_eq!(read(&["--bot", url, "--port", "9100"]).unwrap(), chosen);
        assert_eq!(read(&["--no-bot"]).unwrap().bot, Chosen::Nobody);
    }

    #[test]
    fn what_is_not_understood_starts_nothing() {
        for wrong in [
            &["--port"][..],
            &["--port", "80"],
            &["--port", "x"],
            &["9100"],
            &["--port", "9100", "x"],
            &["--port", "9100", "--port", "9200"],
            &["--bot"],
            &["--bot", "localhost:8000"],
            &["--bot", "https://bot.example/events"],
            &["--no-bot", "--bot", "http://localhost:8000/"],
        ] {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
    }
}
