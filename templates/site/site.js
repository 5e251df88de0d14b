// What every page can do beyond being read: copy a line that is said, close the language menu, be there
// without a network. Everything works without it.
(() => {
const words = document.currentScript.dataset

// Lines that are said: a blank is copied as its title in brackets.
const spoken = line => {
  const copy = line.cloneNode(true)
  for (const one of copy.querySelectorAll(".at,.copy,.vh")) one.remove()
  for (const one of copy.querySelectorAll("[data-var]")) one.textContent = `[${one.textContent}]`
  for (const one of copy.querySelectorAll("br,p + p,li + li")) one.before("\n")
  return copy.textContent.replace(/[ \t]+/g, " ").replace(/ ?\n ?/g, "\n").trim()
}

const told = document.createElement("p")
told.className = "vh"
told.role = "status"
for (const line of document.querySelectorAll("[data-say]")) {
  const button = document.createElement("button")
  button.type = "button"
  button.className = "copy"
  button.title = button.ariaLabel = words.copy
  button.onclick = async () => {
    document.body.append(told)
    told.textContent = ""
    try {
      const text = spoken(line)
      if (navigator.clipboard) await navigator.clipboard.writeText(text)
      else {
        // The clipboard needs a secure page; elsewhere an area of text and the old command do.
        const area = document.createElement("textarea")
        area.value = text
        area.className = "vh"
        button.after(area)
        area.select()
        document.execCommand("copy")
        area.remove()
      }
      button.classList.add("done")
      told.textContent = words.copied
      setTimeout(() => button.classList.remove("done"), 1600)
    } catch {}
  }
  ;(line.querySelector(":scope > .at") || line.lastChild || line).after(button)
}

const menu = document.querySelector(".langs")
if (menu) {
  addEventListener("click", event => menu.contains(event.target) || (menu.open = false))
  menu.onkeydown = event => {
    if (event.key == "Escape" && menu.open) {
      menu.open = false
      menu.firstElementChild.focus()
    }
  }
}
// A page on a server is there without the network after the first visit.
if (words.offline && navigator.serviceWorker && location.protocol != "file:") addEventListener("load", () => navigator.serviceWorker.register(words.offline).catch(() => {}))
})();
