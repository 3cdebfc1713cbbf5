// What is asked, when it is asked, and who shows the answer.

import { get, classify, classifyAll, useKey, Refusal } from './service.js';
import { show, hide, drawCrops, clearCrops } from './image.js';
import { awaitAnswer, showAnswer, showRefusal, showMembers, forget, dismiss, percent } from './answer.js';
import { offerSamples } from './samples.js';
import { openCamera, fetchImage } from './sources.js';
import { showGallery, closeGallery } from './gallery.js';
import { showCode } from './code.js';
import { watchLoad } from './load.js';

const byId = id => document.getElementById(id);
const [stage, file, model, crops, top] = ['stage', 'file', 'model', 'crops', 'top'].map(byId);
const CROPS = {
  1: 'The centre of the image: the fastest.',
  10: 'Four corners and the centre, each mirrored too; the mean of ten answers.',
  12: 'The same ten and the whole of the centre square, mirrored too.',
  144: 'Those twelve of three squares at four sizes: the slowest, as in the GoogLeNet paper.',
  auto: 'One crop, and more only while the answer is not confident and time allows.',
};
const linked = new URLSearchParams(location.hash.slice(1));
let image;
let repeat = () => {};
let running;
let listing;
let described;

const question = () => {
  const [name, version] = JSON.parse(model.value || '[]');
  return { model: name, version, crops: chosenCrops() ?? '1', topK: top.value };
};

async function ask() {
  const { signal } = anew();
  // An answer that stays would be that of another image.
  if (!top.reportValidity()) return forget();
  awaitAnswer();
  const start = performance.now();
  await trying(async () => {
    const [asked, file] = [question(), image];
    const answer = await classify(file, asked, signal);
    drawCrops(answer.crops);
    showAnswer(answer, performance.now() - start);
    showMembers(described?.members, member => classify(file, { ...asked, model: member, version: undefined }, signal));
    showCode(asked, file.name);
  }, signal, ask);
}

/** Asks for many images; each answer appears when its batch is answered. */
async function askAll(files) {
  anew();
  const { signal } = anewAll();
  repeat = () => askAll(files);
  forget();
  hide();
  await trying(async () => {
    const { limits } = await get('models', signal);
    await showGallery(files, batch => classifyAll(batch, question(), signal), limits, chosen => takeOne(chosen));
  }, signal, () => askAll(files));
}

/** Ends the question under way; its answer would be shown as that of the next one. */
function anew() {
  running?.abort();
  running = new AbortController();
  dismiss();
  return running;
}

/** Ends the asking for many images, which goes on beside questions about single ones of them. */
function anewAll() {
  listing?.abort();
  listing = new AbortController();
  return listing;
}

/** Does what may be refused, and shows the refusal if it is. */
async function trying(work, signal, again = () => { dismiss(); return trying(work, signal); }) {
  try {
    await work();
  } catch (error) {
    if (signal?.aborted) return;
    if (!(error instanceof Refusal)) throw error;
    clearCrops();
    if (error.problem.status === 401) byId('key-field').hidden = false;
    showRefusal(error.problem, again);
  }
}

function take(files) {
  if (!files?.length) return;
  if (files.length === 1) {
    anewAll();
    closeGallery();
    takeOne(files[0]);
  } else {
    askAll([...files]);
  }
}

function takeOne(file) {
  image = file;
  repeat = ask;
  dismiss();
  show(image);
  ask().then(bringIntoSight);
}

// On a phone the answer stands below the image.
function bringIntoSight() {
  const shown = [byId('answer'), byId('refusal')].find(part => !part.hidden);
  const place = shown?.getBoundingClientRect();
  if (place && (place.top < 0 || place.top + 120 > innerHeight)) shown.scrollIntoView({ block: 'start' });
}

/** Fills the list of models, keeping the choice. */
async function listModels() {
  const { models, defaultModel } = await get('models');
  const options = models.flatMap(({ name, defaultVersion, versions }) => versions.map(({ version, state, architecture }) => {
    const isDefault = version === defaultVersion;
    const words = [name, isDefault ? '' : `version ${version}`, architecture && `(${architecture})`, ['ready', 'degraded'].includes(state) ? '' : `: ${state}`];
    const option = new Option(words.filter(Boolean).join(' '), JSON.stringify(isDefault ? [name] : [name, version]));
    option.defaultSelected = name === defaultModel && isDefault;
    return option;
  }));
  const before = model.value || JSON.stringify([linked.get('model'), linked.get('version')].filter(Boolean));
  model.replaceChildren(...options);
  if (options.some(option => option.value === before)) model.value = before;
  model.disabled = options.length === 0;
  if (options.length === 0) throw new Refusal({ title: 'No model is served', detail: 'The service has found no model in its folder.', code: 'no-model' });
  await describeModel();
}

/** Offers the crops that the chosen model has, and says what is known of it. */
async function describeModel() {
  if (!model.value) return;
  const asked = model.value;
  const [name, wanted] = JSON.parse(asked);
  const { versions } = await get(`models/${encodeURIComponent(name)}`);
  if (asked !== model.value) return;
  described = versions.find(candidate => (wanted ? candidate.version === wanted : candidate.isDefault)) ?? versions[0];
  offerCrops(described.crops ?? Object.keys(CROPS));
  offerSamples(described.labels ?? [], takeOne);
  byId('about').textContent = [
    described.members?.map(member => member.name).join(' + '),
    described.input && `input ${described.input.width} × ${described.input.height}`,
    described.labels && `${described.labels.length} classes`,
    described.threshold !== undefined && `each label on its own, selected from ${Number((described.threshold * 100).toFixed(1))} % on`,
    accuracy(described.accuracy),
    described.provider && `on ${described.provider}`,
    described.error,
  ].filter(Boolean).join(' · ');
}

function accuracy(measured) {
  const byCrops = Object.entries(measured?.top1ByCrops ?? {}).map(([count, share]) => `${percent(share)} by ${count}`);
  return byCrops.length > 0 && `right for ${byCrops.join(', ')} of ${measured.images.toLocaleString('en')} test images`;
}

const chosenCrops = () => crops.querySelector(':checked')?.value;

function offerCrops(modes) {
  const wanted = chosenCrops() ?? linked.get('crops');
  const chosen = modes.includes(wanted) ? wanted : modes[0];
  crops.replaceChildren(...modes.map(mode => {
    const label = document.createElement('label');
    const input = document.createElement('input');
    Object.assign(input, { type: 'radio', name: 'crops', value: mode, checked: mode === chosen });
    const words = document.createElement('span');
    words.textContent = mode;
    label.append(input, words);
    return label;
  }));
  explainCrops();
}

/** What the chosen crops are, and how often they were right: more are not better for every model. */
function explainCrops() {
  const right = described?.accuracy?.top1ByCrops?.[chosenCrops()];
  const about = CROPS[chosenCrops()] ?? 'A plan of this model’s own.';
  byId('crops-about').textContent = right === undefined ? about : `${about} Right for ${percent(right)} of the test images.`;
}

/** Puts the choices into the address, so that it can be kept or sent. */
function link() {
  const asked = Object.entries(question()).filter(([, value]) => value);
  history.replaceState(null, '', `#${new URLSearchParams(asked)}`);
}

if (/^[1-9]\d{0,3}$/.test(linked.get('topK'))) top.value = linked.get('topK');
file.addEventListener('change', () => {
  take([...file.files]);
  file.value = '';
});
byId('camera').addEventListener('click', () => trying(async () => {
  const taken = await openCamera();
  if (taken) take([taken]);
}));
byId('address-form').addEventListener('submit', event => {
  event.preventDefault();
  const { signal } = anew();
  trying(async () => take([await fetchImage(byId('address').value, signal)]), signal);
});
byId('key').addEventListener('change', event => {
  useKey(event.target.value);
  repeat();
});
document.addEventListener('paste', event => take([...event.clipboardData.files]));
document.addEventListener('dragover', event => {
  event.preventDefault();
  stage.classList.add('over');
});
document.addEventListener('dragleave', event => { if (!event.relatedTarget) stage.classList.remove('over'); });
document.addEventListener('drop', event => {
  event.preventDefault();
  stage.classList.remove('over');
  take([...event.dataTransfer.files]);
});
byId('question').addEventListener('submit', event => event.preventDefault());
byId('question').addEventListener('change', async event => {
  if (event.target.id === 'key') return;
  if (event.target === model) await trying(describeModel);
  explainCrops();
  link();
  repeat();
});
// Models come and go while the page is in the background. What is shown stays if the service does not answer.
document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') listModels().catch(() => {}); });
trying(listModels);
watchLoad();
