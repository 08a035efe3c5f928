{{/* What values.schema.json cannot say. All that is wrong is named at once, each with what to do. */}}

{{- define "meritline.api.grace" -}}
{{- $needed := add (int .Values.api.drainSeconds) (int .Values.api.requestTimeoutSeconds) -}}
{{- if kindIs "invalid" .Values.api.terminationGracePeriodSeconds -}}
{{- add $needed 25 -}}
{{- else -}}
{{- int .Values.api.terminationGracePeriodSeconds -}}
{{- end -}}
{{- end }}

{{- define "meritline.checks" -}}
{{- $wrong := concat (fromJsonArray (include "meritline.checks.needed" .)) (fromJsonArray (include "meritline.checks.roles" .)) (fromJsonArray (include "meritline.checks.pods" .)) (fromJsonArray (include "meritline.checks.ingress" .)) -}}
{{- if $wrong }}
{{- fail (printf "the values cannot be used:\n  - %s" (join "\n  - " $wrong)) }}
{{- end }}
{{- end }}

{{- define "meritline.checks.needed" -}}
{{- $wrong := list -}}
{{- with .Values -}}
{{- if not .image.repository }}
{{- $wrong = append $wrong "image.repository: name the image that you built from the Dockerfile, as your registry has it" }}
{{- end }}
{{- if not .database.existingSecret }}
{{- $wrong = append $wrong (printf "database.existingSecret: name the Secret whose key %q holds the address of the database as the application role (postgresql://meritline_app:...)" .database.urlKey) }}
{{- end }}
{{- if not .redis.existingSecret }}
{{- $wrong = append $wrong (printf "redis.existingSecret: name the Secret whose key %q holds the address of Redis or Valkey (redis://...)" .redis.urlKey) }}
{{- end }}
{{- if and (ne .migration.mode "none") (not .migration.database.existingSecret) }}
{{- $wrong = append $wrong (printf "migration.database.existingSecret: name the Secret whose key %q holds the address of the database as its owner; or set migration.mode to none and run `meritline migrate` yourself" .migration.database.urlKey) }}
{{- end }}
{{- if and .plugins.image.repository (not .plugins.image.tag) (not .plugins.image.digest) }}
{{- $wrong = append $wrong "plugins.image: give its tag or digest" }}
{{- end }}
{{- end -}}
{{- toJson $wrong -}}
{{- end }}

{{- define "meritline.checks.roles" -}}
{{- $wrong := list -}}
{{- $owner := .Values.migration.database -}}
{{- if and (ne .Values.migration.mode "none") $owner.existingSecret (eq $owner.existingSecret .Values.database.existingSecret) (eq $owner.urlKey .Values.database.urlKey) }}
{{- $wrong = append $wrong (printf "migration.database and database both read the key %q of the Secret %q: the owner of the database and the application role are two roles with two addresses" $owner.urlKey $owner.existingSecret) }}
{{- end }}
{{- if and .Values.migration.serviceAccount.create (eq (include "meritline.migration.serviceAccountName" .) (include "meritline.serviceAccountName" .)) }}
{{- $wrong = append $wrong "migration.serviceAccount.name: the migration's service account is not the server's; give it another name, or set migration.serviceAccount.create to false" }}
{{- end }}
{{- $taken := list "MERITLINE_DATABASE_URL" "MERITLINE_MIGRATION_DATABASE_URL" "MERITLINE_REDIS_URL" "MERITLINE_APPLICATION_ROLE" "MERITLINE_HOST" "MERITLINE_PORT" "MERITLINE_METRICS_PORT" "MERITLINE_REQUEST_TIMEOUT_S" "MERITLINE_DRAIN_S" "MERITLINE_RUN_PROCESSES" "MERITLINE_CACHE_DIR" "MERITLINE_PLUGINS_DIR" "PYTHONPATH" "PGSSLROOTCERT" "HOME" "TMPDIR" -}}
{{- range .Values.extraEnv }}
{{- if has .name $taken }}
{{- $wrong = append $wrong (printf "extraEnv: %s is set by the chart from a value of its own" .name) }}
{{- else if hasKey $.Values.settings .name }}
{{- $wrong = append $wrong (printf "extraEnv: %s stands in settings already" .name) }}
{{- end }}
{{- end }}
{{- toJson $wrong -}}
{{- end }}

{{- define "meritline.checks.pods" -}}
{{- $wrong := list -}}
{{- $deadline := add (int .Values.api.drainSeconds) (int .Values.api.requestTimeoutSeconds) -}}
{{- if le (int (include "meritline.api.grace" .)) (int (add $deadline 12)) }}
{{- $wrong = append $wrong (printf "api.terminationGracePeriodSeconds: %s is too short: a pod that stops answers for drainSeconds + requestTimeoutSeconds = %d s and closes within 12 s; leave it null" (include "meritline.api.grace" .) $deadline) }}
{{- end }}
{{- range $name := list "api" "worker" }}
{{- $values := index $.Values $name -}}
{{- with $values.autoscaling }}
{{- if and .enabled (gt (int .minReplicas) (int .maxReplicas)) }}
{{- $wrong = append $wrong (printf "%s.autoscaling: minReplicas %d is above maxReplicas %d" $name (int .minReplicas) (int .maxReplicas)) }}
{{- end }}
{{- if and .enabled (not .targetCPUUtilizationPercentage) (not .targetMemoryUtilizationPercentage) }}
{{- $wrong = append $wrong (printf "%s.autoscaling: give targetCPUUtilizationPercentage or targetMemoryUtilizationPercentage" $name) }}
{{- end }}
{{- end }}
{{- with $values.podDisruptionBudget }}
{{- if and .enabled (eq (kindIs "invalid" .minAvailable) (kindIs "invalid" .maxUnavailable)) }}
{{- $wrong = append $wrong (printf "%s.podDisruptionBudget: give one of minAvailable and maxUnavailable, and null for the other" $name) }}
{{- end }}
{{- $fewest := ternary $values.autoscaling.minReplicas $values.replicas $values.autoscaling.enabled -}}
{{- if and .enabled (not (kindIs "invalid" .minAvailable)) (not (kindIs "string" .minAvailable)) (ge (int .minAvailable) (int $fewest)) }}
{{- $wrong = append $wrong (printf "%s.podDisruptionBudget: minAvailable %d of %d pods lets no node ever be drained" $name (int .minAvailable) (int $fewest)) }}
{{- end }}
{{- end }}
{{- end }}
{{- toJson $wrong -}}
{{- end }}

{{- define "meritline.checks.ingress" -}}
{{- $wrong := list -}}
{{- with .Values.ingress }}
{{- if and .enabled (not .hosts) }}
{{- $wrong = append $wrong "ingress.hosts: give the names under which the API is reached" }}
{{- end }}
{{- $hosts := .hosts -}}
{{- range .tls }}
{{- range .hosts }}
{{- if not (has . $hosts) }}
{{- $wrong = append $wrong (printf "ingress.tls: %s is not among ingress.hosts" .) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- toJson $wrong -}}
{{- end }}
