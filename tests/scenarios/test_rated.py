"""A repair firm rates its engineers: colleagues, superiors and customers by GraphQL, the rest on a sheet.

Weights, scale and names are the firm's own, from its manifest. Every number is worked out by hand in the comments.
"""

import io
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

PERIOD = f"{datetime.now(UTC).date().replace(day=1) - timedelta(days=1):%Y-%m}"
TENANT = """key = "rated-firm"
name = "海川维修"
time_zone = "Asia/Shanghai"
currency = "CNY"
languages = ["zh", "en"]
country = "CN"
indicator_sets = ["appliance_repair"]
"""
DEPARTMENTS = "code,name,parent\nservice,服务部,\noffice,办公室,\n"
PEOPLE = """number,name,department,position,manager,from,to
M1,刘主管,service,supervisor,,2020-01-01,
M2,吴主管,service,supervisor,,2020-01-01,
E1,陈一,service,field_engineer,M1,2020-01-01,
E2,=陈二,service,field_engineer,M1,2020-01-01,
E3,陈三,service,field_engineer,M1,2020-01-01,
E4,陈四,service,field_engineer,M1,2020-01-01,
X1,外人,office,clerk,,2020-01-01,
"""
INDICATORS = """[[indicator]]
key = "after_sales_common.rt_communication"
parameters = { scale_min = 1, scale_max = 5 }

[[indicator]]
key = "after_sales_common.rt_teamwork"
parameters = { weight_peer = 60, weight_manager = 40 }
"""
NAMED = """
[[indicator]]
key = "after_sales_common.rt_ability_unnamed"
parameters = { name = "Fault finding", name_zh = "故障判断" }
"""
ENGINEERS = """scheme = "engineers_rated"
title = "Engineers, rated"
title_zh = "工程师评分考核"
valid_from = 2020-01-01
for_positions = ["field_engineer"]
item = [
  { indicator = "after_sales_common.teamwork_score", weight = 40, target = 85, rule = { kind = "deduct", points = 2 } },
  { indicator = "after_sales_common.rt_communication", weight = 30, rule = { kind = "as_points" } },
  { indicator = "after_sales_common.rt_ability_unnamed", weight = 30, rule = { kind = "as_points" } },
]
"""
SUPERVISORS = """scheme = "supervisors_rated"
title = "Supervisors, rated"
title_zh = "主管评分考核"
valid_from = 2020-01-01
for_positions = ["supervisor"]
item = [{ indicator = "after_sales_common.rt_teamwork", weight = 100, rule = { kind = "as_points" } }]
"""
CARD = """query($no: String!, $period: String!) {
  scorecardByKey(employeeNo: $no, scheme: "engineers_rated", period: $period) {
    score lines { key reading { state value sampleSize } rawPoints weightedPoints
      zh: explanation(language: ZH) { text } en: explanation(language: EN) { text } } } }"""
RATINGS = "raterRole value comment submittedBy rater { number } employee { number } indicatorKey"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The firm's manifest, the ability still without a name."""
    made = tmp_path_factory.mktemp("rated-firm")
    files = {"tenant.toml": TENANT, "people.csv": PEOPLE, "departments.csv": DEPARTMENTS,
             "indicators.toml": INDICATORS, "schemes/engineers.toml": ENGINEERS,
             "schemes/supervisors.toml": SUPERVISORS}
    for name, text in files.items():
        (made / name).parent.mkdir(exist_ok=True)
        (made / name).write_text(text, "utf-8")
    return made


@pytest.fixture(scope="module")
def key(meritline: Any, folder: Path) -> Callable[..., Any]:
    """The firm onboarded; keys of any role."""
    refused = meritline.command("tenant", "check", folder)
    assert refused.returncode == 1
    assert "E-INDICATOR-UNNAMED" in refused.stderr
    (folder / "indicators.toml").write_text(INDICATORS + NAMED, "utf-8")
    applied = meritline.command("tenant", "apply", folder)
    assert applied.returncode == 0, applied.stderr
    api = type(meritline.operator)

    def made(role: str, employee: str | None = None) -> Any:
        words = ["--employee", employee] if employee else []
        printed = meritline.command("key", "create", "--tenant", "rated-firm", "--role", role, *words)
        assert printed.returncode == 0, printed.stderr
        return api(meritline.url, printed.stdout.strip())

    return made


def rate(api: Any, subject: str, indicator: str, value: str, **more: Any) -> Any:
    """A rating that must be taken."""
    more.setdefault("scheme", "engineers_rated")
    return api.change("submitRating", "rating { value version rater { number } }", period=PERIOD, subject=subject,
                      indicator=f"after_sales_common.{indicator}", value=value, **more)["rating"]


def refused(api: Any, subject: str, indicator: str, value: str, **more: Any) -> list[str]:
    """The codes of the refusal."""
    more.setdefault("scheme", "engineers_rated")
    given = {"period": PERIOD, "subject": subject, "indicator": f"after_sales_common.{indicator}", "value": value}
    given |= more
    query = "mutation($input: SubmitRatingInput!) { submitRating(input: $input) { errors { code remedy } } }"
    _, answer = api.post("/graphql", json.dumps({"query": query, "variables": {"input": given}}).encode(),
                         "application/json")
    told = [one["extensions"] | {"code": one["extensions"]["error"]} for one in answer.get("errors", ())]
    told = told or answer["data"]["submitRating"]["errors"]
    assert all(each["remedy"] for each in told)
    return [each["code"] for each in told]


def sheet(api: Any, **asked: str) -> tuple[int, bytes]:
    """``GET /v1/ratings/sheet``."""
    query = "&".join(f"{name}={value}" for name, value in {"period": PERIOD, **asked}.items())
    request = urllib.request.Request(f"{api.url}/v1/ratings/sheet?{query}", headers={
        "Authorization": f"Bearer {api.key}", "Accept-Language": "zh"})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def filled(content: bytes, values: dict[tuple[str, str], tuple[Any, str | None]]) -> bytes:
    """The sheet with ratings by subject and title."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book.worksheets[0]
    left = dict(values)
    for row in page.iter_rows(min_row=4):
        given = left.pop((row[0].value, row[3].value), None)
        if given is not None:
            row[8].value, row[9].value = given
    assert not left, left
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_month_of_ratings(meritline: Any, key: Callable[..., Any], tmp_path: Path) -> None:
    hr, boss, program = key("hr"), key("manager", "M1"), key("integrator")
    e1, e2, e3, e4 = (key("employee", number) for number in ("E1", "E2", "E3", "E4"))

    # Colleagues by GraphQL: (90 + 85 + 80) / 3 = 85; the superior 78; 60 * 85 + 40 * 78 = 8220, / 100 = 82.2.
    for api, value in ((e2, "90"), (e3, "85"), (e4, "80")):
        assert rate(api, "E1", "rt_teamwork", value, raterRole="peer")["version"] == 1
    assert rate(boss, "E1", "rt_teamwork", "78", raterRole="superior")["rater"] == {"number": "M1"}
    assert refused(key("employee", "X1"), "E1", "rt_teamwork", "10", raterRole="peer") == ["E-FORBIDDEN"]
    assert refused(e2, "E1", "rt_teamwork", "10", raterRole="manager") == ["E-FORBIDDEN"]
    assert refused(e1, "E1", "rt_teamwork", "99", raterRole="manager") == ["E-RATING-SELF"]
    assert refused(boss, "E1", "teamwork_score", "78") == ["E-RATING-INDICATOR"]
    assert refused(e2, "E2", "rt_teamwork", "99", raterRole="self") == ["E-RATING-ROLE"]

    # Customers through a program, on the firm's scale of 1 to 5: (5 + 4) / 2 = 4.5, of 5 is 90.
    assert refused(program, "E1", "rt_communication", "5", raterRole="customer",
                   reference="C-1") == ["E-RATING-COMMENT-MISSING"]
    rate(program, "E1", "rt_communication", "5", raterRole="customer", reference="C-1", comment="很耐心")
    rate(program, "E1", "rt_communication", "4", raterRole="customer", reference="C-2")
    assert refused(program, "E1", "rt_communication", "4", raterRole="customer") == ["E-RATING-REFERENCE-MISSING"]
    assert refused(program, "E1", "rt_communication", "6", raterRole="customer", reference="C-3") == ["E-RATING-SCALE"]

    # The superior's sheet: communication 4 of 5 is 80; 60 * 80 + 40 * 90 = 8400, / 100 = 84. Fault finding 75.
    status, content = sheet(boss)
    assert status == 200
    page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert {row[3].value for row in page.iter_rows(min_row=4)} == {"团队合作", "沟通表达能力", "故障判断"}
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)  # E2 is called =陈二
    sent = filled(content, {("E1", "沟通表达能力"): (4, None), ("E1", "故障判断"): (75, None),
                            ("E2", "故障判断"): ("=1+1", None), ("E3", "故障判断"): (101, "?")})
    xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    status, answer = boss.post("/v1/ratings/sheet", sent, xlsx)
    assert status == 200, answer
    assert {name: answer[name] for name in ("accepted", "changed", "unchanged", "rejected", "rater")} == {
        "accepted": 2, "changed": 0, "unchanged": 1, "rejected": 2, "rater": "M1"}  # teamwork of E1 stood there already
    assert {each["code"] for each in answer["errors"]} == {"E-RATING-SHEET-FORMULA", "E-RATING-SCALE"}
    again = boss.post("/v1/ratings/sheet", sent, xlsx)[1]
    assert (again["accepted"], again["unchanged"], again["rejected"]) == (0, 3, 2)
    assert e1.post("/v1/ratings/sheet", sent, xlsx)[0] == 403
    assert program.post("/v1/ratings/sheet", sent, xlsx)[0] == 403
    assert boss.post("/v1/ratings/sheet?period=2020-01", sent, xlsx)[1]["errors"][0]["extensions"]["code"] == (
        "BAD_USER_INPUT")
    assert sheet(e1, rater="E2")[0] == 403
    other = meritline.onboard("rated-other", name="other", timeZone="Asia/Shanghai")
    assert "E-RATING-SHEET-FOREIGN" in json.dumps(other.post("/v1/ratings/sheet", sent, xlsx)[1])

    exported = meritline.command("tenant", "export", "--tenant", "rated-firm", "--to", tmp_path / "exported")
    assert exported.returncode == 0, exported.stderr
    told = (tmp_path / "exported/indicators.toml").read_text("utf-8")
    assert "故障判断" in told
    assert "weight_peer = 60" in told

    # By command, in the superior's name: E2 gets 66 for fault finding.
    file = tmp_path / "m1.xlsx"
    made = meritline.command("ratings", "sheet", "--tenant", "rated-firm", "--period", PERIOD, "--scheme",
                             "engineers_rated", "--rater", "M1", "--lang", "zh", "-o", file)
    assert made.returncode == 0, made.stderr
    file.write_bytes(filled(file.read_bytes(), {("E2", "故障判断"): (66, "稳")}))
    back = meritline.command("ratings", "import", "--tenant", "rated-firm", file)
    assert (back.returncode, back.stdout) == (0, "m1.xlsx: 1 accepted, 0 changed, 3 unchanged, 8 empty, 0 rejected\n")
    file.write_bytes(filled(file.read_bytes(), {("E2", "故障判断"): ("高", "稳")}))
    back = meritline.command("ratings", "import", "--tenant", "rated-firm", file)
    assert back.returncode == 1
    assert "E-RATING-SHEET-VALUE" in back.stderr

    # Two colleagues are too few: E2 is not rated in teamwork.
    for api, value in ((e1, "20"), (e3, "30")):
        rate(api, "E2", "rt_teamwork", value, raterRole="peer")
    # M2 rates M1 as a colleague.
    rate(key("employee", "M2"), "M1", "rt_teamwork", "33", raterRole="peer", scheme="supervisors_rated")

    seen_by_e1 = e1.every("ratings", RATINGS)
    assert [one["value"] for one in seen_by_e1] == ["20"]  # their own voice
    seen_by_boss = boss.every("ratings", RATINGS)
    assert "33" not in [one["value"] for one in seen_by_boss], "the ratee never sees a colleague's voice"
    peers = [one for one in seen_by_boss if one["raterRole"] == "peer"]
    assert sorted(one["value"] for one in peers) == ["20", "30", "80", "85", "90"]
    assert all(one["rater"] is None and one["submittedBy"] == "" for one in peers)
    assert {one["rater"]["number"] for one in hr.every("ratings", RATINGS) if one["raterRole"] == "peer"} == {
        "E1", "E2", "E3", "E4", "M2"}

    hr.appraise(PERIOD)
    card = hr.ask(CARD, no="E1", period=PERIOD)["scorecardByKey"]
    lines = {line["key"]: line for line in card["lines"]}
    assert {name: (line["reading"]["state"], line["reading"]["value"], line["reading"]["sampleSize"])
            for name, line in lines.items()} == {
        "teamwork_score": ("MEASURED", "82.2", 4), "rt_communication": ("MEASURED", "84", 3),
        "rt_ability_unnamed": ("MEASURED", "75", 1)}
    # Teamwork 2.8 below the target of 85: 100 - 5.6 = 94.4, * 40%; 84 * 30%; 75 * 30%: 37.76 + 25.2 + 22.5 = 85.46.
    assert card["score"] == "85.46"
    assert ("peers 255/3 = 85 (3 ratings), superiors 78 (1 rating); (60 × 85 + 40 × 78)/100 = 82.2 (of 100)"
            in lines["teamwork_score"]["en"]["text"])
    assert ("上级 4/5 × 100 = 80（1 份评价）、客户 4.5/5 × 100 = 90（2 份评价）；(60 × 80 + 40 × 90)/100 = 84（百分制）"
            in lines["rt_communication"]["zh"]["text"])
    assert lines["rt_ability_unnamed"]["zh"]["text"].startswith("故障判断")
    second = {line["key"]: line for line in hr.ask(CARD, no="E2", period=PERIOD)["scorecardByKey"]["lines"]}
    assert second["teamwork_score"]["reading"] == {"state": "SAMPLE_TOO_SMALL", "value": None, "sampleSize": 2}
    assert "peers: 2 of at least 3 ratings, not counted" in second["teamwork_score"]["en"]["text"]
    named = hr.every("indicators", "key title parameters version", filter='{ kind: RATED }')
    assert next(one for one in named if one["key"].endswith("rt_ability_unnamed"))["title"] == "Fault finding"
