#!/bin/sh
# 安装、升级、回退（Linux） · Install, upgrade, take back on Linux: ./install.sh /opt/heng [--region 文件夹] [--back]
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
for python in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python; do
  if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    exec "$python" "$here/install.py" "$@"
  fi
done
echo '找不到 Python 3.11 或更新的版本。→ 请安装后再试，或写明：PYTHON=/路径/python3.12 ./install.sh' >&2
echo 'No Python 3.11 or newer was found. -> Install one, or name it: PYTHON=/path/to/python3.12 ./install.sh' >&2
exit 1
