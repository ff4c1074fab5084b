"""Writes the test pictures and, as NAME.rgb, what Pillow decodes them to (rows of RGB, upright, laid on white)."""
import subprocess
from PIL import Image, ImageOps

W, H = 25, 17
base = Image.new("RGB", (W, H))
base.putdata([((x * 10) % 256, (y * 15) % 256, ((x + y) * 6) % 256) for y in range(H) for x in range(W)])
alpha = Image.new("L", (W, H))
alpha.putdata([(x * 10) % 256 for y in range(H) for x in range(W)])
rgba = base.copy()
rgba.putalpha(alpha)


def expect(name):
    image = ImageOps.exif_transpose(Image.open(name))
    if image.mode in ("RGBA", "LA", "P", "PA"):
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, (255, 255, 255, 255)), image)
    open(name + ".rgb", "wb").write(image.convert("RGB").tobytes())


base.save("rgb.png")
base.convert("L").save("grey.png")
base.quantize(16).save("palette.png")
rgba.save("rgba.png")
Image.merge("LA", (base.convert("L"), alpha)).save("grey_alpha.png")
base.save("colour.jpg", quality=95)
base.save("full_chroma.jpg", quality=95, subsampling=0)
base.save("half_chroma.jpg", quality=95, subsampling=1)
base.convert("CMYK").save("cmyk.jpg", quality=95)
base.convert("L").save("grey.jpg", quality=95)
base.save("progressive.jpg", quality=95, progressive=True)
base.save("lossy.webp", quality=95)
base.save("lossless.webp", lossless=True)
rgba.save("alpha.webp", lossless=True)
base.save("plain.bmp")
base.quantize(16).save("animated.gif", save_all=True, append_images=[Image.new("P", (W, H), 3)])
base.save("animated.webp", save_all=True, append_images=[Image.new("RGB", (W, H))])
base.resize((1, 1)).save("pixel.jpg")
base.resize((1000, 1)).save("strip.jpg", quality=95)
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    base.save(f"orientation{orientation}.jpg", quality=95, subsampling=0, exif=exif)
subprocess.run(["ffmpeg", "-loglevel", "error", "-y", "-i", "rgb.png", "-pix_fmt", "rgb48be", "sixteen_bit.png"], check=True)
subprocess.run(["ffmpeg", "-loglevel", "error", "-y", "-i", "grey.png", "-pix_fmt", "gray16be", "grey_sixteen_bit.png"], check=True)
import glob
for name in sorted(glob.glob("*.png") + glob.glob("*.jpg") + glob.glob("*.webp") + glob.glob("*.bmp") + glob.glob("*.gif")):
    if name == "sixteen_bit.png":
        open(name + ".rgb", "wb").write(base.tobytes())
    elif name == "grey_sixteen_bit.png":
        open(name + ".rgb", "wb").write(base.convert("L").convert("RGB").tobytes())
    elif name != "animated.webp":
        expect(name)
