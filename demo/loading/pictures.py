"""Rich pictures of the demonstration, drawn here: nobody's drawing is used."""

from __future__ import annotations

import io


def drawn(kind: str) -> bytes:
    """Return an invented rich picture as PNG: the court after dark, or as it is wanted."""
    from PIL import Image, ImageDraw, ImageFont

    wide, high = 900, 600
    image = Image.new("RGB", (wide, high), "#fffdf5")
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=26)
    ink, red, green = "#22303c", "#b3003c", "#2e6b3e"

    def figure(x: int, y: int, colour: str = ink) -> None:
        pen.ellipse((x - 12, y - 50, x + 12, y - 26), outline=colour, width=4)
        pen.line((x, y - 26, x, y + 14), fill=colour, width=4)
        pen.line((x - 18, y - 10, x + 18, y - 10), fill=colour, width=4)
        pen.line((x, y + 14, x - 14, y + 44), fill=colour, width=4)
        pen.line((x, y + 14, x + 14, y + 44), fill=colour, width=4)

    def lamp(x: int, y: int) -> None:
        pen.line((x, y, x, y + 200), fill=ink, width=6)
        pen.arc((x, y - 30, x + 60, y + 30), 180, 320, fill=ink, width=6)
        pen.ellipse((x + 44, y - 12, x + 68, y + 12), outline="#c98a00", width=5)

    night = kind == "problem"
    pen.rectangle((230, 150, 560, 400), fill="#33384a" if night else "#fff3c4")
    for row in (150, 340):
        for n in range(5):
            pen.rectangle((232 + n * 66, row, 292 + n * 66, row + 60), outline=ink, width=4)
    pen.rectangle((680, 130, 850, 400), outline=ink, width=5)
    for y in (160, 240, 320):
        for x in (705, 785):
            pen.rectangle((x, y, x + 44, y + 44), outline=ink, width=3)
            pen.ellipse((x + 12, y + 16, x + 32, y + 30), fill=ink)
    hedge = 190 if night else 350
    for x in range(600, 670, 14):
        pen.arc((x - 16, hedge, x + 16, 400), 180, 360, fill=green, width=6)
    pen.rectangle((596, hedge + 40, 672, 404), fill=green)
    if night:
        lamp(90, 150)
        pen.line((50, 120, 170, 370), fill=red, width=9)
        pen.line((170, 120, 50, 370), fill=red, width=9)
        for x in (430, 480, 520, 545):
            figure(x, 280, "#ffffff")
        pen.polygon([(470, 325), (487, 285), (504, 325)], fill="#e07a1f")
        pen.arc((190, 470, 730, 590), 180, 360, fill=red, width=6)
        figure(250, 520)
        pen.text((360, 520), "we go round", fill=red, font=font)
        pen.ellipse((380, 20, 450, 90), outline=ink, width=5)
        pen.line((415, 55, 400, 78), fill=ink, width=5)
        pen.line((415, 55, 415, 30), fill=ink, width=4)
        pen.text((470, 40), "shut", fill=red, font=font)
    else:
        for x in (120, 270, 430):
            lamp(x, 120)
        for x in (340, 400):
            figure(x, 300)
        pen.ellipse((440, 310, 466, 336), outline=red, width=5)
        figure(500, 290, "#b8860b")
        figure(535, 290, "#b8860b")
        pen.rectangle((60, 430, 150, 570), outline=ink, width=5)
        pen.text((170, 490), "open till nine", fill=green, font=font)
    found = io.BytesIO()
    image.save(found, format="PNG", optimize=True)
    return found.getvalue()
