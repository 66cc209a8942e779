"""Values typed on the command line: refused in one line that says what was expected."""

import os
from pathlib import Path

import pytest

from pipeline.__main__ import UNTIL, _parser, main
from pipeline.errors import PipelineError
from pipeline.stages import options as read

REFUSED = [
    (["demo", "--areas", "x"], "--areas: expected a whole number from 60 to 50,000; found 'x'."),
    (["demo", "--areas", "10"], "--areas: expected a whole number from 60"),
    (["demo", "--areas", "1e3"], "found '1e3'"),
    (["demo", "--areas", "٦٠"], "expected a whole number"),
    (["site", "demo", "--new", "0"], "--new: expected a whole number from 1"),
    (["site", "demo", "--new", "-1"], "found '-1'"),
    (["site", "demo", "--new", "nan"], "found 'nan'"),
    (["site", "demo", "--new", "9" * 5000], "expected a whole number from 1"),
    (["site", "demo", "--budget", "abc"], "--budget: expected a number above 0"),
    (["site", "demo", "--budget", "nan"], "found 'nan'"),
    (["site", "demo", "--budget", "inf"], "found 'inf'"),
    (["site", "demo", "--budget=-5"], "found '-5'"),
    (["site", "demo", "--budget", "1e400"], "found '1e400'"),
    (["plan", "demo", "--budget", "abc"], "--budget: expected a number above 0"),
    (["plan", "demo", "--budget", "0"], "--budget: expected a number above 0"),
    (["plan", "demo", "--budget", ""], "--budget: expected a number above 0"),
    (["plan", "demo", "--budget=-5"], "found '-5'"),
    (["plan", "demo", "--reach", "5"], "such as 5km, 800m or 20min; found '5'. Did you mean 5km?"),
    (["plan", "demo", "--seconds", "inf"], "found 'inf'"),
    (["site", "demo", "--seconds", "0"], "--seconds: expected a number above 0 and up to 86,400; found '0'."),
    (["site", "demo", "--seconds", "inf"], "found 'inf'"),
    (["site", "demo", "--reach", "5"], "such as 5km, 800m or 20min; found '5'. Did you mean 5km?"),
    (["site", "demo", "--reach", "0km"], "--reach: expected from 100 m to 300 km; found '0km'."),
    (["site", "demo", "--reach", "3m"], "expected from 100 m"),
    (["site", "demo", "--reach", "1000km"], "expected from 100 m"),
    (["site", "demo", "--reach", "0min"], "expected from 1 to 600 minutes"),
    (["site", "demo", "--reach=-5km"], "expected a distance or a time"),
    (["validate", "demo", "--draws", "0"], "--draws: expected a whole number from 100 to 100,000; found '0'."),
    (["calibrate", "--draws", "1000000000"], "--draws: expected a whole number"),
    (["calibrate", "--least", "3"], "--least: expected a share from 0 to 0.5, such as 0.02; found '3'."),
    (["calibrate", "--least", "nan"], "found 'nan'"),
    (["calibrate", "--output", "x.txt"], "expected a name that ends in .toml"),
    (["score", "demo", "--output", "."], "--output '.': this is a folder; expected the name of a file"),
    (["score", "demo", "--output", ""], "this is a folder"),
    (["score", "demo", "--output", "x.csv"], "expected a name that ends in .parquet"),
    (["maps", "--log", "."], "--log: cannot be written to: .: "),
]
MISTYPED = [
    (["mps"], "there is no command 'mps'. Did you mean 'maps'?"),
    (["scroe", "demo"], "Did you mean 'score'?"),
    ([], "name a command."),
    (["score"], "expected the name of the area after it."),
    (["maps", "--quite"], "this command does not take: --quite. Did you mean '--quiet'?"),
    (["maps", "demo", "--areas", "60"], "this command does not take: --areas 60. --areas belongs after: demo."),
    (["--budget=5", "plan"], "--budget=5. --budget belongs after: site, plan."),
    (["site", "--model", "p-medain"], "there is no --model 'p-medain'. Did you mean 'p-median'?"),
    (["calibrate", "--nation", "wales"], "there is no --nation 'wales'. There are: england, demo."),
    (["site", "--kind"], "--kind: expected one argument."),
]


@pytest.mark.parametrize(
    ("words", "said", "status"),
    [*((words, said, 1) for words, said in REFUSED), *((words, said, 2) for words, said in MISTYPED)],
)
def test_a_wrong_value_is_one_line(
    words: list[str], said: str, status: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(words) == status
    out, complaint = capsys.readouterr()
    told = complaint.strip()
    assert told.startswith("Stopped: ")
    assert said in told
    assert "\n" not in told
    assert out == ""
    assert len(told) < 400


@pytest.mark.parametrize(
    "command",
    ["init", "data", "maps", "status", "clean", "demo", "missing", "score", "site", "validate", "calibrate", *UNTIL],
)
def test_help_needs_no_project(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.chdir(str(tmp_path))
    with pytest.raises(SystemExit, match="0"):
        main([command, "--help"])
    assert "usage:" in capsys.readouterr().out


@pytest.mark.parametrize("value", ["5km", "800m", "20min", " 5 KM ", "0.5km"])
def test_usual_reaches_are_taken(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", "/nowhere at all", "site", "demo", "--reach", value]) == 1
    assert "is not a project folder" in capsys.readouterr().err


def test_a_name_in_another_encoding_is_refused_by_name() -> None:
    read.refuse_broken_name("Ärzte und 药房")
    with pytest.raises(PipelineError, match=r"'/data/caf\?/x': this name holds .*Rename"):
        read.refuse_broken_name(os.fsdecode(b"/data/caf\xe9/x"))


@pytest.mark.parametrize("before", [True, False])
def test_options_of_every_command_stand_before_it_or_after_it(before: bool) -> None:
    given = ["--root", "project", "--quiet", "--log", "messages.txt"]
    options = _parser().parse_args([*given, "maps", "demo"] if before else ["maps", "demo", *given])
    assert (options.root, options.quiet, options.log) == (Path("project"), True, Path("messages.txt"))
    assert options.areas == ["demo"]


def test_an_option_may_be_given_before_the_command_and_another_after_it() -> None:
    options = _parser().parse_args(["--root", "project", "clean", "--quiet"])
    assert (options.root, options.quiet, options.log) == (Path("project"), True, None)
