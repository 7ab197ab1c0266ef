"""One expression, many printings: NumPy functions, LaTeX and plain text of the formulas in this folder."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import sympy
from sympy import Basic, Expr, Symbol
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from .vectors import Inner


@lru_cache(maxsize=512)
def to_numpy(expression: Expr, *symbols: Symbol) -> Callable[..., Any]:
    """A NumPy function of the symbols, in the order given; its arguments broadcast (a constant stays a number).

    Raises ValueError when the expression has a free symbol that is not listed.
    """
    missing = sorted(symbol.name for symbol in expression.free_symbols - set(symbols))
    if missing:
        raise ValueError(f"the expression also depends on {', '.join(missing)}; list every free symbol")
    return sympy.lambdify(symbols, expression, modules="numpy", cse=True)


def to_latex(expression: Basic) -> str:
    """The expression in LaTeX, logarithms written as log and derivatives in time as primes."""
    return str(_PaperLatex({"ln_notation": False}).doprint(_with_short_indices(expression)))


def to_text(expression: Basic) -> str:
    """The expression on one line of plain text, as a theorist would type it: a_j' = <w_j,D>, e^(2 D t), sum_k."""
    printed = _PaperText({"order": "none"} if isinstance(expression, Expr) else {}).doprint(
        _with_short_indices(expression)
    )
    return str(printed).replace("**", "^").replace("*", " ")


def _with_short_indices(expression: Basic) -> Basic:
    """The indices k_1, k_2, j_1, .. of a normal form as single letters that are not taken."""
    symbols = sorted(expression.atoms(Symbol), key=lambda symbol: str(symbol.name))
    taken = {symbol.name for symbol in symbols}
    shorter: dict[Basic, Basic] = {}
    for symbol in symbols:
        letter, _, number = symbol.name.partition("_")
        if letter in _LETTERS and number.isdigit() and symbol.is_integer:
            free = next((name for name in _LETTERS[letter] if name not in taken), symbol.name)
            taken.add(free)
            shorter[symbol] = Symbol(free, **symbol.assumptions0)
    return expression.xreplace(shorter)


_LETTERS = {"k": "klpq", "j": "jio"}


class _PaperText(StrPrinter):
    """SymPy's text printer with the conventions of a paper; `to_text` turns its stars into spaces and carets."""

    printmethod = "_paper_text"  # so that SymPy's own `_sympystr` of an entry or a product does not come first

    def _print_Inner(self, product: Any) -> str:
        first, second = (self._print(generator) for generator in product.args)
        return f"||{first}||^2" if first == second else f"<{first},{second}>"

    def _print_Relational(self, relation: Any) -> str:
        sides = (self._print(side) for side in relation.args)
        return f" {_SIGNS.get(relation.rel_op, relation.rel_op)} ".join(sides)

    def _print_Indexed(self, entry: Any) -> str:
        indices = [self._print(index) for index in entry.indices]
        return f"{self._print(entry.base.label)}_{('' if all(map(str.isalnum, indices)) else ',').join(indices)}"

    def _print_Sum(self, total: Any) -> str:
        indices = ",".join(self._print(limit[0]) for limit in total.limits)
        return f"sum_{indices}({self._print(total.function)})"

    def _print_Limit(self, limit: Any) -> str:
        body, variable, point, _ = limit.args
        return f"lim_({self._print(variable)} -> {self._print(point)}) {self.parenthesize(body, PRECEDENCE['Mul'])}"

    def _print_Derivative(self, rate: Any) -> str:
        body = self._print(rate.expr)
        return f"{body}'" if body.isidentifier() else f"({body})'"

    def _print_Pow(self, power: Any, rational: bool = False) -> str:
        if power.base is sympy.E:
            return f"e^({self._print(power.exp)})"
        if isinstance(power.base, Inner) and power.base.args[0] == power.base.args[1] and abs(power.exp) == _HALF:
            norm = f"||{self._print(power.base.args[0])}||"
            return norm if power.exp > 0 else f"1/{norm}"
        return str(super()._print_Pow(power, rational))

    def _print_exp(self, power: Any) -> str:
        return f"e^({self._print(power.args[0])})"

    def _print_Abs(self, value: Any) -> str:
        return f"|{self._print(value.args[0])}|"

    def _print_atanh(self, value: Any) -> str:
        return f"artanh({self._print(value.args[0])})"

    def _print_Transpose(self, matrix: Any) -> str:
        return f"{self.parenthesize(matrix.arg, PRECEDENCE['Pow'])}^T"

    def _print_Loss(self, value: Any) -> str:
        return f"l({', '.join(map(self._print, value.args))})"

    def _print_Pull(self, value: Any) -> str:
        return f"p({', '.join(map(self._print, value.args))})"

    def _print_Curvature(self, value: Any) -> str:
        return f"l''({', '.join(map(self._print, value.args))})"


_SIGNS = {"==": "="}
_HALF = sympy.S.Half


_NAMES = {
    "#{t > 0 : <w(t), x> = 0}": r"\#\{t > 0 : \langle w(t), x\rangle = 0\}",
    "2 E <w(t), x>": r"2 E \langle w(t), x\rangle",
    "<D_A,x_l>": r"\langle D_A, x_l\rangle",
    "<S_+, x_k>": r"\langle S_+, x_k\rangle",
    "<S_-, x_k>": r"\langle S_-, x_k\rangle",
    "<omega_i,omega_j>": r"\langle \omega_i, \omega_j\rangle",
    "D_bar": r"\bar D",
    "D_x": r"\langle \hat{D}, x\rangle",
    "Delta_rate": r"\Delta'",
    "Delta_rate_+": r"\Delta_+'",
    "Delta_rate_-": r"\Delta_-'",
    "L_saddle": r"L_{\mathrm{saddle}}",
    "S(t)": "S(t)",
    "S(tau)": r"S(\tau)",
    "T_A": "T_A",
    "a_signed": r"\operatorname{sign}(a(0))\, a",
    "apart": r"\max_{i,j} \|\omega_i - \omega_j\|",
    "beta_norm": r"\|\beta^*\|",
    "beta_norm_+": r"\|\beta_+^*\|",
    "beta_norm_-": r"\|\beta_-^*\|",
    "descent_gap": r"\|\theta_k - \theta(kH)\|",
    "deviation": r"\sup_{v \in \mathfrak{D}(w, \theta)} \operatorname{dist}(v, \mathfrak{D}(w, 0))",
    "energy": "L(0) - L",
    "eta(t)": r"\eta(t)",
    "fall_rate": r"\tfrac1{|a|}\langle w, x_l\rangle'",
    "gain_rate": r"\langle \omega, x_l\rangle'",
    "gamma_rate": r"\gamma'",
    "gap": r"|L - L_{\mathrm{lin}}(\beta_P)|",
    "growth_rate": r"|(\log|a|)'|",
    "inflated": r"S_0^\top H S_0 - 2 \langle b, S_0\rangle",
    "inside": r"\langle \omega, v_i\rangle",
    "length": r"\int_t^\infty \|\omega_j'\|",
    "length_+": r"\max_{a_j > 0} \int_t^\infty \|\omega_j'\|",
    "length_-": r"\max_{a_j < 0} \int_t^\infty \|\omega_j'\|",
    "log_growth": r"\max_j \left|\log\frac{|a_j(\tau)|}{|a_j(0)|}\right|",
    "log_rate": r"(\log|a|)'",
    "log_ratio": r"\max_{i,j} \left|\log\tfrac{a_i}{a_j}\right|",
    "log|a|": r"\log|a|",
    "loss_rate": "L'",
    "off_k": "|p_k - r_k|",
    "omega_perp": r"\frac{\|\omega_{\perp}\|}{\|\omega_{\perp 0}\|}",
    "path": r"\int \|D\|",
    "perp_t": r"\frac{\|\omega_{\perp t}\|}{\|\omega_{\perp 0}\|}",
    "push": r"\langle D, v\rangle",
    "ratio_rate": r"(\log a_i - \log a_j)'",
    "rise_2": r"\tfrac1{|a|}\langle w, x_2\rangle'",
    "rise_l": r"\tfrac1{|a|}\langle w, x_l\rangle'",
    "size_rate": "|a|'",
    "slope": r"\eta",
    "speed": r"\max_j \|\omega_j'\|",
    "speed_+": r"\max_{a_j > 0} \|\omega_j'\|",
    "speed_-": r"\max_{a_j < 0} \|\omega_j'\|",
    "u_entry": r"u_{\mathrm{in}}",
    "u_rate": "u'",
    "w_along": r"\langle w_0, \hat{D}\rangle",
    "w_x": r"\langle w_0, x\rangle",
    "xi_rate": r"\xi'",
    "||z_kl||": r"\|z_{k,l}\|",
    "|sum_k nu_k sigma(<w, x_k>)|": r"\left|\sum_k \nu_k \sigma(\langle w, x_k\rangle)\right|",
}
"""How symbols and functions read whose names are words of plain text."""
_SUBSCRIPTS = {"max": r"\max", "min": r"\min", "star": "*"}


class _PaperLatex(LatexPrinter):
    """SymPy's LaTeX printer with derivatives in time as primes, artanh spelled so, and norms between bars."""

    def _print_Symbol(self, symbol: Any, style: str = "plain") -> str:
        return self._name(symbol.name) or str(super()._print_Symbol(symbol, style=style))

    def _hprint_Function(self, func: str) -> str:
        return self._name(func) or str(super()._hprint_Function(func))

    def _name(self, name: str) -> str:
        """The LaTeX of a name that SymPy would set as a product of letters; empty for any other name."""
        stem, _, subscript = name.partition("_")
        if name in _NAMES:
            return _NAMES[name]
        if norm := re.fullmatch(r"\|\|(\w+)([+-]?)('?)\|\|(\^2)?", name):
            letter, side, prime, square = norm.groups(default="")
            index = f"_{side}" if side else ""
            return rf"\|{self._print(Symbol(letter))}{index}{prime}\|{square}"
        if subscript in _SUBSCRIPTS:
            return f"{self._print(Symbol(stem))}_{{{_SUBSCRIPTS[subscript]}}}"
        return ""

    def _print_Pow(self, expr: Any) -> str:
        if isinstance(expr.base, Inner) and expr.base.args[0] == expr.base.args[1] and expr.exp == _HALF:
            return rf"\|{self._print(expr.base.args[0])}\|"
        return str(super()._print_Pow(expr))

    def _print_Derivative(self, rate: Any) -> str:
        body = self._print(rate.expr)
        return f"{body}'" if rate.expr.is_Atom and str(rate.expr) not in _NAMES else rf"\left({body}\right)'"

    def _print_atanh(self, value: Any, exp: str | None = None) -> str:
        body = rf"\operatorname{{artanh}}\left({self._print(value.args[0])}\right)"
        return body if exp is None else rf"{body}^{{{exp}}}"
