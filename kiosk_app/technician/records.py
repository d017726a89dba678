"""`records`, `visits` and `verify`: what the journal holds, and whether it holds (R12)."""

from kiosk_app.domain.records import Kind, Record
from kiosk_app.journal.database import JOURNAL_FILE
from kiosk_app.journal.journal import head_known_to_delivery
from kiosk_app.journal.verification import Verdict, verify
from kiosk_app.technician.context import CommandError, Commands, Context, add_json, print_json
from kiosk_app.technician.record_words import record_words
from kiosk_app.technician.visits import last_visits

_WIDEST_KIND = max(map(len, Kind))
_GREATEST_NUMBER = 2**63 - 1
"""The greatest number that SQLite can compare with."""


def add_commands(commands: Commands) -> None:
    """Add this file's commands."""
    listing = commands.add_parser("records", help="the records, oldest first")
    listing.add_argument(
        "--kind", choices=[kind.value for kind in Kind], metavar="K", help=f"only these: {', '.join(Kind)}"
    )
    listing.add_argument("--after", type=int, default=0, metavar="SEQ", help="only greater sequences")
    add_json(listing)
    listing.set_defaults(run=_records)
    visits = commands.add_parser("visits", help="the last visits, newest first: when, which number, rated or why not")
    visits.add_argument("--last", type=int, default=20, metavar="N", help="so many; default 20")
    add_json(visits)
    visits.set_defaults(run=_visits)
    check = commands.add_parser("verify", help="is every record as it was written, and none missing?")
    add_json(check)
    check.set_defaults(run=_verify)


def _records(context: Context) -> int:
    arguments = context.arguments
    with context.reader() as reader:
        after = min(arguments.after, _GREATEST_NUMBER)
        for record in reader.all_records(kind=arguments.kind, after=after):
            if arguments.json:
                print_json(record.to_wire())
            else:
                print(_line(record))
    return 0


def _line(record: Record) -> str:
    """A record in one line, without what was pressed: a technician's screen is no place for it (R6)."""
    kind, visit_id = record.kind.ljust(_WIDEST_KIND), record.visit_id or "-"
    return f"{record.sequence:>7}  {record.occurred_at}  {kind}  {visit_id:<36}  {record_words(record)}".rstrip()


def _visits(context: Context) -> int:
    """As the technician's screen shows them: without personal data, and never how anybody rated (R6)."""
    if context.arguments.last < 1:
        raise CommandError("--last: at least 1")
    with context.reader() as reader:
        rows = [vars(visit) for visit in last_visits(reader, min(context.arguments.last, _GREATEST_NUMBER))]
    context.print_rows(rows, ("at", "opened_by", "ticket_no", "cases", "outcome"))
    return 0


def _verify(context: Context) -> int:
    if not (context.directory / JOURNAL_FILE).exists() and head_known_to_delivery(context.directory) is None:
        raise CommandError(f"{context.directory / JOURNAL_FILE}: no journal yet; it is started by kiosk-app")
    verdict = verify(context.directory)
    if context.arguments.json:
        print_json(_as_json(verdict))
    elif verdict.holds and verdict.head:
        print(f"ok: {verdict.count} records, head {verdict.head[0]} {verdict.head[1]}")
        for first, last in verdict.gaps:
            print(f"not here since a restore, which a signed record tells: sequences {first} to {last}")
    else:
        where = f"sequence {verdict.sequence}: " if verdict.sequence is not None else ""
        print(f"NOT OK: {where}{verdict.problem} ({verdict.count} records before it hold)")
    return 0 if verdict.holds else 1


def _as_json(verdict: Verdict) -> dict[str, object]:
    head = {"sequence": verdict.head[0], "hash": verdict.head[1]} if verdict.head else None
    return {
        "ok": verdict.holds,
        "count": verdict.count,
        "head": head,
        "sequence": verdict.sequence,
        "problem": verdict.problem,
        **({"gaps": [list(gap) for gap in verdict.gaps]} if verdict.gaps else {}),
    }
