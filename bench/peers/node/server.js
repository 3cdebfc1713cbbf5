// One process without batching: fastify reads requests, sharp decodes and resizes on libuv's threads, ONNX Runtime runs one picture at a time per request.
import multipart from '@fastify/multipart';
import fastify from 'fastify';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';

const setting = (name, otherwise) => Number(process.env[name] ?? otherwise);
const side = setting('SIZE', 224);
const shorterSide = setting('RESIZE', 256);
const mean = [0.485, 0.456, 0.406];
const deviation = [0.229, 0.224, 0.225];
const limit = 20 * 1024 * 1024;

const threads = setting('INTRA', 0);
const session = await InferenceSession.create(process.env.MODEL, threads ? { intraOpNumThreads: threads } : {});

// Python's round, which decides where torchvision's centre crop begins: halves go to the even number.
const roundHalfToEven = (value) => {
  const floor = Math.floor(value);
  return value - floor === 0.5 ? floor + (floor % 2) : Math.round(value);
};

async function tensorOf(encoded) {
  const { width, height } = await sharp(encoded).metadata();
  const scale = shorterSide / Math.min(width, height);
  const columns = width <= height ? shorterSide : Math.floor(width * scale);
  const rows = width <= height ? Math.floor(height * scale) : shorterSide;
  const pixels = await sharp(encoded)
    .removeAlpha()
    .toColourspace('srgb')
    .resize(columns, rows, { fit: 'fill', kernel: 'linear' })
    .extract({ left: roundHalfToEven((columns - side) / 2), top: roundHalfToEven((rows - side) / 2), width: side, height: side })
    .raw()
    .toBuffer();
  const area = side * side;
  const values = new Float32Array(3 * area);
  for (let channel = 0; channel < 3; channel++) {
    const factor = 1 / (255 * deviation[channel]);
    const shift = -mean[channel] / deviation[channel];
    for (let i = 0; i < area; i++) values[channel * area + i] = pixels[3 * i + channel] * factor + shift;
  }
  return new Tensor('float32', values, [1, 3, side, side]);
}

function best(logits, count) {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = Array.from(logits, (logit) => Math.exp(logit - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers
    .map((power, index) => ({ index, probability: power / sum }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, count);
}

async function pictureOf(request) {
  if (!request.isMultipart()) return request.body;
  const file = await request.file();
  return file?.fieldname === 'image' ? file.toBuffer() : undefined;
}

const app = fastify({ bodyLimit: limit });
await app.register(multipart, { limits: { fileSize: limit } });
app.addContentTypeParser(/^(image\/.*|application\/octet-stream)$/, { parseAs: 'buffer' }, async (_, body) => body);
app.get('/health', async () => 'ok');
app.post('/classify', async (request, reply) => {
  const encoded = await pictureOf(request);
  if (!encoded) return reply.code(400).send({ error: 'There is no image.' });
  let input;
  try {
    input = await tensorOf(encoded);
  } catch {
    return reply.code(400).send({ error: 'The image does not decode.' });
  }
  const outputs = await session.run({ [session.inputNames[0]]: input });
  return { top: best(outputs[session.outputNames[0]].data, 5) };
});
await app.listen({ host: '127.0.0.1', port: setting('PORT', 8102) });
