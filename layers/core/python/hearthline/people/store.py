"""People in table ``people``: ``P#<person>`` the person, ``N#<login>`` whose log-in it is. Names are sealed."""

from dataclasses import replace
from typing import Any, Final, Literal

from hearthline.people.model import Person, Role, check_password, login_form
from hearthline.people.passwords import Argon2, Hasher
from hearthline.platform.effects import Effects
from hearthline.platform.seal import Place
from hearthline.platform.store import Absent, Change, Is, Item, Key, Put, RefusedError

TABLE: Final = "people"


def person_key(person: str) -> Key:
    return Key(TABLE, f"P#{person}")


def login_key(login: str) -> Key:
    return Key(TABLE, f"N#{login_form(login)}")


def _name_place(person: str) -> Place:
    return Place(TABLE, f"P#{person}", "name")


def person_of(effects: Effects, id: str) -> Person | None:
    """The person as last written."""
    item = effects.store.get(person_key(id))
    return _read(effects, id, item) if item else None


def with_password(effects: Effects, login: str) -> tuple[Person, str] | None:
    """The person behind a log-in name and the hash kept for it; None for nobody."""
    found = effects.store.get(login_key(login))
    item = effects.store.get(person_key(str(found["person"]))) if found else None
    if found is None or item is None:
        return None
    return _read(effects, str(found["person"]), item), str(item["password"])


def add_person(
    effects: Effects,
    *,
    login: str,
    password: str,
    name: str,
    role: Role,
    lang: Literal["zh", "en"] = "zh",
    hasher: Hasher | None = None,
) -> Person:
    """A new person; for a known log-in name the person as given now, whose sessions end.

    Raises PasswordRefusedError, or RefusedError when two do it at once.
    """
    check_password(password)
    kept = (hasher or Argon2()).hash(password)
    found = effects.store.get(login_key(login))
    if found:
        return _replace(effects, str(found["person"]), login=login, kept=kept, name=name, role=role, lang=lang)
    person = Person(effects.ids.new(), login_form(login), name, role, lang)
    effects.store.write(
        Put(person_key(person.id), _item(effects, person, kept) | {"version": 1}, when=(Absent(),)),
        Put(login_key(login), {"person": person.id}, when=(Absent(),)),
    )
    return person


def keep_password(effects: Effects, person: str, before: str, after: str) -> None:
    """A better hash of the same password; whoever changed it meanwhile wins."""
    change = Change(person_key(person), set={"password": after}, add={"version": 1}, when=(Is("password", before),))
    try:
        effects.store.write(change)
    except RefusedError:
        return


def revoke_sessions(effects: Effects, person: str) -> None:
    """Every session of the person that is open now is dead from the next request on."""
    _change(effects, person, "revoked_at", effects.clock.now())


def disable(effects: Effects, person: str) -> None:
    """The person may not come back; open sessions die as in ``revoke_sessions``."""
    _change(effects, person, "active", False)


def _change(effects: Effects, person: str, name: str, value: int | bool) -> None:
    known = (Is("person", person),)
    effects.store.write(Change(person_key(person), set={name: value}, add={"version": 1}, when=known))


def _replace(effects: Effects, id: str, *, login: str, kept: str, **given: Any) -> Person:
    item = effects.store.get(person_key(id))
    if item is None:
        raise RefusedError((0,))
    person = replace(_read(effects, id, item), active=True, revoked_at=effects.clock.now(), **given)
    after = _item(effects, person, kept) | {"version": item["version"] + 1}
    effects.store.write(Put(person_key(id), after, when=(Is("version", item["version"]),)))
    return person


def _item(effects: Effects, person: Person, kept: str) -> Item:
    return {
        "person": person.id,
        "login": person.login,
        "name": effects.seal_text(person.name, _name_place(person.id)),
        "role": person.role,
        "lang": person.lang,
        "active": person.active,
        "revoked_at": person.revoked_at,
        "password": kept,
    }


def _read(effects: Effects, id: str, item: Item) -> Person:
    return Person(
        id=id,
        login=item["login"],
        name=effects.open_text(item["name"], _name_place(id)),
        role=item["role"],
        lang=item["lang"],
        active=item["active"],
        revoked_at=item["revoked_at"],
    )
