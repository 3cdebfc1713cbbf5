"""Makes the torch files beside it, with Debian's python3-torch 1.13: every kind of view, type and wrapper that a state dictionary has."""
import os
from collections import OrderedDict

import torch

here = os.path.dirname(os.path.abspath(__file__))


def wave(*shape):
    count = 1
    for size in shape:
        count *= size
    return (torch.arange(count, dtype=torch.float32) * 0.25 - 1).reshape(shape)


def tensors():
    shared = wave(12)
    state = OrderedDict()
    state["plain"] = wave(2, 3)
    state["half"] = wave(2, 3).half()
    state["brain"] = wave(2, 3).bfloat16()
    state["double"] = wave(2, 3).double()
    state["transposed"] = wave(3, 2).t()
    state["sliced"] = wave(4, 6)[1:3, ::2]
    state["first"] = shared[:5]
    state["second"] = shared[5:]
    state["repeated"] = wave(3).expand(2, 3)
    state["scalar"] = torch.tensor(1.5)
    state["empty"] = torch.empty(0, 4)
    state["parameter"] = torch.nn.Parameter(wave(2, 2))
    state["norm.num_batches_tracked"] = torch.tensor(7)
    return state


module = torch.nn.Sequential(OrderedDict(conv=torch.nn.Conv2d(1, 2, 1), bn=torch.nn.BatchNorm2d(2)))
with torch.no_grad():
    for number, tensor in enumerate(module.state_dict().values()):
        tensor.fill_(number)

files = {
    "views": tensors(),
    "checkpoint": {
        "epoch": 3,
        "best": 0.75,
        "arch": "é",
        "done": True,
        "shape": (1, (2, 3, 4, 5)),
        "optimizer": {"state": {0: {"step": 1}}, "param_groups": [{"lr": 0.1, "params": [0, 1]}]},
        "state_dict": {"module." + name: value for name, value in module.state_dict().items()},
    },
    "module": module.state_dict(),
}
for name, value in files.items():
    torch.save(value, os.path.join(here, name + ".pth"))
    torch.save(value, os.path.join(here, name + "-legacy.pth"), _use_new_zipfile_serialization=False)
torch.save(module, os.path.join(here, "whole-module.pth"))
