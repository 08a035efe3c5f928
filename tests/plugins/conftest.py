"""The laws of the testkit that ask the server are asked in a database of these tests."""

from collections.abc import Iterator

import pytest

from meritline.local import LocalServices
from meritline.testkit import Server, opened


@pytest.fixture(scope="session")
def meritline_server(local: LocalServices, migrated_template: str) -> Iterator[Server]:
    """The server's meaning, in a migrated database that goes when the session is done."""
    assert local.postgres is not None
    local.postgres.create_database("golden_cases", migrated_template)
    with opened(local.urls.for_database("golden_cases").database_url) as server:
        yield server
