//! What the browser pretends to be: a device, a colour scheme, a reader's language.

use shared::texts::Language;

/// A screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// 1280 × 800, a mouse.
    Desktop,
    /// 360 × 740 at two device pixels each, a touch screen.
    Phone,
    /// A phone of 320 pixels' width: a small one, or a desktop at a zoom of 400 % (WCAG 2.2, 1.4.10).
    Narrow,
}

impl Device {
    /// Width, height and device pixels per pixel.
    pub(super) const fn screen(self) -> (u32, u32, u32) {
        match self {
            Self::Desktop => (1280, 800, 1),
            Self::Phone => (360, 740, 2),
            Self::Narrow => (320, 640, 2),
        }
    }

    /// Whether it is held in a hand.
    #[must_use]
    pub const fn is_touched(self) -> bool {
        !matches!(self, Self::Desktop)
    }
}

/// Which colours the reader likes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Scheme {
    /// The value of `prefers-color-scheme`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// `Accept-Language` of whoever reads a language, without weights, which Chromium adds.
pub(super) const fn accepted(language: Language) -> &'static str {
    match language {
        Language::English => "en-US,en",
        Language::German => "de-DE,de,en-US,en",
        Language::Spanish => "es-MX,es,en-US,en",
        Language::French => "fr-FR,fr,en-US,en",
        Language::Portuguese => "pt-BR,pt,en-US,en",
    }
}

/// All of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setup {
    /// The screen.
    pub device: Device,
    /// The colours.
    pub scheme: Scheme,
    /// The language.
    pub language: Language,
}

impl Setup {
    /// An English reader at a desk by day.
    pub const DESKTOP: Self = Self { device: Device::Desktop, scheme: Scheme::Light, language: Language::English };
    /// The same reader with a phone.
    pub const PHONE: Self = Self { device: Device::Phone, ..Self::DESKTOP };

    /// The same in another language.
    #[must_use]
    pub const fn reading(self, language: Language) -> Self {
        Self { language, ..self }
    }
}
