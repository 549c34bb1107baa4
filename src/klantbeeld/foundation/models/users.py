"""People who log in and machines that carry a key."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    """Creates users with a hashed password."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An employee. `roles` names rows of foundation.rules.roles, each of which carries a sentence for people."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=2, default="nl")
    roles: ArrayField[list[str], list[str]] = ArrayField(models.CharField(max_length=40), default=list)
    company = models.ForeignKey("foundation.Company", null=True, blank=True, on_delete=models.PROTECT)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False, help_text="May log in from loopback only.")
    created_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    def __str__(self) -> str:
        return self.name


class ApiKey(models.Model):
    """A machine's key: `kb_live_<key_id>_<secret>`; only the SHA-256 of the secret is kept (256 bits of entropy)."""

    key_id = models.CharField(max_length=12, unique=True)
    secret_sha256 = models.BinaryField(max_length=32)
    name = models.CharField(max_length=200)
    company = models.ForeignKey("foundation.Company", null=True, blank=True, on_delete=models.PROTECT)
    scopes: ArrayField[list[str], list[str]] = ArrayField(models.CharField(max_length=60), default=list)
    purposes: ArrayField[list[str], list[str]] = ArrayField(models.CharField(max_length=60), default=list)
    created_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_date = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
