"""`gukebot survey`: a file of answers in, scores out; questionnaires shown, exported, changed and checked."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support import edge

QUESTIONS = """
name = "回访"
respondent = "编号"
customer = "厂家"

[scale]
min = 1
max = 5

[items."质量"]
group = "产品"
weight = 2

[items."交期"]
group = "服务"
weight = 1
"""
ANSWERS = """编号,厂家,质量,交期
1,凌岳,5,3
2,瀚途,4,
2,瀚途,0,5
4,凌岳,５,一般
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> edge.Run:
    """An empty folder, without configuration and database, with a questionnaire and answers in it."""
    edge.without_settings(monkeypatch)
    monkeypatch.chdir(tmp_path)
    Path("q.toml").write_text(QUESTIONS, encoding="utf-8")
    Path("a.csv").write_text(ANSWERS, encoding="utf-8")
    return edge.run


def scored(run: edge.Run, *words: str, file: str = "a.csv", asked: str = "q.toml") -> Any:
    """The JSON of a file's scores."""
    result = run("survey", "score", file, "--questionnaire", asked, "--json", *words)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_a_file_is_scored(run: edge.Run) -> None:
    """
    Items, groups and the whole by hand: missing, off the scale and words count as missing and are listed.

    质量: 5, 4, 5 of four: mean 14/3, score 91.667. 交期: 3, 5: mean 4, score 75.
    Respondents: (2·100 + 50) / 3 = 83.333; 75; 100; 100: overall 89.583. By items (2·91.667 + 75) / 3 = 86.111.
    """
    found = scored(run)

    assert (found["name"], found["respondents"], found["overall"], found["overall_item_weighted"]) == (
        "回访", 4, 89.583333, 86.111111,
    )  # fmt: skip
    quality, delivery = found["items"]["质量"], found["items"]["交期"]
    assert [quality[key] for key in ("mean", "score", "n", "missing")] == [4.666667, 91.666667, 3, 1]
    assert [delivery[key] for key in ("mean", "score", "n", "missing")] == [4.0, 75.0, 2, 2]
    assert quality["answers"] == {"5": 2, "4": 1, "3": 0, "2": 0, "1": 0}
    assert found["groups"] == {"产品": 91.666667, "服务": 75.0}
    assert found["out_of_scale"] == [
        {"row": 4, "item": "质量", "value": "0"}, {"row": 5, "item": "交期", "value": "一般"},
    ]  # fmt: skip
    assert found["duplicates"] == {"2": 2}
    assert found["customers"]["凌岳"] == {"score": 91.666667, "respondents": 2, "n": 3}


@pytest.mark.parametrize(
    ("encoding", "separator"), [("utf-8-sig", ","), ("gb18030", ","), ("utf-8", ";"), ("gb18030", "\t")]
)
def test_however_a_spreadsheet_was_saved(run: edge.Run, encoding: str, separator: str) -> None:
    """
    With a byte order mark, in GB18030, with semicolons or tabs: the same figures.
    """
    expected = scored(run)
    Path("b.csv").write_text("回访结果\n\n" + ANSWERS.replace(",", separator), encoding=encoding)
    found = scored(run, file="b.csv")

    assert found["items"] == expected["items"]
    assert found["overall"] == expected["overall"]


def test_a_person_reads_a_table_and_what_to_know_beside_it(run: edge.Run) -> None:
    """
    The table and the formula are data; who is there twice and what is no answer is talk. In both languages.
    """
    chinese = run("survey", "score", "a.csv", "--questionnaire", "q.toml", "--target", "90")
    english = run("survey", "score", "a.csv", "--questionnaire", "q.toml", "--language", "en")

    assert "总分  89.6 · 按项目加权 86.1" in chinese.stdout
    assert "质量  91.7 · 3 份,缺 1 · 平均 4.67" in chinese.stdout
    assert "得分 = (答案 − 1) ÷ 4 × 100" in chinese.stdout
    assert "Respondent 2 is there 2 times; every row is counted." in chinese.stderr
    assert "Row 5, 交期: 一般 is no answer; it counts as missing." in chinese.stderr
    assert "by items 86.1" in english.stdout


def test_rows_without_a_name_are_respondents_of_their_own(run: edge.Run) -> None:
    """
    A column of respondents that is not there is said, and nothing is lost.
    """
    Path("b.csv").write_text("质量,交期\n5,3\n5,3\n", encoding="utf-8")
    result = run("survey", "score", "b.csv", "--questionnaire", "q.toml", "--json")

    assert json.loads(result.stdout)["respondents"] == 2
    assert "The file has no column 编号, 厂家" in result.stderr


def test_grades_are_read_as_people_write_them(run: edge.Run) -> None:
    """
    With a questionnaire of grades a cell holds a grade's word in either language, its key or its score.
    """
    Path("b.csv").write_text("speed,result,manner\n很满意,very satisfied,100\n满意,dissatisfied,81\n", encoding="utf-8")
    found = scored(run, file="b.csv", asked="after_close")

    assert [found["items"][key]["score"] for key in ("speed", "result", "manner")] == [90.0, 50.0, 100.0]
    assert found["out_of_scale"] == [{"row": 3, "item": "manner", "value": "81"}]


@pytest.mark.parametrize(
    ("cell", "answer"),
    [("4", 4), ("4.0", 4), ("+4", 4), (" ４ ", 4), ("4.", 4), ("4e0", None), ("٤", None), ("4_0", None), ("nan", None),
     ("=4", None), ("4,5", None), ("-4", None), ("\x1b[31m4", None)],
)  # fmt: skip
def test_a_number_is_what_people_mean_by_one(run: edge.Run, cell: str, answer: int | None) -> None:
    """
    Full-width digits and a sign are read; everything that a program alone would call a number is listed.
    """
    Path("b.csv").write_text(f'编号,厂家,质量,交期\n1,凌岳,"{cell}",3\n', encoding="utf-8")
    found = scored(run, file="b.csv")

    assert found["items"]["质量"]["mean"] == answer
    assert len(found["out_of_scale"]) == (answer is None)
    assert all("\x1b" not in each["value"] for each in found["out_of_scale"])


def test_pictures_are_written(run: edge.Run) -> None:
    """
    With --out a folder gets them; it is made where there is none.
    """
    result = run("survey", "score", "a.csv", "--questionnaire", "q.toml", "--out", "charts/one", "--competitor", "80")

    names = sorted(path.name for path in Path("charts/one").iterdir())
    assert names == ["1-scores.png", "2-answers.png", "3-groups.png", "4-customers.png"]
    assert all(f"charts/one/{name} written" in result.stderr for name in names)


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("score", "wrong.csv", "--questionnaire", "q.toml"), 1,
         "items.交期: the file has no column “交期”; did you mean “交货期”?"),
        (("score", "a.csv", "--questionnaire", "custmer"), 1, "custmer is no file and no questionnaire; did you mean"),
        (("score", "a.csv", "--questionnaire", "a.csv"), 1, "this is not TOML"),
        (("score", "a.csv", "--questionnaire", "bare.toml"), 1, 'names that are not Latin in quotes: [items."质量"]'),
        (("score", "empty.csv", "--questionnaire", "q.toml"), 1, "The file is empty."),
        (("score", "absent.csv", "--questionnaire", "q.toml"), 2, "does not exist"),
        (("score", "a.csv"), 2, "Missing option '--questionnaire'"),
        (("score", "a.csv", "--questionnaire", "q.toml", "--target", "101"), 2, "'101' is no score from 0 to 100"),
        (("questionnaire", "show", "nothing"), 1, "There are: customer, employee, after_close."),
        (("questionnaire", "export", "customer", "--out", "a.pdf"), 2, "--out ends with .toml or .xlsx."),
        (("questionnaire", "export", "customer", "--out", "nowhere/a.toml"), 1, "No such file or directory"),
        (("questionnaire", "check", "bad.toml"), 1, "bad.toml cannot be used:\nitems.a.wait is not known here"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_one_sentence(run: edge.Run, words: tuple[str, ...], code: int, sentence: str) -> None:
    """
    Exit code 1 or 2, and a sentence with the place and the nearest name.
    """
    Path("wrong.csv").write_text("编号,质量,交货期\n1,5,5\n", encoding="utf-8")
    Path("empty.csv").touch()
    Path("bare.toml").write_text(QUESTIONS.replace('"质量"', "质量"), encoding="utf-8")
    Path("bad.toml").write_text("[items.a]\nwait = 1\n[scale]\nmin = 0\nmax = 1\n", encoding="utf-8")
    result = run("survey", *words)

    assert result.exit_code == code
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("ending", ["toml", "xlsx"])
def test_a_questionnaire_goes_out_and_comes_back(run: edge.Run, ending: str) -> None:
    """
    What is exported is sound, is shown as the sample is, and scores as the sample does.
    """
    file = f"own.{ending}"
    assert run("survey", "questionnaire", "export", "customer", "--out", file).exit_code == 0
    checked = run("survey", "questionnaire", "check", file)
    shown = [run("survey", "questionnaire", "show", asked).stdout for asked in ("customer", file)]

    assert checked.stdout == "customer v1: 6 items, 4 groups, 4 grades. Sound.\n"
    assert shown[0] == shown[1]
    assert "0.4   产品质量" in shown[0]
    assert "请公司批准" in shown[0]


def test_the_samples_are_listed(run: edge.Run) -> None:
    """
    By key, in the reader's language, and as data.
    """
    assert "employee      v1  员工满意度调查表" in run("survey", "questionnaire", "list").stdout
    listed = json.loads(run("survey", "questionnaire", "list", "--json").stdout)

    assert [each["key"] for each in listed] == ["customer", "employee", "after_close"]


def test_a_changed_questionnaire_is_entered(ready: edge.Run) -> None:
    """
    It becomes the next version of its key after the sample, with its own weights; a scale is refused with what to do.
    """
    import tomllib

    from bot.config import load
    from bot.databases import opened
    from handlers import questionnaires

    ready("survey", "questionnaire", "export", "customer", "--out", "own.toml")
    text = Path("own.toml").read_text(encoding="utf-8")
    weights = {key: item["weight"] for key, item in tomllib.loads(text)["items"].items()}
    assert (weights["quality"], weights["packaging"]) == (0.4, 0)
    changed = text.replace("weight = 0.4", "weight = 0.3", 1).replace("weight = 0\n", "weight = 0.1\n", 1)
    Path("own.toml").write_text(changed, encoding="utf-8")
    entered = [ready("survey", "questionnaire", "import", "own.toml", "--kind", "customer") for _ in range(2)]
    Path("scale.toml").write_text(QUESTIONS, encoding="utf-8")
    refused = ready("survey", "questionnaire", "import", "scale.toml", "--kind", "customer")

    assert [result.exit_code for result in entered] == [0, 0]
    assert "customer v2 entered" in entered[0].stderr
    assert refused.exit_code == 1
    assert "Give it [grades]" in refused.stderr
    with opened(load(Path("gukebot.toml"))) as database:
        [row] = database.do(lambda uow: [questionnaires.asked_by(each) for each in uow.surveys.newest("customer")])
    assert [str(item.weight) for item in row.items[:2]] == ["0.3", "0.1"]
    assert row.version == 3
