//! A hand: the mouse on a desktop, a finger on a phone, the keyboard.

use serde_json::json;

use super::Tab;

impl Tab {
    /// Clicks or taps on what a CSS selector finds first, as the device has it, once the page takes it: some ways take no pointer in their first second.
    ///
    /// # Panics
    ///
    /// When it finds nothing that can be hit.
    pub async fn click(&self, selector: &str) {
        let find = format!(
            "(async () => {{ await Promise.all(document.getAnimations().map((animation) => animation.finished)); const found = document.querySelector({}); if (!found) return null; \
             found.scrollIntoView({{block: 'center', behavior: 'instant'}}); const box = found.getClientRects()[0]; \
             if (!box) return null; const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]; \
             return found.contains(document.elementFromPoint(x, y)) ? [x, y] : null; }})()",
            json!(selector)
        );
        let place = self.evaluate(&find).await;
        let (Some(x), Some(y)) = (place[0].as_f64(), place[1].as_f64()) else {
            panic!("nothing to hit at {selector} on {}: {}", self.url().await, self.text().await);
        };
        if self.setup().device.is_touched() {
            self.call("Input.dispatchTouchEvent", json!({"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})).await;
            self.call("Input.dispatchTouchEvent", json!({"type": "touchEnd", "touchPoints": []})).await;
            return;
        }
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1});
            self.call("Input.dispatchMouseEvent", event).await;
        }
    }

    /// Writes into what has the focus, as a keyboard of any language does.
    pub async fn write(&self, text: &str) {
        self.call("Input.insertText", json!({"text": text})).await;
    }

    /// Presses the tabulator key.
    pub async fn press_tab(&self) {
        self.press("Tab", 9, "").await;
    }

    /// Presses the key that goes down, or to the next choice.
    pub async fn press_down(&self) {
        self.press("ArrowDown", 40, "").await;
    }

    /// Presses the return key.
    pub async fn press_enter(&self) {
        self.press("Enter", 13, "\r").await;
    }

    async fn press(&self, key: &str, number: u32, text: &str) {
        let event = |kind: &str| json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": number, "text": text});
        self.call("Input.dispatchKeyEvent", event(if text.is_empty() { "rawKeyDown" } else { "keyDown" })).await;
        self.call("Input.dispatchKeyEvent", json!({"type": "keyUp", "key": key, "code": key, "windowsVirtualKeyCode": number})).await;
    }
}
