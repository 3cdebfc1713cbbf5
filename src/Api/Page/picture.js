// The picture, and where was looked.

const byId = id => document.getElementById(id);
const [figure, frame, image, looks, caption] = ['figure', 'frame', 'image', 'looks', 'caption'].map(byId);
const MANY = 24;
const ALL_SHOWN_MS = 1200;
const TINY = 128;

/** Shows a file, without looks. */
export function show(file) {
  if (image.src) URL.revokeObjectURL(image.src);
  image.classList.remove('unseen');
  image.alt = `The picture: ${file.name}`;
  image.src = URL.createObjectURL(file);
  caption.textContent = file.name;
  looks.replaceChildren();
  byId('prompt').hidden = true;
  figure.hidden = false;
}

/** Draws the crops of an answer: { image, regions, used }. */
export function drawLooks({ image: picture, regions: seen, used }) {
  shape(picture.width, picture.height);
  looks.setAttribute('viewBox', `0 0 ${picture.width} ${picture.height}`);
  const places = [...Map.groupBy(seen, look => [look.x, look.y, look.width, look.height].join()).values()];
  const group = element('g', { class: places.length > MANY ? 'many' : '' });
  if (places.length > 1 && places.length <= MANY) group.append(element('polyline', { class: 'path', points: places.map(([look]) => centre(look).join()).join(' ') }));
  group.append(...places.map((place, index) => drawn(place, Math.min(120, ALL_SHOWN_MS / places.length) * index, places.length > MANY)));
  looks.replaceChildren(group);

  const words = `${count(used, 'look')} at ${count(places.length, 'place')}`;
  looks.setAttribute('aria-label', words);
  caption.textContent = `${image.alt.replace('The picture: ', '')}, ${picture.width} × ${picture.height}: ${words}`;
}

/** Takes the looks away. */
export const clearLooks = () => looks.replaceChildren();

export const count = (number, word) => `${number} ${word}${number === 1 ? '' : 's'}`;

const centre = look => [look.x + look.width / 2, look.y + look.height / 2];

function drawn(place, delay, small) {
  const [{ x, y, width, height }] = place;
  const look = element('g', { class: 'look' });
  look.style.animationDelay = `${delay}ms`;
  const title = element('title', {});
  title.textContent = describe(place);
  const [cx, cy] = centre(place[0]);
  const spot = element('path', { class: 'spot', d: `M${cx} ${cy}h0` });
  spot.style.strokeWidth = `${small ? 3 : 5 + Math.min(6, sum(place))}px`;
  look.append(title, element('rect', { class: 'edge', x, y, width, height }), element('rect', { class: 'line', x, y, width, height }), spot);
  return look;
}

const sum = place => place.reduce((total, look) => total + look.times, 0);

function describe(place) {
  const members = new Set(place.map(look => look.member));
  const mirrored = place.filter(look => look.mirrored).reduce((total, look) => total + look.times, 0);
  return `${count(sum(place), 'look')}${mirrored ? `, ${mirrored} of them mirrored` : ''}, by ${[...members].join(', ')}`;
}

function element(name, attributes) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function shape(width, height) {
  frame.style.setProperty('--ratio', width / height);
  image.classList.toggle('tiny', Math.max(width, height) <= TINY);
}

image.addEventListener('load', () => shape(image.naturalWidth, image.naturalHeight));
// Formats that this browser does not read, the service may.
image.addEventListener('error', () => {
  image.classList.add('unseen');
  caption.textContent += ' (this browser cannot show it)';
});
byId('show-looks').addEventListener('change', event => { looks.style.visibility = event.target.checked ? '' : 'hidden'; });
