"""NASNet-A Mobile; see networks.py."""

import numpy as np

from operators import (
    average_pool_valid_only, global_average, linear, max_pool_even, max_pool_same, relu,
)

# Zoph et al. 2018, arXiv:1707.07012, 4 @ 1056: whether a cell halves, filters, repetitions.
CELLS = [
    (True, 11, 1), (True, 22, 1), (False, 44, 4), (True, 88, 1), (False, 88, 4), (True, 176, 1),
    (False, 176, 4),
]


def separables(net, x, name, filters, kernel, stride=1):
    for i in (1, 2):
        x = net.depthwise(relu(x), f"{name}.{i}.depthwise", kernel, stride if i == 1 else 1, linear)
        x = net.conv(x, f"{name}.{i}.pointwise.0", filters)
    return x


def adjust(net, p, like, filters, name):
    if p.shape[1:] != like.shape[1:]:
        p = relu(p)
        shifted = np.zeros_like(p)
        shifted[:, :-1, :-1] = p[:, 1:, 1:]
        return np.concatenate([
            net.conv(half[:, ::2, ::2], f"{name}.path_{i}", filters // 2)
            for i, half in enumerate((p, shifted), start=1)
        ])
    return net.conv(relu(p), f"{name}.conv.0", filters) if p.shape[0] != filters else p


def normal(net, h, p, name, filters):
    """Figure 4 on the left."""
    def branch(x, place, kernel):
        return separables(net, x, f"{name}.{place}", filters, kernel)

    return [
        p, branch(h, "0.left", 5) + branch(p, "0.right", 3),
        branch(p, "1.left", 5) + branch(p, "1.right", 3),
        average_pool_valid_only(h, 1, net.padding) + p, 2 * average_pool_valid_only(p, 1, net.padding),
        branch(h, "4.left", 3) + h,
    ]


def reduction(net, h, p, name, filters):
    """Figure 4 on the right."""
    def branch(x, place, kernel, stride=2):
        return separables(net, x, f"{name}.{place}", filters, kernel, stride)

    largest = max_pool_even(h) if net.padding == "even" else max_pool_same(h)
    first = branch(h, "0.left", 5) + branch(p, "0.right", 7)
    second = largest + branch(p, "1.right", 7)
    third = average_pool_valid_only(h, 2, net.padding) + branch(p, "2.right", 5)
    fourth = average_pool_valid_only(first, 1, net.padding) + second
    return [second, third, fourth, branch(first, "4.left", 3, 1) + largest]


def nasnet_mobile(net, x, width, classes):
    x = net.keep("conv0", net.conv(x, "conv0.0", 32, 3, 2, padding="valid"))
    before, number = x, 0
    for halves, filters, repetitions in CELLS:
        for _ in range(repetitions):
            name = f"cell_{number}"
            # The first cell reads the convolution twice.
            p = x if number == 0 else adjust(net, before, x, filters, f"{name}.adjust")
            h = net.conv(relu(x), f"{name}.conv_1x1.0", filters)
            parts = (reduction if halves else normal)(net, h, p, name, filters)
            before, x = x, net.keep(name, np.concatenate(parts))
            number += 1
    net.keep("output", net.conv(global_average(relu(x)), "fc", classes))
