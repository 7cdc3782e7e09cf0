//! Who follows the page for merchants, as its lines say.

use aws_sdk_dynamodb::types::AttributeValue;
use e2e::chromium::Tab;
use e2e::facebook::MERCHANTS_PIN;
use e2e::scenes::{Merchant, STORE, form_of};
use serde_json::json;
use shared::texts::Words;

use crate::chromium::linked;

use super::{Act, said};

/// Who follows the page.
pub(super) struct Follower<'a> {
    pub(super) merchant: Merchant<'a>,
    pub(super) words: &'static Words,
    /// The WhatsApp number, which has a PIN.
    pub(super) number: String,
}

impl Follower<'_> {
    fn tab(&self) -> &Tab {
        self.merchant.tab
    }

    /// What stands before the first line of a section: where its reader is, and why. The lines themselves do the rest.
    pub(super) async fn comes_to(&mut self, title: &str) {
        let Merchant { world, pages, .. } = &self.merchant;
        match title {
            "Connect your store" => {
                self.merchant.opens(&format!("/shopify/{}/login", self.merchant.shop)).await;
                self.agrees().await;
            }
            // Each goes on where the one before has ended.
            "Connect your Facebook Pages" | "Connect your WhatsApp number" | "See what is connected" | "Enter the PIN of a number" => {}
            "Mend a connection" => {
                self.finds(&format!("page#{}", pages[0]), "status", "reconnect_needed").await;
                self.tab().reload().await;
            }
            "Move a Page or a number from another store" => {
                let other = self.merchant.with_shop(&format!("{}-too", self.merchant.shop));
                other.connects_store().await;
                self.merchant = other;
            }
            "Disconnect a Page" => {
                let former = self.merchant.shop.trim_end_matches("-too").to_owned();
                self.merchant = self.merchant.with_shop(&former);
                self.opens_list().await;
            }
            "Disconnect a number" | "Disconnect your store" | "Sign out" => self.opens_list().await,
            "Have your data deleted" => {
                self.tab().open(&format!("{}/settings", world.facebook.url())).await;
                self.tab().follow("#delete_data").await;
                while !self.tab().has("a.status").await {
                    self.tab().reload().await;
                }
                self.tab().follow("a.status").await;
            }
            title => panic!("nobody knows where \"{title}\" begins"),
        }
    }

    /// The list, from the store's own admin.
    async fn opens_list(&self) {
        self.merchant.connects_store().await;
        self.merchant.opens("/connections").await;
        assert_eq!(self.tab().status(), 200, "{}", self.tab().text().await);
    }

    /// Says yes to whatever a provider asks, until the service answers.
    async fn agrees(&self) {
        const QUESTIONS: usize = 4;
        for _ in 0..QUESTIONS {
            let url = self.tab().url().await;
            if url.starts_with(&self.merchant.world.facebook.url()) {
                self.merchant.logs_in().await;
            } else if !url.starts_with(&self.merchant.world.shopify.url()) {
                return;
            }
            self.tab().follow("#approve").await;
        }
        panic!("a provider never stops asking: {}", self.tab().text().await);
    }

    pub(super) async fn does(&self, section: &str, act: &Act) {
        let words = said(act.words(), self.words);
        match act {
            Act::Press(_) => self.presses(section, &words).await,
            Act::See(_) if self.is_field(&words).await => self.merchant.types_pin(&self.number, MERCHANTS_PIN).await,
            Act::See(_) => self.sees(section, &words).await,
        }
    }

    /// Presses what is called so. Of several it is the one that the section is about, if that is one of them.
    async fn presses(&self, section: &str, label: &str) {
        let about = match section {
            "Disconnect a Page" => form_of(linked(&self.merchant).1.first().expect("a Page is connected")),
            "Disconnect a number" => form_of(&self.number),
            "Disconnect your store" => STORE.to_owned(),
            _ => "main".to_owned(),
        };
        // Without what is there for screen readers alone.
        let mark = format!(
            "(() => {{ document.querySelector('[data-next]')?.removeAttribute('data-next'); const called = (one) => {{ const copy = one.cloneNode(true); \
             copy.querySelectorAll('.vh').forEach((part) => part.remove()); return copy.textContent.trim(); }}; \
             const found = [...document.querySelectorAll({}), document.querySelector('main')].flatMap((around) => [...around.querySelectorAll('a,button,summary')]) \
             .find((one) => called(one) === {} && one.checkVisibility()); if (!found) return ''; found.setAttribute('data-next', ''); return found.localName; }})()",
            json!(about),
            json!(label)
        );
        let found = self.tab().evaluated_text(&mark).await;
        assert!(!found.is_empty(), "{section}: nothing is called \"{label}\" on {}: {}", self.tab().url().await, self.tab().text().await);
        if found == "summary" {
            // It opens what can be pressed next.
            self.tab().click("[data-next]").await;
            let opened = "(async () => { const around = document.querySelector('[data-next]').closest('details'); \
                          while (!around.open) await new Promise(requestAnimationFrame); })()";
            self.tab().evaluate(opened).await;
        } else {
            self.tab().follow("[data-next]").await;
        }
        self.agrees().await;
    }

    /// Whether it is what a PIN is typed into.
    async fn is_field(&self, words: &str) -> bool {
        self.tab().evaluated_text("document.querySelector('label.pin')?.textContent.trim() ?? ''").await == words
    }

    /// Sees a heading, or a state. What is being done is done when the keeper comes.
    async fn sees(&self, section: &str, heading: &str) {
        const PATIENCE: usize = 3;
        let headings = "[...document.querySelectorAll('h1,h2,.pill')].map((one) => one.innerText.trim()).join('\\n')";
        for _ in 0..PATIENCE {
            if self.tab().evaluated_text(headings).await.lines().any(|line| line == heading) {
                return;
            }
            if section != "Have your data deleted" {
                break;
            }
            self.merchant.world.invoke("token-keeper", json!({})).await;
            self.tab().reload().await;
        }
        panic!("{section}: no heading or state says \"{heading}\" on {}: {}", self.tab().url().await, self.tab().text().await);
    }

    /// Writes into the store's identity what only weeks of waiting would write.
    async fn finds(&self, sk: &str, name: &str, value: &str) {
        let (uuid, _) = linked(&self.merchant);
        let key = format!("uuid#{}", uuid.expect("the store is linked"));
        let update = self.merchant.world.database.client().update_item().table_name("connections");
        let update = update.key("pk", AttributeValue::S(key)).key("sk", AttributeValue::S(sk.to_owned()));
        let update = update.update_expression("SET #a = :v").expression_attribute_names("#a", name);
        update.expression_attribute_values(":v", AttributeValue::S(value.to_owned())).send().await.expect("the item is there");
    }
}
