"""The agent killed in the middle of a pull: the hall's data is the old or the new, never a mixture."""

import random
import threading
from pathlib import Path

import pytest

from sync_agent.simulated.exchange import Manner
from sync_agent.simulated.faults import processed
from sync_agent.simulated.hall import as_json, etag_of
from sync_agent.simulated.platform import SimulatedPlatform
from tests.sync_agent.agent_process import AgentProcess, run_once
from tests.sync_agent.hall_link import HallLink
from tests.sync_agent.support import DEVICE, write_settings

KILLS = 6


def generation(platform: SimulatedPlatform, number: int) -> None:
    """Let every part of the hall tell which generation it is of."""
    content = platform.hall.content
    content["staff"] = [{**entry, "title": f"{number}"} for entry in content["staff"]]
    content["items"] = [{**entry, "phone": f"{number}"} for entry in content["items"]]
    content["settings"] = {"generation": f"{number}"}


def etag_now(platform: SimulatedPlatform) -> str:
    return etag_of(as_json(platform.hall.document(DEVICE, platform.now())))


def told_generations(link: HallLink) -> set[str]:
    held = link.held()
    told = {entry["title"] for entry in held.get("staff", [])} | {entry["phone"] for entry in held.get("items", [])}
    return told | {entry["document"]["generation"] for entry in held.get("settings", [])}


@pytest.mark.parametrize("errand", ["config", "photos"])
def test_killed_while_the_answer_drips_in_nothing_changed(
    tmp_path: Path, hall_link: HallLink, hall_platform: SimulatedPlatform, errand: str
) -> None:
    config = write_settings(tmp_path, hall_platform.url)
    generation(hall_platform, 1)
    run_once(config)
    before, photos = hall_link.held(), hall_link.photos()
    if errand == "photos":
        for photo in (hall_link.terminal.directory / "photos").iterdir():
            photo.unlink()
    else:
        generation(hall_platform, 2)
    hall_platform.inject(processed(Manner.DRIP), on=errand)
    seen = len(hall_link.asked(errand))
    with AgentProcess(config) as process:
        hall_platform.wait_for(lambda _: len(hall_link.asked(errand)) > seen)
        process.kill()
    assert hall_link.held() == before
    hall_platform.clear_faults()
    assert run_once(config).returncode == 0
    assert hall_link.photos() == photos
    assert len(told_generations(hall_link)) == 1
    assert hall_link.held()["pulled"][0]["etag"] == etag_now(hall_platform)


@pytest.mark.parametrize("seed", range(2))
def test_killed_at_random_moments_it_holds_one_generation_and_its_etag(
    tmp_path: Path, hall_link: HallLink, hall_platform: SimulatedPlatform, seed: int
) -> None:
    chance = random.Random(seed)
    config = write_settings(tmp_path, hall_platform.url, pull_seconds=1)
    etags = {}
    for number in range(KILLS):
        generation(hall_platform, number)
        etags[str(number)] = etag_now(hall_platform)
        seen = len(hall_link.asked("/config"))
        with AgentProcess(config) as process:
            hall_platform.wait_for(lambda _, seen=seen: len(hall_link.asked("/config")) > seen)  # type: ignore[misc]
            # Not to wait for anything, but to die at no particular instruction.
            threading.Event().wait(chance.uniform(0, 0.05))
            process.kill()
        told = told_generations(hall_link)
        assert len(told) <= 1
        assert [entry["etag"] for entry in hall_link.held().get("pulled", [])] == [etags[each] for each in told]
    assert run_once(config).returncode == 0
    assert told_generations(hall_link) == {str(KILLS - 1)}
    assert len(hall_link.photos()) == 4
    assert hall_platform.count("staff_bound") == 1
    assert hall_platform.chain_problems() == []
