"""命令行的说法换成页面的 · What errors say of commands and options, in the words of the pages: a visitor types no command."""

import re

from heng.core.errors import Say
from heng.serve.voice import Voice

WORDS: dict[str, Say] = {
    "heng desk people code 账号": ("在「人员与任职」", "in “People and posts”"),
    "heng desk people code LOGIN": ("在「人员与任职」", "“People and posts”"),
    "heng desk people totp": ("「我的账号」", "“My account”"),
    "heng desk people list --all": ("「人员与任职」", "“People and posts”"),
    "heng desk people list": ("「人员与任职」", "“People and posts”"),
    "heng desk posts give": ("「人员与任职」", "“People and posts”"),
    "heng desk posts list": ("「人员与任职」", "“People and posts”"),
    "heng desk grants list": ("「授权」", "“Grants”"),
    "heng desk cases list": ("「事项」", "“Cases”"),
    "heng desk partners list": ("「授权」", "“Grants”"),
    "heng desk work": ("「我的工作」", "“My work”"),
    "heng desk signals list": ("「预警」", "“Signals”"),
    "heng desk signals unmute": ("「预警」", "“Signals”"),
    "heng desk notices list": ("「通知」", "“Notices”"),
    "heng desk notices log": ("「通知」", "“Notices”"),
    "heng desk forms list": ("「调查」", "“Surveys”"),
    "不带名字运行 heng show 可列出全部": ("「数据目录」列出全部", "“Catalogue” lists everything"),
    "heng show without a name": ("「数据目录」", "“Catalogue”"),
    "heng load": ("「装入文件」", "“Load files”"),
    "heng run": ("「计算与结账」", "“Run and close”"),
    "--month": ("「月份」", "“Month”"),
    "--table": ("「哪种表」", "“Table”"),
    "--map": ("「本院的表头」", "“Own headers”"),
    "--add": ("「是另一部分」", "“another part”"),
    "--replace": ("「取代它」", "“take its place”"),
    "--org": ("「医院」", "“Hospital”"),
    "--dept": ("「科室」", "“Department”"),
    "--group": ("「几家合计」", "“Together”"),
}
"""命令与选项在页面上叫什么 · What commands and options are called on the pages."""
SAID = re.compile("|".join(re.escape(words) + r"(?![\w-])" for words in sorted(WORDS, key=len, reverse=True)), re.ASCII)


def on_page(text: str, voice: Voice) -> str:
    """页面上的说法 · A text of the command line in the words of the pages."""
    return SAID.sub(lambda found: voice.pick(*WORDS[found[0]]), text)
