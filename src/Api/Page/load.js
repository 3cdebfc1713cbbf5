// What the service does at the moment, from its metrics.

const byId = id => document.getElementById(id);
const EVERY_MS = 2000;
const POINTS = 60;
const rates = [];
let last;

/** Shows it for as long as the page is looked at, if the service gives its metrics here. */
export function watchLoad() {
  let timer;
  const tick = async () => {
    const response = await fetch('metrics').catch(() => null);
    // Metrics may have a port of their own.
    if (response && !response.ok) return;
    if (response) show(read(await response.text()));
    if (document.visibilityState === 'visible') timer = setTimeout(tick, EVERY_MS);
  };
  document.addEventListener('visibilitychange', () => {
    clearTimeout(timer);
    last = undefined;
    if (document.visibilityState === 'visible') tick();
  });
  tick();
}

/** Figures of the Prometheus text format. */
function read(text) {
  const values = (name, part = '') => text.split('\n')
    .filter(line => line.startsWith(`${name}{`) && line.includes(part))
    .map(line => Number(line.slice(line.lastIndexOf('}') + 1).trim().split(' ')[0]));
  const sum = (name, part) => values(name, part).reduce((total, value) => total + value, 0);
  return {
    at: performance.now() / 1000,
    answers: sum('saccade_request_duration_seconds_count', 'outcome="answered"'),
    seconds: sum('saccade_request_duration_seconds_sum', 'outcome="answered"'),
    queued: sum('saccade_queue_depth'),
  };
}

function show(now) {
  const before = last ?? now;
  last = now;
  const answers = now.answers - before.answers;
  const rate = answers / Math.max(now.at - before.at, 1e-3);
  rates.push(rate);
  rates.splice(0, rates.length - POINTS);
  const figures = [
    ['Answers', `${rate.toFixed(1)} a second`],
    ['Latency', answers > 0 ? `${(1000 * (now.seconds - before.seconds) / answers).toFixed(1)} ms` : '–'],
    ['Waiting', `${now.queued} crop${now.queued === 1 ? '' : 's'}`],
  ];
  byId('load-figures').replaceChildren(...figures.map(([name, value]) => {
    const pair = document.createElement('div');
    const [term, figure] = ['dt', 'dd'].map(tag => document.createElement(tag));
    [term.textContent, figure.textContent] = [name, value];
    pair.append(term, figure);
    return pair;
  }));
  const highest = Math.max(1, ...rates);
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'polyline');
  line.setAttribute('points', rates.map((value, index) => `${POINTS - rates.length + index},${19 - 18 * value / highest}`).join(' '));
  byId('load-rates').setAttribute('aria-label', `Answers a second over the last two minutes, ${highest.toFixed(1)} at most`);
  byId('load-rates').replaceChildren(line);
  byId('load').hidden = false;
}
