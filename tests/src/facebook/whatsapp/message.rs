//! What a message may be: a text, a picture, or a text with buttons or a list to choose from (Cloud
//! API, messages). Every key is known, and limits are refused, not cut, so that nobody relies on a
//! cut.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::webhook::Said;
use crate::facebook::error::GraphError;

const LONGEST_TEXT: usize = 4096;
const LONGEST_BODY: usize = 1024;
const LONGEST_CAPTION: usize = 1024;
const LONGEST_HEADER: usize = 60;
const MOST_BUTTONS: usize = 3;
const MOST_SECTIONS: usize = 10;
const MOST_ROWS: usize = 10;
const LONGEST_BUTTON: usize = 20;
const LONGEST_BUTTON_ID: usize = 256;
const LONGEST_ROW: usize = 24;
const LONGEST_ROW_ID: usize = 200;
const LONGEST_DESCRIPTION: usize = 72;

/// A message that was checked.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) text: String,
    /// The address of a picture.
    pub(super) picture: Option<String>,
    choices: Vec<Choice>,
}

/// A button, or a row of a list.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    id: String,
    pub(super) title: String,
    pub(super) description: Option<String>,
    is_row: bool,
}

impl Choice {
    /// What a press on it brings.
    pub(super) fn said(&self) -> Said {
        let (id, title) = (self.id.clone(), self.title.clone());
        if self.is_row { Said::ListReply { id, title, description: self.description.clone() } } else { Said::ButtonReply { id, title } }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    body: String,
    #[serde(rename = "preview_url")]
    _preview: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Image {
    link: Option<String>,
    id: Option<String>,
    caption: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Interactive {
    #[serde(rename = "type")]
    kind: String,
    header: Option<Header>,
    body: Plain,
    footer: Option<Plain>,
    action: Action,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    #[serde(rename = "type")]
    kind: String,
    text: Option<String>,
    image: Option<Image>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plain {
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Action {
    #[serde(default)]
    buttons: Vec<Button>,
    button: Option<String>,
    #[serde(default)]
    sections: Vec<Section>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Button {
    #[serde(rename = "type")]
    kind: String,
    reply: Row,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    title: Option<String>,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    title: String,
    description: Option<String>,
}

impl Message {
    /// Reads the part of a call that its `type` names, and checks all of it.
    pub(super) fn read(kind: &str, part: &Value) -> Result<Self, GraphError> {
        match kind {
            "text" => {
                let text: Text = parsed(kind, part)?;
                filled("text.body", &text.body, LONGEST_TEXT)?;
                Ok(Self { text: text.body, picture: None, choices: Vec::new() })
            }
            "image" => {
                let image: Image = parsed(kind, part)?;
                image.check("image")?;
                Ok(Self { text: image.caption.unwrap_or_default(), picture: image.link, choices: Vec::new() })
            }
            "interactive" => parsed::<Interactive>(kind, part)?.checked(),
            "template" => {
                Err(GraphError::of_whatsapp(404, 132_001, "Template name does not exist in the translation", "There is none here."))
            }
            _ => Err(GraphError::of_whatsapp(400, 131_051, "Unsupported message type", "The local WhatsApp does not know this type.")),
        }
    }

    pub(super) fn choices(&self) -> &[Choice] {
        &self.choices
    }
}

impl Image {
    fn check(&self, place: &str) -> Result<(), GraphError> {
        if self.link.is_some() == self.id.is_some() {
            return Err(invalid(&format!("{place} must have one of link and id")));
        }
        if !self.link.as_deref().is_none_or(|link| link.starts_with("https://") || link.starts_with("http://")) {
            return Err(invalid(&format!("{place}.link must be a URL")));
        }
        fits(&format!("{place}.caption"), self.caption.as_deref().unwrap_or_default(), LONGEST_CAPTION)
    }
}

impl Interactive {
    fn checked(self) -> Result<Message, GraphError> {
        let picture = match &self.header {
            None => None,
            Some(Header { kind, text: Some(text), image: None }) if kind == "text" => {
                filled("interactive.header.text", text, LONGEST_HEADER)?;
                None
            }
            Some(Header { kind, text: None, image: Some(image) }) if kind == "image" && self.kind == "button" => {
                image.check("interactive.header.image")?;
                image.link.clone()
            }
            Some(_) => return Err(invalid("interactive.header must be a text, or for buttons a picture")),
        };
        let is_list = self.kind == "list";
        filled("interactive.body.text", &self.body.text, if is_list { LONGEST_TEXT } else { LONGEST_BODY })?;
        if let Some(footer) = &self.footer {
            filled("interactive.footer.text", &footer.text, LONGEST_HEADER)?;
        }
        let choices = match self.kind.as_str() {
            "button" => self.action.of_buttons()?,
            "list" => self.action.of_list()?,
            _ => return Err(invalid("interactive.type must be one of {button, list}")),
        };
        Ok(Message { text: self.body.text, picture, choices })
    }
}

impl Action {
    fn of_buttons(self) -> Result<Vec<Choice>, GraphError> {
        if self.button.is_some() || !self.sections.is_empty() {
            return Err(invalid("interactive.action of buttons has no list"));
        }
        few("interactive.action.buttons", self.buttons.len(), MOST_BUTTONS)?;
        let choice = |button: Button| {
            if button.kind != "reply" || button.reply.description.is_some() {
                return Err(invalid("interactive.action.buttons must be of the type reply, with id and title"));
            }
            filled("interactive.action.buttons[title]", &button.reply.title, LONGEST_BUTTON)?;
            filled("interactive.action.buttons[id]", &button.reply.id, LONGEST_BUTTON_ID)?;
            Ok(button.reply.choice(false))
        };
        distinct(self.buttons.into_iter().map(choice).collect::<Result<_, _>>()?)
    }

    fn of_list(self) -> Result<Vec<Choice>, GraphError> {
        if !self.buttons.is_empty() {
            return Err(invalid("interactive.action of a list has no buttons"));
        }
        filled("interactive.action.button", self.button.as_deref().unwrap_or_default(), LONGEST_BUTTON)?;
        few("interactive.action.sections", self.sections.len(), MOST_SECTIONS)?;
        let is_split = self.sections.len() > 1;
        let mut choices = Vec::new();
        for section in self.sections {
            let title = section.title.unwrap_or_default();
            if is_split && title.is_empty() {
                return Err(invalid("interactive.action.sections need titles where there are several"));
            }
            fits("interactive.action.sections[title]", &title, LONGEST_ROW)?;
            for row in section.rows {
                filled("rows[title]", &row.title, LONGEST_ROW)?;
                filled("rows[id]", &row.id, LONGEST_ROW_ID)?;
                fits("rows[description]", row.description.as_deref().unwrap_or_default(), LONGEST_DESCRIPTION)?;
                choices.push(row.choice(true));
            }
        }
        few("rows of all sections", choices.len(), MOST_ROWS)?;
        distinct(choices)
    }
}

impl Row {
    fn choice(self, is_row: bool) -> Choice {
        Choice { id: self.id, title: self.title, description: self.description, is_row }
    }
}

fn parsed<T: DeserializeOwned>(kind: &str, part: &Value) -> Result<T, GraphError> {
    T::deserialize(part).map_err(|error| invalid(&format!("{kind}: {error}")))
}

fn distinct(choices: Vec<Choice>) -> Result<Vec<Choice>, GraphError> {
    let ids: std::collections::BTreeSet<&String> = choices.iter().map(|choice| &choice.id).collect();
    if ids.len() == choices.len() { Ok(choices) } else { Err(invalid("ids of choices must differ")) }
}

fn few(what: &str, count: usize, most: usize) -> Result<(), GraphError> {
    if (1..=most).contains(&count) { Ok(()) } else { Err(invalid(&format!("{what}: {count} of 1 to {most}"))) }
}

fn filled(what: &str, text: &str, longest: usize) -> Result<(), GraphError> {
    if text.trim().is_empty() {
        return Err(invalid(&format!("{what} is required")));
    }
    fits(what, text, longest)
}

fn fits(what: &str, text: &str, longest: usize) -> Result<(), GraphError> {
    if text.chars().count() <= longest { Ok(()) } else { Err(invalid(&format!("{what} is longer than {longest} characters"))) }
}

/// A parameter that is not as it has to be.
pub(super) fn invalid(details: &str) -> GraphError {
    GraphError::of_whatsapp(400, 100, "Invalid parameter", details)
}
