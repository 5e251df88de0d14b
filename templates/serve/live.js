// Keeps a page as its files are. Only `callbook serve` has this script; a built handbook has not.
//
// The page as it was sent is kept aside. When the server tells of another state, the page is asked for
// again, the two are compared, and only what differs is changed on the screen: scroll, focus, open
// parts and whatever other scripts have done to the rest stay as they are.
"use strict";
(() => {
  const here = new URL(".", document.currentScript.src);
  const panelOf = (page) => page.getElementById("callbook-live");

  // Of every node as it was sent, the one on the screen.
  const onScreen = new WeakMap();
  function pair(sent, shown) {
    onScreen.set(sent, shown);
    for (let i = 0; i < sent.childNodes.length; i++) pair(sent.childNodes[i], shown.childNodes[i]);
  }
  let sent = document.cloneNode(true);
  pair(sent, document);

  // Other scripts have rebuilt a part that is to change: only they know how.
  class Stale extends Error {}

  function made(node) {
    const copy = document.importNode(node, true);
    pair(node, copy);
    return copy;
  }

  // What is on the screen for a node stays; it goes by the name of the new one.
  function keep(old, fresh) {
    onScreen.set(fresh, onScreen.get(old));
    for (let i = 0; i < old.childNodes.length; i++) keep(old.childNodes[i], fresh.childNodes[i]);
  }

  function patch(old, fresh) {
    const shown = onScreen.get(old);
    if (!shown || !shown.isConnected) throw new Stale();
    if (old.isEqualNode(fresh)) return keep(old, fresh);
    if (old.nodeName !== fresh.nodeName || old.nodeType !== fresh.nodeType || old.id !== fresh.id) {
      return shown.replaceWith(made(fresh));
    }
    onScreen.set(fresh, shown);
    if (old.nodeType !== Node.ELEMENT_NODE) {
      shown.nodeValue = fresh.nodeValue;
      return;
    }
    for (const { name } of old.attributes) if (!fresh.hasAttribute(name)) shown.removeAttribute(name);
    for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) shown.setAttribute(name, value);
    children(shown, [...old.childNodes], [...fresh.childNodes]);
  }

  function children(parent, old, fresh) {
    const same = (a, b) => a.isEqualNode(b);
    const near = (a, b) => a.nodeName === b.nodeName && a.id === b.id;
    let from = 0, to = 0;
    while (from < old.length && from < fresh.length && same(old[from], fresh[from])) from++;
    const least = Math.min(old.length, fresh.length) - from;
    while (to < least && same(old.at(-1 - to), fresh.at(-1 - to))) to++;
    for (let i = 0; i < from; i++) keep(old[i], fresh[i]);
    for (let i = 0; i < to; i++) keep(old.at(-1 - i), fresh.at(-1 - i));
    let last = from > 0 ? onScreen.get(old[from - 1]) : null;
    old = old.slice(from, old.length - to);
    fresh = fresh.slice(from, fresh.length - to);
    // What is left: nodes that are the same keep their place, others are paired by name in between.
    const kept = new Map();
    let next = 0;
    for (const node of fresh) {
      const at = old.findIndex((one, i) => i >= next && same(one, node));
      if (at >= 0 && node.nodeType === Node.ELEMENT_NODE) {
        kept.set(node, old[at]);
        next = at + 1;
      }
    }
    const taken = new Set(kept.values());
    let floor = 0;
    fresh.forEach((node, i) => {
      if (kept.has(node)) {
        floor = old.indexOf(kept.get(node)) + 1;
        return;
      }
      const ceiling = fresh.slice(i).map((later) => kept.get(later)).find(Boolean);
      const end = ceiling ? old.indexOf(ceiling) : old.length;
      const at = old.findIndex((one, j) => j >= floor && j < end && !taken.has(one) && near(one, node));
      if (at >= 0) {
        kept.set(node, old[at]);
        taken.add(old[at]);
        floor = at + 1;
      }
    });
    for (const node of old) if (!taken.has(node)) onScreen.get(node)?.remove();
    for (const node of fresh) {
      const was = kept.get(node);
      if (was) {
        patch(was, node);
        last = onScreen.get(node) ?? last;
      } else {
        const copy = made(node);
        if (last) last.after(copy);
        else parent.prepend(copy);
        last = copy;
      }
    }
  }

  // Whether only loading the page afresh does: other scripts, or a page that leads elsewhere.
  function mustLoad(fresh) {
    const scripts = (page) => [...page.querySelectorAll("script[src]")].map((one) => one.getAttribute("src")).join("\n");
    return scripts(sent) !== scripts(fresh)
      || fresh.querySelector('meta[http-equiv="refresh" i]')
      || fresh.querySelector('[data-live="load"]');
  }

  // The topmost thing in sight stays where it is, whatever grows or shrinks above it.
  function inPlace(change) {
    const edge = panelOf(document)?.getBoundingClientRect().bottom ?? 0;
    const seen = [];
    if (scrollY > 0) {
      const root = document.getElementById("main") ?? document.body;
      for (let at = edge + 8; at < innerHeight && !seen.length; at += 24) {
        let node = document.elementFromPoint(innerWidth / 2, at);
        for (; node && node !== root && root.contains(node); node = node.parentElement) seen.push([node, node.getBoundingClientRect().top]);
      }
    }
    const style = document.documentElement.style;
    style.overflowAnchor = "none";
    try {
      change();
    } finally {
      const anchor = seen.find(([node]) => node.isConnected);
      if (anchor) scrollBy({ top: anchor[0].getBoundingClientRect().top - anchor[1], behavior: "instant" });
      style.overflowAnchor = "";
    }
  }

  const load = () => location.reload();
  let busy = false, again = false;
  async function refresh() {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      do {
        again = false;
        const answer = await fetch(location.pathname + location.search, { cache: "no-store", redirect: "manual" });
        if (answer.type === "opaqueredirect") return load();
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (!panelOf(fresh)) return;
        if (mustLoad(fresh)) return load();
        inPlace(() => patch(sent.documentElement, fresh.documentElement));
        sent = fresh;
        document.dispatchEvent(new CustomEvent("callbook:changed"));
      } while (again);
    } catch (error) {
      if (error instanceof Stale) return load();
      // The server is gone, or going; the stream tells when it is back.
    } finally {
      busy = false;
    }
  }

  function silent(gone) {
    const panel = panelOf(document);
    const note = panel?.querySelector(".live-gone");
    if (!note) return;
    note.hidden = !gone;
    panel.hidden = !gone && panelOf(sent).hidden;
  }

  let stream = null, waiting = 0;
  function listen() {
    if (stream || document.visibilityState === "hidden") return;
    stream = new EventSource(new URL("events", here));
    stream.onmessage = ({ data }) => {
      clearTimeout(waiting);
      silent(false);
      const [run] = data.split(".");
      const state = panelOf(sent)?.dataset.state ?? "";
      if (state.split(".")[0] !== run) return load();
      if (state !== data) refresh();
    };
    stream.onerror = () => {
      // A server that is started again is back within a moment.
      clearTimeout(waiting);
      waiting = setTimeout(silent, 1500, true);
      if (stream?.readyState === EventSource.CLOSED) {
        deaf();
        setTimeout(listen, 3000);
      }
    };
  }
  // A browser keeps few streams open at once: a page that nobody sees needs none.
  function deaf() {
    stream?.close();
    stream = null;
  }
  document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? deaf() : listen()));
  addEventListener("pagehide", deaf);
  addEventListener("pageshow", listen);
  listen();
})();
