"""The operators of a MobileNet in double precision, written for readability, not speed.

Feature maps are [channels, height, width].
"""

import numpy as np


def relu(x):
    return np.maximum(x, 0)


def relu6(x):
    return np.clip(x, 0, 6)


def hard_sigmoid(x):
    return relu6(x + 3) / 6


def hard_swish(x):
    return x * hard_sigmoid(x)


def linear(x):
    return x


def borders(size, kernel, stride, padding):
    """Outputs along one side, and the zeros before and after its `size` inputs."""
    if padding == "same":  # TensorFlow puts an odd zero at the end
        outputs = -(-size // stride)
        zeros = max((outputs - 1) * stride + kernel - size, 0)
        return outputs, zeros // 2, zeros - zeros // 2
    zeros = {"even": (kernel - 1) // 2, "valid": 0}[padding]
    return (size + 2 * zeros - kernel) // stride + 1, zeros, zeros


def padded(x, kernel, stride, padding):
    """The map with its padding, and the size of a window's output over it."""
    height, top, bottom = borders(x.shape[1], kernel, stride, padding)
    width, left, right = borders(x.shape[2], kernel, stride, padding)
    return np.pad(x, ((0, 0), (top, bottom), (left, right))), height, width


def taps_of(x, kernel, stride, height, width):
    """For each position in the window: its row, its column and its value for every output."""
    for row in range(kernel):
        for column in range(kernel):
            yield row, column, x[
                :,
                row : row + (height - 1) * stride + 1 : stride,
                column : column + (width - 1) * stride + 1 : stride,
            ]


def convolution(x, weight, bias, stride, padding):
    """`weight` is [out, in, kernel, kernel]."""
    weight = weight.astype(np.float64)
    kernel = weight.shape[2]
    x, height, width = padded(x, kernel, stride, padding)
    y = np.zeros((weight.shape[0], height, width))
    for row, column, part in taps_of(x, kernel, stride, height, width):
        y += np.einsum("oi,ihw->ohw", weight[:, :, row, column], part)
    return y + bias.astype(np.float64)[:, None, None]


def depthwise(x, weight, bias, stride, padding):
    """`weight` is [channels, 1, kernel, kernel]."""
    weight = weight.astype(np.float64)
    kernel = weight.shape[2]
    x, height, width = padded(x, kernel, stride, padding)
    y = np.zeros((weight.shape[0], height, width))
    for row, column, part in taps_of(x, kernel, stride, height, width):
        y += weight[:, 0, row, column][:, None, None] * part
    return y + bias.astype(np.float64)[:, None, None]


def max_pool_ceil(x, kernel, stride):
    """The maximum of each window; a last window that fits only partly counts.

    If `stride` is less than `kernel`, such a window always starts inside the map.
    """
    channels, height, width = x.shape
    rows = -(-(height - kernel) // stride) + 1
    columns = -(-(width - kernel) // stride) + 1
    y = np.empty((channels, rows, columns))
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            window = x[:, top : top + kernel, left : left + kernel]
            y[:, row, column] = window.max(axis=(1, 2))
    return y


def slid_windows(x, before, rows, columns, stride, fill):
    """For each of 3 x 3 positions: its value in every window; `fill` outside of the map."""
    channels, height, width = x.shape
    framed = np.full((channels, (rows - 1) * stride + 3, (columns - 1) * stride + 3), fill)
    part = x[:, : framed.shape[1] - before[0], : framed.shape[2] - before[1]]
    framed[:, before[0] :, before[1] :][:, : part.shape[1], : part.shape[2]] = part
    return np.array([
        framed[
            :, top : top + (rows - 1) * stride + 1 : stride,
            left : left + (columns - 1) * stride + 1 : stride]
        for top in range(3) for left in range(3)
    ])


def max_pool_even(x):
    """The maximum of each window of 3 x 3 with stride 2 and a border of one pixel."""
    _, height, width = x.shape
    rows, columns = (height - 1) // 2 + 1, (width - 1) // 2 + 1
    return slid_windows(x, (1, 1), rows, columns, 2, -np.inf).max(axis=0)


def average_pool_even(x):
    """The mean of each window of 3 x 3 with stride 2; the border of one zero counts."""
    _, height, width = x.shape
    rows, columns = (height - 1) // 2 + 1, (width - 1) // 2 + 1
    return slid_windows(x, (1, 1), rows, columns, 2, 0.0).mean(axis=0)


def same_windows(x, fill, stride=2, padding="same"):
    """Windows of 3 x 3, with TensorFlow's SAME padding by default."""
    rows, top, _ = borders(x.shape[1], 3, stride, padding)
    columns, left, _ = borders(x.shape[2], 3, stride, padding)
    return slid_windows(x, (top, left), rows, columns, stride, fill)


def average_pool_valid_only(x, stride, padding):
    """The mean of each window of 3 x 3; only pixels of the map count."""
    return np.nanmean(same_windows(x, np.nan, stride, padding), axis=0)


def max_pool_same(x):
    """TensorFlow's maximum of each window of 3 x 3 with stride 2."""
    return same_windows(x, -np.inf).max(axis=0)


def average_pool_same(x):
    """TensorFlow's mean of each window of 3 x 3 with stride 2; only pixels of the map count."""
    return np.nanmean(same_windows(x, np.nan), axis=0)


def global_average(x):
    return x.mean(axis=(1, 2), keepdims=True)
