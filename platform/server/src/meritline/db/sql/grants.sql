-- What the application role may do: run at the end of every migration, after everything was taken away.
-- Nothing here may truncate, own, refer or create. What may only grow has neither update nor delete.
grant usage on schema public, app to :role;
grant execute on procedure app.tenant(uuid), app.caller(uuid, uuid, bytea),
  app.hold_company(uuid), app.hold_cycle(uuid, uuid, text) to :role;

grant select on tortoise_migrations to :role;
grant select, insert on tenant to :role;
grant select, insert, update, delete on job_ref to :role;
grant select, insert on plugin_release to :role;
grant update (differs_since, differs) on plugin_release to :role;

-- The company and its people.
grant select, insert, update on tenant_profile, department, position, employee, source, enabled_set to :role;
grant select, insert, update, delete on employment, external_code to :role;
grant select, insert, update on manifest_object to :role;

-- Definitions: heads move on, versions stay.
grant select, insert, update on indicator, scheme, reward_table to :role;
grant select, insert on definition, indicator_version, scheme_version, scheme_item, reward_table_version,
  scheme_version_definition, reward_table_version_definition to :role;
grant select, insert, update, delete on scheme_draft to :role;

-- Access and audit.
grant select, insert on api_key, audit_entry to :role;
grant update (revoked_at) on api_key to :role;
grant select, insert, update on audit_head to :role;
grant select, insert, delete on request_key to :role;

-- Jobs and records in.
grant select, insert, update on job, import_batch, coverage to :role;
grant select, insert on import_reject to :role;
grant select, insert, update, delete on touched, touched_taken, measure_state, measure_state_span, measure_state_day,
  measure_state_month, measure_state_lock to :role;

-- Appraisal: what a run found stays; the cycle points to the run that counts and its rewards follow it.
grant select, insert, update on cycle, run, rating to :role;
grant select, insert on run_scheme, run_reading, scorecard, score_line, rating_seal to :role;
-- Corrected records amend a cycle that is not locked; whose card it is and in which run never changes.
grant select, insert on run_refresh, run_reading_change to :role;
grant update (score, exact_score, grade, grade_title_en, grade_title_zh, rank, ranked, ranked_among, state, passed,
  digest, content_digest, input_digest, steps) on scorecard to :role;
grant update (kind, key, indicator_key, definition_hash, dimension, dimension_zh, title_en, title_zh, unit, direction,
  target, target_text, reading_state, reading_value, reading_exact, numerator, denominator, sample_size, raw_points,
  raw_points_exact, weight, effective_weight_exact, weighted_points, weighted_points_exact, policy, steps,
  reading_reason, entered) on score_line to :role;
grant select, insert, update, delete on reward_line to :role;
grant select on pay_statement to :role;

-- Figures that people enter: the present ones change, every version stays.
grant select, insert, update on entered_figure to :role;
grant select, insert on entered_figure_history to :role;
