// Suggestions below a field, as the combobox pattern of the ARIA Authoring Practices has it.
// <div class="combobox" data-combobox data-source="URL"><input …></div>; the source answers ?q=… with
// [{"value": …, "label": …, "note": …}]. Without a script the field is an ordinary one.

let count = 0;

function enhance(box) {
  if (box.dataset.ready) return;
  box.dataset.ready = 'yes';
  const input = box.querySelector('input');
  const list = document.createElement('ul');
  list.id = `options-${count += 1}`;
  list.role = 'listbox';
  list.hidden = true;
  list.setAttribute('aria-label', input.labels?.[0]?.textContent ?? input.getAttribute('aria-label') ?? '');
  box.append(list);
  input.role = 'combobox';
  input.setAttribute('autocomplete', 'off');
  input.setAttribute('aria-autocomplete', 'list');
  input.setAttribute('aria-expanded', 'false');
  input.setAttribute('aria-controls', list.id);

  let options = [];
  let active = -1;
  let asked = 0;
  let timer;

  async function ask() {
    const turn = asked += 1;
    const url = new URL(box.dataset.source, location.href);
    url.searchParams.set('q', input.value);
    const answer = await fetch(url, { headers: { Accept: 'application/json' } }).catch(() => null);
    // An answer that was overtaken by a later question is of no use.
    if (turn !== asked || !answer?.ok) return;
    const chosen = options[active]?.value;
    options = await answer.json();
    draw();
    // Whoever has gone down the list already stays where they are.
    const place = options.findIndex((option) => option.value === chosen);
    if (!list.hidden && place >= 0) activate(place);
  }

  function draw() {
    list.replaceChildren(...options.map((option, index) => {
      const item = document.createElement('li');
      item.role = 'option';
      item.id = `${list.id}-${index}`;
      item.setAttribute('aria-selected', 'false');
      const label = document.createElement('span');
      label.append(...emphasised(option.label ?? option.value, input.value));
      item.append(label);
      if (option.note) {
        const note = document.createElement('span');
        note.className = 'note';
        note.textContent = option.note;
        item.append(note);
      }
      // Before the field loses the focus.
      item.addEventListener('mousedown', (event) => { event.preventDefault(); choose(index); });
      return item;
    }));
    open(options.length > 0 && document.activeElement === input);
    activate(-1);
  }

  function emphasised(text, part) {
    const place = part ? text.toLowerCase().indexOf(part.toLowerCase()) : -1;
    if (place < 0) return [text];
    const mark = document.createElement('mark');
    mark.textContent = text.slice(place, place + part.length);
    return [text.slice(0, place), mark, text.slice(place + part.length)];
  }

  function open(isOpen) {
    list.hidden = !isOpen;
    input.setAttribute('aria-expanded', String(isOpen));
    if (!isOpen) activate(-1);
  }

  function activate(index) {
    list.children[active]?.setAttribute('aria-selected', 'false');
    active = index;
    const item = list.children[active];
    if (item) {
      item.setAttribute('aria-selected', 'true');
      item.scrollIntoView({ block: 'nearest' });
      input.setAttribute('aria-activedescendant', item.id);
    } else {
      input.removeAttribute('aria-activedescendant');
    }
  }

  function choose(index) {
    input.value = options[index].value;
    open(false);
    input.dispatchEvent(new Event('change', { bubbles: true }));
    input.dispatchEvent(new CustomEvent('chosen', { bubbles: true, detail: options[index] }));
  }

  input.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(ask, 80); });
  input.addEventListener('focus', ask);
  input.addEventListener('blur', () => { asked += 1; open(false); });
  input.addEventListener('keydown', (event) => {
    const size = options.length;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (list.hidden) { ask(); return; }
      if (event.key === 'ArrowDown') activate(active + 1 < size ? active + 1 : 0);
      else activate(active > 0 ? active - 1 : size - 1);
    } else if (event.key === 'Enter' && !list.hidden && active >= 0) {
      event.preventDefault();
      choose(active);
    } else if (event.key === 'Escape' && !list.hidden) {
      event.preventDefault();
      open(false);
    }
  });
}

const all = (root) => root.querySelectorAll('[data-combobox]').forEach(enhance);
all(document);
document.addEventListener('loaded', (event) => all(event.target));
