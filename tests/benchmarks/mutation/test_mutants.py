"""Mutants are programs that differ in one place."""

import ast

from tests.benchmarks.mutation.mutants import mutants

SOURCE = '''
def scale(wave: Tensor, other: Tensor, by: float = 0.5, keep: bool = True) -> Tensor:
    """Leave me alone: 1 + 1."""
    if by <= 1:
        wave = torch.mean(wave, dim=1, keepdim=keep)
    peak = wave.abs().amax(dim=-1)
    return wave * by / peak + other
'''


def afters(operator):
    return {mutant.after for mutant in mutants(SOURCE) if mutant.operator == operator}


def test_every_mutant_is_another_program_that_compiles():
    found = mutants(SOURCE)
    sources = {mutant.source for mutant in found}
    assert len(sources) == len(found) > 30
    assert ast.unparse(ast.parse(SOURCE)) not in sources
    for mutant in found:
        compile(mutant.source, "mutant", "exec")
        assert "Leave me alone: 1 + 1." in mutant.source


def test_each_operator_does_what_it_is_called():
    assert "return wave / by / peak + other" in afters("arithmetic")
    assert "if by < 1:" in afters("comparison")
    assert "if not by <= 1:" in afters("negated condition")
    assert any("by: float=0.25" in after for after in afters("constant"))
    assert "peak = wave.abs().amax(dim=1)" in afters("dropped sign")
    assert "peak = wave.abs().amax()" in afters("dropped keyword")
    assert "peak = wave.amax(dim=-1)" in afters("dropped call")
    assert "wave = wave" in afters("dropped call")
    assert "wave = torch.sum(wave, dim=1, keepdim=keep)" in afters("sibling function")
    assert "return wave * by / peak + wave" in afters("other parameter")
    assert "wave = torch.mean(None, dim=1, keepdim=keep)" in afters("argument None")
    assert "peak = None" in afters("nothing assigned")
    assert "return None" in afters("dropped result")
    assert "" in afters("dropped statement")
