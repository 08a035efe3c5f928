-- The base pay of a month, as the company's HR system has it; what a salary is put together from.
alter table employee add column base_pay numeric(20, 2) check (base_pay >= 0 and base_pay < 1e15);
