// The guided call. The page holds all there is to show; this walks through it. A call is a list of events, by
// the rules of `script/walk`; its record follows from them, by those of `calls/derive`.
customElements.define('guided-call', class extends HTMLElement {
connectedCallback() {
const root = this;
const $ = (what, of = root) => of && of.querySelector(what);
const $$ = (what, of = root) => [...of.querySelectorAll(what)];
const w = JSON.parse(root.dataset.w);
const stages = $$('.stage'), cards = $$('.objection'), closes = $$('.close'), signals = $$('.signal'), outcomes = $$('.outcome'), asks = $$('[data-q]');
const named = (list, id) => list.find(one => one.dataset.id == id) || refuse();
const lines = stage => $$('[data-line]', stage);
const idOf = one => one ? one.dataset.id : null;
const refuse = why => { throw {why: why || w.not_here}; };
const told = (words, what) => words.replace('{}', what);
const iso = time => new Date(time).toISOString();
const store = 'callbook ' + [root.dataset.playbook, root.dataset.language, root.dataset.rev];

// What is kept beyond this page; a browser may forbid it.
const kept = (name, value) => {
  try {
    if (value === undefined) return JSON.parse(localStorage.getItem(name));
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(value));
  } catch { return null; }
};

// What events come to.
const replay = call => {
  const {started, events} = call;
  const s = {stage: null, line: 0, frames: [], entered: started, seen: new Set(), steps: [], over: false};
  const r = s.record = {version: 1, id: call.id, playbook: root.dataset.playbook, language: root.dataset.language, rep: null, prospect: {}, variables: {},
    segment: [], started, ended: null, seconds: null, path: [], answers: {}, objections: [], no_answer: [], closes: [], signals: [],
    outcome: null, result: null, next_step: null, notes: [], events};
  let t = started;
  const top = () => s.frames.at(-1);
  const here = () => ({stage: idOf(s.stage), at: t});
  // Seconds between two moments, without breaks.
  s.span = (from, to) => {
    let sum = Date.parse(to) - Date.parse(from), last = started;
    for (const e of events) {
      if (e.do == 'resume') {
        const a = last > from ? last : from, b = e.at < to ? e.at : to;
        if (b > a) sum -= Date.parse(b) - Date.parse(a);
      }
      last = e.at;
    }
    return Math.trunc(sum / 1000);
  };
  const enter = stage => {
    const before = r.path.at(-1);
    if (before) before.left = t;
    r.path.push({stage: idOf(stage), entered: t, left: null, seconds: null});
    Object.assign(s, {stage, line: 0, frames: [], entered: t});
    s.seen.add(stage);
  };
  const end = outcome => { s.frames = [{outcome}]; };
  const follow = link => {
    const [, kind, id] = (link ? link.hash : '').match(/^#(\w+)-(.+)/) || [];
    if (kind == 'stage') enter(named(stages, id));
    if (kind == 'objection') open(id);
    if (kind == 'close') tryClose(id);
    if (kind == 'outcome') end(named(outcomes, id));
  };
  const lift = (frame, link) => { s.frames.pop(); follow(link); };
  s.tried = card => r.objections.filter(o => o.card == idOf(card)).flatMap(o => o.tried.map(one => one.response));
  const spent = card => card.dataset.limit && s.tried(card).length >= card.dataset.limit;
  const fresh = card => $$('.response', card).find(one => !s.tried(card).includes(idOf(one)));
  const push = frame => { if (s.frames.length > 7) refuse(); s.frames.push(frame); };
  const open = (id, heard) => {
    const card = named(cards, id);
    if (top() && top().card == card) refuse();
    const h = {card: id, playbook: card.dataset.pb, ...here(), left: null, times: 1 + r.objections.filter(o => o.card == id).length,
      heard: (heard || '').trim() || null, response: null, landed: null, tried: []};
    push({card, h, response: spent(card) ? null : fresh(card) || $('.response', card), turn: 0});
    r.objections.push(h);
  };
  const tryClose = id => {
    const close = named(closes, id);
    if (top() && top().close == close) refuse();
    const h = {close: id, ...here(), yes: null, led_to: null};
    push({close, h});
    r.closes.push(h);
  };
  const objection = () => top() && top().card ? top() : refuse();
  const said = landed => {
    const f = objection(), id = idOf(f.response || refuse()), h = f.h;
    if (f.used) h.tried.at(-1).landed = landed;
    else h.tried.push({response: id, landed, at: t});
    Object.assign(h, {response: id, landed});
    return f;
  };
  const show = (f, response) => Object.assign(f, {response, turn: 0, used: false});
  const decide = yes => {
    const f = top() && top().close ? top() : refuse(), link = $(yes ? '.yes' : '.no', f.close);
    Object.assign(f.h, {yes, led_to: link ? link.hash.replace(/^#\w+-/, '') : null});
    lift(f, link);
  };
  const does = {
    next() {
      const f = top();
      if (f) return f.response && ++f.turn < $$('.turn', f.response).length || refuse();
      if (s.line < lines(s.stage || refuse()).length - 1) return s.line++;
      const ways = $$('.ways a', s.stage);
      ways.length == 1 && ways[0].dataset.when == null ? follow(ways[0]) : refuse();
    },
    back() {
      const f = top();
      if (f) return f.card && f.turn-- > 0 || refuse();
      s.line-- > 0 || refuse();
    },
    line(e) {
      if (!(e.number > 0 && e.number <= lines(s.stage || refuse()).length)) refuse();
      Object.assign(s, {frames: [], line: e.number - 1});
    },
    branch(e) { follow(!top() && $$('.ways a[data-do]', s.stage)[e.number - 1] || refuse()); },
    anytime(e) { follow($$('#d-go [data-do=anytime]')[e.number - 1] || refuse()); },
    stage(e) { enter(named(stages, e.id)); },
    open(e) { open(e.card, e.heard); },
    heard(e) { objection().h.heard = e.words.trim() || null; },
    choose(e) {
      const f = objection();
      if (spent(f.card)) refuse(w.limit);
      show(f, named($$('.response', f.card), e.response));
    },
    used() { if (objection().used) refuse(w.say_how); said(null).used = true; },
    landed() { const f = said(true); lift(f, $('[data-do=landed]', f.response)); },
    resisted() {
      const f = said(false), resists = f.response.dataset.resists;
      show(f, spent(f.card) || resists == 'accept' ? null : resists ? named($$('.response', f.card), resists) : fresh(f.card));
    },
    accept() { objection().h.accepted = true; s.frames.pop(); },
    leave() { s.frames.pop() || refuse(); },
    close(e) { tryClose(e.id); },
    yes() { decide(true); },
    no() { decide(false); },
    signal(e) {
      const signal = named(signals, e.id);
      r.signals.push({signal: e.id, ...here()});
      follow($('.leads-on', signal));
    },
    answer(e) {
      const now = s.stage && lines(s.stage)[s.line], asks_it = one => one && one.dataset.q == e.question;
      const q = asks_it(now) ? now : asks.find(asks_it) || refuse();
      const text = e.value.trim(), {field, type} = q.dataset, option = $$('.opt', q).find(o => o.dataset.value.trim().toLowerCase() == text.toLowerCase());
      let value = text;
      if (!text) return void delete r.answers[field];
      if (type == 'number') value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? +text : refuse(w.not_number);
      if (type == 'date' && !/^\d{4}-\d\d-\d\d$/.test(text)) refuse();
      if (type == 'yes_no') value = (option || refuse()).dataset.value == 'yes';
      if (type == 'choice' && $('.opt', q)) value = (option || refuse()).dataset.value;
      r.answers[field] = {value, question: e.question, stage: idOf(q.closest('.stage')), at: t};
      if (option && option.hash && q == now && !top()) follow(option);
    },
    no_answer(e) {
      const f = top() && top().card && top();
      const heard = (e.heard || '').trim() || (f ? f.h.heard || '' : refuse());
      r.no_answer.push({heard, card: f ? f.h.card : null, ...here()});
      if (f) s.frames.pop();
    },
    note(e) { r.notes.push({text: e.text.trim() || refuse(), ...here()}); },
    next_step(e) {
      const what = e.what.trim();
      r.next_step = what || e.date ? {what, date: e.date || null} : null;
    },
    prospect(e) {
      const name = e.field.replace(/^prospect\./, ''), map = name == e.field ? r.variables : r.prospect, value = e.value.trim();
      if (name == 'rep') r.rep = value || null;
      else if (value) map[name] = e.value;
      else delete map[name];
    },
    outcome(e) { end(named(outcomes, e.id)); },
    end() { s.over = true; },
  };
  for (const e of events) e.do == 'undo' ? s.steps.pop() : e.do == 'resume' || s.steps.push(e);
  if (stages[0]) enter(stages[0]);
  for (const e of s.steps) {
    const before = s.frames.slice();
    t = e.at;
    does[e.do](e);
    for (const f of before) if (f.card && !s.frames.includes(f)) f.h.left = t;
  }
  const last = events.length ? events.at(-1).at : started, over = s.over ? last : null;
  Object.assign(r, {ended: over, seconds: s.span(started, last)});
  for (const visit of r.path) {
    visit.left = visit.left || over;
    visit.seconds = s.span(visit.entered, visit.left || last);
  }
  for (const h of r.objections) h.left = h.left || over;
  const ending = s.frames.find(f => f.outcome);
  if (ending) Object.assign(r, {outcome: idOf(ending.outcome), result: ending.outcome.dataset.result});
  return s;
};

// The call in Markdown; nothing that was typed is markup in it. The same as `calls/summary` makes.
const plain = text => String(text).split(/[\s\p{Cc}]+/u).filter(Boolean).join(' ').replace(/[\\`*_[\]<>#|~&!]/g, '\\$&').replace(/^[-+]|(?<=^\d+)[.)]/, '\\$&');
const who = r => {
  const p = r.prospect, name = p.name || p.full_name || [p.first_name, p.last_name].filter(Boolean).join(' ');
  return [name, p.company].filter(Boolean).join(', ') || Object.values(p)[0] || '';
};
const summary = r => {
  const title = (list, id) => plain((list.find(one => one.dataset.id == id) || {dataset: {title: id}}).dataset.title);
  const part = (name, items) => items.length ? [`\n## ${name}\n`, ...items.map(item => '- ' + item)] : [];
  const shown = value => value === true ? w.yes : value === false ? w.no : plain(value);
  const clock = Date.parse(r.started), local = iso(clock - new Date(clock).getTimezoneOffset() * 6e4).slice(0, 16).replace('T', ' ');
  const ended = r.outcome ? title(outcomes, r.outcome) : r.ended ? '' : w.not_ended, step = r.next_step;
  return [
    `# ${w.call}: ${plain(who(r) || r.playbook)}\n`,
    [plain(root.dataset.title), local, `${Math.ceil(r.seconds / 60)} ${w.minutes}`, r.rep && `${w.by} ${plain(r.rep)}`].filter(Boolean).join(' · ') + '\n',
    ended && `- **${w.outcome}**: ${ended}`,
    step && `- **${w.next_step}**: ${[step.date, plain(step.what)].filter(Boolean).join(' · ')}`,
    r.path.length && `- **${w.path}**: ${r.path.map(visit => title(stages, visit.stage)).join(' → ')}`,
    ...part(w.answers, Object.values(r.answers).map(a => `${plain($('.words', asks.find(q => q.dataset.q == a.question)).textContent)} **${shown(a.value)}**`)),
    ...part(w.objections, r.objections.map(h => title(cards, h.card) + (h.heard ? ` “${plain(h.heard)}”` : '')
      + h.tried.map(one => ` · ${plain(one.response)}${one.landed == null ? '' : ` (${one.landed ? w.landed : w.resisted})`}`).join('')
      + (h.accepted ? ` · ${w.accepted}` : ''))),
    ...part(w.no_answer, r.no_answer.map(one => plain(one.heard)).filter(Boolean)),
    ...part(w.closes, r.closes.map(c => title(closes, c.close) + (c.yes == null ? '' : `: ${shown(c.yes)}`))),
    ...part(w.notes, r.notes.map(note => plain(note.text))),
    '',
  ].filter(line => typeof line == 'string' && (line || line === '')).join('\n');
};

// The call, and where it stands.
let call = null, now, timer;
const toast = text => { $('.toast').textContent = text || ''; };
const save = () => kept(store, call);
const clock = seconds => {
  const two = n => String(n).padStart(2, '0'), h = Math.trunc(seconds / 3600), m = Math.trunc(seconds / 60) % 60;
  return (h ? `${h}:${two(m)}` : m) + ':' + two(seconds % 60);
};
const latest = () => call.events.length ? call.events.at(-1).at : call.started;
const tick = () => {
  if (!call) return;
  const last = latest(), t = now.over || iso(Date.now()) < last ? last : iso(Date.now());
  const spent = now.span(now.entered, t), planned = now.stage && now.stage.dataset.minutes;
  $('.clock').textContent = clock(now.span(call.started, t));
  if (!now.stage) return;
  $('.timer').textContent = clock(spent) + (planned ? ` / ${planned} ${w.minutes}` : '');
  $('.timer').classList.toggle('late', planned && spent > planned * 60);
};
const act = event => {
  const {over, steps} = now;
  try {
    if (event.do == 'undo' ? !steps.length : over) refuse(w.nothing);
    if (call.events.length > 19998 && event.do != 'end') refuse();
    const time = iso(Date.now()), last = latest(), at = time > last ? time : last;
    call.events.push({at, ...at != time && {clock: time}, ...event});
    try { now = replay(call); } catch (no) { call.events.pop(); throw no; }
  } catch (no) {
    if (!no.why) throw no;
    return toast(no.why);
  }
  clearTimeout(timer);
  timer = setTimeout(save, 200);
  toast(event.do == 'undo' ? w.taken_back : event.do == 'note' || event.do == 'next_step' ? w.kept : event.do == 'no_answer' ? told(w.kept_unanswered, now.record.no_answer.at(-1).heard) : '');
  draw(event.do);
  return true;
};

// Shows what stands.
const draw = what => {
  const {stage, record: r} = now, f = now.frames.at(-1) || {}, all = stage ? lines(stage) : [], line = all[now.line];
  const turns = f.response ? $$('.turn', f.response) : [], more = f.turn + 1 < turns.length;
  const at = now.over ? 'over' : f.outcome ? 'ending' : f.close ? 'close' : f.card ? f.response ? more ? 'turn' : f.used ? 'used' : 'said' : 'accept'
    : line && line.className != 'end' ? 'line' : 'ways';
  const is = [at, at != 'over' && 'call', at == 'line' && line.dataset.q && 'ask', f.turn > 0 && 'turned'];
  const last = now.steps.at(-1), noticed = last && last.do == 'signal' && named(signals, last.id);
  const part = at == 'over' || f.outcome ? $('#finish') : f.card || f.close || stage || $('#none');
  root.dataset.at = at;
  for (const one of $$('.part')) one.classList.toggle('on', one == part || one == noticed);
  for (const one of $$('[data-on]')) one.hidden = !one.dataset.on.split(' ').some(on => is.includes(on));
  stages.forEach((one, n) => {
    const link = $$('.steps a')[n];
    one == stage ? link.setAttribute('aria-current', 'step') : link.removeAttribute('aria-current');
    link.classList.toggle('seen', now.seen.has(one));
  });
  if (stage) $('.step').textContent = $('.eyebrow', stage).textContent.split(' · ')[0] + ' · ' + stage.dataset.title;
  all.forEach((one, n) => {
    n == now.line ? one.setAttribute('aria-current', 'true') : one.removeAttribute('aria-current');
    one.classList.toggle('past', n < now.line);
  });
  // What was answered, and what was not.
  for (const q of asks) {
    const a = r.answers[q.dataset.field], shown = a && ($$('.opt', q).find(o => o.dataset.value == (a.value === true ? 'yes' : a.value === false ? 'no' : a.value)) || {textContent: a.value}).textContent;
    $('.kept', q).hidden = !a;
    $('.kept b', q).textContent = q.answer = a ? shown : '';
    q.classList.toggle('answered', !!a);
    if ($('input', q) && document.activeElement != $('input', q)) $('input', q).value = a ? a.value : '';
  }
  const open = $$('[data-need]:not(.answered)', stage || root);
  for (const box of $$('.open')) {
    box.hidden = !open.length;
    $('ul', box).replaceChildren(...open.map(q => item($('.words', q).textContent)));
  }
  if (f.card) {
    for (const one of $$('.response', f.card)) one.classList.toggle('on', one == f.response);
    turns.forEach((one, n) => { one.hidden = n > f.turn; one.classList.toggle('past', n < f.turn); });
    for (const one of $$('.rest', f.card)) one.hidden = more;
    $('.accepting', f.card).hidden = f.response;
    for (const one of $$('.others button', f.card)) one.setAttribute('aria-pressed', one.dataset.response == idOf(f.response));
    $('.heard', f.card).hidden = !f.h.heard;
    $('.heard q', f.card).textContent = f.h.heard;
    $('.times', f.card).textContent = f.h.times > 1 ? told(w.times, f.h.times) : '';
  }
  // The speed dial keeps its order as long as the stage lasts.
  $('.ready').replaceChildren(...stage ? $$('.dials', stage).map(one => one.cloneNode(true)) : []);
  for (const link of $$('.ready .dial a')) {
    const times = now.tried(named(cards, link.hash.slice(11))).length;
    if (times) link.dataset.times = times;
  }
  const log = [...Object.values(r.answers).map(a => a.value === true ? w.yes : a.value === false ? w.no : a.value), ...r.notes.map(note => note.text)];
  $('.log').hidden = !log.length;
  $('.log ul').replaceChildren(...log.map(item));
  if (part.id == 'finish') {
    $('.chosen').textContent = f.outcome ? f.outcome.dataset.title : '';
    $('.result').textContent = f.outcome ? $('small', f.outcome).textContent : '';
    $('.summary').textContent = summary(r);
    $('#ns-what').value = r.next_step ? r.next_step.what : '';
    $('#ns-date').value = r.next_step && r.next_step.date || '';
  }
  root.style.setProperty('--bar', $('.bar').offsetHeight + 'px');
  fill();
  $('.who').textContent = who(r);
  tick();
  // To the line that is said now, else to the heading.
  const to = part != stage ? $('h2:not([hidden]),h3', part) : now.line || what == 'back' ? line : $('h2', stage);
  history.replaceState(null, '', part.id == 'none' ? location.pathname : '#' + part.id);
  if (to) {
    to.focus({preventScroll: true});
    (to == line ? line : root).scrollIntoView({block: to == line ? 'center' : 'start'});
  }
};
const item = text => Object.assign(document.createElement('li'), {textContent: text, dir: 'auto'});
const fill = () => {
  const r = now.record, day = new Date(), known = {rep: r.rep, today: iso(day - day.getTimezoneOffset() * 6e4).slice(0, 10)};
  for (const [name, value] of Object.entries(r.variables)) known[name.toLowerCase()] = value;
  for (const [name, value] of Object.entries(r.prospect)) known['prospect.' + name.toLowerCase()] = value;
  for (const one of $$('[data-var]')) {
    if (one.was == null) Object.assign(one, {was: one.textContent, is: one.className});
    const name = one.dataset.var.toLowerCase(), q = one.closest('[data-q]'), value = name == 'answer' && q ? q.answer : known[name];
    one.textContent = value || one.was;
    one.className = value ? 'value' : one.is;
  }
};

// Search over the cards of this page: words as they are typed, no marks needed, the rarer the weightier.
const fold = text => text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd');
const pieces = text => (fold(text).match(/[\p{L}\p{N}]+/gu) || []).flatMap(word => /\p{Script=Han}/u.test(word) && word.length > 1 ? [...word].slice(1).map((c, n) => word[n] + c) : word);
let shelf;
const find = query => {
  shelf = shelf || $$('[data-find]').map(card => ({card, text: [[card.dataset.title + ' ' + ($('.code', card) || card).textContent.slice(0, 9), 3], [$('.utter', card) ? $('.utter', card).textContent : '', 2], [card.textContent, 1]].map(([text, weight]) => [' ' + pieces(text).join(' '), weight])}));
  const scores = new Map();
  for (const word of pieces(query)) {
    let hits = [];
    // What nothing begins with may begin like something.
    for (let part = word; !hits.length && part.length > (part == word ? 0 : 3); part = part.slice(0, -1)) {
      hits = shelf.map(({card, text}) => [card, Math.max(...text.map(([text, weight]) => text.includes(' ' + part) ? weight : 0))]).filter(hit => hit[1]);
    }
    for (const [card, weight] of hits) scores.set(card, (scores.get(card) || 0) + weight * Math.log(1 + shelf.length / hits.length));
  }
  return [...scores].sort((a, b) => b[1] - a[1]).slice(0, 8).map(([card]) => card);
};
const look = () => {
  const query = $('#d-find input').value.trim(), hits = query ? find(query) : $$('.ready .dial a').map(link => $(link.hash.replace('/', '\\/'))).filter(Boolean);
  $('#d-find .count').textContent = query && !hits.length ? told(w.none, query) : '';
  $('#d-find [data-ui=unknown]').disabled = !query;
  $('.hits').replaceChildren(...hits.map((card, n) => {
    const row = document.createElement('li'), link = row.appendChild(document.createElement('a')), first = card.dataset.title;
    link.href = '#' + card.id;
    link.append(first);
    const bridge = $('.bridge', card), words = $('.turn .words', card);
    for (const [tag, text] of [['b', bridge], ['span', n ? null : words]]) if (text) link.appendChild(document.createElement(tag)).textContent = text.textContent;
    return row;
  }));
};

// Dialogs.
const shut = () => { for (const one of $$('dialog[open]')) one.close(); };
const show = id => {
  const box = $('#' + id), field = $('input:not([type=checkbox])', box);
  shut();
  if (id == 'd-names') box.append($('.names'));
  if (id == 'd-go') $('.here').replaceChildren(...now.stage ? [$('.end h3', now.stage), $('.end .ways', now.stage)].map(one => one.cloneNode(true)) : []);
  if (field && id != 'd-names') field.value = id == 'd-heard' && now.frames.at(-1).h.heard || '';
  if (id == 'd-find') look();
  root.classList.remove('more');
  box.showModal();
  (field || $('.ways a', box) || box).focus();
  if (field) field.select();
};

// What is no step of the call.
const ui = {
  shut,
  back() {
    const last = now.steps.at(-1);
    act({do: now.line ? 'back' : /^(next|branch|stage|anytime|line)$/.test(last && last.do) ? 'undo' : 'back'});
  },
  // The way that needs no condition, else the first one.
  way() { (now.stage ? $('.ways a:not([data-when])', now.stage) || $('.ways a', now.stage) : $('[data-show=d-end]')).click(); },
  answer() { const field = $('[aria-current=true] :is(.opt,input)'); field.focus(); if (field.select) field.select(); },
  close() { const all = $$('.ready .tries a'); all.length == 1 ? all[0].click() : all.length ? all[0].focus() : toast(w.no_close); },
  other() {
    const f = now.frames.at(-1), all = $$('.response', f.card), next = all[(all.indexOf(f.response) + 1) % all.length];
    next == f.response ? toast(w.not_here) : act({do: 'choose', response: idOf(next)});
  },
  lost() { now.frames.at(-1).h.heard ? act({do: 'no_answer'}) : show('d-lost'); },
  unknown() { const heard = $('#d-find input').value; shut(); act({do: 'no_answer', heard}); },
  more() { $('.more').setAttribute('aria-expanded', root.classList.toggle('more')); },
  resume() { begin(kept(store), true); },
  new() { kept(store, null); location.replace(location.pathname); },
  copy() {
    const text = $('.summary').textContent, done = () => toast(w.copied);
    (navigator.clipboard ? navigator.clipboard.writeText(text) : Promise.reject()).then(done, () => getSelection().selectAllChildren($('.summary')));
  },
  print() { print(); },
  download() {
    const link = document.createElement('a'), address = URL.createObjectURL(new Blob([JSON.stringify(now.record, null, 1) + '\n'], {type: 'application/json'}));
    Object.assign(link, {href: address, download: `call-${call.id}.json`}).click();
    setTimeout(() => URL.revokeObjectURL(address), 6e4);
  },
  keys(box) { kept('callbook keys', box.checked); },
};
const begin = (from, again) => {
  call = from;
  now = replay(call);
  root.append($('.toast'));
  setInterval(tick, 1000);
  if (again && !now.over) act({do: 'resume'});
  draw();
};
// Names and values: what is another one than before is a step.
const names = form => {
  const known = {rep: now.record.rep, ...now.record.variables};
  for (const [name, value] of Object.entries(now.record.prospect)) known['prospect.' + name] = value;
  for (const field of form.elements) {
    if (!field.name) continue;
    const before = field.name in known ? known[field.name] || '' : field.name == 'rep' ? '' : field.tagName == 'SELECT' ? ($('[selected]', field) || {value: ''}).value : field.defaultValue;
    if (field.value.trim() != before) act({do: 'prospect', field: field.name, value: field.value.trim()});
    if (field.name == 'rep') kept('callbook rep', field.value);
  }
};

root.addEventListener('click', e => {
  const one = e.target.closest('[data-do],[data-ui],[data-show],[data-days],a[href^="#"],[data-line]');
  if (!one || one.tagName == 'FORM' || one.type == 'checkbox') return;
  const {do: what, ui: does, show: box, days, key, on, when, ...more} = one.dataset;
  if (does) return ui[does](one);
  if (box) return show(box);
  if (days) return void ($('#ns-date').valueAsNumber = Math.trunc((Date.now() - new Date().getTimezoneOffset() * 6e4) / 864e5 + +days) * 864e5);
  if (!call) return;
  if (one.matches('[data-line]')) {
    const number = lines(now.stage).indexOf(one) + 1;
    return void (!e.target.closest('input,button,label') && number > 0 && number != now.line + 1 && act({do: 'line', number}));
  }
  e.preventDefault();
  let event = {do: what, ...more};
  if (more.number) event.number = +more.number;
  if (!what) {
    const [, kind, id] = one.hash.match(/^#(\w+)-(.+)/) || [];
    event = {stage: {do: 'stage', id}, objection: {do: 'open', card: id}, close: {do: 'close', id}, outcome: {do: 'outcome', id}, signal: {do: 'signal', id}}[kind];
    const heard = one.closest('.hits') && $('#d-find input').value.trim();
    if (heard && kind == 'objection') event.heard = heard;
  }
  shut();
  if (event) act(event);
});
root.addEventListener('submit', e => {
  const form = e.target, {do: what, ui: does, ...more} = form.dataset;
  e.preventDefault();
  if (does == 'find') return void ($('.hits a') || $('[data-ui=unknown]')).click();
  if (does == 'names') {
    if (!call) {
      if (kept(store) && !confirm(w.drop)) return;
      const id = [...crypto.getRandomValues(new Uint8Array(12))].map(byte => (byte % 36).toString(36)).join('');
      begin({id, started: iso(Date.now()), events: []});
    }
    names(form);
    shut();
    return draw();
  }
  const event = {do: what, ...more, ...Object.fromEntries(new FormData(form))};
  if (!event.date) delete event.date;
  if (act(event)) shut();
});
root.addEventListener('input', e => { if (e.target.name == 'q' && !e.isComposing) look(); });
root.addEventListener('compositionend', e => { if (e.target.name == 'q') look(); });
root.addEventListener('change', e => { if (e.target.type == 'checkbox') ui.keys(e.target); });
addEventListener('pagehide', () => { if (call) save(); });
document.addEventListener('keydown', e => {
  const at = e.target, typing = at.closest('input:not([type=checkbox]),select,textarea'), list = at.closest('dialog,.stage');
  if ((e.key == 'ArrowDown' || e.key == 'ArrowUp') && list && !e.isComposing && (list.tagName == 'DIALOG' || at.closest('.ways'))) {
    const all = $$('input[name=q],.hits a,.ways a', list), to = all[all.indexOf(at) + (e.key == 'ArrowDown' ? 1 : -1)];
    if (to) { e.preventDefault(); to.focus(); }
    return;
  }
  if (!call || e.defaultPrevented || e.altKey || e.isComposing) return;
  if (e.ctrlKey || e.metaKey) {
    if (e.key == 'k') { e.preventDefault(); show('d-find'); }
    if (e.key == 'z' && !typing) { e.preventDefault(); act({do: 'undo'}); }
    return;
  }
  if (e.key == 'Escape' && typing && !at.closest('dialog')) return at.blur();
  if (typing || $('dialog[open]') || kept('callbook keys') === false) return;
  const sign = e.key.normalize('NFKC'), key = {' ': 'Space', '。': '.', '、': '/', '“': '"', '「': '"'}[sign] || sign;
  if (/^(Enter|Space)$/.test(key) && at.closest('a,button,summary,label')) return;
  const does = key > '0' && key <= '9' && key.length == 1 ? $$('.ready .dial a')[key - 1] : $$('[data-key]').find(one => one.dataset.key.split(' ').includes(key) && !one.closest('[hidden],.part:not(.on)'));
  if (does) { e.preventDefault(); does.click(); }
  else if (!now.over && (key == 'Process' || /^\p{L}$/u.test(key))) show('d-find');
});

// A call that was not ended, or not taken along.
const before = kept(store);
$('[data-ui=keys]').checked = kept('callbook keys') !== false;
$('#v-rep').value = kept('callbook rep') || '';
if (before) try {
  const s = replay(before);
  $('.saved').hidden = false;
  $('.saved span').textContent += ` (${[who(s.record), new Date(before.started).toLocaleString(root.dataset.language, {dateStyle: 'short', timeStyle: 'short'})].filter(Boolean).join(', ')})`;
} catch { kept(store, null); }
}
});
