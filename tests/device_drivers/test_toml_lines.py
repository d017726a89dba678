"""Line numbers of keys, compared with what tomllib reads."""

import tomllib

from device_drivers.evaluator.toml_lines import KeyPath, key_lines

TEXT = r'''# a comment with [brackets] and "quotes
top = 1.5
"quoted key" = 'it''s' # end
[table]
list = [
  "a", # not "b"
  [1, 2],

  { x = 1, "y" = "}]" },
]
text = """
[not.a.table]
key = 1 """
literal = \'\'\'
x = 1\'\'\'
when = 2026-11-22 10:00:00
[table.inner] # more
a.b = { c = [1.5, -2], d = "\"" }
[[many]]
z = 1
'''.replace("it''s", "it is").replace("\\'", "'")

EXPECTED: dict[KeyPath, int] = {
    (): 1,
    ("top",): 2,
    ("quoted key",): 3,
    ("table",): 4,
    ("table", "list"): 5,
    ("table", "list", 0): 6,
    ("table", "list", 1): 7,
    ("table", "list", 1, 0): 7,
    ("table", "list", 1, 1): 7,
    ("table", "list", 2): 9,
    ("table", "list", 2, "x"): 9,
    ("table", "list", 2, "y"): 9,
    ("table", "text"): 11,
    ("table", "literal"): 14,
    ("table", "when"): 16,
    ("table", "inner"): 17,
    ("table", "inner", "a"): 18,
    ("table", "inner", "a", "b"): 18,
    ("table", "inner", "a", "b", "c"): 18,
    ("table", "inner", "a", "b", "c", 0): 18,
    ("table", "inner", "a", "b", "c", 1): 18,
    ("table", "inner", "a", "b", "d"): 18,
    ("many",): 19,
    ("many", "z"): 20,
}


def test_every_key_and_list_element_has_the_line_it_stands_in() -> None:
    tomllib.loads(TEXT)  # the text is TOML at all
    assert key_lines(TEXT) == EXPECTED


def test_an_empty_file_has_one_line() -> None:
    assert key_lines("") == {(): 1}
