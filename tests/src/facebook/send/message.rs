//! What a message may be: a text or cards, and answers to choose from (Messenger Platform, Send API
//! reference; Instagram messaging, generic template). Every key is known: Meta refuses others.

use serde::Deserialize;
use serde_json::Value;

use crate::facebook::error::GraphError;

/// In characters for Messenger and in bytes for Instagram, as documented.
const LONGEST_TEXT: usize = 2000;
const MOST_BYTES: usize = 1000;
const MOST_CARDS: usize = 10;
const LONGEST_TITLE: usize = 80;
const MOST_BUTTONS: usize = 3;
const MOST_ANSWERS: usize = 13;
/// Longer words on buttons and answers are said to be cut. Here they are refused, so that nobody
/// relies on it.
const LONGEST_LABEL: usize = 20;
const LONGEST_PAYLOAD: usize = 1000;

/// A message of the Send API.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::facebook) struct Message {
    pub(in crate::facebook) text: Option<String>,
    attachment: Option<Attachment>,
    #[serde(default)]
    pub(in crate::facebook) quick_replies: Vec<Answer>,
    #[serde(rename = "metadata")]
    _metadata: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Attachment {
    #[serde(rename = "type")]
    _kind: AttachmentKind,
    payload: Template,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum AttachmentKind {
    Template,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Template {
    #[serde(rename = "template_type")]
    _kind: TemplateKind,
    elements: Vec<Card>,
    #[serde(rename = "sharable")]
    _sharable: Option<bool>,
    #[serde(rename = "image_aspect_ratio")]
    _ratio: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TemplateKind {
    Generic,
}

/// A card of a generic template.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::facebook) struct Card {
    pub(in crate::facebook) title: String,
    pub(in crate::facebook) subtitle: Option<String>,
    pub(in crate::facebook) image_url: Option<String>,
    pub(in crate::facebook) default_action: Option<Link>,
    #[serde(default)]
    pub(in crate::facebook) buttons: Vec<Button>,
}

/// What a press on a card itself opens: a button without words.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::facebook) struct Link {
    #[serde(rename = "type")]
    kind: ButtonKind,
    pub(in crate::facebook) url: String,
    #[serde(rename = "webview_height_ratio")]
    _ratio: Option<String>,
}

/// A button of a card.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::facebook) struct Button {
    #[serde(rename = "type")]
    pub(in crate::facebook) kind: ButtonKind,
    pub(in crate::facebook) title: String,
    pub(in crate::facebook) url: Option<String>,
    pub(in crate::facebook) payload: Option<String>,
    #[serde(rename = "webview_height_ratio")]
    _ratio: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::facebook) enum ButtonKind {
    WebUrl,
    Postback,
}

/// An answer that is offered beside a message.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::facebook) struct Answer {
    content_type: String,
    pub(in crate::facebook) title: String,
    pub(in crate::facebook) payload: String,
    image_url: Option<String>,
}

impl Message {
    /// Reads a message for an account of this object, and checks all of it.
    pub(super) fn read(message: &Value, object: &str) -> Result<Self, GraphError> {
        let is_empty = |name: &str| message[name].is_null() || message[name] == "";
        if !message.is_object() || is_empty("text") && is_empty("attachment") {
            let empty = GraphError::new(100, "(#100) Message cannot be empty, must provide valid attachment or text");
            return Err(empty.with_subcode(2_018_034));
        }
        let message = Self::deserialize(message).map_err(|error| GraphError::new(100, format!("(#100) param message: {error}")))?;
        message.check(object)?;
        Ok(message)
    }

    fn check(&self, object: &str) -> Result<(), GraphError> {
        if self.text.is_some() && self.attachment.is_some() {
            return Err(GraphError::new(100, "(#100) param message must have one of text and attachment, not both"));
        }
        match &self.text {
            Some(text) if object == "instagram" && text.len() > MOST_BYTES => return Err(too_long("message[text]", MOST_BYTES)),
            Some(text) => fits("message[text]", text, LONGEST_TEXT)?,
            None => {}
        }
        if let Some(attachment) = &self.attachment {
            let cards = &attachment.payload.elements;
            if cards.is_empty() {
                return Err(GraphError::new(100, "(#100) param name_placeholder[elements] must be non-empty."));
            }
            few("name_placeholder[elements]", cards.len(), MOST_CARDS)?;
            cards.iter().enumerate().try_for_each(|(number, card)| card.check(&format!("name_placeholder[elements][{number}]")))?;
        }
        few("message[quick_replies]", self.quick_replies.len(), MOST_ANSWERS)?;
        let place = |number: usize| format!("message[quick_replies][{number}]");
        self.quick_replies.iter().enumerate().try_for_each(|(number, answer)| answer.check(&place(number)))
    }

    /// The cards, none of a text.
    pub(in crate::facebook) fn cards(&self) -> &[Card] {
        self.attachment.as_ref().map_or(&[], |attachment| &attachment.payload.elements)
    }

    /// What it says, of cards their titles.
    pub(in crate::facebook) fn words(&self) -> String {
        let titles = || self.cards().iter().map(|card| card.title.as_str()).collect::<Vec<_>>().join("\n");
        self.text.clone().unwrap_or_else(titles)
    }
}

impl Card {
    fn check(&self, place: &str) -> Result<(), GraphError> {
        filled(&format!("{place}[title]"), &self.title, LONGEST_TITLE)?;
        fits(&format!("{place}[subtitle]"), self.subtitle.as_deref().unwrap_or_default(), LONGEST_TITLE)?;
        let has_more = self.subtitle.is_some() || self.image_url.is_some() || self.default_action.is_some() || !self.buttons.is_empty();
        if !has_more {
            return Err(GraphError::new(100, format!("(#100) param {place} must have a property besides its title")));
        }
        self.image_url.iter().try_for_each(|url| opens(&format!("{place}[image_url]"), url))?;
        if let Some(link) = &self.default_action {
            if link.kind != ButtonKind::WebUrl {
                return Err(GraphError::new(100, format!("(#100) param {place}[default_action][type] must be web_url")));
            }
            opens(&format!("{place}[default_action][url]"), &link.url)?;
        }
        few(&format!("{place}[buttons]"), self.buttons.len(), MOST_BUTTONS)?;
        let place = |number: usize| format!("{place}[buttons][{number}]");
        self.buttons.iter().enumerate().try_for_each(|(number, button)| button.check(&place(number)))
    }
}

impl Button {
    fn check(&self, place: &str) -> Result<(), GraphError> {
        filled(&format!("{place}[title]"), &self.title, LONGEST_LABEL)?;
        match (self.kind, &self.url, &self.payload) {
            (ButtonKind::WebUrl, Some(url), None) => opens(&format!("{place}[url]"), url),
            (ButtonKind::Postback, None, Some(payload)) => filled(&format!("{place}[payload]"), payload, LONGEST_PAYLOAD),
            _ => Err(GraphError::new(100, format!("(#100) param {place} must have a url for web_url, a payload for postback"))),
        }
    }
}

impl Answer {
    fn check(&self, place: &str) -> Result<(), GraphError> {
        if self.content_type != "text" {
            return Err(GraphError::new(100, format!("(#100) param {place}[content_type] must be text here")));
        }
        filled(&format!("{place}[title]"), &self.title, LONGEST_LABEL)?;
        filled(&format!("{place}[payload]"), &self.payload, LONGEST_PAYLOAD)?;
        self.image_url.iter().try_for_each(|url| opens(&format!("{place}[image_url]"), url))
    }
}

fn too_long(place: &str, most: usize) -> GraphError {
    GraphError::new(100, format!("(#100) Length of param {place} must be less than or equal to {most}"))
}

fn fits(place: &str, text: &str, most: usize) -> Result<(), GraphError> {
    if text.chars().count() > most { Err(too_long(place, most)) } else { Ok(()) }
}

fn filled(place: &str, text: &str, most: usize) -> Result<(), GraphError> {
    if text.trim().is_empty() {
        return Err(GraphError::new(100, format!("(#100) param {place} must be non-empty.")));
    }
    fits(place, text, most)
}

/// Too many have a code of their own (howdyai/botkit#1672, botman/botman#694).
fn few(place: &str, count: usize, most: usize) -> Result<(), GraphError> {
    if count > most { Err(GraphError::new(105, format!("(#105) param {place} has too many elements."))) } else { Ok(()) }
}

/// An address on https, or on this machine, where everything is local.
fn opens(place: &str, url: &str) -> Result<(), GraphError> {
    let is_local = |host: Option<&str>| matches!(host, Some("localhost" | "127.0.0.1" | "[::1]"));
    let is_good = reqwest::Url::parse(url).is_ok_and(|url| match url.scheme() {
        "https" => url.has_host(),
        "http" => is_local(url.host_str()),
        _ => false,
    });
    if is_good { Ok(()) } else { Err(GraphError::new(100, format!("(#100) param {place} must be a URL on https."))) }
}
