"""案头命令：问卷 · The desk on the command line: surveys."""

from datetime import timedelta

from tests.serve.desk_people import Hands, Office, hands, office

__all__ = ["hands", "office"]  # fixtures of this page


def test_a_survey_is_shown_filled_corrected_and_read(office: Office, hands: Hands) -> None:
    office.hire("yuan", "袁院长", "president", "--org", "H01")
    office.hire("qian", "钱会计", "accountant", "--org", "H01")
    assert office.data("forms", "list", as_="qian")["forms"][0]["key"] == "collaboration"
    shown = office.data("forms", "show", "collaboration", as_="qian")["questions"]
    assert [(q["question"], len(q["rubric"])) for q in shown] == [(q, 5) for q in ("standards", "sharing", "stability", "patients")]
    assert "3  拿得到，但不及时或要手工整理" in office.desk("forms", "show", "collaboration")[1]

    reply = ("forms", "fill", "collaboration", "--answer", "sharing=4")
    assert "H01 2026-03，2026-03-31 及以前可以改" in office.desk(*reply, as_="qian")[1]
    made = office.data(*reply, "--answer", "standards=2", as_="qian")
    assert (made["id"], made["org"], made["month"]) == (1, "H01", "2026-03")
    assert "要写成 问题=答案" in office.refused(*reply, "--answer", "4", as_="qian")
    assert "要有人登录" in office.refused(*reply)
    assert "今天在 H01 没有任职" in office.refused(*reply, "--org", "H01", as_="wang")

    results = ("forms", "results", "collaboration", "2026-03", "--org", "H01")
    assert "这个月还没有结束" in office.desk(*results, as_="yuan")[1]
    assert "forms.results" in office.refused(*results, as_="qian")
    for n in range(4):
        office.hire(f"nurse{n}", f"护士{n}", "accountant", "--org", "H01")
        office.data(*reply[:-1], f"sharing={n + 1}", as_=f"nurse{n}")
    hands.moment += timedelta(days=30)
    told = office.data(*results, as_="yuan")
    assert (told["count"], told["least"], told["over"]) == (5, 5, True)
    assert [(q["n"], q["mean"]) for q in told["questions"]] == [(None, None), (5, "2.80"), (None, None), (None, None)]  # 4+1+2+3+4 = 14
    _, out, _ = office.desk(*results, as_="yuan")
    assert "2.80" in out
    assert "4×2" in out
    assert "不足 5 份的问题不显示" in out
    assert "nurse" not in out + str(told)
