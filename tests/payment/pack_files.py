"""手造的小方案文件夹 · The folder of a small pack of our own, which tests change before they read it."""

import gzip
from pathlib import Path

FILES = {
    "manifest.yaml": "scheme: tiny\nedition: '1'\nsince: 2026-01-01\nsource: made for tests\n",
    "mdc.csv": "code,name,parent,order,rule,kind\nMDCP,新生儿,,1,ZYZD in P and XSRTL < 29,\nMDCH,肝胆胰,,2,ZYZD in H,\n",
    "adrg.csv": (
        "code,name,parent,order,rule,kind\n"
        "PS1,早产儿,MDCP,1,XSRTZ < 2500,medical\nHC1,胆囊切除术,MDCH,1,ZYSS in CUT,surgery\nHS1,胆道疾患,MDCH,2,ZYZD in H,medical\n"
    ),
    "drg.csv": (
        "code,name,parent,order,rule,kind\n"
        'PS19,早产儿,PS1,1,,\nHC11,胆囊切除术 伴 MCC,HC1,1,QTZD in MCC,\nHC1A,胆囊切除术 机器人,HC1,2,"{ZYSS,QTSS} in OP_ARB",\n'
        "HC15,胆囊切除术,HC1,3,,\nHS19,胆道疾患,HS1,1,,\n"
    ),
    "sets.csv": "set,code\nP,P07.200\nH,K80.100\nH,K80.100x001\nCUT,51.2300\nOP_ALL,51.2300\nOP_ALL,45.1300\nOP_ARB,17.4200\n",
    "severity.csv": "code,level,table\nI50.900,MCC,7\nK81.000,MCC,1\n",
    "exclusion.csv": "code,table\nK80.100,1\n",
    "qy.csv": "mdc,rule\nMDCH,\n",
    "ungroupable.csv": "kind,code\ndx,Z99.900\nop,89.0000\nop,17.4200\n",
    "dx_map.csv": "code,to\nK80.101,K80.100\n",
    "op_map.csv": "code,to\n51.2301,51.2300\n",
    "weights.csv": (
        "group,insurance,since,weight,mean_fee,mean_days,low,high,primary\nHC15,,2026-01-01,1.2345,12000.50,5.5,0.4,3,1\n"
        "HC15,employee,2026-01-01,1.25,,,,,\n"
    ),
}


def pack_folder(folder: Path, *, without: str = "", packed: bool = False, **changed: str) -> Path:
    """Write the files of the small pack; `changed`: other content by the name of the file without its suffix."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        stem = name.partition(".")[0]
        if stem == without:
            continue
        content = changed.get(stem, text).encode()
        if packed and name.endswith(".csv"):
            (folder / f"{name}.gz").write_bytes(gzip.compress(content))
        else:
            (folder / name).write_bytes(content)
    return folder
