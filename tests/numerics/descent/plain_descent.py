"""Gradient descent by loops over neurons and points, from the definitions of theory.md 1 alone: slow, and independent.

The derivative of the loss of a point in its output is written out for every loss convention of publications.
"""

import math

SLOPES = {
    # d/dh of the loss of one point; the second entry divides by the number of points.
    "half-mean": (lambda h, y: h - y, True),
    "mean": (lambda h, y: 2 * (h - y), True),
    "half-sum": (lambda h, y: h - y, False),
    "sum": (lambda h, y: 2 * (h - y), False),
    "logistic": (lambda h, y: -y / (1 + math.exp(y * h)), True),
}


def plain_descent(points, labels, neurons, step, count, convention="half-mean", leak=0.0):
    """Rows [w.., a] after `count` steps of `step` from such rows; at a preactivation of 0 the slope is the leak."""
    derivative, averaged = SLOPES[convention]
    neurons = [list(map(float, row)) for row in neurons]
    for _ in range(count):
        gradient = [[0.0] * len(row) for row in neurons]
        for x, y in zip(points, labels, strict=True):
            heights = [sum(wi * xi for wi, xi in zip(row[:-1], x, strict=True)) for row in neurons]
            h = sum(row[-1] * (z if z > 0 else leak * z) for row, z in zip(neurons, heights, strict=True))
            error = derivative(h, y) / (len(points) if averaged else 1)
            for row, slope, z in zip(neurons, gradient, heights, strict=True):
                side = 1.0 if z > 0 else leak
                for axis, xi in enumerate(x):
                    slope[axis] += error * row[-1] * side * xi
                slope[-1] += error * side * z
        neurons = [
            [value - step * change for value, change in zip(row, slope, strict=True)]
            for row, slope in zip(neurons, gradient, strict=True)
        ]
    return neurons
