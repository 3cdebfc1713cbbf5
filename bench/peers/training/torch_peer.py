"""Trains a network in Python's torch, for comparison with the tool's own training.

The first line of standard input is the network as JSON: a list of layers in computing order, each with its inputs. From it a module is
written as one would by hand, one line a layer in forward(). Every further line is "LAYOUT STEPS"; the answer is wall and processor
seconds of so many steps. LAYOUT is nchw or nhwc, the order of the batch in memory.
"""
import json
import os
import sys
import time

os.environ.setdefault("GOMP_SPINCOUNT", "10000")  # as the other side sets it

import torch
import torch.nn.functional as F
from torch import nn


def layer(kind, p):
    """The torch module of a layer, or None for one without state."""
    if kind == "conv":
        return nn.Conv2d(p["in"], p["out"], p["kernel"], p["stride"], p["pad"], groups=p["groups"], bias=p["bias"])
    if kind == "batchNorm":
        return nn.BatchNorm2d(p["channels"], eps=p["epsilon"], momentum=p["momentum"])
    if kind == "linear":
        return nn.Linear(p["in"], p["out"], bias=p["bias"])
    if kind == "maxPool":
        return nn.MaxPool2d(p["kernel"], p["stride"], p["pad"], ceil_mode=p["roundUp"])
    if kind == "avgPool":
        return nn.AvgPool2d(p["kernel"], p["stride"], p["pad"], ceil_mode=p["roundUp"], count_include_pad=p["countPadding"])
    if kind == "adaptiveAvgPool":
        return nn.AdaptiveAvgPool2d((p["rows"], p["columns"]))
    if kind == "lrn":
        return nn.LocalResponseNorm(p["size"], p["alpha"], p["beta"], p["bias"])
    if kind == "dropout":
        return nn.Dropout(p["probability"])
    return None


WITHOUT_STATE = {
    "relu": "F.relu(x{0}, inplace={inPlace})",
    "elu": "F.elu(x{0})",
    "globalAvgPool": "x{0}.mean((2, 3))",
    "flatten": "torch.flatten(x{0}, 1)",
    "add": "x{0} + x{1}",
}


def module(description):
    """Writes the module's class and makes one."""
    modules, lines = {}, []
    for index, node in enumerate(description["nodes"], 1):
        kind, inputs, p = node["kind"], node["inputs"], node.get("parameters", {})
        made = layer(kind, p)
        if made is not None:
            modules[f"m{index}"] = made
            expression = f"self.m{index}(x{inputs[0]})"
        elif kind == "concat":
            expression = "torch.cat([" + ", ".join(f"x{i}" for i in inputs) + "], 1)"
        else:
            expression = WITHOUT_STATE[kind].format(*inputs, **p)
        lines.append(f"    x{index} = {expression}")
        if node["releases"]:
            lines.append("    del " + ", ".join(f"x{i}" for i in node["releases"]))
    heads = ", ".join(f"x{i}" for i in description["heads"])
    space = {"torch": torch, "F": F}
    exec("def forward(self, x0):\n" + "\n".join(lines) + f"\n    return [{heads}]\n", space)
    made = type("Net", (nn.Module,), {"forward": space["forward"]})()
    for name, child in modules.items():
        made.add_module(name, child)
    return made


def main():
    description = json.loads(sys.stdin.readline())
    torch.set_num_threads(description["threads"])
    torch.manual_seed(1)
    net = module(description)
    kernels = [p for p in net.parameters() if p.ndim > 1]
    vectors = [p for p in net.parameters() if p.ndim <= 1]
    optimiser = torch.optim.SGD(
        [{"params": kernels, "weight_decay": 5e-4}, {"params": vectors, "weight_decay": 0}], lr=1e-3, momentum=0.9, nesterov=True)
    batch, side, classes = description["batch"], description["input"], description["classes"]
    pixels = {"nchw": torch.randn(batch, 3, side, side)}
    pixels["nhwc"] = pixels["nchw"].contiguous(memory_format=torch.channels_last)
    labels = torch.randint(0, classes, (batch,))
    print(json.dumps({"torch": torch.__version__, "parameters": sum(p.numel() for p in net.parameters())}), flush=True)

    for line in sys.stdin:
        layout, steps = line.split()
        wall, processor = time.perf_counter(), time.process_time()
        for _ in range(int(steps)):
            optimiser.zero_grad()
            main_head, *side_heads = net(pixels[layout])
            loss = F.cross_entropy(main_head, labels, label_smoothing=0.05)
            for head in side_heads:
                loss = loss + 0.3 * F.cross_entropy(head, labels, label_smoothing=0.05)
            loss.backward()
            optimiser.step()
            loss.item()
        print(json.dumps({"wall": time.perf_counter() - wall, "processor": time.process_time() - processor}), flush=True)


main()
