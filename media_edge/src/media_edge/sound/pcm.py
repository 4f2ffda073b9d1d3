"""Samples: mono int16, 20 ms a frame, at the rate of the room (8,000 or 16,000 a second)."""

import numpy as np
import numpy.typing as npt

Pcm = npt.NDArray[np.int16]
FRAMES_A_SECOND = 50
