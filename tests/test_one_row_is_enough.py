"""A new elementwise function is one row: planted in another process, it does whatever those of the table do."""

import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
FILES = ("tasks_of_planted_rows.py", "test_functions.py", "test_fields.py", "test_backward_values.py",
         "test_vjp_is_transpose_of_jvp.py", "test_latex.py")


def test_functions_planted_as_one_row_each_pass_the_tests_of_the_table_and_of_all_layers():
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "planted_row", "-p", "no:cacheprovider",
               *(str(HERE / file) for file in FILES), "-k", "cube or swish or test_fields or spelled"]
    path = os.pathsep.join([str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(command, cwd=HERE.parent, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True)
    passed = re.search(r"(\d+) passed", done.stdout)
    assert done.returncode == 0 and passed is not None and int(passed[1]) > 120, done.stdout[-4000:] + done.stderr[-2000:]
