"""PyTorch on the same device: the networks as torchvision and timm have them, by themselves and behind a small HTTP server.

Writes the same lines as the bench (records.jsonl).
"""
import argparse
import concurrent.futures
import http.client
import http.server
import json
import threading
import time

import torch

WARM_UP_RUNS = 5


def network(name):
    """The architecture at full width with 1000 classes, side heads dropped; None where no package here has it."""
    if name == "googlenet-bn":
        from torchvision.models import googlenet
        made = googlenet(weights=None, aux_logits=False, init_weights=False)
    elif name == "inception-v3":
        from torchvision.models import inception_v3
        made = inception_v3(weights=None, aux_logits=True, init_weights=False)
        made.aux_logits, made.AuxLogits = False, None
    elif name == "xception":
        try:
            import timm
        except ImportError:
            return None
        made = timm.create_model("legacy_xception", pretrained=False)
    else:
        return None
    return made.eval().requires_grad_(False)


SIDES = {"googlenet-bn": 224, "inception-v3": 299, "xception": 299}


class Runner:
    """A network on a device in one number format, eager or compiled."""

    def __init__(self, name, device, numbers, compiled):
        made = network(name)
        if made is None:
            raise LookupError(f"no package here has {name}")
        self.device = torch.device(device)
        self.type = torch.float16 if numbers == "fp16" else torch.float32
        self.side = SIDES[name]
        made = made.to(self.device, self.type, memory_format=torch.channels_last)
        if compiled:
            # Recorded as a CUDA graph, the fastest that the compiler offers without a search.
            made = torch.compile(made, mode="reduce-overhead", dynamic=False)
        self.network = made

    def tensor(self, batch):
        return torch.randn(batch, 3, self.side, self.side, dtype=self.type, device=self.device).to(memory_format=torch.channels_last)

    def synchronize(self):
        if self.device.type == "cuda":
            torch.cuda.synchronize()

    @torch.inference_mode()
    def rate(self, batch, seconds, copied):
        """Images a second. Copied: from pinned memory of the host and back each time, as a server must."""
        given = self.tensor(batch)
        if copied:
            given = given.cpu()
            if self.device.type == "cuda":
                given = given.pin_memory()

        def once():
            result = self.network(given.to(self.device, non_blocking=True))
            return result.float().cpu() if copied else result

        for _ in range(WARM_UP_RUNS):
            once()
        self.synchronize()
        began, images = time.perf_counter(), 0
        while time.perf_counter() - began < seconds:
            once()
            images += batch
        self.synchronize()
        return images / (time.perf_counter() - began)


def serve(runner):
    """A server of one route: rows of the network's input in, logits out. One thread a connection, one run at a time, no batching across requests."""
    gate = threading.Lock()
    row = 3 * runner.side * runner.side * torch.empty((), dtype=runner.type).element_size()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self):
            body = bytearray(int(self.headers["Content-Length"]))
            view, at = memoryview(body), 0
            while at < len(body):
                at += self.rfile.readinto(view[at:])
            given = torch.frombuffer(body, dtype=runner.type).view(len(body) // row, 3, runner.side, runner.side)
            with gate, torch.inference_mode():
                result = runner.network(given.to(runner.device).contiguous(memory_format=torch.channels_last)).float().cpu()
            answer = result.numpy().tobytes()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 256

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def served_rate(runner, batch, clients, seconds):
    server = serve(runner)
    body = runner.tensor(batch).contiguous().cpu().numpy().tobytes()
    deadline = [0.0, 0.0]

    def loop(_):
        connection = http.client.HTTPConnection(*server.server_address)
        answered = 0
        while time.perf_counter() < deadline[1]:
            connection.request("POST", "/", body)
            connection.getresponse().read()
            if deadline[0] <= time.perf_counter() < deadline[1]:
                answered += 1
        return answered

    now = time.perf_counter()
    warm_up = max(1.0, seconds)
    deadline[:] = [now + warm_up, now + warm_up + seconds]
    with concurrent.futures.ThreadPoolExecutor(clients) as pool:
        answered = sum(pool.map(loop, range(clients)))
    server.shutdown()
    server.server_close()
    return answered * batch / seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", required=True)
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    parser.add_argument("--arch", nargs="+", default=list(SIDES))
    parser.add_argument("--batch", nargs="+", type=int, default=[1, 32, 128])
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--clients", type=int, default=8)
    options = parser.parse_args()

    def record(part, model, numbers, variant, batch, measure, clients=1):
        line = {"part": part, "model": model, "format": numbers, "variant": variant, "batch": batch, "sessions": clients}
        try:
            line["imagesPerSecond"] = measure()
        except Exception as problem:  # whatever one way of running fails with, the others are still to be measured
            line["problem"] = f"{type(problem).__name__}: {problem}".splitlines()[0][:300]
        with open(options.records, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        print(json.dumps(line), flush=True)

    numbers_of = {"cuda": ["fp32", "tf32", "fp16"], "cpu": ["fp32"]}[options.device]
    for model in options.arch:
        for numbers in numbers_of:
            torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = numbers == "tf32"
            torch.backends.cudnn.benchmark = True
            for compiled in [False, True]:
                variant = "compiled" if compiled else "eager"
                if compiled and not hasattr(torch, "compile"):
                    record("torch", model, numbers, variant, 0, lambda: (_ for _ in ()).throw(LookupError("this torch has no compile")))
                    continue
                try:
                    runner = Runner(model, options.device, numbers, compiled)
                except LookupError as problem:
                    record("torch", model, numbers, variant, 0, lambda: (_ for _ in ()).throw(problem))
                    break
                # Compiling takes half a minute a shape: the compiled network is asked for the batches that matter only.
                for batch in options.batch if not compiled else options.batch[-2:]:
                    record("torch", model, numbers, f"{variant}, resident", batch, lambda: runner.rate(batch, options.seconds, copied=False))
                    record("torch", model, numbers, f"{variant}, copied", batch, lambda: runner.rate(batch, options.seconds, copied=True))
                if numbers == numbers_of[-1] and not compiled:
                    batch = min(32, options.batch[-1])
                    record("torch-http", model, numbers, variant, batch,
                           lambda: served_rate(runner, batch, options.clients, options.seconds), options.clients)
                del runner


if __name__ == "__main__":
    main()
