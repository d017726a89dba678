"""What the screen shows: a projection of the session, the printer and whether anything can be recorded."""

from device_drivers.printer.conditions import Condition
from kiosk_app.domain.moments import Moment
from kiosk_app.journal.journal import JournalUnavailableError
from kiosk_app.kiosk.counter import Counter
from kiosk_app.kiosk.screen_state import Message, Page, Say, ScreenState, say
from kiosk_app.kiosk.session import Session


def screen_state(session: Session, counter: Counter, now: Moment) -> ScreenState:
    """The state of this moment."""
    hall = counter.setup.hall
    page = session.top
    if counter.recorder.fault is None:
        try:
            return ScreenState(
                page=page.name,
                content=page.content(),
                hall=hall,
                can_go_back=session.can_go_back,
                done=page.done,
                notices=notices(counter) if page.name is Page.HOME else (),
                idle=session.leaving(now),
                countdown=page.countdown(),
                citizen=session.citizen,
            )
        except JournalUnavailableError:
            pass  # the recorder remembers why
    return cannot_record(hall, session.citizen)


def cannot_record(hall: str, citizen: int) -> ScreenState:
    """Nothing is promised that could not be kept."""
    words = Message(say("fault.title"), (say("fault.other"),), "warning")
    return ScreenState(Page.CANNOT_RECORD, words, hall, citizen=citizen)


def notices(counter: Counter) -> tuple[Say, ...]:
    """What the citizen should know before beginning."""
    if counter.printer is None or counter.can_print():
        return ()
    used_up = counter.printer.condition is Condition.PAPER_OUT
    return (say("notice.paper_out") if used_up else say("notice.printer_down"),)
