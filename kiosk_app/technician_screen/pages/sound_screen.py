"""Is anything heard, how large is the screen, and does a touch arrive where the finger is?"""

from kiosk_app.technician.screen_trials import SOUND_TEST, SOUNDS
from kiosk_app.technician_screen.pages.page import TechnicianPage
from kiosk_app.technician_screen.pages.touch import touch_facts
from kiosk_app.technician_screen.state import Block, Button, Buttons, Fact, Facts, Message, Page, Words

PLAY, TOUCH = "play", "touch"
_SCREEN = ("size", "pixels", "density", "touch_devices", "platform")
"""What a screen may tell of itself, in this order: keys of `attach_screen`."""


class SoundScreenPage(TechnicianPage):
    """Of every terminal."""

    name = Page.SOUND_SCREEN

    def blocks(self) -> tuple[Block, ...]:
        """Sounds, the screen's own facts, and the touch test."""
        plays = tuple(Button(PLAY, sound, Words(f"sound_screen.play.{sound}")) for sound in SOUNDS)
        return (
            Message("info", Words("sound_screen.sounds")),
            Buttons(plays),
            self._screen(),
            *touch_facts(self.desk.touch_result),
            Buttons((Button(TOUCH, "", Words("sound_screen.touch_test"), enabled=self.desk.screen_facts is not None),)),
        )

    def act(self, action: str, value: str, /) -> Page | None:
        """Play a sound, or go to the nine targets."""
        if action == TOUCH and self.desk.screen_facts is not None:
            return Page.TOUCH
        if action == PLAY and value in SOUNDS:
            fault = self.desk.means.play_sound(value)
            self.desk.note(SOUND_TEST, value, "played" if fault is None else f"failed: {fault}")
            if fault is None:
                self.desk.say("info", "sound_screen.played")
            else:
                self.desk.say("bad", "sound_screen.silent", fault)
        return None

    def _screen(self) -> Block:
        facts = self.desk.screen_facts
        if facts is None:
            return Message("bad", Words("sound_screen.not_shown"))
        return Facts(tuple(Fact(Words(f"sound_screen.{key}"), facts[key]) for key in _SCREEN if key in facts))
