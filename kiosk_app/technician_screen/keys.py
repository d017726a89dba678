"""Every key of `assets/translations/technician` that the core uses, by page; each language must have each.

The titles of the pages (`<page>.title`), the words of the areas (`area.<area>`) and of the problems
(`problem.<code>`, `problem.<code>.action`) come on top. Placeholders stand behind a key.
"""

SIGN_IN = (
    "sign_in.wrong",  # the PIN is wrong
    "sign_in.wait",  # too many wrong tries; the seconds are the state's
    "sign_in.no_pin",  # nobody has a PIN yet; the detail is the command that sets one
    "sign_in.unreadable",  # the PINs cannot be read; the detail says why
)
OVERVIEW = (
    "overview.all_well",
    "overview.problems",  # {n}
    "overview.warnings",  # {n}
    "overview.areas",  # title of the list
    "overview.ok",  # an area of which health has nothing to say
    "overview.look_again",
)
BINDING = (
    "binding.here",  # label: who sits here
    "binding.window",
    "binding.nobody",
    "binding.since",
    "binding.by",
    "binding.person.here",
    "binding.person.elsewhere",  # {window}
    "binding.initial",  # title of the letters
    "binding.initial.all",
    "binding.reason",  # title of the reasons
    "binding.reason.on_duty",
    "binding.reason.shift",
    "binding.reason.cover",
    "binding.reason.off_duty",
    "binding.reason.correction",
    "binding.reason.other",
    "binding.bind",  # button; {name}
    "binding.unbind",  # button
    "binding.confirm_move",  # {name} {window}
    "binding.confirm_unbind",  # {name}
    "binding.bound",  # {name}
    "binding.unbound",  # {name}
    "binding.already",  # {name}
    "binding.changed_meanwhile",  # somebody else changed it; look again
    "binding.no_staff",  # the staff list is empty
    "binding.history",  # title
    "binding.history.who",
    "binding.history.from",
    "binding.history.until",
    "binding.history.until_now",
    "binding.history.by",
    "binding.history.reason",
)
EVALUATOR = (
    "evaluator.connection",
    "evaluator.connected",
    "evaluator.lost",
    "evaluator.port",
    "evaluator.port.auto",
    "evaluator.protocol",
    "evaluator.confirmed",
    "evaluator.confirmed.yes",
    "evaluator.confirmed.no",
    "evaluator.frames",
    "evaluator.bad",
    "evaluator.noise",
    "evaluator.test",  # button
    "evaluator.test.stop",  # button
    "evaluator.test.ask",  # press this key; {level} is worded by the view
    "evaluator.test.is_no_rating",
    "evaluator.test.passed",
    "evaluator.test.wrong",  # the protocol does not fit
    "evaluator.learn",  # button
    "evaluator.none",  # terminal.toml has no section [evaluator]; one can be learned
    "evaluator.use_port",  # confirm; {port}
)
LEARN = (
    "learn.explain",
    "learn.port",  # title of the ports
    "learn.start",
    "learn.stop",
    "learn.listening",
    "learn.ask",  # {press}
    "learn.ask.proof",
    "learn.trouble.unplugged",  # what is in the way; the detail says it in the learner's words
    "learn.trouble.unanswered",
    "learn.trouble.garbled",
    "learn.trouble.noise",
    "learn.trouble.other_key",
    "learn.trouble.odd",
    "learn.trouble.unclear",
    "learn.trouble.misread",
    "learn.trouble.unread",
    "learn.notes",
    "learn.note.listening",  # one for each code of the learner's notes
    "learn.note.rivals",  # {kind}, {rivals}
    "learn.note.holes",
    "learn.note.unknown_checksum",  # {quiet}
    "learn.note.no_checksum",  # {quiet}
    "learn.note.counter",  # {bytes}
    "learn.note.constants",
    "learn.note.missed",  # {levels}
    "learn.note.talk",  # {quiet}
    "learn.note.repeats",  # {times}, {apart}
    "learn.note.repeats_count",
    "learn.note.no_key",  # {count}
    "learn.note.noise",  # {count}
    "learn.result",  # {file}
    "learn.use",
    "learn.again",
    "learn.used",  # {protocol}; the app is started again
    "learn.stopped",
    "learn.failed",  # why is not known by a code; the detail says it
    "learn.failed.no_key",  # {times}
    "learn.failed.not_alike",  # {level}
    "learn.failed.never_right",  # {level}, {times}
    "learn.failed.nothing_fits",  # {presses}
    "learn.failed.no_line",
    "learn.failed.damaged_line",
    "learn.failed.no_port",
    "learn.failed.unproved",  # {level}
    "learn.failed.unwritable",  # {directory}
    "learn.failed.missing",  # {levels}
    "learn.failed.once",  # {levels}
    "learn.failed.silence",
    "learn.failed.silent_keys",  # {levels}
    "learn.failed.changing",  # {levels}
    "learn.failed.crowded",
    "learn.failed.alike",  # {levels}
    "learn.failed.sizes",
    "learn.failed.undescribed",
    "learn.heard",  # title
)
PRINTER = (
    "printer.condition",
    "printer.condition.ready",
    "printer.condition.near_end",
    "printer.condition.paper_out",
    "printer.condition.cover_open",
    "printer.condition.cutter_error",
    "printer.condition.error",
    "printer.condition.offline",
    "printer.condition.disconnected",
    "printer.condition.unknown",
    "printer.port",
    "printer.width",
    "printer.width.value",  # {n}
    "printer.use_port",  # confirm; {port}
    "printer.test",
    "printer.test.look",  # what to look at on the slip
    "printer.test.confirmed",
    "printer.test.unconfirmed",
    "printer.test.failed",
    "printer.test.stopped",
)
NETWORK = (
    "network.address",
    "network.own_addresses",
    "network.waiting",
    "network.oldest",
    "network.refused",
    "network.confirmed",  # up to which record
    "network.last_contact",
    "network.last_error",
    "network.last_pull",
    "network.clock_offset",
    "network.clock_offset.value",  # {seconds}
    "network.clock_offset.unknown",
    "network.held_until",
    "network.not_accepted",  # 401, 403
    "network.never",
    "network.nothing_refused",
    "network.refused_records",  # title
    "network.record",
    "network.kind",
    "network.attempts",
    "network.reason",
    "network.resend",  # confirm; {sequence}
    "network.resend_all",
    "network.confirm_resend_all",  # {n}
    "network.due_now",
    "network.not_resendable",
    "network.unreadable",
)
RECORDS = (
    "records.count",
    "records.head",
    "records.none",
    "records.last_visits",  # title
    "records.time",
    "records.ticket",
    "records.cases",
    "records.outcome",
    "records.outcome.serving",
    "records.outcome.invited",
    "records.outcome.rated",
    "records.outcome.missed.timeout",
    "records.outcome.missed.declined",
    "records.outcome.missed.not_invited",
    "records.outcome.missed.interrupted",
    "records.outcome.missed.abandoned",
    "records.opened_by",
    "records.opened_by.window_api",
    "records.opened_by.staff_page",
    "records.opened_by.queue_call",
    "records.opened_by.kiosk",
    "records.opened_by.code",  # rated later, by code
    "records.verify",
    "records.verify.holds",  # {n}
    "records.verify.broken",  # {sequence}
    "records.unreadable",
)
SOUND_SCREEN = (
    "sound_screen.sounds",
    "sound_screen.play.invite",
    "sound_screen.play.thanks",
    "sound_screen.play.key",
    "sound_screen.played",
    "sound_screen.silent",
    "sound_screen.size",
    "sound_screen.pixels",
    "sound_screen.density",
    "sound_screen.touch_devices",
    "sound_screen.platform",
    "sound_screen.not_shown",
    "sound_screen.touch_test",
    "sound_screen.touch.last",
    "sound_screen.touch.never",
    "sound_screen.touch.mean",
    "sound_screen.touch.worst",
    "sound_screen.touch.mm",  # {mm}
    "sound_screen.touch.good",
    "sound_screen.touch.fair",
    "sound_screen.touch.bad",
)
TOUCH = (
    "touch.explain",
    "touch.again",
)
EXPORT = (
    "export.place",  # title of the places
    "export.place.none",
    "export.waiting",  # button: what is not confirmed yet
    "export.everything",  # button
    "export.backup",  # button
    "export.exported",  # {n}
    "export.not_whole",  # {n} records; something could not be read, or it is not signed
    "export.backed_up",
    "export.same_disk",  # the copy lies on the same disk as the storage
    "export.failed",
    "export.last_backup",
    "export.backup_failing",
    "export.backup_none",
)
ABOUT = (
    "about.version",
    "about.device",
    "about.hall",
    "about.profile",
    "about.public_key",
    "about.public_key.none",
    "about.licence",
    "about.storage",
    "about.configuration",
    "about.python",
    "about.sqlite",
    "about.qt",
    "about.system",
)
COMMON = (
    "common.stop",
    "common.failed",  # something failed; the detail says how
    "common.not_lent",  # the device cannot be had now; the detail says why
    "common.cannot_record",
    "common.ports",  # title of the ports to choose from
    "common.port",
    "common.port.what",
    "common.port.used",  # {port}; the app is started again
)

KEYS = frozenset((
    *SIGN_IN, *OVERVIEW, *BINDING, *EVALUATOR, *LEARN, *PRINTER, *NETWORK, *RECORDS, *SOUND_SCREEN, *TOUCH, *EXPORT,
    *ABOUT, *COMMON,
))  # fmt: skip
"""All of them."""
