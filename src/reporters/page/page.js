(() => {
  const root = document.documentElement;
  root.classList.add('js');
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const model = JSON.parse(document.getElementById('model').textContent);

  // Which figures are seen: warm or cold calls, a log or a linear axis, one architecture or both.
  const chosen = { start: model.start, axis: 'log' };
  const show = () => {
    for (const part of all('[data-variant]')) {
      const [start, axis] = part.dataset.variant.split(' ');
      const fits = (start === '*' || start === chosen.start) && (axis === '*' || axis === chosen.axis);
      part.classList.toggle('hidden', !fits);
    }
  };
  for (const choice of all('input[type=radio]')) {
    choice.addEventListener('change', () => {
      chosen[choice.name] = choice.value;
      show();
    });
  }
  for (const box of all('input[name=architecture]')) {
    box.addEventListener('change', () => root.classList.toggle(`no-${box.value}`, !box.checked));
  }

  // What is under the pointer, or reached by the arrow keys inside a figure.
  const read = document.createElement('div');
  read.className = 'read hidden';
  read.setAttribute('role', 'status');
  document.body.append(read);
  let current;
  const tell = (point, x, y) => {
    current?.classList.remove('read-now');
    current = point;
    read.classList.toggle('hidden', !point);
    if (!point) return;
    point.classList.add('read-now');
    read.textContent = point.dataset.read;
    const { width, height } = read.getBoundingClientRect();
    read.style.left = `${Math.max(4, Math.min(x + 14, innerWidth - width - 6))}px`;
    read.style.top = `${Math.max(4, y - height - 12)}px`;
  };
  for (const figure of all('figure svg')) {
    figure.tabIndex = 0;
    const points = () => all('.pt', figure).filter((point) => point.getClientRects().length > 0);
    const boxOf = (point) => point.getBoundingClientRect();
    figure.addEventListener('pointermove', (event) => {
      let nearest;
      let least = 26;
      for (const point of points()) {
        const box = boxOf(point);
        const far = Math.hypot(box.x + box.width / 2 - event.clientX, box.y + box.height / 2 - event.clientY);
        if (far < least) [nearest, least] = [point, far];
      }
      tell(nearest, event.clientX, event.clientY);
    });
    figure.addEventListener('pointerleave', () => tell());
    figure.addEventListener('blur', () => tell());
    figure.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (event.key === 'Escape') tell();
      const list = points();
      if (step === undefined || list.length === 0) return;
      event.preventDefault();
      const next = list[(list.indexOf(current) + step + list.length) % list.length];
      const box = boxOf(next);
      tell(next, box.x + box.width / 2, box.y);
    });
  }

  // The recommendation under another blend of cost and speed, and another share of cold starts.
  const blend = document.getElementById('blend');
  const cold = document.getElementById('cold');
  const money = (usd) => `$${(usd * 1e6).toPrecision(3)}`;
  const move = () => {
    const weight = Number(blend.value) / 100;
    const share = Number(cold.value) / 100;
    blend.nextElementSibling.value = `${blend.value} %`;
    cold.nextElementSibling.value = `${cold.value} %`;
    const rows = model.rows.flatMap((row) => {
      if (share > 0 && !row.cold) return [];
      const mixed = (name) => (1 - share) * row[model.start][name] + share * (row.cold ? row.cold[name] : 0);
      return [{ ...row, usd: mixed('usd'), ms: mixed('ms') }];
    });
    const out = document.getElementById('moved');
    if (rows.length === 0) {
      out.textContent = 'No configuration has cold starts to mix in.';
      return;
    }
    const least = (name) => Math.min(...rows.map((row) => row[name]));
    const [usd, ms] = [least('usd'), least('ms')];
    // Relative to the best of each, on a log scale: what counts is the factor.
    const score = (row) => (1 - weight) * Math.log(row.usd / usd) + weight * Math.log(row.ms / ms);
    const best = rows.reduce((one, other) => (score(other) < score(one) ? other : one));
    out.textContent =
      `At ${blend.value} % weight on speed${share > 0 ? ` and ${cold.value} % cold starts` : ''}: ${best.name}, ` +
      `${money(best.usd)} per million, ${best.ms.toPrecision(3)} ms on average.`;
    for (const row of all('tbody tr[data-name]')) row.classList.toggle('recommended', row.dataset.name === best.name);
  };
  for (const slider of [blend, cold]) slider?.addEventListener('input', move);

  // Tables sorted by a click on a head.
  for (const head of all('th[data-sort]')) {
    head.querySelector('button').addEventListener('click', () => {
      const table = head.closest('table');
      const column = [...head.parentElement.children].indexOf(head);
      const way = head.getAttribute('aria-sort') === 'ascending' ? 'descending' : 'ascending';
      for (const other of all('th', table.tHead)) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', way);
      const key = (row) => {
        const text = row.children[column]?.dataset.v ?? '';
        return text === '' ? Number.POSITIVE_INFINITY : Number(text);
      };
      const body = table.tBodies[0];
      const rows = [...body.rows].sort((one, other) => (way === 'ascending' ? 1 : -1) * (key(one) - key(other)));
      body.append(...rows);
    });
  }

  // A figure alone, as it is seen, as SVG or PNG.
  const svgText = (svg) => {
    const copy = svg.cloneNode(true);
    const style = document.createElementNS('http://www.w3.org/2000/svg', 'style');
    style.textContent = document.querySelector('style').textContent;
    copy.prepend(style);
    const { width, height } = svg.viewBox.baseVal;
    copy.setAttribute('width', width);
    copy.setAttribute('height', height);
    return { text: new XMLSerializer().serializeToString(copy), width, height };
  };
  const save = (blob, name) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  for (const button of all('button[data-copy]')) {
    button.addEventListener('click', async () => {
      const svg = all('svg', button.closest('figure')).find((one) => one.getClientRects().length > 0);
      const { text, width, height } = svgText(svg);
      const file = new Blob([text], { type: 'image/svg+xml' });
      const name = `${button.closest('figure').id}.${button.dataset.copy}`;
      if (button.dataset.copy === 'svg') return save(file, name);
      const picture = new Image();
      picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
      await picture.decode();
      const canvas = document.createElement('canvas');
      canvas.width = 2 * width;
      canvas.height = 2 * height;
      const context = canvas.getContext('2d');
      context.fillStyle = getComputedStyle(document.body).backgroundColor;
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(picture, 0, 0, canvas.width, canvas.height);
      return canvas.toBlob((blob) => save(blob, name), 'image/png');
    });
  }
  show();
})();
