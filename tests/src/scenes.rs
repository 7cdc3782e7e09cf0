//! Every page of the service, and how a merchant comes to see it: by real requests of a real browser, with a provider or the database failing where that is what
//! the page is about. The tests inspect these pages, and `./dev screenshots` takes their pictures.

mod errors;
mod links;
mod list;
mod numbers;
mod states;

pub use links::HOSTILE;
pub use list::{SIGN_OUT, STORE, form_of};
pub use numbers::{SIGN_UP, pin_form_of};

use std::sync::Arc;

use shared::Code;

use crate::chromium::Tab;
use crate::front::{FACEBOOK, Front, Web};
use crate::world::{HTTPS, World, WorldBuilder};

/// A page that somebody may see.
#[derive(Clone, Copy, Debug)]
pub struct Scene {
    /// What its picture is called.
    pub name: &'static str,
    /// The error that it is about; none: all is well.
    pub code: Option<Code>,
    /// What its first way on leads to.
    pub way: Way,
    /// Whether it is worth a picture in every language.
    pub is_important: bool,
}

/// Where the way on of a page leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To Shopify, which asks whether the store is to be connected.
    Shopify,
    /// To Facebook, which asks for Pages.
    Facebook,
    /// To the list of what is connected.
    List,
    /// To the question whether to go to Facebook.
    Question,
    /// To the same address once more.
    Again,
    /// Back to where the merchant came from.
    Back,
    /// To the page of Shopify's admin that shows the apps of whatever store somebody is logged in at.
    Admin,
    /// Nowhere: there is nothing left to do.
    Done,
}

const fn success(name: &'static str, way: Way) -> Scene {
    Scene { name, code: None, way, is_important: true }
}

const fn error(name: &'static str, code: Code, way: Way) -> Scene {
    Scene { name, code: Some(code), way, is_important: false }
}

/// All scenes in the order in which somebody would look through them.
pub fn all() -> impl Iterator<Item = &'static Scene> {
    Part::ALL.into_iter().flat_map(of)
}

/// A part of them, so that tests can share the work.
pub fn of(part: Part) -> &'static [Scene] {
    match part {
        Part::Links => links::SCENES,
        Part::List => list::SCENES,
        Part::Numbers => numbers::SCENES,
        Part::States => states::SCENES,
        Part::Errors => errors::SCENES,
    }
}

/// Where the main button of a merchant's last page leads in that world.
pub const BACK: &str = "https://assistant.example/stores?tab=pages&status=linked#done";

/// A world in which all of a part can be seen. Where WhatsApp is on, more pages speak of it than its own, so most are seen without.
#[must_use]
pub fn world_of(part: Part) -> WorldBuilder {
    if part == Part::Numbers { world().whatsapp() } else { world() }
}

/// A world in which all that have nothing of WhatsApp can be seen: two requests to the store's callback may be under way at once. The pages are somebody's.
#[must_use]
pub fn world() -> WorldBuilder {
    World::builder()
        .instances("shopify-callback", 2)
        .setting("BRAND_NAME", "Käufer & Co. Assistants")
        .setting("SUPPORT_URL", "mailto:help@assistant.example")
        .setting("PRIVACY_URL", "https://assistant.example/privacy")
        .setting("RETURN_URL", &BACK.replace("&status=linked", ""))
}

/// A part of the scenes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Links that are made, and what became of data.
    Links,
    /// The list of what is connected.
    List,
    /// Phone numbers of WhatsApp.
    Numbers,
    /// Sign-ins that are refused because of what came back, or in which browser, or when.
    States,
    /// All other errors.
    Errors,
}

impl Part {
    /// Each of them.
    pub const ALL: [Self; 5] = [Self::Links, Self::List, Self::Numbers, Self::States, Self::Errors];
}

impl Scene {
    /// The part that it belongs to.
    #[must_use]
    pub fn part(&self) -> Part {
        Part::ALL.into_iter().find(|part| of(*part).iter().any(|scene| scene.name == self.name)).unwrap_or(Part::Errors)
    }
}

/// A merchant before a browser: a store of their own, a Facebook account with two Pages, a portfolio with an account for WhatsApp that has no number yet.
pub struct Merchant<'a> {
    /// What the merchant's browser meets.
    pub world: Arc<World>,
    /// Scheme, host and port of the service.
    pub origin: String,
    /// The browser.
    pub tab: &'a Tab,
    /// The store's handle.
    pub shop: String,
    /// The Facebook account.
    pub person: String,
    /// The ids of the Pages.
    pub pages: Vec<String>,
    /// The business portfolio.
    pub business: String,
    /// Its WhatsApp Business Account.
    pub account: String,
}

impl<'a> Merchant<'a> {
    /// Somebody who has not begun yet.
    #[must_use]
    pub fn new(front: &Front, tab: &'a Tab, shop: &str) -> Self {
        Self::on(&front.world, tab, shop)
    }

    /// The same among other sites, on https.
    #[must_use]
    pub fn of_web(web: &Web, tab: &'a Tab, shop: &str) -> Self {
        Self::on(&web.world, tab, shop)
    }

    fn on(world: &Arc<World>, tab: &'a Tab, shop: &str) -> Self {
        let world = Arc::clone(world);
        let origin = world.gateway().origin().to_owned();
        let person = world.facebook.add_person("Jo Doe");
        let pages = ["Acme Store", "Acme Outlet"].map(|name| world.facebook.add_page(&person, name)).to_vec();
        let business = world.facebook.add_business(&person, "Acme Inc.");
        let account = world.facebook.add_account(&business, "Acme Store");
        Self { world, origin, tab, shop: shop.to_owned(), person, pages, business, account }
    }

    /// Comes to a page; what was made to fail on the way works again.
    ///
    /// # Panics
    ///
    /// When the page does not come up.
    pub async fn reaches(&self, scene: &Scene) {
        match scene.part() {
            Part::Links => links::reach(self, scene.name).await,
            Part::List => list::reach(self, scene.name).await,
            Part::Numbers => numbers::reach(self, scene.name).await,
            Part::States => states::reach(self, scene.name).await,
            Part::Errors => errors::reach(self, scene.name).await,
        }
        self.world.database.clear_faults();
        self.world.shopify.clear_faults();
        self.world.facebook.clear_faults();
        let url = self.tab.url().await;
        assert!(url.starts_with(&format!("{}/", self.origin)), "{}: the browser is at {url}", scene.name);
        let status = scene.code.map_or(200, Code::status);
        assert_eq!(self.tab.status(), u64::from(status), "{}: {}", scene.name, self.tab.text().await);
    }

    /// The store's domain.
    #[must_use]
    pub fn domain(&self) -> String {
        format!("{}.myshopify.com", self.shop)
    }

    /// What the store's addresses begin with.
    fn store(&self) -> String {
        if self.is_in_production() { format!("https://{}/", self.domain()) } else { self.world.shopify.url() }
    }

    /// Whether the providers are at the names that they have in production.
    fn is_in_production(&self) -> bool {
        self.origin == HTTPS
    }

    /// An address of the service.
    #[must_use]
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Opens an address of the service.
    pub async fn opens(&self, path: &str) {
        self.tab.open(&self.at(path)).await;
    }

    /// Begins at the store's link, and is asked by Shopify.
    pub async fn comes_to_shopify(&self) {
        self.opens(&format!("/shopify/{}/login", self.shop)).await;
        let url = self.tab.url().await;
        assert!(url.starts_with(&self.store()), "at {url}: {}", self.tab.text().await);
    }

    /// The callback of an approval of which only the test knows: the browser stays where Shopify asks.
    pub async fn approved_at_shopify(&self) -> String {
        self.comes_to_shopify().await;
        self.world.shopify.approve(&self.tab.url().await)
    }

    /// Connects the store.
    pub async fn connects_store(&self) {
        self.opens(&format!("/shopify/{}/login", self.shop)).await;
        // Where it is connected already, Shopify does not ask again.
        if self.tab.url().await.starts_with(&self.store()) {
            self.tab.follow("#approve").await;
        }
        assert_eq!(self.tab.status(), 200, "{}", self.tab.text().await);
    }

    /// Connects the store, goes on, and is asked by Facebook.
    pub async fn comes_to_facebook(&self) {
        self.connects_store().await;
        self.tab.follow("#next").await;
        self.logs_in().await;
    }

    /// Makes sure that it is this merchant whom Facebook's dialog is asking, and their portfolio where it asks for one.
    pub async fn logs_in(&self) {
        let url = self.tab.url().await;
        let facebook = if self.is_in_production() { FACEBOOK.to_owned() } else { self.world.facebook.url() };
        assert!(url.starts_with(&facebook), "at {url}: {}", self.tab.text().await);
        let other = format!("#person-{}", self.person);
        if self.tab.has(&other).await {
            self.tab.follow(&other).await;
        }
        if self.tab.has("#business").await {
            self.chooses_portfolio().await;
        }
    }

    /// Connects the store and all Pages.
    pub async fn connects_pages(&self) {
        self.comes_to_facebook().await;
        self.tab.follow("#approve").await;
        assert_eq!(self.tab.status(), 200, "{}", self.tab.text().await);
    }

    /// Another store of the same merchant.
    #[must_use]
    pub fn with_shop(&self, shop: &str) -> Self {
        Self {
            shop: shop.to_owned(),
            world: Arc::clone(&self.world),
            origin: self.origin.clone(),
            tab: self.tab,
            person: self.person.clone(),
            pages: self.pages.clone(),
            business: self.business.clone(),
            account: self.account.clone(),
        }
    }
}
