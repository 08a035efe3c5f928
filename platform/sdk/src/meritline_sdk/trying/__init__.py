"""A plugin tried on a file of records, without any server: what ``meritline-sdk try`` reads, computes and shows.

Everything is computed by ``meritline_sdk.evaluate`` and explained by ``meritline_sdk.explain``, as the server does it;
what a server knows of a company (who was where and when, which sources delivered) is taken from the file and told.
"""
