from __future__ import annotations

import os
import subprocess
import sys
import zipfile


def test_two_processes_may_extract_at_once(tmp_path):
    with zipfile.ZipFile(tmp_path / "code.zip", "w") as archive:
        for number in range(300):
            archive.writestr(f"m{number}.py", os.urandom(2000))
    program = (
        "import sys; from pathlib import Path; from sandbox.runtime.package import *\n"
        "root = Path(sys.argv[1]); code = read_package((root / 'code.zip').read_bytes())\n"
        "print(len(list(PackageStore(root / 'store').directory(code).iterdir())))"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    assert [process.communicate()[0] for process in running] == ["300\n"] * 3
    assert len(list((tmp_path / "store").iterdir())) == 1
