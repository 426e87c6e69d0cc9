"""How the demo tells what it does and what it sees."""

from uuid import uuid4

from rich.console import Console
from rich.markup import escape

from local.layout import Layout
from local.people import ApiError, Person


class Story:
    def __init__(self, layout: Layout, console: Console) -> None:
        self.layout = layout
        self._console = console
        self.tag = uuid4().hex[:6]  # new people every time

    def step(self, text: str) -> None:
        self._console.print(f"\n[bold]{escape(text)}[/]")

    def saw(self, text: str) -> None:
        self._console.print(f"  [green]✓[/] {escape(text)}")

    def person(self, name: str) -> Person:
        return Person(self.layout, f"{name}-{self.tag}@hanoi.example").sign_in()

    def expect(self, truth: bool, what: str) -> None:
        if not truth:
            raise ApiError(f"expected: {what}")
        self.saw(what)

    def indicators(self, anyone: Person) -> dict[str, int]:
        return {i["key"]: i["value"] for i in anyone.get("programme", "/v1/indicators")}
