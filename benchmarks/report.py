"""Results as a table: a figure, its floor, the ratio, and what the ratio should reach."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    what: str
    value: float
    floor: str = ""
    floor_value: float | None = None
    goal: float | None = None  # the ratio to reach; for latencies the most that is allowed
    unit: str = "/s"

    @property
    def ratio(self) -> float | None:
        return None if self.floor_value is None else self.value / self.floor_value

    def cells(self) -> list[str]:
        if self.unit == "ms":
            reached = "" if self.goal is None else f"under {self.goal:g} ms"
            mark = "" if self.goal is None else " ✓" if self.value < self.goal else " ✗"
            return [self.what, f"{self.value:.1f} ms", "", "", "", reached + mark]
        floor = "" if self.floor_value is None else f"{self.floor_value:,.0f}{self.unit}"
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        goal = ""
        if self.goal is not None and self.ratio is not None:
            goal = f"{self.goal:g}{' ✓' if self.ratio >= self.goal else ' ✗'}"
        return [self.what, f"{self.value:,.0f}{self.unit}", self.floor, floor, ratio, goal]


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
