//! The page on which a person is a customer of a number: bubbles, buttons, a list to choose from.

use super::PATH;
use super::business::Number;
use super::chat::{Chat, Contact, What};
use super::message::Message;
use super::webhook::Said;
use crate::consent::{self, escape};
use crate::facebook::graph::Facebook;
use crate::facebook::messenger::STYLE;
use crate::facebook::webhook::INBOX;
use crate::provider::{RecordedRequest, Reply, first, lock};

impl Facebook {
    /// `GET /whatsapp/{number}`: the conversation, which shows what comes without a reload.
    pub(super) fn whatsapp_chat(&self, number: &str) -> Reply {
        let now = self.provider.now();
        let mut state = lock(&self.state);
        let Some(number) = state.whatsapp.lasting.numbers.get(number).cloned() else {
            return Reply::html(404, nobody());
        };
        let contact = state.own_contact();
        let silent = state.why_whatsapp_is_silent(&number.account, "messages");
        let is_on_its_way = lock(&state.told).iter().any(|told| !told.is_over);
        let chat = state.chat(&number.id, &contact);
        let reply = Reply::html(200, conversation(chat, &number, &contact, silent, now));
        if is_on_its_way || chat.is_awaited(now) { reply.with_header("refresh", "1") } else { reply }
    }

    /// `POST /whatsapp/{number}`: what the customer writes or presses.
    pub(super) fn whatsapp_writes(&self, id: &str, request: &RecordedRequest) -> Reply {
        let form = request.form();
        let field = |name: &str| first(&form, name);
        let mut state = lock(&self.state);
        if !state.whatsapp.lasting.numbers.contains_key(id) {
            return Reply::html(404, nobody());
        }
        let contact = state.own_contact();
        let chat = state.chat(id, &contact);
        let said = match (field("press"), field("text").map(str::trim)) {
            (Some(place), _) => chat.pressed(place),
            (None, Some(text)) if !text.is_empty() => Some(Said::Text(text.to_owned())),
            _ => None,
        };
        match field("decision") {
            Some("block") => chat.is_blocked = true,
            Some("unblock") => chat.is_blocked = false,
            _ => {}
        }
        if let Some(said) = said.filter(|_| !chat.is_blocked) {
            self.tell_whatsapp(&mut state, id, &contact, "A customer writes in WhatsApp".to_owned(), &said);
        }
        Reply::redirect(303, format!("{PATH}/{id}"))
    }
}

fn nobody() -> String {
    let body = format!("<p>There is no number of this id.</p><p><a href=\"{PATH}\">The numbers there are</a></p>");
    consent::page("Facebook", "Nobody here", &body)
}

fn conversation(chat: &Chat, number: &Number, contact: &Contact, silent: Option<String>, now: i64) -> String {
    let name = escape(&number.verified_name);
    let action = format!("{PATH}/{}", escape(&number.id));
    let silent = silent.map(|why| format!("<p id=\"silent\">Messages are not delivered: {}.</p>", escape(&why))).unwrap_or_default();
    let bubble = |(place, what): (usize, &What)| match what {
        What::Customer(text) => format!("<li class=\"own\"><p class=\"who\">You</p>{}</li>", words(text)),
        What::App(message) => format!("<li class=\"\"><p class=\"who\">{name}</p>{}</li>", sent(place, message)),
    };
    let bubbles: String = chat.said.iter().map(|line| &line.what).enumerate().map(bubble).collect();
    let seen = if chat.is_seen && chat.is_last_customers() { "<p id=\"seen\">Read</p>" } else { "" };
    let typing = if chat.is_typing(now) { format!("<p id=\"typing\" role=\"status\">{name} is typing …</p>") } else { String::new() };
    let form = |content: &str| format!("<form method=\"post\" action=\"{action}\">{content}</form>");
    let write = if chat.is_blocked {
        let unblock = "<button type=\"submit\" id=\"unblock\" name=\"decision\" value=\"unblock\">Unblock</button>";
        format!("<p>You have blocked this number.</p>{}", form(unblock))
    } else {
        let field = "<label>Your message <input type=\"text\" name=\"text\" id=\"text\" autocomplete=\"off\" autofocus></label>\
                     <button type=\"submit\" id=\"send\" class=\"main\">Send</button>";
        let block = "<button type=\"submit\" id=\"block\" name=\"decision\" value=\"block\">Block this number</button>";
        form(field) + &form(block)
    };
    let body = format!(
        "<p>You are a customer of {phone}. What you write is delivered to the app.</p>{silent}<h2 id=\"chat\">Conversation</h2>\
         <form method=\"post\" action=\"{action}\"><ol class=\"chat\" id=\"conversation\" data-customer=\"{customer}\" aria-labelledby=\"chat\">{bubbles}</ol>\
         </form>{seen}{typing}{write}<p><a href=\"{PATH}\">Other numbers</a> <a href=\"{INBOX}\">What the app answered to \
         Facebook</a></p>",
        phone = escape(&number.display_phone_number),
        customer = escape(contact.wa_id.as_deref().unwrap_or(&contact.user_id)),
    );
    consent::styled_page("Facebook", &number.verified_name, STYLE, &body)
}

/// A message of the app, its choices to press.
fn sent(place: usize, message: &Message) -> String {
    let picture = message
        .picture
        .as_ref()
        .map(|url| format!("<img src=\"{}\" alt=\"A picture of the app\" referrerpolicy=\"no-referrer\">", escape(url)));
    let choice = |(number, choice): (usize, &super::message::Choice)| {
        let below = choice.description.as_ref().map(|text| format!(" <small>{}</small>", escape(text))).unwrap_or_default();
        format!(
            "<li><button type=\"submit\" id=\"press-{place}-{number}\" name=\"press\" value=\"{place}-{number}\">{}{below}</button></li>",
            escape(&choice.title)
        )
    };
    let choices: String = message.choices().iter().enumerate().map(choice).collect();
    let choices = if choices.is_empty() { choices } else { format!("<ul class=\"answers\">{choices}</ul>") };
    picture.unwrap_or_default() + &words(&message.text) + &choices
}

fn words(text: &str) -> String {
    format!("<p class=\"words\">{}</p>", escape(text))
}
