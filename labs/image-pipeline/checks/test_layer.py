"""The layer holds the module where Python looks for it."""

import io
import urllib.request
import zipfile

from autograder.checks.expect import expect


def test_the_module_lies_where_python_looks(aws, lab):
    versions = aws("lambda").list_layer_versions(LayerName=lab.name("layer"))["LayerVersions"]
    expect(versions, f"There is no layer {lab.name('layer')}.")
    latest = aws("lambda").get_layer_version(LayerName=lab.name("layer"), VersionNumber=versions[0]["Version"])
    with urllib.request.urlopen(latest["Content"]["Location"]) as answer:  # noqa: S310 - the address came from the account
        names = zipfile.ZipFile(io.BytesIO(answer.read())).namelist()
    expect(
        any(name == "python/pixels.py" or name.endswith("/site-packages/pixels.py") for name in names),
        f"The layer holds {', '.join(names)}; unpacked under /opt that is not where Python looks for modules.",
    )
