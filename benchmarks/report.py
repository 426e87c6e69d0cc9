"""Results as a table: a figure, its floor, the ratio, and what the ratio should reach."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """A rate (`/s`: its ratio to the floor should reach the goal), or a time (`ms`: the goal is the
    most that its ratio to the floor may be, or, without a floor, the most milliseconds)."""

    what: str
    value: float
    floor: str = ""
    floor_value: float | None = None
    goal: float | None = None
    unit: str = "/s"

    @property
    def ratio(self) -> float | None:
        return None if self.floor_value is None else self.value / self.floor_value

    def cells(self) -> list[str]:
        floor = "" if self.floor_value is None else self._figure(self.floor_value)
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return [self.what, self._figure(self.value), self.floor, floor, ratio, self._goal()]

    def _figure(self, value: float) -> str:
        return f"{value:.1f} ms" if self.unit == "ms" else f"{value:,.0f}{self.unit}"

    def _goal(self) -> str:
        if self.goal is None:
            return ""
        if self.unit != "ms":
            return "" if self.ratio is None else self._mark("", self.ratio >= self.goal)
        if self.ratio is None:
            return self._mark("under ", self.value < self.goal, " ms")
        return self._mark("at most ", self.ratio <= self.goal)

    def _mark(self, before: str, reached: bool, after: str = "") -> str:
        return f"{before}{self.goal:g}{after} {'✓' if reached else '✗'}"


@dataclass
class Table:
    title: str
    note: str
    rows: list[Row] = field(default_factory=list)

    def add(self, row: Row) -> None:
        self.rows.append(row)

    def markdown(self) -> str:
        head = ["what", "figure", "floor", "floor's figure", "ratio", "goal"]
        lines = [head, ["---"] * len(head), *(row.cells() for row in self.rows)]
        table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
        return f"## {self.title}\n\n{self.note}\n\n{table}\n"
