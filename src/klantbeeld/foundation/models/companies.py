"""The company group of this installation."""

from __future__ import annotations

from django.db import models


class Company(models.Model):
    """A legal entity of the group: owner of sources, and controller under the GDPR."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class Brand(models.Model):
    """A name under which a company meets customers."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="brands")
    code = models.SlugField(unique=True)
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name
