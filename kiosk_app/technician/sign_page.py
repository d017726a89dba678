"""The static sign as one HTML page that needs nothing else: for halls that print from a browser (R20)."""

from html import escape

from kiosk_app.technician.sign_picture import (
    ACCENT,
    INK,
    PANEL,
    PANEL_TEXT,
    SOFT_INK,
    SOFT_PANEL_TEXT,
    TINT,
    SignText,
    Words,
)
from kiosk_app.terminal.qr import qr_url

STYLE = f"""
@page {{ size: A4 portrait; margin: 0 }}
* {{ box-sizing: border-box; margin: 0; print-color-adjust: exact; -webkit-print-color-adjust: exact }}
body {{ width: 210mm; height: 297mm; margin: 0 auto; display: flex; flex-direction: column; color: {INK};
  font-family: "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", sans-serif; text-align: center }}
p[lang=en] {{ color: {SOFT_INK} }}
header {{ background: {PANEL}; color: {PANEL_TEXT}; height: 60mm; padding: 6mm 16mm; text-align: left }}
header .hall {{ font-size: 9mm; color: {SOFT_PANEL_TEXT}; height: 14mm; white-space: nowrap; overflow: hidden }}
header div {{ display: flex; align-items: flex-end; gap: 4mm }}
header .number {{ font-size: 39mm; line-height: 33mm; font-weight: bold }}
header .window {{ font-size: 12mm; line-height: 13mm; font-weight: bold }}
header .window span {{ display: block; font-size: 10mm; font-weight: normal; color: {SOFT_PANEL_TEXT} }}
header .department {{ margin-left: auto; font-size: 9mm }}
h1 {{ font-size: 26mm; line-height: 34mm; margin-top: 4mm }}
h1 + p {{ font-size: 9.5mm; line-height: 13mm; margin-bottom: 3mm }}
main {{ align-self: center; width: 102mm; background: {ACCENT}; color: {PANEL_TEXT}; border-radius: 6mm;
  padding: 2mm 2mm 3mm }}
main img {{ display: block; width: 98mm; height: 98mm; background: #fff; border-radius: 4mm }}
main p {{ font-size: 7.2mm; line-height: 9mm; font-weight: bold; margin-top: 1mm }}
main p[lang=en] {{ font-size: 4mm; line-height: 5mm; font-weight: normal; color: {SOFT_PANEL_TEXT}; margin: 0 }}
section {{ margin: 4mm 16mm 0; padding: 2mm 6mm; border-radius: 4mm; background: {TINT}; text-align: left;
  font-size: 5.6mm; line-height: 1.4 }}
section p[lang=en] {{ font-size: 4mm; margin-top: 1mm }}
footer {{ margin-top: auto; height: 26mm; padding-top: 3mm; background: {PANEL}; color: {PANEL_TEXT};
  font-size: 9.2mm; line-height: 12mm; font-weight: bold }}
footer p[lang=en] {{ font-size: 5mm; line-height: 8mm; font-weight: normal; color: {SOFT_PANEL_TEXT} }}
"""


def sign_page(text: SignText) -> str:
    """The page; A4 upright when it is printed."""
    return "\n".join((
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">',
        f"<title>{escape(text.hall)} {escape(text.number)}</title><style>{STYLE}</style></head><body>",
        f'<header><p class="hall">{escape(text.hall)}</p><div><p class="number">{escape(text.number)}</p>',
        f'<p class="window">{escape(text.window.chinese)}<span lang="en">{escape(text.window.english)}</span></p>',
        f'<p class="department">{escape(text.department)}</p></div></header>',
        f'<h1>{escape(text.title.chinese)}</h1><p lang="en">{escape(text.title.english)}</p>',
        f'<main><img src="{qr_url(text.url)}" alt="{escape(text.url)}">{_both(text.scan)}</main>',
        f"<section>{_both(text.code)}</section>" if text.code else "",
        f"<footer>{_both(text.voluntary)}</footer></body></html>\n",
    ))  # fmt: skip


def _both(words: Words) -> str:
    return f'<p>{escape(words.chinese)}</p><p lang="en">{escape(words.english)}</p>'
