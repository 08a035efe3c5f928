"""The host of the SDK: which plugins are installed, what they bring, and what is wrong with them."""

from meritline.plugins.catalogue import Catalogue, InstalledSet, PluginReport
from meritline.plugins.host import catalogue_of, load_catalogue

__all__ = ["Catalogue", "InstalledSet", "PluginReport", "catalogue_of", "load_catalogue"]
