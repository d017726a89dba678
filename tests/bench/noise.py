"""How many false presses random bytes make, for each built-in evaluator protocol."""

from tests.device_drivers.false_press_rate import false_presses
from tests.device_drivers.protocols import ascii_keys, jt905, shared_bus


def run(count: int) -> None:
    """Print the rates; a template is measured with invented codes."""
    for name, protocol in (("shared-bus-68", shared_bus()), ("jt905", jt905()), ("ascii-keys", ascii_keys())):
        in_a_row = false_presses(protocol, count, seed=1)
        alone = false_presses(protocol, count, seed=2, alone=True)
        print(
            f"false presses in {count} random bytes, {name}: {in_a_row} in a row, "
            f"{alone} where each frame's size stands alone between silences",
            flush=True,
        )
