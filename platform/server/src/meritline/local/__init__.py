"""The embedded PostgreSQL and Valkey of a checkout, and the one decision whether they are used.

`local_services(data_dir)` starts both and stops them at the end of the block; `service_urls(environ, data_dir)` does
so only for what the environment does not name. Meant for development, tests and small installations on one machine.
"""

from meritline.local.errors import LocalServiceError
from meritline.local.services import LocalServices, local_services
from meritline.local.urls import LocalUrls, service_urls

__all__ = ["LocalServiceError", "LocalServices", "LocalUrls", "local_services", "service_urls"]
