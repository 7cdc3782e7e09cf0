// Looks at the page as it is laid out now and lists what a reader could not use. Closed details are opened by whoever calls this.
(() => {
  const problems = [];
  const width = document.documentElement.clientWidth;
  const show = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 160);
  const say = (what, element) => problems.push(`${what}: ${show(element)}`);
  if (document.documentElement.scrollWidth > width) {
    problems.push(`the page scrolls sideways, ${document.documentElement.scrollWidth} in ${width}`);
  }
  const visible = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const isLarge = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1;
  };
  // What is there for screen readers alone stands in something that is one pixel large.
  const isForReaders = (element) => {
    if (!visible(element)) return false;
    for (let around = element; around !== document.body; around = around.parentElement) {
      if (!isLarge(around)) return false;
    }
    return true;
  };
  for (const element of document.body.querySelectorAll("*")) {
    if (!isForReaders(element) || element.closest("svg") !== null && element.tagName !== "svg") continue;
    const box = element.getBoundingClientRect();
    if (box.left < -0.5 || box.right > width + 0.5) say(`sticks out, ${Math.round(box.left)} to ${Math.round(box.right)} of ${width}`, element);
    const style = getComputedStyle(element);
    const isCut = (overflow, content, room) => overflow !== "visible" && content > room + 1;
    if (isCut(style.overflowX, element.scrollWidth, element.clientWidth)) say("is cut off at the side", element);
    if (isCut(style.overflowY, element.scrollHeight, element.clientHeight)) say("is cut off below", element);
    if (element.tagName !== "svg" && parseFloat(style.fontSize) < 12 && element.textContent.trim() !== "") say(`is set in ${style.fontSize}`, element);
  }
  // Boxes of text that lie on each other: letters of one line over another's.
  const texts = [...document.body.querySelectorAll("h1,h2,h3,p,dt,dd,summary,a,button,label")]
    .filter((element) => isForReaders(element) && element.textContent.trim() !== "");
  for (const [index, one] of texts.entries()) {
    for (const other of texts.slice(index + 1)) {
      if (one.contains(other)) continue;
      const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 2 && down > 2) say(`lies on "${other.textContent.trim().slice(0, 40)}"`, one);
    }
  }
  for (const control of document.querySelectorAll("a[href],button,summary,input:not([type=hidden]),select,textarea")) {
    if (!visible(control)) continue;
    const target = control.matches("input") && control.closest("label") || control;
    const { width: wide, height: high } = target.getBoundingClientRect();
    if (wide < 24 || high < 24) say(`is a target of ${Math.round(wide)} × ${Math.round(high)}`, control);
  }
  return problems;
})()
