"""Fictional clusters of the register, labelled long ago or not so long ago."""

from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import User
from applications.actions.instruction import confirm_register_fact
from applications.enums import ClusterState
from applications.models import Cluster, Label, Region, Sector, SupportPeriod
from evaluation.demonstration.content import place

SOURCE = "Fait fictif de démonstration"
DOCUMENT = "Convention fictive n° DEMO-{number:03d}, exemplaire du ministère"
FIRST_PLACE = 11  # the names of the dossiers' own clusters begin at the other end of the list
ANCIENT = "Cluster Démonstration Ancien"


@dataclass(frozen=True)
class Past:
    """When the cluster was first labelled, in years before the call, and for how long it was supported."""

    earliest: int
    latest: int
    years: int


# Most are well past eight years; the fourth is not; what is known of the third leaves the question open.
PASTS = (Past(12, 12, 3), Past(10, 10, 3), Past(9, 6, 4), Past(4, 4, 3))


def ensure_clusters(count: int, *, year: int) -> list[Cluster]:
    """The first `count` fictional clusters; facts wait for a person to confirm them."""
    return [_cluster(number, year=year) for number in range(1, count + 1)]


def names(number: int) -> tuple[str, str]:
    french, arabic = place(FIRST_PLACE + number - 1)
    return f"{ANCIENT} {french}", f"التجمع التجريبي القديم {arabic}"


def confirm_facts(cluster: Cluster, *, by: User, at: datetime) -> None:
    """The officer vouches for what nobody has confirmed yet."""
    document = DOCUMENT.format(number=int(cluster.code.rpartition("-")[2]))
    for fact in (
        *cluster.labels.filter(confirmed_at=None),
        *cluster.support_periods.filter(confirmed_at=None),
    ):
        confirm_register_fact(fact, document=document, by=by, at=at)


def _cluster(number: int, *, year: int) -> Cluster:
    """No act writes the register yet; its rows come from files, as the real ones do."""
    sectors, regions = list(Sector.objects.all()), list(Region.objects.all())
    name, name_ar = names(number)
    past = PASTS[(number - 1) % len(PASTS)]
    cluster, created = Cluster.objects.get_or_create(
        code=f"cluster-demonstration-ancien-{number}",
        defaults={
            "name": name,
            "name_ar": name_ar,
            "sector": sectors[number % len(sectors)] if sectors else None,
            "region": regions[number % len(regions)] if regions else None,
            "city": "Ville Démonstration",
            "state": ClusterState.ACTIVE,
            "source": SOURCE,
        },
    )
    if created:
        first, last = date(year - past.earliest, 3, 1), date(year - past.latest, 3, 1)
        Label.objects.create(cluster=cluster, position=1, earliest_on=first, latest_on=last, source=SOURCE)
        SupportPeriod.objects.create(
            cluster=cluster,
            position=1,
            earliest_start_on=first,
            latest_start_on=last,
            years=past.years,
            source=SOURCE,
        )
    return cluster
