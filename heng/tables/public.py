"""公开的表 · Tables open to the public: small counts, and what they could be worked out from, are hidden in all of them together."""

from heng.core.table import Table, code, count, rate


class PublicCase(Table, zh="公开病例数", en="published case count", key="group hospital", grain="region_month"):
    """各院各病组的例数与例均成本，连同合计 · Cases and mean cost by hospital and group, with totals; what gives one away is hidden."""

    group = code("病组", "group; empty for all of them")
    hospital = code("医疗机构", "hospital; empty for the region", of="org")
    cases = count("例数", "cases; empty where they are not shown", unit="例", optional=True)
    mean = rate(
        "例均成本",
        "mean cost of a case; empty where the cases are not shown, or one hospital makes up nearly all of it",
        "元",
        optional=True,
    )
