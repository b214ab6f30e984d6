"""What annotations ask for."""

from numpy import ndarray

NDArray = ndarray
