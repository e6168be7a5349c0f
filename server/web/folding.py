"""What is the same for everybody is worked out when a template is compiled: texts, icons, fixed addresses.

`{{ _('Help') }}`, `{{ icon('moon') }}` and `{{ url_for('help.hide') }}` become plain text in the compiled page. On a
phone's first page of the day that is two hundred calls fewer (docs/bench.md). Indentation is left out as well.
"""

import re
from typing import Any

from flask.templating import Environment
from jinja2 import nodes
from jinja2.visitor import NodeTransformer

PURE = ("_", "icon", "window", "asset", "url_for")
_INDENT = re.compile(r"\n\s+")


class FoldingEnvironment(Environment):
    """Flask's environment that folds calls of PURE functions whose arguments are all constants."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        template: nodes.Template = _Fold(self).visit(super()._parse(source, name, filename))
        return template


class _Fold(NodeTransformer):
    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def visit_TemplateData(self, node: nodes.TemplateData) -> nodes.Node:  # noqa: N802
        return nodes.TemplateData(_INDENT.sub("\n", node.data))

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - Jinja's name for it
        self.generic_visit(node)
        plain = isinstance(node.node, nodes.Name) and node.node.name in PURE
        constant = all(isinstance(one, nodes.Const) for one in node.args)
        if not plain or not constant or node.kwargs or node.dyn_args or node.dyn_kwargs:
            return node
        function: Any = self._environment.globals[node.node.name]  # type: ignore[attr-defined]
        arguments = [one.value for one in node.args]  # type: ignore[attr-defined]
        text = function(*arguments)
        if "%(" in text:
            return node
        return nodes.MarkSafe(nodes.Const(str(text))) if hasattr(text, "__html__") else nodes.Const(text)
