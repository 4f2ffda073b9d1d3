"""The company's configuration: read it, check a draft, publish it, look back, go back."""

from dataclasses import asdict, replace
from typing import Final

from chalice.app import Blueprint

from chalicelib.admin_shapes import (
    AdminConfig,
    Blocking,
    Checked,
    ConfigData,
    ConfigDraft,
    Feature,
    OldConfig,
    Restoring,
    Versions,
)
from chalicelib.problems import ProblemError
from chalicelib.reasons import FEATURES
from chalicelib.rules import Visit, on
from chalicelib.shapes import Bilingual, Publication
from hearthline.callflow.doubts import doubts
from hearthline.callflow.lines import with_caller
from hearthline.callflow.publishing import check_all, default_policy, publish
from hearthline.config import store
from hearthline.config.model import Config
from hearthline.people.store import person_of
from hearthline.platform.effects import Effects
from hearthline.routing import need, policy
from hearthline.telephony.model import e164

routes = Blueprint(__name__)
ADMINS: Final = frozenset({"admin"})
READERS: Final = frozenset({"admin", "supervisor", "manager"})
MAX_CONFIG_BYTES: Final = 150_000
"""The store keeps a version, and the one in force, as one item each of at most 400 kB."""
BOUNDS: Final = {
    "steps": policy.MAX_STEPS,
    "after_s": policy.MAX_AFTER_S,
    "weight": policy.MAX_WEIGHT,
    "ageing_s": policy.MAX_AGEING_S,
    "prior_contacts": policy.MAX_PRIOR,
    "messages": policy.MAX_CAPACITY,
    "level": need.MAX_LEVEL,
    "parts": need.MAX_PARTS,
}


@on(routes, "GET", "/api/admin/config", who=READERS, gives=AdminConfig)
def tell_config(visit: Visit) -> AdminConfig:
    """The whole configuration in force."""
    return _in_force(visit.effects)


@on(
    routes,
    "POST",
    "/api/admin/config",
    who=ADMINS,
    takes=ConfigDraft,
    gives=AdminConfig,
    status=201,
    most=MAX_CONFIG_BYTES,
)
def publish_config(visit: Visit) -> AdminConfig:
    """A draft comes into force as a new version."""
    draft = visit.body
    return _publish(visit, config_of(draft.config), draft.version, draft.note)


@on(routes, "POST", "/api/admin/config/check", who=ADMINS, takes=ConfigDraft, gives=Checked, most=MAX_CONFIG_BYTES)
def check_config(visit: Visit) -> Checked:
    """All that publishing would check, and what else should give pause; nothing changes."""
    config = config_of(visit.body.config)
    check_all(config)
    now = _known(visit.effects)
    return Checked(
        version=now.version if now else 0,
        changed=now is None or replace(config, version=now.version) != now,
        warnings=[Bilingual(zh=each.zh, en=each.en) for each in doubts(visit.effects, config, now)],
    )


@on(routes, "GET", "/api/admin/config/versions", who=READERS, gives=Versions)
def list_versions(visit: Visit) -> Versions:
    """The last versions, newest first."""
    names = dict[str, str | None]()
    found = store.publications(visit.effects)
    return Versions(versions=[told(visit.effects, each, names) for each in found])


@on(
    routes,
    "GET",
    "/api/admin/config/versions/{n}",
    who=READERS,
    gives=OldConfig,
    parts={"n": "number"},
)
def tell_version(visit: Visit, n: str) -> OldConfig:
    """One version as it was published."""
    config, about = store.version_of(visit.effects, int(n))
    return OldConfig(publication=told(visit.effects, about), config=shown(config))


@on(
    routes,
    "POST",
    "/api/admin/config/versions/{n}/restore",
    who=ADMINS,
    takes=Restoring,
    gives=AdminConfig,
    status=201,
    parts={"n": "number"},
)
def restore_version(visit: Visit, n: str) -> AdminConfig:
    """The content of an old version comes into force as a new one."""
    config, _ = store.version_of(visit.effects, int(n))
    return _publish(visit, config, visit.body.version, visit.body.note, restored=int(n))


@on(routes, "POST", "/api/admin/blocked", who=ADMINS, takes=Blocking, gives=AdminConfig, status=201)
def block_caller(visit: Visit) -> AdminConfig:
    """A caller is refused, or taken again, by the number; what is kept and shown of it is an index."""
    given = visit.body
    number = e164(given.number)
    if not number:
        raise ProblemError("field_invalid", field="number")
    config, _ = store.in_force(visit.effects)
    return _publish(visit, with_caller(visit.effects, config, number, given.what), given.version, given.note)


def config_of(data: ConfigData) -> Config:
    """The room's form of what was sent."""
    return Config.read(data.model_dump() | {"version": 0})


def shown(config: Config) -> ConfigData:
    plain = config.plain()
    # Lists are tuples inside: the strict reading is for what people send.
    return ConfigData.model_validate({name: plain[name] for name in ConfigData.model_fields}, strict=False)


def told(effects: Effects, about: store.Publication, names: dict[str, str | None] | None = None) -> Publication:
    """``names`` keeps who was looked up, for a list."""
    known = {} if names is None else names
    if about.who and about.who not in known:
        person = person_of(effects, about.who)
        known[about.who] = person.name if person else None
    return Publication(**asdict(about) | {"who": known.get(about.who)})


def _in_force(effects: Effects) -> AdminConfig:
    config, about = store.in_force(effects)
    features = [
        Feature(id=name, zh=words.zh, en=words.en, measured=name not in policy.WITHOUT_SOURCE)
        for name, words in FEATURES.items()
    ]
    return AdminConfig(
        publication=told(effects, about),
        config=shown(config),
        defaults=default_policy(),
        features=features,
        bounds=BOUNDS,
    )


def _known(effects: Effects) -> Config | None:
    try:
        return store.in_force(effects)[0]
    except store.NeverPublishedError:
        return None


def _publish(visit: Visit, config: Config, made_from: int, note: str, restored: int = 0) -> AdminConfig:
    effects = visit.effects
    try:
        publish(effects, config, made_from=made_from, actor=visit.actor, note=note, restored=restored)
    except store.StaleConfigError as error:
        raise ProblemError("stale_version", published=told(effects, error.by).model_dump()) from error
    return _in_force(effects)
