#!/usr/bin/env bash
# MODEL=model.onnx SIZE=224 RESIZE=256 PORT=8103 ./start.sh
# Debian: python3-fastapi python3-uvicorn python3-multipart uvicorn python3-torch python3-torchvision python3-onnx libopenblas0
cd "$(dirname "$0")" || exit
python=${PYTHON:-/usr/bin/python3}
missing=$("$python" - 2>&1 <<'PROBE'
import importlib.util
print(*(name for name in ("fastapi", "uvicorn", "multipart", "torchvision", "PIL") if importlib.util.find_spec(name) is None))
if importlib.util.find_spec("onnxruntime") is None and importlib.util.find_spec("onnx") is None:
    print("onnxruntime or onnx")
PROBE
) || { echo "$python does not run"; exit 69; }
[ -z "${missing//[[:space:]]/}" ] || { echo "Python lacks" $missing; exit 69; }
exec "$python" -m uvicorn server:app --host 127.0.0.1 --port "${PORT:-8103}" --log-level warning --no-access-log
