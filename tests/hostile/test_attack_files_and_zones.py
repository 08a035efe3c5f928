"""Names that compute on the reader's machine, and zones that depend on it."""

import csv
import io

import pytest

from meritline.appraisal.exports.columns import Column
from meritline.appraisal.exports.sheet import csv_head, csv_rows
from meritline_sdk import Text
from meritline_sdk.evaluate.windows import PeriodError, zone_of


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x","y")', "+1", "-1", "@A1", "＝1+1", "＋1", "－1", "＠A1"])
def test_no_name_of_an_export_begins_a_formula(name: str) -> None:
    columns = [Column("name", Text("Name", "姓名"))]
    written = (csv_head(columns, "en") + csv_rows(columns, [{"name": name}])).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(written)))[1] == [f"'{name}"]


@pytest.mark.parametrize("name", ["localtime", "posixrules", "Factory", "right/Asia/Shanghai", "posix/UTC", "../UTC"])
def test_a_zone_means_the_same_on_every_machine(name: str) -> None:
    with pytest.raises(PeriodError):
        zone_of(name)
    assert zone_of("Asia/Shanghai").key == "Asia/Shanghai"
