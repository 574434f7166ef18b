"""Record the README's moving picture from a living explorer: ``python -m tools.record_explorer`` (needs Chromium)."""

import io
import pathlib
import shutil

import numpy as np
from PIL import Image
from playwright.sync_api import sync_playwright

from convlab.explorers import ConvExplorer

__all__ = ["record"]

FILE = pathlib.Path(__file__).parents[1] / ".github/explorer.webp"
SECONDS_A_STEP = 0.9


def record(file: pathlib.Path = FILE) -> None:
    """Step through the stamps of a transposed convolution, and write what is on the screen as WebP."""
    look = {"walk": "input", "reveal": "step", "controls": ["stride"], "view": "stamping"}
    x, w = np.array([[1, 2], [3, 4]]), np.arange(1, 10).reshape(3, 3)
    html = ConvExplorer(x, w, stride=2, transposed=True, caption="Each input stamps the kernel.", **look).to_html()
    frames = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = chromium.new_page(viewport={"width": 760, "height": 420})
        page.set_content(html)
        explorer = page.locator("section.convlab")
        for step in range(x.size):
            if step:
                explorer.get_by_label("Step forward").click()
            frames.append(Image.open(io.BytesIO(explorer.screenshot())).convert("RGB"))
        chromium.close()
    width, height = (max(sizes) for sizes in zip(*(frame.size for frame in frames)))
    sheets = [Image.new("RGB", (width, height), "white") for _ in frames]
    for sheet, frame in zip(sheets, frames):
        sheet.paste(frame)
    lasting = [int(1000 * SECONDS_A_STEP)] * (len(sheets) - 1) + [int(2500 * SECONDS_A_STEP)]
    sheets[0].save(file, save_all=True, append_images=sheets[1:], duration=lasting, loop=0, quality=80, method=6)


if __name__ == "__main__":
    record()
    print(f"{FILE}: {FILE.stat().st_size:,} bytes")
