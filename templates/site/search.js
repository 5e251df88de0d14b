// Looks up cards in the page as `callbook find` does: same words, same situations, same first hit.
// The twin of src/search; what it reads is made by src/search/browser, and is read where it stands: nothing
// is unpacked before it is asked for. No number of its own: all are in the core's settings. Classic script:
// modules and fetch do not work from a folder.
(() => {
"use strict"
const CBX = window.CBX = window.CBX || {}

// Numbers from letters, see digits.rs.
const numbers = text => {
  const out = []
  for (let at = 0, sum = 0; at < text.length; at++) {
    const c = text.charCodeAt(at) - 35, letter = c < 0 ? 57 : c
    sum = sum * 45 + letter % 45
    if (letter < 45) out.push(sum), sum = 0
  }
  return out
}
// Rising numbers with something to each, by turns.
const rising = text => {
  const out = [], all = numbers(text || "")
  for (let at = 0, next = 0; at < all.length; next++) {
    const more = all[at++]
    out.push(next += more >> 1, more % 2 ? all[at++] + 1 : 0)
  }
  return out
}

// Sorted records, see records.rs: `~key}part}part~`. Where the first one is that does not come before a key.
const seek = (text, key) => {
  let from = 0, to = text.length - 1
  while (from < to) {
    const at = text.lastIndexOf("~", (from + to) >> 1)
    if (text.slice(at + 1, text.indexOf("}", at)) < key) from = text.indexOf("~", at + 1)
    else to = at
  }
  return to
}
const records = (text, start, end) => text.slice(seek(text, start) + 1, seek(text, end)).split("~")
// What follows a key, or nothing.
const record = (text, key) => text.slice(seek(text, key) + 1 + key.length, seek(text, key + "\0"))

// What has been read: scripts that call CBX.load. A script is read once.
const parts = new Map, scripts = new Map
let fresh = "", own
// What is handed over is a remark in a function: `()=>{//…`.
CBX.load = (name, remark) => {
  const text = `${remark}`.slice(7, -2)
  parts.set(name, /^[[{]/.test(text) ? JSON.parse(text) : text)
}
const base = document.currentScript ? new URL("..", document.currentScript.src).href : ""
const script = file => scripts.get(file) || scripts.set(file, new Promise((done, failed) => {
  const node = document.createElement("script")
  node.src = base + file + fresh
  node.onload = done
  node.onerror = failed
  document.head.append(node)
})).get(file)
const bring = (files, names) => Promise.all([...names].map(async name => {
  const file = files[name]
  if (!parts.has(name)) await script(file)
  // One that was kept from before has other parts.
  if (!parts.has(name)) await script(file + "?" + name)
  if (!parts.has(name)) throw name
}))

// All that looks up in one core. Cards go by their number, in a family by their number in it.
const engine = core => {
const [FLOOR, BESIDE, MOST_NEAR, K, B, USUAL_SAID, USUAL_BODY, ASSUMED, SAID, BODY, STRENGTH, SHARE, LEVELS, CATEGORY_LIFT, OURS, FOREIGN, CHATTER, ALONE,
  SCALE, SCALE_CHARACTERS, NAMED, WORD_FOR_WORD, MOST, LIKELY, MOST_SENSES, WIDER, WORD, FOLDED, EXACT, CHARACTER, PAIR, SPELT, BEGUN, MOST_LIKE,
  MOST_BEGUN, UNSEEN, LISTED, LATIN, SAYINGS, CARDS, COMMON, LEAST, ALPHA, OWN, USUAL, STEP, WORTH_CHARACTER, WORTH_PAIR, WORTH_EXACT, PHRASE,
  LONGEST_WORD, LONGEST_QUERY] = core.of
const [unspaced, marks, quotes, gone, currencies, greetings, smallTalk, negations, table] = core.texts

// What was made of a family's word is made once.
const seen = new Map
const kept = (sort, make) => (family, key) => {
  const name = sort + family._n + key
  if (!seen.has(name)) seen.set(name, make(family, key))
  return seen.get(name)
}
// A column of numbers is unpacked when it is first needed.
const column = (name, of = core) => of[name] = of[name].map ? of[name] : numbers(of[name])
const volumeOf = doc => core.volumes[column("volume")[doc]]

// Text into tokens: analyzer.rs.
const other = c => {
  const at = table.indexOf(" " + c)
  return at < 0 ? c : table.slice(at + 1 + c.length, table.indexOf(" ", at + 1))
}
const allMarks = RegExp(`[${marks}]`, "gu")
const bare = word => word.normalize("NFKD").replace(allMarks, "").replace(/[^\0-~]/gu, other).normalize("NFC")
// `hoá` and `hóa` are one.
const settled = word => word.replace(/(?<!q)(o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])$/, two => {
  const [vowel, tone] = two[1].normalize("NFD")
  return (two[0] + tone).normalize("NFC") + vowel
})
// What each character is: `u` where words stand without spaces, a letter, a number, a mark; all else is itself. An
// expression over these few signs is made ready in no time, one over all that Unicode calls a letter is not.
const isUnspaced = RegExp(`[${unspaced}]`, "u")
const sign = (c, letter, number) => (isUnspaced.test(c) ? "uv" : /\d/.test(c) ? c : letter ? "am" : number ? "nm" : "mm").slice(0, c.length)
// A character, or a sum or word: `1,000`, `20 %`, `it's`, `e-mail`.
const token = RegExp(`(uv?)|([${currencies}](?=\\d)|)(?:\\d+(?:[.,']\\d+)* ?%|(?=[an\\d])(?:\\d+(?:[.,']\\d+)*|a-(?!\\d)(?=[anm\\d]{2}))?(?:[anm\\d]|'(?=[anm\\d]))*)`, "g")
const analyze = whole => {
  const out = [], text = whole.replace(RegExp(`[${gone}]`, "g"), "").replace(RegExp(`[${quotes}]`, "g"), "'")
    .replace(/[\u2010\u2011]/g, "-").normalize("NFKC").toLowerCase().normalize("NFC")
  let end
  for (const { 0: { length }, 1: single, 2: sum, index } of text.replace(/(\p{Alphabetic})|(\p{N})|\p{M}/gu, sign).matchAll(token)) {
    const found = text.slice(index, index + length)
    if (single) {
      const c = other(found)
      out.push({ _exact: c, _folded: c, _position: out.length, _single: true, _joined: index == end })
      end = index + c.length
    } else {
      const word = found.slice(sum.length).replace(/[.,](?=\d{3}(?!\d))|['\- %]/g, "").replace(/,/g, ".")
      const exact = sum + [...word].slice(0, LONGEST_WORD).join("") + (found.match(/%$/) || ""), folded = bare(exact)
      if (folded) out.push({ _exact: settled(exact), _folded: folded, _position: out.length })
    }
  }
  return out
}
const marked = token => token._exact != token._folded && !/^\d/.test(token._folded)
const exactKey = tokens => tokens.map(token => token._exact).join(" ")
const foldedKey = tokens => tokens.map(token => token._folded).join(" ")

// A word of a family: how often it is said, in how many cards it is, and its root.
const word = kept("w", (family, word) => {
  const [[, said, root], [, cards, ours]] = [family._told.words, family.words].map(text => record(text, word).split("}"))
  return [said ? numbers(said)[0] : 0, cards ? numbers(cards)[0] : 0, root || ours || word]
})
const known = (family, text) => word(family, text)[0] + word(family, text)[1]
const root = (family, token) => token._single ? token._folded : word(family, token._folded)[2]
// Words that begin so, and how often each is there.
const words = (family, start, end = start + "\uffff") =>
  [family._told.words, family.words].flatMap(text => records(text, start, end)).map(one => one.split("}")[0]).filter(Boolean)

// Stop words and greetings: stopwords.rs.
const isStop = (family, key, unmarked) => !negations.includes(`~${key}~`) && (family.stops.includes(`~${key}~`) || unmarked && family.bare.includes(`~${key}~`))
const stopsOf = (family, tokens) => {
  const unmarked = !tokens.some(marked), stops = tokens.map(() => false)
  tokens.forEach((token, start) => {
    for (let end = start; end < tokens.length && end < start + PHRASE && !negations.includes(`~${tokens[end]._exact}~`);)
      if (isStop(family, exactKey(tokens.slice(start, ++end)), unmarked)) stops.fill(true, start, end)
  })
  return stops
}
// Nothing is left of small talk and no more.
const greets = phrase => greetings.includes(`~${foldedKey(phrase)}~`)
const withoutGreetings = tokens => without(tokens, phrase => greets(phrase) || smallTalk.includes(`~${exactKey(phrase)}~`))[0] ? without(tokens, greets) : []
const without = (tokens, isOne) => {
  const left = []
  for (let at = 0; at < tokens.length;) {
    let length = PHRASE
    while (length && !isOne(tokens.slice(at, at + length))) length--
    if (!length) {
      const token = tokens[at], last = left.at(-1)
      left.push({ ...token, _joined: token._joined && last && last._position + 1 == token._position })
    }
    at += length || 1
  }
  return left
}

// Slips and beginnings: spelling.rs. Letters are compared as scripts count them.
const distance = (a, b, most) => {
  let before, last, row = [...b, 0].map((_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    before = last
    last = row
    row = [i]
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1]))
      if (i > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1)
    }
    if (Math.min(...row) > most) return 9
  }
  return row[b.length]
}
const telex = word => word.replace(/(?<=^..+)[sfrxj]|(?<=a)a|(?<=e)e|(?<=o)o|(?<=d)d|(?<=[aou])w/g, "")
// The most frequent first.
const ranked = (family, found, most) => [...new Set(found)].map(word => [known(family, word), word])
  .sort((a, b) => b[0] - a[0] || (a[1] < b[1] ? -1 : 1)).slice(0, most).map(entry => entry[1])
const like = kept("l", (family, word) => {
  const length = word.length, found = [[], [], []]
  let slips = length < 8 ? 1 : 2
  if (length < 4 || /[^\p{Alphabetic}]/u.test(word)) return []
  if (family.letter == "v") {
    const read = telex(word)
    if (read != word && known(family, read)) return [read]
  }
  const rest = word.slice(1)
  for (const other of [...words(family, word[0]), ...words(family, word[1] + word[0]), ...words(family, rest, rest + "\0")]) {
    if (Math.abs(other.length - length) > slips || other.length < 3) continue
    const far = distance(word, other, slips)
    // What is farther than another is no longer looked for.
    if (far <= slips) found[slips = far].push(other)
  }
  return ranked(family, found[slips], MOST_LIKE)
})
const begun = kept("b", (family, start) => ranked(family, words(family, start), MOST_BEGUN))

// Which language a query is in: guess.rs.
const guess = (tokens, among) => {
  const unmarked = !tokens.some(marked)
  const logs = families.map(family => among && among != family ? -Infinity : 0)
  const add = (letters, log) => families.forEach((family, n) => letters.includes(family.letter) && (logs[n] += log))
  const share = (family, text) => text ? word(family, text)[0] / SAYINGS + CARDS * word(family, text)[1] / family._docs.length : 0
  tokens.forEach(token => {
    if (token._single) return add(/\p{sc=Han}/u.test(token._folded) ? "z" : "o", 2)
    if (/[đ\u0306\u031b\u0323\u0309]|\u0302\p{M}*[\u0300\u0301\u0303]/u.test(token._exact.normalize("NFD"))) add("v", 5)
    else if (marked(token)) add("vo", 1)
    let shares = families.map(family => share(family, token._folded))
    if (!shares.some(Boolean)) shares = families.map(family => share(family, like(family, token._folded)[0]))
    families.forEach((family, n) => logs[n] += Math.log(UNSEEN + Math.min(shares[n], COMMON) + (isStop(family, token._exact, unmarked) ? LISTED : 0)))
  })
  if (!tokens.some(token => token._single)) add("z", -LATIN)
  const most = Math.max(...logs)
  return logs.map(log => most == -Infinity ? 0 : Math.exp(log - most))
}

// What texts are compared by: features.rs. A feature is one root or two, or a word with its marks.
const features = (family, tokens, stops) => {
  const all = stops.every(Boolean), stop = at => !all && stops[at], roots = tokens.map(token => root(family, token)), found = []
  tokens.forEach((token, at) => {
    if (!stop(at)) {
      found.push({ _a: roots[at], _worth: token._single ? CHARACTER : WORD, _weight: token._single ? WORTH_CHARACTER : 1, _at: at, _word: true })
      if (marked(token)) found.push({ _a: "=" + token._exact, _worth: EXACT, _weight: WORTH_EXACT })
    }
    const next = tokens[at + 1]
    if (next && !(family.letter == "z" && stop(at) && stop(at + 1)) && (!(token._single && next._single) || next._joined))
      found.push({ _a: roots[at], _b: roots[at + 1], _worth: PAIR, _weight: WORTH_PAIR })
  })
  return found
}

// What is under a feature, each with how much of it it has. What has to be read first is noted.
let missing
const under = (name, a, b = "") => {
  const key = name + a + "}" + b
  if (seen.has(key)) return seen.get(key)
  if (!parts.has(name)) return missing.add(name), []
  const all = record(parts.get(name), a), at = all.indexOf(`}${b} `), list = rising(at < 0 ? "" : all.slice(at + 2 + b.length).split("}", 1)[0])
  seen.set(key, list)
  return list
}
const each = (list, take) => {
  for (let at = 0; at < list.length; at += 2) take(list[at], list[at + 1])
}
const cardsOf = (family, a, b) => under("cards-" + family.shards.findLast(([first]) => first <= a)[1], a, b)
// The groups that a feature tells of, how often less one, and how often it is said in all.
const tells = (family, a, b) => {
  const groups = under("told-" + family.told, a, b)
  let all = 0
  each(groups, (_, more) => all += more + 1)
  return [groups, all]
}

// A query as it is read in one family: query.rs and sense.rs.
const read = (family, tokens, typing, greeted) => {
  const stops = stopsOf(family, tokens), { _told: told } = family
  if (greeted && stops.every(Boolean)) return
  const others = [], worth = [], spelt = tokens.map((token, at) => {
    const last = typing && at + 1 == tokens.length, text = token._folded, isKnown = known(family, text)
    others[at] = []
    worth[at] = WORD
    if (token._single || !last && (stops[at] || isKnown)) return token
    // A last word that no word begins like is no beginning but a slip.
    const more = last ? begun(family, text) : [], share = more[0] ? BEGUN : SPELT
    const found = (more[0] || isKnown ? more : like(family, text)).filter(word => word != text)
    others[at] = found.map(text => [word(family, text)[2], share])
    if (isKnown || !found[0]) return token
    worth[at] = share
    return { ...token, _folded: found[0], _exact: found[0] }
  })
  const found = features(family, spelt, stops), sought = new Map, sums = new Map, unlike = new Set
  found.forEach(({ _a: a, _b: b, _worth: own, _weight: weight, _at: at, _word: isWord }) => {
    if (isWord) unlike.add(a)
    const key = a + " " + (b || "")
    if (sought.has(key)) return
    const keys = new Map
    if (isWord && !spelt[at]._single) {
      const exact = "=" + spelt[at]._exact
      own = marked(spelt[at]) && (tells(family, exact)[1] || cardsOf(family, exact)[0] != null) ? FOLDED : worth[at]
      others[at].forEach(([root, share]) => keys.has(root) || keys.set(root, share))
    }
    sought.set(key, [keys.set(a, own), b])
    const [groups, all] = tells(family, a, b)
    each(groups, (group, more) => {
      const here = (more + 1) / (OWN * column("sizes", told)[group] + USUAL), points = Math.round(weight * Math.log1p(ALPHA * here * told.sayings / all) / STEP)
      sums.set(group, (sums.get(group) || 0) + Math.min(255, Math.max(1, points)) * STEP)
    })
  })
  const most = Math.max(0, ...sums.values()), lifts = {}, strengths = new Map
  let all = 0
  sums.forEach(sum => all += Math.exp(sum - most))
  sums.forEach((sum, group) => {
    let share = Math.exp(sum - most) / all
    if (!(share > LEAST)) share = 0
    const category = told.names[column("categories", told)[group] - 1]
    if (category) lifts[category] = (lifts[category] || 0) + share
    ;[[group, 1], [column("wider", told)[group] - 1, WIDER]].forEach(([group, worth]) => {
      const [strength, part] = strengths.get(group) || [0, 0]
      if (group >= 0) strengths.set(group, [strength + worth * sum, part + worth * share])
    })
  })
  const senses = [...strengths].sort((a, b) => b[1][0] - a[1][0] || a[0] - b[0]).slice(0, MOST_SENSES)
  return [sought, senses, lifts, unlike.size]
}

// What a text is known by, see book.rs.
const hash = text => {
  let h = 0x811c9dc5
  for (let at = 0; at < text.length; at++) h = Math.imul(h ^ text.charCodeAt(at), 0x01000193)
  return "^" + ((h ^ h >>> 16) >>> 0).toString(36)
}

const textsOf = ([doc]) => "texts-" + Math.floor(doc / core.each), texts = found => bring(core.files, found.map(textsOf))
const { families } = core, kinds = column("kind"), categories = column("category")
families.forEach((family, n) => {
  family._told = parts.get("words")[n]
  family._n = n
  family._docs = []
})
column("family").forEach((of, doc) => families[of]._docs.push(doc))

// From what is looked for to the cards, the best first: rank.rs.
const look = (query, { typing, filter = {}, limit = 10 }) => {
  const none = { hits: [], near: [], total: 0 }
  const text = [...query].slice(0, LONGEST_QUERY).join(""), heard = analyze(text)
  missing = new Set
  if (!heard[0]) return none
  const said = withoutGreetings(heard), tokens = said.slice(0, MOST), scores = new Float64Array(kinds.length), best = scores.slice(), likely = []
  if (typing) typing = /[\p{Alphabetic}\p{N}]$/u.test(text)
  // What all words of are greetings may still be said word for word.
  guess(tokens, families[filter.language && core.languages[filter.language][4]]).forEach((how, n) => {
    likely[n] = 0
    if (how < LIKELY) return
    const family = families[n], docs = family._docs, lift = at => scores[docs[at]] += WORD_FOR_WORD * (1 - .5 * FOREIGN * (1 - likely[n]))
    const voice = tokens[0] && read(family, tokens, typing, said.length < heard.length)
    if (voice) {
      const [sought, senses, lifts, count] = voice, isHan = family.letter == "z"
      likely[n] = how
      const factor = (isHan ? SCALE_CHARACTERS : SCALE) / Math.sqrt(count || 1) * (1 - FOREIGN * (1 - how)) * (count > 1 ? 1 - CHATTER * (lifts.chatter || 0) : ALONE)
      sought.forEach(([keys, b]) => {
        best.fill(0)
        keys.forEach((worth, a) => {
          const found = cardsOf(family, a, b), count = found.length / 2
          const has = count + (b || a[0] == "=" ? 0 : ASSUMED * tells(family, a)[1] / (family._told.sayings || 1))
          worth *= factor * Math.log1p((Math.max(docs.length, count) + ASSUMED - has + .5) / (has + .5)) * (K + 1)
          // Of the keys of a feature the best counts.
          each(found, (at, value) => {
            const doc = docs[at], often = SAID * (b ? value + 1 : value % 8) / (1 - B + B * column("said", family)[at] / USUAL_SAID) +
              (b ? 0 : BODY * (value >> 3) / (1 - B + B * column("body", family)[at] / USUAL_BODY))
            const part = worth * often / (often + K), more = part - best[doc]
            if (more > 0) scores[doc] += more, best[doc] = part
          })
        })
      })
      senses.forEach(([group, [strength, share]]) => each(rising(record(family.groups, "" + group).slice(2)),
        (at, level) => scores[docs[at]] += factor * (STRENGTH * strength + SHARE * share) / LEVELS * level))
      docs.forEach(doc => {
        if (categories[doc]) scores[doc] *= 1 + CATEGORY_LIFT * (lifts[core.categories[categories[doc] - 1]] || 0)
        if (core.ours[kinds[doc]]) scores[doc] *= OURS
      })
    }
    // Word for word: under the first root.
    new Set([foldedKey(heard), exactKey(heard)]).forEach(key => each(cardsOf(family, root(family, heard[0]), hash(key)), lift))
  })
  // By name.
  const name = query.trim().toLowerCase(), [, playbook, id] = name.match(/^(.*)\/(.*)$/) || [, , name]
  const named = new Set
  ;[[name], [id, playbook]].forEach(([id, playbook]) => each(rising(record(core.names, id.replace(/[~}]/g, "")).slice(2)), doc => {
    if (playbook == null || volumeOf(doc)[0].split("/")[1] == playbook) named.add(doc)
  }))
  named.forEach(doc => scores[doc] += NAMED * (1 - .5 * FOREIGN * (1 - likely[families.findIndex(family => family._docs.includes(doc))])))
  const found = [], stage = filter.stage && new Set(numbers(core.stages[filter.stage][2]))
  let total = 0
  scores.forEach((score, doc) => {
    if (score < BESIDE || filter.language && volumeOf(doc)[2] != filter.language || filter.category && categories[doc] != filter.category ||
      filter.kind && kinds[doc] != filter.kind && column("sort")[doc] != filter.kind || stage && !stage.has(doc)) return
    total++
    let at = found.length
    while (at && found[at - 1][1] < score) at--
    found.splice(at, 0, [doc, score])
    found.length = Math.min(found.length, limit)
  })
  if (total && found[0][1] >= FLOOR) return { hits: found, near: [], total }
  return { hits: [], near: found.slice(0, MOST_NEAR), total: 0 }
}

return {
  // The best cards, as numbers and scores; with what is shown of them if `texts`.
  async _find(query, how = {}) {
    let found, lacking
    // In a large book what is missing besides is asked for meanwhile.
    if (!core.files["cards-0"]) await own
    do {
      found = look(query, how)
      // Its own: while it waits, others look.
      lacking = missing
      await bring(core.files, lacking)
    } while (lacking.size)
    if (how.texts) await texts([...found.hits, ...found.near])
    return found
  },
  // What is shown of cards; whether it is there already.
  texts,
  has: found => found.every(one => parts.has(textsOf(one))),
  card(doc) {
    const [id, title, bridge, say, code] = parts.get(textsOf([doc]))[doc % core.each]
    const [folder, volume, language] = volumeOf(doc), kind = kinds[doc]
    return { id, title, bridge, say, code, volume, kind, language, category: categories[doc], href: base + folder + (core.folders[kind] ? core.folders[kind] + "/" + id + "/index.html" : "index.html#signal-" + id) }
  },
  // For tests: each word with its marks and without, and whether it is joined to the one before.
  cut: text => analyze(text).map(({ _exact, _folded, _joined }) => [_exact, _folded, !!_joined]),
}
}

let ready
CBX.forget = () => {
  ready = null
  scripts.clear()
  parts.clear()
  fresh = "?" + Date.now()
}
// A core that was kept may name files that are gone: the next try asks for a new one.
const again = error => {
  CBX.forget()
  throw error
}
const start = async () => {
  const core = script("search-core.js"), { family } = document.documentElement.dataset
  // What the language of the page needs comes beside it.
  own = family && script(`search-${family}.js`).catch(() => {})
  await core
  Object.assign(CBX, engine(parts.get("core")))
  return parts.get("core")
}
CBX.ready = () => ready = ready || start().catch(again)
CBX.find = (query, how) => CBX.ready().then(() => CBX._find(query, how)).catch(again)
})();
