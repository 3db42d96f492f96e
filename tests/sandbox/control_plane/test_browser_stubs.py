from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import importlib.abc, sys

class Missing(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in {names!r}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Missing())
import importlib.util
found = importlib.util.find_spec
def find_spec(name, package=None):
    return None if name.split('.')[0] in {names!r} else found(name, package)
importlib.util.find_spec = find_spec

from sandbox.control_plane import browser_stubs
assert set({names!r}) <= set(browser_stubs.install()), 'not stubbed'
assert browser_stubs.install() == ()
from sandbox.clock import Clock
from sandbox.control_plane.plane import ControlPlane
from sandbox.control_plane import world
from sandbox.errors import InternalError
from sandbox.ids import Ids
plane = ControlPlane(Clock(virtual=True), Ids(1))
plane.warm_up()
for service in 's3 sqs sns dynamodb kinesis events iam logs kms secretsmanager ssm stepfunctions apigatewayv2'.split():
    plane.world.backend(service, '123456789012', 'us-east-1')
kms = plane.world.backend('kms', '123456789012', 'us-east-1')
with plane.world.entered():
    key = kms.create_key(None, 'ENCRYPT_DECRYPT', 'SYMMETRIC_DEFAULT', '', [], False)
    sealed, _ = kms.encrypt(key.id, b'a text', dict(function='f'))
    assert kms.decrypt(sealed, dict(function='f'))[0] == b'a text'
    print('sealed:', b'a text' not in sealed)
from cryptography.hazmat.primitives.ciphers import Cipher
try:
    Cipher(1, 2)
except InternalError as error:
    print('refused:', error)
"""


def test_moto_imports_where_compiled_packages_are_missing_and_their_use_is_named():
    script = SCRIPT.format(names=("cryptography", "openapi_spec_validator"))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    assert "sealed: True" in done.stdout
    assert "refused: cryptography.hazmat.primitives.ciphers is not available in the browser" in done.stdout


def test_packages_that_are_there_are_left_alone():
    script = "from sandbox.control_plane import browser_stubs as b; print(b.install(('json', 'botocore')))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=100, check=True)
    assert done.stdout.strip() == "()"
