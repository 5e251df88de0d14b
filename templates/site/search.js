// Looks up cards in the page as `callbook find` does: same words, same situations, same first hit.
// The twin of src/search; what it reads is made by src/search/browser. No number of its own: all are in
// the core's settings. Classic script: modules and fetch do not work from a folder.
(() => {
"use strict"
const CBX = window.CBX = window.CBX || {}

// Numbers from letters, see digits.rs.
const numbers = text => {
  const out = new Int32Array(text.length)
  let at = 0, n = 0
  const next = () => {
    const c = text.charCodeAt(at++) - 35
    return c < 0 ? 57 : c
  }
  const pair = () => next() * 92 + next()
  while (at < text.length) {
    const c = next()
    out[n++] = c < 80 ? c : c < 90 ? 80 + (c - 80) * 92 + next() : c < 91 ? 1000 + pair() : pair() * 8464 + pair()
  }
  return out.subarray(0, n)
}

// Makes differences whole again, in place.
const rise = (list, from, to) => {
  for (let next = 0; from < to; from++) next = (list[from] += next) + 1
}

// Front-coded words, see words.rs.
const unpack = text => {
  let last = ""
  return (text.match(/[A-Z][^A-Z]*/g) || []).map(part => last = last.slice(0, part.charCodeAt() - 65) + part.slice(1))
}

// Columns as lists by feature, see lists.rs: numbers and values, or nothing.
const lists = columns => {
  const [first, many, follow, second, more, wordNumbers, wordValues, pairNumbers, pairValues] = columns.map(numbers)
  const place = new Map, words = new Int32Array(first.length + 1), pairs = words.slice()
  const starts = new Int32Array(second.length + 1)
  let id = 0, p = 0
  first.forEach((step, i) => {
    place.set(id += step, i)
    id++
    words[i + 1] = words[i] + many[i]
    rise(wordNumbers, words[i], words[i + 1])
    pairs[i + 1] = p + follow[i]
    rise(second, p, pairs[i + 1])
    for (; p < pairs[i + 1]; p++) rise(pairNumbers, starts[p], starts[p + 1] = starts[p] + more[p] + 1)
  })
  return (a, b) => {
    const i = place.get(a)
    if (i == null) return
    if (b == null) return words[i] < words[i + 1] && [wordNumbers.subarray(words[i], words[i + 1]), wordValues.subarray(words[i])]
    const at = second.subarray(pairs[i], pairs[i + 1]).indexOf(b) + pairs[i]
    return at >= pairs[i] && [pairNumbers.subarray(starts[at], starts[at + 1]), pairValues.subarray(starts[at])]
  }
}

// Text into tokens: analyzer.rs.
const UNSPACED = /[\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3021-\u3029\u3040-\u31bf\u31f0-\u31ff\ua960-\ua97f\uac00-\ud7ff]/u
const HAN = /[\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/u
const LETTER = /[\p{Alphabetic}\p{N}]/u
const MARKED = /[\p{Alphabetic}\p{N}\p{M}]/u
const LETTERS = { đ: "d", ð: "d", ı: "i", ł: "l", ø: "o", ħ: "h", ŧ: "t", ς: "σ", ß: "ss", æ: "ae", œ: "oe", þ: "th" }
const bare = word => word.normalize("NFKD")
  .replace(/[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f%$€£¥₫₹]/g, "")
  .replace(/[đðıłøħŧςßæœþ]/g, c => LETTERS[c]).normalize("NFC")
// `hoá` and `hóa` are one.
const settled = word => word.replace(/(?<!q)(o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])$/, two => {
  const [vowel, tone] = two[1].normalize("NFD")
  return (two[0] + tone).normalize("NFC") + vowel
})
const analyze = text => {
  const chars = [...text.replace(/[\xad\u200c-\u200f\u2060\ufeff]/g, "").replace(/[\u2018\u2019\u201b\u02bc\u02bb\xb4`\u2032\uff07]/g, "'")
    .replace(/[\u2010\u2011]/g, "-").normalize("NFKC").toLowerCase().normalize("NFC")]
  const out = []
  const word = at => at < chars.length && MARKED.test(chars[at]) && !UNSPACED.test(chars[at])
  const digit = at => chars[at] >= "0" && chars[at] <= "9"
  let at = 0, single = -2
  while (at < chars.length) {
    let c = chars[at]
    if (UNSPACED.test(c) && MARKED.test(c)) {
      c = han.get(c) || c
      out.push({ exact: c, folded: c, position: out.length, single: true, joined: single == at - 1 })
      single = at++
    } else if (LETTER.test(c)) {
      const start = at
      let exact = "", length = 0, number = true
      for (; at < chars.length; at++) {
        c = chars[at]
        if (word(at)) {
          number = number && digit(at)
          if (++length <= of.longestWord) exact += c
        } else if ((c == "." || c == ",") && number && digit(at + 1)) {
          let end = at + 1
          while (digit(end)) end++
          if (end - at != 4 && length < of.longestWord) length++, exact += "."
        } else if (!(word(at + 1) && (c == "'" ||
          c == "-" && at == start + 1 && /\p{Alphabetic}/u.test(chars[start]) && word(at + 2) && !digit(at + 1)))) break
      }
      if (number) {
        const sign = at + (chars[at] == " ")
        if (chars[sign] == "%") exact += "%", at = sign + 1
      }
      if (digit(start) && core.settings.currencies.includes(chars[start - 1] || " ")) exact = chars[start - 1] + exact
      const folded = bare(exact)
      if (folded) out.push({ exact: settled(exact), folded, position: out.length })
    } else at++
  }
  return out
}
const marked = token => token.exact != token.folded && !/^[0-9]/.test(token.folded)
const exactKey = tokens => tokens.map(token => token.exact).join(" ")
const foldedKey = tokens => tokens.map(token => token.folded).join(" ")

// What has been read. Cards go by their number, what is compared by per family by its own.
let core, of, han = new Map, greetings, negations, families, cards
const parts = new Map

// A family's words and what is under them.
const familyOf = (book, n) => {
  const stops = new Set(book.stops.split("\n")), bareStops = new Set, heads = new Set
  stops.forEach(stop => {
    const tokens = analyze(stop)
    bareStops.add(foldedKey(tokens))
    if (tokens[1]) heads.add(tokens[0].exact).add(tokens[0].folded)
  })
  const told = parts.get("words-" + n), ids = new Map, index = new Map
  const words = [], roots = [], said = [], inCards = []
  const give = key => ids.has(key) || ids.set(key, ids.size)
  const add = (from, counts) => {
    const ways = from.ways.split(" ").map(way => [parseInt(way), way.replace(/^\d+/, "")]), way = numbers(from.roots), count = numbers(from.counts)
    return unpack(from.words).map((word, i) => {
      let at = index.get(word)
      if (at == null) {
        index.set(word, at = words.push(word) - 1)
        const [off, on] = ways[way[i]]
        roots.push(off || on ? word.slice(0, word.length - off) + on : word)
        said.push(0)
        inCards.push(0)
      }
      counts[at] = count[i]
      return roots[at]
    })
  }
  // Numbers are given as on the other side: characters, roots, words with marks.
  const fill = (from, counts) => {
    let told = add(from, counts)
    if (counts == said) {
      const sum = new Map
      told.forEach((root, i) => sum.set(root, (sum.get(root) || 0) + said[i]))
      told = [...sum.keys()].sort((a, b) => sum.get(b) - sum.get(a))
    }
    ;[...from.characters].forEach(give)
    told.forEach(give)
    unpack(from.marked).forEach(give)
  }
  fill(told, said)
  fill(book, inCards)
  const family = {
    n, letter: book.letter, stops, bareStops, heads, ids, words, said, inCards, docs: cards.of[n], shards: book.shards,
    all: told.sayings, sizes: numbers(told.sizes), names: told.names.split("\n"), category: numbers(told.categories), wider: numbers(told.wider),
    at: word => index.get(word),
    known: word => (said[index.get(word)] || 0) + (inCards[index.get(word)] || 0),
    root: token => token.single ? token.folded : roots[index.get(token.folded)] || token.folded,
  }
  return family
}

const open = () => {
  const volume = numbers(core.volume), kind = numbers(core.kind), sort = numbers(core.sort), category = numbers(core.category)
  const stages = numbers(core.prepared), stage = numbers(core.stage), groups = numbers(core.groups), levels = numbers(core.levels)
  const situations = numbers(core.situations), texts = numbers(core.wholes), whole = numbers(core.whole)
  const family = numbers(core.family), ours = numbers(core.ours)
  const norm = (text, usual) => Array.from(numbers(text), length => 1 - of.b + of.b * length / usual)
  cards = { volume, kind, sort, category, family, ours, ids: unpack(core.ids), stage, groups, levels, whole, of: core.families.map(() => []), was: new Map(core.was), codes: new Map(core.codes),
    said: norm(core.said, of.usualSaid), body: norm(core.body, of.usualBody) }
  // Where those of each card end.
  const ends = (counts, list) => {
    let end = 0
    return counts.map(count => {
      if (list) rise(list, end, end + count)
      return end += count
    })
  }
  family.forEach((of, doc) => cards.of[of].push(doc))
  cards.stageEnds = ends(stages, stage)
  cards.groupEnds = ends(situations, groups)
  cards.wholeEnds = ends(texts)
  families = core.families.map(familyOf)
}

// Stop words and greetings: stopwords.rs.
const isStop = (family, exact, unmarked) => !negations.has(exact) && (family.stops.has(exact) || unmarked && family.bareStops.has(exact))
const stopsOf = (family, tokens) => {
  const unmarked = !tokens.some(marked), stops = tokens.map(() => false)
  tokens.forEach((token, start) => {
    if (negations.has(token.exact)) return
    const most = family.heads.has(token.exact) ? of.phrase : 1
    for (let end = start + 1; end <= Math.min(tokens.length, start + most); end++) {
      if (negations.has(tokens[end - 1].exact)) break
      const key = exactKey(tokens.slice(start, end))
      if (family.stops.has(key) || unmarked && family.bareStops.has(key)) stops.fill(true, start, end)
    }
  })
  return stops
}
const withoutGreetings = tokens => {
  const kept = []
  for (let at = 0; at < tokens.length;) {
    let length = Math.min(of.phrase, tokens.length - at)
    while (length && !greetings.has(foldedKey(tokens.slice(at, at + length)))) length--
    if (!length) {
      const token = { ...tokens[at] }, last = kept[kept.length - 1]
      token.joined = token.joined && last && last.position + 1 == token.position
      kept.push(token)
    }
    at += length || 1
  }
  return kept
}

// Slips and beginnings: spelling.rs. Letters are compared as scripts count them.
const distance = (a, b, most) => {
  let before, last, row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    before = last
    last = row
    row = [i]
    let least = i
    for (let j = 1; j <= b.length; j++) {
      let best = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1]))
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) best = Math.min(best, before[j - 2] + 1)
      row.push(best)
      least = Math.min(least, best)
    }
    if (least > most) return least
  }
  return row[b.length]
}
const telex = word => word.replace(/(?<=^..+)[sfrxj]|(?<=a)a|(?<=e)e|(?<=o)o|(?<=d)d|(?<=[aou])w/g, "")
const ranked = (found, most) => found.sort((a, b) => a[0] - b[0] || b[1] - a[1] || (a[2] < b[2] ? -1 : 1)).slice(0, most).map(entry => entry[2])
const like = (family, word) => {
  const length = word.length, slips = length < 8 ? 1 : 2, found = []
  if (length < 4 || /[^\p{Alphabetic}]/u.test(word)) return found
  if (family.letter == "v") {
    const read = telex(word)
    if (read != word && family.known(read)) return [read]
  }
  family.words.forEach((other, i) => {
    if (Math.abs(other.length - length) > slips || other.length < 3) return
    if (other[0] != word[0] && !(other[0] == word[1] && (other[1] == word[0] || other == word.slice(1)))) return
    const far = distance(word, other, slips)
    if (far <= slips) found.push([far, family.said[i] + family.inCards[i], other])
  })
  const nearest = Math.min(...found.map(entry => entry[0]))
  return ranked(found.filter(entry => entry[0] == nearest), of.mostLike)
}
const begun = (family, start) => {
  const found = []
  family.words.forEach((word, i) => word.startsWith(start) && found.push([0, family.said[i] + family.inCards[i], word]))
  return ranked(found, of.mostBegun)
}

// Which language a query is in: guess.rs.
const guess = (tokens, among) => {
  const unmarked = !tokens.some(marked)
  const logs = families.map(family => among && !among.has(family.n) ? -Infinity : 0)
  const add = (letters, log) => families.forEach((family, n) => letters.includes(family.letter) && (logs[n] += log))
  const share = (family, word) => {
    const at = family.at(word)
    return at == null ? 0 : family.said[at] / of.sayings + of.cards * family.inCards[at] / family.docs.length
  }
  tokens.forEach(token => {
    if (token.single) return add(HAN.test(token.folded) ? "z" : "o", 2)
    if (/[đ\u0306\u031b\u0323\u0309]|\u0302\p{M}*[\u0300\u0301\u0303]/u.test(token.exact.normalize("NFD"))) add("v", 5)
    else if (marked(token)) add("vo", 1)
    let shares = families.map(family => share(family, token.folded))
    if (!shares.some(Boolean)) shares = families.map(family => {
      const other = like(family, token.folded)[0]
      return other == null ? 0 : share(family, other)
    })
    families.forEach((family, n) => logs[n] += Math.log(of.unseen + Math.min(shares[n], of.common) + (isStop(family, token.exact, unmarked) ? of.listed : 0)))
  })
  if (!tokens.some(token => token.single)) add("z", -of.latin)
  const most = Math.max(...logs)
  return logs.map(log => most == -Infinity ? 0 : Math.exp(log - most))
}

// What texts are compared by: features.rs. A feature is one root or two, or a word with its marks.
const features = (family, tokens, stops) => {
  const all = stops.every(Boolean), stop = at => !all && stops[at], roots = tokens.map(family.root), found = []
  tokens.forEach((token, at) => {
    if (!stop(at)) {
      found.push({ a: roots[at], sort: token.single ? "character" : "word", at })
      if (marked(token)) found.push({ a: "=" + token.exact, sort: "exact", at })
    }
    const next = tokens[at + 1]
    if (next && !(family.letter == "z" && stop(at) && stop(at + 1)) && (!(token.single && next.single) || next.joined))
      found.push({ a: roots[at], b: roots[at + 1], sort: "pair", at })
  })
  return found
}

// The cards under a feature: how many, and each with how much of it it has. What has to be read first is noted.
let missing
const under = (name, ids, a, b) => {
  if (!parts.has(name)) missing.add(name)
  return parts.has(name) && ids.has(a) && (b == null || ids.has(b)) && parts.get(name)(ids.get(a), ids.get(b)) || [[], []]
}
const postings = (family, a, b, each) => {
  let shard = family.shards.length - 1
  while (shard > 0 && family.shards[shard][0] > a) shard--
  const [docs, values] = under("cards-" + family.shards[shard][1], family.ids, a, b)
  if (each) for (let i = 0; i < docs.length; i++) {
    const doc = family.docs[docs[i]], said = b == null ? values[i] % 8 : values[i] + 1
    each(doc, of.said * said / cards.said[doc] + (b == null ? of.body * (values[i] >> 3) / cards.body[doc] : 0), said)
  }
  return docs.length
}
// The groups that a feature tells of, how often less one, and how often it is said in all.
const tells = (family, a, b) => {
  const [groups, counts] = under("told-" + family.n, family.ids, a, b)
  let all = groups.length
  for (let i = 0; i < groups.length; i++) all += counts[i]
  return [groups, counts, all]
}
const rarity = (family, a, b, found) => {
  const share = b || /^[=#]/.test(a) ? 0 : tells(family, a)[2] / (family.all || 1)
  const has = found + of.assumed * share
  return Math.log1p((Math.max(family.docs.length, found) + of.assumed - has + .5) / (has + .5))
}

// A query as it is read in one family: query.rs and sense.rs.
const read = (family, tokens, likely, typing, greeted) => {
  const stops = stopsOf(family, tokens)
  if (greeted && stops.every(Boolean)) return
  const spelt = tokens.map(token => ({ ...token })), others = [], worth = []
  tokens.forEach((token, at) => {
    const last = typing && at + 1 == tokens.length
    others[at] = []
    worth[at] = of.word
    if (token.single || stops[at] && !last) return
    const known = family.known(token.folded), share = last ? of.begun : of.spelt
    if (!last && known) return
    const found = (last ? begun : like)(family, token.folded).filter(word => word != token.folded)
    if (!known && found[0]) {
      worth[at] = share
      spelt[at].folded = spelt[at].exact = found[0]
    }
    others[at] = found.map(word => [family.root({ folded: word }), share])
  })
  const found = features(family, spelt, stops), sought = new Map, sums = new Map
  found.forEach(({ a, b, sort, at }) => {
    const key = b == null ? a : a + " " + b
    if (sought.has(key)) return
    let own = sort == "word" ? worth[at] : of[sort]
    if (sort == "word" && marked(spelt[at])) {
      const exact = "=" + spelt[at].exact
      if (tells(family, exact)[2] || postings(family, exact)) own = of.folded
    }
    const keys = new Map([[a, own]])
    if (sort == "word") others[at].forEach(([root, share]) => keys.has(root) || keys.set(root, share))
    sought.set(key, { keys, b })
    const [groups, counts, all] = tells(family, a, b)
    const weight = { character: of.worthCharacter, pair: of.worthPair, exact: of.worthExact }[sort] || 1
    groups.forEach((group, i) => {
      const here = (counts[i] + 1) / (of.own * family.sizes[group] + of.usual)
      const told = Math.round(weight * Math.log1p(of.alpha * here * family.all / all) / of.step)
      sums.set(group, (sums.get(group) || 0) + Math.min(255, Math.max(1, told)) * of.step)
    })
  })
  const most = Math.max(0, ...sums.values()), categories = {}, strengths = new Map
  let all = 0
  sums.forEach(sum => all += Math.exp(sum - most))
  sums.forEach((sum, group) => {
    let share = Math.exp(sum - most) / all
    if (!(share > of.least)) share = 0
    const category = family.names[family.category[group] - 1]
    if (category) categories[category] = (categories[category] || 0) + share
    ;[[group, 1], [family.wider[group] - 1, of.wider]].forEach(([group, worth]) => {
      if (group < 0) return
      const [strength, part] = strengths.get(group) || [0, 0]
      strengths.set(group, [strength + worth * sum, part + worth * share])
    })
  })
  const senses = [...strengths].sort((a, b) => b[1][0] - a[1][0] || a[0] - b[0]).slice(0, of.mostSenses)
  const words = new Set(found.filter(one => one.sort == "word" || one.sort == "character").map(one => one.a)).size
  return { family, likely, sought, senses, categories, words }
}

// What a text is known by, see book.rs.
const hash = text => {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return ((h ^ h >>> 16) >>> 0) % 8192
}

// From what is looked for to the cards, the best first: rank.rs.
const look = (query, { typing, fits, among, limit = 10 }) => {
  const none = { hits: [], near: [], total: 0 }
  const text = [...query].slice(0, of.longestQuery).join(""), heard = analyze(text)
  missing = new Set
  if (!heard.length) return none
  const tokens = withoutGreetings(heard), greeted = tokens.length < heard.length
  tokens.length = Math.min(tokens.length, of.most)
  const scores = new Float64Array(cards.volume.length), best = scores.slice(), voices = []
  if (tokens.length) {
    typing = typing && /[\p{Alphabetic}\p{N}]$/u.test(text)
    guess(tokens, among).forEach((likely, n) => {
      const voice = likely >= of.likely && read(families[n], tokens, likely, typing, greeted)
      if (voice) voices.push(voice)
    })
  }
  const likely = families.map(() => 0)
  voices.forEach(({ family, likely: how, sought, senses, categories, words }) => {
    likely[family.n] = how
    const factor = (family.letter == "z" ? of.scaleCharacters : of.scale) / Math.sqrt(Math.max(words, 1)) *
      (1 - of.foreign * (1 - how)) * (1 - of.chatter * (categories.chatter || 0))
    sought.forEach(({ keys, b }) => {
      keys.forEach((worth, a) => {
        worth *= factor * rarity(family, a, b, postings(family, a, b)) * (of.k + 1)
        // Of the keys of a feature the best counts.
        postings(family, a, b, (doc, count) => {
          const part = worth * count / (count + of.k)
          if (part > best[doc]) {
            scores[doc] += part - best[doc]
            best[doc] = part
          }
        })
      })
      best.fill(0)
    })
    const meant = new Float64Array(family.sizes.length)
    senses.forEach(([group, [strength, share]]) => meant[group] = factor * (of.strength * strength + of.share * share) / of.levels)
    family.docs.forEach(doc => {
      for (let i = cards.groupEnds[doc - 1] || 0; i < cards.groupEnds[doc]; i++) scores[doc] += meant[cards.groups[i]] * cards.levels[i]
      const lift = cards.category[doc] && categories[core.categories[cards.category[doc] - 1].toLowerCase()]
      if (lift) scores[doc] *= 1 + of.categoryLift * lift
      if (cards.ours[doc]) scores[doc] *= of.ours
    })
  })
  const lift = (doc, worth) => scores[doc] += worth * (1 - .5 * of.foreign * (1 - likely[cards.family[doc]]))
  // By name, and word for word: a text of this kind that has nearly all of the query's features.
  const name = query.trim().toLowerCase(), [, playbook, id] = name.match(/^(.*)\/(.*)$/) || [, , name]
  const called = doc => playbook == null || core.volumes[cards.volume[doc]][0].split("/")[1] == playbook
  cards.ids.forEach((one, doc) => one == id && called(doc) && lift(doc, of.named))
  ;(cards.was.get(id) || []).forEach(doc => called(doc) && lift(doc, of.named))
  ;(cards.codes.get(name) || []).forEach(doc => lift(doc, of.named))
  const same = doc => {
    const family = families[cards.family[doc]], found = features(family, heard, stopsOf(family, heard))
    let has = 0
    found.forEach(({ a, b }) => postings(family, a, b, (one, _, said) => has += one == doc && said > 0))
    return 2 * has > found.length
  }
  new Set([foldedKey(heard), exactKey(heard)]).forEach(key => {
    const known = hash(key)
    for (let at = cards.whole.indexOf(known); at >= 0; at = cards.whole.indexOf(known, at + 1)) {
      const doc = cards.wholeEnds.findIndex(end => end > at)
      if (same(doc)) lift(doc, of.wordForWord)
    }
  })
  const found = []
  let total = 0
  scores.forEach((score, doc) => {
    if (score < of.beside || fits && !fits(doc)) return
    total++
    let at = found.length
    while (at && found[at - 1][1] < score) at--
    if (at >= limit) return
    found.splice(at, 0, [doc, score])
    found.length = Math.min(found.length, limit)
  })
  if (total && found[0][1] >= of.floor) return { hits: found, near: [], total }
  return { hits: [], near: found.slice(0, of.mostNear), total: 0 }
}

// Scripts that call CBX.load. What is being read is read once.
const root = document.currentScript ? new URL("..", document.currentScript.src).href : ""
const waiting = new Map
const fetchPart = (name, path) => {
  if (!waiting.has(name)) waiting.set(name, new Promise((done, failed) => {
    const script = document.createElement("script")
    script.src = root + path
    script.onload = done
    script.onerror = () => {
      waiting.delete(name)
      failed(new Error(path))
    }
    document.head.append(script)
  }))
  return waiting.get(name)
}
CBX.load = (name, data) => {
  if (name == "core") {
    core = data
    of = core.settings.of
    const pairs = [...core.settings.han]
    for (let i = 0; i < pairs.length; i += 2) han.set(pairs[i], pairs[i + 1])
    greetings = new Set(core.settings.greetings.split("\n"))
    negations = new Set(core.settings.negations.split("\n"))
  } else {
    let made
    parts.set(name, /^(told|cards)/.test(name) ? (a, b) => (made = made || lists(data))(a, b) : data)
  }
}
const part = name => {
  const [sort, number] = name.split("-")
  return fetchPart(name, core.files[sort][number])
}
// All that every look-up needs; small books whole.
let ready, fresh = ""
// A core that was kept may name files that are gone: the next try asks for a new one.
const again = error => {
  ready = null
  waiting.clear()
  parts.clear()
  fresh = "?" + Date.now()
  throw error
}
CBX.ready = () => ready = ready || fetchPart("core", "search-core.js" + fresh).then(() => {
  const { words, cards, texts } = core.files, first = words.map((_, n) => "words-" + n)
  const language = core.languages.find(([tag]) => tag == document.documentElement.lang)
  if (language) first.push("told-" + language[4])
  if (cards.length == words.length) cards.forEach((_, n) => first.push("cards-" + n))
  if (!texts[1]) first.push("texts-0")
  return Promise.all(first.map(part))
}).then(() => {
  open()
  return core
}).catch(again)
// The best cards, as numbers and scores; with what is shown of them if `texts`.
CBX.find = async (query, how = {}) => {
  await CBX.ready()
  if (how.language) how.among = new Set([cards.family[cards.volume.findIndex(volume => core.volumes[volume][2] == how.language)]])
  for (;;) {
    const found = look(query, how)
    if (!missing.size) {
      if (!how.texts) return found
      const all = [...found.hits, ...found.near]
      await Promise.all(all.map(([doc]) => part("texts-" + Math.floor(doc / core.each)))).catch(again)
      return found
    }
    await Promise.all([...missing].map(part)).catch(again)
  }
}
CBX.card = doc => {
  const [title, bridge, say, code] = (parts.get("texts-" + Math.floor(doc / core.each)) || [])[doc % core.each] || []
  const [folder, volume, language] = core.volumes[cards.volume[doc]], kind = cards.kind[doc], id = cards.ids[doc]
  const name = [id, core.languages[language][0], folder.split("/")[1], core.kinds[kind]]
  return { name, title, bridge, say, code, volume, kind, language, sort: cards.sort[doc], category: cards.category[doc], stages: cards.stage.subarray(cards.stageEnds[doc - 1] || 0, cards.stageEnds[doc]),
    href: root + folder + (core.folders[kind] ? core.folders[kind] + "/" + id + "/index.html" : "index.html#signal-" + id) }
}
CBX.analyze = analyze
})();
