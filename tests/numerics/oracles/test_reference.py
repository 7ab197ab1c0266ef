"""The reference flow against independent facts: finite differences, plain descent with tiny steps, symmetries."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from early_alignment import reference_flow
from early_alignment.numerics.oracles.reference import handwritten_pull, mean_loss, network_outputs

MIXED_X = np.array([[-1.5, 1], [-1, 1], [0, 1], [0.25, 1], [2, 1]])
MIXED_Y = np.array([0.7, -0.3, -0.3, 0.4, 0.2])


def balanced_start(seed: int, m: int, d: int, scale: float) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    w = rng.normal(size=(m, d)) * scale / np.sqrt(m)
    return np.linalg.norm(w, axis=1) * rng.choice([-1.0, 1.0], size=m), w


@pytest.mark.parametrize("loss", ["square", "logistic"])
@pytest.mark.parametrize("leak", [0.0, 0.1, 0.9])
def test_velocity_is_minus_the_gradient_of_the_handwritten_loss(loss: str, leak: float) -> None:
    a, w = balanced_start(3, 4, 2, 1.0)
    y = np.sign(MIXED_Y) if loss == "logistic" else MIXED_Y
    # Well inside every cell, so that the central difference never straddles a kink.
    assert np.min(np.abs(w @ MIXED_X.T)) > 1e-2
    h, step = 1e-6, 1e-5
    flow = reference_flow(MIXED_X, y, a, w, np.array([0.0, h, 2 * h]), loss=loss, leak=leak)
    velocity_a = (-3 * flow.a[0] + 4 * flow.a[1] - flow.a[2]) / (2 * h)
    velocity_w = (-3 * flow.w[0] + 4 * flow.w[1] - flow.w[2]) / (2 * h)
    gradient_a = np.zeros_like(a)
    for j in range(len(a)):
        e = np.eye(len(a))[j] * step
        gradient_a[j] = (mean_loss(MIXED_X, y, a + e, w, loss, leak) - mean_loss(MIXED_X, y, a - e, w, loss, leak)) / (
            2 * step
        )
    gradient_w = np.zeros_like(w)
    for index in np.ndindex(*w.shape):
        e = np.zeros_like(w)
        e[index] = step
        gradient_w[index] = (
            mean_loss(MIXED_X, y, a, w + e, loss, leak) - mean_loss(MIXED_X, y, a, w - e, loss, leak)
        ) / (2 * step)
    # Central differences: step^2 times a third derivative of order 10, plus eps/step; one-sided in time: eps/h.
    allowed = 10 * step**2 + 1e-15 / step + 4e-15 / h
    np.testing.assert_allclose(velocity_a, -gradient_a, rtol=0, atol=allowed)
    np.testing.assert_allclose(velocity_w, -gradient_w, rtol=0, atol=allowed)


@pytest.mark.parametrize("leak", [0.0, 0.1])
def test_plain_descent_tends_to_the_reference_at_first_order_with_crossings_and_sliding(leak: float) -> None:
    a0, w0 = balanced_start(0, 6, 2, 0.1)
    final = 15.0
    flow = reference_flow(MIXED_X, MIXED_Y, a0, w0, np.array([0.0, final]), leak=leak)
    kinds = {event.kind for event in flow.events if event.time <= final}
    assert "cross" in kinds
    assert "slide" in kinds or leak > 0

    def descent_error(step: float) -> float:
        a, w = a0.copy(), w0.copy()
        for _ in range(round(final / step)):
            z = w @ MIXED_X.T
            slope = np.where(z > 0, 1.0, leak)
            pull = MIXED_Y - a @ (slope * z)
            drift = (slope * pull) @ MIXED_X / len(MIXED_Y)
            a, w = a + step * np.sum(w * drift, axis=1), w + step * a[:, None] * drift
        return float(
            np.max(
                np.abs(network_outputs(MIXED_X, a, w, leak) - network_outputs(MIXED_X, flow.a[-1], flow.w[-1], leak))
            )
        )

    coarse, fine = descent_error(4e-3), descent_error(1e-3)
    # First order: a quarter of the step gives a quarter of the error, up to the chatter of one step at a kink.
    assert fine < coarse / 2.5
    assert fine < 5e-3


@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.1, 0.9]), st.sampled_from(["square", "logistic"]))
@settings(max_examples=3 * settings().max_examples // 25)
def test_the_reference_conserves_balancedness_and_dissipates_energy(seed: int, leak: float, loss: str) -> None:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(4, 3))
    y = rng.choice([-1.0, 1.0], size=4)
    a, w = balanced_start(seed, 3, 3, 0.3)
    flow = reference_flow(X, y, a, w, np.linspace(0, 8, 40), loss=loss, leak=leak)
    invariant = flow.a**2 - np.sum(flow.w**2, axis=2)
    # Global error of DOP853 at rtol 1e-12 over a few hundred steps, on weights of size at most about 5.
    np.testing.assert_allclose(invariant, np.broadcast_to(invariant[0], invariant.shape), atol=1e-9)
    losses = mean_loss(X, y, flow.a, flow.w, loss, leak)
    assert np.all(np.diff(losses) <= 1e-12)


def test_three_points_end_at_least_squares() -> None:
    X = np.array([[-0.75, 1], [-0.5, 1], [0.125, 1]])
    y = np.array([1.1, 0.1, 0.8])
    a, w = balanced_start(0, 6, 2, 0.1)
    flow = reference_flow(X, y, a, w, np.array([0.0, 400.0]))
    least_squares = X @ np.linalg.lstsq(X, y, rcond=None)[0]
    np.testing.assert_allclose(network_outputs(X, flow.a[-1], flow.w[-1]), least_squares, atol=1e-9)


def test_pull_is_the_derivative_of_the_loss() -> None:
    h = np.linspace(-3, 3, 7)
    y = np.where(h > 0.5, 1.0, -1.0)
    np.testing.assert_allclose(handwritten_pull(h, y, "square"), y - h, rtol=1e-14)
    np.testing.assert_allclose(handwritten_pull(h, y, "logistic"), y / (1 + np.exp(y * h)), rtol=1e-14)


def test_a_start_on_a_hyperplane_is_refused() -> None:
    with pytest.raises(ValueError, match="neuron 0 starts on hyperplane 0"):
        reference_flow(
            np.array([[1.0, 0.0]]), np.array([1.0]), np.array([1.0]), np.array([[0.0, 1.0]]), np.array([0.0, 1])
        )


@pytest.mark.parametrize("leak", [0.0, 0.5])
def test_copies_of_a_neuron_have_the_same_events(leak: float) -> None:
    X = np.array([[13, 13, 9], [14, -14, -3], [-5, 12, 0], [5, -5, 8]]) / 8
    y = np.array([-21, 19, 5, -9]) / 8
    w = np.array([[-19, 1, -3], [3, 7, 5]]) / 32
    a = np.array([-1.0, 1.0]) * np.linalg.norm(w, axis=1)
    times, share = np.linspace(0, 1.5, 9), 2**-0.5
    alone = reference_flow(X, y, a, w, times, leak=leak)
    split = reference_flow(X, y, share * np.tile(a, 2), share * np.tile(w, (2, 1)), times, leak=leak)
    assert len(alone.events) >= 2
    assert len(split.events) == 2 * len(alone.events)
    # Global error at rtol 1e-12 over a hundred steps; a missed event differs by more than 1e-2 here.
    np.testing.assert_allclose(split.w, share * np.tile(alone.w, (1, 2, 1)), atol=1e-9)


@pytest.mark.parametrize("angle", [-0.2, 0.2])
def test_a_neuron_moves_along_a_hyperplane_without_chattering(angle: float) -> None:
    """Orthogonal toy: D_+ lies on the first point's hyperplane, with the drift of its inactive side (theory.md 6.1)."""
    X, y = np.array([[-0.5, 1.0], [2.0, 1.0]]), np.array([-1.0, 1.0])
    target = np.array([2.0, 1.0]) / np.sqrt(5)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    w = 1e-3 * (turn @ target)[None, :]
    flow = reference_flow(X, y, np.linalg.norm(w, axis=1), w, np.array([0.0, 20.0]), frozen=True, max_events=3)
    # Both sides align with D_+: e^{-rt} with r = ||D_+|| = sqrt(5)/2, or exactly on the hyperplane.
    error = np.linalg.norm(flow.w[-1, 0] / np.linalg.norm(flow.w[-1, 0]) - target)
    assert error <= 2 * np.exp(-20 * np.sqrt(5) / 2)
    assert len(flow.events) == (1 if angle > 0 else 0)
