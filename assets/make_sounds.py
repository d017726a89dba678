"""Make the placeholder sounds with espeak-ng; run by hand, the files are kept. A hall records its own voice instead."""

import array
import math
import subprocess
import wave
from pathlib import Path

SOUNDS = Path(__file__).parent / "sounds"
RATE = 22050

PROMPTS = {
    "zh-CN": ("cmn", {"invite": "请您评价", "thanks": "谢谢"}),
    "en": ("en", {"invite": "Please rate our service", "thanks": "Thank you"}),
}


def speak(voice: str, text: str, file: Path) -> None:
    """Speak a prompt into a file, a little slower than espeak-ng's own 175 words a minute."""
    file.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["espeak-ng", "-v", voice, "-s", "145", "-w", str(file), text], check=True)


def click(file: Path) -> None:
    """The one sound of every key: 60 ms of a soft tone that dies away."""
    samples = array.array("h")
    for n in range(int(RATE * 0.06)):
        seconds = n / RATE
        rise = min(seconds / 0.003, 1.0)
        samples.append(int(9000 * rise * math.exp(-seconds * 60) * math.sin(2 * math.pi * 880 * seconds)))
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(samples.tobytes())


def main() -> None:
    """Make all of them."""
    for language, (voice, texts) in PROMPTS.items():
        for name, text in texts.items():
            speak(voice, text, SOUNDS / language / f"{name}.wav")
    click(SOUNDS / "key.wav")


if __name__ == "__main__":
    main()
