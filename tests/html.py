"""Walking in a parsed page."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib

UNSEEN = ("script", "style", "template")


def parsed(text: str) -> Element:
    """The page as a tree. Raises html5lib's ParseError at the first thing that HTML5 calls an error."""
    tree: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    return tree


def parsed_part(text: str) -> Element:
    """A piece of a page, as it will stand in a <div>."""
    tree: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(text)
    return tree


def elements(tree: Element) -> Iterator[Element]:
    """Every element; comments have no name and are left out."""
    return (element for element in tree.iter() if isinstance(element.tag, str))


def all_of(tree: Element, *names: str) -> list[Element]:
    return [element for element in elements(tree) if element.tag in names]


def with_id(tree: Element, wanted: str) -> Element | None:
    return next((element for element in elements(tree) if element.get("id") == wanted), None)


def text_of(tree: Element) -> str:
    """What can be read, white space made single. The edge of an element counts as a space, but not that of a <bdi>."""
    return " ".join("".join(_texts(tree)).split())


def _texts(element: Element) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag in UNSEEN:
        return
    if element.text:
        yield element.text
    for child in element:
        edge = "" if child.tag == "bdi" else " "
        yield edge
        yield from _texts(child)
        yield edge
        if child.tail:
            yield child.tail
