// A person's timeline grows as one asks for older events; a filter of events submits itself; a file fills a text area.

document.addEventListener('click', async (event) => {
  const link = event.target.closest('[data-older]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const place = link.closest('.older');
  place.setAttribute('aria-busy', 'true');
  const address = new URL(link.href);
  address.searchParams.set('part', '1');
  const answer = await fetch(address, { headers: { Accept: 'text/html' } }).catch(() => null);
  if (!answer?.ok) { location.href = link.href; return; }
  const box = document.createElement('div');
  box.innerHTML = await answer.text();
  const first = box.querySelector('.session h3');
  place.replaceWith(...box.childNodes);
  // Where the new ones begin, so that the keyboard goes on from there.
  if (first) { first.tabIndex = -1; first.focus(); }
});

document.querySelectorAll('form[data-auto]').forEach((form) => {
  form.addEventListener('change', () => form.requestSubmit());
});

// The first column of a file of ids, without its head.
document.querySelectorAll('[data-fills]').forEach((input) => {
  input.addEventListener('change', async () => {
    const file = input.files[0];
    if (!file) return;
    const lines = (await file.text()).split(/\r?\n/).map((line) => line.split(/[,;\t]/)[0].replace(/^["'\ufeff]+|["']+$/g, '').trim());
    if (/^(id|user_?id|person|고객|회원)/i.test(lines[0] ?? '')) lines.shift();
    document.getElementById(input.dataset.fills).value = lines.filter(Boolean).join('\n');
  });
});
