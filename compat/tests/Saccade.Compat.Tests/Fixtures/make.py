"""Makes the fixtures with Pillow: python3 make.py. Every picture but the lossy ones holds the pixels that Fixture.cs computes."""
import struct
import zlib

import numpy as np
from PIL import Image

WIDTH, HEIGHT = 29, 19
y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
rgb = np.stack([x * 8, y * 13, (x * y) % 256], -1).astype("uint8")
alpha = ((x * 9) % 256).astype("uint8")
rgba = np.dstack([rgb, alpha])
grey = ((x * 8 + y * 2) % 256).astype("uint8")
image = Image.fromarray(rgb)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(path, rows, depth, colour, interlaced=0, before=b""):
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, colour, 0, 0, interlaced)
    data = zlib.compress(b"".join(rows), 9)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + chunk(b"IDAT", data) + chunk(b"IEND", b""))


def adam7(pixels):
    for column, column_step, row, row_step in ((0, 8, 0, 8), (4, 8, 0, 8), (0, 4, 4, 8), (2, 4, 0, 4), (0, 2, 2, 4), (1, 2, 0, 2), (0, 1, 1, 2)):
        for line in pixels[row::row_step, column::column_step]:
            yield b"\0" + line.tobytes()


def packed(values, depth):
    for line in values:
        bits = "".join(format(int(value), f"0{depth}b") for value in line)
        bits += "0" * (-len(bits) % 8)
        yield b"\0" + int(bits, 2).to_bytes(len(bits) // 8, "big")


image.save("rgb.png")
Image.fromarray(rgba, "RGBA").save("rgba.png")
Image.fromarray(grey).save("grey.png")
Image.fromarray(np.dstack([grey, alpha]), "LA").save("grey-alpha.png")
png("interlaced.png", adam7(rgb), 8, 2, interlaced=1)
wide = rgb.astype(">u2") * 257 + np.where(rgb < 255, 100, 0).astype(">u2")
png("rgb16.png", (b"\0" + line.astype(">u2").tobytes() for line in wide), 16, 2, before=chunk(b"gAMA", struct.pack(">I", 100000)))
png("grey16.png", (b"\0" + (line.astype(">u2") * 257).astype(">u2").tobytes() for line in grey), 16, 0)
for depth in (1, 2, 4, 8):
    count = 1 << depth
    palette = bytes(value for i in range(count) for value in ((i * 7) % 256, (i * 11) % 256, (i * 13) % 256))
    indices = (x + y) % count
    png(f"palette{depth}.png", packed(indices, depth), depth, 3, before=chunk(b"PLTE", palette) + chunk(b"tRNS", b"\0"))
    if depth < 8:
        png(f"grey{depth}.png", packed(indices, depth), depth, 0)

image.save("lossless.webp", lossless=True)
Image.fromarray(rgba, "RGBA").save("alpha.webp", lossless=True, exact=True)
image.save("lossy.webp", quality=90)
image.save("animated.webp", save_all=True, append_images=[image.transpose(Image.FLIP_LEFT_RIGHT)], lossless=True)

image.save("rgb.jpg", quality=95, subsampling=0)
image.save("progressive.jpg", quality=95, subsampling=0, progressive=True)
Image.fromarray(grey).save("grey.jpg", quality=95)
image.convert("CMYK").save("cmyk.jpg", quality=95)

undo = [None, None, Image.FLIP_LEFT_RIGHT, Image.ROTATE_180, Image.FLIP_TOP_BOTTOM, Image.TRANSPOSE, Image.ROTATE_90, Image.TRANSVERSE, Image.ROTATE_270]
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = image if undo[orientation] is None else image.transpose(undo[orientation])
    stored.save(f"orientation{orientation}.png", exif=exif)
    stored.save(f"orientation{orientation}.jpg", exif=exif, quality=95, subsampling=0)
