"""Below which names registries hand domains out."""

import pytest

from maillint.public_suffix import is_public_suffix


@pytest.mark.parametrize("name", ["com", "org", "de", "uk", "co.uk", "com.au", "or.at", "ne.jp"])
def test_names_of_registries(name: str) -> None:
    assert is_public_suffix(name)


@pytest.mark.parametrize(
    "name", ["", "example.com", "lan", "localdomain", "site", "co.de", "example.co.uk", "com.", "1a"]
)
def test_other_names(name: str) -> None:
    assert not is_public_suffix(name)
