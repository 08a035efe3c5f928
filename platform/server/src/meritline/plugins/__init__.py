"""The host of the SDK: which plugins are installed, what they bring, and what is wrong with them."""

from meritline.plugins.catalogue import Catalogue, InstalledSet, PluginReport
from meritline.plugins.host import Loaded, catalogue_of, load_catalogue, load_for

__all__ = ["Catalogue", "InstalledSet", "Loaded", "PluginReport", "catalogue_of", "load_catalogue", "load_for"]
