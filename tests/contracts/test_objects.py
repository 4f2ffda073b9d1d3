"""What every implementation of the bucket promises."""

from hearthline.platform.objects import Objects


def test_bytes_come_out_as_they_went_in(objects: Objects, pk: str) -> None:
    blob = bytes(range(256)) * 40
    objects.put(f"recordings/{pk}/a.wav.sealed", blob)
    assert objects.get(f"recordings/{pk}/a.wav.sealed") == blob


def test_the_same_name_again_replaces_what_was_kept(objects: Objects, pk: str) -> None:
    objects.put(f"recordings/{pk}/a.wav.sealed", b"first")
    objects.put(f"recordings/{pk}/a.wav.sealed", b"second")
    assert objects.get(f"recordings/{pk}/a.wav.sealed") == b"second"


def test_what_nobody_kept_is_not_there(objects: Objects, pk: str) -> None:
    assert objects.get(f"recordings/{pk}/nothing") is None
