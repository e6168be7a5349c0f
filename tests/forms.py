"""The forms of a page, as a browser without script sees them: what can be filled in, and what would be sent."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from tests.html import all_of, elements, text_of

Fields = list[tuple[str, str]]
Typed = Mapping[str, str | Sequence[str]]
CHOSEN = ("radio", "checkbox")


@dataclass(frozen=True)
class Control:
    """A field, a choice or a button with a name."""

    name: str
    kind: str
    value: str
    chosen: bool
    says: str = ""


@dataclass(frozen=True)
class Form:
    """`action` is where it goes; buttons are controls too, and only the pressed one is sent."""

    action: str
    method: str
    controls: tuple[Control, ...]
    buttons: tuple[Control, ...]
    autosave: str = ""  # where a script sends what is typed, by itself
    autosave_headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def buttons_say(self) -> str:
        return " | ".join(button.says for button in self.buttons)

    def filled(self, press: str, typed: Typed) -> Fields:
        """What is sent when `press` (or the first button) is pressed after `typed` was put in by name."""
        unknown = set(typed) - {control.name for control in self.controls}
        assert not unknown, f"no field called {unknown} in the form to {self.action}"
        button = self._button(press)
        return self.typed(typed) + ([(button.name, button.value)] if button and button.name else [])

    def typed(self, typed: Typed) -> Fields:
        """What stands in the fields, before any button."""
        fields = [
            (control.name, control.value)
            for control in self.controls
            if control.name not in typed and (control.kind not in CHOSEN or control.chosen)
        ]
        for name, text in typed.items():
            fields += [(name, text)] if isinstance(text, str) else [(name, one) for one in text]
        return fields

    def _button(self, press: str) -> Control | None:
        if not press:
            return self.buttons[0] if self.buttons else None
        found = [button for button in self.buttons if press in button.says]
        assert found, f"no button says “{press}” in the form to {self.action}"
        return found[0]


def forms_in(tree: Element, path: str) -> list[Form]:
    return [_form(tree, form, path) for form in all_of(tree, "form")]


def _form(tree: Element, form: Element, path: str) -> Form:
    inside = {id(element) for element in elements(form)}
    own = [
        element
        for element in all_of(tree, "input", "textarea", "select", "button")
        if (element.get("form") == form.get("id") if element.get("form") else id(element) in inside)
    ]
    controls = [_control(element) for element in own]
    return Form(
        action=form.get("action") or path,
        method=form.get("method", "get").lower(),
        controls=tuple(one for one in controls if one.kind not in ("submit", "button") and one.name),
        buttons=tuple(one for one in controls if one.kind == "submit"),
        autosave=form.get("hx-post", ""),
        autosave_headers=json.loads(form.get("hx-headers", "{}")),
    )


def _control(element: Element) -> Control:
    name, says = element.get("name", ""), text_of(element) or element.get("aria-label", "")
    if element.tag == "button":
        return Control(name, element.get("type", "submit"), element.get("value", ""), False, says)
    if element.tag == "textarea":
        # The parser drops the one line break that a browser drops too.
        return Control(name, "textarea", "".join(element.itertext()), False)
    if element.tag == "select":
        options = all_of(element, "option")
        picked = next((one for one in options if one.get("selected") is not None), options[0])
        return Control(name, "select", picked.get("value", ""), False)
    kind = element.get("type", "text")
    value = element.get("value", "on" if kind in CHOSEN else "")
    return Control(name, kind, value, element.get("checked") is not None)
