// When: the window of a condition.
import { build, choose, input, words } from './audience-parts.js';

const units = [['m', 'min'], ['h', 'hour'], ['d', 'day'], ['w', 'week'], ['mo', 'month'], ['y', 'year']];
const periods = ['today', 'yesterday', 'this_week', 'last_week', 'this_month', 'last_month', 'this_year', 'last_year'];

export function lengthFields(code, changed) {
  const match = /^(\d+)(m|h|d|w|mo|y|s)$/.exec(code ?? '') ?? [null, '30', 'd'];
  let [, number, unit] = match;
  const set = () => changed(number ? `${number}${unit}` : '');
  return [
    input(words.length, number, (text) => { number = text; set(); }, { type: 'number', min: 1 }),
    choose(words.unit, units.map(([value, key]) => [value, words[key]]), unit, (chosen) => { unit = chosen; set(); }),
  ];
}

function kindOf(window) {
  if (!window) return 'ever';
  const name = Object.keys(window)[0];
  if (name === 'last') return 'inLast';
  if (name === 'next') return 'inNext';
  if (name === 'period') return 'period';
  const value = window[name];
  const isDate = (point) => typeof point === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(point);
  if (name === 'between') return value.every(isDate) ? 'between' : 'other';
  if (isDate(value)) return name;
  return name === 'before' && value.ago ? 'ago' : 'other';
}

// Fields that edit `json.window`.
export function windowFields(json, { ahead = false, needed = false } = {}, changed, redraw) {
  const kind = kindOf(json.window);
  const day = new Date().toISOString().slice(0, 10);
  const begin = {
    ever: () => undefined, inLast: () => ({ last: '30d' }), inNext: () => ({ next: '7d' }), period: () => ({ period: 'this_month' }),
    ago: () => ({ before: { ago: '30d' } }), before: () => ({ before: day }), after: () => ({ after: day }),
    since: () => ({ since: day }), on: () => ({ on: day }), between: () => ({ between: [day, day] }),
  };
  const kinds = ['ever', 'inLast', 'period', 'ago', 'before', 'after', 'since', 'on', 'between'].filter((name) => !needed || name !== 'ever');
  if (ahead) kinds.splice(1, 0, 'inNext');
  const list = kinds.map((name) => [name, name === 'ago' ? `${words.before} … ${words.ago}` : words[name]]);
  if (kind === 'other') list.push(['other', '…']);
  const parts = [choose(words.when, list, kind, (chosen) => {
    if (chosen === 'other') return;
    json.window = begin[chosen]();
    if (!json.window) delete json.window;
    redraw();
  })];
  const date = (value, set) => input(words.date, value, set, { type: 'date' });
  const window = json.window;
  switch (kind) {
    case 'inLast': parts.push(...lengthFields(window.last, (code) => { window.last = code; changed(); })); break;
    case 'inNext': parts.push(...lengthFields(window.next, (code) => { window.next = code; changed(); })); break;
    case 'ago': parts.push(...lengthFields(window.before.ago, (code) => { window.before.ago = code; changed(); }), build('span', {}, words.ago)); break;
    case 'period': parts.push(choose(words.period, periods.map((name) => [name, words[name]]), window.period, (chosen) => { window.period = chosen; changed(); })); break;
    case 'between': parts.push(...[0, 1].map((place) => date(window.between[place], (text) => { window.between[place] = text; changed(); }))); break;
    case 'before': case 'after': case 'since': case 'on': parts.push(date(window[kind], (text) => { window[kind] = text; changed(); })); break;
    default: break;
  }
  if (json.window && kind !== 'inLast' && kind !== 'inNext' && kind !== 'ago') {
    const box = build('input', { type: 'checkbox', checked: Boolean(json.localTime) });
    box.addEventListener('change', () => { if (box.checked) json.localTime = true; else delete json.localTime; changed(); });
    parts.push(build('label', { className: 'check' }, box, build('span', {}, words.local)));
  }
  return parts;
}

export function isWindowComplete(window) {
  if (!window) return true;
  return !JSON.stringify(window).includes('""');
}
