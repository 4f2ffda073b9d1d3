"""`make down`: ends by pid whatever `make up` started."""

from local.places import ENDPOINTS
from local.processes import end_all

if __name__ == "__main__":
    ended = end_all()
    ENDPOINTS.unlink(missing_ok=True)
    print(f"Ended {', '.join(ended)}." if ended else "Nothing was up.")
