// The window in which cards are looked up: `/` or Ctrl-K opens it, every key finds, arrows and Enter go there.
// Its words come with the core, in the language of the page.
(() => {
"use strict"
const button = document.querySelector("[data-find]")
if (!button) return
const make = (tag, has, ...inside) => {
  const node = document.createElement(tag)
  for (const name in has) name in node ? node[name] = has[name] : node.setAttribute(name, has[name])
  node.append(...inside)
  return node
}
// What was looked up before; a browser may keep nothing.
const KEY = "callbook:recent"
const recent = () => {
  try {
    return JSON.parse(localStorage.getItem(KEY)) || []
  } catch {
    return []
  }
}
const keep = list => {
  try {
    list.length ? localStorage.setItem(KEY, JSON.stringify(list)) : localStorage.removeItem(KEY)
  } catch {}
}

const CHOICES = ["stage", "category", "kind", "language"]
let dialog, input, list, note, status, old, core, words, chosen, asked = 0, telling
const choices = {}

const build = () => {
  input = make("input", { type: "text", role: "combobox", "aria-controls": "finder-list", "aria-expanded": "false", "aria-autocomplete": "list",
    "aria-label": button.textContent, placeholder: button.title, autocomplete: "off", spellcheck: false, enterKeyHint: "go" })
  const close = make("button", { type: "button", className: "finder-close" }, "Esc")
  close.onclick = () => dialog.close()
  note = make("p", { className: "finder-note" })
  status = make("p", { className: "vh", role: "status" })
  list = make("div", { id: "finder-list", role: "listbox", "aria-label": button.textContent })
  old = make("div", { className: "finder-old" })
  const bar = make("div", { className: "finder-bar" })
  CHOICES.forEach(name => bar.append(choices[name] = make("select", { hidden: true })))
  dialog = make("dialog", { className: "finder", "aria-label": button.textContent }, make("div", { className: "finder-top" }, input, close), bar, note, status, list, old)
  document.body.append(dialog)
  // Nothing is looked for in the middle of a composition.
  input.oninput = event => event.isComposing || find()
  input.addEventListener("compositionend", find)
  input.onkeydown = keys
  bar.onchange = event => {
    if (event.target == choices.language) fillStages()
    find()
  }
  // A handler that gives false would keep links from leading anywhere.
  dialog.onclick = event => {
    if (event.target == dialog) dialog.close()
  }
  dialog.onclose = () => button.focus()
  list.onclick = event => event.target.closest("a") && remember()
  list.onpointermove = event => {
    const at = [...list.children].indexOf(event.target.closest("a"))
    if (at >= 0 && at != chosen && (event.movementX || event.movementY)) choose(at)
  }
}

// Filters: only what more than one card can have.
const option = (value, text) => make("option", { value }, text)
const fill = (name, all, options) => {
  const before = choices[name].value
  choices[name].replaceChildren(option("", all), ...options)
  choices[name].setAttribute("aria-label", all)
  choices[name].hidden = !options[1]
  choices[name].value = before
  if (!choices[name].value) choices[name].value = ""
}
const fillStages = () => {
  const language = choices.language.value || mine()
  const groups = new Map
  core.stages.forEach(([title, volume], n) => {
    const [, name, of] = core.volumes[volume]
    if (of != language) return
    groups.has(volume) || groups.set(volume, make("optgroup", { label: name }))
    groups.get(volume).append(option(n, title))
  })
  fill("stage", words.stages, [...groups.values()].length > 1 ? [...groups.values()] : [...groups.values()].flatMap(group => [...group.children]))
}
const mine = () => Math.max(0, core.languages.findIndex(([tag]) => tag == document.documentElement.lang))
const dress = () => {
  words = core.languages[mine()][3]
  fill("category", words.categories, words.categoryNames.map((name, n) => option(n + 1, name)))
  fill("kind", words.kinds, words.kindNames.map((name, n) => name && option(n, name)).filter(Boolean))
  fill("language", words.languages, core.languages.map(([, name], n) => option(n, name)))
  fillStages()
}

const show = async () => {
  if (!dialog) build()
  if (!dialog.open) dialog.showModal()
  input.select()
  try {
    core = await CBX.ready()
    if (!words) dress()
    find()
  } catch {
    note.textContent = button.dataset.failed
  }
}

const fits = () => {
  const { stage, category, kind, language } = choices
  if (!CHOICES.some(name => choices[name].value)) return
  return doc => {
    const card = CBX.card(doc)
    return (!language.value || card.language == language.value) && (!category.value || card.category == category.value) &&
      (!stage.value || card.stages.includes(+stage.value)) && (!kind.value || card.kind == kind.value || card.sort + 5 == kind.value && card.sort)
  }
}

const find = async () => {
  if (!words) return
  const now = ++asked, query = input.value.trim()
  if (!query) return showOld()
  let found
  try {
    found = await CBX.find(input.value, { typing: true, texts: true, limit: 8, fits: fits(), language: choices.language.value })
  } catch {
    note.textContent = button.dataset.failed
    return
  }
  if (now != asked) return
  const { hits, near, total } = found
  old.hidden = true
  note.textContent = hits.length ? "" : near.length ? words.nearest : words.nothing
  list.replaceChildren(...[...hits, ...near].map(row))
  input.setAttribute("aria-expanded", !!list.children.length)
  choose(0)
  // Told when the typing has paused.
  clearTimeout(telling)
  telling = setTimeout(() => status.textContent = hits.length ? words.found.replace("{n}", total) : note.textContent, 500)
}

const row = ([doc], n) => {
  const card = CBX.card(doc), [tag, name, rtl] = core.languages[card.language]
  const facts = [card.category ? words.categoryNames[card.category - 1] : words.kindNames[card.kind], card.volume]
  if (card.language != mine()) facts.push(name)
  const has = card.language == mine() ? {} : { lang: tag, dir: rtl ? "rtl" : "ltr" }
  const node = make("a", { href: card.href, id: "finder-" + n, role: "option", tabIndex: -1, "aria-selected": "false" },
    make("b", has, card.title), card.code ? make("code", {}, card.code) : "",
    make("small", {}, facts.join(" · ")))
  const said = make("span", { className: "finder-words", ...has })
  if (card.bridge) said.append(make("i", {}, card.bridge))
  if (card.say) said.append(make("span", {}, card.say))
  node.append(said)
  return node
}

const choose = at => {
  const rows = list.children
  if (rows[chosen]) rows[chosen].setAttribute("aria-selected", "false")
  chosen = rows.length ? (at + rows.length) % rows.length : 0
  const node = rows[chosen]
  if (!node) return input.removeAttribute("aria-activedescendant")
  node.setAttribute("aria-selected", "true")
  input.setAttribute("aria-activedescendant", node.id)
  node.scrollIntoView({ block: "nearest" })
}

const remember = () => {
  const query = input.value.trim()
  if (query) keep([query, ...recent().filter(one => one != query)].slice(0, 8))
}
const showOld = () => {
  list.replaceChildren()
  input.setAttribute("aria-expanded", "false")
  choose(0)
  note.textContent = status.textContent = ""
  const before = recent(), clear = make("button", { type: "button", className: "finder-clear" }, words.clear)
  clear.onclick = () => {
    keep([])
    input.focus()
    showOld()
  }
  old.hidden = !before.length
  old.replaceChildren(make("p", {}, words.recent, " ", clear), ...before.map(query => {
    const again = make("button", { type: "button" }, query)
    again.onclick = () => {
      input.value = query
      input.focus()
      find()
    }
    return again
  }))
}

const keys = event => {
  if (event.isComposing || event.keyCode == 229) return
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step) choose(chosen + step)
  else if (event.key == "Enter" && list.children[chosen]) list.children[chosen].click()
  else return
  event.preventDefault()
}

addEventListener("keydown", event => {
  const inText = event.target.closest && event.target.closest("input, textarea, select, [contenteditable]")
  const slash = event.key == "/" && !inText && !event.ctrlKey && !event.metaKey && !event.altKey
  if (!(slash || event.key.toLowerCase() == "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey)) return
  event.preventDefault()
  show()
})
button.onclick = show
// Read ahead where somebody is about to look something up.
button.onpointerenter = button.onfocus = () => CBX.ready().catch(() => {})
button.hidden = false
})();
