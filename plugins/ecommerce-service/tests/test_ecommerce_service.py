"""E-commerce service keeps the laws of the testkit, and every golden case comes out."""

from meritline_ecommerce_service import indicator_sets
from meritline_sdk.testing import laws_for

TestEcommerceService = laws_for(indicator_sets)
