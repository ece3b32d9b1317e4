"""Pictures of many kinds, written by Pillow, and what Pillow reads from them.

    python make-pictures.py FOLDER

Writes NAME and NAME.RGB.npy, NAME.GRAY.npy, NAME.RGB_ALPHA.npy (uint8 [C, H, W], turned upright), and names.json.
"""

import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, PngImagePlugin

folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
rng = np.random.RandomState(0)
yy, xx = np.mgrid[0:24, 0:37]
rgb = np.stack([xx * 7 % 256, yy * 10 % 256, (xx + yy) * 4 % 256], -1).astype(np.uint8)
im = Image.fromarray(rgb)
alpha = Image.fromarray((xx * 6 % 256).astype(np.uint8))
rgba = im.convert("RGBA")
rgba.putalpha(alpha)
grey = im.convert("L")
noise = Image.fromarray(rng.randint(0, 256, (33, 65, 3)).astype(np.uint8))
names = []


def write(name, image, **options):
    image.save(folder / name, **options)
    names.append(name)


for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x112] = orientation
    write(f"turned{orientation}.png", im, exif=exif)
    write(f"turned{orientation}.jpg", im, exif=exif, quality=95, subsampling=0)
    write(f"turned{orientation}.webp", im, exif=exif, lossless=True)
    write(f"turned{orientation}.tif", im, exif=exif)
write("progressive.jpg", im, quality=90, progressive=True)
write("subsampled.jpg", noise, quality=80)
write("grey.jpg", grey, quality=90)
write("cmyk.jpg", im.convert("CMYK"), quality=95)
write("lossy.webp", im, quality=80)
write("alpha.webp", rgba, lossless=True)
write("palette.gif", im.convert("P", palette=Image.ADAPTIVE))
write("grey.tif", grey)

write("one-bit.png", grey.convert("1"))
write("grey.png", grey)
write("grey-alpha.png", rgba.convert("LA"))
write("colour.png", im)
write("colour-alpha.png", rgba)
write("noise.png", noise, compress_level=9)
write("stored.png", noise, compress_level=0)
write("sixteen.png", Image.fromarray((xx * 1700 + yy).astype(np.uint16)))
write("grey-clear.png", grey, transparency=40)
write("colour-clear.png", im, transparency=(0, 0, 0))
write("gamma.png", im, pnginfo=(lambda info: (info.add(b"gAMA", (45455).to_bytes(4, "big")), info)[1])(PngImagePlugin.PngInfo()))
write("text.png", im, pnginfo=(lambda info: (info.add_text("a", "b" * 5000, zip=True), info)[1])(PngImagePlugin.PngInfo()))
write("animated.png", im, save_all=True, append_images=[im.rotate(180)])
write("one-pixel.png", im.crop((0, 0, 1, 1)))
write("wide.png", Image.fromarray(np.arange(3000, dtype=np.uint8).reshape(1, 3000)))
for colours in (2, 3, 4, 5, 16, 17, 256):
    palette = im.quantize(colours)
    write(f"palette{colours}.png", palette)
    write(f"palette{colours}-clear.png", palette, transparency=bytes(range(0, min(colours, 200))))

for name in names:
    image = ImageOps.exif_transpose(Image.open(folder / name))
    if image.mode.startswith("I;16"):
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    for mode, pil in {"RGB": "RGB", "RGB_ALPHA": "RGBA"}.items():
        values = np.asarray(image.convert(pil))
        np.save(folder / f"{name}.{mode}.npy", values.transpose(2, 0, 1).copy())
(folder / "names.json").write_text(json.dumps(names))
print(f"{len(names)} pictures")
