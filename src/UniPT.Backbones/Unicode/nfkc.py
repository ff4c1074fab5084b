"""Writes nfkc.txt, the normalisation data of the Unicode version that this Python knows.

Three kinds of lines, code points in hexadecimal, Hangul syllables left to arithmetic:
    c CLASS FIRST LAST       canonical combining class of a range
    d CODE MAPPED...         full compatibility decomposition
    p FIRST SECOND COMPOSED  canonical composition
"""

import sys
import unicodedata as ucd


def hexes(text):
    return " ".join(f"{ord(c):X}" for c in text)


def main():
    hangul = range(0xAC00, 0xD7A4)
    surrogates = range(0xD800, 0xE000)
    codes = [c for c in range(0x110000) if c not in hangul and c not in surrogates]
    lines, run = [], None
    for code in codes:
        combining = ucd.combining(chr(code))
        if run and run[0] == combining and run[2] == code - 1:
            run[2] = code
        elif combining:
            run = [combining, code, code]
            lines.append(run)
        else:
            run = None
    lines = [f"c {kind} {first:X} {last:X}" for kind, first, last in lines]
    for code in codes:
        mapped = ucd.normalize("NFKD", chr(code))
        if mapped != chr(code):
            lines.append(f"d {code:X} {hexes(mapped)}")
    for code in codes:
        parts = ucd.decomposition(chr(code)).split()
        if len(parts) == 2 and parts[0][0] != "<" and ucd.normalize("NFC", chr(code)) == chr(code):
            lines.append(f"p {int(parts[0], 16):X} {int(parts[1], 16):X} {code:X}")
    sys.stdout.write(f"# Unicode {ucd.unidata_version}, Unicode License V3\n" + "\n".join(lines) + "\n")


main()
