"""The closed lists of a dossier, in the reader's language."""

from collections.abc import Mapping

from django.db.models import Value
from django.utils.translation import get_language

from applications.enums import SectionCode, Track
from applications.forms.sections import Lists
from applications.models import Call, Cluster, Region, Sector

NEEDS_SECTORS = frozenset({SectionCode.IDENTITY})
NEEDS_REGIONS = frozenset({SectionCode.IDENTITY, SectionCode.MEMBERS})
NEEDS_CLUSTERS = frozenset({SectionCode.TRACK})


def lists_for(call: Call, code: SectionCode) -> Lists:
    """Only the lists that the section shows; a call without sectors of its own takes every sector."""
    sectors: list[Sector] = []
    if code in NEEDS_SECTORS:
        sectors = list(call.sectors.all()) or list(Sector.objects.all())
    regions = Region.objects.all() if code in NEEDS_REGIONS else ()
    clusters = Cluster.objects.only("code", "name", "name_ar") if code in NEEDS_CLUSTERS else ()
    return Lists(
        tracks=[(track.value, track.label) for track in Track if track.value in call.tracks],
        sectors=[(sector.code, sector.name) for sector in sectors],
        regions=[(region.code, region.name) for region in regions],
        clusters=[(cluster.code, cluster.display_name) for cluster in clusters],
        first_year=call.year + 1,
    )


def names_of_lists() -> Mapping[str, Mapping[str, str]]:
    """Keyword arguments of `sealed_sections`; one query."""
    columns = ("kind", "code", "name_fr", "name_ar")
    sectors = Sector.objects.order_by().annotate(kind=Value("sectors")).values_list(*columns)
    regions = Region.objects.order_by().annotate(kind=Value("regions")).values_list(*columns)
    arabic = get_language() == "ar"
    names: dict[str, dict[str, str]] = {"sectors": {}, "regions": {}}
    for kind, code, name_fr, name_ar in sectors.union(regions, all=True):
        names[kind][code] = name_ar if arabic and name_ar else name_fr
    return names
