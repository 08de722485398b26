"""打开网站 · Serve the region as pages, from this machine, without internet."""

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

from typer import Option

from heng.core.errors import HengError
from heng.serve.cli.command import command
from heng.serve.cli.console import say, warn
from heng.serve.cli.session import session


@dataclass(kw_only=True)
class ServeOptions:
    """网站的选项 · Options of `heng serve`."""

    host: Annotated[str, Option("--host", help="在哪个地址上听 · the address to listen at")] = "127.0.0.1"
    port: Annotated[int, Option("--port", min=0, max=65535, help="端口 · the port")] = 8750
    certificate: Annotated[str, Option("--certificate", metavar="FILE", help="TLS 证书（PEM） · TLS certificate", show_default=False)] = ""
    key: Annotated[str, Option("--key", metavar="FILE", help="TLS 私钥（PEM） · TLS private key", show_default=False)] = ""


@command("serve", ServeOptions)
def serve(asked: ServeOptions) -> None:
    """打开网站，直到 Ctrl-C；文件夹还不是区域时先走向导 · Serve the pages until Ctrl-C; a folder that is no region yet is set up first."""
    import uvicorn

    from heng.serve.web.application import application
    from heng.serve.web.worker import working

    secure = _secure(asked)
    app = application(session().path())
    address = f"http{'s' if secure else ''}://{asked.host}:{asked.port}"
    say("serve.open", address=address)
    if not app.state.house.begun:
        say("serve.setup", address=address, code=app.state.house.code)
    if not (secure or _here(asked.host)):
        warn("serve.open_to_all", host=asked.host)
    with working(app.state.house):
        uvicorn.run(app, host=asked.host, port=asked.port, log_level="warning", server_header=False, **secure)  # type: ignore[arg-type]


def _secure(asked: ServeOptions) -> dict[str, str]:
    """What the server needs for TLS; HengError where a file is missing."""
    given = {"--certificate": asked.certificate, "--key": asked.key}
    if asked.key and not asked.certificate:
        raise HengError(
            "有私钥没有证书", "a key without a certificate", where="--key", mend=("加 --certificate 文件", "add --certificate FILE")
        )
    for option, name in given.items():
        if name and not Path(name).is_file():
            raise HengError(f"没有文件 {name}", f"there is no file {name}", where=option, mend=("核对路径", "see how it is spelt"))
    named = {"ssl_certfile": asked.certificate, "ssl_keyfile": asked.key}
    return {k: v for k, v in named.items() if v}


def _here(host: str) -> bool:
    """Whether an address is reached from this machine only."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
