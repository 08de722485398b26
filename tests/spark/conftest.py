"""第二个引擎的试验 · Tests of the second engine: one Java for all of them, only in the environment that `make spark` makes."""

from collections.abc import Iterator
from importlib.util import find_spec

import pytest

if find_spec("pyspark"):
    from heng.store import spark

    # Many small plans on two cores: what matters is how soon a plan starts, not how fast it runs on.
    spark.START |= {
        "spark.master": "local[2]",
        "spark.driver.memory": "2g",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.autoBroadcastJoinThreshold": "-1",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.parquet.compression.codec": "uncompressed",
        "spark.shuffle.compress": "false",
    }

    @pytest.fixture(scope="session")
    def engine() -> Iterator[spark.Spark]:
        """One session for all tests."""
        made = spark.Spark()
        yield made
        made.close()

else:
    collect_ignore_glob = ["test_*.py"]
