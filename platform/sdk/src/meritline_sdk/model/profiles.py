"""What a plugin may know of a company. Decides that it is a few frozen facts, and no person, record or amount."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TenantProfile:
    """A company as ``tenant_defaults`` sees it.

    ``country`` is by ISO 3166 (two letters), ``currency`` by ISO 4217, ``size`` how many employees it has today,
    ``positions`` the keys of its positions and ``languages`` the tags of its languages, both in the order of their
    text.

    >>> TenantProfile(country="CN", currency="CNY", size=12, positions=("mechanic",), languages=("zh",)).size
    12
    """

    country: str
    currency: str
    size: int
    positions: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
