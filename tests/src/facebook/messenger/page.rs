//! What the local Messenger shows: bubbles, cards, buttons, answers to choose from.

use super::{PATH, Thread, What};
use crate::consent::{self, escape};
use crate::facebook::graph::State;
use crate::facebook::send::{Button, ButtonKind, Card, Message};
use crate::facebook::webhook::{Happening, INBOX, Update, name};

/// How a conversation looks.
pub(in crate::facebook) const STYLE: &str = "ol.chat,ul.cards,ul.answers{list-style:none;padding:0;margin:0}\
    ol.chat>li{max-width:85%;width:fit-content;margin:.6rem 0;padding:.5rem .8rem;border-radius:.8rem;background:#eee}\
    ol.chat>li.own{margin-left:auto;background:#06c;color:#fff}ol.chat>li.note{margin-left:auto;background:none}\
    .who{font-size:.8rem;margin:0}.words{white-space:pre-wrap;margin:0}ul.cards{display:flex;flex-wrap:wrap;gap:.6rem}\
    ul.cards>li{flex:1 1 12rem;max-width:18rem;background:#fff;border:1px solid #ccc;border-radius:.6rem;padding:.6rem}\
    ul.cards h3{font-size:1rem;margin:.3rem 0}ul.cards p{margin:.3rem 0}ul.cards img{display:block;width:100%;height:auto;\
    border-radius:.4rem}ul.cards a.open,ul.cards button{display:block;width:100%;box-sizing:border-box;text-align:center;\
    padding:.4rem;margin:.3rem 0;border:1px solid #06c;border-radius:.4rem;background:#fff;color:#0057b0;\
    text-decoration:none}ul.answers{display:flex;flex-wrap:wrap;gap:.3rem}ol.chat>li>img{display:block;max-width:12rem}";

/// Every account, with the way to its conversation.
pub(super) fn accounts(state: &State) -> String {
    let item = |object: &str, id: &str, page| {
        format!("<li><a id=\"to-{id}\" href=\"{PATH}/{}\">{}</a></li>", escape(id), escape(&name(object, page)))
    };
    let items: String = state
        .pages
        .values()
        .map(|page| {
            let of_instagram = page.instagram.as_ref().map(|(id, _)| item("instagram", id, page));
            item("page", &page.id, page) + &of_instagram.unwrap_or_default()
        })
        .collect();
    let body = format!(
        "<p>Here you are a customer. Whom do you write to?</p><ul id=\"accounts\">{items}</ul>\
         <p><a href=\"{INBOX}\">The inbox</a> shows what the app answered to Facebook.</p>"
    );
    consent::page("Facebook", "Messenger", &body)
}

/// Says that there is no such account.
pub(super) fn nobody() -> String {
    let body = format!("<p>There is no Page and no Instagram account of this id.</p><p><a href=\"{PATH}\">Whom you can write to</a></p>");
    consent::page("Facebook", "Nobody here", &body)
}

/// The conversation of a customer with an account; none where there is no such account.
pub(super) fn conversation(state: &State, account: &str, customer: &str, now: i64) -> Option<String> {
    let (object, page) = state.account(account)?;
    let name = name(object, page);
    let (none, key) = (Thread::default(), (account.to_owned(), customer.to_owned()));
    let thread = state.threads.get(&key).unwrap_or(&none);
    let action = format!("{PATH}/{}", escape(account));
    let asked = Update::of(object, account, customer, &Happening::Text(String::new()), 0);
    let silent = state.why_silent(&asked).map(|why| format!("<p id=\"silent\">Messages are not delivered: {}.</p>", escape(&why)));
    let bubbles: String = thread.said.iter().enumerate().map(|(place, said)| bubble(place, &said.what, &name)).collect();
    let body = format!(
        "<p>You are a customer. What you write is delivered to the app.</p>{silent}<h2 id=\"chat\">Conversation</h2>\
         <form method=\"post\" action=\"{action}\"><ol class=\"chat\" id=\"conversation\" data-customer=\"{customer}\" aria-labelledby=\"chat\">{bubbles}</ol>\
         {answers}</form>{signs}{write}<p><a href=\"{PATH}\">Other conversations</a> \
         <a href=\"{INBOX}\">What the app answered to Facebook</a></p>",
        customer = escape(customer),
        silent = silent.unwrap_or_default(),
        answers = answers(thread),
        signs = signs(thread, &escape(&name), now),
        write = write(thread, &action),
    );
    Some(consent::styled_page("Facebook", &name, STYLE, &body))
}

fn bubble(place: usize, what: &What, name: &str) -> String {
    let words = |text: &str| format!("<p class=\"words\">{}</p>", escape(text));
    let (class, who, content) = match what {
        What::Customer(text) => ("own", "You", words(text)),
        What::Picture(url) => ("own", "You", picture(url, "The picture you sent")),
        What::Done(what) => ("note", "You", words(what)),
        What::Colleague(text) => ("", name, words(text)),
        What::App(message) => ("", name, sent(place, message)),
    };
    format!("<li class=\"{class}\"><p class=\"who\">{}</p>{content}</li>", escape(who))
}

/// A message of the app, its cards with buttons that can be pressed.
fn sent(place: usize, message: &Message) -> String {
    let text = message.text.as_ref().map(|text| format!("<p class=\"words\">{}</p>", escape(text)));
    let cards: String = message.cards().iter().enumerate().map(|(number, card)| shown(&format!("{place}-{number}"), card)).collect();
    let cards = if cards.is_empty() { cards } else { format!("<ul class=\"cards\">{cards}</ul>") };
    text.unwrap_or_default() + &cards
}

fn shown(place: &str, card: &Card) -> String {
    let title = escape(&card.title);
    let title = match &card.default_action {
        Some(link) => format!("<a {}>{title}</a>", target(&link.url)),
        None => title,
    };
    let image = card.image_url.as_ref().map(|url| picture(url, &format!("Picture of {}", card.title))).unwrap_or_default();
    let subtitle = card.subtitle.as_ref().map(|text| format!("<p>{}</p>", escape(text))).unwrap_or_default();
    let buttons: String = card.buttons.iter().enumerate().map(|(number, button)| pressable(&format!("{place}-{number}"), button)).collect();
    format!("<li>{image}<h3>{title}</h3>{subtitle}{buttons}</li>")
}

fn pressable(place: &str, button: &Button) -> String {
    let title = escape(&button.title);
    match (button.kind, &button.url) {
        (ButtonKind::WebUrl, Some(url)) => format!("<a class=\"open\" id=\"open-{place}\" {}>{title}</a>", target(url)),
        _ => format!("<button type=\"submit\" id=\"press-{place}\" name=\"press\" value=\"{place}\">{title}</button>"),
    }
}

/// Only what the Send API has checked comes here: an address on https or on this machine.
fn target(url: &str) -> String {
    format!("href=\"{}\" target=\"_blank\" rel=\"noopener noreferrer\"", escape(url))
}

fn picture(url: &str, alt: &str) -> String {
    format!("<img src=\"{}\" alt=\"{}\" referrerpolicy=\"no-referrer\">", escape(url), escape(alt))
}

/// The answers that the last message offers.
fn answers(thread: &Thread) -> String {
    let last = thread.said.len().checked_sub(1).and_then(|place| thread.message(place));
    let answer = |(number, title): (usize, &str)| {
        format!("<li><button type=\"submit\" id=\"answer-{number}\" name=\"answer\" value=\"{number}\">{}</button></li>", escape(title))
    };
    let offered = last.map(|message| message.quick_replies.as_slice()).unwrap_or_default();
    let items: String = offered.iter().map(|answer| answer.title.as_str()).enumerate().map(answer).collect();
    if items.is_empty() { items } else { format!("<ul class=\"answers\" aria-label=\"Quick replies\">{items}</ul>") }
}

/// Whether the account has seen what was written, and whether it is typing. `name` is HTML.
fn signs(thread: &Thread, name: &str, now: i64) -> String {
    let is_last_own = thread.said.last().is_some_and(|said| said.what.is_customers());
    let seen = if thread.is_seen && is_last_own { "<p id=\"seen\">Seen</p>" } else { "" };
    let typing = if thread.is_typing(now) { format!("<p id=\"typing\" role=\"status\">{name} is typing …</p>") } else { String::new() };
    format!("{seen}{typing}")
}

/// The field to write in, or what stands in its place.
fn write(thread: &Thread, action: &str) -> String {
    let form = |content: &str| format!("<form method=\"post\" action=\"{action}\">{content}</form>");
    if thread.is_blocked {
        let unblock = "<button type=\"submit\" id=\"unblock\" name=\"decision\" value=\"unblock\">Unblock</button>";
        return format!("<p>You have blocked this account.</p>{}", form(unblock));
    }
    let field = "<label>Your message <input type=\"text\" name=\"text\" id=\"text\" autocomplete=\"off\" autofocus></label>\
                 <button type=\"submit\" id=\"send\" class=\"main\">Send</button>";
    let block = "<button type=\"submit\" id=\"block\" name=\"decision\" value=\"block\">Block this account</button>";
    form(field) + &form(block)
}
