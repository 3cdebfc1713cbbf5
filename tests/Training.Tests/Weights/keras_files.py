"""Keras's Inception-v3 and Xception in every form in which Keras writes weights: python3 keras_files.py NETWORK FOLDER.

Neither Keras nor TensorFlow is needed. The graphs are written here layer by layer as keras.applications builds them, the order of layers
is found as Keras finds it, and torch computes what the model answers. Weights are random. Written are

  published.h5       weights as Keras 2 saves them, numbered from 1 as in the published files; notop.h5 is the same without dense layers
  model.h5           a whole model of Keras 2, numbered from 95 as after another model in one session
  plain.weights.h5   weights of Keras 3
  model.keras        an archive of Keras 3
  nested.keras       another head, behind the application as one layer: the grid laid flat, a hidden layer, batch normalisation
  nested.h5          the same as a whole model of Keras 2
  tfjs/model.json    a layers model of TensorFlow.js

and expected.pth with every tensor in torch's order of axes by kind and number, images.bin, logits.bin and nested-logits.bin.
"""
import json
import os
import sys
import zipfile

import h5py
import numpy
import torch
from torch.nn import functional

CLASSES = 5
INPUT = 299

# How Keras lists Inception-v3's convolutions, by the numbers of their making: facts of a published model.summary().
INCEPTION_ORDER = [
    0, 1, 2, 3, 4, 8, 6, 9, 5, 7, 10, 11, 15, 13, 16, 12, 14, 17, 18, 22, 20, 23, 19, 21, 24, 25, 27, 28, 26, 29, 34, 35, 31, 36, 32, 37,
    30, 33, 38, 39, 44, 45, 41, 46, 42, 47, 40, 43, 48, 49, 54, 55, 51, 56, 52, 57, 50, 53, 58, 59, 64, 65, 61, 66, 62, 67, 60, 63, 68, 69,
    72, 73, 70, 74, 71, 75, 80, 77, 81, 78, 79, 82, 83, 76, 84, 89, 86, 90, 87, 88, 91, 92, 85, 93]


class Layer:
    def __init__(self, kind, inputs, config, number, name, weights):
        self.kind, self.inputs, self.config, self.number, self.own_name, self.weights = kind, inputs, config, number, name, weights

    def name(self, first):
        if self.own_name:
            return self.own_name
        stem = {"Conv2D": "conv2d", "BatchNormalization": "batch_normalization", "Dense": "dense"}.get(self.kind, self.kind.lower())
        number = self.number + first
        return f"{stem}_{number}" if number else stem


class Model:
    """Layers in the order of their making."""

    def __init__(self):
        self.made = []
        self.input = self.add("InputLayer", [], {"batch_input_shape": [None, INPUT, INPUT, 3]}, name="input_1")
        self.channels = {self.input: 3}

    def add(self, kind, inputs, config, name=None, weights=None):
        layer = Layer(kind, inputs, config, sum(other.kind == kind for other in self.made), name, weights or {})
        self.made.append(layer)
        return layer

    def conv(self, x, filters, rows, columns, strides=1, padding="same", name=None):
        inside = self.channels[x]
        kernel = normal((rows, columns, inside, filters), rows * columns * inside)
        layer = self.add("Conv2D", [x], {"filters": filters, "kernel_size": [rows, columns], "strides": [strides, strides], "padding": padding,
                                         "use_bias": False, "activation": "linear", "data_format": "channels_last"}, name, {"kernel": kernel})
        self.channels[layer] = filters
        return layer

    def separable(self, x, filters, name):
        inside = self.channels[x]
        layer = self.add("SeparableConv2D", [x], {"filters": filters, "kernel_size": [3, 3], "strides": [1, 1], "padding": "same",
                                                  "depth_multiplier": 1, "use_bias": False}, name,
                         {"depthwise_kernel": normal((3, 3, inside, 1), 9), "pointwise_kernel": normal((1, 1, inside, filters), 4 * inside)})
        self.channels[layer] = filters
        return layer

    def norm(self, x, scale, name=None):
        count = self.channels[x]
        weights = {"gamma": uniform(count, 0.5, 1.5)} if scale else {}
        weights.update(beta=uniform(count, -0.3, 0.3), moving_mean=uniform(count, -0.3, 0.3), moving_variance=uniform(count, 0.5, 1.5))
        layer = self.add("BatchNormalization", [x], {"axis": [3], "epsilon": 0.001, "scale": scale, "center": True}, name, weights)
        self.channels[layer] = count
        return layer

    def dense(self, x, inside, units, activation, name=None):
        weights = {"kernel": normal((inside, units), inside), "bias": uniform(units, -0.5, 0.5)}
        return self.add("Dense", [x], {"units": units, "activation": activation, "use_bias": True}, name, weights)

    def simple(self, kind, inputs, name=None, **config):
        layer = self.add(kind, inputs, config, name)
        self.channels[layer] = sum(self.channels[x] for x in inputs) if kind == "Concatenate" else self.channels[inputs[0]]
        return layer

    def relu(self, x, name=None):
        return self.simple("Activation", [x], name, activation="relu")

    def pool(self, kind, x, strides, padding, name=None):
        return self.simple(kind, [x], name, pool_size=[3, 3], strides=[strides, strides], padding=padding)


def normal(shape, fan):
    return (random.standard_normal(shape) * (2 / fan) ** 0.5).astype("f4")


def uniform(count, low, high):
    return random.uniform(low, high, count).astype("f4")


def inception(m):
    def cbr(x, filters, rows, columns, strides=1, padding="same"):
        return m.relu(m.norm(m.conv(x, filters, rows, columns, strides, padding), scale=False))

    def branch_pool(x, filters):
        return cbr(m.pool("AveragePooling2D", x, 1, "same"), filters, 1, 1)

    x = cbr(m.input, 32, 3, 3, 2, "valid")
    x = cbr(x, 32, 3, 3, 1, "valid")
    x = cbr(x, 64, 3, 3)
    x = m.pool("MaxPooling2D", x, 2, "valid")
    x = cbr(x, 80, 1, 1, 1, "valid")
    x = cbr(x, 192, 3, 3, 1, "valid")
    x = m.pool("MaxPooling2D", x, 2, "valid")
    for filters in (32, 64, 64):
        one = cbr(x, 64, 1, 1)
        five = cbr(cbr(x, 48, 1, 1), 64, 5, 5)
        three = cbr(cbr(cbr(x, 64, 1, 1), 96, 3, 3), 96, 3, 3)
        x = m.simple("Concatenate", [one, five, three, branch_pool(x, filters)], axis=3)
    three = cbr(x, 384, 3, 3, 2, "valid")
    double = cbr(cbr(cbr(x, 64, 1, 1), 96, 3, 3), 96, 3, 3, 2, "valid")
    x = m.simple("Concatenate", [three, double, m.pool("MaxPooling2D", x, 2, "valid")], axis=3)
    for width in (128, 160, 160, 192):
        one = cbr(x, 192, 1, 1)
        seven = cbr(cbr(cbr(x, width, 1, 1), width, 1, 7), 192, 7, 1)
        double = cbr(cbr(cbr(cbr(cbr(x, width, 1, 1), width, 7, 1), width, 1, 7), width, 7, 1), 192, 1, 7)
        x = m.simple("Concatenate", [one, seven, double, branch_pool(x, 192)], axis=3)
    three = cbr(cbr(x, 192, 1, 1), 320, 3, 3, 2, "valid")
    seven = cbr(cbr(cbr(cbr(x, 192, 1, 1), 192, 1, 7), 192, 7, 1), 192, 3, 3, 2, "valid")
    x = m.simple("Concatenate", [three, seven, m.pool("MaxPooling2D", x, 2, "valid")], axis=3)
    for _ in range(2):
        one = cbr(x, 320, 1, 1)
        three = cbr(x, 384, 1, 1)
        three = m.simple("Concatenate", [cbr(three, 384, 1, 3), cbr(three, 384, 3, 1)], axis=3)
        double = cbr(cbr(x, 448, 1, 1), 384, 3, 3)
        double = m.simple("Concatenate", [cbr(double, 384, 1, 3), cbr(double, 384, 3, 1)], axis=3)
        x = m.simple("Concatenate", [one, three, double, branch_pool(x, 192)], axis=3)
    return x


def xception(m):
    def conv(x, filters, strides, name):
        x = m.norm(m.conv(x, filters, 3, 3, strides, "valid", name), True, f"{name}_bn")
        return m.relu(x, f"{name}_act")

    def sep(x, filters, name, relu_before=False):
        if relu_before:
            x = m.relu(x, f"{name}_act")
        return m.norm(m.separable(x, filters, name), True, f"{name}_bn")

    def halving(x, block, widths):
        residual = m.norm(m.conv(x, widths[1], 1, 1, 2), True)
        x = sep(x, widths[0], f"block{block}_sepconv1", relu_before=block > 2)
        x = sep(x, widths[1], f"block{block}_sepconv2", relu_before=True)
        return m.simple("Add", [m.pool("MaxPooling2D", x, 2, "same", f"block{block}_pool"), residual])

    x = conv(conv(m.input, 32, 2, "block1_conv1"), 64, 1, "block1_conv2")
    for block, width in (2, 128), (3, 256), (4, 728):
        x = halving(x, block, (width, width))
    for block in range(5, 13):
        residual = x
        for number in 1, 2, 3:
            x = sep(x, 728, f"block{block}_sepconv{number}", relu_before=True)
        x = m.simple("Add", [x, residual])
    x = halving(x, 13, (728, 1024))
    for number, width in (1, 1536), (2, 2048):
        x = m.relu(sep(x, width, f"block14_sepconv{number}"), f"block14_sepconv{number}_act")
    return x


def in_order(end):
    """The layers as Keras lists them: the farthest from the end first, then as a search from the end meets them."""
    met, finished = {}, []

    def visit(layer):
        if layer in met:
            return
        met[layer] = len(met)
        for x in layer.inputs:
            visit(x)
        finished.append(layer)

    visit(end)
    depth = {}
    for layer in reversed(finished):
        depth.setdefault(layer, 0)
        for x in layer.inputs:
            depth[x] = max(depth.get(x, 0), depth[layer] + 1)
    return sorted(finished, key=lambda layer: (-depth[layer], met[layer]))


def same(x, kernel, strides, value=0.0):
    sizes = []
    for size, k in zip(reversed(x.shape[2:]), reversed(kernel)):
        lacking = max(((size + strides - 1) // strides - 1) * strides + k - size, 0)
        sizes += [lacking // 2, lacking - lacking // 2]
    return functional.pad(x, sizes, value=value)


def run(order, images):
    """What torch makes of it, without the last softmax."""
    values = {}
    for layer in order:
        x = [values[other] for other in layer.inputs]
        config, weights = layer.config, {part: torch.from_numpy(value) for part, value in layer.weights.items()}
        if layer.kind == "InputLayer":
            y = images
        elif layer.kind == "Conv2D":
            y = same(x[0], config["kernel_size"], config["strides"][0]) if config["padding"] == "same" else x[0]
            y = functional.conv2d(y, weights["kernel"].permute(3, 2, 0, 1).contiguous(), stride=config["strides"][0])
        elif layer.kind == "SeparableConv2D":
            y = functional.conv2d(x[0], weights["depthwise_kernel"].permute(2, 3, 0, 1).contiguous(), padding=1, groups=x[0].shape[1])
            y = functional.conv2d(y, weights["pointwise_kernel"].permute(3, 2, 0, 1).contiguous())
        elif layer.kind == "BatchNormalization":
            y = functional.batch_norm(x[0], weights["moving_mean"], weights["moving_variance"], weights.get("gamma"), weights["beta"], eps=config["epsilon"])
        elif layer.kind == "Activation":
            y = x[0].relu()
        elif layer.kind == "MaxPooling2D":
            y = same(x[0], [3, 3], config["strides"][0], -1e30) if config["padding"] == "same" else x[0]
            y = functional.max_pool2d(y, 3, config["strides"][0])
        elif layer.kind == "AveragePooling2D":
            y = functional.avg_pool2d(x[0], 3, 1, padding=1, count_include_pad=False)
        elif layer.kind == "Concatenate":
            y = torch.cat(x, 1)
        elif layer.kind == "Add":
            y = x[0] + x[1]
        elif layer.kind == "GlobalAveragePooling2D":
            y = x[0].mean((2, 3))
        elif layer.kind == "Flatten":
            y = x[0].permute(0, 2, 3, 1).flatten(1)
        elif layer.kind == "Dropout":
            y = x[0]
        else:
            y = x[0] @ weights["kernel"] + weights["bias"]
            y = y.relu() if config["activation"] == "relu" else y
        values[layer] = y
    return values[order[-1]]


def described(order, first, keras3):
    """Keras's description of a list of layers."""
    layers = []
    for layer in order:
        config = dict(layer.config, name=layer.name(first))
        if keras3 and "batch_input_shape" in config:
            config["batch_shape"] = config.pop("batch_input_shape")
        nodes = [[[x.name(first), 0, 0, {}] for x in layer.inputs]] if layer.inputs else []
        if keras3 and nodes:
            tensors = [{"class_name": "__keras_tensor__", "config": {"shape": None, "keras_history": [x.name(first), 0, 0]}} for x in layer.inputs]
            nodes = [{"args": [tensors if len(tensors) > 1 else tensors[0]], "kwargs": {}}]
        layers.append({"module": "keras.layers", "class_name": layer.kind, "config": config, "name": config["name"], "inbound_nodes": nodes})
    ends = [order[0].name(first), 0, 0], [order[-1].name(first), 0, 0]
    config = {"name": network, "layers": layers, "input_layers": [ends[0]], "output_layers": [ends[1]]}
    return {"module": "keras.src.models.functional", "class_name": "Functional", "config": config, "name": network, "inbound_nodes": []}


def in_a_row(layers):
    for layer in layers:
        layer.pop("inbound_nodes", None)
        layer.pop("name", None)
    return {"class_name": "Sequential", "config": {"name": "sequential", "layers": layers}}


def names(values):
    return numpy.array([value.encode() for value in values], dtype=f"S{max([1, *map(len, values)])}")


def save_keras2(group, layers, first, inner=None):
    """A group for each layer; an application inside another model is one layer, trainable weights first."""
    group.attrs["backend"] = b"tensorflow"
    group.attrs["keras_version"] = b"2.2.4"
    kept = [(layer.name(first), [(layer, part) for part in layer.weights]) for layer in layers]
    if inner:
        parts = [(layer, part) for layer in inner for part in layer.weights]
        kept.insert(0, (network, sorted(parts, key=lambda one: one[1].startswith("moving"))))
    listed = names([name for name, _ in kept])
    if len(kept) > 200:
        half = len(kept) // 2
        group.attrs["layer_names0"], group.attrs["layer_names1"] = listed[:half], listed[half:]
    else:
        group.attrs["layer_names"] = listed
    for name, parts in kept:
        own = group.create_group(name)
        own.attrs["weight_names"] = names([f"{layer.name(first)}/{part}:0" for layer, part in parts])
        for layer, part in parts:
            own.create_dataset(f"{layer.name(first)}/{part}:0", data=layer.weights[part])


def save_keras3(group, layers, inner=None):
    """layers/<class>_<number>/vars/<index>."""
    counts = {}
    if inner:
        save_keras3(group.create_group("layers/functional"), inner)
    for layer in layers:
        folder = {"SeparableConv2D": "separable_conv2d", "BatchNormalization": "batch_normalization"}.get(layer.kind, layer.kind.lower())
        number = counts[folder] = counts.get(folder, -1) + 1
        own = group.create_group(f"layers/{folder}_{number}" if number else f"layers/{folder}")
        variables = own.create_group("vars")
        for index, value in enumerate(layer.weights.values()):
            variables.create_dataset(str(index), data=value)
        if layer.kind == "Dropout":
            own.create_dataset("seed_generator/vars/0", data=numpy.zeros(2, "u4"))


def save_archive(path, config, layers, inner=None):
    with h5py.File(f"{path}.weights", "w") as file:
        save_keras3(file, layers, inner)
        file.create_dataset("optimizer/vars/0", data=numpy.zeros(3, "f4"))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": "3.3.3"}))
        archive.writestr("config.json", json.dumps(config))
        archive.write(f"{path}.weights", "model.weights.h5")
    os.remove(f"{path}.weights")


def save_tfjs(path, layers, first):
    os.makedirs(path)
    manifest = [{"name": f"{layer.name(first)}/{part}", "shape": value.shape, "dtype": "float32"} for layer in layers for part, value in layer.weights.items()]
    manifest.sort(key=lambda weight: weight["name"])
    by_name = {f"{layer.name(first)}/{part}": value for layer in layers for part, value in layer.weights.items()}
    content = b"".join(by_name[weight["name"]].tobytes() for weight in manifest)
    for number, part in enumerate((content[:len(content) // 3], content[len(content) // 3:])):
        with open(os.path.join(path, f"shard{number}"), "wb") as shard:
            shard.write(part)
    with open(os.path.join(path, "model.json"), "w") as file:
        json.dump({"modelTopology": {"model_config": described(layers, first, keras3=False)},
                   "weightsManifest": [{"paths": ["shard0", "shard1"], "weights": manifest}]}, file)


network, folder = sys.argv[1], sys.argv[2]
random = numpy.random.default_rng(11)
torch.set_num_threads(2)
model = Model()
body = {"inception_v3": inception, "xception": xception}[network](model)
base = in_order(body)
if network == "inception_v3":
    assert [layer.number for layer in base if layer.kind == "Conv2D"] == INCEPTION_ORDER

# A classifier with a hidden layer as most have it, and one with everything that a head may have.
hidden = model.dense(model.simple("GlobalAveragePooling2D", [body], "avg_pool"), 2048, 8, "relu")
plain = in_order(model.dense(model.add("Dropout", [hidden], {"rate": 0.2}), 8, CLASSES, "softmax"))
side = 8 if network == "inception_v3" else 10
flat = model.dense(model.add("Flatten", [body], {}), side * side * 2048, 8, "relu")
model.channels[flat] = 8
head = [flat.inputs[0], flat, model.norm(flat, scale=True)]
head.append(model.dense(head[-1], 8, CLASSES, "softmax"))

path = lambda name: os.path.join(folder, name)
with h5py.File(path("published.h5"), "w") as file:
    save_keras2(file, plain, 1)
with h5py.File(path("notop.h5"), "w") as file:
    save_keras2(file, base, 1)
with h5py.File(path("model.h5"), "w") as file:
    file.attrs["model_config"] = json.dumps(described(plain, 95, keras3=False)).encode()
    save_keras2(file.create_group("model_weights"), plain, 95)
with h5py.File(path("nested.h5"), "w") as file:
    file.attrs["model_config"] = json.dumps(in_a_row([described(base, 3, False), *described(head, 3, False)["config"]["layers"]]))
    save_keras2(file.create_group("model_weights"), head, 3, inner=base)
with h5py.File(path("plain.weights.h5"), "w") as file:
    save_keras3(file, plain)
save_archive(path("model.keras"), described(plain, 7, keras3=True), plain)
save_archive(path("nested.keras"), in_a_row([described(base, 0, True), *described(head, 0, True)["config"]["layers"]]), head, base)
save_tfjs(path("tfjs"), plain, 0)

expected = {}
for layer in model.made:
    for part, value in layer.weights.items():
        axes = {4: (2, 3, 0, 1) if part == "depthwise_kernel" else (3, 2, 0, 1)}.get(value.ndim)
        expected[f"{layer.kind}.{layer.number}.{part}"] = torch.from_numpy(value if axes is None else numpy.ascontiguousarray(value.transpose(axes)))
torch.save(expected, path("expected.pth"))
images = torch.from_numpy(random.uniform(-1, 1, (2, 3, 23, 23)).astype("f4"))
images = functional.interpolate(images, (INPUT, INPUT), mode="bicubic")
images.numpy().tofile(path("images.bin"))
with torch.no_grad():
    run(plain, images).numpy().tofile(path("logits.bin"))
    run(base + head, images).numpy().tofile(path("nested-logits.bin"))
