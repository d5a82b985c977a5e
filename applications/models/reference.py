"""Sectors and regions: small closed lists of the Ministry's notices."""

from django.db import models
from django.utils.translation import get_language


class BilingualName(models.Model):
    """A name in French, and in Arabic where somebody has given one."""

    name_fr = models.CharField(max_length=200)
    name_ar = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language; the French one where the Arabic is missing."""
        if get_language() == "ar" and self.name_ar:
            return self.name_ar
        return self.name_fr


class Sector(BilingualName):
    code = models.SlugField(max_length=60, primary_key=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]


class Region(BilingualName):
    code = models.CharField(max_length=2, primary_key=True)

    class Meta:
        ordering = ["code"]
