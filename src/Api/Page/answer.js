// An answer, or the reason why there is none.

import { count } from './image.js';

const byId = id => document.getElementById(id);
const STAGES = [['decode', 'Decode'], ['preprocess', 'Resize, crop'], ['queue', 'Queue'], ['inference', 'Network']];
const WHY = {
  confident: 'confident enough',
  exhausted: 'every round was run',
  budget: 'no time for more before the deadline',
  overloaded: 'the service had no room for more',
  failed: 'a member could not run again',
};
const CACHED = {
  hit: 'answered before, kept since',
  shared: 'one run for this and an equal request',
};
let countdown;

/** Says that an answer is on its way. */
export const awaitAnswer = () => byId('answer').setAttribute('aria-busy', 'true');

/** Shows an answer that took the browser so many milliseconds. */
export function showAnswer(answer, elapsed) {
  dismiss();
  byId('verdict').textContent = verdict(answer.predictions);
  byId('predictions').replaceChildren(...answer.predictions.map(prediction));
  showTimings(answer.timings);
  byId('facts').replaceChildren(...facts(answer, elapsed).filter(([, value]) => value).flatMap(([name, value]) => [text('dt', name), text('dd', value)]));
  byId('answer').removeAttribute('aria-busy');
  byId('answer').hidden = false;
}

/** An answer in a few words: the best label or, where labels do not exclude each other, those that reach the threshold. */
export function verdict(predictions, share = percent) {
  const [best] = predictions;
  if (best.selected === undefined) return `${best.label}, ${share(best.probability)}`;
  return predictions.filter(({ selected }) => selected).map(({ label }) => label).join(', ') || 'No label reaches the threshold';
}

/** Offers the answers of an ensemble's members, each asked for by `ask` once the reader wants to see them. */
export function showMembers(members, ask) {
  const details = byId('members');
  details.hidden = !members;
  details.open = false;
  byId('member-answers').replaceChildren();
  details.ontoggle = async () => {
    if (!details.open || byId('member-answers').childElementCount > 0) return;
    const columns = members.map(({ name, weight }) => {
      const column = document.createElement('section');
      column.append(text('h2', name), text('p', `weight ${weight.toFixed(2)}`, 'fine'), text('p', '…', 'fine'));
      return column;
    });
    byId('member-answers').replaceChildren(...columns);
    await Promise.all(members.map(async ({ name }, index) => {
      const list = document.createElement('ol');
      try {
        const { predictions } = await ask(name);
        list.append(...predictions.slice(0, 3).map(prediction));
        columns[index].lastChild.replaceWith(list);
      } catch (error) {
        columns[index].lastChild.textContent = error.problem?.title ?? 'No answer';
      }
    }));
  };
}

/** Shows a problem document; `again` is called when the reader wants to try again. */
export function showRefusal(problem, again) {
  dismiss();
  byId('answer').removeAttribute('aria-busy');
  byId('answer').hidden = true;
  byId('refusal-title').textContent = problem.title;
  byId('refusal-detail').textContent = problem.detail;
  byId('refusal-errors').replaceChildren(...Object.values(problem.errors ?? {}).filter(error => error !== problem.detail).map(error => text('li', error)));
  byId('refusal-code').textContent = [problem.status, problem.code, problem.requestId && `request ${problem.requestId}`].filter(Boolean).join(' · ');
  byId('again').onclick = again;
  byId('again').hidden = !isPassing(problem);
  byId('refusal').hidden = false;
  countDown(problem.retryAfterSeconds ?? 0);
}

/** Whether the same question may be answered another time: an unreadable image stays unreadable. */
const isPassing = ({ status, retryAfterSeconds }) => retryAfterSeconds !== undefined || !status || status === 408 || status >= 500;

/** Takes the last answer away. */
export const forget = () => { byId('answer').hidden = true; };

/** Takes the last problem away. */
export function dismiss() {
  clearInterval(countdown);
  byId('refusal').hidden = true;
}

// The reader decides: a page left open must not knock at a service that has too much to do.
function countDown(seconds) {
  const button = byId('again');
  const due = performance.now() + seconds * 1000;
  const tick = () => {
    const left = Math.ceil((due - performance.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? `Try again in ${left} s` : 'Try again';
    if (left <= 0) clearInterval(countdown);
  };
  tick();
  if (seconds > 0) countdown = setInterval(tick, 200);
}

function prediction({ label, probability, selected }) {
  const item = document.createElement('li');
  if (selected === false) item.className = 'unselected';
  const track = text('div', '', 'track');
  const fill = text('div', '', 'fill');
  fill.style.width = `${probability * 100}%`;
  track.append(fill);
  item.append(text('span', label, 'label'), text('span', selected ? `✓ ${percent(probability)}` : percent(probability), 'value'), track);
  return item;
}

function showTimings(timings) {
  const stages = STAGES.map(([name, words]) => ({ name, words, ms: timings[`${name}Ms`] }));
  const rest = Math.max(0, timings.totalMs - stages.reduce((total, stage) => total + stage.ms, 0));
  stages.push({ name: 'rest', words: 'Read, answer', ms: rest });
  byId('bar').replaceChildren(...stages.filter(({ ms }) => ms > 0).map(({ name, ms }) => {
    const part = text('div', '', `stage ${name}`);
    part.style.width = `${(ms / timings.totalMs) * 100}%`;
    return part;
  }));
  byId('bar').setAttribute('aria-label', stages.map(({ words, ms }) => `${words} ${milliseconds(ms)}`).join(', '));
  byId('stages').replaceChildren(...stages.map(({ name, words, ms }) => {
    const pair = document.createElement('div');
    const term = document.createElement('dt');
    term.append(text('i', '', name), text('span', words));
    pair.append(term, text('dd', milliseconds(ms)));
    return pair;
  }));
}

function facts({ id, model, version, crops, members, missing, timings, cached }, elapsed) {
  const cropsOf = name => crops.windows.filter(crop => crop.member === name).reduce((total, crop) => total + crop.times, 0);
  return [
    ['Model', `${model}, version ${version}`],
    ['Crops', crops.requested === 'auto' ? `${crops.used}, as many as it took` : `${crops.used}`],
    ['Stopped because', WHY[crops.stopReason] ?? crops.stopReason],
    ['Members', members.map(name => `${name} (${count(cropsOf(name), 'crop')})`).join(', ')],
    ['Missing', missing?.map(({ member, reason }) => `${member} (${reason})`).join(', ')],
    ['Cache', CACHED[cached] ?? cached],
    ['Batch', timings.batchSize > 0 && `of ${count(timings.batchSize, 'crop')}`],
    ['Total', `${milliseconds(timings.totalMs)} in the service, ${milliseconds(elapsed)} seen from here`],
    ['Request', id],
  ];
}

export const percent = share => `${(share * 100).toFixed(share >= .0995 || share === 0 ? 1 : 2)} %`;
const milliseconds = ms => `${ms < 10 ? ms.toFixed(2) : ms.toFixed(1)} ms`;

function text(name, content, className = '') {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = content;
  return made;
}
