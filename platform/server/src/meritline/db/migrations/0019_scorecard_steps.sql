-- How the lines of a card came to its score, or why it has none: the sum, its limits, vetoes, the one rounding.
alter table scorecard add column steps text check (steps is json array);
