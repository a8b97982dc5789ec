// One condition of an audience: its kind, and the fields of that kind. The fields edit the server's JSON in place.
import { build, check, choose, comparison, input, isCompared, source, suggested, words } from './audience-parts.js';
import { isWindowComplete, lengthFields, windowFields } from './audience-window.js';

const kinds = ['event', 'sequence', 'trait', 'audience', 'consents', 'role', 'group', 'groupTrait', 'everyone'];

export function kindOf(json) {
  if (json.did !== undefined) return 'event';
  if (json.sequence) return 'sequence';
  if (json.group !== undefined) return 'groupTrait';
  if (json.trait !== undefined) return 'trait';
  if (json.inGroup !== undefined) return 'group';
  return ['consents', 'role', 'audience', 'everyone'].find((name) => json[name] !== undefined) ?? 'everyone';
}

const begin = {
  event: () => ({ did: '', window: { last: '30d' } }),
  sequence: () => ({ sequence: [{ event: '' }, { event: '', within: '7d' }] }),
  trait: () => ({ trait: '', op: 'equals', value: '' }),
  audience: () => ({ audience: '' }),
  consents: () => ({ consents: 'email', purpose: 'marketing' }),
  role: () => ({ role: 'customer' }),
  group: () => ({ inGroup: 'company' }),
  groupTrait: () => ({ group: 'company', trait: '', op: 'equals', value: '' }),
  everyone: () => ({ everyone: true }),
};

export function emptyCondition(kind) { return { kind, json: begin[kind]() }; }

const isNamed = (names) => (Array.isArray(names) ? names.length > 0 && names.every(Boolean) : Boolean(names));

export function isComplete({ kind, json }) {
  switch (kind) {
    case 'event': {
      const question = json.times ?? json.days ?? json.measure;
      return isNamed(json.did) && isWindowComplete(json.window) && isFilterComplete(json.where)
        && (!question || isCompared({ op: 'gte', ...question })) && (!json.measure || Boolean(json.measure.of))
        && (!json.when || Boolean(json.window));
    }
    case 'sequence':
      return json.sequence.every((step) => isNamed(step.event) && isFilterComplete(step.where)) && (!json.absent || isNamed(json.absent.event)) && isWindowComplete(json.window);
    case 'trait': case 'groupTrait': return Boolean(json.trait) && (json.window ? isWindowComplete(json.window) : isCompared(json));
    case 'audience': return Boolean(json.audience);
    case 'group': return Boolean(json.inGroup);
    default: return true;
  }
}

export function drawCondition(node, names, changed, redraw) {
  const line = build('div', { className: 'line' });
  line.append(choose(words.kind, kinds.map((name) => [name, words[name]]), node.kind, (chosen) => {
    Object.assign(node, emptyCondition(chosen));
    redraw();
  }));
  const box = build('div', { className: 'condition' }, line);
  const more = (...parts) => box.append(build('div', { className: 'line' }, ...parts));
  draw[node.kind]({ json: node.json, line, more, box, names, changed, redraw });
  return box;
}

// One event, or several separated by commas; an empty field of several is any event.
function eventField(json, key, names, changed) {
  const value = Array.isArray(json[key]) ? json[key].join(', ') : json[key] === '*' ? words.anyEvent : json[key];
  return suggested(words.eventName, value, source(names, 'event'), (text) => {
    const list = text.split(',').map((part) => part.trim()).filter(Boolean);
    json[key] = text.trim() === words.anyEvent || text.trim() === '*' ? '*' : list.length > 1 ? list : list[0] ?? '';
    changed();
  });
}

const eventOf = (names) => (Array.isArray(names) ? names[0] : names === '*' ? '' : names);

// Questions about an event: how often, on how many days, how much, the first or last time.
const questions = ['once', 'times', 'days', 'sum', 'average', 'minimum', 'maximum', 'distinct', 'first', 'last'];

function questionOf(json) {
  if (json.when) return json.when;
  if (json.days) return 'days';
  if (json.measure) return json.measure.by ?? 'sum';
  return json.times ? 'times' : 'once';
}

function ask(json, question) {
  const old = json.times ?? json.days ?? json.measure ?? {};
  const kept = { op: old.op ?? 'gte', value: old.value ?? 2 };
  for (const name of ['times', 'days', 'measure', 'when']) delete json[name];
  if (question === 'times' || question === 'days') json[question] = kept;
  else if (question === 'first' || question === 'last') {
    json.when = question;
    json.window ??= { last: '30d' };
  } else if (question !== 'once') json.measure = { of: '', by: question, ...kept };
}

function numberFields(json, changed, redraw) {
  const op = json.op ?? 'gte';
  const parts = [choose(words.how, ['gte', 'lte', 'equals', 'gt', 'lt', 'between'].map((name) => [name, words[name]]), op, (chosen) => {
    if ((chosen === 'between') !== (op === 'between')) json.value = chosen === 'between' ? [1, 5] : 2;
    json.op = chosen;
    redraw();
  })];
  const number = (value, set) => input(words.value, value, (text) => { set(text === '' ? '' : Number(text)); changed(); }, { type: 'number', min: 0, step: 'any' });
  if (op === 'between') parts.push(number(json.value[0], (value) => { json.value[0] = value; }), build('span', {}, '–'), number(json.value[1], (value) => { json.value[1] = value; }));
  else parts.push(number(json.value, (value) => { json.value = value; }));
  return parts;
}

// --- Filters of an event's properties: tests that all must hold; anything deeper is left to the text ---

function testsOf(where) {
  if (!where) return [];
  const tests = where.and ?? [where];
  return tests.every((test) => test.property !== undefined) ? tests : null;
}

function isFilterComplete(where) {
  const tests = testsOf(where);
  return !tests || tests.every((test) => test.property && isCompared(test));
}

function filterFields(json, event, { box, names, changed, redraw }) {
  const tests = testsOf(json.where);
  const place = build('div', { className: 'sub' });
  if (!tests) {
    place.append(build('p', { className: 'small muted' }, words.advanced));
    box.append(place);
    return;
  }
  const store = () => {
    if (!tests.length) delete json.where;
    else json.where = tests.length === 1 ? tests[0] : { and: tests };
  };
  for (const test of tests) {
    const remove = build('button', { type: 'button', className: 'icon-button', title: words.remove }, build('span', { ariaHidden: 'true' }, '✕'));
    remove.setAttribute('aria-label', words.remove);
    remove.addEventListener('click', () => { tests.splice(tests.indexOf(test), 1); store(); redraw(); });
    place.append(build('div', { className: 'line' },
      suggested(words.property, test.property, source(names, 'property'), (text) => { test.property = text.trim(); changed(); }),
      ...comparison(test, source(names, 'value', { property: test.property, event: eventOf(event) }), changed, redraw), remove));
  }
  const add = build('button', { type: 'button', className: 'button small quiet' }, `+ ${words.addWhere}`);
  add.addEventListener('click', () => { tests.push({ property: '', op: 'equals', value: '' }); store(); redraw(); });
  place.append(build('div', {}, add));
  box.append(place);
}

// --- The kinds ---

const draw = {
  event(part) {
    const { json, line, more, names, changed, redraw } = part;
    line.append(eventField(json, 'did', names, changed));
    const question = questionOf(json);
    const fields = [choose(words.how, questions.map((name) => [name, words[name]]), question, (chosen) => { ask(json, chosen); redraw(); })];
    if (json.measure) fields.push(suggested(words.property, json.measure.of, source(names, 'property'), (text) => { json.measure.of = text.trim(); changed(); }));
    const counted = json.times ?? json.days ?? json.measure;
    if (counted) fields.push(...numberFields(counted, changed, redraw));
    more(...fields);
    more(...windowFields(json, { needed: Boolean(json.when) }, changed, redraw));
    filterFields(json, json.did, part);
  },

  sequence(part) {
    const { json, line, box, names, changed, redraw } = part;
    json.sequence.forEach((step, index) => {
      const row = index ? build('div', { className: 'line' }, build('span', { className: 'joint' }, words.then)) : line;
      row.append(eventField(step, 'event', names, changed));
      if (index) {
        row.append(choose(words.within, [['', words.anyTime], ['within', words.within]], step.within ? 'within' : '', (chosen) => {
          if (chosen) step.within = '7d'; else delete step.within;
          redraw();
        }));
        if (step.within) row.append(...lengthFields(step.within, (code) => { step.within = code; changed(); }));
        if (json.sequence.length > 2 || json.absent) {
          const remove = build('button', { type: 'button', className: 'icon-button', title: words.remove }, '✕');
          remove.setAttribute('aria-label', words.remove);
          remove.addEventListener('click', () => { json.sequence.splice(index, 1); redraw(); });
          row.append(remove);
        }
        box.append(row);
      }
      filterFields(step, step.event, part);
    });
    if (json.absent) {
      const remove = build('button', { type: 'button', className: 'icon-button', title: words.remove }, '✕');
      remove.setAttribute('aria-label', words.remove);
      remove.addEventListener('click', () => { delete json.absent; if (json.sequence.length < 2) json.sequence.push({ event: '' }); redraw(); });
      box.append(build('div', { className: 'line' }, build('span', { className: 'joint' }, words.absent), eventField(json.absent, 'event', names, changed),
        build('span', {}, words.within), ...lengthFields(json.absent.within, (code) => { json.absent.within = code; changed(); }), remove));
    }
    const adders = build('div', { className: 'adders' });
    const button = (text, press) => {
      const made = build('button', { type: 'button', className: 'button small quiet' }, `+ ${text}`);
      made.addEventListener('click', () => { press(); redraw(); });
      adders.append(made);
    };
    button(words.addStep, () => json.sequence.push({ event: '', within: '7d' }));
    if (!json.absent) button(words.addAbsent, () => { json.absent = { event: '', within: '1d' }; });
    box.append(adders);
    part.more(...windowFields(json, {}, changed, redraw));
  },

  trait(part) {
    const { json, line, more, names, changed, redraw } = part;
    line.append(suggested(words.traitName, json.trait, source(names, 'trait'), (text) => { json.trait = text.trim(); changed(); }));
    const isTime = Boolean(json.window);
    const kind = choose(words.value, [['value', words.value], ['time', words.when]], isTime ? 'time' : 'value', (chosen) => {
      delete json.op; delete json.value; delete json.window; delete json.localTime;
      if (chosen === 'time') json.window = { last: '30d' };
      else Object.assign(json, { op: 'equals', value: '' });
      redraw();
    });
    if (isTime) more(kind, ...windowFields(json, { ahead: true, needed: true }, changed, redraw));
    else more(kind, ...comparison(json, null, changed, redraw));
  },

  groupTrait({ json, line, more, names, changed, redraw }) {
    line.append(input(words.groupKind, json.group, (text) => { json.group = text.trim(); changed(); }),
      suggested(words.traitName, json.trait, source(names, 'trait'), (text) => { json.trait = text.trim(); changed(); }));
    if (json.window) more(...windowFields(json, { ahead: true, needed: true }, changed, redraw));
    else more(...comparison(json, null, changed, redraw));
  },

  group({ json, line, changed }) {
    line.append(input(words.groupKind, json.inGroup, (text) => { json.inGroup = text.trim(); changed(); }),
      input(words.groupID, json.id, (text) => { if (text.trim()) json.id = text.trim(); else delete json.id; changed(); }));
  },

  consents({ json, line, changed }) {
    const channels = ['email', 'sms', 'push', 'kakao', 'inApp', 'web'];
    if (!channels.includes(json.consents)) channels.push(json.consents);
    const purposes = ['marketing', 'service'];
    if (json.purpose && !purposes.includes(json.purpose)) purposes.push(json.purpose);
    line.append(choose(words.channel, channels.map((name) => [name, words[name] ?? name]), json.consents, (chosen) => { json.consents = chosen; changed(); }),
      choose(words.purpose, purposes.map((name) => [name, words[name] ?? name]), json.purpose ?? 'marketing', (chosen) => { json.purpose = chosen; changed(); }),
      check(words.atNight, Boolean(json.atNight), (isOn) => { if (isOn) json.atNight = true; else delete json.atNight; changed(); }));
  },

  role({ json, line, changed }) {
    const roles = ['customer', 'partner'];
    const chosen = Array.isArray(json.role) ? json.role.join(',') : json.role;
    const list = roles.map((name) => [name, words[name]]);
    if (!roles.includes(chosen)) list.push([chosen, chosen]);
    line.append(choose(words.role, list, chosen, (value) => { json.role = value.includes(',') ? value.split(',') : value; changed(); }));
  },

  audience({ json, line, names, changed }) {
    line.append(suggested(words.audienceName, json.audience, source(names, 'audience'), (text) => { json.audience = text.trim(); changed(); }));
  },

  everyone() {},
};
