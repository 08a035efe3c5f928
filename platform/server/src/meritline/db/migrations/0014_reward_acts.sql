-- An act that is no money: what is proposed, and what exactly, in both languages.
alter table reward_line add column act text collate "C" check (act in (
  'prize', 'title', 'training', 'warning', 'change_of_position', 'promotion', 'recognition', 'conversion'));
alter table reward_line add column detail_en text check (detail_en <> '');
alter table reward_line add column detail_zh text check (detail_zh <> '');
alter table reward_line add constraint reward_line_act_is_no_money check (
  (detail_en is null) = (detail_zh is null)
  and (act is null or amount is null) -- an act is no money
  and (detail_en is null or act is not null));
