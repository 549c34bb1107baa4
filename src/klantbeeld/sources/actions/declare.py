"""Connecting a source, and changing its declaration."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from klantbeeld.foundation import audit, catalogue, outbox
from klantbeeld.foundation.access import Actor, require
from klantbeeld.foundation.contracts import Event
from klantbeeld.foundation.models import Brand, Company
from klantbeeld.kit.errors import Conflict, Missing, Refused
from klantbeeld.kit.labels import Label
from klantbeeld.sources.contracts import SourceRow
from klantbeeld.sources.declaration import Declaration, DeclarationError, Problem, read_declaration
from klantbeeld.sources.declaration.model import Named
from klantbeeld.sources.models import Source
from klantbeeld.sources.queries.reach import sources_in_reach, within_reach


@transaction.atomic
def declare(*, declaration: Declaration | str | dict[str, Any], actor: Actor) -> SourceRow:
    """Connect a source, or change it: a YAML or JSON text, the same as an object, or one that was read before.

    A changed declaration gets the next version; the same one again changes nothing. Company and brand are made when
    the declaration gives their names. A key bound to a company changes its sources and connects none: a code that it
    does not reach is answered like one that nobody has. Raises DeclarationError with every problem, Conflict for a
    built-in source, Missing and Refused for what such a key may not.
    """
    from klantbeeld.sources.queries.sources import get_source

    require(actor, "sources:write")
    if not isinstance(declaration, Declaration):
        declaration = read_declaration(declaration, catalogue.all_kinds())
    _check_reach(declaration, actor)
    company = _company(declaration.company)
    brand = _brand(declaration.brand, company)
    source = Source.objects.select_for_update().filter(code=declaration.code).first()
    if source is None:
        source, action = Source(code=declaration.code, declaration_version=0), "declared"
    elif source.builtin:
        raise Conflict(f"'{source.code}' is built in and is not declared.", code="sources.builtin", source=source.code)
    elif source.declaration == declaration.document and source.company_id == company.id:
        return get_source(source.code, actor=actor)
    else:
        action = "redeclared"
    source.label = declaration.label
    source.company, source.brand = company, brand
    source.owner, source.trust_rank, source.purpose = declaration.owner, declaration.trust_rank, declaration.purpose
    source.declaration = declaration.document
    source.declaration_version += 1
    source.save()
    detail = {"source": source.code, "declaration_version": source.declaration_version}
    audit.write(actor=actor, action=f"sources.{action}", subject_kind="source", subject_id=source.id, detail=detail)
    outbox.publish([Event(f"source.{action}", "source", source.id, version=source.declaration_version, payload=detail)])
    return get_source(source.code, actor=actor)


@transaction.atomic
def resume_source(*, source_code: str, actor: Actor) -> SourceRow:
    """Let a paused source import again. Raises Missing when there is no such source."""
    from klantbeeld.sources.queries.sources import get_source

    require(actor, "sources:write")
    found = within_reach(Source.objects.select_for_update(of=("self",)).filter(code=source_code), actor)
    source = found.first()
    if source is None:
        raise Missing(f"There is no source '{source_code}'.", code="sources.missing", source=source_code)
    if source.paused_at is not None:
        source.paused_at, source.paused_reason = None, ""
        source.save(update_fields=["paused_at", "paused_reason", "changed_at"])
        audit.write(actor=actor, action="sources.resumed", subject_kind="source", subject_id=source.id)
        outbox.publish([Event("source.resumed", "source", source.id)])
    return get_source(source_code, actor=actor)


def ensure_builtin_source(*, code: str, label: Label, purpose: str, trust_rank: int, actor: Actor) -> int:
    """The id of a source of our own, such as `desk`, which holds what employees establish; made when it is absent.

    It belongs to the first company of the installation. Raises Conflict when a source was declared under this code.
    """
    found = Source.objects.filter(code=code).values_list("id", "builtin").first()
    if found is not None:
        if not found[1]:
            raise Conflict(f"The code '{code}' is ours; declare that source under another.", code="sources.code_taken")
        return int(found[0])
    with transaction.atomic():
        company = Company.objects.order_by("id").first()
        if company is None:
            company, _ = Company.objects.get_or_create(code="own", defaults={"name": "klantbeeld"})
        source, is_new = Source.objects.get_or_create(
            code=code,
            defaults={
                "label": label,
                "company": company,
                "owner": "klantbeeld",
                "trust_rank": trust_rank,
                "purpose": purpose,
                "declaration": {},
                "builtin": True,
                "created_at": timezone.now(),
            },
        )
        if is_new:
            audit.write(actor=actor, action="sources.declared", subject_kind="source", subject_id=source.id)
            outbox.publish([Event("source.declared", "source", source.id, version=1)])
    return int(source.id)


def _check_reach(declaration: Declaration, actor: Actor) -> None:
    """Raise what keeps a key bound to a company from declaring this."""
    if actor.bound_to is None:
        return
    if declaration.code not in sources_in_reach(actor):
        raise Missing(f"There is no source '{declaration.code}'.", code="sources.missing", source=declaration.code)
    if not Company.objects.filter(pk=actor.bound_to, code=declaration.company.code).exists():
        raise Refused("This key declares sources of its own company only.", code="sources.company")


def _company(named: Named) -> Company:
    if named.name:
        return Company.objects.get_or_create(code=named.code, defaults={"name": named.name})[0]
    found = Company.objects.filter(code=named.code).first()
    if found is None:
        raise DeclarationError([_unknown("company", named.code)])
    return found


def _brand(named: Named | None, company: Company) -> Brand | None:
    if named is None:
        return None
    if named.name:
        return Brand.objects.get_or_create(code=named.code, defaults={"name": named.name, "company": company})[0]
    found = Brand.objects.filter(code=named.code).first()
    if found is None:
        raise DeclarationError([_unknown("brand", named.code)])
    return found


def _unknown(key: str, code: str) -> Problem:
    return Problem(
        (key,),
        Label(
            nl=f"'{code}' bestaat nog niet; geef {{code: {code}, name: ...}} om het te maken",
            en=f"there is no '{code}' yet; give {{code: {code}, name: ...}} to make it",
        ),
    )
