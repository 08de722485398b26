"""数据在引擎与 Polars 之间的通道 · The channel between the engine and Polars, in both directions.

Both sides speak the Arrow C stream, so neither pyarrow nor a copy is needed. The wrapper stands in a module of its own
because Polars remembers the types it has seen: a type that leads to DuckDB would keep it from closing cleanly at exit.
"""

from typing import Protocol


class Streamable(Protocol):
    """能给出 Arrow 流的对象 · Anything that exports an Arrow C stream."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """给出流 · Export the stream as a capsule."""


class Stream:
    """只露出 Arrow 流的外壳 · A shell that shows nothing but the Arrow stream of what it holds."""

    def __init__(self, source: Streamable) -> None:
        """包住一个数据源 · Wrap a frame or a relation."""
        self._source = source

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """给出流 · Export the stream as a capsule."""
        return self._source.__arrow_c_stream__(requested_schema)
