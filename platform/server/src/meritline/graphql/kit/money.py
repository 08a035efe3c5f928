"""Money, as every amount is shown: with its currency."""

from meritline.graphql.kit.declare import Column, Object

MONEY = Object(
    name="Money",
    description="An amount of money with its currency.",
    fields=(
        Column("amount", "Decimal!", "The amount, exact to the cent."),
        Column("currency", "String!", "The currency by ISO 4217, such as CNY."),
    ),
)
