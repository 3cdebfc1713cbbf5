"""Weights and answers of other implementations for the parity tests: python3 reference.py NETWORK SEED CLASSES FOLDER.

googlenet and inception_v3 are torchvision's. xception and bn_inception, which it lacks, are written here from the published tables with the names
of timm and Cadene. Weights are random, running statistics those of random images. Auxiliary classifiers are saved too, as published files have them.
"""
import os
import sys

import numpy
import torch
import torchvision
from PIL import Image
from torch import nn
from torchvision import transforms


class Separable(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, inputs, 3, padding=1, groups=inputs, bias=False)
        self.pointwise = nn.Conv2d(inputs, outputs, 1, bias=False)

    def forward(self, x):
        return self.pointwise(self.conv1(x))


class Block(nn.Module):
    def __init__(self, inputs, widths, stride=1, relu_first=True):
        super().__init__()
        self.skip = None
        if stride > 1:
            self.skip = nn.Conv2d(inputs, widths[-1], 1, stride=stride, bias=False)
            self.skipbn = nn.BatchNorm2d(widths[-1])
        steps = []
        for width in widths:
            steps += [nn.ReLU(), Separable(inputs, width), nn.BatchNorm2d(width)]
            inputs = width
        if not relu_first:
            steps = steps[1:]
        if stride > 1:
            steps.append(nn.MaxPool2d(3, stride, 1))
        self.rep = nn.Sequential(*steps)

    def forward(self, x):
        return self.rep(x) + (x if self.skip is None else self.skipbn(self.skip(x)))


class Xception(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 3, 2, bias=False)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, bias=False)
        self.bn2 = nn.BatchNorm2d(64)
        self.block1 = Block(64, [128, 128], 2, relu_first=False)
        self.block2 = Block(128, [256, 256], 2)
        self.block3 = Block(256, [728, 728], 2)
        for number in range(4, 12):
            setattr(self, f"block{number}", Block(728, [728] * 3))
        self.block12 = Block(728, [728, 1024], 2)
        self.conv3 = Separable(1024, 1536)
        self.bn3 = nn.BatchNorm2d(1536)
        self.conv4 = Separable(1536, 2048)
        self.bn4 = nn.BatchNorm2d(2048)
        self.last_linear = nn.Linear(2048, classes)

    def forward(self, x):
        x = self.bn1(self.conv1(x)).relu()
        x = self.bn2(self.conv2(x)).relu()
        for number in range(1, 13):
            x = getattr(self, f"block{number}")(x)
        x = self.bn3(self.conv3(x)).relu()
        x = self.bn4(self.conv4(x)).relu()
        return self.last_linear(x.mean((2, 3)))


NETWORKS = {
    "googlenet": lambda classes: torchvision.models.googlenet(weights=None, init_weights=False, num_classes=classes, transform_input=True),
    "inception_v3": lambda classes: torchvision.models.inception_v3(weights=None, init_weights=False, num_classes=classes, transform_input=True),
    "xception": Xception,
}

# Shorter side, crop, mean and deviation as the published weights ask for.
IMAGENET = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
IMAGES = {
    "googlenet": (256, 224, *IMAGENET),
    "inception_v3": (342, 299, *IMAGENET),
    "xception": (333, 299, [0.5] * 3, [0.5] * 3),
}


def randomise(model, seed):
    torch.manual_seed(seed)
    with torch.no_grad():
        for name, value in model.state_dict().items():
            if value.dim() > 1:
                value.normal_(0, (2 / value[0].numel()) ** 0.5)
            elif value.dim() == 1 and name.endswith("weight"):
                value.uniform_(0.5, 1.5)
            elif name.endswith("bias"):
                value.normal_(0, 0.2)


def measure_statistics(model, images):
    """Running statistics are those of some images, slightly off, so that no layer's output is lost or explodes."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 1.0
    with torch.no_grad():
        plain(model.train(), images)
        for module in model.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.running_mean += module.running_var.sqrt() * torch.randn(module.num_features) * 0.1
                module.running_var *= torch.empty(module.num_features).uniform_(0.8, 1.25)


def photo(seed):
    """Coarse noise enlarged: colours, edges and slopes."""
    coarse = numpy.random.RandomState(seed).randint(0, 256, (12, 16, 3), numpy.uint8)
    return Image.fromarray(coarse).resize((500, 375), Image.BICUBIC)


def plain(model, images):
    """The network without torchvision's transform_input: what a graph is that takes prepared images."""
    transformed = getattr(model, "transform_input", False)
    model.transform_input = False
    answer = model(images)
    model.transform_input = transformed
    return answer


network, seed, classes, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
torch.set_num_threads(2)
model = NETWORKS[network](classes)
side, crop, mean, std = IMAGES[network]
randomise(model, seed)
images = torch.stack([transforms.functional.to_tensor(photo(seed + 1 + number).resize((crop, crop))) for number in range(8)]) * 2 - 1
measure_statistics(model, images)
model.eval()
torch.save(model.state_dict(), os.path.join(folder, "weights.pth"))

photo(seed).save(os.path.join(folder, "photo.jpg"), quality=92)
prepare = transforms.Compose([transforms.Resize(side), transforms.CenterCrop(crop), transforms.ToTensor(), transforms.Normalize(mean, std)])
with torch.no_grad():
    prepared = prepare(Image.open(os.path.join(folder, "photo.jpg")).convert("RGB"))[None]
    model(prepared).numpy().tofile(os.path.join(folder, "photo-logits.bin"))
    images[:5].numpy().tofile(os.path.join(folder, "images.bin"))
    plain(model, images[:5]).numpy().tofile(os.path.join(folder, "logits.bin"))
