"""FastAPI and torchvision around one network, a picture at a time: what a Python team writes first.

The network runs in ONNX Runtime where it is installed for Python, otherwise in torch, eagerly, from the same ONNX file.
"""
import io
import os

import numpy
import torch
from fastapi import FastAPI, HTTPException, Request
from PIL import Image, UnidentifiedImageError
from torchvision import transforms

try:
    import onnxruntime
except ImportError:
    onnxruntime = None
    from graph import TorchGraph

MODEL = os.environ["MODEL"]
SIDE = int(os.environ.get("SIZE", 224))
SHORTER_SIDE = int(os.environ.get("RESIZE", 256))

prepare = transforms.Compose([
    transforms.Resize(SHORTER_SIDE),
    transforms.CenterCrop(SIDE),
    transforms.ToTensor(),
    transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
])


def loaded():
    """A function from a tensor [1, 3, SIDE, SIDE] to logits."""
    if onnxruntime is None:
        torch.set_num_threads(os.cpu_count())
        return TorchGraph(MODEL)
    session = onnxruntime.InferenceSession(MODEL, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda pixels: torch.from_numpy(session.run(None, {name: numpy.asarray(pixels)})[0])


network = loaded()
app = FastAPI()


@app.get("/health")
def health():
    return "ok"


async def picture_of(request):
    if not request.headers.get("content-type", "").startswith("multipart/"):
        return await request.body()
    part = (await request.form()).get("image")
    if part is None:
        raise HTTPException(400, "There is no part called image.")
    return await part.read()


@app.post("/classify")
async def classify(request: Request):
    encoded = await picture_of(request)
    try:
        pixels = prepare(Image.open(io.BytesIO(encoded)).convert("RGB"))
    except (UnidentifiedImageError, OSError) as failure:
        raise HTTPException(400, "The image does not decode.") from failure
    with torch.inference_mode():
        best = torch.softmax(network(pixels[None])[0], 0).topk(5)
    return {"top": [{"index": int(index), "probability": float(value)} for value, index in zip(best.values, best.indices)]}
