// The guided call. The page holds all there is to show; this walks through it. A call is a list of events, by
// the rules of `script/walk`; its record follows from them, by those of `calls/derive`.
customElements.define('guided-call', class extends HTMLElement {
connectedCallback() {
const root = this, data = root.dataset, w = JSON.parse(data.w);
const $ = (what, of = root) => of && of.querySelector(what);
const $$ = (what, of = root) => of ? [...of.querySelectorAll(what)] : [];
const stages = $$('.stage'), cards = $$('.objection'), closes = $$('.close'), signals = $$('.signal'), outcomes = $$('.outcome'), asks = $$('[data-q]'), names = $('.names');
const idOf = one => one ? one.dataset.id : null;
const refuse = why => { throw {why: why || w.not_here}; };
const named = (list, id) => list.find(one => idOf(one) == id) || refuse();
const lines = stage => $$('[data-line]', stage);
// The words of an element as things stand.
const wordsOf = one => {
  const copy = one.cloneNode(true);
  $$('[hidden]', copy).forEach(text => text.remove());
  return copy.textContent;
};
const put = (what, text, of) => { $(what, of).textContent = text; };
const told = (words, what) => words.replace('{}', () => what);
const iso = time => new Date(time).toISOString();
const local = time => iso(time - new Date(time).getTimezoneOffset() * 6e4);
const store = `callbook ${data.playbook} ${data.language} ${data.rev}`;

// What is kept beyond this page; a browser may forbid it.
const kept = (name, value) => {
  try {
    if (value !== undefined) localStorage.setItem(name, JSON.stringify(value));
    return JSON.parse(localStorage.getItem(name));
  } catch {}
};

// What events come to.
const replay = call => {
  const {started, events} = call, age = {[started]: 0}, s = {line: 0, frames: [], seen: [], steps: []};
  const r = s.record = {version: 1, id: call.id, playbook: data.playbook, language: data.language, rep: null, prospect: {}, variables: {}, started,
    ended: null, seconds: 0, path: [], answers: {}, objections: [], no_answer: [], closes: [], signals: [], outcome: null, result: null, next_step: null, notes: [], events};
  let t = started, sum = 0;
  const top = () => s.frames.at(-1) || {};
  const here = () => ({stage: idOf(s.stage), at: t});
  const enter = stage => {
    if (s.stage) r.path.at(-1).left = t;
    r.path.push({stage: idOf(stage), entered: t, left: null});
    Object.assign(s, {stage, line: 0, frames: [], entered: t});
    s.seen.push(stage);
  };
  const push = frame => s.frames.length < 8 ? s.frames.push(frame) : refuse();
  s.tried = id => r.objections.flatMap(o => o.card == id ? o.tried.map(one => one.response) : []);
  const spent = card => s.tried(idOf(card)).length >= (card.dataset.limit || 1e9);
  const fresh = card => $$('.response', card).find(one => !s.tried(idOf(card)).includes(idOf(one)));
  const goes = {
    stage: id => enter(named(stages, id)),
    outcome(id) { s.frames = [{outcome: named(outcomes, id)}]; },
    close(id) {
      const close = named(closes, id), h = {close: id, ...here(), yes: null, led_to: null};
      if (top().close == close) refuse();
      push({close, h});
      r.closes.push(h);
    },
    objection(id, heard) {
      const card = named(cards, id), h = {card: id, playbook: card.dataset.pb, ...here(), left: null, times: 1 + r.objections.filter(o => o.card == id).length,
        heard: (heard || '').trim() || null, response: null, landed: null, tried: []};
      if (top().card == card) refuse();
      push({card, h, response: spent(card) ? null : fresh(card) || $('.response', card), turn: 0});
      r.objections.push(h);
    },
  };
  const follow = link => { if (link) goes[link.hash.match(/\w+/)](link.hash.replace(/.*?-/, '')); };
  const lift = link => { s.frames.pop(); follow(link); };
  const objection = () => top().card ? top() : refuse();
  const said = landed => {
    const f = objection(), response = idOf(f.response || refuse()), {tried} = f.h;
    if (f.used) tried.at(-1).landed = landed;
    else tried.push({response, landed, at: t});
    Object.assign(f.h, {response, landed});
    return f;
  };
  const show = (f, response) => Object.assign(f, {response, turn: 0, used: false});
  const decide = yes => {
    const {close, h} = top(), link = $(yes ? '.yes' : '.no', close || refuse());
    Object.assign(h, {yes, led_to: link ? link.hash.replace(/.*?-/, '') : null});
    lift(link);
  };
  const does = {
    next() {
      const f = top(), ways = $$('.ways a', s.stage);
      if (s.frames[0]) f.response && ++f.turn < $$('.turn', f.response).length || refuse();
      else if (s.line < lines(s.stage || refuse()).length - 1) s.line++;
      else ways[1] || ways[0].dataset.when != null ? refuse() : follow(ways[0]);
    },
    back() { (s.frames[0] ? top().turn-- : s.line--) > 0 || refuse(); },
    line(e) { Object.assign(s, {frames: [], line: e.number - 1}); },
    branch(e) { follow(!s.frames[0] && $$('.ways [data-do]', s.stage)[e.number - 1] || refuse()); },
    anytime(e) { follow($$('[data-do=anytime]')[e.number - 1] || refuse()); },
    open(e) { goes.objection(e.card, e.heard); },
    heard(e) { objection().h.heard = e.words.trim() || null; },
    choose(e) {
      const f = objection();
      show(f, spent(f.card) ? refuse(w.limit) : named($$('.response', f.card), e.response));
    },
    used() { if (objection().used) refuse(w.say_how); said(null).used = true; },
    landed() { lift($('[data-do=landed]', said(true).response)); },
    resisted() {
      const f = said(false), to = f.response.dataset.resists;
      show(f, spent(f.card) || to == 'accept' ? null : to ? named($$('.response', f.card), to) : fresh(f.card));
    },
    accept() { objection().h.accepted = true; lift(); },
    leave() { lift(s.frames[0] ? 0 : refuse()); },
    yes() { decide(true); },
    no() { decide(false); },
    signal(e) {
      const signal = named(signals, e.id);
      r.signals.push({signal: e.id, ...here()});
      follow($('.leads-on', signal));
    },
    answer({question, value}) {
      const now = lines(s.stage)[s.line], is = one => one && one.dataset.q == question, q = is(now) ? now : asks.find(is) || refuse();
      const {field, type} = q.dataset, text = value.trim(), picked = $$('.opt', q).find(o => o.dataset.value.trim().toLowerCase() == text.toLowerCase());
      if (!text) return delete r.answers[field];
      r.answers[field] = {
        value: type == 'number' ? /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? +text : refuse(w.not_number)
          : type == 'date' && !/^\d{4}(-\d\d){2}$/.test(text) ? refuse()
          : type == 'yes_no' ? (picked || refuse()).dataset.value == 'yes'
          : type == 'choice' && $('.opt', q) ? (picked || refuse()).dataset.value : text,
        question, stage: idOf(q.closest('.stage')), at: t};
      if (q == now && !s.frames[0] && picked && picked.hash) follow(picked);
    },
    no_answer(e) {
      const {card, h} = top();
      r.no_answer.push({heard: (e.heard || '').trim() || (card ? h.heard || '' : refuse()), card: card ? h.card : null, ...here()});
      if (card) lift();
    },
    note(e) { r.notes.push({text: e.text.trim() || refuse(), ...here()}); },
    next_step({what, date}) { r.next_step = what.trim() || date ? {what: what.trim(), date: date || null} : null; },
    prospect({field, value}) {
      const name = field.replace('prospect.', ''), map = name == field ? r.variables : r.prospect;
      if (field == 'rep') r.rep = value || null;
      else if (value) map[name] = value;
      else delete map[name];
    },
    end() { s.over = true; },
  };
  // Seconds between two moments; a break before something was gone on with does not count.
  const span = (from, to) => Math.trunc(((age[to] ?? sum + Date.parse(to) - Date.parse(t)) - age[from]) / 1000);
  for (const e of events) {
    if (e.do != 'resume') sum += Date.parse(e.at) - Date.parse(t);
    age[t = e.at] = sum;
    e.do == 'undo' ? s.steps.pop() : e.do == 'resume' || s.steps.push(e);
  }
  const last = s.last = t;
  t = started;
  if (stages[0]) enter(stages[0]);
  for (const e of s.steps) {
    const before = [...s.frames];
    t = e.at;
    does[e.do] ? does[e.do](e) : goes[e.do](e.id);
    for (const f of before) if (f.card && !s.frames.includes(f)) f.h.left = t;
  }
  t = last;
  Object.assign(s, {span});
  if (s.over) r.ended = last;
  r.seconds = span(started, last);
  for (const one of [...r.path, ...r.objections]) {
    one.left ||= r.ended;
    if (one.entered) one.seconds = span(one.entered, one.left || last);
  }
  const {outcome} = s.frames[0] || {};
  if (outcome) Object.assign(r, {outcome: idOf(outcome), result: outcome.dataset.result});
  return s;
};

// The call in Markdown, as `calls/summary` writes it; nothing that was typed is markup in it.
const plain = text => `${text}`.split(/[\s\p{Cc}]+/u).filter(Boolean).join(' ').replace(/[\\`*_[\]<>#|~&!]/g, '\\$&').replace(/^[-+]|(?<=^\d+)[.)]/, '\\$&');
const some = (list, by) => list.filter(Boolean).join(by);
const who = ({prospect: p}) => some([p.name || p.full_name || some([p.first_name, p.last_name], ' '), p.company], ', ') || Object.values(p)[0] || '';
const summary = r => {
  const title = (list, id) => plain(named(list, id).dataset.title);
  const part = (name, items) => items[0] && `\n## ${name}\n\n- ${items.join('\n- ')}`;
  const fact = (name, text) => text && `- **${name}**${w.colon}${text}`;
  const shown = value => value === true ? w.yes : value === false ? w.no : plain(value);
  // A response is known by when it fits, else by how it begins.
  const answer = (h, {response}) => {
    const one = named($$('.response', named(cards, h.card)), response), text = [...one.dataset.when || wordsOf($('.bridge,.words', one))];
    return plain(text[60] ? text.slice(0, 60).join('').trimEnd() + '…' : text.join(''));
  };
  const how = one => one.landed == null ? '' : ` (${one.landed ? w.landed : w.resisted})`;
  return some([
    `# ${w.call}${w.colon}${plain(who(r) || data.title)}\n`,
    some([plain(data.title), local(Date.parse(r.started)).slice(0, 16).replace('T', ' '), Math.ceil(r.seconds / 60) + ' ' + w.minutes, r.rep && told(w.by, plain(r.rep))], ' · ') + '\n',
    fact(w.outcome, r.outcome ? title(outcomes, r.outcome) : !r.ended && w.not_ended),
    r.next_step && fact(w.next_step, some([r.next_step.date, plain(r.next_step.what)], ' · ') || ' '),
    fact(w.path, r.path.map(visit => title(stages, visit.stage)).join(' → ')),
    part(w.answers, Object.values(r.answers).map(a => `${plain(wordsOf($('.words', asks.find(q => q.dataset.q == a.question))))} **${shown(a.value)}**`)),
    part(w.objections, r.objections.map(h => some([title(cards, h.card) + (h.heard ? ' ' + told(w.quoted, plain(h.heard)) : ''), ...h.tried.map(one => answer(h, one) + how(one)), h.accepted && w.accepted], ' · '))),
    part(w.no_answer, r.no_answer.map(one => plain(one.heard)).filter(Boolean)),
    part(w.closes, r.closes.map(c => title(closes, c.close) + (c.yes == null ? '' : w.colon + shown(c.yes)))),
    part(w.notes, r.notes.map(note => plain(note.text))),
  ], '\n') + '\n';
};

// The call, and where it stands.
let call, now, timer;
const toast = text => put('.toast', text || '');
const act = event => {
  try {
    if (event.do == 'undo' ? !now.steps[0] : now.over) refuse(w.nothing);
    const time = iso(Date.now());
    call.events.push({at: time > now.last ? time : now.last, ...event});
    try { now = replay(call); } catch (no) { call.events.pop(); throw no; }
  } catch (no) {
    if (no.why) return toast(no.why);
    throw no;
  }
  clearTimeout(timer);
  timer = setTimeout(() => kept(store, call), 200);
  const {do: what} = event;
  toast(what == 'undo' ? w.taken_back : what == 'no_answer' ? told(w.kept_unanswered, now.record.no_answer.at(-1).heard) : ['note', 'next_step'].includes(what) && w.kept);
  draw(what);
  return true;
};
const tick = () => {
  if (!call) return;
  const time = iso(Date.now()), t = now.over || time < now.last ? now.last : time;
  const shown = s => iso(s * 1e3).slice(s < 3600 ? 14 : 11, 19).replace(/^0/, '');
  put('.clock', shown(now.span(call.started, t)));
  if (!now.stage) return;
  const spent = now.span(now.entered, t), {minutes} = now.stage.dataset;
  put('.timer', shown(spent) + (minutes ? ` / ${minutes} ${w.minutes}` : ''));
  $('.timer').classList.toggle('late', spent > minutes * 60);
};
const item = text => Object.assign(document.createElement('li'), {textContent: text, dir: 'auto'});

// Shows what stands.
const draw = what => {
  const {stage, record: r} = now, f = now.frames.at(-1) || {}, all = lines(stage), line = all[now.line];
  const turns = $$('.turn', f.response), more = f.turn + 1 < turns.length, last = now.steps.at(-1) || {};
  const at = now.over ? 'over' : f.outcome ? 'ending' : f.close ? 'close' : f.card ? f.response ? more ? 'turn' : f.used ? 'used' : 'said' : 'accept' : all[now.line + 1] ? 'line' : 'ways';
  const is = [at, now.over || 'call', at == 'line' && line.dataset.q && 'ask', f.turn > 0 && 'turned'];
  const part = now.over || f.outcome ? $('.finish') : f.card || f.close || stage || $('#none');
  data.at = at;
  for (const one of $$('.part')) one.classList.toggle('on', one == part || last.do == 'signal' && one.id == 'signal-' + last.id);
  for (const one of $$('[data-on]')) one.hidden = !one.dataset.on.split(' ').some(on => is.includes(on));
  $$('.steps a').forEach((link, n) => {
    link.ariaCurrent = stages[n] == stage ? 'step' : null;
    link.classList.toggle('seen', now.seen.includes(stages[n]));
  });
  if (stage) put('.step', $('.eyebrow', stage).textContent.split(' · ')[0] + ' · ' + stage.dataset.title);
  for (const one of all) one.ariaCurrent = one == line ? 'true' : null;
  // What was answered, and what was not.
  for (const q of asks) {
    const a = r.answers[q.dataset.field], field = $('input', q), value = a ? `${a.value}` : '';
    const option = $$('.opt', q).find(o => o.dataset.value == (value == 'true' ? 'yes' : value == 'false' ? 'no' : value));
    q.answer = option ? option.firstChild.textContent.trim() : value;
    q.classList.toggle('answered', !!a);
    put('.kept b', q.answer, q);
    if (field) field.value = value;
  }
  for (const list of $$('.open ul')) list.replaceChildren(...$$('[data-need]:not(.answered) .words', stage).map(words => item(wordsOf(words))));
  if (f.card) {
    for (const one of $$('.response', f.card)) one.classList.toggle('on', one == f.response);
    turns.forEach((one, n) => { one.hidden = n > f.turn; });
    for (const one of $$('.others button', f.card)) one.ariaPressed = one.dataset.response == idOf(f.response);
    put('.heard q', f.h.heard, f.card);
    put('.times', f.h.times > 1 ? told(w.times, f.h.times) : '', f.card);
  }
  // The speed dial keeps its order as long as the stage lasts.
  $('.ready').replaceChildren(...$$('.dials', stage).map(one => one.cloneNode(true)));
  for (const link of $$('.ready .dial a')) link.dataset.times = now.tried(link.hash.slice(11)).length;
  $('.log ul').replaceChildren(...[...asks.map(q => q.answer), ...r.notes.map(note => note.text)].filter(Boolean).map(item));
  if (part == $('.finish')) {
    put('.chosen', f.outcome ? f.outcome.dataset.title : '');
    put('.result', f.outcome ? $('small', f.outcome).textContent : '');
    for (const field of $$('#ns-what,#ns-date')) field.value = field.defaultValue = r.next_step && r.next_step[field.name] || '';
  }
  fill();
  if (part == $('.finish')) {
    root.summary = summary(r);
    put('.summary', root.summary.replace(/^#+ |\*\*/gm, '').replace(/\\(.)/g, '$1'));
  }
  put('.who', who(r));
  tick();
  root.style.setProperty('--bar', $('.bar').offsetHeight + 'px');
  // To the line that is said now, to what is written down next, else to the heading.
  const to = part != stage ? $(at == 'ending' && what != 'next_step' ? '#ns-what' : 'h2:not([hidden] *,[hidden]),h3', part) : now.line || what == 'back' ? line : $('h2', stage);
  history.replaceState(null, '', '#' + part.id);
  if (to) to.focus({preventScroll: true});
  (to == line ? line : part).scrollIntoView({block: to == line ? 'center' : 'start'});
};
// What is known, into the texts and the form.
const fill = () => {
  const r = now.record, known = {rep: r.rep, today: local(Date.now()).slice(0, 10), ...r.variables};
  for (const name in r.prospect) known['prospect.' + name] = r.prospect[name];
  for (const one of $$('[data-var]')) {
    one.was ??= [one.textContent, one.className];
    const name = one.dataset.var, value = name == 'answer' ? (one.closest('[data-q]') || {}).answer : known[Object.keys(known).find(key => key.toLowerCase() == name.toLowerCase())];
    [one.textContent, one.className] = value ? [value, 'value'] : one.was;
  }
  for (const field of names.elements) if (field.name) field.value = known[field.name] || field.was;
  // Of a text that goes by conditions the case as things stand: `template/conditions`.
  const holds = ([sign, a, b, blank]) => {
    if (sign == 'not') return !holds(a);
    if (sign == 'and') return holds(a) && holds(b);
    if (sign == 'or') return holds(a) || holds(b);
    const has = known[a] || (names.elements[a] || {}).was, value = +b === b ? +has : has;
    return has ? sign == '==' ? value == b : sign == '!=' ? value != b : sign[0] == '>' ? value > b || sign[1] && value == b : value < b || sign[1] && value == b : blank;
  };
  for (const one of $$('[data-if]')) {
    const now = JSON.parse(one.dataset.if).reduce((sum, condition, n) => sum + (holds(condition) ? 1 << n : 0), 0);
    [...one.children].forEach((text, n) => { text.hidden = n != now; });
  }
};

// Search over the cards of this page: words as they are typed, no marks needed, the rarer the weightier.
const pieces = text => (text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd').match(/[\p{L}\p{N}]+/gu) || []).flatMap(word => /\p{Script=Han}./u.test(word) ? [...word].slice(1).map((c, n) => word[n] + c) : word);
let shelf;
const find = query => {
  const scores = new Map();
  shelf ||= $$('[data-find]').map(card => [card, ...['h3,.code', '.utter', '*'].map(what => ' ' + $$(what, card).flatMap(one => pieces(one.textContent)).join(' '))]);
  for (const word of pieces(query)) {
    let hits = [];
    // What nothing begins with may begin like something.
    for (let part = word; !hits[0] && part && (part == word || part[2]); part = part.slice(0, -1)) {
      hits = shelf.flatMap(([card, ...texts]) => {
        const at = texts.findIndex(text => text.includes(' ' + part));
        return at < 0 ? [] : [[card, 3 - at]];
      });
    }
    for (const [card, weight] of hits) scores.set(card, (scores.get(card) || 0) + weight * Math.log(1 + shelf.length / hits.length));
  }
  return [...scores].sort((a, b) => b[1] - a[1]).slice(0, 8).map(([card]) => card);
};
const list = (query, hits) => {
  put('.count', query && !hits[0] ? told(w.none, query) : '');
  $('[data-ui=unknown]').disabled = !query;
  $('.hits').replaceChildren(...hits.map(card => {
    const row = item(''), link = row.appendChild(document.createElement('a'));
    link.href = '#' + card.id;
    link.append(card.dataset.title, ...['.bridge', '.turn .words'].flatMap(what => $(what, card)?.cloneNode(true) || []));
    return row;
  }));
};
// The search of the handbook finds better, where this document still lies beside it.
const look = async () => {
  const typed = () => $('[name=q]').value.trim(), query = typed();
  list(query, query ? find(query) : $$('.ready .dial a').map(link => cards.find(card => '#' + card.id == link.hash)));
  try {
    const {languages, kinds} = await CBX.ready(), {hits, near} = await CBX.find(query, {typing: true, texts: true, limit: 40});
    const here = [...hits, ...near].map(([doc]) => CBX.card(doc)).filter(({language}) => languages[language][0] == data.language)
      .map(({id, kind}) => $(`#${kinds[kind]}-${CSS.escape(id)}`)).filter(Boolean);
    if (here[0] && query == typed()) list(query, here.slice(0, 8));
  } catch {}
};

// Dialogs.
const shut = () => { for (const one of $$('dialog[open]')) one.close(); };
const show = id => {
  const box = $('#' + id), field = $('input:not([type=checkbox])', box);
  shut();
  if (id == 'd-names') box.append(names);
  else if (field) field.value = id == 'd-heard' ? now.frames.at(-1).h.heard : '';
  if (id == 'd-go') $('.here').replaceChildren(...$$('.end h3,.end .ways', now.stage).map(one => one.cloneNode(true)));
  if (id == 'd-find') {
    if (data.search) document.head.append(Object.assign(document.createElement('script'), {src: data.search, onload: look}));
    data.search = '';
    look();
  }
  root.classList.remove('more');
  box.showModal();
  (field || $('.ways a', box) || box).focus();
};

const CALLS = 'callbook calls', done = () => kept(CALLS) || [];
const give = (name, what) => {
  const href = URL.createObjectURL(new Blob([JSON.stringify(what, null, 1)], {type: 'application/json'}));
  Object.assign(document.createElement('a'), {href, download: name + '.json'}).click();
};

// What is no step of the call.
const ui = {
  shut,
  back() { act({do: !now.line && /^(next|branch|stage|anytime|line)$/.test((now.steps.at(-1) || {}).do) ? 'undo' : 'back'}); },
  // The way that needs no condition, else the first one.
  way() { ($('.ways a:not([data-when])', now.stage) || $('.ways a', now.stage) || $('#d-end .ways a')).click(); },
  answer() { $('[aria-current=true] :is(.opt,input)').focus(); },
  close() {
    const all = $$('.ready .tries a');
    all[1] ? all[0].focus() : all[0] ? all[0].click() : toast(w.no_close);
  },
  other() {
    const {card, response} = now.frames.at(-1), all = $$('.response', card);
    act({do: 'choose', response: idOf(all[(all.indexOf(response) + 1) % all.length])});
  },
  lost() { now.frames.at(-1).h.heard ? act({do: 'no_answer'}) : show('d-lost'); },
  unknown() { shut(); act({do: 'no_answer', heard: $('[name=q]').value}); },
  more(button) { button.ariaExpanded = root.classList.toggle('more'); },
  resume() {
    begin(before);
    if (!now.over) act({do: 'resume'});
  },
  new() {
    // What was not taken along yet can be later.
    kept(CALLS, [...done(), now.record]) || ui.download();
    kept(store, call = null);
    location.replace(location.pathname);
  },
  all() {
    give('calls', done());
    $('[data-ui=forget]').hidden = false;
  },
  forget() { kept(CALLS, []); $('.calls').hidden = true; },
  copy() {
    const by_hand = () => getSelection().selectAllChildren($('.summary'));
    navigator.clipboard ? navigator.clipboard.writeText(root.summary).then(() => toast(w.copied), by_hand) : by_hand();
  },
  print() { print(); },
  download() { give('call-' + call.id, now.record); },
};
// The next field that nothing is in, else the button.
const empty = after => [...names.elements].find((field, n, all) => n > all.indexOf(after) && !field.value);
const begin = from => {
  call = from;
  names.noValidate = true;
  now = replay(call);
  setInterval(tick, 1000);
  draw();
};

root.onclick = e => {
  const one = e.target.closest('[data-do],[data-ui],[data-show],[data-days],a[href^="#"],[data-line],input,label');
  if (!one || one.matches('form,input,label')) return;
  const {do: what, ui: does, show: box, days, line, number, question, value, response} = one.dataset;
  if (does) return ui[does](one);
  if (box) return show(box);
  if (days) return $('#ns-date').value = local(Date.now() + days * 864e5).slice(0, 10);
  if (!call) return;
  if (line != null) {
    const at = lines(now.stage).indexOf(one);
    if (at != now.line) act({do: 'line', number: at + 1});
    return;
  }
  e.preventDefault();
  shut();
  if (what) return act({do: what, number: number && +number, question, value, response});
  const [, kind, id] = one.hash.match(/(\w+)-(.*)/) || [], heard = one.closest('.hits') && $('[name=q]').value.trim();
  if (kind) act(kind == 'objection' ? {do: 'open', card: id, ...heard && {heard}} : {do: kind, id});
};
root.onsubmit = e => {
  const form = e.target, {do: what, ui: does, ...more} = form.dataset, values = [...new FormData(form)];
  e.preventDefault();
  if (does == 'find') return ($('.hits a') || $('[data-ui=unknown]')).click();
  if (does) {
    if (!call && before && !confirm(w.drop)) return;
    // What is another one than before is a step.
    if (!call) begin({id: crypto.getRandomValues(new Uint32Array(2)).join('').padStart(20, 0), started: iso(Date.now()), events: []});
    const r = now.record;
    for (const [field, value] of values) {
      const known = field == 'rep' ? r.rep : r.variables[field] || r.prospect[field.replace('prospect.', '')];
      if (value.trim() != (known || names.elements[field].was)) act({do: 'prospect', field, value: value.trim()});
      if (field == 'rep') kept('callbook rep', value);
    }
    return shut();
  }
  const event = {do: what, ...more, ...Object.fromEntries(values)};
  if (!event.date) delete event.date;
  // Enter saves what is next and asks for the day; after that, or where nothing is next, it ends the call.
  const {name, value} = document.activeElement, end = name == 'date' || name == 'what' && !value;
  if (end && !event.what && !event.date && !now.record.next_step || act(event)) shut();
  if (end) act({do: 'end'});
  else if (name == 'what') $('#ns-date').focus();
};
root.oninput = e => {
  if (e.target.name == 'q' && !e.isComposing) look();
  if (e.target.type == 'checkbox') kept('callbook keys', e.target.checked);
};
root.addEventListener('compositionend', look);
addEventListener('pagehide', () => { if (call) kept(store, call); });
document.onkeydown = e => {
  const at = e.target, list = at.closest('dialog,.ways,.tries');
  if (!call && e.key == 'Enter' && at.name && !e.isComposing) {
    const to = empty(at);
    e.preventDefault();
    to.name ? to.focus() : to.click();
  }
  if (!call || e.altKey || e.isComposing) return;
  if (list && /^Arrow(Down|Up)$/.test(e.key)) {
    const all = $$('[name=q],.hits a,.ways a,.tries a', at.closest('dialog') || list), to = all[all.indexOf(at) + (e.key == 'ArrowDown' ? 1 : -1)];
    if (to) { e.preventDefault(); to.focus(); }
  }
  const sign = e.key.normalize('NFKC'), plain = {' ': 'Space', '。': '.', '、': '/', '“': '"', '「': '"'}[sign] || sign;
  const key = e.ctrlKey || e.metaKey ? {k: '/', z: 'undo'}[plain] : plain;
  // Where nothing new is written of what is next, one goes back as from anywhere.
  const typing = at.closest('input:not([type=checkbox]),select') && !(/^(Escape|undo)$/.test(key) && at.closest('.nextstep') && at.value == at.defaultValue);
  if (key == 'Escape' && typing && !list) return at.blur();
  if (!key || typing || $('dialog[open]') || kept('callbook keys') == false || /^(Enter|Space)$/.test(key) && at.closest('a,button,label')) return;
  const does = /^[1-9]$/.test(key) ? $$('.ready .dial a')[key - 1] : $$('[data-key]').find(one => one.dataset.key.split(' ').includes(key) && !one.closest('[hidden],.part:not(.on)'));
  if (does) { e.preventDefault(); does.click(); }
  else if (!$('.find').hidden && (key == 'Process' || /^\p{L}$/u.test(key))) show('d-find');
};

// A call that was not ended, or not taken along.
let before = kept(store);
for (const field of names.elements) field.was = field.value;
$('#v-rep').value = kept('callbook rep') || '';
$('[type=checkbox]').checked = kept('callbook keys') != false;
if (before) try {
  const {record, over} = replay(before);
  if (over) {
    kept(CALLS, [...done().filter(one => one.id != record.id), record]);
    before = kept(store, null);
  } else $('.saved').hidden = false;
  if (before) $('.saved span').append(` (${some([who(record), new Date(before.started).toLocaleString(data.language, {dateStyle: 'short', timeStyle: 'short'})], ', ')})`);
} catch { before = null; }
$('.calls').hidden = !done()[0];
put('[data-ui=all]', told(w.all, done().length));
(before ? $('.saved button') : empty()).focus();
}
});
