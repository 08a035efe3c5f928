"""What the demo prints of a company: leaderboard, rewards, and one line explained down to its records."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from meritline.demo.client import Client

BOARD = """
query($period: String!, $scheme: String!) {
  leaderboard(period: $period, scheme: $scheme, first: 8) {
    totalCount
    nodes { rank score grade { name } subject { code name } rewards { title amount { amount currency } } } } }
"""
CARDS = """
query($period: String!, $scheme: String!, $after: String) {
  scorecards(first: 100, after: $after, filter: { period: $period, scheme: $scheme }) {
    pageInfo { hasNextPage endCursor }
    nodes { grade { name } rewards { title amount { amount currency } } } } }
"""
LINE = """
query($period: String!, $scheme: String!, $employee: String!) {
  scorecardByKey(employeeNo: $employee, scheme: $scheme, period: $period) {
    score grade { name } rank
    lines {
      title kind weight weightedPoints reading { value sampleSize state }
      explanation(language: EN) { text numerator denominator
        records(first: 3) { totalCount nodes { source externalId } } }
      chinese: explanation(language: ZH) { text } } } }
"""


async def show_company(console: Console, client: Client, name: str, period: str, schemes: list[str]) -> None:
    """Everything the demo shows of one company."""
    console.rule(f"[bold]{name}[/bold]  {period}")
    for scheme in schemes:
        board = (await client.ask(BOARD, period=period, scheme=scheme))["leaderboard"]
        console.print(leaderboard(scheme, board))
    console.print(reward_summary(await all_cards(client, period, schemes[0])))
    await show_line(console, client, period, schemes[0])


def leaderboard(scheme: str, board: dict[str, Any]) -> Table:
    """The first places of a scheme."""
    table = Table(title=f"Leaderboard, scheme {scheme} ({board['totalCount']} ranked)", title_justify="left")
    for column in ("Rank", "No.", "Name", "Score", "Grade", "Reward"):
        table.add_column(column, justify="right" if column in ("Rank", "Score", "Reward") else "left")
    for card in board["nodes"]:
        score, grade = f"{Decimal(card['score']):.2f}", (card["grade"] or {}).get("name", "")
        table.add_row(str(card["rank"]), card["subject"]["code"], card["subject"]["name"], score, grade,
                      total(card["rewards"]))
    return table


def total(rewards: list[dict[str, Any]]) -> str:
    """The sum of a card's amounts with its currency."""
    amounts = [line["amount"] for line in rewards if line["amount"]]
    return f"{sum(Decimal(one['amount']) for one in amounts)} {amounts[0]['currency']}" if amounts else ""


async def all_cards(client: Client, period: str, scheme: str) -> list[dict[str, Any]]:
    """Every scorecard of a scheme, page by page."""
    found: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        page = (await client.ask(CARDS, period=period, scheme=scheme, after=after))["scorecards"]
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


def reward_summary(cards: list[dict[str, Any]]) -> Table:
    """What each rule pays, to how many, and together."""
    sums: dict[str, tuple[int, Decimal, str]] = defaultdict(lambda: (0, Decimal(0), ""))
    for card in cards:
        for line in card["rewards"]:
            if line["amount"] and Decimal(line["amount"]["amount"]):
                people, amount, _ = sums[line["title"]]
                paid = line["amount"]
                sums[line["title"]] = (people + 1, amount + Decimal(paid["amount"]), paid["currency"])
    table = Table(title=f"Rewards of {len(cards)} people", title_justify="left")
    for column in ("Reward", "People", "Sum"):
        table.add_column(column, justify="left" if column == "Reward" else "right")
    for title, (people, amount, currency) in sorted(sums.items()):
        table.add_row(title, str(people), f"{amount} {currency}")
    table.add_row("[bold]Together[/bold]", "", f"[bold]{sum((one[1] for one in sums.values()), Decimal(0))}[/bold]")
    return table


async def show_line(console: Console, client: Client, period: str, scheme: str) -> None:
    """The line that moved a score most, among those on the board with records behind them."""
    board = (await client.ask(BOARD, period=period, scheme=scheme))["leaderboard"]["nodes"]
    lines = []
    for place in board:
        employee = place["subject"]["code"]
        card = (await client.ask(LINE, period=period, scheme=scheme, employee=employee))["scorecardByKey"]
        lines += [(employee, line) for line in card["lines"] if line["reading"]["state"] == "MEASURED"
                  and line["explanation"]["records"] and line["explanation"]["records"]["totalCount"]]
    if lines:
        employee, line = max(lines, key=lambda one: moved(one[1]))
        console.print(explained(employee, line))


def moved(line: dict[str, Any]) -> Decimal:
    """By how many points the line leaves the score away from a perfect one without events."""
    return abs(Decimal(line["weight"] or 0) - Decimal(line["weightedPoints"] or 0))


def explained(employee: str, line: dict[str, Any]) -> Panel:
    """The line's sentence in both languages and the records behind it."""
    records = line["explanation"]["records"]
    named = ", ".join(f"{one['source']}/{one['externalId']}" for one in records["nodes"])
    return Panel(
        f"{line['explanation']['text']}\n{line['chinese']['text']}\n"
        f"[dim]Behind it: {records['totalCount']} records, the first {named}[/dim]",
        title=f"{employee}: {line['title']}", title_align="left",
    )  # fmt: skip
