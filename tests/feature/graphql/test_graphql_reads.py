"""Reads through the real application: shapes, pages, permissions, languages, statements."""

SKETCH = """{ scorecardByKey(employeeNo: "E2", scheme: "engineers", period: "2026-05") {
    score grade { name } rank
    lines { indicator { title } target reading { value sampleSize state } rawPoints weight weightedPoints }
    rewards { title amount { amount currency } } } }"""


async def test_the_question_every_employee_asks(ask, north) -> None:
    answer = await ask(SKETCH, north.keys["employee"], **{"accept-language": "zh"})
    assert answer.status == 200
    card = answer.data["scorecardByKey"]
    assert card == {
        "score": "89",
        "grade": {"name": "良好"},
        "rank": 2,
        "lines": [
            {
                "indicator": {"title": "一次修复率"},
                "target": "85",
                "reading": {"value": "82.3529411765", "sampleSize": 34, "state": "MEASURED"},
                "rawPoints": "94.7058823529",
                "weight": "30",
                "weightedPoints": "28.41",
            }
        ]
        * 2,
        "rewards": [{"title": "绩效奖金", "amount": {"amount": "1200.00", "currency": "CNY"}}],
    }
