// The request as code, to copy. A key is taken from the environment: what is copied and passed on must not hold it.

import { query, hasKey } from './service.js';

const byId = id => document.getElementById(id);
const address = () => new URL('classify', document.baseURI).href.split('#')[0];
const quoted = text => JSON.stringify(text);
const shell = text => `'${text.replaceAll("'", "'\\''")}'`;

const LANGUAGES = {
  curl: ({ url, name, key }) => `curl ${key ? '-H "X-Api-Key: $SACCADE_KEY" ' : ''}-F image=@${shell(name)} ${shell(url)}`,
  Python: ({ parameters, name, key }) => `${key ? 'import os\n' : ''}import requests

with open(${quoted(name)}, "rb") as image:
    response = requests.post(
        ${quoted(address())},
        params=${python(parameters)},
        files={"image": image},${key ? '\n        headers={"X-Api-Key": os.environ["SACCADE_KEY"]},' : ''}
        timeout=30,
    )
response.raise_for_status()
for prediction in response.json()["predictions"]:
    print(prediction["label"], prediction["probability"])`,
  JavaScript: ({ url, name, key }) => `import { openAsBlob } from 'node:fs';

const body = new FormData();
body.append('image', await openAsBlob(${quoted(name)}));
const response = await fetch(${quoted(url)}, { method: 'POST', body${key ? ", headers: { 'X-Api-Key': process.env.SACCADE_KEY }" : ''} });
if (!response.ok) throw new Error((await response.json()).detail);
for (const { label, probability } of (await response.json()).predictions) console.log(label, probability);`,
  'C#': ({ url, name, key }) => `using System.Net.Http.Json;
using System.Text.Json;

using var client = new HttpClient();${key ? `
client.DefaultRequestHeaders.Add("X-Api-Key", Environment.GetEnvironmentVariable("SACCADE_KEY"));` : ''}
using var form = new MultipartFormDataContent();
form.Add(new StreamContent(File.OpenRead(${quoted(name)})), "image", ${quoted(name)});
using var response = await client.PostAsync(${quoted(url)}, form);
response.EnsureSuccessStatusCode();
var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
foreach (var prediction in answer.GetProperty("predictions").EnumerateArray())
    Console.WriteLine($"{prediction.GetProperty("label")} {prediction.GetProperty("probability")}");`,
};
let shown = {};
let language = 'curl';

/** Shows the code of a question about a file of this name. */
export function showCode(asked, name) {
  const parameters = query(asked);
  shown = { parameters, name, url: `${address()}?${parameters}`, key: hasKey() };
  write();
}

const python = parameters => `{${[...parameters].map(([name, value]) => `${quoted(name)}: ${quoted(value)}`).join(', ')}}`;

function write() {
  byId('snippet').textContent = LANGUAGES[language](shown);
  byId('copy').textContent = 'Copy';
}

byId('languages').append(...Object.keys(LANGUAGES).map(name => {
  const label = document.createElement('label');
  const input = document.createElement('input');
  Object.assign(input, { type: 'radio', name: 'language', value: name, checked: name === language });
  const words = document.createElement('span');
  words.textContent = name;
  label.append(input, words);
  input.addEventListener('change', () => {
    language = name;
    write();
  });
  return label;
}));
byId('copy').addEventListener('click', async () => {
  const code = byId('snippet').textContent;
  // Without https:// there is no clipboard; then the code is selected, and the reader copies it.
  try {
    await navigator.clipboard.writeText(code);
    byId('copy').textContent = 'Copied';
  } catch {
    getSelection().selectAllChildren(byId('snippet'));
  }
});
