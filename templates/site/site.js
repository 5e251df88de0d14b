// What every page can do beyond being read: copy a line that is said, close the language menu, be there
// without a network. Everything works without it.
(function () {
  "use strict";
  var me = document.currentScript;
  var words = me.dataset;

  // Lines that are said: a blank is copied as its title in brackets.
  function spoken(node) {
    var copy = node.cloneNode(true);
    copy.querySelectorAll(".at, .copy, .vh").forEach(function (each) { each.remove(); });
    copy.querySelectorAll("[data-var]").forEach(function (blank) { blank.textContent = "[" + blank.textContent + "]"; });
    copy.querySelectorAll("br, p + p, li + li").forEach(function (each) { each.before("\n"); });
    return copy.textContent.replace(/[ \t]+/g, " ").replace(/ ?\n ?/g, "\n").trim();
  }

  // The clipboard needs a secure page; elsewhere an area of text and the old command do.
  function put(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    var area = document.createElement("textarea");
    area.value = text;
    area.className = "vh";
    document.body.append(area);
    area.select();
    var done = document.execCommand("copy");
    area.remove();
    return done ? Promise.resolve() : Promise.reject(new Error("copy"));
  }

  var told = document.createElement("p");
  told.className = "vh";
  told.setAttribute("role", "status");
  function said(button, good) {
    told.textContent = "";
    button.classList.toggle("done", good);
    if (good) told.textContent = words.copied;
    setTimeout(function () { button.classList.remove("done"); }, 1600);
  }

  function dress() {
    var lines = document.querySelectorAll("[data-say]");
    if (!lines.length) return;
    document.body.append(told);
    lines.forEach(function (line) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.title = words.copy;
      button.setAttribute("aria-label", words.copy);
      button.addEventListener("click", function () {
        put(spoken(line)).then(function () { said(button, true); }, function () { said(button, false); });
      });
      (line.querySelector(":scope > .at") || line.lastChild || line).after(button);
    });
  }

  function menu() {
    var list = document.querySelector(".langs");
    if (!list) return;
    document.addEventListener("click", function (event) { if (!list.contains(event.target)) list.open = false; });
    list.addEventListener("keydown", function (event) {
      if (event.key !== "Escape" || !list.open) return;
      list.open = false;
      list.querySelector("summary").focus();
    });
  }

  dress();
  menu();
  // A page on a server is there without the network after the first visit.
  if (words.offline && /^https?:$/.test(location.protocol) && "serviceWorker" in navigator) {
    addEventListener("load", function () { navigator.serviceWorker.register(words.offline).catch(function () {}); });
  }
})();
