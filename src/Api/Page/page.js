// What is asked, when it is asked, and who shows the answer.

import { get, classify, Refusal } from './service.js';
import { show, drawCrops, clearCrops } from './picture.js';
import { awaitAnswer, showAnswer, showRefusal, dismiss } from './answer.js';

const byId = id => document.getElementById(id);
const [stage, file, model, crops, top] = ['stage', 'file', 'model', 'crops', 'top'].map(byId);
let picture;
let running;

async function ask() {
  if (!picture || !top.reportValidity()) return;
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  awaitAnswer();
  const start = performance.now();
  try {
    const [name, version] = JSON.parse(model.value || '[]');
    const answer = await classify(picture, { model: name, version, crops: chosenCrops() ?? '1', topK: top.value }, signal);
    drawCrops(answer.crops);
    showAnswer(answer, performance.now() - start);
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof Refusal)) throw error;
    clearCrops();
    showRefusal(error.problem, ask);
  }
}

function take(files) {
  if (!files?.length) return;
  [picture] = files;
  dismiss();
  show(picture);
  ask();
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
  const before = model.value;
  model.replaceChildren(...options);
  if (options.some(option => option.value === before)) model.value = before;
  model.disabled = options.length === 0;
  if (options.length === 0) throw new Refusal({ title: 'No model is served', detail: 'The service has found no model in its folder.', code: 'no-model' });
  await describeModel();
}

/** Does what may be refused, and shows the refusal if it is. */
async function trying(work) {
  try {
    dismiss();
    await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    showRefusal(error.problem, () => trying(work));
  }
}

/** Offers the crops that the chosen model has, and says what is known of it. */
async function describeModel() {
  if (!model.value) return;
  const asked = model.value;
  const [name, wanted] = JSON.parse(asked);
  const { versions } = await get(`models/${encodeURIComponent(name)}`);
  if (asked !== model.value) return;
  const version = versions.find(candidate => (wanted ? candidate.version === wanted : candidate.isDefault)) ?? versions[0];
  offerCrops(version.crops ?? ['1', '10', '12', '144', 'auto']);
  byId('about').textContent = [
    version.members?.map(member => member.name).join(' + '),
    version.input && `input ${version.input.width} × ${version.input.height}`,
    version.labels && `${version.labels.length} classes`,
    version.provider && `on ${version.provider}`,
    version.error,
  ].filter(Boolean).join(' · ');
}

const chosenCrops = () => crops.querySelector(':checked')?.value;

function offerCrops(modes) {
  const chosen = modes.includes(chosenCrops()) ? chosenCrops() : modes[0];
  crops.replaceChildren(...modes.map(mode => {
    const label = document.createElement('label');
    const input = document.createElement('input');
    Object.assign(input, { type: 'radio', name: 'crops', value: mode, checked: mode === chosen });
    const words = document.createElement('span');
    words.textContent = mode;
    label.append(input, words);
    return label;
  }));
}

file.addEventListener('change', () => {
  take(file.files);
  file.value = '';
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
  if (event.target === model) await trying(describeModel);
  ask();
});
// Models come and go while the page is in the background. What is shown stays if the service does not answer.
document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') listModels().catch(() => {}); });
trying(listModels);
