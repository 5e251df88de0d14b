// The window in which cards are looked up: `/` or Ctrl-K opens it, every key finds, arrows and Enter go there.
// Its words come with the core, in the language of the page.
(() => {
"use strict"
const button = document.querySelector("button[data-find]")
if (!button) return
const make = (tag, has, ...inside) => {
  const made = document.createElement(tag)
  for (const name in has) made.setAttribute(name, has[name])
  made.append(...inside)
  return made
}
// What was looked up before; a browser may keep nothing.
const KEY = "callbook:recent"
const recent = list => {
  try {
    if (list) list[0] ? localStorage[KEY] = JSON.stringify(list) : delete localStorage[KEY]
    return JSON.parse(localStorage[KEY])
  } catch {
    return []
  }
}

let dialog, input, bar, note, status, list, old, core, words, chosen, asked = 0, telling, selects
const label = button.querySelector("span").textContent

const build = () => {
  dialog = make("dialog", { class: "finder", "aria-label": label })
  dialog.innerHTML = `<div class="finder-top"><input role="combobox" aria-controls="finder-list" aria-expanded="false" aria-autocomplete="list" autocomplete="off" spellcheck="false" enterkeyhint="go"><button type="button" class="finder-close">Esc</button></div><div class="finder-bar">${"<select hidden></select>".repeat(4)}</div><p class="finder-note"></p><p class="vh" role="status"></p><div id="finder-list" role="listbox"></div><div class="finder-old"></div>`
  document.body.append(dialog)
  let close
  ;[, input, close, bar, , , , , note, status, list, old] = dialog.querySelectorAll("*")
  selects = bar.children
  input.ariaLabel = list.ariaLabel = label
  input.placeholder = button.title
  // Nothing is looked for in the middle of a composition.
  input.oninput = event => event.isComposing || find()
  input.addEventListener("compositionend", find)
  input.onkeydown = event => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], link = list.children[chosen]
    if (event.isComposing || event.keyCode == 229 || !step && (event.key != "Enter" || !link)) return
    step ? choose(chosen + step) : link.click()
    event.preventDefault()
  }
  bar.onchange = event => {
    if (event.target == selects[3]) fillStages()
    find()
  }
  // A handler that gives false would keep links from leading anywhere.
  dialog.onclick = ({ target }) => {
    if (target == dialog || target == close) dialog.close()
  }
  dialog.onclose = () => button.focus()
  list.onclick = () => {
    const query = input.value.trim()
    recent([query, ...recent().filter(one => one != query)].slice(0, 8))
  }
  list.onpointermove = event => {
    const at = [...list.children].indexOf(event.target.closest("a"))
    if (at >= 0 && at != chosen && (event.movementX || event.movementY)) choose(at)
  }
}

// Filters: only what more than one card can have.
const fill = (n, all, options) => {
  const select = selects[n], { value } = select
  select.replaceChildren(make("option", { value: "" }, all), ...options)
  select.ariaLabel = all
  select.hidden = !options[1]
  select.value = value
  if (!select.value) select.value = ""
}
const options = (names, from = 0) => names.map((name, n) => name && make("option", { value: n + from }, name)).filter(Boolean)
const fillStages = () => {
  const groups = core.volumes.map(([, name, of], volume) => of == (selects[3].value || mine()) &&
    make("optgroup", { label: name }, ...options(core.stages.map(([title, of]) => of == volume && title)))).filter(group => group.firstChild)
  fill(0, words.stages, groups[1] ? groups : groups.flatMap(group => [...group.children]))
}
const mine = () => Math.max(0, core.languages.findIndex(([tag]) => tag == document.documentElement.lang))

const show = async () => {
  // Asked for first: it comes while the window is made.
  const ready = CBX.ready()
  if (!dialog) build()
  if (!dialog.open) dialog.showModal()
  input.select()
  try {
    core = await ready
    // What is still on its way is waited for while the filters are made.
    const isNew = !words
    words = core.languages[mine()][3]
    find()
    if (isNew) {
      fill(1, words.categories, options(words.categoryNames, 1))
      fill(2, words.kinds, options(words.kindNames))
      fill(3, words.languages, options(core.languages.map(([, name]) => name)))
      fillStages()
    }
  } catch {
    note.textContent = button.dataset.failed
  }
}

const find = async () => {
  if (!words) return
  const now = ++asked, query = input.value.trim()
  if (!query) return showOld()
  try {
    const [stage, category, kind, language] = [...selects].map(select => select.value)
    const { hits, near, total } = await CBX.find(input.value, { typing: true, limit: 8, filter: { stage, category, kind, language } }), all = [...hits, ...near]
    // The best is not kept waiting for the words of the others.
    for (const some of CBX.has(all) ? [all] : [all.slice(0, 1), all]) {
      await CBX.texts(some)
      if (now != asked) return
      put(some.map(row), hits[0] ? "" : near[0] ? words.nearest : words.nothing)
    }
    old.hidden = true
    // Told when the typing has paused.
    telling = setTimeout(() => status.textContent = hits[0] ? words.found.replace("{n}", total) : note.textContent, 500)
  } catch {
    note.textContent = button.dataset.failed
  }
}
const put = (rows, text) => {
  clearTimeout(telling)
  list.replaceChildren(...rows)
  input.ariaExpanded = !!rows[0]
  note.textContent = text
  choose(0)
}

const row = ([doc], n) => {
  const card = CBX.card(doc), [lang, name, rtl] = core.languages[card.language], ours = card.language == mine(), has = ours ? {} : { lang, dir: rtl ? "rtl" : "ltr" }
  return make("a", { href: card.href, id: "finder-" + n, role: "option", tabindex: -1, "aria-selected": false },
    make("b", has, card.title), card.code ? make("code", {}, card.code) : "",
    make("small", {}, [words.categoryNames[card.category - 1] || words.kindNames[card.kind], card.volume, ...ours ? [] : [name]].join(" · ")),
    make("span", { class: "finder-words", ...has }, ...card.bridge ? [make("i", {}, card.bridge)] : [], make("span", {}, card.say)))
}

const choose = at => {
  const rows = list.children, before = chosen
  if (rows[chosen]) rows[chosen].ariaSelected = false
  chosen = rows[0] ? (at + rows.length) % rows.length : 0
  const node = rows[chosen]
  if (!node) return input.removeAttribute("aria-activedescendant")
  node.ariaSelected = true
  input.setAttribute("aria-activedescendant", node.id)
  // The first of new ones is in sight: to ask for it would lay out the page once more.
  if (before || at) node.scrollIntoView({ block: "nearest" })
}

const showOld = () => {
  put([], status.textContent = "")
  const before = recent()
  old.hidden = !before[0]
  old.replaceChildren(make("p", {}, words.recent, " ", make("button", { type: "button", class: "finder-clear" }, words.clear)),
    ...before.map(query => make("button", { type: "button" }, query)))
  old.onclick = ({ target }) => {
    if (target.className) recent([])
    else if (target.type) input.value = target.textContent
    else return
    input.focus()
    find()
  }
}

addEventListener("keydown", event => {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event, held = ctrlKey || metaKey
  if (altKey || !(key == "/" && !held && !event.target.closest("input,textarea,select,[contenteditable]") || key.toLowerCase() == "k" && held && !shiftKey)) return
  event.preventDefault()
  show()
})
// What search reads has changed with the page.
document.addEventListener("callbook:changed", () => {
  CBX.forget()
  words = 0
  if (dialog && dialog.open) show()
})
button.onclick = show
// Read ahead where somebody is about to look something up.
button.onpointerenter = button.onfocus = () => CBX.ready().catch(() => {})
button.hidden = false
})();
