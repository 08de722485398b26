"""案头 · `heng desk …`: people, rights, cases, signals and notices on the command line."""

import importlib

for _name in (
    "setup",
    "people",
    "posts",
    "grants",
    "tokens",
    "emergency",
    "cases",
    "registers",
    "forms",
    "signals",
    "notices",
    "calendar",
    "audit",
):
    importlib.import_module(f"heng.serve.cli.desk_{_name}")
